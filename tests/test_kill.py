"""`sawt serve` is killed again and again while people talk: nobody's message is lost, nobody counts twice."""

import asyncio
import random
import signal
from collections import Counter
from pathlib import Path

import pytest
from bot_api import BotApi, Phone
from conftest import SECRET, City
from sawt_process import free_port, serving
from sqlalchemy import select
from telegram_line import delivered, forgives

from storage import outbox
from storage.citizens import Address
from storage.outbox import Outbound
from storage.petitions import Support

PEOPLE, KILLS = 6, 3
PATIENCE = 45.0  # seconds: a start takes some, on a busy machine
NAMES = ["Ada Lahlou", "Omar Fassi", "Salma Idrissi", "Youssef Amrani", "Hiba Naciri", "Anas Tazi"]


async def _talks(phone: Phone, number: int, chance: random.Random) -> None:
    """The whole way to a declaration of support; each message waits for the answer to the one before."""
    steps = [
        ("/start", "", "Choisissez votre langue"),
        ("", "Français", "Pouvons-nous commencer"),
        ("", "J'ai compris", "Que souhaitez-vous faire"),
        ("/petitions", "", "Quelle pétition"),
        ("", "Des arbres", "Voulez-vous déclarer votre soutien"),
        ("", "Soutenir", "Êtes-vous d'accord"),
        ("", "J'accepte", "nom complet"),
        (NAMES[number], "", "numéro de CIN"),
        (f"I12345{number}", "", "Dans quel quartier"),
        ("", "Ourbiaa", "confirmer la déclaration"),
        ("", "Confirmer", "est enregistrée"),
        ("menu", "", "Que souhaitez-vous faire"),
    ]
    for typed, label, answer in steps:
        await asyncio.sleep(chance.uniform(0, 0.7))
        if typed:
            await phone.says(typed)
        else:
            await phone.taps(label, within=PATIENCE)
        await phone.sees(answer, within=PATIENCE)


async def _killed_and_started(settings: dict[str, str], where: Path, chance: random.Random) -> None:
    for _ in range(KILLS):
        async with serving(settings, where) as process:
            await asyncio.sleep(chance.uniform(0.3, 1.6))
            process.send_signal(signal.SIGKILL)
            await process.wait()


async def _shown_in_order(city: City, api: BotApi) -> int:
    """Each person's letters stand on the screen in the order they were said; how many stand there twice."""
    async with city.database.reading() as db:
        query = select(Address.external_id, Outbound).join(Outbound, Outbound.address_id == Address.id)
        rows = (await db.execute(query.order_by(Outbound.id))).all()
    twice = 0
    for phone in api.phones.values():
        letters = [int(row.external_id) for place, row in rows if place == str(phone.chat_id)]
        assert letters == sorted(letters)
        shown = [seen.message_id for seen in phone.screen]
        assert set(letters) <= set(shown)
        twice += len(shown) - len(letters)
        told = [(seen.text, tuple(seen.buttons)) for seen in phone.screen]
        extra = Counter(told) - Counter(told[shown.index(letter)] for letter in letters)
        assert all(what in [told[shown.index(letter)] for letter in letters] for what in extra)
    return twice


@pytest.mark.slow
async def test_nothing_is_lost_and_nobody_counts_twice_however_often_it_is_killed(
    city: City, database_url: str, tmp_path: Path
) -> None:
    await city.petition()
    chance = random.Random(20261124)
    port = free_port()
    async with BotApi(retry_delay=0.1, webhook_timeout=3.0) as api:
        settings = {
            "SAWT_DATABASE_URL": database_url,
            "SAWT_SECRET_KEY": SECRET,
            "SAWT_PORT": str(port),
            "SAWT_TELEGRAM_TOKEN": api.token,
            "SAWT_TELEGRAM_API_BASE": api.base,
            "SAWT_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/webhook",
            "SAWT_TELEGRAM_WEBHOOK_SECRET": "the-secret-of-the-webhook",
        }
        phones = [api.phone() for _ in range(PEOPLE)]
        people = [asyncio.create_task(_talks(phone, number, chance)) for number, phone in enumerate(phones)]
        await _killed_and_started(settings, tmp_path, chance)
        async with serving(settings, tmp_path) as process:
            await asyncio.gather(*people)  # so every message was answered
            await api.settled(within=PATIENCE)
            await delivered(city)
            process.terminate()
            assert await process.wait() == 0

        supports = await city.all(Support)
        assert len(supports) == len({support.citizen_id for support in supports}) == PEOPLE
        assert {row.status for row in await city.all(Outbound)} == {outbox.SENT}
        twice = await _shown_in_order(city, api)
        # Only a kill between sending and marking sends again: at most what one person was being told.
        assert twice <= KILLS * PEOPLE
        # A tap was handed over and the process killed before it was answered: letters go first, then it comes again.
        forgives(api, "must come first")
        assert api.complaints == []
    log = (tmp_path / "serve.log").read_text()
    assert "Traceback" not in log
    assert not any(secret in log for secret in (SECRET, api.token, *NAMES, "I12345"))
