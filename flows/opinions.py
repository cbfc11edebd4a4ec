"""Opinions of the equality body: read one, follow it, send a contribution to a draft."""

from flows import as_seen
from flows.chat import Chat, Stop
from flows.opinion_states import STATES
from flows.registry import flow, notice
from locales import _
from locales.bidi import clean
from locales.values import Code, Day, Written
from storage import citizens, contributions, follows, opinions
from storage.occasions import Closed
from storage.opinions import ANSWERED, Opinion

_LONGEST = 1500  # characters


@flow(
    "opinion.read",
    _("Opinions of the equality body"),
    command="opinions",
    word="opinion",
    link="v",
    takes="opinion",
    in_more=30,
)
async def read(chat: Chat, opinion: int | None = None) -> None:
    """Read an opinion, and what became of it."""
    chosen = await _choose(chat, opinion)
    own = await contributions.mine(chat.db, chosen.id, chat.citizen.id)
    as_seen.opinion(chat, chosen)
    if own:
        chat.say(_("You sent a contribution on {day}."), day=Day(own.sent))
    if chosen.takes_words(chat.now):
        chat.offer(f"vc_{chosen.id}", _("Change my words") if own else _("Send my words"))
    if chosen.state != ANSWERED:
        follows_it = await follows.is_following(chat.db, opinions.NOUN, chosen.id, chat.citizen.id)
        chat.offer(f"{'vu' if follows_it else 'vf'}_{chosen.id}", _("Follow no more") if follows_it else _("Follow it"))


async def _choose(chat: Chat, opinion: int | None) -> Opinion:
    return await chat.browse(
        "opinion",
        _("Which opinion?"),
        lambda offset, limit: opinions.page(chat.db, chat.commune.id, offset, limit),
        lambda id: opinions.get(chat.db, chat.commune.id, id),
        label=lambda each: chat.local(each.short),
        preset=opinion,
        gone=_("This link leads to nothing any more."),
        none=_("The equality body has given no opinion yet."),
        takes_only=True,
    )


@flow("opinion.contribute", link="vc", takes="opinion")
async def contribute(chat: Chat, opinion: int) -> None:
    """Send words to feed a draft."""
    found = await opinions.get(chat.db, chat.commune.id, opinion)
    if found is None or not found.takes_words(chat.now):
        raise Stop(_("This opinion takes no contributions now. Nothing was recorded."))
    chat.say("<b>{title}</b>", title=chat.local(found.title))
    words = await chat.text(
        "words",
        _("What should the body know, or add? Only the service and the body read it, for {months}. (Law 09-08)"),
        longest=_LONGEST,
        read_as=clean,
        months=chat.months(chat.commune.keep_months),
    )
    if not await chat.review(
        "sure",
        _("Your words: {words}\nShall we send them?"),
        yes=_("Send"),
        corrections={"words": _("Write it again")},
        words=words,
    ):
        raise Stop(_("Nothing was sent."))
    try:
        receipt = await contributions.send(chat.db, found.id, chat.occasion(), words)
    except Closed:
        raise Stop(_("This opinion takes no contributions now. Nothing was recorded.")) from None
    citizens.agrees(chat.db, chat.citizen.id, "opinion", chat.now)
    chat.say(_("Your words are recorded, thank you. Receipt: {receipt}."), receipt=Code(receipt, copyable=True))
    if not await follows.is_following(chat.db, opinions.NOUN, found.id, chat.citizen.id):
        chat.offer(f"vf_{found.id}", _("Follow it"))


@flow("opinion.follow", link="vf", takes="opinion")
async def follow(chat: Chat, opinion: int) -> None:
    """Ask to hear of each step."""
    found = await opinions.get(chat.db, chat.commune.id, opinion)
    if found is None:
        raise Stop(_("This link leads to nothing any more."))
    await follows.follow(chat.db, opinions.NOUN, found.id, chat.citizen.id)
    chat.say(_("You will be told of each step of this opinion."))
    chat.offer(f"vu_{found.id}", _("Follow no more"))


@flow("opinion.unfollow", link="vu", takes="opinion")
async def unfollow(chat: Chat, opinion: int) -> None:
    """Wish to hear no more."""
    await follows.unfollow(chat.db, opinions.NOUN, opinion, chat.citizen.id)
    chat.say(_("You will not be told any more. It stays under /opinions."))


@notice("opinion.moved")
async def moved(chat: Chat, about: int, state: str) -> None:
    """Tell who follows it where it stands now."""
    found = await opinions.get(chat.db, chat.commune.id, about)
    if found is None or found.state != state:
        return
    chat.say(
        _("The opinion {title}: {state}."), title=chat.local(found.title), state=Written(chat.t(STATES[found.state]))
    )
    if found.answer:
        chat.say(_("The council answers:\n{answer}"), answer=chat.local(found.answer))
    chat.offer(f"v_{about}", _("Read it"))
