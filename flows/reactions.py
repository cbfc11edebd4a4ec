"""What others say, one comment at a time: agree, disagree, pass."""

from dataclasses import dataclass

from flows import identity
from flows.chat import Chat, Stop
from flows.registry import flow
from flows.stances import LABELS
from locales import _
from locales.values import Written
from storage import reactions, readings
from storage.occasions import Closed, CountedAlready
from storage.reactions import AGREE, DISAGREE, PASS

STOPS = "stop"


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be thought of it."""

    id: str
    label: str


@flow("comment.others", link="co", takes="consultation")
async def others(chat: Chat, consultation: int, article: int | None = None) -> None:
    """A comment of somebody else, on one article or on any."""
    book = await readings.opened(chat.db, chat.commune.id, consultation, chat.citizen.id, chat.now)
    if book is None or not book.consultation.is_open(chat.now):
        raise Stop(_("The consultation has closed. Nothing was recorded."))
    said = await reactions.next_of_others(chat.db, consultation, article, chat.citizen.id)
    if said is None:
        if article:
            chat.offer(f"ca_{article}", _("See the article"))
        chat.offer(f"c_{consultation}", _("See the consultation"))
        chat.say(_("You have read all that others say here. Thank you."))
        return
    chat.say("<b>{title}</b>", title=_about(said.number, chat.local(said.title)))
    chat.say(_("Somebody says, {stance}:\n“{words}”"), stance=Written(chat.t(LABELS[said.stance])), words=said.words)
    labels = {AGREE: _("I agree too"), DISAGREE: _("I do not agree"), PASS: _("Pass"), STOPS: _("Enough for now")}
    answers = [Answer(id, chat.t(label)) for id, label in labels.items()]
    # Its number is in the key: an answer to one comment is never taken for an answer to another.
    key = f"answer_{said.id}_{said.edition}"
    answer = await chat.choose(key, _("Do you agree?"), answers, label=lambda each: each.label)
    if answer.id == STOPS:
        chat.then("consultation.end", consultation=consultation)
        return
    who = await identity.contributor(chat, book.consultation, book.reader)
    if who.is_new:
        await readings.consents(chat.db, consultation, chat.citizen.id, who.person, chat.now)
    try:
        await reactions.react(chat.db, said.id, said.edition, chat.occasion(), answer.id)
    except Closed:
        raise Stop(_("This comment has changed meanwhile. Nothing was recorded.")) from None
    except CountedAlready:
        raise Stop(_("You have answered this comment already.")) from None
    chat.then("comment.others", consultation=consultation, article=article)


def _about(number: int | None, title: str) -> str:
    return f"{number}. {title}" if number else title
