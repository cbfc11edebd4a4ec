"""A call for joint projects written in chat: its text and deadline, then conditions, questions, papers, criteria."""

from flows import as_seen, authoring, drafting
from flows.chat import Chat, Stop
from flows.drafting import DRAFTED, Drafted
from flows.registry import MODERATORS, flow
from locales import _
from storage import drafts
from storage.drafts import Content, Draft

NOUN = "call"
_ADD = {
    "conditions": _("A condition"),
    "questions": _("A question"),
    "documents": _("A document"),
    "criteria": _("A criterion"),
}
_ASK = {
    "conditions": _("The condition in French:"),
    "questions": _("The question in French:"),
    "documents": _("The document in French:"),
    "criteria": _("The criterion in French:"),
}
_SHORTEST, _LONGEST = 20, 3000  # characters of an answer


@flow("call.new", creates=_("A call for projects"), roles=MODERATORS)
async def begin(chat: Chat) -> None:
    """Begin one, or go on with a draft."""
    if await drafting.goes_on(chat, NOUN):
        return
    content = {**await drafting.titled(chat, NOUN), **await drafting.text(chat, "about")}
    content |= {**await drafting.dates(chat), **await _session(chat)}
    await drafting.keep(chat, NOUN, content, {"info": _("Correct: info session")})


async def _session(chat: Chat) -> Content:
    """When and where it is explained to associations, if it is."""
    if not await chat.confirm("session", _("Is there an information session?")):
        return {"info": None, "info_place": {}}
    info = await authoring.moment(chat, "info", _("When does it begin? For example {example}."))
    place = await authoring.both(chat, "place", _("Where, in French?"), _("The same in Arabic or Darija:"))
    return {"info": info.isoformat(), "info_place": place}


@flow("call.add", roles=MODERATORS)
async def add(chat: Chat, draft: int, part: str) -> None:
    """A condition, a question, a document or a criterion more."""
    found = await drafting.found(chat, draft, NOUN)
    said = await authoring.both(chat, "text", _ASK[part], _("The same in Arabic or Darija:"))
    entry: Content = {"name": said}
    if part == "conditions":
        entry = said
    elif part == "questions":
        longest = _("At most how many letters in the answer? For example 1000.")
        entry = {"text": said, "longest": await authoring.amount(chat, "longest", longest, _SHORTEST, _LONGEST)}
    if part in ("questions", "documents"):
        entry["optional"] = await chat.confirm("optional", _("May it be left out?"))
    if not await chat.review(
        "sure",
        _("{french}\n{arabic}\nAdd it?"),
        yes=_("Add it"),
        corrections={
            "text_fr": _("Correct the text"),
            "text_ar": _("The Arabic text"),
            "longest": _("Correct: letters"),
        },
        french=said["fr"],
        arabic=said["ar"],
    ):
        raise Stop(_("Nothing was recorded."))
    title = chat.local(said)
    await chat.do("call.add", found.id, _("Add {title} to the call"), {"part": part, "entry": entry}, title=title)


def _card(chat: Chat, draft: Draft) -> None:
    as_seen.call(chat, drafts.seen(draft, chat.now))


DRAFTED[NOUN] = Drafted(_card, drafting.dates, link="k", parts=_ADD)
