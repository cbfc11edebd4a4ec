"""Calls in the hands of the staff: what was submitted, who scores it, when scoring ends, the result."""

from flows import authoring, call_words
from flows.chat import Chat, Stop
from flows.registry import COORDINATORS, MODERATORS, deed, flow
from locales import _, n_
from locales.values import Day, Hour
from storage import calls, scores, staff, submissions
from storage.calls import Call
from storage.scores import NotNow, Stand

_ACTS = {
    "score": _("Score"),
    "files": _("Read the files"),
    "panel": _("Who scores"),
    "close": _("Close the scoring"),
    "scores": _("See the scores"),
    "decide": _("Decide"),
    "publish": _("Publish the result"),
    "dates": _("Its dates"),
}


@flow("call.manage", _("Calls: files, scores, result"), command="call", roles=MODERATORS)
async def manage(chat: Chat) -> None:
    """Choose a call, and what to do with it."""
    call = await chat.browse(
        "call",
        _("Which call?"),
        lambda offset, limit: calls.page(chat.db, chat.commune.id, None, offset, limit),
        lambda id: calls.get(chat.db, chat.commune.id, id),
        label=lambda each: chat.local(each.short),
        none=_("There is no call for projects yet."),
        takes_only=True,
    )
    stand = await scores.stand(chat.db, call)
    _show(chat, call, stand)
    acts = _acts(chat, call, stand)
    if not acts:
        return
    act = await chat.choose("act", _("What shall we do?"), acts, lambda each: chat.t(_ACTS[each]))
    if act == "dates":
        chat.then("opening.change", noun="call", about=call.id)
    else:
        chat.then(f"call.{act}", call=call.id)


def _show(chat: Chat, call: Call, stand: Stand) -> None:
    chat.say("<b>{title}</b>", title=chat.local(call.title))
    chat.say(_("The deadline is {day}, {hour}."), day=Day(call.closes), hour=Hour(call.closes))
    chat.say(_("Submitted: {submitted}. Drafts: {drafts}."), submitted=len(stand.submissions), drafts=stand.drafts)
    if stand.panel:
        done = len(stand.given)
        wanted = len(stand.panel) * len(stand.submissions)
        chat.say(_("Scores given: {done} of {wanted}."), done=done, wanted=wanted)
    if call.decided:
        chat.say(_("The result was published on {day}."), day=Day(call.decided))


def _acts(chat: Chat, call: Call, stand: Stand) -> list[str]:
    """What this person can do with a call as it is now."""
    leads, is_over = chat.citizen.role in COORDINATORS, call.closes <= chat.now
    scores_it = chat.citizen.id in stand.panel
    can = {
        "score": scores_it and is_over and bool(stand.submissions) and not stand.is_shown,
        "files": is_over and (leads or scores_it) and bool(stand.submissions),
        "panel": leads and not stand.given and not stand.is_shown,
        "close": leads and is_over and bool(stand.panel) and not stand.is_shown,
        "scores": (leads or scores_it) and stand.is_shown and bool(stand.submissions),
        "decide": leads and stand.is_shown and bool(stand.submissions) and not call.decided,
        "publish": leads and stand.is_shown and bool(stand.submissions) and not call.decided,
        "dates": leads and not is_over,
    }
    return [act for act, is_so in can.items() if is_so]


@flow("call.files", roles=MODERATORS)
async def files(chat: Chat, call: int) -> None:
    """Read one file, with its documents."""
    found = await calls.get(chat.db, chat.commune.id, call)
    leads = chat.citizen.role in COORDINATORS
    if found is None or found.closes > chat.now:
        raise Stop(_("This link leads to nothing any more."))
    if not leads and chat.citizen.id not in (await scores.stand(chat.db, found)).panel:
        raise Stop(_("This link leads to nothing any more."))
    one = await chat.browse(
        "which",
        _("Which file?"),
        lambda offset, limit: submissions.page(chat.db, found.id, offset, limit),
        lambda id: submissions.find(chat.db, found.id, id),
        label=lambda each: each.name,
    )
    await chat.looked("submission", one.id)
    call_words.say_words(chat, one, with_contact=leads)
    call_words.say_files(chat, one)
    if one.assisted:
        chat.say(_("Submitted with the help of somebody."))
    for kind, media in (each for files in one.files.values() for each in files):
        chat.media(kind, media)
    drawing = {"commune": chat.commune.id, "id": one.id, "language": chat.texts.language, "contact": leads}
    as_pdf = _("The file of {association}, as a PDF.")
    chat.document(f"{one.receipt}.pdf", {"submission": drawing}, as_pdf, association=one.name)
    if await chat.confirm("seen", _("Another one?"), yes=_("Back to the list"), no=_("Enough")):
        chat.then("call.files", call=found.id)
    else:
        chat.then("call.manage")


@flow("call.panel", roles=COORDINATORS)
async def panel(chat: Chat, call: int) -> None:
    """Say who of the staff scores."""
    found = await calls.get(chat.db, chat.commune.id, call)
    if found is None:
        raise Stop(_("This link leads to nothing any more."))
    team = [each for each in await staff.current(chat.db, chat.commune.id) if each.role in MODERATORS]

    question = chat.t(_("Who scores? Each scores alone and sees no other score before the end."))

    chosen = await chat.several(
        "panel", lambda _ticked: question, team, lambda each: each.name, least=1, most=len(team)
    )
    args = {"panel": [each.citizen_id for each in chosen]}
    summary = n_("{count} person scores {title}", "{count} people score {title}")
    await chat.do("call.panel", found.id, summary, args, count=len(chosen), title=chat.local(found.title))


@deed("call.panel")
async def do_panel(chat: Chat, about: int, panel: list[int]) -> None:
    """Say who scores."""
    try:
        await scores.appoint(chat.db, about, panel)
    except NotNow:
        raise Stop(_("Scoring has begun already. Nothing was changed.")) from None
    chat.say(_("Noted. They find it under /call once the deadline has passed."))


@flow("call.close", roles=COORDINATORS)
async def close(chat: Chat, call: int) -> None:
    """Close the scoring before all are in."""
    found = await calls.get(chat.db, chat.commune.id, call)
    if found is None:
        raise Stop(_("This link leads to nothing any more."))
    stand = await scores.stand(chat.db, found)
    missing = sum(len(stand.waits_for(each)) for each in stand.panel)
    await authoring.sure(
        chat,
        n_(
            "{count} score is not given yet. Close the scoring? Then nobody can score any more.",
            "{count} scores are not given yet. Close the scoring? Then nobody can score any more.",
        ),
        authoring.DO_IT,
        count=missing,
    )
    await chat.do("call.close", found.id, _("Close the scoring of {title}"), {}, title=chat.local(found.title))


@deed("call.close")
async def do_close(chat: Chat, about: int) -> None:
    """Close the scoring."""
    try:
        await scores.close(chat.db, about, chat.now)
    except NotNow:
        raise Stop(_("This has changed meanwhile. Nothing was changed: look again.")) from None
    chat.say(_("Scoring is closed. Everybody on the panel sees the scores now."))
    chat.offer("/call", _("Go on"))
