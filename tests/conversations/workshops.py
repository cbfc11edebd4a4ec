"""A workshop: a seat, the line, a seat that is freed, a reminder, what comes after."""

from datetime import timedelta

from bot.notices import tell
from storage.seats import Registration
from storage.workshops import Workshop

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
        "date": "Changer la date",
        "yes": "Oui",
        "seats": "Nombre de places",
        "sheet": "Feuille de présence",
        "minutes": "Envoyer compte rendu",
        "words": "Trois projets ont été retenus.",
        "read": "Lire le compte rendu",
        "ticket": "Mon billet",
        "leave": "Non merci",
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
        "give": "نعم، نلغيها",
        "take": "نعم، بغيتها",
        "rate": "نعطي رأيي",
        "skip": "ندوز",
        "date": "نبدل التاريخ",
        "yes": "نعم",
        "seats": "عدد البلايص",
        "sheet": "لائحة الحضور",
        "minutes": "نصيفط المحضر",
        "words": "تختارو تلاتة ديال المشاريع.",
        "read": "نقرا المحضر",
        "ticket": "التذكرة ديالي",
        "leave": "لا، شكرا",
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


async def workshop_staff(city, ada):
    """The staff's side: moved, more seats, the sheet, the door, the minutes as those who came read them."""
    say = SAY[ada.language]
    there = await city.workshop(slug="budget")
    await ada.arrives()
    await _registers(ada, say, "join")
    [mine] = await city.all(Registration)
    ada.history.clear()
    zineb = await city.coordinator(ada.language)
    zineb.history = ada.history
    zineb.history.clear()
    for act, *answers in (("date", "31/02/2027", "14/12/2026 10:00"), ("seats", "60")):
        await zineb.says("/workshop")
        await zineb.taps(say["first"])
        await zineb.taps(say[act])
        for words in (*answers, say["yes"]):
            await zineb.says(words)
    await _told(city, ada)
    await zineb.says("/workshop")
    await zineb.taps(say["first"])
    await zineb.taps(say["sheet"])
    await zineb.says(f"/checkin {mine.receipt}")
    [there] = await city.all(Workshop)
    city.now = there.begins
    for code in ("BM-0000-0000", mine.receipt, mine.receipt):
        await zineb.says(f"/checkin {code}")
    await zineb.says("/workshop")
    await zineb.taps(say["first"])
    await zineb.taps(say["minutes"])
    await zineb.says(say["words"])
    await zineb.taps(say["yes"])
    await _told(city, ada)
    await ada.taps(say["read"])


async def a_kept_seat_left(city, ada):
    """A ticket shown once more; a seat that was kept for who does not want it any more."""
    say = SAY[ada.language]
    await city.workshop(seats=1, slug="budget")
    omar = city.citizen(ada.language)
    await omar.arrives()
    await _registers(omar, say, "join")
    await ada.arrives()
    await _registers(ada, say, "wait")
    omar.history = ada.history
    ada.history.clear()
    await omar.goes(say["open"], say["first"], say["ticket"], say["cancel"], say["give"])
    await _told(city, ada)
    await ada.taps(say["leave"])


CONVERSATIONS = [workshop, workshop_staff, a_kept_seat_left]
