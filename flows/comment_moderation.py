"""Comments that wait for the service: published as they are, or refused for a reason that the author is told."""

from flows import reasons
from flows.chat import Chat, Stop
from flows.registry import MODERATORS, deed, flow
from flows.stances import LABELS
from locales import _
from locales.values import Code, Written
from storage import comments, duplicates, verdicts
from storage.comments import WAITING, Said
from storage.duplicates import NotTheSame
from storage.verdicts import DecidedAlready

_PUBLISH, _MERGE, _REFUSE = "publish", "merge", "refuse"
_ACTS = {_PUBLISH: _("Publish"), _MERGE: _("Same as another"), _REFUSE: _("Refuse")}
_SHOWN = 60  # characters of a comment on a button
_LATE = _("A colleague has decided, or the author has changed it.")


@flow("comment.moderate", roles=MODERATORS)
async def moderate(chat: Chat, about: int) -> None:
    """Read a comment, then publish or refuse it."""
    said = await comments.one(chat.db, chat.commune.id, about)
    if said is None or said.state != WAITING:
        raise Stop(_LATE)
    await chat.take_in_hand("comment", about)
    await chat.looked("comment", about)
    _show(chat, said)
    # Its edition is in the key: what the author changes meanwhile is read before it is decided on.
    act = await chat.choose(
        f"act_{said.edition}", _("Shall we publish it?"), list(_ACTS), lambda act: chat.t(_ACTS[act]), gone=_LATE
    )
    if act == _MERGE:
        await _merge(chat, said)
        return
    reason = (await reasons.chosen(chat)).slug if act == _REFUSE else None
    await chat.do(
        "comment.moderate",
        about,
        _("Refuse comment {code}") if reason else _("Publish comment {code}"),
        {"edition": said.edition, "reason": reason},
        code=said.receipt,
    )


async def _merge(chat: Chat, said: Said) -> None:
    """Put it with a comment on the same article that says the same."""

    async def find(id: int) -> Said | None:
        return await comments.one(chat.db, chat.commune.id, id)

    first = await chat.browse(
        f"first_{said.edition}",
        _("Which one says the same?"),
        lambda offset, limit: verdicts.unanswered(chat.db, said.consultation_id, said.article_id, offset, limit),
        find,
        lambda each: each.words[:_SHOWN] or "—",
        none=_("No other comment on this article is published yet."),
    )
    summary = _("Put comment {code} with {first}")
    args = {"edition": said.edition, "first": first.id}
    await chat.do("comment.merge", said.id, summary, args, code=said.receipt, first=first.receipt)


@deed("comment.merge", MODERATORS, notes=("edition", "first"))
async def do_merge(chat: Chat, about: int, edition: int, first: int) -> None:
    """Put it with another; the author is told."""
    try:
        await duplicates.merge(chat.db, chat.commune.id, about, edition, first, chat.now)
    except NotTheSame:
        raise Stop(_LATE) from None
    await chat.let_go("comment", about)
    chat.say(_("They stand together. Each counts, and one answer is for both."))
    chat.offer("/queue", _("The next one"))


def _show(chat: Chat, said: Said) -> None:
    title = f"{said.number}. {chat.local(said.title)}" if said.number else chat.local(said.title)
    chat.say("<b>{title}</b>", title=title)
    chat.say(_("{stance}: {words}"), stance=Written(chat.t(LABELS[said.stance])), words=said.words or "—")
    if said.media:
        chat.media(said.kind, said.media)
    chat.say(_("Comment {code}."), code=Code(said.receipt))


@deed("comment.moderate", MODERATORS, notes=("edition", "reason"))
async def do_moderate(chat: Chat, about: int, edition: int, reason: str | None) -> None:
    """Keep the decision; who is refused is told."""
    try:
        await verdicts.decide(chat.db, chat.commune.id, about, edition, reason, chat.now)
    except DecidedAlready:
        raise Stop(_LATE) from None
    await chat.let_go("comment", about)
    chat.say(_("It is refused; the author is told why.") if reason else _("It is published, without a name."))
    chat.offer("/queue", _("The next one"))
