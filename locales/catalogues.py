"""The catalogues: plain English in the code; Darija, French and standard Arabic read from .po files at start."""

import gettext
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from babel.messages.pofile import read_po

from locales.bidi import mark_lines, mark_turned_lines, strip_isolates
from locales.values import Value, show

NAMES = {"ary": "الدارجة", "fr": "Français", "ar": "العربية"}  # a language is named in itself
LANGUAGES = tuple(NAMES)
RIGHT_TO_LEFT = frozenset({"ary", "ar"})
# Babel has no `ary`; numbers and dates in Morocco are written alike in Darija and standard Arabic.
FORMATS = {"ary": "ar_MA", "ar": "ar_MA", "fr": "fr_MA"}
# In which language a text of the commune is read: one in Darija is nearer to who reads standard Arabic than French is.
_NEAREST = {"ary": ("ary", "ar", "fr"), "ar": ("ar", "ary", "fr"), "fr": ("fr", "ar", "ary")}


@dataclass(frozen=True, slots=True)
class Plural:
    """A text whose form depends on the value called `count`."""

    one: str
    many: str


Text = str | Plural


def _(text: str) -> str:
    """Mark a text for translation; it is translated when it is said."""
    return text


def n_(one: str, many: str) -> Plural:
    """Mark a text that counts."""
    return Plural(one, many)


def paper_(text: str) -> str:
    """Mark a text that stands on paper: these have catalogues of their own, in standard Arabic and French."""
    return text


class Texts:
    """All texts in one language."""

    def __init__(self, language: str, entries: Mapping[str, str | tuple[str, ...]], form: Callable[[int], int]):
        self.language, self.format = language, FORMATS[language]
        self.direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
        self._entries, self._form = entries, form

    def __call__(self, text: Text, **values: Value) -> str:
        """The text in this language with its values put in, ready to be sent."""
        template = self._template(text, values)
        shown = {name: show(value, self.format) for name, value in values.items()}
        return template.format_map(shown) if shown else template.replace("{{", "{").replace("}}", "}")

    def plain(self, text: Text, **values: Value) -> str:
        """The text for paper and files: no markup to escape, no marks of direction."""
        return strip_isolates(unescape(self(text, **values)))

    def local(self, text: Mapping[str, str]) -> str:
        """A text that a commune wrote itself, in this language or the nearest there is."""
        nearest = (text[code] for code in _NEAREST[self.language] if text.get(code))
        return next(nearest, next(iter(text.values()), ""))

    def listed(self, each: Iterable[str]) -> str:
        """One after the other, with the comma of the language."""
        return ("، " if self.direction == "rtl" else ", ").join(each)

    def lines(self, text: str) -> str:
        """A whole message, each line in the direction of the language."""
        return mark_lines(text) if self.direction == "rtl" else mark_turned_lines(text)

    def _template(self, text: Text, values: Mapping[str, Value]) -> str:
        if isinstance(text, str):
            entry = self._entries.get(text) or text
            return entry if isinstance(entry, str) else entry[0]
        count = int(values["count"])  # type: ignore[arg-type]  # a text that counts is given a number
        forms = self._entries.get(text.one)
        if not isinstance(forms, tuple) or not all(forms):
            return text.one if count == 1 else text.many
        return forms[self._form(count)]


def texts(language: str) -> Texts:
    """What is said in a language; French for one that is not spoken here."""
    return _read(language if language in LANGUAGES else "fr", "messages")


def papers(language: str) -> Texts:
    """What stands on paper: in standard Arabic for who speaks Darija."""
    return _read("ar" if language in RIGHT_TO_LEFT else "fr", "papers")


@cache
def _read(language: str, domain: str) -> Texts:
    """A catalogue, read once."""
    path = Path(__file__).parent / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=FORMATS[language])
    entries: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, str):
            entries[message.id] = str(message.string)
        else:
            entries[message.id[0]] = tuple(message.string or ())
    return Texts(language, entries, gettext.c2py(catalogue.plural_expr))
