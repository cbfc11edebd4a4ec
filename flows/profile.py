"""About me: three questions that anybody may pass over, for the counts of who takes part."""

from collections.abc import Mapping

from flows.chat import Chat
from flows.registry import flow
from locales import _
from locales.values import Written
from storage import citizens, profiles
from storage.profiles import ANSWERS, UNSAID

QUESTIONS = {
    "gender": _("Are you…"),
    "age": _("How old are you?"),
    "disability": _("Do you live with a disability?"),
}
LABELS = {
    ("gender", "woman"): _("A woman"),
    ("gender", "man"): _("A man"),
    ("age", "under_18"): _("Under 18"),
    ("age", "18_24"): _("18 to 24"),
    ("age", "25_34"): _("25 to 34"),
    ("age", "35_59"): _("35 to 59"),
    ("age", "60_over"): _("60 or more"),
    ("disability", "yes"): _("Yes"),
    ("disability", "no"): _("No"),
}
PURPOSE = "profile"


@flow("me.profile", _("About me"), command="profile")
async def profile(chat: Chat) -> None:
    """Gender, age bracket, disability; what was said can be changed and erased."""
    _quarter, known = await profiles.of(chat.db, chat.citizen.id)
    if known and await _erases(chat, known):
        await profiles.tell(chat.db, chat.citizen.id, None)
        _end(chat, _("It is erased."))
        return
    chat.say(
        _(
            "Three questions, if you wish. They serve to count who takes part, and nothing else. "
            "Nobody sees your own answers; you can erase them under “Me”. (Law 09-08)"
        )
    )
    said = {key: await _asked(chat, key) for key in QUESTIONS}
    await profiles.tell(chat.db, chat.citizen.id, said)
    citizens.agrees(chat.db, chat.citizen.id, PURPOSE, chat.now)
    _end(chat, _("Thank you, it is noted."))


async def _asked(chat: Chat, key: str) -> str:
    return await chat.choose(key, QUESTIONS[key], ANSWERS[key], lambda value: _label(chat, key, value))


async def _erases(chat: Chat, known: Mapping[str, str]) -> bool:
    said = [f"• {_label(chat, key, value)}" for key, value in known.items()]
    return not await chat.confirm(
        "again",
        _("You said:\n{answers}\nDo you want to change it?"),
        yes=_("Change it"),
        no=_("Erase it"),
        answers=Written("\n".join(said)),
    )


def _label(chat: Chat, key: str, value: str) -> str:
    return chat.t(_("I prefer not to say") if value == UNSAID else LABELS[key, value])


def _end(chat: Chat, text: str) -> None:
    chat.say(text)
    chat.offer("/me", _("Back to “Me”"))
