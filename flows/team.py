"""The team: who is staff, an invitation, the end of a role."""

from flows.chat import Chat, Stop
from flows.identity import person_name
from flows.registry import ADMINS, ROLE_NAMES, deed, flow
from locales import _
from locales.values import Code, Day
from storage import staff
from storage.staff import Staff

_INVITE = "invite"


@flow("team", _("Team"), command="team", roles=ADMINS)
async def team(chat: Chat) -> None:
    """Who is staff; invite somebody, or end a role."""
    members = await staff.current(chat.db, chat.commune.id)
    for member in members:
        chat.say("{name} · {role} · {day}", name=member.name, role=_role(chat, member.role), day=Day(member.added))
    others = {str(member.id): member for member in members if member.citizen_id != chat.citizen.id}
    chosen = await chat.choose(
        "what",
        _("What would you like to do?"),
        [_INVITE, *others],
        label=lambda id: chat.t(_("Invite somebody")) if id == _INVITE else _ending(chat, others[id]),
    )
    if chosen == _INVITE:
        await _invite(chat)
    else:
        await _end(chat, others[chosen])


async def _invite(chat: Chat) -> None:
    name = await chat.text(
        "name", _("The name of this person, as colleagues know it?"), longest=80, read_as=person_name
    )
    role = await chat.choose("role", _("Which role?"), staff.ROLES, label=lambda role: _role(chat, role))
    if not await chat.confirm("sure", _("Invite {name} as {role}?"), name=name, role=_role(chat, role)):
        raise Stop(_("Nothing was recorded."))
    await chat.do("staff.invite", 0, _("Invite {name} as {role}"), {"name": name, "role": role}, name=name, role=role)


@deed("staff.invite", ADMINS, notes=("role",))
async def invite(chat: Chat, _about: int, name: str, role: str) -> None:
    """Draw a one-time code."""
    code = await staff.invite(chat.db, chat.commune.id, name, role, chat.now)
    chat.say(
        _("Within 24 hours {name} writes in this channel: {command}. The code works once."),
        name=name,
        command=Code(f"/staff {code}", copyable=True),
    )


async def _end(chat: Chat, member: Staff) -> None:
    if not await chat.confirm("sure", _("End the role of {name}, at once?"), name=member.name):
        raise Stop(_("Nothing was recorded."))
    await chat.do("staff.remove", member.id, _("End the role of {name}"), {}, name=member.name)


@deed("staff.remove", ADMINS)
async def remove(chat: Chat, about: int) -> None:
    """End a role."""
    if not await staff.remove(chat.db, chat.commune.id, about, chat.now):
        raise Stop(_("This role has ended already."))
    chat.say(_("The role has ended. It holds from the next message on."))


def _ending(chat: Chat, member: Staff) -> str:
    return chat.t(_("End: {name}"), name=member.name)


def _role(chat: Chat, role: str) -> str:
    return chat.t(ROLE_NAMES[role])
