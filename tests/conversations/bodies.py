"""An application for the youth council, its draw by the staff, and the seat taken."""

from datetime import timedelta

from bot.notices import tell
from storage.bodies import Body

SAY = {
    "fr": {
        "apply": "Je me présente",
        "agree": "accepte",
        "woman": "Femme",
        "place": "Ourbiaa",
        "confirm": "Confirmer",
        "why": "J'aime mon quartier.",
        "freeze": "Fermer la liste",
        "draw": "Tirer au sort",
        "yes": "Oui, le faire",
        "answer": "Répondre",
        "take": "Je le prends",
        "check": "Vérifier",
        "age": "jeune",
        "parent": "d'accord",
        "mother": "Khadija Lahlou 0612345678",
        "take_back": "La retirer",
        "sure": "Oui",
    },
    "ary": {
        "apply": "نترشح",
        "agree": "موافق",
        "woman": "مرأة",
        "place": "أوربيع",
        "confirm": "نأكد",
        "why": "كنبغي الحومة ديالي.",
        "freeze": "نسد اللائحة",
        "draw": "ندير القرعة",
        "yes": "نعم، نديرها",
        "answer": "نجاوب",
        "take": "بغيتو",
        "check": "نشوف القرعة",
        "age": "صغيرة",
        "parent": "موافق",
        "mother": "خديجة لحلو 0612345678",
        "take_back": "نسحب",
        "sure": "نعم",
    },
}


async def has_body(city, **other):
    row = {
        "commune_id": city.home.id,
        "slug": "council",
        "kind": "youth",
        "title": {"fr": "Conseil des jeunes", "ary": "مجلس الشباب"},
        "short": {"fr": "Conseil des jeunes", "ary": "مجلس الشباب"},
        "about": {"fr": "Une rencontre par mois.", "ary": "لقاء فالشهر."},
        "seats": 1,
        "quotas": {"women": 1},
        "min_age": 16,
        "max_age": 30,
        "youth_until": 30,
        "selection": "lottery",
        "reply_days": 7,
        "opens": city.now - timedelta(days=1),
        "closes": city.now + timedelta(days=9),
        "tickets": [],
    }
    body = Body(**{**row, **other})
    await city.has(body)
    return body


async def applies(person):
    """A girl of 17, with her mother's consent."""
    say = SAY[person.language]
    await person.says("/bodies")
    await person.taps(say["apply"])
    await person.taps(say["agree"])
    await person.says("Ada Lahlou")
    await person.says("I123456")
    await person.says(say["age"])
    await person.says("17")
    await person.taps(say["woman"])
    await person.taps(say["place"])
    await person.taps(say["parent"])
    await person.says(say["mother"])
    await person.says(say["why"])
    await person.taps(say["confirm"])


async def youth_council(city, ada):
    say = SAY[ada.language]
    body = await has_body(city)
    await ada.arrives()
    await applies(ada)
    city.now = body.closes
    zineb = await city.coordinator(ada.language)
    zineb.history, kept = [], ada.history
    await zineb.says("/body")
    await zineb.says("1")
    await zineb.taps(say["freeze"])
    await zineb.taps(say["yes"])
    await zineb.says("/body 1")
    await zineb.taps(say["draw"])
    await zineb.says("7 12 19 23 31 40")
    await zineb.taps(say["yes"])
    kept += zineb.history
    await tell(city.database, city.now)
    await ada.looks()
    await ada.taps(say["answer"])
    await ada.taps(say["take"])
    await ada.says("/bodies")
    await ada.taps(say["check"])


async def an_application_taken_back(city, ada):
    say = SAY[ada.language]
    await has_body(city)
    await ada.arrives()
    await applies(ada)
    ada.history.clear()
    await ada.says("/bodies")
    await ada.taps(say["take_back"])
    await ada.taps(say["sure"])


CONVERSATIONS = [youth_council, an_application_taken_back]
