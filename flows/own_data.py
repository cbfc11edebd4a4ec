"""What is kept of a person: what they agreed to, all their data to keep, and their erasure."""

from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, flow
from locales import _, n_
from locales.values import Code, Day
from storage import citizens, codes, own_data, profiles
from storage.citizens import Consent

PURPOSES = {  # a purpose more is a line more
    "petition": _("Support petitions"),
    "draft": _("Start a petition"),
    "vote": _("Vote"),
    "profile": _("About me"),
    "workshop": _("Workshops"),
    "comment": _("Consultation"),
    "body": _("Councils and committees"),
    "idea": _("Ideas for the budget"),
    "opinion": _("Opinions of the equality body"),
    "help": _("Help from somebody"),
    "call": _("Calls for projects"),
}
_WHO = _(
    "“{purpose}”: we forget your name and your ID number. What was recorded with them stays until you "
    "withdraw it (“Where does it stand?”) or erase everything. Withdraw this consent?"
)
_FOR_ANOTHER = _(
    "You are of the staff: what you did has to stay known. To erase another person who asked for it, write one of "
    "their receipts, like {example}."
)
_WITHDRAWN = {"profile": _("“{purpose}”: we erase what you said about yourself. Withdraw this consent?")}


@flow("me.consents", _("What I agreed to"), command="consents")
async def consents(chat: Chat) -> None:
    """Each purpose, since when; one of them can be withdrawn."""
    given = await citizens.consents(chat.db, chat.citizen.id)
    for each in given:
        chat.say(
            _("{purpose}: withdrawn on {day}.") if each.withdrawn else _("{purpose}: agreed on {day}."),
            purpose=_purpose(chat, each),
            day=Day(each.withdrawn or each.given),
        )
    standing = {each.purpose: each for each in given if not each.withdrawn}
    if not standing:
        if not given:
            chat.say(_("You have not agreed to anything yet: nothing is kept under your name."))
        chat.offer("/me", _("Back to “Me”"))
        return
    chosen = await chat.choose(
        "purpose", _("Which consent do you want to withdraw?"), list(standing), lambda id: _purpose(chat, standing[id])
    )
    if not await chat.confirm(
        "sure",
        _WITHDRAWN.get(chosen, _WHO),
        yes=_("Withdraw"),
        no=_("No, keep it"),
        purpose=_purpose(chat, standing[chosen]),
    ):
        raise Stop(_("Nothing was changed."))
    await citizens.withdraw(chat.db, chat.citizen.id, chosen, chat.now)
    if chosen in _WITHDRAWN:
        await profiles.tell(chat.db, chat.citizen.id, None)
    else:
        await citizens.forget_who(chat.db, chat.citizen.id)
    chat.say(_("Your consent is withdrawn."))
    chat.offer("/me", _("Back to “Me”"))


def _purpose(chat: Chat, each: Consent) -> str:
    return chat.t(PURPOSES.get(each.purpose, each.purpose))


@flow("me.data", _("My data"), command="mydata", word="mydata", intents=("my_data",))
async def data(chat: Chat) -> None:
    """All that is kept of this person, as a file; it is made when it is delivered, and again at each look."""
    formats = {"pdf": _("To read (PDF)"), "json": _("For programs (JSON)")}
    chosen = await chat.choose(
        "format",
        _("All that we keep of you, in one file. In which form?"),
        list(formats),
        lambda id: chat.t(formats[id]),
    )
    asked = {"citizen": chat.citizen.id, "commune": chat.local(chat.commune.name), "format": chosen}
    drawing = {"own_data": {**asked, "language": chat.texts.language}}
    chat.document(
        f"sawt-{chat.commune.receipt_prefix}.{chosen}",
        drawing,
        _("Here it is, as it stands today. To correct something, write to {contact}."),
        contact=Code(chat.commune.contact),
    )
    chat.offer("/me", _("Back to “Me”"))


@flow("me.erase", _("Erase everything"), command="erase", word="erase", intents=("delete_my_data",))
async def erase(chat: Chat) -> None:
    """Say what goes and what stays, then erase at the person's word; a coordinator does it for who came to the desk."""
    if chat.citizen.role in COORDINATORS:
        typed = await chat.text("receipt", _FOR_ANOTHER, longest=60, example=Code("BM-7F3K-92XQ"))
        chat.then("erasure", receipt=codes.read_receipt(typed, chat.commune.receipt_prefix))
        return
    if chat.citizen.role:
        raise Stop(_("You are of the staff: what you did has to stay known. Ask an admin to end your role first."))
    chat.say(
        _(
            "We erase your name, your ID number, your messages and all that you sent. Support is withdrawn from "
            "petitions that were not deposited yet. Your ballots stay: nobody can tell whose they are."
        )
    )
    if staying := await own_data.staying(chat.db, chat.citizen.id):
        chat.say(
            n_(
                "{count} declaration of support was deposited: it stays, without your name.",
                "{count} declarations of support were deposited: they stay, without your name.",
            ),
            count=staying,
        )
    if not await chat.confirm(
        "sure", _("This cannot be undone. Shall we go on?"), yes=_("Erase everything"), no=_("No, keep it")
    ):
        raise Stop(_("Nothing was erased."))
    await own_data.erase(chat.db, chat.citizen.id, chat.now)
    chat.is_farewell = True
    chat.say(_("Everything is erased. You are welcome whenever you wish: we begin anew."))
