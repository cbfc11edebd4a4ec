"""The command line for files: sawt load | check a commune's file, sawt paper a list of signatures or ballots."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.terminal import complain, fail, say, with_database


class _Undone(Exception):
    """What was tried is not to stay."""


def load(file: Path) -> None:
    """Load a commune, its petitions and its votes from a YAML file; again and again without duplicates."""
    say(str(_loaded(file, keep=True)))


def check(file: Path) -> None:
    """Tell what `load` would change, row by row, and change nothing."""
    say(_loaded(file, keep=False).in_full())
    say("Nothing was changed: this was a check.")


def _loaded(file: Path, keep: bool) -> Any:
    """What a load changes; without `keep` it is undone."""
    from bot.commune_file import read
    from bot.yaml_lines import BadFile
    from storage import audit, communes, loading

    now, changes = datetime.now(UTC), loading.Changes()

    async def run(database: Any, _chosen: Any) -> None:
        async with database.writing() as db:
            changes.update(await loading.load(db, content.contents, now))
            if not keep:
                raise _Undone
            home = await communes.home(db, content.contents.commune.slug)
            counts = {noun: [count.added, count.changed, count.removed] for noun, count in changes.items()}
            audit.note_operator(db, home.id if home else 0, "commune.load", None, counts, now)

    try:
        content = read(file, now)
        with_database(run)
    except _Undone:
        pass
    except (BadFile, loading.BegunAlready) as error:
        for fault in error.faults:
            complain(fault)
        fail(f"{file}: {len(error.faults)} to mend; nothing was loaded.")
    return changes


def paper(
    file: Path,
    register: Annotated[str, typer.Argument(help="petition:ID, budget:ID or consultation:ID, as in its file.")],
    valid: Annotated[bool, typer.Option("--valid", help="Enter the good lines even if others are bad.")] = False,
) -> None:
    """Enter a list on paper (.xlsx, .csv): signatures, ballots or comments.  With a bad line nothing is entered."""
    from bot.opening import home_of
    from reports.sheets import BadSheet, read
    from storage import audit, slips
    from storage.slips import Slip

    now = datetime.now(UTC)

    async def run(database: Any, chosen: Any) -> None:
        home = await home_of(database, chosen)
        async with database.writing() as db:
            taking = {f"{each.noun}:{each.slug}": each for each in await slips.taking(db, home, now)}
            if register not in taking:
                fail(f"{register}: takes no paper now; these do: {', '.join(taking) or 'none'}.")
            into = taking[register]
            report = await slips.NOUNS[into.noun](db, home, into.about, lines, now, keep=True)
            for fault in report.faults:
                complain(f"{file}:{fault.line}: {WHY[fault.why]}")
            if report.faults and not valid:
                raise _Undone
            details = {"entered": report.entered, "refused": len(report.faults)}
            audit.note_operator(db, home.id, f"{into.noun}.paper", into.about, details, now)
        say(f"{report.entered} entered, {len(report.faults)} refused.")

    try:
        from flows.slips import BAD, WHY, of_lines

        lines: list[Slip] = of_lines(read(file.read_bytes()))
        with_database(run)
    except OSError as error:
        fail(f"{file}: {error.strerror}.")
    except BadSheet as bad:
        fail(f"{file}: {BAD[bad.why]}")
    except _Undone:
        fail(f"{file}: nothing was entered. Mend these lines, or enter the others with --valid.")
