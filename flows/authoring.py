"""What staff are asked who write or decide something: a text in both languages, a moment, an amount."""

from collections.abc import Callable
from datetime import datetime

from flows.chat import Chat, Stop
from flows.questions import Refused
from locales import Plural, _
from locales.moments import read
from locales.numbers import whole
from locales.values import Code, Value
from storage.schema import Localised

YES_OR_NO = _("Yes"), _("No")
DO_IT = _("Yes, do it"), _("Not now")
_SHORT = 24  # characters: a row of a list on WhatsApp
_MOST = 2_000_000_000  # an SQL integer holds no more


async def both(
    chat: Chat, key: str, french: str, arabic: str, longest: int = 200, read_as: Callable[[str], str] = str
) -> Localised:
    """The same text in French and in Arabic or Darija; keys `key_fr` and `key_ar`."""
    fr = await chat.text(f"{key}_fr", french, longest=longest, read_as=read_as)
    return {"fr": fr, "ar": await chat.text(f"{key}_ar", arabic, longest=longest, read_as=read_as)}


async def brief(chat: Chat, title: Localised) -> Localised:
    """A title that fits a row of a list: itself where it is short enough."""
    if max(map(len, title.values())) <= _SHORT:
        return title
    french, arabic = _("A short name in French, 24 letters at most:"), _("A short name in Arabic, 24 at most:")
    return await both(chat, "short", french, arabic, longest=_SHORT)


async def moment(chat: Chat, key: str, text: str, last: bool = False, after: datetime | None = None) -> datetime:
    """A moment to come, later than `after`; a day alone begins it, or with `last` ends it."""

    def read_as(typed: str) -> str:
        found = read(typed, chat.now, last)
        if found is None:
            raise Refused(_("We could not read a day there. Write it like {example}."), {"example": _example(chat)})
        if found <= chat.now:
            raise Refused(_("This moment has passed. Write one to come, like {example}."), {"example": _example(chat)})
        if after and found <= after:
            raise Refused(_("That is before the beginning. Write a later day."))
        return found.isoformat()

    typed = await chat.text(key, text, longest=60, read_as=read_as, example=_example(chat))
    return datetime.fromisoformat(typed)


def _example(chat: Chat) -> Code:
    return Code(f"15/12/{chat.now.year} 18:00")


async def amount(chat: Chat, key: str, text: str, least: int = 1, most: int = _MOST, or_none: bool = False) -> int:
    """A whole number; with `or_none` 0 says that there is none."""
    return int(await chat.number(key, text, read_as=_whole(least, most, or_none)))


def _whole(least: int, most: int, or_none: bool) -> Callable[[str], str]:
    def read_as(typed: str) -> str:
        number = whole(typed)
        if number == 0 and or_none:
            return "0"
        if number is None or not least <= number <= most:
            raise Refused(_("Write a whole number here, from {least} to {most}."), {"least": least, "most": most})
        return str(number)

    return read_as


async def sure(
    chat: Chat, text: str | Plural, buttons: tuple[str, str] = YES_OR_NO, key: str = "sure", /, **values: Value
) -> None:
    """Asks before a deed is done; a no ends the conversation, and nothing was changed."""
    yes, no = buttons
    if not await chat.confirm(key, text, yes, no, **values):
        raise Stop(_("Nothing was changed."))
