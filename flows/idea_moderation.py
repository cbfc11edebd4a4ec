"""Ideas that wait for the service: published, put with a like one, or refused for a reason that the author is told."""

from flows import authoring, idea_words, reasons
from flows.chat import Chat, Stop
from flows.idea_words import LATE
from flows.registry import MODERATORS, deed, flow
from locales import _
from locales.values import Code
from storage import idea_moves, ideas
from storage.idea_moves import NotNow
from storage.ideas import MERGED, WAITING, Seen

_PUBLISH, _MERGE, _REFUSE = "publish", "merge", "refuse"
_ACTS = {_PUBLISH: _("Publish"), _MERGE: _("Same as another idea"), _REFUSE: _("Refuse")}


@flow("idea.moderate", roles=MODERATORS)
async def moderate(chat: Chat, about: int) -> None:
    """Read an idea, then decide on it."""
    idea = await ideas.find(chat.db, chat.commune.id, about, chat.citizen.id)
    if idea is None or idea.state != WAITING:
        raise Stop(LATE)
    await chat.take_in_hand("idea", about)
    await chat.looked("idea", about)
    idea_words.show(chat, idea)
    chat.say(_("Idea {code}."), code=Code(idea.receipt))
    # Its edition is in the key: what the author changes meanwhile is read before it is decided on.
    act = await chat.choose(
        f"act_{idea.edition}", _("Shall we publish this idea?"), list(_ACTS), lambda act: chat.t(_ACTS[act]), gone=LATE
    )
    if act == _MERGE:
        chat.then("idea.merge", about=about)
        return
    reason = (await reasons.chosen(chat)).slug if act == _REFUSE else None
    summary = _("Refuse idea {code}") if reason else _("Publish idea {code}")
    args = {"edition": idea.edition, "reason": reason}
    await chat.do("idea.moderate", about, summary, args, code=Code(idea.receipt))


@deed("idea.moderate", MODERATORS, notes=("edition", "reason"))
async def do_moderate(chat: Chat, about: int, edition: int, reason: str | None) -> None:
    """Keep the decision; the author is told."""
    try:
        await idea_moves.decide(chat.db, chat.commune.id, about, edition, reason, chat.now)
    except NotNow:
        raise Stop(LATE) from None
    await chat.let_go("idea", about)
    chat.say(
        _("The idea is refused; its author is told why.") if reason else _("The idea is published, without a name.")
    )
    chat.offer("/queue", _("The next one"))


@flow("idea.merge", roles=MODERATORS)
async def merge(chat: Chat, about: int) -> None:
    """Put it with an idea that says the same."""
    idea = await ideas.find(chat.db, chat.commune.id, about, chat.citizen.id)
    if idea is None or MERGED not in idea_moves.MOVES.get(idea.state, ()):
        raise Stop(LATE)

    async def find(id: int) -> Seen | None:
        return await ideas.find(chat.db, chat.commune.id, id, chat.citizen.id)

    into = await chat.browse(
        f"into_{idea.edition}",
        _("Which one says the same?"),
        lambda offset, limit: ideas.others(chat.db, idea, chat.citizen.id, offset, limit),
        find,
        idea_words.label,
        none=_("No other idea is public yet."),
    )
    question = _("Put “{title}” with “{other}”? Who is for both counts once.")
    await authoring.sure(chat, question, title=idea.said.title, other=into.said.title)
    summary = _("Put idea {code} with {first}")
    args = {"edition": idea.edition, "into": into.id}
    await chat.do("idea.merge", about, summary, args, code=Code(idea.receipt), first=Code(into.receipt))


@deed("idea.merge", MODERATORS, notes=("edition", "into"))
async def do_merge(chat: Chat, about: int, edition: int, into: int) -> None:
    """Put it with another; all who are for it are told."""
    try:
        await idea_moves.merge(chat.db, chat.commune.id, about, edition, into, chat.now)
    except NotNow:
        raise Stop(LATE) from None
    await chat.let_go("idea", about)
    chat.say(_("They stand together. Each person counts once."))
    chat.offer("/queue", _("The next one"))
    chat.offer("/idea", _("Back to the ideas"))
