"""An opinion of a body written in chat: what it is about, its recommendations one by one."""

from flows import as_seen, authoring, drafting
from flows.chat import Chat, Stop
from flows.drafting import DRAFTED, Drafted
from flows.registry import MODERATORS, flow
from locales import _
from storage import bodies, drafts
from storage.drafts import Content, Draft
from storage.schema import Localised

NOUN = "opinion"
_OTHER = "other"


@flow("opinion.new", creates=_("An opinion of a body"), roles=MODERATORS)
async def begin(chat: Chat) -> None:
    """Begin one, or go on with a draft."""
    if await drafting.goes_on(chat, NOUN):
        return
    content = {**await drafting.titled(chat, NOUN), "author": await _author(chat)}
    content |= {**await drafting.text(chat, "about"), **await _dates(chat)}
    await drafting.keep(chat, NOUN, content, {"author": _("Correct: the body"), "author_fr": _("Correct: the body")})


async def _author(chat: Chat) -> Localised:
    """The body that gives it: one of the commune's, or another."""
    known = {str(each.id): each.title for each in await bodies.every(chat.db, chat.commune.id)}
    which = _OTHER
    if known:
        which = await chat.choose(
            "author",
            _("Which body gives it?"),
            [*known, _OTHER],
            lambda id: chat.t(_("Another one")) if id == _OTHER else chat.local(known[id]),
        )
    if which != _OTHER:
        return known[which]
    return await authoring.both(
        chat, "author", _("Which body gives it, in French?"), _("The same in Arabic or Darija:")
    )


async def _dates(chat: Chat) -> Content:
    """Until when residents can feed it; none: as long as it is a draft of the body."""
    if not await chat.confirm("until", _("Is there a last day for the words of residents?")):
        return {"closes": None}
    until = _("When does it close? For example {example}.")
    return {"closes": (await authoring.moment(chat, "closes", until, last=True)).isoformat()}


@flow("opinion.add", roles=MODERATORS)
async def add(chat: Chat, draft: int, part: str) -> None:
    """One recommendation more."""
    found = await drafting.found(chat, draft, NOUN)
    french, arabic = _("The recommendation in French:"), _("The recommendation in Arabic or Darija:")
    advice = await authoring.both(chat, "text", french, arabic, longest=drafting.LONGEST_TEXT)
    if not await chat.review(
        "sure",
        _("{french}\n{arabic}\nAdd it?"),
        yes=_("Add it"),
        corrections={"text_fr": _("Correct the text"), "text_ar": _("The Arabic text")},
        french=advice["fr"],
        arabic=advice["ar"],
    ):
        raise Stop(_("Nothing was recorded."))
    args = {"part": part, "entry": advice}
    await chat.do("opinion.add", found.id, _("Add the recommendation {title}"), args, title=chat.local(advice))


def _card(chat: Chat, draft: Draft) -> None:
    as_seen.opinion(chat, drafts.seen(draft, chat.now))


DRAFTED[NOUN] = Drafted(_card, _dates, link="v", parts={"advice": _("Add recommendation")})
