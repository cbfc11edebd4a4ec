"""Ideas for a budget: the list of a call, one idea, supporting and following it."""

from collections.abc import Awaitable, Sequence

from flows import idea_words
from flows.chat import Chat, Stop
from flows.registry import flow, notice
from locales import _
from locales.values import Day, Hour, Written
from storage import follows, idea_calls, idea_supports, ideas
from storage.idea_calls import Call
from storage.idea_supports import Merged, OneOwn
from storage.ideas import Seen
from storage.occasions import Closed, CountedAlready


@flow(
    "idea.list",
    _("Ideas for the budget"),
    command="ideas",
    word="ideas",
    intents=("budget_idea",),
    link="il",
    takes="budget",
    in_more=5,
)
async def listed(chat: Chat, budget: int | None = None) -> None:
    """The ideas of a call, a page at a time."""
    call = await _call(chat, budget)
    is_open = call.is_open(chat.now)
    chat.say("<b>{title}</b>", title=chat.local(call.title))
    if is_open:
        chat.say(_("You can propose ideas until {day}, {hour}."), day=Day(call.closes), hour=Hour(call.closes))
    else:
        chat.say(_("The call for ideas has closed."))
    if not call.count:
        chat.say(_("No idea is public yet."))
        if is_open:
            chat.offer(f"ip_{call.id}", _("Propose an idea"))
            chat.offer(f"im_{call.id}", _("My ideas"))
        return
    await _browse(chat, call, {f"ip_{call.id}": _("Propose an idea")} if is_open else {})


async def _browse(chat: Chat, call: Call, ways: dict[str, str]) -> None:
    async def page(offset: int, limit: int) -> Sequence[Seen]:
        return await ideas.page(chat.db, call.id, chat.citizen.id, offset, limit)

    async def find(id: int) -> Seen | None:
        return await ideas.find(chat.db, chat.commune.id, id, chat.citizen.id)

    chosen = await chat.browse(
        "idea",
        _("The newest ideas first. Which one?"),
        page,
        find,
        label=idea_words.label,
        gone=idea_words.GONE,
        ways=ways,
    )
    chat.then("idea.read", idea=chosen.id)


async def _call(chat: Chat, budget: int | None) -> Call:
    found = await idea_calls.begun(chat.db, chat.commune, chat.now)
    if not found:
        raise Stop(idea_words.NO_CALL)
    return await idea_words.chosen_call(chat, found, budget)


@flow("idea.mine", link="im", takes="budget")
async def mine(chat: Chat, budget: int) -> None:
    """What this person proposed in a call."""
    first = await ideas.mine(chat.db, budget, chat.citizen.id, 0, 8)
    if not first:
        chat.offer(f"il_{budget}", _("All ideas"))
        raise Stop(_("You have proposed nothing here yet."))

    async def page(offset: int, limit: int) -> Sequence[Seen]:
        return await ideas.mine(chat.db, budget, chat.citizen.id, offset, limit) if offset else first

    async def find(id: int) -> Seen | None:
        found = await ideas.find(chat.db, chat.commune.id, id, chat.citizen.id)
        return found if found and found.is_mine else None

    chosen = await chat.browse(
        "idea", _("Your ideas, the newest first. Which one?"), page, find, idea_words.label, gone=idea_words.GONE
    )
    chat.then("idea.read", idea=chosen.id)


@flow("idea.read", link="i", takes="idea")
async def read(chat: Chat, idea: int) -> None:
    """One idea: what it is, where it stands, and what one can do for it."""
    found = await _found(chat, idea)
    if found.merged_into:
        chat.say(_("“{title}” stands together with a like idea; support counts there."), title=found.said.title)
        chat.offer(f"i_{found.merged_into}", _("See that idea"))
        return
    idea_words.show(chat, found)
    idea_words.show_state(chat, found)
    if found.is_mine and found.can_be_corrected(chat.now):
        chat.offer(f"ie_{idea}", _("Correct it"))
    if found.takes_support(chat.now) and not found.is_mine:
        if found.is_supported:
            chat.offer(f"ix_{idea}", _("Withdraw my support"))
        else:
            chat.offer(f"is_{idea}", _("Support it"))
    if found.state in ideas.PUBLIC and not found.is_mine and not found.is_supported:
        chat.offer(f"{'iu' if found.is_followed else 'if'}_{idea}", _FOLLOW[found.is_followed])
    chat.offer(f"il_{found.budget_id}", _("All ideas"))


_FOLLOW = {True: _("Follow no more"), False: _("Follow it")}


async def _found(chat: Chat, id: int) -> Seen:
    found = await ideas.find(chat.db, chat.commune.id, id, chat.citizen.id)
    if found is None or not (found.is_mine or found.merged_into or found.state in ideas.PUBLIC):
        raise Stop(idea_words.GONE)
    return found


@flow("idea.support", link="is", takes="idea")
async def support(chat: Chat, idea: int) -> None:
    """Be for an idea: a tap is enough."""
    found = await _found(chat, idea)
    await _possible(chat, idea_supports.support(chat.db, idea, chat.occasion()))
    chat.say(_("You support “{title}”. We tell you each of its steps."), title=found.said.title)
    chat.offer(f"ix_{idea}", _("Withdraw my support"))
    chat.offer(f"il_{found.budget_id}", _("All ideas"))


@flow("idea.withdraw", link="ix", takes="idea")
async def withdraw(chat: Chat, idea: int) -> None:
    """Be for it no more."""
    found = await _found(chat, idea)
    await _possible(chat, idea_supports.withdraw(chat.db, idea, chat.occasion()))
    chat.say(_("Your support of “{title}” is withdrawn."), title=found.said.title)
    chat.offer(f"i_{idea}", _("See the idea"))
    chat.offer(f"il_{found.budget_id}", _("All ideas"))


async def _possible(chat: Chat, doing: Awaitable[None]) -> None:
    try:
        await doing
    except Merged as merged:
        chat.offer(f"i_{merged.into}", _("See that idea"))
        raise Stop(_("This idea stands together with a like one now. Support counts there.")) from None
    except OneOwn:
        raise Stop(_("It is your own idea: it counts as it is. Others may support it.")) from None
    except CountedAlready:
        raise Stop(_("You support it already, from another account. Each person counts once.")) from None
    except Closed:
        raise Stop(_("This idea takes no support any more. Nothing was recorded.")) from None


@flow("idea.follow", link="if", takes="idea")
async def follow(chat: Chat, idea: int) -> None:
    """Hear of each step."""
    found = await _found(chat, idea)
    await follows.follow(chat.db, ideas.NOUN, found.merged_into or idea, chat.citizen.id)
    chat.say(_("We will tell you here of each step of “{title}”."), title=found.said.title)
    chat.offer(f"iu_{idea}", _("Follow no more"))


@flow("idea.unfollow", link="iu", takes="idea")
async def unfollow(chat: Chat, idea: int) -> None:
    """Hear no more of it."""
    await follows.unfollow(chat.db, ideas.NOUN, idea, chat.citizen.id)
    chat.say(_("You will not be told any more. It stays under /ideas."))


@notice("idea.moved")
async def moved(chat: Chat, about: int, occasion: str) -> None:
    """Tell its author, who supports and who follows it where it stands now."""
    found = await ideas.find(chat.db, chat.commune.id, about, chat.citizen.id)
    if found is None or str(found.moves) != occasion:
        return
    text = _("Your idea “{title}”: {state}.") if found.is_mine else _("The idea “{title}”: {state}.")
    chat.say(text, title=found.said.title, state=Written(chat.t(idea_words.STATES[found.state])))
    idea_words.show_why(chat, found)
    if found.is_mine and found.can_be_corrected(chat.now):
        chat.offer(f"ie_{about}", _("Correct it"))
    if found.state == ideas.PROJECT:
        chat.offer(f"bf_{found.voted_in}", _("Tell me the result"))
    chat.offer(f"i_{found.merged_into or about}", _("See the idea"))
