"""The morning summary: on or off, and what it says."""

from flows.chat import Chat
from flows.registry import COORDINATORS, flow, notice
from locales import _, n_
from locales.values import Day, Hour
from reports import tallies as figures
from storage import summaries
from storage.summaries import Summary


@flow("summary", _("Morning summary"), command="summary", roles=COORDINATORS)
async def summary(chat: Chat) -> None:
    """See it now; have it each morning, or no more."""
    has_it = await summaries.is_wanted(chat.db, chat.citizen.id)
    _show(chat, await summaries.of(chat.db, chat.commune, chat.now))
    question = _("You get this each morning. Go on?") if has_it else _("Do you want this each morning?")
    wants = await chat.confirm("wants", question)
    await summaries.want(chat.db, chat.citizen.id, wants)
    chat.note("staff.summary", None, wanted=wants)
    chat.say(_("You get it each morning.") if wants else _("You do not get it. Write /summary to see it."))


@notice(summaries.KIND)
async def morning(chat: Chat, _about: int, _occasion: str) -> None:
    """Today's, if it is wanted still."""
    if not await summaries.is_wanted(chat.db, chat.citizen.id):
        return
    _show(chat, await summaries.of(chat.db, chat.commune, chat.now))
    chat.offer("/queue", _("See what waits"))


def _show(chat: Chat, found: Summary) -> None:
    chat.say(_("<b>This morning, {day}</b>\nTook part yesterday: {count}."), day=Day(chat.now), count=found.yesterday)
    if found.oldest:
        chat.say(
            n_("{count} thing waits, since {day}, {hour}.", "{count} things wait, the oldest since {day}, {hour}."),
            count=found.waiting,
            day=Day(found.oldest),
            hour=Hour(found.oldest),
        )
    else:
        chat.say(_("Nothing waits for you."))
    for process in found.closing:
        day = process.closes or chat.now
        chat.say(
            _("Closes on {day} at {hour}: {title}."),
            day=Day(day),
            hour=Hour(day),
            title=figures.title(chat.texts, process),
        )
    if found.failed:
        chat.say(n_("{count} message was not delivered.", "{count} messages were not delivered."), count=found.failed)
