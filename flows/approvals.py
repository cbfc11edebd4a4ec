"""Approvals: what one of the staff proposed and a second person has to agree to."""

from dataclasses import dataclass

from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, DEEDS, flow, notice
from locales import _
from locales.values import Day, Hour, Written
from storage import approvals
from storage.approvals import Proposal


@dataclass(frozen=True, slots=True)
class Wish:
    """A proposal in a list."""

    id: int
    proposal: Proposal
    name: str


@flow("approval", _("Approvals"), command="approve", roles=COORDINATORS, link="ap", takes="proposal")
async def approve(chat: Chat, proposal: int | None = None) -> None:
    """See what waits for a second person, and agree or not."""
    found = await approvals.waiting(chat.db, chat.commune.id, chat.now)
    wishes = [Wish(each.id, each, name) for each, name in found if chat.citizen.role in DEEDS[each.deed].roles]
    if not wishes:
        raise Stop(_("Nothing waits for a second person."))
    wish = await chat.choose(
        "proposal",
        _("Which one?"),
        wishes,
        label=lambda wish: chat.local(wish.proposal.summary),
        preset=proposal,
        gone=_("This was decided meanwhile."),
    )
    _show(chat, wish)
    if wish.proposal.proposed_by == chat.citizen.id:
        await _take_back(chat, wish.proposal)
        return
    agrees = await chat.confirm("agrees", _("Do you agree?"), yes=_("I agree, do it"), no=_("I do not agree"))
    if not await approvals.settle(chat.db, wish.proposal, chat.citizen.id, agrees, chat.now):
        raise Stop(_("This was decided meanwhile."))
    details = {"proposal": wish.id, "approved": agrees}
    if agrees:
        await chat.carry_out(wish.proposal.deed, wish.proposal.about, wish.proposal.args, **details)
    else:
        chat.note(wish.proposal.deed, wish.proposal.about, **details)
        chat.say(_("It is not done. {name} will be told."), name=wish.name)


def _show(chat: Chat, wish: Wish) -> None:
    proposal = wish.proposal
    chat.say("{summary}", summary=Written(chat.local(proposal.summary)))
    chat.say(
        _("Proposed by {name} on {day} at {hour}."),
        name=wish.name,
        day=Day(proposal.proposed),
        hour=Hour(proposal.proposed),
    )


async def _take_back(chat: Chat, proposal: Proposal) -> None:
    if not await chat.confirm("back", _("You proposed it, so somebody else has to agree. Take it back?")):
        raise Stop(_("It goes on waiting for a second person."))
    if not await approvals.settle(chat.db, proposal, chat.citizen.id, False, chat.now):
        raise Stop(_("This was decided meanwhile."))
    chat.note(proposal.deed, proposal.about, proposal=proposal.id, approved=False)
    chat.say(_("Taken back. It is not done."))


@notice("approval.wanted")
async def wanted(chat: Chat, about: int, _occasion: str) -> None:
    """Ask the others."""
    proposal = await approvals.get(chat.db, about)
    if proposal is None or proposal.settled:
        return
    chat.say(_("A second person has to agree:\n{summary}"), summary=Written(chat.local(proposal.summary)))
    chat.offer(f"ap_{proposal.id}", _("See and decide"))


@notice("approval.settled")
async def settled(chat: Chat, about: int, _occasion: str) -> None:
    """Tell who proposed it."""
    proposal = await approvals.get(chat.db, about)
    if proposal is None:
        return
    said = _("Agreed and done:\n{summary}") if proposal.is_approved else _("Not agreed, so not done:\n{summary}")
    chat.say(said, summary=Written(chat.local(proposal.summary)))
