"""The audit, for admins: who did what to which, when and where."""

from dataclasses import dataclass

from flows.chat import Chat
from flows.registry import ADMINS, ROLE_NAMES, flow
from locales import _
from locales.values import CASABLANCA, Code, Day, Hour
from storage import audit
from storage.audit import Audit


@dataclass(frozen=True, slots=True)
class Line:
    """A row in a list."""

    id: int
    row: Audit
    name: str


@flow("audit", _("Audit"), command="audit", roles=ADMINS)
async def read(chat: Chat) -> None:
    """The newest deeds, a page at a time; one of them in full."""

    async def page(offset: int, limit: int) -> list[Line]:
        found = await audit.page(chat.db, chat.commune.id, offset, limit)
        return [_line(chat, row, name) for row, name in found]

    async def find(id: int) -> Line | None:
        found = await audit.find(chat.db, chat.commune.id, id)
        return _line(chat, *found) if found else None

    line = await chat.browse(
        "line",
        _("The newest first. Which one in full?"),
        page,
        find,
        label=lambda line: f"{line.row.deed} · {line.name} · {_when(line.row)}",
    )
    row = line.row
    chat.say(
        _("{deed} {about}\nBy {name} ({role}), on {day} at {hour}, channel: {channel}."),
        deed=Code(row.deed),
        about=row.about if row.about is not None else "",
        name=line.name,
        role=chat.t(ROLE_NAMES.get(row.role, row.role)),
        day=Day(row.at),
        hour=Hour(row.at),
        channel=row.channel,
    )
    for key, value in row.details.items():
        chat.say("{key}: {value}", key=Code(key), value=str(value))
    chat.offer("/audit", _("Back to the list"))


def _line(chat: Chat, row: Audit, name: str | None) -> Line:
    """Whoever has the command line has no account."""
    return Line(row.id, row, name or chat.t(_("command line") if row.citizen_id == 0 else _("no longer staff")))


def _when(row: Audit) -> str:
    return f"{row.at.astimezone(CASABLANCA):%d/%m %H:%M}"
