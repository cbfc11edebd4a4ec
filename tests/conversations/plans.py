"""A workshop and a consultation written in chat by an agent."""

SAY = {
    "fr": {
        "workshop": "Atelier",
        "kind": "Formation",
        "done": "Terminer",
        "announce": "L'annoncer",
        "consultation": "Une consultation",
        "keep": "Garder",
        "add": "Ajouter un article",
        "yes": "Oui",
        "sure": "Ajouter",
        "see": "Tout lire",
    },
    "ary": {
        "workshop": "ورشة",
        "kind": "تكوين",
        "done": "ساليت",
        "announce": "نعلن",
        "consultation": "استشارة",
        "keep": "نخلي المسودة",
        "add": "نزيد بند",
        "yes": "نعم",
        "sure": "نزيد",
        "see": "نقرا كلشي",
    },
}


async def plans(city, ada):
    say = SAY[ada.language]
    hind = await city.member("agent", "Hind", ada.language)
    hind.history = ada.history
    ada.history.clear()
    await hind.says("/new")
    await hind.taps(say["workshop"])
    await hind.taps(say["kind"])
    for words in (
        "Lire un budget",
        "قراءة الميزانية",
        "05/12/2026 10:00",
        "2",
        "Maison des jeunes",
        "دار الشباب",
        "20",
    ):
        await hind.says(words)
    await hind.taps(say["done"])
    await hind.taps(say["announce"])
    await hind.says("/new")
    await hind.taps(say["consultation"])
    for words in ("La charte", "الميثاق", "Une charte ?", "ميثاق؟", "1", "01/12/2026", "31/12/2026"):
        await hind.says(words)
    await hind.taps(say["keep"])
    await hind.taps(say["add"])
    for words in ("Écouter", "الاستماع", "La commune écoute.", "الجماعة كتسمع."):
        await hind.says(words)
    await hind.taps(say["yes"])
    await hind.taps(say["sure"])
    await hind.taps(say["see"])


CONVERSATIONS = [plans]
