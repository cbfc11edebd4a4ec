"""Each conversation, written down as it is read: a member of staff reviews these pages.

`SAWT_WRITE=1 .venv/bin/python -m pytest tests/test_transcripts.py` writes them anew.
"""

import os
import re
from pathlib import Path

import pytest

from bot.render import plain
from locales.bidi import strip_isolates
from storage.petitions import Support

PAGES = Path(__file__).parent / "transcripts"
RECEIPT = re.compile(r"\bBM-[0-9A-Z]{4}-[0-9A-Z]{4}\b", re.IGNORECASE)

WORDS = {
    "fr": {
        "support": "Soutenir",
        "agree": "accepte",
        "place": "Ourbiaa",
        "confirm": "Confirmer",
        "fix": "nom",
        "read": "Lire",
        "vote": "Voter",
        "first": "Parc",
        "second": "Banc",
        "done": "Terminer",
        "cast": "Confirmer",
        "petition": "Des arbres",
        "another": "Lire un autre",
    },
    "ary": {
        "support": "ندعم",
        "agree": "موافق",
        "place": "أوربيع",
        "confirm": "نأكد",
        "fix": "السمية",
        "read": "نقرا",
        "vote": "نصوت",
        "first": "جردة",
        "second": "كرسي",
        "done": "ساليت",
        "cast": "نأكد",
        "petition": "عريضة الأشجار",
    },
}


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def furnish(city):
    names = {"fr": "Des arbres", "ar": "عريضة الأشجار"}
    await city.petition(title=names, declared_elsewhere=134, signed=57)


async def first_contact(city, ada, say):
    await ada.arrives("p_1")


async def petition(city, ada, say):
    await ada.arrives()
    await ada.says("/petitions")
    await ada.taps(say["petition"])
    await ada.taps(say["support"])
    await ada.taps(say["agree"])
    await ada.says("Ada Lahlou")
    await ada.says("؟؟")
    await ada.says("i 12-34 ٥٦")
    await ada.taps(say["place"])
    await ada.taps(say["fix"])
    await ada.says("Ada Idrissi")
    await ada.taps(say["confirm"])
    await ada.says("/petitions")
    await ada.taps(say["petition"])
    await ada.says("/receipt")
    [support] = await city.all(Support)
    await ada.says(support.receipt.lower())


async def approval_vote(city, ada, say):
    await city.vote("approval", asks_cin=True, min_age=16)
    await ada.arrives("b_1")
    await ada.taps(say["read"])
    await ada.taps(say["first"])
    await ada.taps(say["vote"])
    await ada.taps(say["vote"])
    await ada.says({"fr": "oui", "ary": "اه"}[ada.language])
    await ada.taps(say["agree"])
    await ada.says("I123456")
    await ada.taps(say["done"])
    await ada.taps(say["first"])
    await ada.taps(say["second"])
    await ada.taps(say["done"])
    await ada.taps(say["cast"])


async def knapsack_vote(city, ada, say):
    await city.vote("knapsack", envelope=400_000, costs=(150_000, 90_000, 260_000), most=3)
    await ada.arrives("b_1")
    await ada.taps(say["vote"])
    await ada.taps(say["first"])
    await ada.taps({"fr": "Piste", "ary": "ممر"}[ada.language])
    await ada.taps(say["second"])
    await ada.taps(say["done"])
    await ada.taps(say["cast"])


async def choose_one_vote(city, ada, say):
    await city.vote("one")
    await ada.arrives("b_1")
    await ada.taps(say["vote"])
    await ada.taps(say["first"])
    await ada.taps(say["cast"])


async def words_everywhere(city, ada, say):
    await ada.arrives()
    for word in {
        "fr": ("aide", "bla bla", "/nothing", "langue", "voter"),
        "ary": ("مساعدة", "شي حاجة", "/nothing", "لغة", "نصوت"),
    }[ada.language]:
        await ada.says(word)


async def tally(city, ada, say):
    await ada.arrives()
    await ada.says("/petitions")
    await ada.taps(say["petition"])
    await ada.taps(say["support"])
    await ada.taps(say["agree"])
    await ada.says("Ada Lahlou")
    await ada.says("I123456")
    await ada.taps(say["place"])
    await ada.taps(say["confirm"])
    coordinator = await city.coordinator(ada.language)
    coordinator.history = ada.history
    ada.history.clear()
    await coordinator.says("/tally")
    await coordinator.taps(say["petition"])


CONVERSATIONS = [
    first_contact,
    petition,
    approval_vote,
    knapsack_vote,
    choose_one_vote,
    words_everywhere,
    tally,
]


@pytest.mark.parametrize("language", ["fr", "ary"])
@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda conversation: conversation.__name__)
async def test_the_transcript_is_what_was_reviewed(city, conversation, language):
    await furnish(city)
    ada = city.citizen(language, name=f"{conversation.__name__} {language}")
    await conversation(city, ada, WORDS[language])
    page = PAGES / f"{conversation.__name__}.{language}.md"
    written = as_page(conversation.__name__, language, ada.history)
    if os.environ.get("SAWT_WRITE"):
        PAGES.mkdir(exist_ok=True)
        page.write_text(written, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == written


def as_page(title, language, history) -> str:
    name = title.replace("_", " ").capitalize()
    lines = [f"# {name} ({language})", ""]
    for who, words in history:
        shown = RECEIPT.sub("BM-XXXX-XXXX", strip_isolates(plain(words)))
        if who == "sees":
            lines += [*(f"    {line}".rstrip() for line in shown.splitlines()), ""]
        else:
            lines += [f"**{'>' if who == 'says' else '☞'} {shown}**", ""]
    return "\n".join(lines).rstrip() + "\n"
