"""Direction: isolates around inserted values, marks at the start of lines, none of them from input."""

import re

RIGHT_TO_LEFT_MARK = "\u200f"
FIRST_STRONG, LEFT_TO_RIGHT, END = "\u2068", "\u2066", "\u2069"

_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Everything else that is not text: C0 and C1 controls but the newline, and what SQL text cannot hold.
_NOT_TEXT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufff9-\ufffb\ufeff\ud800-\udfff]")


def clean(typed: str) -> str:
    """What a person typed, without controls: nobody may turn the text around them.

    A tab or a carriage return becomes a space.  See Unicode TR 36, section 2.7 (bidi spoofing).
    """
    return _NOT_TEXT.sub("", _CONTROLS.sub("", re.sub("[\t\r]", " ", typed))).strip()


def isolate(shown: str) -> str:
    """A name or a title, in its own direction."""
    return f"{FIRST_STRONG}{shown}{END}"


def isolate_code(shown: str) -> str:
    """A code, an amount, a number with signs: always left to right."""
    return f"{LEFT_TO_RIGHT}{shown}{END}"


def strip_isolates(shown: str) -> str:
    """For button labels, which carry none."""
    return _CONTROLS.sub("", shown)


def mark_lines(text: str) -> str:
    """Each line of a right-to-left text, started as such whatever its first word is."""
    mark = RIGHT_TO_LEFT_MARK
    return "\n".join(f"{mark}{line.removeprefix(mark)}" if line else line for line in text.split("\n"))
