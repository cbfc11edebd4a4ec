"""Each conversation, written down as it is read: a member of staff reviews these pages.

A noun has its conversations in tests/conversations/<noun>.py: a list CONVERSATIONS of async functions (city, ada).
`SAWT_WRITE=1 .venv/bin/python -m pytest tests/test_transcripts.py` writes the pages anew.
"""

import os
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import conversations
import pytest

from bot.render import plain
from locales.bidi import strip_isolates

PAGES = Path(__file__).parent / "transcripts"
RECEIPT = re.compile(r"\bBM-[0-9A-Z]{4}-[0-9A-Z]{4}\b", re.IGNORECASE)
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")  # what joins two accounts
NOUNS = [import_module(f"conversations.{each.name}") for each in pkgutil.iter_modules(conversations.__path__)]
CONVERSATIONS = [conversation for noun in NOUNS for conversation in noun.CONVERSATIONS]


@pytest.fixture
def kind() -> str:
    return "sqlite"


HELD = [(each, language) for each in CONVERSATIONS for language in ("fr", "ary")]
# That standard Arabic is complete the catalogue's tests prove; how it reads on a screen is seen in one conversation.
HELD += [(each, "ar") for each in CONVERSATIONS if each.__name__ == "petition"]


@pytest.mark.parametrize(("conversation", "language"), HELD, ids=lambda each: getattr(each, "__name__", each))
async def test_the_transcript_is_what_was_reviewed(city, conversation, language):
    ada = await begins(city, conversation, language)
    page = PAGES / f"{conversation.__name__}.{language}.md"
    written = as_page(conversation.__name__, language, ada.history)
    if os.environ.get("SAWT_WRITE"):
        PAGES.mkdir(exist_ok=True)
        page.write_text(written, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == written


async def begins(city, conversation, language):
    """Hold a conversation in a city with one petition; who held it has its history."""
    title = {"fr": "Des arbres", "ar": "عريضة الأشجار"}
    await city.petition(title, slug="arbres", declared_elsewhere=134, signed_elsewhere=57)
    ada = city.citizen(language, name=f"{conversation.__name__} {language}")
    await conversation(city, ada)
    return ada


def test_no_transcript_is_left_of_a_conversation_that_is_gone():
    named = {f"{conversation.__name__}.{language}.md" for conversation, language in HELD}
    assert {page.name for page in PAGES.iterdir()} == named


def as_page(title, language, history) -> str:
    name = title.replace("_", " ").capitalize()
    lines = [f"# {name} ({language})", ""]
    for who, words in history:
        shown = CODE.sub("XXXX-XXXX", RECEIPT.sub("BM-XXXX-XXXX", strip_isolates(plain(words))))
        if who == "sees":
            lines += [*(f"    {line}".rstrip() for line in shown.splitlines()), ""]
        else:
            lines += [f"**{'>' if who == 'says' else '☞'} {shown}**", ""]
    return "\n".join(lines).rstrip() + "\n"
