"""What all have answered to a survey: while it is open for those who answered, and once it has closed for everybody."""

from collections.abc import Sequence

from flows.chat import PAGE, Chat, Stop
from flows.registry import flow, notice
from locales import _, n_
from locales.values import Written
from storage import follows, responses, surveys
from storage.responses import Counted
from storage.surveys import AT_ONCE, NEVER, NUMBER, OPEN, SCALE, Survey

SMALLEST_CELL = 10  # people
_PERCENT = 100


@flow("survey.over", _("Results of surveys"), command="survey_results")
async def over(chat: Chat) -> None:
    """Choose one that has closed, to read what all have answered."""
    first = await surveys.over(chat.db, chat.commune, chat.now, 0, PAGE + 1)
    if not first:
        raise Stop(_("There are no results to see here yet."))

    async def page(offset: int, limit: int) -> Sequence[Survey]:
        return await surveys.over(chat.db, chat.commune, chat.now, offset, limit) if offset else first

    async def find(id: int) -> Survey | None:
        found = await surveys.get(chat.db, chat.commune.id, id)
        return found if found and found.closes <= chat.now and found.results != NEVER else None

    chosen = await chat.browse("survey", _("Which one?"), page, find, label=lambda each: chat.local(each.short))
    chat.then("survey.results", survey=chosen.id)


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
