"""I help somebody: another person takes part on this phone, with their own consent, name, code and receipts."""

from flows import identity
from flows.chat import Chat, Stop
from flows.questions import Refused
from flows.registry import flow
from locales import _, n_
from locales.values import Code
from storage import assisted, codes, helping, links
from storage.assisted import Enough
from storage.citizens import Declared

_MENU = "menu"
_ENOUGH = n_(
    "Today {count} person took part on this account with help. That is the most: please go on tomorrow.",
    "Today {count} people took part on this account with help. That is the most: please go on tomorrow.",
)


@flow("help.other", _("I help somebody"), command="help_other", word="help_other", is_own=True)
async def other(chat: Chat, leads: str = _MENU) -> None:
    """Tell what it is, have the other person agree, then go on in their place: to the menu, or where it was asked."""
    left = await assisted.left(chat.db, chat.commune, chat.citizen.id, chat.now)
    if left:
        chat.say(
            n_(
                "Somebody who has no phone here can take part on yours, beside you. {count} more person today.",
                "Somebody who has no phone here can take part on yours, beside you. {count} more persons today.",
            ),
            count=left,
        )
    elif chat.commune.helps_a_day:
        chat.say(
            n_(
                "Today {count} person took part with help, the most there may be. Only they can go on here today.",
                "Today {count} people took part with help, the most there may be. Only they can go on here today.",
            ),
            count=chat.commune.helps_a_day,
        )
    else:
        raise _enough(chat)
    who = await identity.other(chat)
    if chat.citizen.declared and chat.citizen.declared.person == who.person:
        raise Stop(_("This is your own ID number: you need no help to take part. Nothing was recorded."))
    code = await _code(chat) if await assisted.was_here(chat.db, chat.citizen, who) else ""
    try:
        await (_go_on(chat, who, code, leads) if code else _begin(chat, who, leads))
    except Enough:
        raise _enough(chat) from None


def _enough(chat: Chat) -> Stop:
    return Stop(_ENOUGH, count=chat.commune.helps_a_day)


async def _code(chat: Chat) -> str:
    """The code of somebody who took part here before; nothing where it is lost."""
    return await chat.secret(
        "code",
        _("You took part here before. Write your code: you go on where you were."),
        read_as=_as_code,
        skip=_("I lost my code"),
    )


def _as_code(typed: str) -> str:
    code = codes.read(typed)
    if len(code) != assisted.CODE:
        raise Refused(_("The code on your paper looks like {example}. Try again."), {"example": Code("7F3K-92XQ")})
    return code


async def _go_on(chat: Chat, who: Declared, code: str, leads: str) -> None:
    try:
        helped = await assisted.go_on(chat.db, chat.commune, chat.citizen, who, code, chat.now)
    except links.TooMany:
        raise Stop(_("That were many codes that are not good. Please try again in an hour.")) from None
    if helped is None:
        chat.say(_("This code is not the one. Nothing was changed."))
        chat.offer("/help_other", _("Try again"))
        return
    chat.say(_("{name}, you go on where you were. Your code stays the same."), name=who.name)
    chat.becomes = helped
    chat.then("standing" if leads == _MENU else leads)  # where it was asked, or what they did before


async def _begin(chat: Chat, who: Declared, leads: str) -> None:
    language = chat.citizen.language or chat.texts.language
    helped, code = await assisted.begin(chat.db, chat.commune, chat.citizen, who, language, chat.now)
    chat.say(_("{name}, this code is yours: {code}. Write it on paper now."), name=who.name, code=Code(code))
    chat.say(
        _(
            "Keep it for six months. With it you go on here another day. Or you find all of it on a phone of your own: "
            "write “my code” to us there, once. What we have to tell you waits there."
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
