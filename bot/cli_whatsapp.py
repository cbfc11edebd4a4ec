"""The command line for WhatsApp: sawt whatsapp templates check | push."""

import sys
from typing import Annotated, Any

import typer

from bot.terminal import fail, say, with_database

app = typer.Typer(no_args_is_help=True, help="The WhatsApp number: its approved texts.")
templates = typer.Typer(no_args_is_help=True, help="What may be said after a day of silence: check, push.")
app.add_typer(templates, name="templates")
Commune = Annotated[str | None, typer.Option("--commune", help="Another commune of this installation, by its id.")]


@templates.command("check")
def check(commune: Commune = None) -> None:
    """How the texts of the register stand on the account; exit code 1 unless all are approved."""
    _with_account(_check, commune)


@templates.command("push")
def push(commune: Commune = None) -> None:
    """Hand in for approval what is missing or differs; Meta takes minutes to days to look at it."""
    _with_account(_push, commune)


async def _check(graph: Any, business: str) -> None:
    from bot.channels import whatsapp_templates as account
    from bot.templates import LANGUAGES

    standings = await account.check(graph, business)
    for each in standings:
        of = each.template
        say(f"{of.kind:24} {LANGUAGES[each.language]:4} {of.category.lower():10} {each.state:10} {each.note}".rstrip())
    if any(each.state != account.APPROVED for each in standings):
        sys.exit(1)


async def _push(graph: Any, business: str) -> None:
    from bot.channels import whatsapp_templates as account
    from bot.templates import LANGUAGES

    done = await account.push(graph, business)
    refused = [each for each in done if each.note]
    for each in done:
        said = f"refused, {each.note}" if each.note else "handed in"
        say(f"{said}: {each.template.name} {LANGUAGES[each.language]}")
    say(f"{len(done) - len(refused)} handed in. Meta looks at them now: sawt whatsapp templates check")
    if refused:
        sys.exit(1)


def _with_account(work: Any, commune: str | None) -> None:
    async def run(database: Any, chosen: Any) -> None:
        from bot import accounts
        from bot.channels.whatsapp_calls import Graph
        from bot.opening import home_of
        from bot.outcomes import Refused, TryLater, Unreachable, Withheld

        first = await home_of(database, chosen)
        home = await home_of(database, chosen.model_copy(update={"commune": commune})) if commune else first
        account = accounts.of(home, chosen, home.id == first.id).whatsapp
        if account is None or not account.business:
            fail("SAWT_WHATSAPP_TOKEN and SAWT_WHATSAPP_BUSINESS_ID must be set: see docs/whatsapp.md")
        graph = Graph(chosen.whatsapp_api_base, account.token)
        try:
            await work(graph, account.business)
        except (Refused, TryLater, Unreachable, Withheld) as error:
            fail(f"SAWT_WHATSAPP_TOKEN, SAWT_WHATSAPP_BUSINESS_ID: WhatsApp says {str(error)!r}.")
        finally:
            await graph.close()

    with_database(run)
