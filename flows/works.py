"""The works that follow a vote: where each project is, entered by the staff, told to those who follow the vote."""

from flows import authoring
from flows.chat import Chat, Stop
from flows.questions import Given, Giving, Refused
from flows.registry import COORDINATORS, deed, flow, notice
from locales import _
from locales.values import Day, Written
from storage import results, works
from storage.budget_desk import NotPossible
from storage.budgets import Budget
from storage.works import Site

STEPS = {
    works.PLANNED: _("the works are planned"),
    works.BEGUN: _("the works have begun"),
    works.FINISHED: _("the works are finished"),
}
_WHY = {
    "unknown": _("There is no such project among those that won."),
    "entered": _("This step is entered already. Nothing was changed."),
}
_NONE = _("No result is published yet.")


@flow("works.read", _("Works after the votes"), command="works", word="works", link="bw", takes="budget", in_more=50)
async def read(chat: Chat, budget: int | None = None) -> None:
    """Where the projects are that won a vote."""
    vote = await _vote(chat, budget)
    chat.say("<b>{title}</b>", title=chat.local(vote.title))
    for site in await works.sites(chat.db, vote):
        last = site.steps[-1] if site.steps else None
        if last is None:
            chat.say(_("• {title}: no step yet"), title=chat.local(site.project.short))
            continue
        _show(chat, chat.local(site.project.short), last)
    chat.offer(f"bf_{vote.id}", _("Tell me the rest"))
    chat.offer(f"r_{vote.id}", _("See the result"))


def _show(chat: Chat, title: str, step: works.Work) -> None:
    state = Written(chat.t(STEPS[step.step]))
    chat.say(_("• {title}: {state}, {day}"), title=title, state=state, day=Day(step.entered))
    chat.say("{note}", note=chat.local(step.note))
    if step.media_id:
        chat.media("photo", step.media_id)


async def _vote(chat: Chat, budget: int | None) -> Budget:
    async def find(id: int) -> Budget | None:
        return await results.find(chat.db, chat.commune.id, id)

    return await chat.browse(
        "budget",
        _("The works of which vote?"),
        lambda offset, limit: results.page(chat.db, chat.commune.id, offset, limit),
        find,
        lambda each: chat.local(each.title),
        preset=budget,
        gone=_NONE,
        none=_NONE,
        takes_only=True,
    )


@flow("works.enter", roles=COORDINATORS)
async def enter(chat: Chat, budget: int) -> None:
    """Enter a step of the works on a project."""
    vote = await results.find(chat.db, chat.commune.id, budget)
    sites = [each for each in await works.sites(chat.db, vote) if each.next_steps] if vote else []
    if not sites:
        raise Stop(_("All works are finished, or nothing won."))
    site: Site = await chat.choose("site", _("Which project?"), sites, lambda each: chat.local(each.project.short))
    step = await chat.choose("step", _("How far is it?"), site.next_steps, lambda step: chat.t(STEPS[step]))
    note = await authoring.both(
        chat, "note", _("What is done, in French?"), _("The same in Arabic or Darija:"), longest=600
    )
    ask = Giving(chat.t(_("Send a photo of the works, without faces.")), ("photo",), none=chat.t(_("No photo")))
    photo = await chat.ask("photo", ask, _is_photo)
    question = _(
        "{title}: {state}.\n{french}\n{arabic}\nEverybody sees it; those who follow the vote are told. Publish?"
    )
    title, state = chat.local(site.project.short), Written(chat.t(STEPS[step]))
    await authoring.sure(chat, question, title=title, state=state, french=note["fr"], arabic=note["ar"])
    args = {"step": step, "note": note, "photo": photo.media}
    await chat.do("work.enter", site.id, _("{title}: {state}"), args, title=title, state=state)


def _is_photo(given: Given) -> None:
    if given.kind == "text":
        raise Refused(_("Send a photo here, or tap “No photo”."))


@deed("work.enter", notes=("step",))
async def do_enter(chat: Chat, about: int, step: str, note: dict[str, str], photo: int | None) -> None:
    """Publish a step of the works."""
    db, home, by = chat.db, chat.commune.id, chat.citizen.id
    try:
        budget = await works.enter(db, home, about, step, note, photo, by, chat.now)
    except NotPossible as not_possible:
        raise Stop(_WHY[not_possible.why]) from None
    chat.say(_("It is published. Those who follow the vote are told."))
    chat.offer(f"bw_{budget}", _("The works"))


@notice("budget.work")
async def moved(chat: Chat, about: int, occasion: str) -> None:
    """Tell those who follow a vote how far a project is."""
    found = await works.one(chat.db, int(occasion))
    if found:
        step, project = found
        chat.say(_("News of a project of the vote that you follow:"))
        _show(chat, chat.local(project.short), step)
        chat.offer(f"bw_{about}", _("The works"))
        chat.offer(f"bu_{about}", _("Do not tell me"))
