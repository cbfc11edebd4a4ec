"""To announce: what, to whom, when; how it will look, and how many it reaches."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows import announcement_words, authoring
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, FLOWS, ROLE_NAMES, deed, flow
from locales import NAMES, _, texts
from locales.values import Written
from reports import tallies as figures
from reports.tallies import CELLS
from storage import announcements, audiences, media, tallies
from storage.audiences import CHANNELS, MEMBERS, PER_SECOND, Reach
from storage.tallies import Process

_LONGEST = 800  # characters: with what is added it fits one message, under a picture too, on any channel
_NONE = "-"
_MOST_BUTTONS = 3  # as many as any channel shows
_KINDS = {
    "language": (_("Language"), _("Which language?")),
    "quarter": (_("Neighbourhood"), _("Which neighbourhood?")),
    "channel": (_("Channel"), _("Which channel?")),
    "took_part": (_("Took part in"), _("Took part in what?")),
    "topic": (_("Topic"), _("About which topic?")),
    "role": (_("Role of the staff"), _("Which role?")),
}


@dataclass(frozen=True, slots=True)
class Way:
    """What a button may open."""

    id: str
    label: dict[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """By what people are chosen, or one of the values of that."""

    id: str
    label: str


@flow("announce", _("Announce"), command="announce", roles=COORDINATORS)
async def announce(chat: Chat) -> None:
    """Write an announcement; it goes only after it is started."""
    words = await _texts(chat)
    kind, media_id = await _media(chat)
    opens = await _opens(chat)
    audience = await _audience(chat)
    due = await _when(chat)
    for language in words:
        chat.preview(announcement_words.written(texts(language), words, kind, media_id, opens))
    reach = await audiences.reach(chat.db, chat.commune, audience, chat.now)
    _show(chat, reach, await announcement_words.audience(chat, audience))
    if not await chat.confirm("sure", _("Keep it? It goes only after you start it."), yes=_("Keep"), no=_("Cancel")):
        raise Stop(_("Nothing was recorded."))
    args = {
        "texts": words,
        "kind": kind,
        "media_id": media_id,
        "opens": opens,
        "audience": audience,
        "due": (due or chat.now).isoformat(),
    }
    await chat.carry_out("announcement.write", 0, args)


async def _texts(chat: Chat) -> dict[str, str]:
    """The text in both languages, or knowingly in one."""
    in_french = _("Write the announcement in French, or “-” to leave it out.")
    in_darija = _("Write the announcement in Darija, or “-” to leave it out.")
    words = {
        "fr": await chat.text("text_fr", in_french, longest=_LONGEST),
        "ary": await chat.text("text_ary", in_darija, longest=_LONGEST),
    }
    found = {code: text for code, text in words.items() if text.strip() != _NONE}
    if not found:
        raise Stop(_("There is no text. Nothing was recorded."))
    if len(found) < len(words):
        [missing] = words.keys() - found.keys()
        question = _("There is no text in {language}: all get the other one. Go on?")
        if not await chat.confirm("one", question, language=NAMES[missing]):
            chat.correct(f"text_{missing}", "one")
    return found


async def _media(chat: Chat) -> tuple[str, int | None]:
    if not await chat.confirm("media", _("Does a picture or a PDF go with it?")):
        return "text", None
    given = await chat.given("file", _("Send the picture or the PDF."), "photo", "document")
    return (given.kind, given.media) if given.media else ("text", None)


async def _opens(chat: Chat) -> list[dict[str, Any]]:
    """What its buttons open."""
    entries = [each for each in FLOWS.values() if 0 < each.in_menu < 50 and not each.roles]
    flows = sorted(entries, key=lambda each: each.in_menu)
    ways = [Way(f"/{each.command}", announcement_words.in_each_language(each.title)) for each in flows if each.command]
    for process in await tallies.every(chat.db, chat.commune.id):
        link = next((each.link for each in flows if each.link and each.takes == process.noun), None)
        if link and process.closes and process.closes > chat.now:
            ways.insert(0, Way(f"{link}_{process.about}", process.short))
    question = chat.t(_("Which buttons go under it? Three at most; none is fine."))
    chosen = await chat.several(
        "opens", lambda _ticked: question, ways, lambda way: chat.local(way.label), least=0, most=_MOST_BUTTONS
    )
    return [{"to": way.id, "label": way.label} for way in chosen]


async def _audience(chat: Chat) -> dict[str, Any]:
    """Whom it is for: all that is chosen must hold."""
    offered = await _offered(chat)
    question = chat.t(_("To whom? Choose nothing for all who agreed, or narrow it down."))
    kinds = [Choice(name, chat.t(_KINDS[name][0])) for name, values in offered.items() if values]
    ticked = await chat.several("audience", lambda _ticked: question, kinds, lambda kind: kind.label, 0, len(kinds))
    found = {}
    for kind in ticked:
        ask, values = _KINDS[kind.id][1], offered[kind.id]
        found[kind.id] = (await chat.choose(f"audience-{kind.id}", ask, values, lambda value: value.label)).id
    return found


async def _offered(chat: Chat) -> dict[str, list[Choice]]:
    every = await tallies.every(chat.db, chat.commune.id)
    return {
        "language": [Choice(code, name) for code, name in NAMES.items()],
        "quarter": [Choice(each.slug, chat.local(each.name)) for each in chat.commune.quarters],
        "channel": [Choice(name, chat.t(CELLS[name])) for name in CHANNELS],
        "took_part": [
            *(Choice(each.id, figures.title(chat.texts, each)) for each in every),
            *(_members(chat, each) for each in every if each.noun == "body"),
        ],
        "topic": [Choice(topic, chat.t(name)) for topic, name in announcement_words.TOPICS.items()],
        "role": [Choice(role, chat.t(name)) for role, name in ROLE_NAMES.items()],
    }


def _members(chat: Chat, body: Process) -> Choice:
    label = chat.t(_("Members: {title}"), title=chat.local(body.short))
    return Choice(f"{MEMBERS}_{body.about}", label)


async def _when(chat: Chat) -> datetime | None:
    if await chat.confirm("now", _("When?"), yes=_("At once"), no=_("At a time")):
        return None
    return await authoring.moment(chat, "due", _("On which day and at what time? Write it like {example}."))


def _show(chat: Chat, reach: Reach, audience: str) -> None:
    paced = [math.ceil(reach.now[name] / pace / 60) for name, pace in PER_SECOND.items() if name in reach.now]
    chat.say("{audience}", audience=Written(audience))
    chat.say(_("Reached now: {count}."), count=sum(reach.now.values()))
    if paced:
        chat.say(_("That takes about {minutes} min."), minutes=max(paced))
    for text, count in (
        (_("Outside the window of WhatsApp: {count}."), reach.outside),
        (_("Want no messages: {count}."), reach.stopped),
        (_("Cannot be reached: {count}."), reach.unreachable),
        (_("Had enough of them this week: {count}."), reach.enough),
    ):
        if count:
            chat.say(text, count=count)
    if reach.outside and (each := chat.commune.announcement_price):
        price = math.ceil(reach.outside * each)
        chat.say(_("They get WhatsApp's approved text, for about {price} MAD in all."), price=price)


@deed("announcement.write", notes=("audience",))
async def do_write(
    chat: Chat,
    _about: int,
    texts: dict[str, str],
    kind: str,
    media_id: int | None,
    opens: list[Any],
    audience: dict[str, Any],
    due: str,
) -> None:
    """Keep it, paused."""
    moment = datetime.fromisoformat(due)
    if media_id is not None:
        await media.hand_in(chat.db, media_id, chat.citizen.id, "announcement", moment + announcements.MEDIA_KEPT)
    row = await announcements.write(
        chat.db, chat.commune.id, chat.citizen.id, texts, audience, moment, chat.now, opens, kind, media_id
    )
    chat.say(_("Kept. It waits for you to start it."))
    chat.then("announcement", announcement=row.id)
