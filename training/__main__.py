"""`python -m training learn`, `python -m training evaluate [FILE.tsv]`."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from locales.understanding import WEIGHTS, understand
from locales.weights import save
from training.learn import learn
from training.measure import STATE, Case, by_intent, cases, folds, report, speed
from training.phrases import read_all, read_file

app = typer.Typer(add_completion=False, help="Learn and measure the understanding of free text.")
HELD_OUT = Path(__file__).parent / "held-out.tsv"


@app.command("learn")
def learn_all() -> None:
    """Learn from all phrases and write the weights."""
    save(learn(read_all()), WEIGHTS)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.2f} MB")


@app.command()
def evaluate(
    file: Annotated[Path | None, typer.Argument(help="Phrases never learnt from: text, intent, lang.")] = None,
    parts: Annotated[int, typer.Option(help="Of the cross-validation.")] = 5,
    intents: Annotated[bool, typer.Option("--intents", help="Each intent by itself.")] = False,
) -> None:
    """Measure on a file; without one by cross-validation over the own phrases, then on the held-out file."""
    if file:
        _print(f"{file.name}", cases(read_file(file), understand), intents)
        return
    phrases, found = read_all(), list[Case]()
    for part in folds(phrases, parts):
        apart = {id(each) for each in part}
        weights = learn([each for each in phrases if id(each) not in apart])
        # The answers are closed lists made of these very phrases: only other phrases can measure them.
        found += cases([each for each in part if each.intent not in STATE], partial(understand, learnt=weights))
    _print(f"cross-validation in {parts} parts", found, intents)
    _print(HELD_OUT.name, cases(read_file(HELD_OUT), understand), intents)
    print(speed(phrases, understand))


def _print(title: str, found: list[Case], intents: bool) -> None:
    print(f"\n{title}\n" + "\n".join(report(found)))
    if intents:
        print("\n".join(by_intent(found)))


if __name__ == "__main__":
    app()
