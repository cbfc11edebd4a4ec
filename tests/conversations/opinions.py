"""An opinion of the equality body: read, fed with words, followed; moved on by the staff."""

from datetime import timedelta

from bot.notices import tell
from storage.opinions import Opinion

SAY = {
    "fr": {
        "words": "Le bus 3 n'a pas de rampe.",
        "mine": "Envoyer mes mots",
        "send": "Envoyer",
        "follow": "Suivre",
        "next": "Étape suivante",
        "yes": "Oui, le faire",
        "no_more": "Ne plus suivre",
    },
    "ary": {
        "words": "الطوبيس رقم 3 بلا ممر.",
        "mine": "نصيفط كلامي",
        "send": "نصيفط",
        "follow": "نتبع",
        "next": "المرحلة الجاية",
        "yes": "نعم، نديرها",
        "no_more": "مابقيتش نتبع",
    },
}


async def has_opinion(city, **other):
    row = {
        "commune_id": city.home.id,
        "slug": "bus",
        "title": {"fr": "Accès aux bus", "ary": "ولوج الحافلات"},
        "short": {"fr": "Accès aux bus", "ary": "ولوج الحافلات"},
        "author": {"fr": "Instance de l'équité", "ary": "هيئة المساواة"},
        "about": {"fr": "Prendre le bus.", "ary": "الركوب فالطوبيس."},
        "advice": [{"fr": "Former les conducteurs", "ary": "تكوين السائقين"}],
        "state": "draft",
        "closes": city.now + timedelta(days=9),
        "moved": city.now - timedelta(days=9),
        "answer": {},
    }
    opinion = Opinion(**{**row, **other})
    await city.has(opinion)
    return opinion


async def opinion(city, ada):
    say = SAY[ada.language]
    await has_opinion(city)
    await ada.arrives()
    await ada.says("/opinions")
    await ada.taps(say["mine"])
    await ada.sends("photo")
    await ada.says(say["words"])
    await ada.taps(say["send"])
    await ada.taps(say["follow"])
    await ada.taps(say["no_more"])
    await ada.says("/start vf_1")
    zineb = await city.coordinator(ada.language)
    zineb.history.clear()
    await zineb.says("/opinion")
    await zineb.says("1")
    await zineb.taps(say["next"])
    await zineb.taps(say["yes"])
    ada.history += zineb.history
    await tell(city.database, city.now)
    await ada.looks()


CONVERSATIONS = [opinion]
