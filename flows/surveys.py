"""Surveys and quizzes: read what it is about, answer question by question, see what all have answered."""

from flows import as_seen, drafting
from flows.chat import Chat, Stop
from flows.questions import Refused
from flows.registry import MODERATORS, flow, notice
from locales import _, n_
from locales.numbers import whole
from locales.values import Code, Written
from storage import drafts, follows, responses, surveys
from storage.occasions import Closed, CountedAlready
from storage.responses import Counted
from storage.surveys import AT_ONCE, NEVER, NUMBER, OPEN, QUIZ, SCALE, SEVERAL, Survey, SurveyQuestion

SMALLEST_CELL = 10  # people
_FEW_WORDS = 500  # characters
_PERCENT = 100

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
    opened = await surveys.opened(chat.db, chat.commune, chat.now)
    if not opened:
        raise Stop(_("No survey is open now."))
    return await chat.choose(
        "survey",
        _("Which one?"),
        opened,
        label=lambda each: chat.local(each.short),
        gone=_("This survey has closed. Nothing was recorded."),
        preset=survey or (opened[0].id if len(opened) == 1 else None),
    )


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
    return ", ".join(labels.get(each, each) for each in given) or chat.t(_("not said"))


async def _record(chat: Chat, survey: Survey, asked: list[SurveyQuestion], answers: Answers) -> None:
    given = {question.id: answers.get(question.slug, []) for question in asked}
    try:
        receipt = await responses.respond(chat.db, survey, chat.occasion(), given)
    except Closed:
        raise Stop(_("This survey has closed. Nothing was recorded.")) from None
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


@flow("survey.results", link="sr", takes="survey")
async def results(chat: Chat, survey: int) -> None:
    """What all have answered, for those who answered and, once it is closed, for everybody."""
    found = await surveys.get(chat.db, chat.commune.id, survey)
    if found is None or found.results == NEVER or (found.results != AT_ONCE and found.closes > chat.now):
        raise Stop(_("There are no results to see here yet."))
    if found.closes > chat.now and not await responses.has_answered(chat.db, found, chat.occasion()):
        chat.offer(f"s_{found.id}", _("Answer"))
        raise Stop(_("Answer first: then you see what others said."))
    people = await responses.count(chat.db, found.id)
    chat.say("<b>{title}</b>", title=chat.local(found.title))
    if people < SMALLEST_CELL:
        chat.say(_("Fewer than {count} people have answered so far: too few to show figures."), count=SMALLEST_CELL)
        return
    chat.say(n_("{count} person has answered.", "{count} people have answered."), count=people)
    for counted in await responses.results(chat.db, found):
        _show_counted(chat, counted)


def _show_counted(chat: Chat, counted: Counted) -> None:
    text = chat.local(counted.question.text)
    if counted.question.kind == OPEN or counted.people < SMALLEST_CELL:
        return
    if counted.question.kind in (SCALE, NUMBER):
        chat.say(_("{question}\nOn average: {mean}"), question=text, mean=counted.mean or 0)
        return
    lines = [
        chat.t(_("{option}: {share} %"), option=chat.local(option.label), share=_share(counted, option.id))
        for option in counted.question.choices
    ]
    chat.say("{question}\n{lines}", question=text, lines=Written("\n".join(lines)))


def _share(counted: Counted, option: str) -> int:
    return round(counted.by_option[option] * _PERCENT / counted.people)


@flow("survey.follow", link="sf", takes="survey")
async def follow(chat: Chat, survey: int) -> None:
    """Ask to hear the results; it tells nothing of the answers."""
    found = await surveys.get(chat.db, chat.commune.id, survey)
    if found is None:
        raise Stop(_("This link leads to nothing any more."))
    await follows.follow(chat.db, surveys.NOUN, found.id, chat.citizen.id)
    chat.say(_("You will be told the results once the survey is closed."))


@notice("survey.results")
async def closed(chat: Chat, about: int, _occasion: str) -> None:
    """Tell who asked that the results are there."""
    found = await surveys.get(chat.db, chat.commune.id, about)
    if found and found.closes <= chat.now:
        chat.say(_("The survey {title} is closed. Its results are here."), title=chat.local(found.title))
        chat.offer(f"sr_{about}", _("What others said"))
