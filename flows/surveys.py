"""Surveys and quizzes: read what it is about, answer question by question, once."""

from collections.abc import Sequence

from flows import as_seen, drafting
from flows.chat import Chat, Stop
from flows.questions import Refused
from flows.registry import MODERATORS, flow
from locales import _
from locales.numbers import whole
from locales.values import Code, Written
from storage import drafts, responses, surveys
from storage.occasions import Closed, CountedAlready
from storage.surveys import AT_ONCE, NEVER, NUMBER, OPEN, QUIZ, SEVERAL, Survey, SurveyQuestion

_CLOSED = _("This survey has closed. Nothing was recorded.")
_FEW_WORDS = 500  # characters

Answers = dict[str, list[str]]  # slug of the question -> options, or the words


@flow("survey.answer", _("Surveys and quizzes"), command="surveys", word="survey", link="s", takes="survey", in_more=40)
async def answer(chat: Chat, survey: int | None = None) -> None:
    """Answer a survey or a quiz, once."""
    chosen = await _open_survey(chat, survey)
    chat.is_ballot = chosen.is_anonymous
    asked = await surveys.questions(chat.db, chosen.id)
    if chosen.kind != QUIZ and await responses.has_answered(chat.db, chosen, chat.occasion()):
        _offer_results(chat, chosen)
        raise Stop(_("You have answered this already, thank you. Each person answers once."))
    as_seen.survey(chat, chosen, len(asked))
    if not await chat.confirm("begin", _("Shall we begin?"), yes=_("Begin"), no=_("Not now")):
        raise Stop(_("Nothing was recorded."))

    answers = await _go_through(chat, chosen, asked)
    if chosen.kind != QUIZ and not await _is_right(chat, asked, answers):
        raise Stop(_("Nothing was recorded."))
    await _record(chat, chosen, asked, answers)


async def _go_through(chat: Chat, survey: Survey, asked: list[SurveyQuestion]) -> Answers:
    answers: Answers = {}
    for question in asked:
        if question.is_asked(answers):
            answers[question.slug] = await _ask(chat, question)
            if survey.kind == QUIZ:
                _explain(chat, question, answers[question.slug])
    return answers


@flow("survey.try", roles=MODERATORS)
async def try_out(chat: Chat, draft: int) -> None:
    """A draft as people will answer it; nothing of it is kept."""
    found = await drafting.found(chat, draft, surveys.NOUN)
    survey, asked = drafts.seen(found, chat.now), drafts.questions(found, chat.now)
    as_seen.survey(chat, survey, len(asked))
    if await chat.confirm("begin", _("Shall we begin?"), yes=_("Begin"), no=_("Not now")):
        answers = await _go_through(chat, survey, asked)
        if survey.kind == QUIZ:
            _score(chat, asked, answers)
        else:
            await _is_right(chat, asked, answers)
    chat.say(_("That is how people will see it. Nothing of this was recorded."))
    chat.then("draft.write", draft=found.id)


async def _open_survey(chat: Chat, survey: int | None) -> Survey:
    opened, are_results = await surveys.around(chat.db, chat.commune, chat.now)
    ways = {"/survey_results": _("Results")} if are_results else {}
    if survey and survey not in [each.id for each in opened] and await _with_results(chat, survey):
        chat.offer(f"sr_{survey}", _("What others said"))
        raise Stop(_CLOSED)
    if not opened:
        for entrance, words in ways.items():
            chat.offer(entrance, words)
        raise Stop(_("No survey is open now."))

    async def page(offset: int, limit: int) -> Sequence[Survey]:
        return opened[offset : offset + limit]

    async def find(id: int) -> Survey | None:
        return next((each for each in opened if each.id == id), None)

    return await chat.browse(
        "survey",
        _("Which one?"),
        page,
        find,
        label=lambda each: chat.local(each.short),
        gone=_CLOSED,
        preset=survey or (opened[0].id if len(opened) == 1 and not ways else None),
        ways=ways,
    )


async def _with_results(chat: Chat, id: int) -> Survey | None:
    """One that has closed, and whose results everybody may read."""
    found = await surveys.get(chat.db, chat.commune.id, id)
    return found if found and found.closes <= chat.now and found.results != NEVER else None


async def _ask(chat: Chat, question: SurveyQuestion) -> list[str]:
    """The options chosen, or the words; empty where the question was passed over."""
    text, choices = chat.local(question.text), question.choices
    if question.kind == OPEN:
        skip = _("Skip this question") if question.may_skip else ""
        said = await chat.text(question.key, "{question}", longest=_FEW_WORDS, skip=skip, question=text)
        return [said] if said else []
    if question.kind == NUMBER:
        return [
            await chat.text(question.key, "{question}", read_as=lambda typed: _figure(typed, question), question=text)
        ]
    if question.kind == SEVERAL:
        ticked = await chat.several(
            question.key,
            lambda _ticked: chat.t("{question}", question=text),
            choices,
            lambda each: chat.local(each.label),
            question.least,
            question.most,
        )
        return [each.id for each in ticked]
    ask = chat.perhaps if question.may_skip else chat.choose
    one = await ask(question.key, "{question}", choices, lambda each: chat.local(each.label), question=text)
    return [one.id] if one else []


def _figure(typed: str, question: SurveyQuestion) -> str:
    """A whole number within its bounds."""
    figure = whole(typed)
    if figure is None or not question.least <= figure <= question.most:
        raise Refused(
            _("We need a whole number from {least} to {most}."), {"least": question.least, "most": question.most}
        )
    return str(figure)


def _explain(chat: Chat, question: SurveyQuestion, given: list[str]) -> None:
    """What is right in a quiz, and why."""
    right = [option for option in question.choices if option.is_right]
    if {option.id for option in right} == set(given):
        chat.say(_("Right!"))
    elif right:
        chat.say(_("The right answer: {answer}."), answer=" · ".join(chat.local(option.label) for option in right))
    if question.explanation:
        chat.say("{why}", why=chat.local(question.explanation))


async def _is_right(chat: Chat, asked: list[SurveyQuestion], answers: Answers) -> bool:
    shown = [question for question in asked if question.slug in answers]
    lines = [
        chat.t("{number}. {answer}", number=number, answer=_said(chat, question, answers[question.slug]))
        for number, question in enumerate(shown, 1)
    ]
    return await chat.review(
        "sure",
        _("Your answers:\n{answers}\nShall we send them?"),
        yes=_("Send"),
        corrections={
            question.key: chat.t(_("Correct: {number}"), number=number) for number, question in enumerate(shown, 1)
        },
        answers=Written("\n".join(lines)),
    )


def _said(chat: Chat, question: SurveyQuestion, given: list[str]) -> str:
    labels = {option.id: chat.local(option.label) for option in question.choices}
    return chat.texts.listed(labels.get(each, each) for each in given) or chat.t(_("not said"))


async def _record(chat: Chat, survey: Survey, asked: list[SurveyQuestion], answers: Answers) -> None:
    given = {question.id: answers.get(question.slug, []) for question in asked}
    try:
        receipt = await responses.respond(chat.db, survey, chat.occasion(), given)
    except Closed:
        raise Stop(_CLOSED) from None
    except CountedAlready:
        if survey.kind != QUIZ:
            raise Stop(_("You have answered this already, thank you. Each person answers once.")) from None
        receipt = ""
    if survey.kind == QUIZ:
        _score(chat, asked, answers)
    elif survey.is_anonymous:
        chat.say(_("Your answers are recorded, without your name. Thank you."))
    else:
        chat.say(_("Your answers are recorded, thank you. Receipt: {receipt}."), receipt=Code(receipt, copyable=True))
    _offer_results(chat, survey)


def _score(chat: Chat, asked: list[SurveyQuestion], answers: Answers) -> None:
    right = {question.slug: {option.id for option in question.choices if option.is_right} for question in asked}
    graded = [slug for slug in answers if right[slug]]
    count = sum(set(answers[slug]) == right[slug] for slug in graded)
    chat.say(_("You had {count} right of {all}. Thank you for playing."), count=count, all=len(graded))


def _offer_results(chat: Chat, survey: Survey) -> None:
    if survey.results == AT_ONCE:
        chat.offer(f"sr_{survey.id}", _("What others said"))
    elif survey.results != NEVER:
        chat.say(_("The results will be here once the survey is closed."))
        chat.offer(f"sf_{survey.id}", _("Tell me the results"))
