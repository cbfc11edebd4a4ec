"""Bodies in the hands of the staff: close the list, draw the seats in public, or read the applications and choose."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from flows import authoring
from flows.body_words import GENDERS, QUOTAS
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, deed, flow
from locales import _, n_
from locales.values import Code, Day, Written
from storage import applications, bodies, selection
from storage.bodies import LOTTERY, YOUTH, Body
from storage.selection import NotNow, Seen

_ACTS = {
    "freeze": _("Close the list"),
    "draw": _("Draw the seats"),
    "read": _("Read applications"),
    "publish": _("Give the seats"),
    "dates": _("Its dates"),
}
_WHY = {
    "open": _("People can still apply. Nothing was changed."),
    "frozen": _("The list is closed already. Nothing was changed."),
    "not_frozen": _("Close the list first. Nothing was changed."),
    "decided": _("The seats are given already. Nothing was changed."),
    "quotas": _("The rules can be kept with those who applied. Choose again: nothing was changed."),
    "changed": _("This has changed meanwhile. Nothing was changed: look again."),
}


@flow("body.manage", _("Bodies: applications, draw, seats"), command="body", roles=COORDINATORS)
async def manage(chat: Chat) -> None:
    """Choose a body, and what to do with it."""
    every = await bodies.every(chat.db, chat.commune.id)
    if not every:
        raise Stop(_("There is no council or committee to join yet."))
    body = await chat.choose("body", _("Which one?"), every, lambda each: chat.local(each.title))
    await _show(chat, body)
    acts = _acts(chat, body)
    if not acts:
        return
    act = await chat.choose("act", _("What shall we do?"), acts, lambda each: chat.t(_ACTS[each]))
    await _DO[act](chat, body)


async def _show(chat: Chat, body: Body) -> None:
    count = await applications.count(chat.db, body.id)
    chat.say("<b>{title}</b>", title=chat.local(body.title))
    chat.say(
        n_("{count} application until {day}.", "{count} applications until {day}."), count=count, day=Day(body.closes)
    )
    if body.fingerprint:
        chat.say(_("Fingerprint of the list: {fingerprint}"), fingerprint=Code(body.fingerprint, copyable=True))
    if body.decided:
        chat.say(_("The seats were given on {day}."), day=Day(body.decided))


def _acts(chat: Chat, body: Body) -> list[str]:
    """What can be done with a body as it is now."""
    if body.decided:
        return []
    dates = ["dates"] if body.closes > chat.now else []
    if body.selection == LOTTERY:
        return dates or (["draw"] if body.frozen else ["freeze"])
    return ["read", *(dates or ["publish"])]


async def _dates(chat: Chat, body: Body) -> None:
    chat.then("opening.change", noun="body", about=body.id)


async def _freeze(chat: Chat, body: Body) -> None:
    await authoring.sure(
        chat,
        _("Nobody can apply or withdraw any more. Each gets a number, the list is published. Do it?"),
        authoring.DO_IT,
    )
    await chat.do("body.freeze", body.id, _("Close the list of {title}"), {}, title=chat.local(body.title))


async def _draw(chat: Chat, body: Body) -> None:
    seed = await chat.text(
        "seed",
        _("Write the seed that was drawn in public, as all saw it: for example six balls, {example}."),
        longest=100,
        read_as=lambda typed: " ".join(typed.split()),
        example=Code("7 12 19 23 31 40"),
    )
    await authoring.sure(
        chat,
        _("Draw {title} with the seed {seed}? All who applied are told."),
        authoring.DO_IT,
        title=chat.local(body.title),
        seed=Code(seed),
    )
    summary = _("Draw the seats of {title} with the seed {seed}")
    await chat.do("body.draw", body.id, summary, {"seed": seed}, title=chat.local(body.title), seed=Code(seed))


async def _read(chat: Chat, body: Body) -> None:
    async def page(offset: int, limit: int) -> Sequence[Seen]:
        return await selection.page(chat.db, body.id, offset, limit)

    async def find(id: int) -> Seen | None:
        return await selection.find(chat.db, body.id, id)

    one = await chat.browse("which", _("Which application?"), page, find, label=_label)
    await chat.looked("application", one.id)
    chat.say("{name} · {about}", name=one.name, about=Written(_about(chat, one)))
    chat.say("{words}", words=one.motivation)
    if one.guardian:
        chat.say(_("A parent agrees: {guardian}. Call to make sure."), guardian=one.guardian)
    ways = {"take": _("Give a seat"), "leave": _("No seat"), "back": _("Back to the list")}
    way = await chat.choose("way", _("What shall we do?"), list(ways), lambda each: chat.t(ways[each]))
    if way != "back":
        is_chosen = way == "take"
        await chat.carry_out("body.mark", one.id, {"is_chosen": is_chosen})
    chat.offer("/body", _("Back to the list"))


def _label(each: Seen) -> str:
    return f"{'☑' if each.is_chosen else '☐'} {each.id}"  # no name: whoever looks at one leaves a trace


def _about(chat: Chat, one: Seen) -> str:
    places = {each.slug: chat.local(each.name) for each in chat.commune.quarters}
    said = [chat.t(GENDERS[one.gender])]
    said += [chat.t(_("young"))] if YOUTH in one.groups else []
    said += [places.get(one.quarter, "")] if one.quarter else []
    return chat.texts.listed(said)


async def _publish(chat: Chat, body: Body) -> None:
    chosen = await selection.chosen(chat.db, body.id)
    for group, least in body.quotas.items():
        count = sum(group in each.groups for each in chosen)
        if count < least:
            chat.say(
                _("Chosen so far: {count}. The rules want {quota}."),
                count=count,
                quota=chat.t(QUOTAS[group], count=least),
            )
    await authoring.sure(
        chat,
        n_(
            "{count} chosen for {seats} seats. All who applied are told. Do it?",
            "{count} chosen for {seats} seats. All who applied are told. Do it?",
        ),
        authoring.DO_IT,
        count=len(chosen),
        seats=body.seats,
    )
    args = {"ids": [each.id for each in chosen]}
    await chat.do("body.publish", body.id, _("Give the seats of {title}"), args, title=chat.local(body.title))


_DO: dict[str, Callable[[Chat, Body], Coroutine[Any, Any, None]]] = {
    "dates": _dates,
    "freeze": _freeze,
    "draw": _draw,
    "read": _read,
    "publish": _publish,
}


@deed("body.freeze")
async def freeze(chat: Chat, about: int) -> None:
    """Close the list."""
    try:
        fingerprint = await selection.freeze(chat.db, about, chat.now)
    except NotNow as why:
        raise Stop(_WHY[str(why)]) from None
    chat.say(
        _("The list is closed and published. Its fingerprint: {fingerprint}"),
        fingerprint=Code(fingerprint, copyable=True),
    )
    chat.offer(f"jd_{about}", _("See it as residents do"))


@deed("body.draw", notes=("seed",))
async def draw(chat: Chat, about: int, seed: str) -> None:
    """Draw the seats."""
    try:
        await selection.draw(chat.db, about, seed, chat.now)
    except NotNow as why:
        raise Stop(_WHY[str(why)]) from None
    chat.say(_("The seats are drawn. Everybody who applied is told now."))
    chat.offer(f"jd_{about}", _("See it as residents do"))


@deed("body.mark", notes=("is_chosen",))
async def mark(chat: Chat, about: int, is_chosen: bool) -> None:
    """Choose somebody for a seat, or not; nobody is told yet."""
    if not await selection.mark(chat.db, chat.commune.id, about, is_chosen):
        raise Stop(_WHY["decided"])
    chat.say(_("Noted. Nobody is told until you give the seats."))


@deed("body.publish")
async def publish(chat: Chat, about: int, ids: list[int]) -> None:
    """Give the seats to those chosen."""
    try:
        await selection.choose(chat.db, about, ids, chat.now)
    except NotNow as why:
        raise Stop(_WHY[str(why)]) from None
    chat.say(_("The seats are given. Everybody who applied is told now."))
