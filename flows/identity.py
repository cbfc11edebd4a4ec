"""Who a person says to be: the consent, the name, the ID number.  The one thing flows share."""

import re
from dataclasses import dataclass

from flows.chat import Chat, Stop
from flows.questions import Refused
from locales import _
from locales.bidi import clean
from locales.values import Code
from storage import citizens, id_cards, profiles
from storage.citizens import Declared
from storage.consultations import DECLARED, Consultation
from storage.readings import Reader

USUAL_CIN = re.compile(r"^[A-Z]{1,2}\d{4,7}$")
_LONGEST_NAME = 80


async def declared(chat: Chat, name: bool = True) -> Declared:
    """Name (if wanted) and ID number, under consent; what was declared before is proposed first."""
    known = chat.citizen.declared
    if known and (known.name or not name) and (chat.citizen.is_helped or await _is_still(chat, known)):
        return known

    if not await chat.confirm(
        "consent",
        _(
            "To record your participation we need your full name and your ID card number. They serve only to make "
            "sure that each person takes part once. Only the participation service sees them; they are erased "
            "after {months}. To have them erased before, write “erase”. (Law 09-08) Do you agree?"
        )
        if name
        else _(
            "So that each person counts once we need your ID card number. We keep a mark that stands for it, not the "
            "number. It is erased after {months}. To have it erased before, write “erase”. (Law 09-08) "
            "Do you agree?"
        ),
        yes=_("I agree"),
        no=_("I refuse"),
        months=chat.months(chat.commune.keep_months),
    ):
        raise Stop(_("No problem, nothing was recorded. You can still read the petitions and the projects."))

    return await _asked(chat, name)


async def other(chat: Chat) -> Declared:
    """Name and ID number of a person beside the one whose phone it is, under their own consent."""
    if not await chat.confirm(
        "consent",
        _(
            "To the person who is helped: we need your name and your ID number, so that you count once. Only the "
            "participation service sees them, and whoever helps you hears them. They are erased after {months} "
            "months, or when you ask. (Law 09-08) Do you agree?"
        ),
        yes=_("I agree"),
        no=_("I refuse"),
        months=chat.commune.keep_months,
    ):
        raise Stop(_("No problem, nothing was recorded."))
    return await _asked(chat, name=True)


async def _asked(chat: Chat, name: bool) -> Declared:
    full_name = ""
    if name:
        full_name = await chat.text(
            "name", _("Write your full name, as on your ID card."), longest=_LONGEST_NAME, read_as=person_name
        )
    cin = await chat.secret(
        "cin", _("Write your ID card number. Example: {example}"), read_as=cin_number, example=Code("I123456")
    )
    if not USUAL_CIN.match(cin) and not await chat.confirm(
        "cin_sure",
        _("This number is unusual: {cin}. Is it what your card says?"),
        yes=_("Yes, that is it"),
        no=_("No, correct it"),
        cin=Code(cin),
    ):
        chat.correct("cin")
    return Declared(
        person=citizens.recognised(chat.db, chat.citizen, cin),
        mask=id_cards.masked(cin),
        name=full_name,
        cin=cin if chat.commune.keep_cin else "",
    )


@dataclass(frozen=True, slots=True)
class Contributor:
    """Who contributes to a consultation; `is_new` stands for a consent given in this run."""

    is_new: bool
    person: str | None


async def contributor(chat: Chat, consultation: Consultation, reader: Reader | None) -> Contributor:
    """Consent to what becomes of a contribution, once a consultation; the ID number where the consultation asks it."""
    if reader and reader.agreed:
        return Contributor(False, reader.person)
    if not await chat.confirm(
        "terms",
        _(
            "The service reads what you write, then publishes it without your name. You can change or withdraw it "
            "until the closing. {days} after the report we forget who wrote what. To have it erased before, "
            "write to {contact}. (Law 09-08) Do you agree?"
        ),
        yes=_("I agree"),
        no=_("I refuse"),
        days=chat.days(consultation.keep_days),
        contact=Code(chat.commune.contact),
    ):
        raise Stop(_("No problem, nothing was recorded. You can go on reading."))
    person = (await declared(chat, name=False)).person if consultation.assurance == DECLARED else None
    return Contributor(True, person)


async def offer_profile(chat: Chat) -> None:
    """Propose under a receipt, once and never again, to say a little about oneself."""
    if await profiles.is_first_offer(chat.db, chat.citizen.id):
        chat.offer("/profile", _("Who takes part?"))


async def _is_still(chat: Chat, known: Declared) -> bool:
    if await _says_so(chat, known):
        return True
    ways = {"mine": _("Me, with a correction"), "other": _("Another person")}
    who = await chat.choose("as_who", _("Who takes part, then?"), list(ways), lambda way: chat.t(ways[way]))
    if who == "other":
        chat.offer("/help_other", _("I help somebody"))
        raise Stop(_("Whoever takes part on your phone does so under their own name. Nothing was recorded yet."))
    return False


async def _says_so(chat: Chat, known: Declared) -> bool:
    return await chat.confirm(
        "as",
        _("Do you take part as {name}, ID {cin}?") if known.name else _("Do you take part with ID {cin}?"),
        yes=_("Yes, it is me"),
        no=_("No, someone else"),
        name=known.name,
        cin=Code(known.mask),
    )


def person_name(typed: str) -> str:
    """A name as written, spaces tidied; raises Refused where there are no letters."""
    name = " ".join(clean(typed).split())
    if sum(letter.isalpha() for letter in name) < 2:
        raise Refused(_("We could not read a name there. Write it in letters, please."))
    return name


def cin_number(typed: str) -> str:
    """An ID card number: upper case, western digits, no spaces or signs; raises Refused if it cannot be one."""
    cin = id_cards.read(typed)
    if cin is None:
        raise Refused(
            _(
                "We could not read this number. It has one or two letters (A–Z) and then digits, like {example}. "
                "Try again, or tap “Back”."
            ),
            {"example": Code("IA12345")},
        )
    return cin
