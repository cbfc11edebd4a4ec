"""The commune itself in its file: names, quarters, what it decides for itself."""

from pydantic import Field

from bot.commune_file.fields import Briefs, Line, Lines, Part, Slug, Yes, right


class Quarter(Part):
    """A neighbourhood."""

    id: Slug
    name: Briefs


class Commune(Part):
    """What the commune decides for itself."""

    id: Slug
    name: Lines
    receipt_prefix: str = right("two to four capital letters, such as BM", pattern=r"^[A-Z]{2,4}$")
    keep_cin: Yes = False
    turnout_only: Yes = True
    keep_months: int = Field(12, ge=1, le=120, description="a whole number of months, 1 to 120")
    contact: Line
    phone: str = Field("", pattern=r"^(\+?[0-9 ]{4,20})?$", description='a number in quotes, such as "+212500000000"')
    cndp: Line
