"""The catalogues: complete, true to the code, with the same placeholders and plural forms that work."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.render import WHATSAPP
from locales import LANGUAGES, texts
from locales.bidi import strip_isolates
from locales.values import Code, Day
from locales.words import meaning, normalise

ROOT = Path(__file__).parent.parent
KEYWORDS = {"_": None, "n_": (1, 2)}
SAID = {
    "say",
    "picture",
    "document",
    "t",
    "do",
}  # what is said, or stands on a line; all else that looks so is a button
LONGEST_SENTENCE, LONGEST_MESSAGE = 12, 5


def said_by_the_code() -> set[str]:
    found = set()
    for folder in ("bot", "flows", "locales", "reports"):
        for _file, _line, message, *_rest in extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=KEYWORDS):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


def is_short(text: str) -> bool:
    return text[0].isupper() and text[-1].isalnum() and not {"\n", "{"} & set(text)


def buttons() -> Iterator[tuple[str, int]]:
    """What stands on a button, and how long it may be there; the names of the flows stand in a list."""
    for path in sorted((ROOT / "flows").glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        given_to = {
            id(given): getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls for given in call.args
        }
        for call in calls:
            if getattr(call.func, "id", "") == "_" and (user := given_to.get(id(call))) not in SAID:
                text = ast.literal_eval(call.args[0])
                if is_short(text):
                    yield text, WHATSAPP.row if user == "flow" else WHATSAPP.label


def sentences(text: str) -> list[str]:
    """What stands between full stops; a colon opens a sentence of its own, and so does a semicolon."""
    return re.split(r"[.?!؟:;؛]\s|\n", text.replace("\u00a0", ""))


def catalogue(language):
    with (ROOT / "locales" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return [message for message in read_po(file) if message.id]


def first(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, *_rest in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing_and_none_is_left_over(language):
    assert {first(message) for message in catalogue(language)} == said_by_the_code()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_and_none_is_fuzzy(language):
    for message in catalogue(language):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms), first(message)
        assert not message.fuzzy, first(message)


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_catalogue_of_the_papers_is_complete_and_true_to_the_code(language):
    with (ROOT / "locales" / language / "LC_MESSAGES" / "papers.po").open("rb") as file:
        known = {message.id: message for message in read_po(file) if message.id}
    said = set()
    for _file, _line, message, *_rest in extract_from_dir(
        ROOT / "reports", [("**.py", "python")], keywords={"paper_": None}
    ):
        said.add(message)
    assert set(known) == said
    for id, message in known.items():
        assert message.string, id
        assert not message.fuzzy, id
        assert placeholders(message.string) == placeholders(id), id


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_markup_are_those_of_the_code(language):
    for message in catalogue(language):
        wanted = placeholders(first(message))
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        for form in forms:
            # "one" and "two" may be words, without their figure.
            assert placeholders(form) | {"count"} == wanted | {"count"}, form
            assert re.findall("<[^>]+>", form) == re.findall("<[^>]+>", first(message)), form
        if isinstance(message.id, str):
            assert placeholders(message.string) == wanted, message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_hold_no_direction_marks_of_their_own(language):
    for message in catalogue(language):
        for form in message.string if isinstance(message.string, tuple) else (message.string,):
            assert form == strip_isolates(form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_fit_whatsapp(language):
    found = dict(buttons())
    assert {"I agree", "Not now", "Back to the list", "Correct: name", "Withdraw"} <= set(found)
    assert [label for label, room in found.items() if len(texts(language)(label)) > room] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_and_messages_are_short(language):
    for message in catalogue(language):
        for form in message.string if isinstance(message.string, tuple) else (message.string,):
            assert len(form.split("\n")) - form.count("\n\n") <= LONGEST_MESSAGE, form
            for sentence in sentences(form):
                words = [word for word in sentence.split() if re.search(r"\w", word)]
                assert len(words) <= LONGEST_SENTENCE or sentence.count(",") + sentence.count("،") > 2, (
                    sentence
                )  # a list


def test_french_keeps_its_spaces_before_and_inside_the_marks():
    for message in catalogue("fr"):
        for form in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not re.search(r" [:;?!»%]|« |[a-zà-ÿ)][;?!]", form), form


def test_darija_is_written_in_the_style_of_the_house():
    for message in catalogue("ary"):
        for form in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not re.search(
                r"[,;?\u0640\u064b-\u0652]| [،؟؛:]|\bحتى حد\b|كي?تسنا\b|\bنعام\b|\bإيي?ه\b|حتى ل ", form
            ), form


@pytest.mark.parametrize("language", ["ary", "ar"])
def test_arabic_counts_in_six_ways(language):
    from flows.questions import n_

    own = texts(language)
    text = n_("Choose at least {count} of them.", "Choose at least {count} of them.")
    said = {strip_isolates(own(text, count=count)).replace(str(count), "#") for count in (1, 2, 3, 15, 100)}
    assert len(said) >= 3
    assert "15" in own(text, count=15)
    assert "100" in own(text, count=100)


@pytest.mark.parametrize("language", ["ary", "ar"])
def test_an_arabic_line_begins_as_such_and_codes_stand_left_to_right(language):
    own = texts(language)
    said = own.lines(own("Write the number of your receipt, like {example}.", example=Code("BM-7F3K-92XQ")))
    assert said.startswith("\u200f")
    assert "\u2066BM-7F3K-92XQ\u2069" in said


@pytest.mark.parametrize("language", ["ary", "ar"])
def test_figures_and_dates_stand_in_their_place_from_the_right(language):
    own = texts(language)
    counted = own.lines(own("Signed: {signed} of the {threshold} that the law asks for.", signed=1057, threshold=1200))
    assert "\u20661.057\u2069" in counted
    assert counted.index("1.057") < counted.index("1.200")
    dated = own.lines(own("Support can be declared until {day}.", day=Day(date(2026, 8, 24))))
    assert "\u206824 غشت 2026\u2069" in dated
    assert {line[0] for line in (counted, dated)} == {"\u200f"}


@pytest.mark.parametrize(
    ("handbook", "language", "heads"),
    [("staff.fr.md", "fr", ("Bouton", "Raison")), ("staff.ar.md", "ary", ("الزر", "السبب"))],
)
def test_the_handbooks_name_buttons_and_reasons_as_they_are(handbook, language, heads):
    tables = (ROOT / "docs" / handbook).read_text().split("\n\n")
    with (ROOT / "locales" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        said = {entry.string for entry in read_po(file) if isinstance(entry.string, str)}
    for head in heads:
        [table] = [each for each in tables if each.startswith(f"| {head} |")]
        named = [line.split("|")[1].strip() for line in table.splitlines()[2:]]
        assert len(named) > 4
        assert [name for name in named if name not in said] == []


@pytest.mark.parametrize(("language", "listed"), [("fr", "a, b"), ("ary", "a، b"), ("ar", "a، b")])
def test_what_is_listed_has_the_comma_of_its_language(language, listed):
    assert texts(language).listed(["a", "b"]) == listed


def test_a_french_line_that_opens_with_an_arabic_name_is_no_arabic_line():
    """Browsers look for the first letter, and do not skip what is isolated."""
    own, name, title = texts("fr"), "\u2068الدارجة\u2069", "\u2068إنارة أوربيع\u2069"
    assert own.lines(f"Par langue\n{name} : 12\n<b>{title}</b> : 4 voix") == (
        f"Par langue\n\u200e{name} : 12\n\u200e<b>{title}</b> : 4 voix"
    )
    for said in (
        title,
        f"Sur {title}, oui",
        "\u2068Médina\u2069 : 12",
        f"\u200f{title} نعم",
        "مرحبا \u2068Sawt\u2069 12",
    ):
        assert own.lines(said) == said


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("OUI", "yes"),
        ("  Ouii !! ", "yes"),
        ("واخا", "yes"),
        ("إيـــه", "yes"),
        ("آه", "yes"),
        ("wakha", "yes"),
        ("لا", "no"),
        ("lala", "no"),
        ("القائِمة", "menu"),
        ("Précédent", "back"),
        ("precedent", "back"),
        ("rjo3", "back"),
        ("إلغاء", "cancel"),
        ("الغاء", "cancel"),
        ("langue", "language"),
        ("اللغه", "language"),
        ("français", "language=fr"),
        ("العربيّة", "language=ar"),
        ("أجل", "yes"),
        ("توقّف", "stop"),
        ("ndouz", "skip"),
        ("oui mais non", None),
        ("😀", None),
        ("", None),
    ],
)
def test_known_words_are_known_by_their_letters(typed, means):
    assert meaning(typed) == means


def test_digits_of_all_scripts_are_read():
    assert normalise("١٢٣ ۴۵۶") == "123 456"
