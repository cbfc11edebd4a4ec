"""Filling in a ballot: one project, some of them, some for no more than the envelope, or points."""

from collections.abc import Mapping

from flows.chat import Chat
from locales import _, n_
from locales.values import Written
from storage.budgets import KNAPSACK, ONE, POINTS, Budget, Project


async def fill(chat: Chat, budget: Budget, projects: list[Project]) -> dict[Project, int]:
    """What is chosen, with its points: one each but on a ballot of points."""
    if budget.ballot == POINTS:
        return await _spread(chat, budget, projects)
    return dict.fromkeys(await _ticked(chat, budget, projects), 1)


async def _spread(chat: Chat, budget: Budget, projects: list[Project]) -> dict[Project, int]:
    total = budget.points or 1

    def question(given: Mapping[str, int]) -> str:
        lines = (picked(chat, budget, each, given.get(str(each.id), 0)) for each in projects)
        return chat.t(
            _("{projects}\n\nGive points with + and −, then “Done”. Left: {left} of {count}."),
            projects=Written("\n".join(lines)),
            left=total - sum(given.values()),
            count=total,
        )

    given = await chat.spread(
        "projects",
        question,
        projects,
        lambda project: chat.local(project.short),
        total=total,
        most=budget.most_points or total,
        least=budget.least,
        most_items=budget.most,
    )
    return dict(given)


async def _ticked(chat: Chat, budget: Budget, projects: list[Project]) -> list[Project]:
    if budget.ballot == ONE:
        chat.say("{projects}", projects=Written("\n".join(line(chat, each) for each in projects)))
        return [
            await chat.choose("projects", _("Which project do you vote for?"), projects, lambda p: chat.local(p.short))
        ]

    def question(ticked: list[Project]) -> str:
        left = budget.envelope - sum(project.cost for project in ticked)
        lines = "\n".join(line(chat, each) for each in projects)
        if budget.ballot == KNAPSACK:
            return chat.t(
                _("{projects}\n\nTap the projects you choose, then “Done”. Left of the envelope: {left} MAD."),
                projects=Written(lines),
                left=left,
            )
        return chat.t(
            n_(
                "{projects}\n\nTap the projects you choose, then “Done”. Chosen: {count} of at most {most}.",
                "{projects}\n\nTap the projects you choose, then “Done”. Chosen: {count} of at most {most}.",
            ),
            projects=Written(lines),
            count=len(ticked),
            most=budget.most,
        )

    return await chat.several(
        "projects",
        question,
        projects,
        label=lambda project: chat.local(project.short),
        least=budget.least,
        most=budget.most,
        cost=lambda project: project.cost,
        envelope=budget.envelope if budget.ballot == KNAPSACK else None,
    )


def line(chat: Chat, project: Project) -> str:
    """A project, its cost and its place."""
    return chat.t(
        _("• {title}: {cost} MAD, {place}"),
        title=chat.local(project.short),
        cost=project.cost,
        place=place(chat, project),
    )


def picked(chat: Chat, budget: Budget, project: Project, points: int) -> str:
    """A project as it was chosen, with its points if the vote gives points."""
    shown = line(chat, project)
    if budget.ballot != POINTS or not points:
        return shown
    said = n_("{line} — {count} point", "{line} — {count} points")
    return chat.t(said, line=Written(shown), count=points)


def place(chat: Chat, project: Project) -> str:
    """Where it is."""
    quarter = next((each for each in chat.commune.quarters if each.slug == project.place), None)
    return chat.local(quarter.name) if quarter else chat.t(_("the whole commune"))
