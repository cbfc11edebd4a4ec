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


async def youth_council(city, ada):
    say = SAY[ada.language]
    body = await has_body(city)
    await ada.arrives()
    await ada.says("/bodies")
    await ada.taps(say["apply"])
    await ada.taps(say["agree"])
    await ada.says("Ada Lahlou")
    await ada.says("I123456")
    await ada.says(say["age"])
    await ada.says("17")
    await ada.taps(say["woman"])
    await ada.taps(say["place"])
    await ada.taps(say["parent"])
    await ada.says(say["mother"])
    await ada.says(say["why"])
    await ada.taps(say["confirm"])
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


CONVERSATIONS = [youth_council]
