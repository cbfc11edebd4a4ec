"""The command line: sawt demo, serve, talk, load, check, paper, staff, tally, draw, whatsapp, migrate and more."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import cli_draw, cli_files, cli_staff, cli_whatsapp, cli_words
from bot.terminal import fail, run_async, say, with_database

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A commune's participation channel.",
)
app.add_typer(cli_staff.app, name="staff")
app.add_typer(cli_whatsapp.app, name="whatsapp")
app.command("load")(cli_files.load)
app.command("check")(cli_files.check)
app.command("paper")(cli_files.paper)
app.command()(cli_draw.draw)
app.command("understand")(cli_words.understand)

DEMO = Path("demo") / "beni-mellal.yaml"  # in a checkout, or where one works


def main() -> None:
    """Run a command; what is wrong with the surroundings is said in a line or two, exit code 2."""
    try:
        app()
    except Exception as error:  # raised again, unless the surroundings are at fault
        from storage.database import Unusable, is_passing

        if isinstance(error, Unusable):
            fail(str(error))
        # What made the runner say NotNow is the cause of that.
        if failed := next((each for each in (error, error.__cause__) if each and is_passing(each)), None):
            why = str(getattr(failed, "orig", failed)).splitlines()[0]
            fail(f"SAWT_DATABASE_URL: the database failed ({why}). Is the disk full, is the server running?")
        raise


@app.command()
def demo() -> None:
    """Try it: a commune with petitions and a vote, in a web chat.  Needs no token and no setting."""
    from bot import settings
    from bot.app import serve
    from bot.journal import write_to_stderr

    chosen = settings.read(demo=True)
    write_to_stderr(chosen.log_level)

    async def run() -> None:
        code = await _prepare_demo(chosen)
        await serve(chosen, lambda: _invite(chosen, code))

    run_async(run())


async def _prepare_demo(chosen: Any) -> str:
    from bot.commune_file import read
    from bot.opening import home_of, open_database
    from storage import loading, staff
    from storage.database import connect
    from storage.migrations.upgrading import upgrade

    now = datetime.now(UTC)
    fresh = connect(chosen.database_url)
    await upgrade(fresh)
    await fresh.close()
    database = await open_database(chosen)
    async with database.writing() as db:
        await loading.load(db, read(_demo_file(), now).contents, now)
    home = await home_of(database, chosen)
    async with database.writing() as db:
        code = await staff.invite(db, home.id, "Demo", "coordinator", now)
    await database.close()
    return code


def _demo_file() -> Path:
    checkout = Path(__file__).parent.parent / DEMO
    return checkout if checkout.exists() else DEMO


def _invite(chosen: Any, code: str) -> None:
    host = "localhost" if chosen.host in ("127.0.0.1", "0.0.0.0", "::") else chosen.host  # noqa: S104  # compared, not bound
    telegram = "\nTelegram is served too: write to your bot." if chosen.telegram_token else ""
    say(
        f"\nSawt is running. Open http://{host}:{chosen.port} and support a petition or vote, in Darija or French."
        f"\nTo become a coordinator, write in the chat:  /staff {code}   and then:  /tally"
        f"{telegram}\nThis is a demo: invented data, a key that everybody knows. Stop it with Ctrl-C.\n"
    )


@app.command()
def serve() -> None:
    """Serve the web chat, and Telegram and WhatsApp where a token is set."""
    from bot import settings

    chosen = settings.read()  # first: what is wrong there is said at once
    from bot.app import serve
    from bot.journal import write_to_stderr

    write_to_stderr(chosen.log_level)
    run_async(serve(chosen))


@app.command()
def talk(
    language: Annotated[str | None, typer.Option(help="ary, fr or ar: skip the choice of a language.")] = None,
    name: Annotated[str, typer.Option("--as", help="Who is talking: another name is another person.")] = "terminal",
    demo: Annotated[bool, typer.Option("--demo", help="Use the key of the demo.")] = False,
) -> None:
    """Talk in the terminal: one message a line; buttons are numbered lines."""
    from bot.channels.console import Console, lines
    from bot.journal import write_to_stderr
    from bot.opening import home_of
    from bot.runner import Runner
    from locales import LANGUAGES

    if language is not None and language not in LANGUAGES:
        fail(f"--language: {language!r} is none of {', '.join(LANGUAGES)}")
    write_to_stderr("error")

    async def run(database: Any, chosen: Any) -> None:
        person = Console(Runner(database), await home_of(database, chosen), name, language, say)
        is_terminal = sys.stdin.isatty()
        await person.says(f"/language {language}" if language else "/start")
        async for line in lines(is_terminal):
            await person.says(line)

    with_database(run, demo)


@app.command()
def tally(
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    language: Annotated[str, typer.Option(help="fr or ar: of the titles.")] = "fr",
    full: Annotated[bool, typer.Option("--full", help="Figures of few people too: not for publication.")] = False,
) -> None:
    """Count all that people take part in; figures of few people are hidden."""
    from bot.figures import as_json, as_table, every
    from bot.opening import home_of

    async def run(database: Any, chosen: Any) -> None:
        home = await home_of(database, chosen)
        async with database.reading() as db:
            figures = await every(db, home, datetime.now(UTC), language, in_full=full)
        if json:
            say(as_json(figures))
        else:
            as_table(figures)

    with_database(run)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Made if it is not there.")] = Path("sawt-export"),
    language: Annotated[str, typer.Option(help="fr or ary: of names and titles.")] = "fr",
) -> None:
    """Write the tallies as CSV and XLSX files; figures of few people are hidden."""
    from rich.console import Console
    from rich.progress import track

    from bot.export import processes, write
    from bot.opening import home_of
    from locales import LANGUAGES
    from storage import audit

    if language not in LANGUAGES:
        fail(f"--language: {language!r} is none of {', '.join(LANGUAGES)}")

    folder.mkdir(parents=True, exist_ok=True)

    async def run(database: Any, chosen: Any) -> None:
        home = await home_of(database, chosen)
        those = await processes(database, home)
        async with database.writing() as db:
            audit.note_operator(db, home.id, "tally.export", None, {"processes": len(those)}, datetime.now(UTC))
        written = write(database, home, those, folder, language, datetime.now(UTC))
        for _each in track(those, "Counting", disable=not sys.stderr.isatty(), console=Console(stderr=True)):
            await anext(written)
        say(f"{len(those)} processes, {2 * len(those)} files in {folder}")

    with_database(run)


@app.command()
def migrate() -> None:
    """Bring the database up to this version."""
    from bot import settings
    from bot.opening import open_database
    from storage.database import connect
    from storage.migrations.upgrading import upgrade

    async def run() -> None:
        chosen = settings.read()
        database = connect(chosen.database_url)
        try:
            await upgrade(database)
        finally:
            await database.close()
        await (await open_database(chosen)).close()
        say("The database is of this version.")

    run_async(run())


@app.command()
def version() -> None:
    """The version."""
    from importlib.metadata import version

    say(version("sawt"))
