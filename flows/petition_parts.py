"""The parts of a petition that is being written: what is asked for each, how it is read back, what staff say of it."""

from flows.chat import Chat
from flows.identity import person_name
from flows.reasons import said as reason
from locales import _
from locales.values import Code, Written
from storage.petition_drafts import OpenedDraft
from storage.petitions import ASSOCIATION, DRAFT

# Each: what is asked, how long it may be, what it is called.
PARTS = {
    "title": (_("Give your petition a title, in a few words."), 100, _("Title")),
    "request": (_("What should the council put on its agenda? Say it in one or two sentences."), 600, _("Request")),
    "reasons": (_("Why? Say what is not right today. Name nobody."), 1000, _("Reasons")),
    "aims": (_("What should be reached in the end?"), 600, _("Aims")),
    "mandataire": (
        _(
            "Who represents the petition? Write the full name of one of those who sign. Everybody will read it, and "
            "the commune answers this person."
        ),
        80,
        _("Representative"),
    ),
    "association": (_("What is the name of the association?"), 100, _("Association")),
}


async def asked(chat: Chat, part: str) -> str:
    """The words of one part."""
    text, longest, _called = PARTS[part]
    tidy = person_name if part == "mandataire" else _tidy
    return await chat.text(part, text, longest=longest, read_as=tidy)


def _tidy(typed: str) -> str:
    return "\n".join(" ".join(line.split()) for line in typed.strip().splitlines() if line.strip())


def of(own: OpenedDraft) -> list[str]:
    """The parts that this draft has."""
    return [part for part in PARTS if part != "association" or own.kind == ASSOCIATION]


def read_back(chat: Chat, own: OpenedDraft) -> None:
    """All that is written so far, and what the service said of it."""
    chat.say(_("Petition {code}"), code=Code(own.code, copyable=True))
    for part in of(own):
        if words := own.words.get(part):
            chat.say("<b>{part}</b>\n{words}", part=Written(chat.t(PARTS[part][2])), words=words)
    if own.state == DRAFT:
        remarks(chat, own)


def remarks(chat: Chat, own: OpenedDraft) -> None:
    """Why it came back."""
    if own.reasons:
        lines = "\n".join(f"• {reason(chat, code)}" for code in own.reasons)
        chat.say(_("The service asks you to correct it:\n{reasons}"), reasons=Written(lines))
    if own.answer:
        chat.say(_("The commune says: {words}"), words=own.answer)
