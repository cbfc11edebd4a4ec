"""A workshop: a seat, the line, a seat that is freed, a reminder, what comes after."""

from datetime import timedelta

from bot.notices import tell

SAY = {
    "fr": {
        "open": "ateliers",
        "first": "Budget participatif",
        "join": "M'inscrire",
        "wait": "Liste d'attente",
        "agree": "accepte",
        "need": "Garde d'enfants",
        "done": "Terminer",
        "confirm": "Confirmer",
        "cancel": "annuler atelier",
        "give": "Oui, l'annuler",
        "take": "Oui, je la veux",
        "rate": "Donner mon avis",
        "skip": "Passer",
    },
    "ary": {
        "open": "الورشات",
        "first": "الميزانية",
        "join": "نتسجل",
        "wait": "لائحة الانتظار",
        "agree": "موافقة",
        "need": "حضانة",
        "done": "ساليت",
        "confirm": "نأكد",
        "cancel": "إلغاء الورشة",
        "give": "نعم، لغيوها",
        "take": "نعم، بغيتها",
        "rate": "نعطي رأيي",
        "skip": "ندوز",
    },
}


async def _registers(person, say, way):
    await person.says(say["open"])
    await person.taps(say["first"])
    await person.taps(say[way])
    await person.taps(say["agree"])
    await person.says("Ada Lahlou")
    await person.taps(say["need"])
    await person.taps(say["done"])
    await person.taps(say["confirm"])


async def _told(city, person):
    await tell(city.database, city.now)
    await person.looks()


async def workshop(city, ada):
    say = SAY[ada.language]
    there = await city.workshop(seats=1, slug="budget")
    omar = city.citizen(ada.language)
    await omar.arrives()
    await _registers(omar, say, "join")
    await ada.arrives()
    await _registers(ada, say, "wait")
    await omar.says(say["cancel"])
    await omar.taps(say["give"])
    await _told(city, ada)
    await ada.taps(say["take"])
    city.now = there.begins - timedelta(hours=48)
    await _told(city, ada)
    await ada.says("/workshops")
    await ada.taps(say["first"])
    city.now = there.ends + timedelta(hours=1)
    await _told(city, ada)
    await ada.taps(say["rate"])
    await ada.says("9")
    await ada.says("4")
    await ada.taps(say["skip"])
    await ada.says(say["open"])


CONVERSATIONS = [workshop]
