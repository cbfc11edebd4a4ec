"""Seats in a body: an application taken back, a seat taken or left, the draw that anyone can check."""

from flows.chat import Chat, Stop
from flows.registry import flow, notice
from locales import _, n_
from locales.values import Code, Day, Hour
from storage import applications, bodies, selection
from storage.applications import ALTERNATE, APPLIED, OFFERED
from storage.occasions import Closed


@flow("body.withdraw", link="jw", takes="body")
async def withdraw(chat: Chat, body: int) -> None:
    """Take an application back."""
    chosen = await bodies.get(chat.db, chat.commune.id, body)
    own = await applications.mine(chat.db, body, chat.citizen.id)
    if chosen is None or own is None or own.state != APPLIED or chosen.frozen:
        raise Stop(_("There is no application to take back."))
    if not await chat.confirm("sure", _("Take back your application for {title}?"), title=chat.local(chosen.title)):
        raise Stop(_("Nothing was changed."))
    try:
        await applications.withdraw(chat.db, body, chat.citizen.id, chat.now)
    except Closed:
        raise Stop(_("There is no application to take back.")) from None
    chat.say(_("Your application is taken back. You can apply again until {day}."), day=Day(chosen.closes))


@flow("body.reply", link="jr", takes="body")
async def reply(chat: Chat, body: int) -> None:
    """Take an offered seat, or leave it to the next."""
    chosen = await bodies.get(chat.db, chat.commune.id, body)
    own = await applications.mine(chat.db, body, chat.citizen.id)
    if chosen is None or own is None or own.state != OFFERED or own.reply_by is None or own.reply_by <= chat.now:
        raise Stop(_("No seat is offered to you now."))
    chat.say("<b>{title}</b>", title=chat.local(chosen.title))
    takes = await chat.confirm(
        "takes",
        _("A seat is yours. Do you take it? Answer before {day}, {hour}."),
        yes=_("I take it"),
        no=_("I leave it"),
        day=Day(own.reply_by),
        hour=Hour(own.reply_by),
    )
    if not await selection.reply(chat.db, body, chat.citizen.id, takes, chat.now):
        raise Stop(_("No seat is offered to you now."))
    chat.say(
        _("The seat is yours, congratulations. The service tells you of the first meeting.")
        if takes
        else _("Thank you for telling us. The seat goes to the next person.")
    )


@flow("body.draw", link="jd", takes="body")
async def draw(chat: Chat, body: int) -> None:
    """The list, its fingerprint and the draw, as a file that anyone can check."""
    chosen = await bodies.get(chat.db, chat.commune.id, body)
    if chosen is None or not chosen.frozen or not chosen.fingerprint:
        raise Stop(_("There is no draw to check here yet."))
    published = selection.published(chosen)
    chat.say("<b>{title}</b>", title=chat.local(chosen.title))
    chat.say(
        n_(
            "{count} application, listed on {day}. Numbers, no names.",
            "{count} applications, listed on {day}. Numbers, no names.",
        ),
        count=len(published.tickets),
        day=Day(chosen.frozen),
    )
    chat.say(_("Fingerprint of the list: {fingerprint}"), fingerprint=Code(chosen.fingerprint, copyable=True))
    if published.drawn:
        chat.say(_("Drawn with the seed {seed}."), seed=Code(published.seed, copyable=True))
        chat.say(_("Seats: {numbers}"), numbers=Code(" ".join(published.drawn.seated)))
    else:
        chat.say(_("The seed is drawn in public, and comes here."))
    found = {"published": published.as_json().decode()}
    chat.document("draw.json", found, _("Anyone can run it again: sawt draw --verify draw.json"))


@notice("application.decided")
async def decided(chat: Chat, about: int, state: str) -> None:
    """Tell who applied what became of it."""
    body = await bodies.get(chat.db, chat.commune.id, about)
    own = await applications.mine(chat.db, about, chat.citizen.id)
    if body is None or own is None or own.state != state:
        return
    chat.say("<b>{title}</b>", title=chat.local(body.title))
    if state == OFFERED and own.reply_by:
        chat.say(
            _("A seat is offered to you, congratulations. Answer before {day}, {hour}, or it goes to the next person."),
            day=Day(own.reply_by),
            hour=Hour(own.reply_by),
        )
        chat.offer(f"jr_{body.id}", _("Answer"))
    elif state == ALTERNATE:
        chat.say(_("The seats are given. You are on the list of alternates: we write if one is left."))
    if body.frozen:
        chat.offer(f"jd_{body.id}", _("Check the draw"))
