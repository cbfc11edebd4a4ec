"""Results of votes, for everybody: figures, what the envelope pays for, what the council decided; told to who asked."""

from flows.chat import Chat, Stop
from flows.registry import flow, notice
from locales import _, n_
from locales.values import Day, Written
from storage import budget_tally, budgets, follows, results
from storage.budgets import NOUN, POINTS, Budget
from storage.results import Outcome

_SAID = {
    results.ADOPTED: _("The council adopted it on {day}."),
    results.PARTLY: _("The council adopted it in part on {day}."),
    results.REJECTED: _("The council did not adopt it on {day}."),
}


@flow(
    "budget.results",
    _("Results of the votes"),
    command="results",
    word="results",
    intents=("results",),
    link="r",
    takes="budget",
)
async def read(chat: Chat, budget: int | None = None) -> None:
    """See the result of a vote."""

    async def find(id: int) -> Budget | None:
        return await results.find(chat.db, chat.commune.id, id)

    chosen = await chat.browse(
        "budget",
        _("The result of which vote?"),
        lambda offset, limit: results.page(chat.db, chat.commune.id, offset, limit),
        find,
        label=lambda each: chat.local(each.title),
        preset=budget,
        gone=_("This result is not there."),
        none=_("No result is published yet."),
        takes_only=True,
    )
    await _show(chat, chosen)
    chat.offer(f"bw_{chosen.id}", _("The works"))
    if not chosen.decision and not await follows.is_following(chat.db, NOUN, chosen.id, chat.citizen.id):
        chat.offer(f"bf_{chosen.id}", _("Tell me the rest"))


async def _show(chat: Chat, budget: Budget) -> None:
    count = await budget_tally.tally(chat.db, budget, chat.commune, chat.now)
    votes = await budget_tally.votes(chat.db, budget)
    bars = [{"label": chat.local(project.short), "value": number} for project, number in votes]
    title = chat.local(budget.title)
    chat.picture(
        {"chart": {"title": title, "bars": bars, "threshold": None, "direction": chat.texts.direction}},
        n_("<b>{title}</b>\n{count} ballot.", "<b>{title}</b>\n{count} ballots."),
        title=title,
        count=count.totals["ballots"],
    )
    chat.say(
        "{lines}",
        lines=Written("\n".join(_line(chat, budget, each) for each in results.explained(votes, budget.envelope))),
    )
    chat.say(_("✓ is paid for by the envelope: {envelope} MAD. The most voted come first."), envelope=budget.envelope)
    if budget.decision and budget.decided:
        chat.say(_SAID[budget.decision], day=Day(budget.decided))
        chat.say("{note}", note=chat.local(budget.decision_note or {}))


def _line(chat: Chat, budget: Budget, each: Outcome) -> str:
    """A project, what it got, and where it did not win why."""
    votes = n_("{mark} {title}: {count} vote", "{mark} {title}: {count} votes")
    points = n_("{mark} {title}: {count} point", "{mark} {title}: {count} points")
    line = chat.t(
        points if budget.ballot == POINTS else votes,
        mark="✓" if each.has_won else "–",
        title=chat.local(each.project.short),
        count=each.count,
    )
    if each.has_won or not each.count:
        return line
    why = _("{line}. It costs {cost} MAD; {left} MAD were left.")
    return chat.t(why, line=Written(line), cost=each.project.cost, left=each.left)


@flow("budget.follow", link="bf", takes="budget")
async def follow(chat: Chat, budget: int) -> None:
    """Ask to hear of the result; it tells nothing of a ballot."""
    vote = await budgets.get(chat.db, budget)
    if vote is None or vote.commune_id != chat.commune.id or vote.is_draft:
        raise Stop(_("This link leads to nothing any more."))
    await follows.follow(chat.db, NOUN, vote.id, chat.citizen.id)
    chat.say(_("You will be told the result and the council's decision. It does not show whether you voted."))
    chat.offer(f"bu_{vote.id}", _("Do not tell me"))


@flow("budget.unfollow", link="bu", takes="budget")
async def unfollow(chat: Chat, budget: int) -> None:
    """Wish to hear no more."""
    await follows.unfollow(chat.db, NOUN, budget, chat.citizen.id)
    chat.say(_("You will not be told. The results are always under /results."))


@notice("budget.result")
async def published(chat: Chat, about: int, _occasion: str) -> None:
    """Tell who asked that the result is there."""
    await _tell(chat, about, _("The result of the vote {title} is published."), await _winners(chat, about))


@notice("budget.decided")
async def decided(chat: Chat, about: int, _occasion: str) -> None:
    """Tell who asked what the council decided."""
    await _tell(chat, about, _("The council has decided on the vote {title}."))


async def _winners(chat: Chat, about: int) -> str:
    budget = await results.find(chat.db, chat.commune.id, about)
    won = results.funded(await budget_tally.votes(chat.db, budget), budget.envelope) if budget else []
    return "\n".join(chat.t(_("✓ {title}"), title=chat.local(each.short)) for each in won)


async def _tell(chat: Chat, about: int, text: str, lines: str = "") -> None:
    budget = await results.find(chat.db, chat.commune.id, about)
    if budget:
        chat.say(text, title=chat.local(budget.title))
        if lines:
            chat.say("{lines}", lines=Written(lines))
            chat.say(_("The result says why the others did not win."))
        chat.offer(f"r_{about}", _("See the result"))
