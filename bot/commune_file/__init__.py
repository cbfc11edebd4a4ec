"""A commune's file, read and checked: all its faults at once, each with its line and what would be right.

A noun more is a module here (its keys, and `check` where entries must fit one another) and two lines below.
"""

from datetime import datetime
from pathlib import Path

from pydantic import Field

from bot.commune_file import bodies, budgets, calls, consultations, fields, opinions, petitions, surveys, workshops
from bot.commune_file.bodies import Body
from bot.commune_file.budgets import Budget
from bot.commune_file.calls import Call
from bot.commune_file.commune import Commune, Quarter
from bot.commune_file.consultations import Consultation
from bot.commune_file.opinions import Opinion
from bot.commune_file.petitions import Petition
from bot.commune_file.surveys import Survey
from bot.commune_file.workshops import Workshop
from bot.yaml_lines import BadFile, Tree, parse, text_of, validated
from storage.loading import Contents, Entry

__all__ = ["BadFile", "CommuneFile", "read"]


class CommuneFile(fields.Part):
    """All that a commune's file holds."""

    commune: Commune = fields.right("the commune: id, name, receipt_prefix, contact, cndp")
    quarters: list[Quarter] = Field([], description="a list of quarters")
    petitions: list[Petition] = Field([], description="a list of petitions")
    budgets: list[Budget] = Field([], description="a list of budgets")
    consultations: list[Consultation] = Field([], description="a list of consultations")
    surveys: list[Survey] = Field([], description="a list of surveys")
    opinions: list[Opinion] = Field([], description="a list of opinions")
    bodies: list[Body] = Field([], description="a list of bodies")
    calls: list[Call] = Field([], description="a list of calls for projects")
    workshops: list[Workshop] = Field([], description="a list of workshops")

    @property
    def contents(self) -> Contents:
        """What is loaded."""
        commune = fields.entry(self.commune)
        name = commune.values.pop("name")
        settings = {key: value for key, value in commune.values.items() if value is not None}
        accounts = settings.pop("accounts", None)
        if keep := settings.pop("keep", None):
            settings["keep"] = keep.model_dump(exclude_none=True)
        if accounts:
            settings["accounts"] = accounts.model_dump(exclude_none=True)
        quarters = [quarter.model_dump(exclude_none=True) for quarter in self.quarters]
        kept = Entry(commune.slug, {"name": name, "settings": {**settings, "quarters": quarters}})
        nouns = {
            "petitions": tuple(petitions.as_entry(each, self.commune.sessions) for each in self.petitions),
            "budgets": tuple(map(budgets.as_entry, self.budgets)),
            "consultations": tuple(map(consultations.as_entry, self.consultations)),
            "surveys": tuple(surveys.as_entry(each) for each in self.surveys),
            "opinions": tuple(opinions.as_entry(each) for each in self.opinions),
            "bodies": tuple(bodies.as_entry(each) for each in self.bodies),
            "calls": tuple(calls.as_entry(each) for each in self.calls),
            "workshops": tuple(workshops.as_entry(each) for each in self.workshops),
        }
        return Contents(kept, nouns)


_CHECKS = (
    budgets.check,
    petitions.check,
    consultations.check,
    surveys.check,
    bodies.check,
    calls.check,
    workshops.check,
)


def read(path: Path, now: datetime) -> CommuneFile:
    """The commune's file, its relative dates counted from now; raises BadFile."""
    tree = parse(text_of(path))
    found = validated(tree, CommuneFile, {"now": now})
    _check_across(tree)
    if found is None or tree.faults:
        raise BadFile(tree.report(path))
    return found


def _check_across(tree: Tree) -> None:
    for key, known in CommuneFile.model_fields.items():
        if known.annotation is not Commune:
            fields.check_ids(tree, (key,), fields.entries(tree.value, key))
    places = [quarter.get("id") for _, quarter in fields.entries(tree.value, "quarters")]
    for check in _CHECKS:
        check(tree, places)
