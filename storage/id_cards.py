"""Numbers of ID cards, as people write them and as they are shown."""

import re
import unicodedata


def read(typed: str) -> str | None:
    """Upper case, western digits, no spaces or signs; none if it cannot be the number of a card."""
    western = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in typed)
    number = re.sub(r"[\W_]", "", western).upper()
    is_one = 4 <= len(number) <= 15 and number.isascii() and any(letter.isdigit() for letter in number)
    return number if is_one else None


def masked(cin: str) -> str:
    """The first letter and the last two digits: I••••56."""
    return f"{cin[0]}••••{cin[-2:]}"
