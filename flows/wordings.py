"""A new version of an article: written in both languages with its reasons, and told to those who spoke on it."""

from typing import Any

from flows import authoring
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, deed, flow
from locales import _
from storage import readings, wordings
from storage.readings import Line
from storage.schema import Localised
from storage.wordings import Overtaken

LONGEST = 3000  # characters
_LATE = _("This article has changed meanwhile. Read it again first.")


@flow("article.publish", roles=COORDINATORS)
async def publish(chat: Chat, consultation: int) -> None:
    """Choose an article, write how it reads from now on."""
    book = await readings.book(chat.db, chat.commune.id, consultation, chat.citizen.id)
    if book is None:
        raise Stop(_("This consultation has no articles yet."))

    async def page(offset: int, limit: int) -> list[Line]:
        return list(book.lines[offset : offset + limit])

    async def find(id: Any) -> Line | None:
        return book.line(int(id))

    line = await chat.browse(
        "article", _("Which article?"), page, find, lambda line: f"{line.number}. {chat.local(line.title)}"
    )
    chat.say(
        _("How it reads now:\n{french}\n{arabic}"), french=line.text["fr"], arabic=line.text.get("ar", line.text["fr"])
    )
    text = await authoring.both(
        chat, "text", _("Write how it reads from now on, in French."), _("The same in Arabic:"), LONGEST
    )
    why = await authoring.both(
        chat, "why", _("Why does it change? In French:"), _("The same in Arabic or Darija:"), longest=1000
    )
    # The version is in the key: what a colleague publishes meanwhile is read before it is replaced.
    await authoring.sure(
        chat,
        _("{number}. {title}\n{french}\n{arabic}\nThose who spoke on it are told. Publish?"),
        (_("Publish"), _("Cancel")),
        f"sure_{line.version}",
        number=line.number,
        title=chat.local(line.title),
        french=text["fr"],
        arabic=text["ar"],
    )
    args = {"base": line.version, "text": text, "why": why}
    summary = _("New version of article {number}, {title}")
    await chat.do("article.publish", line.id, summary, args, number=line.number, title=chat.local(line.title))


@deed("article.publish", notes=("base",))
async def do_publish(chat: Chat, about: int, base: int, text: Localised, why: Localised) -> None:
    """Publish it, and have it told."""
    try:
        version = await wordings.publish(chat.db, chat.commune.id, about, base, text, why, chat.now)
    except Overtaken:
        raise Stop(_LATE) from None
    chat.say(_("Published: version {version}."), version=version)
    chat.offer(f"ca_{about}", _("See the article"))
