"""Drafts of surveys, councils, opinions and calls in the hands of the staff, until they are announced."""

from collections.abc import Awaitable, Callable
from typing import Any

from flows import authoring, drafting
from flows.chat import Chat
from flows.drafting import DRAFTED
from flows.registry import COORDINATORS, MODERATORS, deed, flow
from locales import _
from locales.values import Day, Hour, Written
from storage import drafts
from storage.drafts import SHAPES, Content, Draft

PARTS = {
    "questions": _("Questions"),
    "advice": _("Recommendations"),
    "conditions": _("Conditions"),
    "documents": _("Documents"),
    "criteria": _("Criteria"),
    "seats": _("Seats and rules"),
}
_ACTS = {
    "add": _("Add something"),
    "out": _("Take something out"),
    "correct": _("Correct it"),
    "see": _("See it as people do"),
    "announce": _("Announce it"),
    "drop": _("Drop the draft"),
}


@flow("draft.write", roles=MODERATORS, link="dw", takes="draft")
async def write(chat: Chat, draft: int) -> None:
    """What to do with a draft."""
    found = await drafting.found(chat, draft)
    kind = DRAFTED[found.noun]
    _show(chat, found)
    acts = _acts(chat, found)
    act = await chat.choose("act", _("What next?"), list(acts), lambda each: chat.t(acts[each]))
    match act:
        case "add":
            await _add(chat, found)
        case "rules":
            chat.then(f"{found.noun}.rules", draft=found.id)
        case "see":
            chat.then(kind.see, draft=found.id)
        case "announce":
            await _announce(chat, found)
        case "drop":
            await authoring.sure(chat, _("The draft is lost, with all that is in it. Drop it?"))
            await chat.do(
                f"{found.noun}.drop", found.id, _("Drop the draft {title}"), {}, title=chat.local(found.title)
            )
        case _:
            chat.then(f"draft.{act}", draft=found.id)


def _show(chat: Chat, found: Draft) -> None:
    chat.say(_("Draft: {title}"), title=chat.local(found.title))
    for part in SHAPES[found.noun].lists:
        lines = [chat.t("{n}. {title}", n=n, title=chat.local(drafts.words(each))) for n, each in _listed(found, part)]
        if lines:
            chat.say("{part}\n{lines}", part=chat.t(PARTS[part]), lines=Written("\n".join(lines)))
    if found.missing:
        lines = [chat.t("• {line}", line=chat.t(PARTS[part])) for part in found.missing]
        chat.say(_("Still missing:\n{lines}"), lines=Written("\n".join(lines)))
    drafting.say_dates(chat, drafts.seen(found, chat.now))
    if not found.missing and chat.citizen.role not in COORDINATORS:
        chat.say(_("A coordinator can announce it with /new."))


def _listed(found: Draft, part: str) -> list[tuple[int, Content]]:
    return list(enumerate(found.listed(part), 1))


def _acts(chat: Chat, found: Draft) -> dict[str, str]:
    """What this person can do with it as it is now, and what the buttons say."""
    kind, is_ready = DRAFTED[found.noun], not found.missing
    acts = dict(_ACTS)
    if len(kind.parts) == 1:
        acts["add"] = next(iter(kind.parts.values()))
    if kind.rules:
        acts["rules"] = kind.rules
    can = {
        "add": bool(_open_parts(found)),
        "out": any(found.listed(part) for part in kind.parts),
        "see": is_ready,
        "announce": is_ready and chat.citizen.role in COORDINATORS,
    }
    order = ["add", "rules", "out", "correct", "see", "announce", "drop"]
    return {act: acts[act] for act in order if act in acts and can.get(act, True)}


def _open_parts(found: Draft) -> list[str]:
    """Its lists that have room."""
    lists = SHAPES[found.noun].lists
    return [part for part in DRAFTED[found.noun].parts if len(found.listed(part)) < lists[part]]


async def _add(chat: Chat, found: Draft) -> None:
    parts, said = _open_parts(found), DRAFTED[found.noun].parts
    part = parts[0]
    if len(said) > 1:
        part = await chat.choose("part", _("What do you add?"), parts, lambda each: chat.t(said[each]))
    chat.then(f"{found.noun}.add", draft=found.id, part=part)


async def _announce(chat: Chat, found: Draft) -> None:
    row = drafts.seen(found, chat.now)
    DRAFTED[found.noun].card(chat, found)
    _say_opening(chat, row)
    # A yes to what was shown is no yes to what a colleague has made of it since.
    if not await chat.confirm(
        f"sure-{found.mark}", _("People will see it so. Announce it?"), yes=_("Announce it"), no=_("Not now")
    ):
        chat.then("draft.write", draft=found.id)
        return
    title, args = chat.local(found.title), {"mark": found.mark, "slug": found.slug}
    await chat.do(f"{found.noun}.announce", found.id, _("Announce {title}"), args, title=title)


def _say_opening(chat: Chat, row: Any) -> None:
    if (opens := getattr(row, "opens", None)) and opens > chat.now:
        chat.say(_("It opens by itself on {day}, {hour}."), day=Day(opens), hour=Hour(opens))


@flow("draft.see", roles=MODERATORS)
async def see(chat: Chat, draft: int) -> None:
    """A draft as people will see it."""
    found = await drafting.found(chat, draft)
    DRAFTED[found.noun].card(chat, found)
    chat.offer(f"dw_{found.id}", _("Back to the draft"))


@flow("draft.out", roles=MODERATORS)
async def out(chat: Chat, draft: int) -> None:
    """Take an entry out of one of its lists."""
    found = await drafting.found(chat, draft)
    listed = {drafts.mark_of(each): (part, each) for part in DRAFTED[found.noun].parts for each in found.listed(part)}
    mark = await chat.choose(
        "entry", _("Which one?"), list(listed), lambda mark: chat.local(drafts.words(listed[mark][1]))
    )
    part, entry = listed[mark]
    args = {"part": part, "mark": mark}
    said = chat.local(drafts.words(entry))
    await chat.do(f"{found.noun}.remove", found.id, _("Take {project} out of the draft"), args, project=said)


@flow("draft.correct", roles=MODERATORS)
async def correct(chat: Chat, draft: int) -> None:
    """Write its title, its text or its dates anew."""
    found = await drafting.found(chat, draft)
    kind = DRAFTED[found.noun]
    asked: dict[str, tuple[str, Callable[[], Awaitable[Content]]]] = {
        "title": (_("The title"), lambda: drafting.titled(chat, found.noun, found.id)),
        "text": (_("The text"), lambda: drafting.text(chat, kind.text)),
        "dates": (_("The dates"), lambda: kind.dates(chat)),
    }
    what = await chat.choose("what", _("What do you correct?"), list(asked), lambda each: chat.t(asked[each][0]))
    values = await asked[what][1]()
    title = chat.local(found.title)
    await chat.do(f"{found.noun}.change", found.id, _("Change the draft {title}"), {"values": values}, title=title)


# What is done


async def _begin(chat: Chat, _about: int, noun: str, content: Content) -> None:
    id = await drafting.possible(drafts.begin(chat.db, chat.commune.id, noun, content, chat.now))
    chat.say(_("The draft is kept. Nobody sees it yet."))
    chat.then(DRAFTED[noun].begun, draft=id)


async def _change(chat: Chat, about: int, values: Content) -> None:
    await drafting.possible(drafts.change(chat.db, chat.commune.id, about, values))
    chat.say(_("The draft is changed."))
    chat.then("draft.write", draft=about)


async def _do_add(chat: Chat, about: int, part: str, entry: Content) -> None:
    await drafting.possible(drafts.add(chat.db, chat.commune.id, about, part, entry))
    chat.say(_("It is added."))
    chat.then("draft.write", draft=about)


async def _remove(chat: Chat, about: int, part: str, mark: str) -> None:
    await drafting.possible(drafts.remove(chat.db, chat.commune.id, about, part, mark))
    chat.say(_("It is out."))
    chat.then("draft.write", draft=about)


async def _do_announce(chat: Chat, about: int, mark: str, **_noted: str) -> None:
    found = await drafting.found(chat, about)
    row = drafts.seen(found, chat.now)
    id = await drafting.possible(drafts.announce(chat.db, chat.commune.id, about, mark, chat.now))
    chat.say(_("It is announced. Tell people of it with /announce."))
    _say_opening(chat, row)
    if found.noun in _SEEN_AT_ONCE or row.opens <= chat.now:
        chat.offer(f"{DRAFTED[found.noun].link}_{id}", _("See it as people do"))


async def _drop(chat: Chat, about: int) -> None:
    await drafting.possible(drafts.drop(chat.db, chat.commune.id, about))
    chat.say(_("The draft is dropped."))


_SEEN_AT_ONCE = ("body", "opinion")  # before one can apply, or whenever

for _noun in SHAPES:
    deed(f"{_noun}.begin", MODERATORS)(_begin)
    deed(f"{_noun}.change", MODERATORS)(_change)
    deed(f"{_noun}.add", MODERATORS, notes=("part",))(_do_add)
    deed(f"{_noun}.remove", MODERATORS, notes=("part",))(_remove)
    deed(f"{_noun}.announce", COORDINATORS, notes=("slug",))(_do_announce)
    deed(f"{_noun}.drop", MODERATORS)(_drop)
