"""A survey with a branch, and a quiz that explains."""

from datetime import timedelta

from bot.notices import tell
from storage import ballot_keys, surveys
from storage.loading import before
from storage.loading.rows import Changes, Entry
from storage.surveys import Survey, SurveyQuestion, destroy_keys

YES_NO = [{"id": "yes", "label": {"fr": "Oui", "ary": "نعم"}}, {"id": "no", "label": {"fr": "Non", "ary": "لا"}}]
WHY = [
    {"id": "far", "label": {"fr": "C'est loin", "ary": "بعيدة"}},
    {"id": "late", "label": {"fr": "Trop tard", "ary": "معطلة"}},
]
DRIP = [
    {"id": "one", "label": {"fr": "1 litre", "ary": "لتر"}},
    {"id": "many", "label": {"fr": "100 litres", "ary": "100 لتر"}, "right": True},
]
SAY = {
    "fr": {
        "begin": "Commencer",
        "no": "Non",
        "why": "loin",
        "done": "Terminer",
        "send": "Envoyer",
        "skip": "Passer",
        "others": "Réponses des autres",
        "many": "100 litres",
        "results": "Résultats",
    },
    "ary": {
        "begin": "نبدا",
        "no": "لا",
        "why": "بعيدة",
        "done": "ساليت",
        "send": "نصيفط",
        "skip": "ندوز",
        "others": "شنو قالو",
        "many": "100 لتر",
        "results": "النتائج",
    },
}
TEXTS = {
    "been": {"fr": "Êtes-vous venus cette année ?", "ary": "واش جيتو هاد العام؟"},
    "why": {"fr": "Pourquoi pas ?", "ary": "علاش لا؟"},
    "trust": {"fr": "Votre avis est-il écouté, de 1 à 5 ?", "ary": "واش رأيكم كيتسمع، من 1 ل5؟"},
    "home": {"fr": "Combien êtes-vous à la maison ?", "ary": "شحال نتوما فالدار؟"},
    "wish": {"fr": "Que changer ?", "ary": "شنو نبدلو؟"},
    "drip": {"fr": "Un robinet qui goutte perd par jour :", "ary": "روبيني كيقطر كيضيع فالنهار:"},
}


async def has_survey(city, kind="survey", **other):
    row = {
        "commune_id": city.home.id,
        "slug": kind,
        "kind": kind,
        "title": {"fr": "Participer", "ary": "المشاركة"},
        "short": {"fr": "Participer", "ary": "المشاركة"},
        "intro": {"fr": "Deux minutes.", "ary": "جوج دقايق."},
        "is_anonymous": True,
        "results": "at_once",
        "opens": city.now - timedelta(days=1),
        "closes": city.now + timedelta(days=9),
    }
    survey = Survey(**{**row, **other})
    async with city.database.writing() as db:
        survey.answer_key = ballot_keys.new(db)
        db.add(survey)
        await db.flush()
        asked = _quiz() if kind == "quiz" else _questions()
        for place, (slug, shape, rest) in enumerate(asked):
            usual = {"options": [], "explanation": {}, "least": 1, "most": 5, "only_if": {}, "may_skip": False}
            question = {**usual, "slug": slug, "kind": shape, "text": TEXTS[slug], "place": place, **rest}
            db.add(SurveyQuestion(survey_id=survey.id, **question))
    return survey


def _questions():
    return [
        ("been", "single", {"options": YES_NO}),
        ("why", "several", {"options": WHY, "most": 2, "only_if": {"question": "been", "is": ["no"]}}),
        ("trust", "scale", {}),
        ("home", "number", {"most": 30}),
        ("wish", "open", {"may_skip": True}),
    ]


def _quiz():
    why = {"fr": "Changez le joint.", "ary": "بدلو الجوانة."}
    return [("drip", "single", {"options": DRIP, "explanation": why})]


async def survey(city, ada):
    say = SAY[ada.language]
    await has_survey(city)
    await ada.arrives()
    await ada.says("/surveys")
    await ada.taps(say["begin"])
    await ada.taps(say["no"])
    await ada.taps(say["why"])
    await ada.taps(say["done"])
    await ada.says("4")
    await ada.says("??")
    await ada.says("٣")
    await ada.says({"fr": "Plus de rencontres le soir", "ary": "لقاءات بالليل"}[ada.language])
    await ada.taps(say["send"])
    await ada.says("/surveys")


async def quiz(city, ada):
    say = SAY[ada.language]
    await has_survey(city, "quiz", results="never")
    await ada.arrives("s_1")
    await ada.taps(say["begin"])
    await ada.taps(say["many"])


async def answered_on_paper(city, held):
    """Sheets filled in at the market: seven say one thing, six another."""
    sheets = (7, {"been": ["no"], "why": ["late"], "trust": ["2"]}), (6, {"been": ["yes"], "trust": ["4"]})
    answers = [{"count": count, "language": "ary", "quarter": None, "said": said} for count, said in sheets]
    entry = Entry(held.slug, {}, parts={"answers": tuple(Entry("sheet", each) for each in answers)})
    async with city.database.writing() as db:
        asked = {each.slug: each for each in await surveys.questions(db, held.id)}
        await before.of_survey(db, held, asked, entry, city.now, Changes())


async def survey_results(city, ada):
    """They come once it is closed, to who asked, and to everybody who looks for them; not before."""
    say = SAY[ada.language]
    held = await has_survey(city, results="at_the_end", closes=city.now + timedelta(days=1))
    await answered_on_paper(city, held)
    await ada.arrives()
    await ada.goes("/surveys", say["begin"], say["no"], say["why"], say["done"], "4", "3", say["skip"], say["send"])
    ada.history.clear()
    await ada.says("/surveys")
    await ada.says(f"/start sr_{held.id}")
    await ada.says(f"/start sf_{held.id}")
    city.now += timedelta(days=2)
    async with city.database.writing() as db:
        await destroy_keys(db, city.now)
    await tell(city.database, city.now)
    await ada.looks()
    await ada.taps(say["others"])
    await ada.says("/surveys")
    await ada.taps(say["results"])
    await ada.taps(held.short[ada.language])
    await ada.says(f"/start s_{held.id}")


CONVERSATIONS = [survey, quiz, survey_results]
