"""The command line for roles: sawt staff add | list | remove."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.terminal import fail, say, with_database

app = typer.Typer(no_args_is_help=True, help="Who has a role: add, list, remove.")
Role = Annotated[str, typer.Option(help="agent, coordinator, programme or admin.")]


@app.command("add")
def add(
    name: str,
    role: Role = "coordinator",
    address: Annotated[str | None, typer.Option(help="telegram:ID of somebody who has written before.")] = None,
) -> None:
    """Invite somebody: prints a one-time code to type in chat.  With --address the role is given at once."""
    from bot.opening import home_of
    from storage import audit, places, staff
    from storage.conversations import Sender

    if role not in staff.ROLES:
        fail(f"--role: {role!r} is none of {', '.join(staff.ROLES)}")

    async def run(database: Any, chosen: Any) -> None:
        home, now = await home_of(database, chosen), datetime.now(UTC)
        async with database.writing() as db:
            audit.note_operator(db, home.id, "staff.invite" if address is None else "staff.add", 0, {"role": role}, now)
            if address is None:
                code = await staff.invite(db, home.id, name, role, now)
                say(f"{name} becomes {role} by writing, within 24 hours, in the chat:  /staff {code}")
                return
            channel, _, external_id = address.partition(":")
            place = await places.place(db, Sender(home.id, channel, external_id))
            if place is None:
                fail(f"--address: nobody has written from {address}; let them write first, or leave it out.")
            await staff.add(db, home.id, place.citizen_id, name, role, now)
        say(f"{name} is {role}.")

    with_database(run)


@app.command("list")
def show() -> None:
    """All who have a role."""
    from bot.opening import home_of
    from storage import staff

    async def run(database: Any, chosen: Any) -> None:
        home = await home_of(database, chosen)
        async with database.reading() as db:
            for member in await staff.current(db, home.id):
                say(f"{member.id}\t{member.role}\t{member.name}\t{member.added:%Y-%m-%d}")

    with_database(run)


@app.command("remove")
def remove(number: Annotated[int, typer.Argument(help="The number that `sawt staff list` shows.")]) -> None:
    """End a role, at once."""
    from bot.opening import home_of
    from storage import audit, staff

    async def run(database: Any, chosen: Any) -> None:
        home, now = await home_of(database, chosen), datetime.now(UTC)
        async with database.writing() as db:
            is_ended = await staff.remove(db, home.id, number, now)
            audit.note_operator(db, home.id, "staff.remove", number, {"ended": is_ended}, now)
        if not is_ended:
            fail(f"nobody has number {number}: see `sawt staff list`.")
        say("Removed.")

    with_database(run)
