"""How far one's own petition has come: the counters, each step, the milestones; and how to make it known."""

from flows import petition_words
from flows.chat import Chat, Stop
from flows.registry import flow, notice
from locales import _
from locales.values import Code, Written
from storage import petition_moves, petition_progress, petitions
from storage.petitions import BEFORE_DEPOSIT, Card

_CHANNELS = {"web": _("web chat"), "telegram": "Telegram", "whatsapp": "WhatsApp"}


@flow("petition.progress", link="pm", takes="petition")
async def progress(chat: Chat, petition: int) -> None:
    """The page of who started it."""
    found = await petitions.find(chat.db, chat.commune, petition)
    if found is None or found.promoter_id != chat.citizen.id:
        raise Stop(_("This petition does not exist any more."))
    card = await petitions.card(chat.db, found, chat.citizen)
    title = chat.local(found.title)
    chat.picture({"chart": _chart(chat, card, title)}, "{counters}", counters=_counted(chat, card))
    petition_words.outcome(chat, found, await petition_moves.history(chat.db, found.id))
    if found.status in BEFORE_DEPOSIT:
        chat.say(_("Only signatures count before the law: have the list signed by hand, or on the national portal."))
        chat.offer(f"pl_{found.id}", _("The list to sign"))
    if found.is_open(chat.now):
        chat.offer(f"ps_{found.id}", _("Share it"))
    chat.offer("/my_petitions", _("My petitions"))


def _counted(chat: Chat, card: Card) -> Written:
    return Written(petition_words.counters(chat, card))


def _chart(chat: Chat, card: Card, title: str) -> dict[str, object]:
    """The law's bar is measured with the signed list alone: it stands first."""
    bars = (
        (_("Signed"), card.signed),
        (_("Checked"), card.checked),
        (_("Declared support"), card.declared),
    )
    return {
        "title": title,
        "bars": [{"label": chat.t(label), "value": count} for label, count in bars],
        "threshold": card.petition.threshold,
        "threshold_bars": 1,
        "threshold_label": chat.t(_("Asked for by law")),
        "direction": chat.texts.direction,
    }


@notice(petition_progress.TOLD_AS)
async def milestone(chat: Chat, about: int, occasion: str) -> None:
    """So many declare support: said as what it is, not as signatures."""
    found = await petitions.find(chat.db, chat.commune, about)
    if found is None or not found.is_open(chat.now):
        return
    card = await petitions.card(chat.db, found, chat.citizen)
    chat.say(
        _(
            "<b>{title}</b>\n{supporters}: {percent} % of the number that the law asks for in signatures "
            "({threshold}). They are declarations; the signatures come on the list."
        ),
        title=chat.local(found.title),
        supporters=Written(petition_words.supporters(chat, card.declared)),
        percent=int(occasion),
        threshold=found.threshold or 0,
    )
    chat.offer(f"pm_{about}", _("See how far it is"))
    chat.offer(f"ps_{about}", _("Share it"))


@flow("petition.share", link="ps", takes="petition")
async def share(chat: Chat, petition: int) -> None:
    """Links that open this petition, and the picture of one of them."""
    found = await petition_words.public(chat, petition)
    start = f"p_{found.id}"
    links = chat.commune.links(start)
    chat.say(_("Send this to whoever it concerns:\n<b>{title}</b>"), title=chat.local(found.title))
    for channel, link in links.items():
        chat.say(_("{channel}: {link}"), channel=chat.t(_CHANNELS[channel]), link=Code(link))
    if links:
        chat.picture(
            {"ticket": {"says": chat.commune.link(start)}}, _("On a poster: whoever points a phone at it is there.")
        )
    else:
        chat.say(_("In this chat, write: {command}"), command=Code(f"/start {start}", copyable=True))
    chat.offer(f"p_{found.id}", _("See the petition"))
