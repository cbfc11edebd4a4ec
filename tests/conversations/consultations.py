"""What is said in consultations."""

from storage import verdicts

SAY = {
    "fr": {
        "support": "Je soutiens",
        "amend": "À modifier",
        "agree": "J'accepte",
        "only": "Seulement mon avis",
        "words": "Ajouter les associations.",
        "skip": "Passer",
        "more": "En lire davantage",
        "whole": "Tout le texte",
        "others": "Les avis des autres",
        "too": "D'accord",
        "next": "Article suivant",
        "list": "Tous les articles",
        "find": "Chercher un mot",
        "word": "BUDGET",
        "mine": "Mes avis",
        "withdraw": "Retirer",
    },
    "ary": {
        "support": "كنساند",
        "amend": "خاصو تعديل",
        "agree": "موافقة",
        "only": "غير رأيي",
        "words": "زيدو الجمعيات.",
        "skip": "ندوز",
        "more": "نقرا كثر",
        "whole": "النص كامل",
        "others": "آراء الآخرين",
        "too": "متافق",
        "next": "البند اللي من بعد",
        "list": "البنود كاملة",
        "find": "نقلب على كلمة",
        "word": "الميزانيه",
        "mine": "الآراء ديالي",
        "withdraw": "نسحب",
    },
}


async def consultation(city, ada):
    say = SAY[ada.language]
    await city.consultation()
    omar = city.citizen(ada.language)
    await omar.arrives("c_1")
    for move in ("1", say["amend"], say["agree"], say["words"], say["skip"]):
        await omar.says(move)
    async with city.database.writing() as db:
        await verdicts.decide(db, city.home.id, 1, 1, None, city.now)
    await ada.arrives("c_1")
    await ada.taps("3")
    await ada.taps(say["others"])
    await ada.taps(say["too"])
    await ada.taps(say["agree"])
    await ada.says("/start ca_1")
    await ada.taps(say["support"])
    await ada.taps(say["only"])
    await ada.taps(say["skip"])
    await ada.taps(say["more"])
    await ada.taps(say["whole"])
    await ada.taps(say["next"])
    await ada.taps(say["list"])
    await ada.taps(say["find"])
    await ada.says(say["word"])
    await ada.taps("3. ")
    await ada.taps(say["amend"])
    await ada.says(say["words"])
    await ada.says("/consultation")
    await ada.taps(say["mine"])
    await ada.taps("3. ")
    await ada.taps(say["withdraw"])
    await ada.taps(say["withdraw"])


CONVERSATIONS = [consultation]
