"""Erasure at the desk: proposed with a receipt, agreed to by a second person, told to who asked for it."""

from bot.notices import tell
from storage.petitions import Support

SAY = {
    "fr": {
        "petition": "Des arbres",
        "support": "Soutenir",
        "consent": "accepte",
        "skip": "Passer",
        "confirm": "Confirmer",
        "yes": "Oui, effacer",
        "see": "Voir et décider",
        "agree": "D'accord",
    },
    "ary": {
        "petition": "عريضة الأشجار",
        "support": "ندعم",
        "consent": "موافق",
        "skip": "ندوز",
        "confirm": "نأكد",
        "yes": "نعم، نمسح",
        "see": "نشوف ونقرر",
        "agree": "موافق",
    },
}


async def erasure_at_the_desk(city, ada):
    say = SAY[ada.language]
    await city.found(two_people=["person.erase"])
    person = city.citizen(ada.language, name="souad")
    await person.arrives()
    await person.says("/petitions")
    for words in ("petition", "support", "consent"):
        await person.taps(say[words])
    await person.says("Souad Mansouri")
    await person.says("I123456")
    await person.taps(say["skip"])
    await person.taps(say["confirm"])
    [support] = await city.all(Support)
    hind = await city.member("coordinator", "Hind", ada.language)
    nora = await city.member("admin", "Nora", ada.language)
    hind.history = nora.history = person.history = ada.history
    ada.history.clear()
    await hind.says("/erase BM-2222-2222")
    await hind.says(f"/erase {support.receipt}")
    await hind.taps(say["yes"])
    await tell(city.database, city.now)
    await nora.looks()
    await nora.taps(say["see"])
    await nora.taps(say["agree"])
    await tell(city.database, city.now)
    await person.looks()


CONVERSATIONS = [erasure_at_the_desk]
