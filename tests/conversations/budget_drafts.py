"""A vote written in chat by a coordinator, from its title to its announcement."""

SAY = {
    "fr": {
        "kind": "Un vote de budget",
        "keep": "Garder",
        "add": "Ajouter un projet",
        "skip": "Passer",
        "sure": "Ajouter",
        "see": "Voir l'aperçu",
        "back": "Retour au brouillon",
        "announce": "L'annoncer",
        "yes": "Oui",
    },
    "ary": {
        "kind": "تصويت على ميزانية",
        "keep": "نخلي المسودة",
        "add": "نزيد مشروع",
        "skip": "ندوز",
        "sure": "نزيد",
        "see": "نشوف بحال الناس",
        "back": "نرجع للمسودة",
        "announce": "نعلن",
        "yes": "نعم",
    },
}


async def vote_written(city, ada):
    say = SAY[ada.language]
    hind = await city.member("coordinator", "Hind", ada.language)
    hind.history = ada.history
    ada.history.clear()
    await hind.says("/new")
    await hind.taps(say["kind"])
    for words in ("Budget 2028", "ميزانية 2028", "100000", "2", "2", say["yes"], "16", "01/12/2026", "31/12/2026"):
        await hind.says(words)
    await hind.taps(say["keep"])
    for french, arabic, cost in (("Parc", "جردة", "60000"), ("Banc", "كرسي", "30000")):
        await hind.taps(say["add"])
        for words in (french, arabic, "Pour tous.", "للجميع."):
            await hind.says(words)
        await hind.taps(say["skip"])
        await hind.says(cost)
        await hind.taps(say["sure"])
    await hind.taps(say["see"])
    await hind.taps(say["back"])
    await hind.taps(say["announce"])
    await hind.taps(say["yes"])


CONVERSATIONS = [vote_written]
