"""A call for joint projects: what an association writes over weeks, what is asked about it, scored and decided."""

import base64
from datetime import timedelta

from bot.notices import tell
from conversations.assisted import helps
from storage.calls import Call

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
# One pixel, written as Sawt writes photos anew: it is kept as it is.
PHOTO = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
QUESTIONS = [
    {"id": "problem", "text": {"fr": "Le problème", "ar": "الإشكالية"}, "longest": 200, "optional": False},
    {"id": "budget", "text": {"fr": "Le budget", "ar": "الميزانية"}, "longest": 200, "optional": False},
    {"id": "gender", "text": {"fr": "Genre et jeunes", "ar": "النوع والشباب"}, "longest": 200, "optional": True},
]
DOCUMENTS = [
    {"id": "statutes", "name": {"fr": "Statuts", "ar": "القانون الأساسي"}, "optional": False},
    {"id": "letter", "name": {"fr": "Lettre", "ar": "رسالة"}, "optional": True},
]
CRITERIA = [
    {"id": "impact", "name": {"fr": "Utilité", "ar": "المنفعة"}},
    {"id": "together", "name": {"fr": "Co-création", "ar": "الإنشاء المشترك"}},
]
SAY = {
    "fr": {
        "begin": "Commencer",
        "agree": "accepte",
        "name": "Association Al Amal",
        "contact": "Souad M., 06 12 34 56 78",
        "problem": "Les jeunes d'Ourbiaa n'ont pas de lieu.",
        "budget": "40 000 dirhams",
        "skip": "Passer",
        "later": "Plus tard",
        "all": "C'est tout",
        "statutes": "Statuts",
        "submit": "Déposer",
        "ask": "Poser une question",
        "question": "Une coopérative peut-elle déposer ?",
        "send": "Envoyer",
        "answers": "Questions, réponses",
        "read": "Tout lire",
        "drop": "Effacer le brouillon",
        "delete": "Effacer",
        "go_on": "Continuer",
        "mine": "Mon dossier",
        "back": "Le reprendre",
        "answer": "Répondre",
        "publish": "Publier",
        "panel": "Le jury",
        "done": "Terminer",
        "yes": "Oui",
        "score": "Noter",
        "record": "Enregistrer",
        "files": "Lire les dossiers",
        "enough": "Assez",
        "close": "Clore la notation",
        "scores": "Voir les notes",
        "decide": "Décider",
        "selected": "Retenu",
        "publish_it": "Publier le résultat",
        "result": "Le résultat",
    },
    "ary": {
        "begin": "نبدا",
        "agree": "موافق",
        "name": "جمعية الأمل",
        "contact": "سعاد م.، 06 12 34 56 78",
        "problem": "الشباب ديال أوربيع ماعندهمش فين يتلاقاو.",
        "budget": "40.000 درهم",
        "skip": "ندوز",
        "later": "من بعد",
        "all": "هادشي كلو",
        "statutes": "القانون الأساسي",
        "submit": "نحط",
        "ask": "نسول",
        "question": "واش التعاونية تقدر تشارك؟",
        "send": "نصيفط",
        "answers": "الأسئلة والأجوبة",
        "read": "نقرا كلشي",
        "drop": "نمسح المسودة",
        "delete": "نمسح",
        "go_on": "نكملو",
        "mine": "الملف ديالي",
        "back": "نرجعوه مسودة",
        "answer": "نجاوب",
        "publish": "ننشر",
        "panel": "شكون كينقط",
        "done": "ساليت",
        "yes": "نعم",
        "score": "ننقطو",
        "record": "نسجل",
        "files": "نقراو الملفات",
        "enough": "صافي",
        "close": "نسدو التنقيط",
        "scores": "نشوف النقط",
        "decide": "نقررو",
        "selected": "تختار",
        "publish_it": "ننشر النتيجة",
        "result": "النتيجة",
    },
}


async def has_call(city, **other):
    row = {
        "commune_id": city.home.id,
        "slug": "co-creation",
        "title": {"fr": "Projets conjoints", "ar": "مشاريع مشتركة"},
        "short": {"fr": "Projets conjoints", "ar": "مشاريع مشتركة"},
        "about": {"fr": "Des projets faits avec la commune.", "ary": "مشاريع مع الجماعة."},
        "conditions": [{"fr": "Association déclarée", "ar": "جمعية مصرح بها"}],
        "questions": QUESTIONS,
        "documents": DOCUMENTS,
        "criteria": CRITERIA,
        "opens": city.now - timedelta(days=1),
        "closes": city.now + timedelta(days=20),
        "info": city.now + timedelta(days=5),
        "info_place": {"fr": "Maison des jeunes", "ar": "دار الشباب"},
    }
    call = Call(**{**row, **other})
    await city.has(call)
    return call


async def sends_file(person, kind="document", content=PDF, type="application/pdf"):
    person.history.append(("says", f"({kind})"))
    await person.hands_in(kind, content, type)


async def writes(person, name=None):
    """Everything that is asked, up to the documents."""
    say = SAY[person.language]
    await person.says("/calls")
    await person.taps(say["begin"])
    await person.taps(say["agree"])
    for words in (name or say["name"], say["contact"], say["problem"], say["budget"]):
        await person.says(words)
    await person.taps(say["skip"])


async def submits(person, name=None):
    say = SAY[person.language]
    await writes(person, name)
    await sends_file(person)
    await person.taps(say["all"])
    await person.taps(say["submit"])
    await person.taps(say["submit"])


async def call_for_projects(city, ada):
    say = SAY[ada.language]
    await has_call(city)
    await ada.arrives()
    await ada.says("/calls")
    await ada.taps(say["ask"])
    await ada.says(say["question"])
    await ada.taps(say["send"])
    await writes(ada)
    await ada.taps(say["later"])
    await ada.taps(say["statutes"])
    await ada.says(say["problem"])
    await sends_file(ada)
    await sends_file(ada, "photo", PHOTO, "image/png")
    await ada.taps(say["all"])
    await ada.taps(say["submit"])
    await ada.taps(say["submit"])
    await ada.says("/status")
    await ada.taps({"fr": "Projets conjoints", "ary": "مشاريع مشتركة"}[ada.language])


async def a_file_taken_back(city, ada):
    """A draft read and deleted; a file submitted, taken back, submitted anew."""
    say = SAY[ada.language]
    await has_call(city)
    await ada.arrives()
    await writes(ada)
    ada.history.clear()
    await ada.goes(say["later"], say["read"], say["go_on"], say["later"], say["drop"], say["delete"])
    kept = ada.history.copy()
    await submits(ada)
    ada.history[:] = kept
    await ada.goes("/calls", say["mine"], say["back"], say["back"], say["go_on"], say["submit"], say["submit"])


async def a_question_answered(city, ada):
    say = SAY[ada.language]
    await has_call(city)
    await ada.arrives("ka_1")
    await ada.goes(say["question"], say["send"])
    agent = await city.member("agent", "Hind", ada.language)
    agent.history = ada.history
    ada.history.clear()
    await agent.goes("/queue", "1", say["answer"], "Oui, avec une association.", "نعم، مع جمعية.", say["publish"])
    await tell(city.database, city.now)
    await ada.looks()
    await ada.goes("/start kq_1", "1")


async def a_scoring_closed(city, ada):
    """Who leads a call scores too, reads whom to call, and closes the scoring while scores are missing."""
    say = SAY[ada.language]
    call = await has_call(city)
    await ada.arrives()
    await submits(ada)
    zineb = await city.coordinator(ada.language)
    await city.member("agent", "Hind", ada.language)
    zineb.history = ada.history
    ada.history.clear()
    await zineb.goes("/call", say["panel"], "Hind", "Zineb", say["done"])
    city.now = call.closes
    await zineb.goes("/call", say["score"], "1", "4", "3", say["record"])
    await zineb.goes("/call", say["files"], "1", say["enough"], say["close"], say["yes"])
    await zineb.goes("/call", say["scores"])


STAFF = {
    "fr": {
        "publish": "Publier",
        "panel": "Le jury",
        "done": "Terminer",
        "files": "Lire les dossiers",
        "enough": "Assez",
        "score": "Noter",
        "record": "Enregistrer",
        "correct": "Revoir : Co-création",
        "scores": "Voir les notes",
        "decide": "Décider",
        "yes": "Retenu",
        "no": "Non retenu",
        "result": "Le résultat",
        "do": "Oui, le faire",
        "mine": "Mon dossier",
        "other": "Coopérative Tissage",
    },
    "ary": {
        "publish": "ننشر",
        "panel": "شكون كينقط",
        "done": "ساليت",
        "files": "نقراو الملفات",
        "enough": "صافي",
        "score": "ننقطو",
        "record": "نسجل",
        "correct": "نصحح: الإنشاء المشترك",
        "scores": "نشوف النقط",
        "decide": "نقررو",
        "yes": "تختار",
        "no": "ماتختارش",
        "result": "النتيجة",
        "do": "نعم، نديرها",
        "mine": "الملف ديالي",
        "other": "تعاونية النسيج",
    },
}


async def hears(city, person):
    """What is to be told is told."""
    await tell(city.database, city.now)
    await person.looks()


async def taps(person, *labels):
    for label in labels:
        await person.taps(STAFF[person.language].get(label, label))


async def scores(person, file, *marks):
    """Choose a file and give a mark for each criterion."""
    await taps(person, file)
    for mark in marks:
        await person.says(mark)


async def decides(person, file, verdict, *reasons):
    await person.says("/call")
    await taps(person, "decide", file, verdict)
    for words in reasons:
        await person.says(words)


async def a_call_decided(city, ada):
    """From the panel to the result: what the staff do, each on their own, and what the association hears."""
    say, other = SAY[ada.language], STAFF[ada.language]["other"]
    call = await has_call(city)
    zineb = await city.member("coordinator", "Zineb", ada.language)
    hind, karim = [await city.member("agent", name, ada.language) for name in ("Hind", "Karim")]
    omar = city.citizen(ada.language)
    await omar.arrives()
    await helps(omar)
    await submits(omar, other)
    await ada.arrives()
    for person in (zineb, hind, karim):
        person.history = ada.history
    await submits(ada)
    ada.history.clear()
    await zineb.says("/call")
    await taps(zineb, "panel", "Hind", "Karim", "done")
    city.now = call.closes
    await hind.says("/call")
    await taps(hind, "files", say["name"], "enough", "score")
    await scores(hind, say["name"], "4", "9", "3")
    await taps(hind, "correct")
    await hind.says("5")
    await taps(hind, "record")
    await karim.says("/call")
    await taps(karim, "score")  # he sees no score of hers
    await scores(karim, say["name"], "5", "4")
    await taps(karim, "record")
    await zineb.says("/call")  # nor does she, before all are in
    for person, marks in ((karim, "12"), (hind, "23")):
        await person.says("/call")
        await taps(person, "score")
        await scores(person, other, *marks)
        await taps(person, "record")
    await zineb.says("/call")
    await taps(zineb, "scores")
    await decides(zineb, say["name"], "yes", "Un lieu pour les jeunes, bien préparé.", "بلاصة للشباب، موجدة مزيان.")
    await decides(zineb, other, "no", "Le budget n'est pas expliqué.", "الميزانية ماشي مشروحة.")
    await zineb.says("/call")
    await taps(zineb, "publish", "do")
    await hears(city, ada)
    for label in ("result", "mine"):
        await taps(ada, label)


CONVERSATIONS = [call_for_projects, a_file_taken_back, a_question_answered, a_scoring_closed, a_call_decided]
