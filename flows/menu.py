"""The menu and the help."""

from flows.chat import Chat
from flows.registry import FLOWS, Flow, flow
from locales import _
from locales.values import Code, Written


@flow("menu", _("Menu"), command="menu", word="menu")
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

    shown = sorted((flow for flow in FLOWS.values() if flow.in_menu), key=lambda flow: flow.in_menu)
    entries = [flow for flow in shown if flow.opens_for(chat.citizen.role)]
    parked = FLOWS.get(chat.situation.parked or "")
    labels = {flow.name: chat.t(flow.title) for flow in entries}
    if parked:
        labels = {"@resume": chat.t(_("Go on: {title}"), title=chat.t(parked.title)), **labels}

    chosen = await chat.choose(
        "to", _("What would you like to do? Choose from the menu."), list(labels), labels.__getitem__
    )
    chat.then(chosen)


@flow("language", _("Language"), in_menu=80)
async def language(chat: Chat) -> None:
    """Another language."""
    chat.then("@language")


@flow("help", _("Help"), command="help", word="help", in_menu=90)
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
    commands = "\n".join(
        chat.t("{command} — {title}", command=Code(f"/{flow.command}"), title=chat.t(flow.title))
        for flow in _commands(chat)
    )
    chat.say("{commands}", commands=Written(commands))
    chat.offer("human", _("Talk to a person"))


def _commands(chat: Chat) -> list[Flow]:
    mine = [flow for flow in FLOWS.values() if flow.command and flow.title and flow.opens_for(chat.citizen.role)]
    return sorted(mine, key=lambda flow: flow.command)
