"""What waits for the staff, in one line of every summary: how many of each noun, and how old the oldest is."""

from datetime import datetime

from flows.chat import Chat
from locales import _, n_
from locales.values import Written
from storage.queue import Summary

NOUNS = {
    "message": _("Message"),
    "petition": _("Petition"),
    "comment": _("Comment"),
    "enquiry": _("Question"),
    "idea": _("Idea"),
}


def say(chat: Chat, summary: Summary) -> None:
    """Say it; nothing where nothing waits."""
    if summary.oldest:
        counts = (f"{chat.t(NOUNS[noun])} {count}" for noun, count in summary.counts.items())
        said = _("Waiting: {counts}.\nThe oldest: {age}.")
        chat.say(said, counts=Written(" · ".join(counts)), age=age(chat, summary.oldest))


def age(chat: Chat, since: datetime) -> str:
    """How long ago that was."""
    hours = int((chat.now - since).total_seconds() // 3600)
    if hours < 1:
        return chat.t(_("less than an hour"))
    if hours < 48:
        return chat.t(n_("{count} hour", "{count} hours"), count=hours)
    return chat.days(hours // 24)
