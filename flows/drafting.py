"""What is written part by part before anybody sees it: what a noun says of its drafts, how one is begun."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flows import authoring
from flows.chat import Chat, Stop
from flows.questions import Refused
from locales import _
from locales.values import Day, Hour
from storage import drafts
from storage.budget_desk import NotPossible
from storage.drafts import Content, Draft

T = TypeVar("T")

LONGEST_TEXT = 1000  # characters
WHY = {
    "unknown": _("There is no such draft."),
    "twice": _("There is one with this title already. Write another, with the year for instance."),
    "double": _("This is there already. Nothing was added."),
    "many": _("There is no room for more of these."),
    "changed": _("This has changed meanwhile. Nothing was changed: look again."),
    "needed": _("Another question follows on it. Take that one out first."),
    "unready": _("Something is missing still. Add it first."),
    "past": _("The closing has passed. Correct the dates first."),
}


@dataclass(frozen=True, slots=True)
class Drafted:
    """Of the drafts of a noun: how people will see one, what is added to it, what is asked for its dates."""

    card: Callable[[Chat, Draft], None]
    dates: Callable[[Chat], Awaitable[Content]]
    link: str  # the letter of the link to what it becomes
    text: str = "about"  # the key of its text
    parts: dict[str, str] = field(default_factory=dict)  # list -> what the button says that adds to it
    rules: str = ""  # what the button says that leads to <noun>.rules
    see: str = "draft.see"
    begun: str = "draft.write"  # where one goes on once it is begun


DRAFTED: dict[str, Drafted] = {}  # each noun's module adds its own


async def goes_on(chat: Chat, noun: str) -> bool:
    """Whether a draft is gone on with; otherwise another is to be begun."""
    begun = {str(each.id): each for each in await drafts.every(chat.db, chat.commune.id, noun)}
    if not begun:
        return False
    which = await chat.choose(
        "which",
        _("Go on with a draft, or begin another?"),
        ["new", *begun],
        lambda id: chat.t(_("Begin another")) if id == "new" else chat.local(begun[id].title),
    )
    if which == "new":
        return False
    chat.then("draft.write", draft=int(which))
    return True


async def titled(chat: Chat, noun: str, but: int = 0) -> Content:
    """A title that no other of its noun has, and a short one."""
    taken = await drafts.titles(chat.db, chat.commune.id, noun, but)

    def read_as(typed: str) -> str:
        if drafts.plain(typed) in taken:
            raise Refused(WHY["twice"])
        return " ".join(typed.split())

    french, arabic = _("The title in French:"), _("The title in Arabic or Darija:")
    title = await authoring.both(chat, "title", french, arabic, read_as=read_as)
    return {"title": title, "short": await authoring.brief(chat, title)}


async def text(chat: Chat, key: str) -> Content:
    """What it is about."""
    french, arabic = _("What is it about, in French?"), _("The same in Arabic or Darija:")
    return {key: await authoring.both(chat, key, french, arabic, longest=LONGEST_TEXT)}


async def dates(chat: Chat) -> Content:
    """When it opens and closes."""
    opens = await authoring.moment(chat, "opens", _("When does it open? For example {example}."))
    until = _("When does it close? For example {example}.")
    closes = await authoring.moment(chat, "closes", until, last=True, after=opens)
    return {"opens": opens.isoformat(), "closes": closes.isoformat()}


async def keep(chat: Chat, noun: str, content: Content, corrections: dict[str, str]) -> None:
    """Read it back in both languages, and keep it as a draft."""
    key = DRAFTED[noun].text
    for language in ("fr", "ar"):
        chat.say("<b>{title}</b>\n{about}", title=content["title"][language], about=content[key][language])
    say_dates(chat, drafts.seen(Draft(noun=noun, slug="", content=content), chat.now))
    usual = {"title_fr": _("Correct the title"), "title_ar": _("The Arabic title")}
    usual |= {f"{key}_fr": _("Correct the text"), f"{key}_ar": _("The Arabic text")}
    usual |= {"opens": _("Correct opening"), "closes": _("Correct closing")}
    if not await chat.review(
        "sure", _("Keep this draft? Nobody sees it yet."), yes=_("Keep the draft"), corrections=usual | corrections
    ):
        raise Stop(_("Nothing was recorded."))
    title = chat.local(content["title"])
    args = {"noun": noun, "content": content}
    await chat.do(f"{noun}.begin", 0, _("Begin the draft {title}"), args, title=title)


def say_dates(chat: Chat, row: Any) -> None:
    """When it opens and closes, as far as it does."""
    opens, closes = getattr(row, "opens", None), row.closes
    if opens:
        chat.say(
            _("Opens: {opens}, {from_hour}. Closes: {closes}, {to_hour}."),
            opens=Day(opens),
            from_hour=Hour(opens),
            closes=Day(closes),
            to_hour=Hour(closes),
        )
    elif closes:
        chat.say(_("Residents can send their words until {day}, {hour}."), day=Day(closes), hour=Hour(closes))


async def found(chat: Chat, id: int, noun: str = "") -> Draft:
    """A draft, while it is one."""
    draft = await drafts.find(chat.db, chat.commune.id, id)
    if draft is None or draft.noun != (noun or draft.noun):
        raise Stop(WHY["unknown"])
    return draft


async def possible(doing: Awaitable[T]) -> T:
    """What it gives, or the reason why it cannot be done."""
    try:
        return await doing
    except NotPossible as not_possible:
        raise Stop(WHY[not_possible.why]) from None
