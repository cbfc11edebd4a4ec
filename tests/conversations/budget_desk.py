"""A vote in the hands of a coordinator, from its opening to the decision of the council."""

from datetime import timedelta

SAY = {
    "fr": {
        "title": "Budget 2027",
        "sure": "Oui",
        "open": "L'ouvrir maintenant",
        "extend": "Le prolonger",
        "yesterday": "hier",
        "close": "Le clore maintenant",
        "publish": "Publier le résultat",
        "decide": "Décision du conseil",
    },
    "ary": {
        "title": "ميزانية 2027",
        "sure": "نعم",
        "open": "نفتح دابا",
        "extend": "نمدد الوقت",
        "yesterday": "البارح",
        "close": "نسد دابا",
        "publish": "ننشر النتيجة",
        "decide": "قرار المجلس",
    },
}
ANSWERS = {
    "extend": ("yesterday", "15/12/2026 18:00"),
    "decide": ("1", "Session de février.", "دورة فبراير."),
}


async def vote_decided(city, ada):
    say = SAY[ada.language]
    await city.vote("one", opens=city.now + timedelta(days=1))
    coordinator = await city.member("coordinator", "Hind", ada.language)
    coordinator.history.clear()
    for act in ("open", "extend", "close", "publish", "decide"):
        await coordinator.says("/budget")
        await coordinator.taps(say["title"])
        await coordinator.taps(say[act])
        for words in ANSWERS.get(act, ()):
            await coordinator.says(say.get(words, words))
        await coordinator.taps(say["sure"])
        city.now += timedelta(hours=1)
    await coordinator.says("/results")
    ada.history = coordinator.history


CONVERSATIONS = [vote_decided]
