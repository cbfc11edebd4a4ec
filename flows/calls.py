"""Calls for joint projects as everybody reads them: conditions, deadline, what is asked, the result."""

from flows import as_seen
from flows.chat import Chat, Stop
from flows.registry import flow
from locales import _, n_
from locales.values import Day, Written
from storage import awards, calls, submissions, submitting
from storage.calls import Call


@flow(
    "call.read",
    _("Calls for projects"),
    command="calls",
    word="call",
    intents=("calls_for_projects",),
    link="k",
    takes="call",
    in_more=20,
)
async def read(chat: Chat, call: int | None = None) -> None:
    """Read a call, and go on from there."""
    chosen = await _choose(chat, call)
    own, has_answers = await submitting.around(chat.db, chosen.id, chat.citizen.id)
    as_seen.call(chat, chosen)
    if chosen.decided:
        chat.offer(f"kr_{chosen.id}", _("The result"))
    if own:
        chat.offer(f"ks_{own}", _("My file"))
    elif chosen.is_open(chat.now):
        chat.offer(f"kb_{chosen.id}", _("Begin"))
    if has_answers:
        chat.offer(f"kq_{chosen.id}", _("Questions, answers"))
    if chosen.is_open(chat.now):
        chat.offer(f"ka_{chosen.id}", _("Ask a question"))


async def _choose(chat: Chat, call: int | None) -> Call:
    async def find(id: int) -> Call | None:
        found = await calls.get(chat.db, chat.commune.id, id)
        return found if found and found.opens <= chat.now else None

    return await chat.browse(
        "call",
        _("Which call?"),
        lambda offset, limit: calls.page(chat.db, chat.commune.id, chat.now, offset, limit),
        find,
        label=lambda each: chat.local(each.short),
        preset=call,
        gone=_("This link leads to nothing any more."),
        none=_("There is no call for projects yet."),
        takes_only=True,
    )


@flow("call.result", link="kr", takes="call")
async def result(chat: Chat, call: int) -> None:
    """Who was selected, once it is published."""
    found = await calls.get(chat.db, chat.commune.id, call)
    if found is None or not found.decided:
        raise Stop(_("There is no result yet."))
    told = await awards.result(chat.db, found.id)
    chat.say("<b>{title}</b>", title=chat.local(found.title))
    chat.say(
        n_("{count} project was submitted. Result of {day}.", "{count} projects were submitted. Result of {day}."),
        count=told.count,
        day=Day(found.decided),
    )
    lines = [chat.t("• {name}", name=name) for name in told.selected]
    if lines:
        chat.say(_("Selected:\n{lines}"), lines=Written("\n".join(lines)))
    else:
        chat.say(_("No project was selected."))
    own = await submissions.mine(chat.db, found.id, chat.citizen.id)
    if own:
        chat.offer(f"ks_{own.id}", _("My file"))
