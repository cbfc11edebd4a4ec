"""sawt draw: run the draw of a body's seats again, from its published file."""

from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import fail, say


def draw(
    file: Path,
    verify: Annotated[bool, typer.Option("--verify", help="Compare with what the file says was drawn.")] = False,
    seed: Annotated[str | None, typer.Option(help="Draw with this seed, in place of the file's.")] = None,
) -> None:
    """Draw again what was drawn by lot, from the file that was published: needs no database and no secret."""
    from storage import lottery

    try:
        published = lottery.read(file.read_bytes())
    except OSError as error:
        fail(f"{file}: {error.strerror}; give the path of the published file")
    except ValueError as error:
        fail(f"{file}: {error}")
    say(f"fingerprint of the list: {published.fingerprint}")
    if verify:
        if not published.drawn or not lottery.is_right(published):
            fail(f"{file}: the draw is NOT what this list and this seed give.")
        say(f"The draw is right: {len(published.drawn.seated)} seats, seed {published.seed!r}.")
        return
    drawn = lottery.draw(published.tickets, published.seats, published.quotas, seed or published.seed)
    say(f"seats: {' '.join(drawn.seated)}")
    say(f"alternates, in order: {' '.join(drawn.alternates)}")
