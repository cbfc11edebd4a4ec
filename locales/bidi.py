"""Direction: isolates around inserted values, marks at the start of lines, none of them from input."""

import re

RIGHT_TO_LEFT_MARK, LEFT_TO_RIGHT_MARK = "\u200f", "\u200e"
FIRST_STRONG, LEFT_TO_RIGHT, END = "\u2068", "\u2066", "\u2069"

_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Everything else that is not text: C0 and C1 controls but the newline, and what SQL text cannot hold.
_NOT_TEXT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufff9-\ufffb\ufeff\ud800-\udfff]")
_ARABIC_NAME = re.compile("\u2068[\u0590-\u08ff]")
# A line that opens with a name in Arabic and goes on after it: a browser takes its direction from that name.
_TURNED = re.compile(r"^(?!\u200f)(?=(?:</?b>|\d|[^\w\n])*\u2068[\u0590-\u08ff][^\u2069\n]*\u2069.*\w)", re.MULTILINE)


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


def mark_turned_lines(text: str) -> str:
    """The lines of a left-to-right text that their first word would turn around, started as what they are."""
    return _TURNED.sub(LEFT_TO_RIGHT_MARK, text) if _ARABIC_NAME.search(text) else text
