"""Of calls for projects, in words: what becomes of a submission, what each part is called, how it is read back."""

from flows.chat import Chat
from locales import _, n_
from locales.values import Written
from storage.submissions import ASSOCIATION, CONTACT, PAPER, OpenedSubmission

STATES = {
    "draft": _("a draft, not submitted yet"),
    "submitted": _("submitted: the commune reads it after the deadline"),
    "selected": _("selected"),
    "declined": _("not selected"),
}
_PARTS = {ASSOCIATION: _("Association"), CONTACT: _("Contact")}


def part(chat: Chat, own: OpenedSubmission, id: str) -> str:
    """What a part or a document is called."""
    if id in _PARTS:
        return chat.t(_PARTS[id])
    if id.startswith(PAPER):
        return next(chat.local(each.name) for each in own.call.papers if f"{PAPER}{each.id}" == id)
    return next(chat.local(each.text) for each in own.call.asks if each.id == id)


def every(own: OpenedSubmission) -> list[str]:
    """All parts of a submission, then its documents."""
    return own.parts + [f"{PAPER}{each.id}" for each in own.call.papers]


def is_there(own: OpenedSubmission, id: str) -> bool:
    """Whether something was said, or sent, for this part."""
    return bool(own.files.get(id.removeprefix(PAPER)) if id.startswith(PAPER) else own.words.get(id))


def say_words(chat: Chat, own: OpenedSubmission, with_contact: bool = True) -> None:
    """What was written, part by part; the panel judges without the contact."""
    for id in own.parts:
        words = own.words.get(id)
        if words and (with_contact or id != CONTACT):
            chat.say("<b>{part}</b>\n{words}", part=part(chat, own, id), words=words)


def say_files(chat: Chat, own: OpenedSubmission) -> None:
    """The list of the documents: which are there, how many pages."""
    lines = [
        chat.t(
            n_("{mark} {name}: {count} file", "{mark} {name}: {count} files"),
            mark="✓" if own.files.get(each.id) else "–",
            name=chat.t(_("{name} (optional)"), name=chat.local(each.name))
            if each.is_optional
            else chat.local(each.name),
            count=len(own.files.get(each.id, [])),
        )
        for each in own.call.papers
    ]
    if lines:
        chat.say(_("<b>Documents</b>\n{lines}"), lines=Written("\n".join(lines)))


def say_missing(chat: Chat, own: OpenedSubmission) -> None:
    """What is still missing."""
    if own.missing:
        lines = "\n".join(f"• {chat.t('{part}', part=part(chat, own, id))}" for id in own.missing)
        chat.say(_("Still missing:\n{lines}"), lines=Written(lines))
