"""I help somebody: another person takes part on this phone, with their own consent, name, code and receipts."""

from flows import identity
from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _, n_
from locales.values import Code
from storage import assisted, helping
from storage.assisted import Enough

_ENOUGH = _("Today {most} people took part on this account with help. That is the most: please go on tomorrow.")


@flow("help.other", _("I help somebody"), command="help_other", word="help_other", is_own=True)
async def other(chat: Chat, leads: str = "menu") -> None:
    """Tell what it is, have the other person agree, then go on in their place: to the menu, or where it was asked."""
    left = await assisted.left(chat.db, chat.commune, chat.citizen.id, chat.now)
    if not left:
        raise Stop(_ENOUGH, most=chat.commune.helps_a_day)
    chat.say(
        n_(
            "Somebody who has no phone here can take part on yours, beside you. {count} more person today.",
            "Somebody who has no phone here can take part on yours, beside you. {count} more persons today.",
        ),
        count=left,
    )
    who = await identity.other(chat)
    if chat.citizen.declared and chat.citizen.declared.person == who.person:
        raise Stop(_("This is your own ID number: you need no help to take part. Nothing was recorded."))
    try:
        language = chat.citizen.language or chat.texts.language
        helped, code = await assisted.begin(chat.db, chat.commune, chat.citizen, who, language, chat.now)
    except Enough:
        raise Stop(_ENOUGH, most=chat.commune.helps_a_day) from None
    chat.say(_("{name}, this code is yours: {code}. Write it on paper now."), name=who.name, code=Code(code))
    chat.say(
        _(
            "With it you find again what you did here, on a phone of your own: write “my code” to us there. "
            "It is good once, for six months."
        )
    )
    chat.becomes = helped
    chat.then(leads)


@flow("help.end", _("End the help"), command="end_help", word="end_help", is_obeyed=True)
async def end(chat: Chat) -> None:
    """Back to the account itself."""
    if not chat.citizen.is_helped:
        raise Stop(_("You are helping nobody now."))
    chat.becomes = await helping.themselves(chat.db, chat.situation.owner)
    chat.say(_("The help has ended. What was done is theirs, not yours. You are on your own account again."))


@flow("help.code", command="code", word="my_code", is_own=True)
async def code(chat: Chat) -> None:
    """Take over what one did on somebody else's phone."""
    chat.then("links.type")
