"""What is open, planned and done in a quarter."""

from datetime import timedelta

SAY = {
    "fr": {
        "mine": "mon quartier",
        "there": "médina",
        "yes": "Oui",
        "park": "Parc",
        "other": "Autre quartier",
        "far": "Ourbiaa",
    },
    "ary": {
        "mine": "الحي ديالي",
        "there": "المدينة",
        "yes": "نعم",
        "park": "جردة",
        "other": "حي آخر",
        "far": "أوربيع",
    },
}


async def my_neighbourhood(city, ada):
    say = SAY[ada.language]
    await city.vote()
    await city.workshop(quarter="medina")
    await city.petition({"fr": "Un puits", "ar": "بير ديال الحي"}, quarter="medina")
    before = city.now - timedelta(days=40)
    await city.vote(opens=before, closes=before + timedelta(days=20), published=city.now - timedelta(days=3))
    await ada.arrives()
    await ada.says(say["mine"])
    await ada.taps(say["there"])
    await ada.taps(say["yes"])
    await ada.taps(say["park"])
    await ada.says("/neighbourhood")
    await ada.taps(say["other"])
    await ada.taps(say["far"])


CONVERSATIONS = [my_neighbourhood]
