"""Several `sawt serve` on one database: webhooks anywhere, one sender, taken over when it is killed, roles apart."""

import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from bot_api import BotApi
from conftest import SECRET, City
from sawt_process import free_port, serving
from telegram_line import forgives
from test_crier import done, told, written

from bot.announcements import begin
from storage import announcements
from storage.announcements import GOING

PEOPLE, PACE = 200, 60
PATIENCE = 45.0  # seconds, on a busy machine


def settings(api: BotApi, database_url: str, **others: str) -> dict[str, str]:
    port = free_port()
    return {
        "SAWT_DATABASE_URL": database_url,
        "SAWT_SECRET_KEY": SECRET,
        "SAWT_PORT": str(port),
        "SAWT_TELEGRAM_TOKEN": api.token,
        "SAWT_TELEGRAM_API_BASE": api.base,
        "SAWT_TELEGRAM_PER_SECOND": str(PACE),
        "SAWT_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/webhook",
        "SAWT_TELEGRAM_WEBHOOK_SECRET": "the-secret-of-the-webhook",
        **others,
    }


async def asks(api: BotApi, hook: dict[str, str]) -> float:
    """Somebody new writes to this process: in how many seconds the answer is there."""
    assert await api.until(lambda: api.webhook is not None, within=PATIENCE)
    api.webhook = replace(api.webhook, url=hook["SAWT_TELEGRAM_WEBHOOK_URL"])
    phone, began = api.phone(), time.monotonic()
    await phone.says("/start")
    await phone.sees("Choisissez votre langue", within=PATIENCE)
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["postgresql"])
async def test_one_of_two_is_killed_while_it_announces_and_what_a_third_says_the_second_sends(
    city: City, database_url: str, tmp_path: Path
) -> None:
    async with BotApi(retry_delay=0.1, webhook_timeout=3.0) as api:
        id, phones = await written(city, api, PEOPLE)
        async with city.database.writing() as db:
            assert await announcements.move(db, id, announcements.PAUSED, city.now, announcements.PLANNED)
        first, second = settings(api, database_url), settings(api, database_url)
        async with serving(first, tmp_path) as process, serving(second, tmp_path):
            for hook in (first, second):  # whoever takes it in, the first sends the answer
                await asks(api, hook)
            async with city.database.writing() as db:
                await announcements.move(db, id, GOING, city.now, announcements.PAUSED)
            await begin(city.database, city.now)  # or the clock of one of them does
            before = len(api.calls)
            assert await api.until(lambda: len(api.calls) > before + PEOPLE // 4, within=PATIENCE)
            process.send_signal(signal.SIGKILL)
            await process.wait()
            died, calls = time.monotonic(), len(api.calls)
            assert await api.until(lambda: len(api.calls) > calls + PACE, within=PATIENCE)
            assert next(call.at for call in api.calls[calls:] if call.at > died + 0.3) < died + 10
            await asks(api, second)
            progress = await done(city, id, within=PATIENCE)
            counted = told(phones)
            assert counted[0] == 0  # nobody was forgotten
            assert set(counted) <= {1, 2}
            assert counted[2] <= progress.doubtful < PACE  # and the report names who may be told twice
            assert (progress.sent, progress.failed) == (PEOPLE, {})
            web = settings(api, database_url, SAWT_ROLES="web")
            async with serving(web, tmp_path):
                await asks(api, web)
                assert await asks(api, web) < 5.0  # the second looks each second
        forgives(api, "must come first")
        assert api.complaints == []
    assert "Traceback" not in (tmp_path / "serve.log").read_text()
