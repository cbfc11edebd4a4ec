"""A consultation written in chat: what it is about, its articles one by one; it opens on its day."""

from datetime import datetime
from typing import Any

from flows import authoring
from flows.chat import Chat, Stop
from flows.registry import MODERATORS, deed, flow
from locales import _
from locales.values import Day, Hour, Written
from storage import consultation_plans
from storage.consultation_plans import OpenAlready
from storage.consultations import ACCOUNT, ASSURANCES, DECLARED

_ASSURANCES = {ACCOUNT: _("No ID number"), DECLARED: _("With the ID number")}
_ACTS = {"add": _("Add an article"), "see": _("Read it all"), "drop": _("Drop it")}
_GONE = _("This consultation has opened: it cannot be changed here any more.")


@flow("consultation.plan", creates=_("A consultation"), roles=MODERATORS)
async def plan(chat: Chat) -> None:
    """Begin one, or go on with one that has not opened."""
    begun = {str(each.id): each for each in await consultation_plans.every(chat.db, chat.commune.id, chat.now)}
    which = "new"
    if begun:
        which = await chat.choose(
            "which",
            _("Go on with a draft, or begin another?"),
            ["new", *begun],
            lambda id: chat.t(_("Begin another")) if id == "new" else chat.local(begun[id].short),
        )
    if which != "new":
        chat.then("consultation.write", consultation=int(which))
        return
    await _begin(chat)


async def _begin(chat: Chat) -> None:
    title = await authoring.both(chat, "title", _("The title in French:"), _("The title in Arabic or Darija:"))
    short = await authoring.brief(chat, title)
    about = await authoring.both(
        chat, "about", _("What is asked, in French?"), _("The same in Arabic or Darija:"), longest=1000
    )
    assurance = await chat.choose(
        "assurance", _("How does one take part?"), ASSURANCES, lambda each: chat.t(_ASSURANCES[each])
    )
    opens = await authoring.moment(chat, "opens", _("When does it open? For example {example}."))
    until = _("When does it close? For example {example}.")
    closes = await authoring.moment(chat, "closes", until, last=True, after=opens)
    if not await chat.review(
        "sure",
        _("{title}\n{about}\nFrom {opens}, {from_hour} to {closes}, {to_hour}.\nKeep this draft?"),
        yes=_("Keep the draft"),
        corrections={
            "title_fr": _("Correct the title"),
            "title_ar": _("The Arabic title"),
            "about_fr": _("Correct the text"),
            "about_ar": _("The Arabic text"),
            "opens": _("Correct opening"),
            "closes": _("Correct closing"),
        },
        title=chat.local(title),
        about=chat.local(about),
        opens=Day(opens),
        from_hour=Hour(opens),
        closes=Day(closes),
        to_hour=Hour(closes),
    ):
        raise Stop(_("Nothing was recorded."))
    args = {"title": title, "short": short, "about": about, "assurance": assurance}
    args |= {"opens": opens.isoformat(), "closes": closes.isoformat()}
    await chat.do(
        "consultation.begin", 0, _("Begin the consultation {title}"), {"values": args}, title=chat.local(short)
    )


@deed("consultation.begin", MODERATORS)
async def do_begin(chat: Chat, _about: int, values: dict[str, Any]) -> None:
    """Keep it, and go on to its articles."""
    moments = {name: datetime.fromisoformat(values[name]) for name in ("opens", "closes")}
    id = await consultation_plans.begin(chat.db, chat.commune.id, **{**values, **moments})
    chat.say(_("The draft is kept. Nobody sees it before it opens."))
    chat.then("consultation.write", consultation=id)


@flow("consultation.write", roles=MODERATORS, link="cp", takes="consultation")
async def write(chat: Chat, consultation: int) -> None:
    """What to do with one that has not opened."""
    draft = await consultation_plans.find(chat.db, chat.commune.id, consultation, chat.now)
    if draft is None:
        raise Stop(_GONE)
    written = await consultation_plans.articles(chat.db, draft.id)
    lines = (chat.t("{n}. {title}", n=each.number, title=chat.local(each.title)) for each in written)
    chat.say(_("Draft: {title}\n{projects}"), title=chat.local(draft.title), projects=Written("\n".join(lines)))
    chat.say(_("It opens by itself on {day}, {hour}."), day=Day(draft.opens), hour=Hour(draft.opens))
    acts = [act for act in _ACTS if written or act != "see"]
    act = await chat.choose("act", _("What next?"), acts, lambda act: chat.t(_ACTS[act]))
    if act == "add":
        await _article(chat, draft.id, len(written) + 1)
    elif act == "see":
        chat.say("<b>{title}</b>\n{about}", title=chat.local(draft.title), about=chat.local(draft.about))
        for each in written:
            words = {"title": chat.local(each.title), "wording": chat.local(each.text)}
            chat.say("<b>{number}. {title}</b>\n{wording}", number=each.number, **words)
        chat.offer(f"cp_{draft.id}", _("Back to the draft"))
    else:
        await authoring.sure(chat, _("The draft and its articles are lost. Drop it?"))
        await chat.do("consultation.drop", draft.id, _("Drop the draft {title}"), {}, title=chat.local(draft.short))


async def _article(chat: Chat, id: int, number: int) -> None:
    title = await authoring.both(chat, "title", _("The title in French:"), _("The title in Arabic or Darija:"))
    text = await authoring.both(
        chat, "text", _("The article in French:"), _("The article in Arabic or Darija:"), longest=3000
    )
    is_main = await chat.confirm("main", _("Is it one of the most important, for those who have three minutes?"))
    if not await chat.review(
        "sure",
        _("{number}. {title}\n{wording}\nAdd this article?"),
        yes=_("Add it"),
        corrections={
            "title_fr": _("Correct the title"),
            "title_ar": _("The Arabic title"),
            "text_fr": _("Correct the text"),
            "text_ar": _("The Arabic text"),
        },
        number=number,
        title=chat.local(title),
        wording=chat.local(text),
    ):
        raise Stop(_("Nothing was recorded."))
    args = {"title": title, "text": text, "is_main": is_main}
    await chat.do("article.add", id, _("Add the article {title}"), args, title=chat.local(title))


@deed("article.add", MODERATORS)
async def do_add(chat: Chat, about: int, **values: Any) -> None:
    """Add an article."""
    try:
        await consultation_plans.add(chat.db, chat.commune.id, about, chat.now, **values)
    except OpenAlready:
        raise Stop(_GONE) from None
    chat.say(_("The article is added."))
    chat.then("consultation.write", consultation=about)


@deed("consultation.drop", MODERATORS)
async def do_drop(chat: Chat, about: int) -> None:
    """Throw it away."""
    try:
        await consultation_plans.drop(chat.db, chat.commune.id, about, chat.now)
    except OpenAlready:
        raise Stop(_GONE) from None
    chat.say(_("The draft is dropped."))
