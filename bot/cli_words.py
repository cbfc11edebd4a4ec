"""The command line for words: sawt understand what somebody wrote, and why."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.terminal import fail, say


def understand(
    text: Annotated[str | None, typer.Argument(help="What somebody wrote.")] = None,
    tsv: Annotated[Path | None, typer.Option(help="A file with a column `text`; every line is understood.")] = None,
    among: Annotated[str, typer.Option(help="Only these intents come into question: yes,no,back.")] = "",
) -> None:
    """Print what a text is understood as, and the features that decided: a line of JSON each."""
    if (text is None) == (tsv is None):
        fail("sawt understand: either a text, or --tsv FILE.")
    for row in [{"text": text}] if tsv is None else _rows(tsv):
        say(json.dumps(_understood(row, tuple(filter(None, among.split(",")))), ensure_ascii=False))


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"--tsv: {file} cannot be read ({error}).")
    head, *rows = [line.split("\t") for line in lines if line.strip()] or [[]]
    if "text" not in head:
        fail(f"--tsv: the first line of {file} names no column `text`.")
    return [dict(zip(head, row, strict=False)) for row in rows]


def _understood(row: dict[str, Any], among: tuple[str, ...]) -> dict[str, Any]:
    from locales.language import language
    from locales.understanding import understand

    found = understand(row["text"], among, reasons=True)
    written, chance = language(row["text"])
    expected = {"expected": row["intent"]} if "intent" in row else {}
    return {
        "text": row["text"],
        **expected,
        "intent": found.intent,
        "score": found.score,
        "zone": found.zone,
        "language": written,
        "language_score": chance,
        "likely": [{"intent": name, "score": score} for name, score in found.likely],
        "features": [{"feature": name, "weight": round(weight, 3)} for name, weight in found.reasons],
    }
