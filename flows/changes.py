"""Before and after: how the articles of a consultation have changed, and why."""

from typing import Any

from flows.chat import Chat, Stop
from flows.registry import flow, notice
from locales import _
from storage import wordings
from storage.wordings import Change

_SAME = _("This article reads as it did before.")


@flow("article.changes", link="cd", takes="consultation")
async def changes(chat: Chat, consultation: int) -> None:
    """Which articles have changed."""
    found = await wordings.changes(chat.db, chat.commune.id, consultation)
    if not found:
        raise Stop(_("No article has changed."))

    async def page(offset: int, limit: int) -> list[Change]:
        return found[offset : offset + limit]

    async def find(id: Any) -> Change | None:
        return next((each for each in found if each.id == int(id)), None)

    chosen = await chat.browse(
        "article",
        _("These articles have changed. Which one?"),
        page,
        find,
        label=lambda each: f"{each.number}. {chat.local(each.title)}",
    )
    chat.then("article.change", article=chosen.id)


@flow("article.change", link="cb", takes="article")
async def change(chat: Chat, article: int, version: int = 1) -> None:
    """One article, before and after."""
    found = await wordings.since(chat.db, chat.commune.id, article, version)
    if found is None:
        chat.offer(f"ca_{article}", _("See the article"))
        chat.say(_SAME)
        return
    _show(chat, found)
    chat.offer(f"ca_{article}", _("See the article"))
    chat.offer(f"cd_{found.consultation_id}", _("What has changed"))


def _show(chat: Chat, found: Change) -> None:
    chat.say("<b>{number}. {title}</b>", number=found.number, title=chat.local(found.title))
    chat.say(_("<b>Before</b>\n{wording}"), wording=chat.local(found.before))
    chat.say(_("<b>After</b>\n{wording}"), wording=chat.local(found.after))
    if found.why:
        chat.say(_("<b>Why</b>\n{wording}"), wording=chat.local(found.why))


@notice("article.changed")
async def changed(chat: Chat, about: int, occasion: str) -> None:
    """Tell those who spoke on it how it reads now."""
    version = int(occasion)
    found = await wordings.since(chat.db, chat.commune.id, about, version - 1)
    if found is None:
        return
    chat.say(_("An article on which you gave your opinion has changed."))
    _show(chat, found)
    chat.offer(f"ca_{about}", _("See the article"))
