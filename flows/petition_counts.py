"""What staff count of a petition: the signed list, supporters whose card they saw; and its last day."""

import re

from flows import petition_words
from flows.chat import Chat, Stop
from flows.questions import Refused
from flows.registry import COORDINATORS, MODERATORS, deed, flow
from locales import _, n_
from locales.values import Day
from locales.words import digits
from storage import codes, petition_desk, petition_times, petitions, supports
from storage.petitions import COUNTED

_MOST = 1_000_000  # signatures: more than any commune has residents


@flow("petition.count", roles=COORDINATORS)
async def count(chat: Chat, petition: int) -> None:
    """Enter how many have signed."""
    found = await petition_words.public(chat, petition)
    if found.status not in COUNTED:
        raise Stop(_("The signed list of this petition is closed."))
    listed = await petitions.listed(chat.db, found.id)
    chat.say(_("Lists entered line by line with /paper: {listed}. They count by themselves."), listed=listed)
    typed = await chat.text(
        "signed",
        _("How many have signed besides, on the national portal or on other lists? Until now: {signed}."),
        longest=20,
        read_as=_number,
        signed=found.signed_elsewhere,
    )
    if not await chat.review(
        "sure",
        _("“{title}”: {was} → {signed} signatures besides the lists entered here, {total} in all. Is it right?"),
        yes=_("Confirm"),
        corrections={"signed": _("Write it again")},
        title=chat.local(found.title),
        was=found.signed_elsewhere,
        signed=int(typed),
        total=listed + int(typed),
    ):
        raise Stop(_("Nothing was recorded."))
    args = {"was": found.signed_elsewhere, "signed": int(typed)}
    summary = _("“{title}”: {signed} signatures besides the lists entered here")
    await chat.do("petition.count", found.id, summary, args, title=chat.local(found.title), signed=int(typed))


def _number(typed: str) -> str:
    figures = re.sub(r"[\s.,]", "", digits(typed))
    if not figures.isdecimal() or int(figures[:9]) > _MOST:
        raise Refused(_("Write a whole number, such as 247."))
    return str(int(figures))


@deed("petition.count", COORDINATORS, notes=("was", "signed"))
async def do_count(chat: Chat, about: int, was: int, signed: int) -> None:
    """Enter it."""
    if not await petition_desk.count_signed(chat.db, chat.commune, about, was, signed):
        raise Stop(_("A colleague has entered another number meanwhile. Look at it again."))
    total = signed + await petitions.listed(chat.db, about)
    chat.say(n_("Recorded: {count} signature in all.", "Recorded: {count} signatures in all."), count=total)
    chat.offer("/petition", _("Back to the list"))


@flow("petition.extend", roles=COORDINATORS)
async def extend(chat: Chat, petition: int) -> None:
    """Let support be declared for so many days from today."""
    found = await petition_words.public(chat, petition)
    days = await petition_words.days(chat)
    closes = petition_times.in_days(chat.now, days)
    title = chat.local(found.title)
    if not await chat.confirm(
        "sure",
        _("“{title}”: the last day is {day} in place of {was}. Do it?"),
        yes=_("Yes, do it"),
        title=title,
        was=Day(found.closes),
        day=Day(closes),
    ):
        raise Stop(_("Nothing was recorded."))
    summary = _("“{title}”: the last day is {day}")
    await chat.do("petition.extend", found.id, summary, {"days": days}, title=title, day=Day(closes))


@deed("petition.extend", COORDINATORS, notes=("days",))
async def do_extend(chat: Chat, about: int, days: int) -> None:
    """Do it; the days count from now."""
    closes = petition_times.in_days(chat.now, days)
    if not await petition_desk.extend(chat.db, chat.commune, about, closes):
        raise Stop(_("A colleague has moved this petition meanwhile. Look at it again."))
    chat.say(_("Recorded: support can be declared until {day}."), day=Day(closes))
    chat.offer("/petition", _("Back to the list"))


@flow("petition.check", roles=MODERATORS)
async def check(chat: Chat, petition: int) -> None:
    """Note supporters whose card was seen, by their receipts."""
    found = await petition_words.public(chat, petition)
    typed = await chat.text(
        "receipts", _("Write the receipts of those whose ID card you have seen: one or several."), longest=1000
    )
    receipts = _receipts(typed, chat.commune.receipt_prefix)
    if not receipts:
        raise Stop(_("We could not read a receipt there. They look like BM-7F3K-92XQ."))
    summary = n_("Check {count} receipt of this petition?", "Check {count} receipts of this petition?")
    if not await chat.confirm("sure", summary, count=len(receipts)):
        raise Stop(_("Nothing was recorded."))
    await chat.do("petition.check", found.id, summary, {"receipts": receipts}, count=len(receipts))


def _receipts(typed: str, prefix: str) -> list[str]:
    words = [codes.read_receipt(word, prefix) for word in re.split(r"[\s,;]+", typed) if len(word) >= 8]
    return list(dict.fromkeys(words))


@deed("petition.check", MODERATORS)
async def do_check(chat: Chat, about: int, receipts: list[str]) -> None:
    """Note them."""
    done = await supports.check(chat.db, about, receipts, chat.now)
    chat.say(n_("{count} supporter is checked now.", "{count} supporters are checked now."), count=done)
    if done < len(receipts):
        chat.say(_("The others were checked before, or are not of this petition."))
    chat.offer("/petition", _("Back to the list"))
