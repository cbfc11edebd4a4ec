"""An announcement: written, seen beforehand, started, followed."""

from bot.announcements import begin

SAY = {
    "fr": {
        "no": "Non",
        "vote": "Pétitions",
        "done": "Terminer",
        "language": "Langue",
        "keep": "Garder",
        "now": "Tout de suite",
        "start": "Lancer",
        "again": "Actualiser",
        "words": "Le vote est ouvert",
        "pause": "Mettre en pause",
    },
    "ary": {
        "no": "لا",
        "vote": "العرائض",
        "done": "ساليت",
        "language": "اللغة",
        "keep": "نخليه",
        "now": "دابا",
        "start": "نبدا",
        "again": "نجدد",
        "words": "التصويت",
        "pause": "نوقف شوية",
    },
}


async def announcement(city, ada):
    say = SAY[ada.language]
    await ada.arrives()
    zineb = await city.coordinator(ada.language)
    zineb.history = ada.history
    ada.history.clear()
    await zineb.says("/announce")
    await zineb.says("Le vote est ouvert jusqu'au 15 mars. Venez nombreux !")
    await zineb.says("التصويت بدا حتى ل 15 مارس.")
    await zineb.taps(say["no"])
    await zineb.taps(say["vote"])
    await zineb.taps(say["done"])
    await zineb.taps(say["language"])
    await zineb.taps(say["done"])
    await zineb.taps({"fr": "Français", "ary": "الدارجة"}[ada.language])
    await zineb.taps(say["now"])
    await zineb.taps(say["keep"])
    await zineb.taps(say["start"])
    await begin(city.database, city.now)
    await zineb.says("/announcements")
    await zineb.taps(say["words"])
    await zineb.looks()
    await ada.looks()


CONVERSATIONS = [announcement]
