"""The result of a call: the scores of all, a decision with reasons for each file, published at once."""

from flows import authoring
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, MODERATORS, deed, flow
from locales import _, n_
from locales.values import Code, Written
from storage import awards, calls, scores
from storage.calls import BEST, Call
from storage.schema import Localised
from storage.scores import NotNow, Ranked
from storage.submissions import SELECTED

_WHY = {
    "hidden": _("The scores are not all in, and scoring is not closed."),
    "undecided": _("Not every file is decided on yet. Nothing was published."),
    "decided": _("The result is published already. Nothing was changed."),
    "changed": _("This has changed meanwhile. Nothing was changed: look again."),
}


async def _ranked(chat: Chat, call: int) -> tuple[Call, list[Ranked]]:
    found = await calls.get(chat.db, chat.commune.id, call)
    if found is None:
        raise Stop(_("This link leads to nothing any more."))
    if chat.citizen.role not in COORDINATORS:
        stand = await scores.stand(chat.db, found)
        if chat.citizen.id not in stand.panel:
            raise Stop(_WHY["hidden"])
    try:
        return found, await scores.ranked(chat.db, found)
    except NotNow as why:
        raise Stop(_WHY[str(why)]) from None


@flow("call.scores", roles=MODERATORS)
async def see(chat: Chat, call: int) -> None:
    """What all gave, the best first."""
    found, ranked = await _ranked(chat, call)
    best = BEST * len(found.judged_by)
    chat.say("<b>{title}</b>", title=chat.local(found.title))
    for place, each in enumerate(ranked, 1):
        by = " · ".join(chat.t("{name} {sum}", name=name, sum=sum) for name, sum in each.by.items())
        chat.say(
            _("{place}. {association}: {mean} of {best}\n{by}"),
            place=place,
            association=each.submission.name,
            mean=_figure(each.mean),
            best=best,
            by=Written(by or "—"),
        )
    chat.offer("/call", _("Go on"))


def _figure(mean: float) -> Code:
    return Code(f"{mean:g}")


@flow("call.decide", roles=COORDINATORS)
async def decide(chat: Chat, call: int) -> None:
    """Select a file or not, with the reasons that the association will read."""
    found, ranked = await _ranked(chat, call)
    if found.decided:
        raise Stop(_WHY["decided"])
    by_id = {each.id: each for each in ranked}

    async def page(offset: int, limit: int) -> list[Ranked]:
        return ranked[offset : offset + limit]

    async def find(id: int) -> Ranked | None:
        return by_id.get(id)

    one = await chat.browse("which", _("On which file? The best first."), page, find, label=_label)
    is_selected = await chat.confirm(
        "verdict",
        _("{association}: {mean} of {best}. Is it selected?"),
        yes=_("Selected"),
        no=_("Not selected"),
        association=one.submission.name,
        mean=_figure(one.mean),
        best=BEST * len(found.judged_by),
    )
    reasons = await authoring.both(
        chat, "reasons", _("The reasons in French:"), _("The same in Arabic or Darija:"), longest=800
    )
    summary = _("Select {association}") if is_selected else _("Do not select {association}")
    args = {"submission": one.id, "is_selected": is_selected, "reasons": reasons}
    await chat.do("call.decide", found.id, summary, args, association=one.submission.name)


def _label(each: Ranked) -> str:
    mark = {None: "·", SELECTED: "☑"}.get(each.submission.verdict, "☐")
    return f"{mark} {each.submission.name} · {each.mean:g}"


@deed("call.decide", notes=("submission", "is_selected"))
async def do_decide(chat: Chat, about: int, submission: int, is_selected: bool, reasons: Localised) -> None:
    """Keep the decision; nobody is told yet."""
    try:
        await awards.decide(chat.db, about, submission, is_selected, reasons)
    except NotNow as why:
        raise Stop(_WHY[str(why)]) from None
    chat.say(_("Noted. Nobody is told until you publish the result."))
    chat.offer("/call", _("Go on"))


@flow("call.publish", roles=COORDINATORS)
async def publish(chat: Chat, call: int) -> None:
    """Publish the result; each association is told with its reasons."""
    found, ranked = await _ranked(chat, call)
    undecided = sum(each.submission.verdict is None for each in ranked)
    if undecided:
        raise Stop(_WHY["undecided"])
    count = sum(each.submission.verdict == SELECTED for each in ranked)
    await authoring.sure(
        chat,
        n_(
            "{count} file is selected of {all}. Each association is told with its reasons. Do it?",
            "{count} files are selected of {all}. Each association is told with its reasons. Do it?",
        ),
        authoring.DO_IT,
        count=count,
        all=len(ranked),
    )
    summary = _("Publish the result of {title}")
    await chat.do("call.publish", found.id, summary, {}, title=chat.local(found.title))


@deed("call.publish")
async def do_publish(chat: Chat, about: int) -> None:
    """Publish the result."""
    try:
        await awards.publish(chat.db, about, chat.now)
    except NotNow as why:
        raise Stop(_WHY[str(why)]) from None
    chat.say(_("The result is published. Each association is told now."))
    if names := await awards.out_of_reach(chat.db, about):
        lines = Written("\n".join(chat.t("• {name}", name=name) for name in names))
        chat.say(_("They were helped and have no phone here. Please call their contact:\n{lines}"), lines=lines)
    chat.offer(f"kr_{about}", _("See it as residents do"))
