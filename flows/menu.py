"""The menu and the help."""

from flows import waiting
from flows.chat import Chat
from flows.registry import FLOWS, MODERATORS, ROLE_NAMES, flow, led_by
from locales import _
from locales.values import Code, Written
from storage import queue


@flow("menu", _("Menu"), command="menu", word="menu", intents=("greet", "thanks"))
async def menu(chat: Chat, why: str = "") -> None:
    """What would you like to do?"""
    if why == "lost":
        chat.say(_("Sorry, we did not quite understand. You can also talk to a person."))
    elif why == "unknown":
        chat.say(_("We do not know this command."))
    elif why == "missing":
        chat.say(_("This link leads to nothing any more."))
    elif why == "cancelled":
        chat.say(_("Cancelled, nothing was recorded."))
    elif why == "thanked":
        chat.say(_("With pleasure."))
    if chat.citizen.role in MODERATORS:
        waiting.say(chat, await queue.summary(chat.db, chat.commune.id))

    shown = sorted((flow for flow in FLOWS.values() if flow.in_menu), key=lambda flow: flow.in_menu)
    entries = [
        flow for flow in shown if flow.opens_for(chat.citizen.role) and not (flow.is_own and chat.citizen.is_helped)
    ]
    parked = FLOWS.get(chat.situation.parked or "")
    labels = {flow.name: chat.t(flow.title) for flow in entries}
    if chat.citizen.is_helped:
        labels = {"help.end": chat.t(_("End the help")), **labels}
    if parked:
        labels = {"@resume": chat.t(_("Go on: {title}"), title=chat.t(parked.title)), **labels}

    chosen = await chat.choose(
        "to", _("What would you like to do? Choose from the menu."), list(labels), labels.__getitem__
    )
    chat.then(chosen)


@flow("unsure")
async def unsure(chat: Chat, likely: list[str]) -> None:
    """What free text may have meant: the likeliest to choose from, or a person."""
    found = [led_by(intent, chat.citizen.role) for intent in [*likely, "human_contact"]]
    labels = {each.name: chat.t(each.title) for each in found if each}
    chosen = await chat.choose(
        "to",
        _("Sorry, we are not sure that we understood. Did you mean one of these?"),
        list(labels),
        labels.__getitem__,
    )
    chat.then(chosen)


@flow("language", _("Language"), intents=("language_change",), in_menu=80)
async def language(chat: Chat) -> None:
    """Another language."""
    chat.then("@language")


@flow("help", _("Help"), command="help", word="help", intents=("help",), in_menu=90)
async def help(chat: Chat) -> None:
    """What can be written, and who answers."""
    chat.say(
        _(
            "Tap a button, or type its number or its words. At any time you can write: menu, back, cancel, "
            "language, help."
        )
    )
    if chat.commune.phone:
        chat.say(_("A person answers at {phone}."), phone=Code(chat.commune.phone))
    chat.say("{commands}", commands=_listed(chat, of_staff=False))
    if chat.citizen.role:
        role = chat.t(ROLE_NAMES[chat.citizen.role])
        chat.say(_("Your role: {role}. You may also write:"), role=role)
        chat.say("{commands}", commands=_listed(chat, of_staff=True))
    chat.offer("human", _("Talk to a person"))


def _listed(chat: Chat, of_staff: bool) -> Written:
    """The commands that this person may write."""
    mine = [each for each in FLOWS.values() if each.command and each.title and each.opens_for(chat.citizen.role)]
    lines = (
        chat.t("{command} — {title}", command=Code(f"/{each.command}"), title=chat.t(each.title))
        for each in sorted(mine, key=lambda each: each.command)
        if bool(each.roles) is of_staff
    )
    return Written("\n".join(lines))
