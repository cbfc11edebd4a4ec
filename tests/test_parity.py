"""Parity: each conversation of the transcripts, held on each channel, leaves the same in the tables.

On Telegram and WhatsApp it is held over HTTP: signed webhooks in, calls of their APIs out, to stubs that refuse what
Telegram and Meta would refuse.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from conftest import City, unlocked
from databases import sqlite_copy
from sqlalchemy import LargeBinary
from test_transcripts import CONVERSATIONS, RECEIPT
from wires import WiredCity, wired

from bot.runner import Runner
from storage.schema import Base

Left = dict[str, Counter[tuple[str, ...]]]

CHANNELS = ("web", "telegram", "whatsapp")  # the first is the model: its transcripts were read
# What a channel may differ in: how it is spoken on, what was said there, and when an announcement has gone out.
_BESIDE = {
    *("address", "announcement", "conversation", "data_key", "inbound", "line", "link_code", "link_try", "outbound"),
    *("recipient", "upload"),
}
# Where it was said (a person on WhatsApp is known by the phone), and what is drawn at random.
_OWN = {"ballot.person", "headcount.cell", "channel", "code", "receipt", "respondent", "seed", "slug", "voter"}
# Two accounts of one person: on which channels is what it is about.
_OF_TWO = {"accounts_joined", "accounts_joined_by_phone"}
_EACH = [(each, ("fr", "ary")[n % 2]) for n, each in enumerate(CONVERSATIONS) if each.__name__ not in _OF_TWO]


@pytest.fixture
async def cities(sqlite_file: Path) -> AsyncIterator[dict[str, City]]:
    """The same city for each channel, with the same key: what is hashed in one is the same in the other."""
    async with AsyncExitStack() as stack:
        found = {}
        for channel in CHANNELS:
            database = await unlocked(stack.enter_context(sqlite_copy(sqlite_file)))
            found[channel] = city = City(database) if channel == CHANNELS[0] else WiredCity(database, channel)
            city.runner = Runner(database, now=lambda city=city: city.now)  # not twice: other tests do that
            stack.push_async_callback(database.close)
            await city.found()
            if isinstance(city, WiredCity):
                await stack.enter_async_context(wired(city))
        yield found


@pytest.mark.parametrize(("conversation", "language"), _EACH, ids=lambda each: getattr(each, "__name__", each))
async def test_a_conversation_leaves_the_same_on_every_channel(
    cities: dict[str, City], conversation: Any, language: str
) -> None:
    left = {}
    for channel, city in cities.items():
        await city.petition(
            title={"fr": "Des arbres", "ar": "عريضة الأشجار"}, declared_elsewhere=134, signed_elsewhere=57
        )
        await conversation(city, city.citizen(language, channel, name=f"{conversation.__name__} {language}"))
        left[channel] = await recorded(city)
    model = left.pop(CHANNELS[0])
    differences = [line for channel, found in left.items() for line in differing(channel, found, model)]
    assert not differences, "\n".join(differences)


async def recorded(city: City) -> Left:
    """The rows of every table, without what tells channels apart; what is sealed is told by what is beside it."""
    found: Left = {}
    async with city.database.reading() as db:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.c if not {column.name, str(column)} & _OWN and not _is_sealed(column)]
            if table.name not in _BESIDE and columns:
                rows = await db.execute(table.select().with_only_columns(*columns))
                found[table.name] = Counter(
                    tuple(RECEIPT.sub("", str(value).replace("\\u2066", " ")) for value in row) for row in rows
                )
    return found


def _is_sealed(column: Any) -> bool:
    return isinstance(column.type, LargeBinary)


def differing(channel: str, found: Left, model: Left) -> list[str]:
    return [
        f"{channel} {name}: {list(rows - model[name])} not {list(model[name] - rows)}"
        for name, rows in found.items()
        if rows != model[name]
    ]
