"""Opinions in the hands of the staff: what residents sent, the next state, the council's answer."""

from collections.abc import Sequence

from flows import authoring
from flows.chat import Chat, Stop
from flows.opinion_states import STATES
from flows.registry import COORDINATORS, deed, flow
from locales import _, n_
from locales.values import Day, Value, Written
from storage import contributions, opinions
from storage.contributions import Sent
from storage.opinions import ANSWERED, MovedAlready, Opinion
from storage.schema import Localised

_SHORT = 40  # characters of a contribution in a list
_CHANGED = _("This has changed meanwhile. Nothing was changed: look again.")


@flow("opinion.manage", _("Opinions: contributions, next step"), command="opinion", roles=COORDINATORS)
async def manage(chat: Chat) -> None:
    """Choose an opinion, and what to do with it."""
    opinion = await chat.browse(
        "opinion",
        _("Which opinion?"),
        lambda offset, limit: opinions.page(chat.db, chat.commune.id, offset, limit),
        lambda id: opinions.get(chat.db, chat.commune.id, id),
        label=lambda each: chat.local(each.short),
        none=_("The equality body has given no opinion yet."),
    )
    count = await contributions.count(chat.db, opinion.id)
    chat.say("<b>{title}</b>", title=chat.local(opinion.title))
    state = Written(chat.t(STATES[opinion.state]))
    chat.say(_("State: {state}, since {day}."), state=state, day=Day(opinion.moved))
    chat.say(n_("{count} contribution.", "{count} contributions."), count=count)
    acts = {"read": _("Read them")} if count else {}
    if opinion.next_state:
        acts["move"] = _("The next step")
    if not acts:
        return
    act = await chat.choose("act", _("What shall we do?"), list(acts), lambda each: chat.t(acts[each]))
    await (_read(chat, opinion) if act == "read" else _move(chat, opinion))


async def _read(chat: Chat, opinion: Opinion) -> None:
    async def page(offset: int, limit: int) -> Sequence[Sent]:
        return await contributions.page(chat.db, opinion.id, offset, limit)

    async def find(id: int) -> Sent | None:
        return await contributions.find(chat.db, opinion.id, id)

    one = await chat.browse("which", _("Which contribution?"), page, find, label=lambda each: each.words[:_SHORT])
    await chat.looked("contribution", one.id)
    chat.say("{day}\n{words}", day=Day(one.sent), words=one.words)
    await chat.confirm("seen", _("Another one?"), yes=_("Back to the list"), no=_("Enough"))
    chat.then("opinion.manage")


async def _move(chat: Chat, opinion: Opinion) -> None:
    state, answer = opinion.next_state or "", Localised()
    if state == ANSWERED:
        answer = await authoring.both(
            chat,
            "answer",
            _("The council's answer in French, with its session and its reasons:"),
            _("The same in Arabic or Darija:"),
            longest=1500,
        )
    said: dict[str, Value] = {"title": chat.local(opinion.title), "state": Written(chat.t(STATES[state]))}
    # The state is in the key: a yes to one step is no yes to the next, if a colleague was faster.
    await authoring.sure(
        chat,
        _("{title}: {state}. Those who follow it are told. Do it?"),
        authoring.DO_IT,
        f"sure-{state}",
        **said,
    )
    args = {"was": opinion.state, "state": state, "answer": answer}
    await chat.do("opinion.move", opinion.id, _("The opinion {title}: {state}."), args, **said)


@deed("opinion.move", notes=("was", "state"))
async def move(chat: Chat, about: int, was: str, state: str, answer: Localised) -> None:
    """Bring it to its next state."""
    try:
        await opinions.move(chat.db, chat.commune.id, about, was, state, answer, chat.now)
    except MovedAlready:
        raise Stop(_CHANGED) from None
    chat.say(_("Done. Those who follow it are told now."))
    chat.offer(f"v_{about}", _("See it as residents do"))
