"""A survey, a quiz, a council, an opinion and a call, each written in chat by a coordinator, part by part."""

SAY = {
    "fr": {
        "survey": "Un sondage, un quiz",
        "a survey": "Un sondage",
        "a quiz": "Un quiz",
        "body": "Conseil ou comité",
        "opinion": "Avis d'une instance",
        "call": "Un appel à projets",
        "without": "Sans les noms",
        "after": "Après la réponse",
        "keep": "Garder",
        "question": "Ajouter une question",
        "one": "Une réponse",
        "several": "Plusieurs réponses",
        "scale": "Une échelle",
        "number": "Un nombre",
        "open": "Avec leurs mots",
        "yes": "Oui",
        "no": "Non",
        "done": "Terminer",
        "add": "Ajouter",
        "everybody": "Tout le monde",
        "been": "Êtes-vous venus ?",
        "not": "Pas encore",
        "see": "Voir l'aperçu",
        "begin": "Commencer",
        "send": "Envoyer",
        "announce": "L'annoncer",
        "back": "Retour au brouillon",
        "youth council": "Un conseil de jeunes",
        "anywhere": "Toute la commune",
        "lot": "Par tirage au sort",
        "another": "Une autre",
        "advice": "Recommandation",
        "something": "Ajouter un élément",
        "a condition": "Une condition",
        "a question": "Une question",
        "a document": "Une pièce",
        "a criterion": "Un critère",
        "out": "Retirer un élément",
        "correct": "Corriger",
        "the condition": "Avoir un an",
        "the dates": "Les dates",
        "drop": "Supprimer",
        "right": "100 litres",
    },
    "ary": {
        "survey": "استطلاع ولا لعبة",
        "a survey": "استطلاع",
        "a quiz": "لعبة أسئلة",
        "body": "مجلس ولا لجنة",
        "opinion": "رأي ديال هيئة",
        "call": "طلب مشاريع",
        "without": "بلا سميات",
        "after": "من بعد ما يجاوبو",
        "keep": "نخلي المسودة",
        "question": "نزيد سؤال",
        "one": "جواب واحد",
        "several": "بزاف ديال الأجوبة",
        "scale": "سلم ديال النقط",
        "number": "عدد",
        "open": "بكلامهم",
        "yes": "نعم",
        "no": "لا",
        "done": "ساليت",
        "add": "نزيد",
        "everybody": "كلشي",
        "been": "واش جيتو؟",
        "not": "مازال",
        "see": "نشوف بحال الناس",
        "begin": "نبدا",
        "send": "نصيفط",
        "announce": "نعلن",
        "back": "نرجع للمسودة",
        "youth council": "مجلس الشباب",
        "anywhere": "الجماعة كلها",
        "lot": "بالقرعة",
        "another": "وحدة أخرى",
        "advice": "نزيد توصية",
        "something": "نزيد شي حاجة",
        "a condition": "شرط",
        "a question": "سؤال",
        "a document": "وثيقة",
        "a criterion": "معيار",
        "out": "نحيد شي حاجة",
        "correct": "نصحح",
        "the condition": "عام ديال الوجود",
        "the dates": "التواريخ",
        "drop": "نمسح المسودة",
        "right": "100 لتر",
    },
}
OPENS, CLOSES = "01/12/2026", "31/12/2026"


async def says(person, *words):
    for each in words:
        await person.says(each)


async def taps(person, *labels):
    for each in labels:
        await person.taps(SAY[person.language][each])


async def begins(person, noun):
    await person.says("/new")
    await taps(person, noun)


# Each kind, until its draft is kept


async def survey_begun(person, title="Venir à la maison du peuple"):
    await begins(person, "survey")
    await taps(person, "a survey")
    await says(person, title, "نجيو لدار الشعب", "Venir", "نجيو", "Deux minutes.", "جوج دقايق.")
    await taps(person, "without", "after")
    await says(person, OPENS, CLOSES)
    await taps(person, "keep")


async def body_begun(person, title="Conseil des jeunes"):
    await begins(person, "body")
    await taps(person, "youth council")
    await says(person, title, "مجلس الشباب", "Il conseille la commune.", "كيعطي رأيو للجماعة.", OPENS, CLOSES)
    await taps(person, "keep")
    await says(person, "10", "4", "4", "3", "30", "16", "35")
    await taps(person, "anywhere", "lot")
    await person.says("7")
    await taps(person, "keep")


async def opinion_begun(person, title="Éclairer les rues"):
    await begins(person, "opinion")
    await says(person, title, "الضو فالزناقي", "L'instance d'égalité", "هيئة المساواة")
    await says(person, "Les femmes rentrent dans le noir.", "النساء كيرجعو فالظلام.")
    await taps(person, "yes")
    await person.says(CLOSES)
    await taps(person, "keep")


async def call_begun(person, title="Projets de quartier"):
    await begins(person, "call")
    await says(person, title, "مشاريع الأحياء", "Faisons ensemble.", "نديرو مجموعين.", OPENS, CLOSES)
    await taps(person, "yes")
    await says(person, "05/12/2026 10:00", "Maison des jeunes", "دار الشباب")
    await taps(person, "keep")


# What is added


async def question(person, kind, french, arabic):
    await taps(person, "question", kind)
    await says(person, french, arabic)


async def questions_added(person):
    """One of each kind; the second follows on a no to the first."""
    await question(person, "one", "Êtes-vous venus ?", "واش جيتو؟")
    await says(person, "Oui, une fois; Pas encore", "إيه، مرة؛ مازال")
    await taps(person, "no", "add")
    await question(person, "several", "Pourquoi pas ?", "علاش لا؟")
    await says(person, "C'est loin\nTrop tard\nPas d'enfants", "بعيدة\nمعطلة\nبلا دراري", "2")
    await taps(person, "been", "not", "done", "no", "add")
    await question(person, "scale", "Est-on écouté ?", "واش كيسمعو لينا؟")
    await person.says("5")
    await taps(person, "everybody", "no", "add")
    await question(person, "number", "Combien à la maison ?", "شحال فالدار؟")
    await says(person, "1", "30")
    await taps(person, "everybody", "add")
    await question(person, "open", "Que changer ?", "شنو نبدلو؟")
    await taps(person, "everybody", "yes", "add")


async def part_added(person, part, french, arabic, *more):
    await taps(person, "something", part)
    await says(person, french, arabic, *more)


async def parts_added(person):
    """What a call holds."""
    await part_added(person, "a condition", "Avoir un an d'existence", "عام ديال الوجود")
    await taps(person, "add")
    await part_added(person, "a question", "Quel problème ?", "شنو المشكل؟", "1000")
    await taps(person, "no", "add")
    await part_added(person, "a document", "Les statuts", "القانون الأساسي")
    await taps(person, "no", "add")
    await part_added(person, "a criterion", "Utilité", "المنفعة")
    await taps(person, "add")


async def advice_added(person):
    await taps(person, "advice")
    await says(person, "Des lampes aux arrêts.", "الضو فالمحطات.")
    await taps(person, "add")


BEGUN = {"survey": survey_begun, "body": body_begun, "opinion": opinion_begun, "call": call_begun}
ADDED = {"survey": questions_added, "opinion": advice_added, "call": parts_added}


async def announced(person):
    await taps(person, "announce", "announce")


# As they are read


async def _author(city, ada):
    hind = await city.member("coordinator", "Hind", ada.language)
    hind.history = ada.history
    ada.history.clear()
    return hind


async def survey_written(city, ada):
    hind = await _author(city, ada)
    await survey_begun(hind)
    await questions_added(hind)
    await taps(hind, "see", "begin", "not")
    await hind.taps({"fr": "Trop tard", "ary": "معطلة"}[ada.language])
    await taps(hind, "done")
    await says(hind, "4", "3", {"fr": "Le samedi", "ary": "السبت"}[ada.language])
    await taps(hind, "send")
    await announced(hind)


async def quiz_written(city, ada):
    hind = await _author(city, ada)
    await begins(hind, "survey")
    await taps(hind, "a quiz")
    await says(hind, "L'eau", "الما", "Une question.", "سؤال واحد.", OPENS, CLOSES)
    await taps(hind, "keep")
    await question(hind, "one", "Un robinet qui goutte perd :", "روبيني كيقطر كيضيع:")
    await says(hind, "1 litre; 100 litres", "لتر؛ 100 لتر")
    await taps(hind, "right", "done")
    await says(hind, "Changez le joint.", "بدلو الجوانة.")
    await taps(hind, "add", "see", "begin", "right")
    await announced(hind)


async def council_written(city, ada):
    hind = await _author(city, ada)
    await body_begun(hind)
    await taps(hind, "see", "back")
    await announced(hind)


async def opinion_written(city, ada):
    hind = await _author(city, ada)
    await opinion_begun(hind)
    await advice_added(hind)
    await announced(hind)


async def call_written(city, ada):
    hind = await _author(city, ada)
    await call_begun(hind)
    await parts_added(hind)
    await taps(hind, "out", "the condition", "correct", "the dates")
    await says(hind, OPENS, "15/01/2027")
    await announced(hind)


CONVERSATIONS = [survey_written, quiz_written, council_written, opinion_written, call_written]
