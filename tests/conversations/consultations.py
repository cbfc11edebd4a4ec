"""What is said in consultations."""

from datetime import timedelta

from bot.notices import tell
from storage import verdicts

SAY = {
    "fr": {
        "support": "Je soutiens",
        "amend": "À modifier",
        "add": "À compléter",
        "quarter": "Ourbiaa",
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
        "add": "خاصو زيادة",
        "quarter": "أوربيع",
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


STAFF = {
    "fr": {
        "item": "Avis",
        "refuse": "Refuser",
        "reason": "Vise une personne",
        "publish": "Publier",
        "correct": "Voir et corriger",
        "change": "Modifier",
        "answer": "Répondre aux avis",
        "verdict": "retenu en partie",
        "send": "Envoyer",
        "version": "Nouvelle version",
        "close": "Le clore maintenant",
        "yes": "Oui",
        "report": "Le rapport (PDF)",
        "mine": "Mes avis",
        "before": "Avant et après",
        "changed": "Ce qui a changé",
    },
    "ary": {
        "item": "رأي",
        "refuse": "نرفض",
        "reason": "فيه سمية ديال شخص",
        "publish": "ننشر",
        "correct": "نشوف ونصحح",
        "change": "نبدل",
        "answer": "نجاوب على الآراء",
        "verdict": "تقبل جزء منو",
        "send": "نصيفط",
        "version": "نسخة جديدة",
        "close": "نسد دابا",
        "yes": "نعم",
        "report": "التقرير (PDF)",
        "mine": "الآراء ديالي",
        "before": "قبل ومن بعد",
        "changed": "شنو تبدل",
    },
}


async def hears(city, person):
    """What is to be told is told."""
    await tell(city.database, city.now)
    await person.looks()


async def does(person, *moves):
    """Taps what is on a button, says the rest."""
    for move in moves:
        await (person.taps(move) if any(move in label for label in person.labels) else person.says(move))


async def consultation_answered(city, ada):
    """From a refused comment to the report: what the author sees, between what the staff do."""
    say, do = SAY[ada.language], STAFF[ada.language]
    await city.consultation(slug="charte")
    hind = await city.member("coordinator", "Hind", ada.language)
    await ada.arrives("ca_1")
    await does(ada, say["amend"], say["agree"], say["words"], say["skip"])
    hind.history = ada.history
    ada.history.clear()
    await does(hind, "/queue", do["item"], do["refuse"], do["reason"])
    await hears(city, ada)
    await does(ada, do["correct"], do["change"], say["amend"], say["words"])
    await does(hind, "/queue", do["item"], do["publish"])
    await does(hind, "/comments", "1. ", do["verdict"], "Plus court.", "قصر.", do["send"])
    await hears(city, ada)
    await does(
        hind, "/consultations", do["version"], "1. ", "Écouter.", "نسمعو.", "Plus clair.", "أوضح.", do["publish"]
    )
    await hears(city, ada)
    city.now += timedelta(minutes=1)
    await does(hind, "/consultations", do["close"], do["yes"], "/consultations", do["report"], do["publish"])
    await hears(city, ada)
    await does(ada, do["report"], do["mine"], "1. ", do["before"], do["changed"], "1. ")


async def a_word_on_the_whole(city, ada):
    """Said to no article: what is missing, and where those live who say it."""
    say = SAY[ada.language]
    await city.consultation()
    await ada.arrives("cw_1")
    await does(ada, say["add"], say["agree"], say["words"], say["quarter"])
    await does(ada, "/start cw_1", say["withdraw"], say["withdraw"])


CONVERSATIONS = [consultation, consultation_answered, a_word_on_the_whole]
