"""What several flows say of a petition: its card, its states, why it was refused, what became of it."""

from flows.chat import Chat, Stop
from locales import _, n_
from locales.values import Code, Day, Month, Written
from storage import petitions
from storage.petition_moves import Move
from storage.petitions import Card, Petition

STATES = {
    "draft": _("draft, not sent yet"),
    "submitted": _("sent, the service is reading it"),
    "returned": _("came back with remarks, to be corrected"),
    "collecting": _("support is being gathered"),
    "ready": _("ready to be deposited"),
    "deposited": _("deposited with the council"),
    "under_review": _("the bureau is examining it"),
    "accepted": _("accepted, on the agenda of the council"),
    "refused": _("refused, with reasons"),
    "adopted": _("adopted by the council"),
    "rejected": _("rejected by the council"),
}
# What a button says: which step it would be.
STEPS = {
    "collecting": _("Gather again"),
    "ready": _("Ready for deposit"),
    "deposited": _("It is deposited"),
    "under_review": _("Review it"),
    "accepted": _("Accept it"),
    "refused": _("Refuse it"),
    "adopted": _("Council adopts it"),
    "rejected": _("Council rejects it"),
}
# The code is stored with the step: what the button says, and what everybody reads.
REFUSALS = {
    "few_signatures": (_("Too few signatures"), _("Fewer people signed than the law asks for.")),
    "powers": (_("Not our powers"), _("It is not within the powers of the commune.")),
    "form": (_("Form"), _("The letter or the list lacks something that the law asks for.")),
    "not_concerned": (_("Not concerned"), _("Those who signed do not live or work in the commune.")),
    "association": (_("Association"), _("The association does not meet the conditions of the law.")),
    "unlawful": (_("Against the law"), _("It asks for something that the law forbids.")),
}


async def public(chat: Chat, id: int) -> Petition:
    """A petition that everybody may read, or the end of the conversation."""
    found = await petitions.find(chat.db, chat.commune, id)
    if found is None:
        raise Stop(_("This petition does not exist any more."))
    return found


async def days(chat: Chat) -> int:
    """For how many days, from now on, the staff let support be declared."""
    return await chat.choose(
        "days", _("For how long can support be declared?"), chat.commune.petition_days, label=chat.days
    )


def show(chat: Chat, card: Card) -> None:
    """The petition as everybody reads it, with its counters, which stay apart."""
    petition = card.petition
    chat.say("<b>{title}</b>", title=chat.local(petition.title))
    if petition.association:
        chat.say(_("Asked by the association {name}."), name=petition.association)
    chat.say(
        _("Request: {request}\nReasons: {reasons}\nAims: {aims}"),
        request=chat.local(petition.request),
        reasons=chat.local(petition.reasons),
        aims=chat.local(petition.aims),
    )
    chat.say("{lines}", lines=Written(counters(chat, card)))


def counters(chat: Chat, card: Card) -> str:
    """Declared, checked, signed: three figures, of which the law knows the last."""
    petition = card.petition
    signed = (
        chat.t(
            _("Signed: {signed} of the {threshold} that the law asks for."),
            signed=card.signed,
            threshold=petition.threshold,
        )
        if petition.threshold
        else chat.t(_("Petition of an association: the law asks for no number of signatures."))
    )
    return chat.t(
        _("Declared support: {declared}; checked by the service: {checked}.\n{signed}\nLast day: {day}."),
        declared=card.declared,
        checked=card.checked,
        signed=Written(signed),
        day=Day(petition.closes),
    )


def outcome(chat: Chat, petition: Petition, steps: list[Move]) -> None:
    """What became of it: each step with its day, and all that the commune says of the last."""
    if not steps or steps[-1].state != petition.status:
        chat.say(_("State: {state}."), state=Written(chat.t(STATES[petition.status])))
    if steps:
        lines = [
            chat.t(_("{day}: {state}"), day=Day(step.at), state=Written(chat.t(STATES[step.state]))) for step in steps
        ]
        chat.say("{lines}", lines=Written("\n".join(lines)))
        explained(chat, steps[-1])


def explained(chat: Chat, step: Move) -> None:
    """The session, the receipt, the reasons and the words that belong to a step."""
    if step.session and step.state in ("accepted", "adopted", "rejected"):
        chat.say(_("Session of the council: {month}."), month=Month(step.session))
    if step.receipt:
        chat.say(_("Number of the deposit: {receipt}."), receipt=Code(step.receipt, copyable=True))
    if step.reasons:
        lines = [f"• {chat.t(REFUSALS[code][1])}" for code in step.reasons if code in REFUSALS]
        chat.say(_("Reasons:\n{reasons}"), reasons=Written("\n".join(lines)))
    if step.note:
        chat.say(_("The commune says: {words}"), words=chat.local(step.note))


def supporters(chat: Chat, count: int) -> str:
    """So many people declare support."""
    return chat.t(n_("{count} person declares support", "{count} people declare support"), count=count)
