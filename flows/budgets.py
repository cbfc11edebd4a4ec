"""Participatory budgets: read the projects, cast a ballot, change it until the vote closes."""

from flows import ballot_paper, identity
from flows.chat import Chat, Stop
from flows.registry import MODERATORS, flow
from locales import _
from locales.values import Code, Day, Hour, Written
from storage import ballots, budget_drafts, budgets, citizens, idea_calls
from storage.ballots import Cast, Paper
from storage.budgets import KNAPSACK, ONE, POINTS, Budget, Project
from storage.citizens import Declared
from storage.occasions import Closed, CountedAlready


@flow(
    "budget.vote",
    _("Participatory budget: vote"),
    command="vote",
    word="vote",
    intents=("budget_vote",),
    link="b",
    takes="budget",
    in_menu=20,
    is_ballot=True,
)
async def vote(chat: Chat, budget: int | None = None) -> None:
    """Choose projects and cast a ballot."""
    chosen = await _open_vote(chat, budget)
    paper = await ballots.paper(chat.db, chosen, chat.citizen)
    if project := chat.named(paper.projects):  # «بغيت نصوت على الجردة»
        chat.then("budget.projects", budget=chosen.id, project=int(project))
        return
    _show(chat, chosen, paper)
    if await _wants_to_read(chat):
        chat.then("budget.projects", budget=chosen.id)
        return

    if chosen.min_age and not await chat.confirm("age", _("Are you {age} years old or more?"), age=chosen.min_age):
        raise Stop(_("This vote is open from {age} years of age. Nothing was recorded."), age=chosen.min_age)
    who = await identity.declared(chat, name=False) if chosen.asks_cin and not paper.mine else None
    picked = await ballot_paper.fill(chat, chosen, paper.projects)
    points = {project.id: number for project, number in picked.items()} if chosen.ballot == POINTS else {}
    if not await chat.review(
        "sure",
        _("Your ballot:\n{projects}\nDo you confirm?"),
        yes=_("Cast my ballot"),
        corrections={"projects": _("Correct: projects"), "cin": _("Correct: ID number")},
        projects=Written("\n".join(ballot_paper.picked(chat, chosen, *each) for each in picked.items())),
    ):
        raise Stop(_("Nothing was recorded."))

    if who:
        await citizens.declares(chat.db, chat.citizen, who, "vote", chat.now)
    cast = await _cast(chat, chosen, list(picked), who, points)
    chat.say(
        _("Your ballot is changed; only this last one counts. Receipt: {receipt}.")
        if cast.changed
        else _("Your ballot is recorded, thank you. Receipt: {receipt}."),
        receipt=Code(cast.receipt, copyable=True),
    )
    chat.say(_("You can change it until {day}, {hour}."), day=Day(chosen.closes), hour=Hour(chosen.closes))
    chat.say(_("Once the vote is closed nobody can tell whose ballot it is. The receipt does not tell what you chose."))
    chat.offer(f"bf_{chosen.id}", _("Tell me the result"))
    await _offer_ideas(chat)
    await identity.offer_profile(chat)


async def _cast(
    chat: Chat, vote: Budget, projects: list[Project], who: Declared | None, points: dict[int, int]
) -> Cast:
    try:
        return await ballots.cast(chat.db, vote, chat.occasion(), projects, who, points)
    except CountedAlready:
        raise Stop(
            _(
                "A ballot was cast with this ID number already, from another account: change it there. If it was not "
                "you, tell us: {contact}."
            ),
            contact=Code(chat.commune.contact),
        ) from None
    except Closed:
        raise Stop(_("The vote has closed. Nothing was recorded.")) from None


@flow("budget.projects")
async def read(chat: Chat, budget: int, project: int | None = None) -> None:
    """Read the projects one by one."""
    chosen = await _open_vote(chat, budget)
    paper = await ballots.paper(chat.db, chosen, chat.citizen)
    read = await chat.choose(
        "project",
        _("Which project do you want to read?"),
        paper.projects,
        lambda each: chat.local(each.short),
        preset=project,
    )
    chat.say("<b>{title}</b>", title=chat.local(read.title))
    chat.say(_("Cost: {cost} MAD. Place: {place}."), cost=read.cost, place=ballot_paper.place(chat, read))
    chat.say("{description}", description=chat.local(read.description))
    following = {"budget.projects": _("Read another"), "budget.vote": _("Vote")}
    to = await chat.choose("to", _("What next?"), list(following), lambda name: chat.t(following[name]))
    chat.then(to, budget=chosen.id)


@flow("budget.preview", roles=MODERATORS)
async def preview(chat: Chat, budget: int) -> None:
    """A draft as people will see it."""
    found = await budget_drafts.find(chat.db, chat.commune.id, budget)
    if found is None:
        raise Stop(_("There is no such draft."))
    projects = await budget_drafts.projects(chat.db, found.id)
    _show(chat, found, Paper(projects, None))
    chat.say("{projects}", projects=Written("\n".join(ballot_paper.line(chat, each) for each in projects)))
    chat.offer(f"bd_{found.id}", _("Back to the draft"))


async def _open_vote(chat: Chat, budget: int | None) -> Budget:
    opened = await budgets.opened(chat.db, chat.commune, chat.now)
    if not opened:
        chat.offer("results", _("Results of the votes"))
        await _offer_ideas(chat)
        raise Stop(_("No vote is open now; the last one has closed."))
    # One open vote is the usual case: nothing to choose then.
    preset = budget or (opened[0].id if len(opened) == 1 else None)
    return await chat.choose(
        "budget",
        _("Which vote?"),
        opened,
        label=lambda each: chat.local(each.title),
        gone=_("This vote has closed. Nothing was recorded."),
        preset=preset,
    )


async def _offer_ideas(chat: Chat) -> None:
    """Where ideas for another vote can be proposed or supported."""
    if calls := await idea_calls.begun(chat.db, chat.commune, chat.now):
        chat.offer(f"il_{calls[0].id}" if len(calls) == 1 else "/ideas", _("Ideas for the budget"))


async def _wants_to_read(chat: Chat) -> bool:
    options = {"read": _("Read the projects"), "vote": _("Vote now")}
    to = await chat.choose("start", _("What would you like to do?"), list(options), lambda each: chat.t(options[each]))
    return to == "read"


def _show(chat: Chat, budget: Budget, paper: Paper) -> None:
    chat.say("<b>{title}</b>", title=chat.local(budget.title))
    chat.say(
        _("{count} projects, an envelope of {envelope} MAD. The vote closes on {day}, {hour}."),
        count=len(paper.projects),
        envelope=budget.envelope,
        day=Day(budget.closes),
        hour=Hour(budget.closes),
    )
    chat.say(
        _rule(budget), least=budget.least, most=budget.most_points or budget.most, count=budget.points or budget.most
    )
    if paper.mine:
        chat.say(
            _("You have voted. Receipt: {receipt}. A new ballot takes the place of the old one."),
            receipt=Code(paper.mine.receipt, copyable=True),
        )


def _rule(budget: Budget) -> str:
    if budget.ballot == ONE:
        return _("Each person chooses one project.")
    if budget.ballot == POINTS:
        return _("Each person spreads {count} points over projects, {most} at most to one.")
    if budget.ballot == KNAPSACK:
        return _("Each person chooses projects for no more than the envelope.")
    return _("Each person chooses from {least} to {most} projects.")
