"""An announcement on its way: everybody once, answers first, whatever Telegram, the database and the processes do."""

import asyncio
import os
import time
from collections import Counter
from contextlib import AbstractAsyncContextManager

import pytest
from bot_api import Blocked, BotApi, Drop, Hang, Phone, RetryAfter, ServerError
from conftest import SECRET, City
from sawt_process import Process, running
from sqlalchemy import insert, text
from telegram_line import api_without_complaints, delivered, line, says, sender, texts

from bot.announcements import begin
from storage import announcement_progress, announcements, citizens
from storage.announcements import GOING, Announcement
from storage.arrivals import Arrival, receive
from storage.citizens import Address, CitizenRow
from storage.conversations import ConversationRow
from storage.database import connect

on_sqlite = pytest.mark.parametrize("kind", ["sqlite"])
on_postgresql = pytest.mark.parametrize("kind", ["postgresql"])


async def written(city: City, api: BotApi, count: int) -> tuple[int, list[Phone]]:
    """So many people who agreed, and an announcement to them that is started."""
    await city.found(quiet_from="00:00", quiet_until="00:00")  # tests run at night too
    phones = [api.phone() for _ in range(count)]
    async with city.database.writing() as db:
        people = [{"commune_id": city.home.id, "created": city.now, "language": "fr"} for _ in phones]
        ids = (await db.scalars(insert(CitizenRow).returning(CitizenRow.id), people)).all()
        places = [
            {"commune_id": city.home.id, "channel": "telegram", "external_id": str(phone.chat_id), "citizen_id": id}
            for phone, id in zip(phones, ids, strict=True)
        ]
        addresses = (await db.scalars(insert(Address).returning(Address.id), places)).all()
        talks = [{"address_id": id, "turn": 0, "updated": city.now} for id in addresses]
        await db.execute(insert(ConversationRow), talks)
        row = await announcements.write(db, city.home.id, ids[0], {"fr": "Le vote"}, {}, city.now, city.now)
        await announcements.move(db, row.id, GOING, city.now, announcements.PAUSED)
    return row.id, phones


async def announced(city: City, api: BotApi, count: int) -> tuple[int, list[Phone]]:
    """The same, begun."""
    id, phones = await written(city, api, count)
    assert await begin(city.database, city.now) == count
    return id, phones


async def stops(city: City, phone: Phone) -> None:
    """Somebody wants nothing more."""
    async with city.database.writing() as db:
        talk = await receive(db, Arrival(sender(city, phone), "stop"), city.now)
        await citizens.stop(db, talk.citizen.id, city.now)


async def done(city: City, id: int, within: float = 20.0) -> announcement_progress.Progress:
    """Once everybody was told, or will never be."""
    async with asyncio.timeout(within):
        while True:
            async with city.database.reading() as db:
                progress = await announcement_progress.progress(db, id)
            if not progress.waiting:
                return progress
            await asyncio.sleep(0.05)


def told(phones: list[Phone]) -> Counter[int]:
    """How often each was told."""
    return Counter(sum("Le vote" in words for words in texts(phone)) for phone in phones)


def refused(api: BotApi) -> list[float]:
    """When a call was one too many."""
    return [call.at for call in api.calls if call.answer.get("error_code") == 429]


@on_sqlite
async def test_everybody_is_told_once_at_the_pace_of_the_bot_and_answers_go_first(city: City) -> None:
    async with api_without_complaints(flood=True) as api:
        id, phones = await announced(city, api, 75)
        other = api.phone()
        async with line(city, api) as wire:
            began, waited = time.monotonic(), []
            while len(waited) < 3:
                await asyncio.sleep(0.4)
                asked = time.monotonic()
                await says(city, other, f"answer {len(waited)}", to=wire.post)
                assert await api.until(lambda: len(texts(other)) == len(waited) + 1, within=5)
                waited.append(time.monotonic() - asked)
                await asyncio.sleep(0.8)  # one person is written to once a second
            progress = await done(city, id)
            took = time.monotonic() - began
        assert max(waited) < 1.0
        assert (progress.sent, progress.failed, progress.doubtful) == (75, {}, 0)
        assert told(phones) == {1: 75}
        assert took > 1.4  # 30 a second, and some to begin with
        assert not refused(api)
    async with city.database.writing() as db:
        assert await announcements.end(db, city.now) == 1
    assert (await city.all(Announcement))[0].state == announcements.DONE


async def test_stop_and_block_and_every_failure_in_the_middle(city: City) -> None:
    async with api_without_complaints() as api:
        id, phones = await announced(city, api, 60)
        async with line(city, api) as wire:
            wire.channel.bot.session.timeout = 0.4
            api.fail("sendMessage", Blocked(), ServerError(502), Drop(), RetryAfter(1), Hang(0.6), ServerError(500))
            await stops(city, phones[-1])
            progress = await done(city, id)
            assert (progress.stopped, progress.failed) == (1, {"unreachable": 1})
            assert progress.sent == 58
            # What hung was carried out, and is sent again: nothing else is.
            assert told(phones) == {1: 57, 2: 1, 0: 2}
            [gone] = [phone for phone in phones[:-1] if not texts(phone)]
            [place] = [row for row in await city.all(Address) if row.external_id == str(gone.chat_id)]
            assert place.unreachable_since
            async with city.database.writing() as db:
                talk = await receive(db, Arrival(sender(city, gone), "back"), city.now)
            async with city.database.reading() as db:
                assert await citizens.has_stopped(db, talk.citizen.id)  # coming back is not asking for news
            [place] = [row for row in await city.all(Address) if row.id == place.id]
            assert place.unreachable_since is None
            await says(city, gone, "answer", to=wire.post)  # but who asks is answered
            await delivered(city)
            assert texts(gone) == ["answer"]


@on_sqlite
@pytest.mark.parametrize("pause", [1, 2])
async def test_a_bot_that_wrote_too_much_is_silent_but_answers_only_if_it_must_be_long(city: City, pause: int) -> None:
    async with api_without_complaints() as api:
        id, phones = await announced(city, api, 40)
        other = api.phone()
        async with line(city, api) as wire:
            await api.called("sendMessage", times=20)  # a busy second
            api.fail("sendMessage", RetryAfter(pause))
            assert await api.until(lambda: bool(refused(api)), within=5)
            [at] = refused(api)
            await says(city, other, "answer", to=wire.post)
            await delivered(city, within=10)
            await done(city, id)
        answered = [
            call
            for call in api.calls
            if call.method == "sendMessage" and call.chat_id == other.chat_id and call.at > at
        ]
        assert (answered[0].at < at + 0.95) is (pause == 1)
        later = [call.at for call in api.calls if call.method == "sendMessage" and call.at > at + 0.1]
        assert min(set(later) - {call.at for call in answered}) >= at + pause - 0.05
        assert told(phones) == {1: 40}
        assert texts(other) == ["answer"]


@on_postgresql
async def test_what_was_announced_keeps_its_room_until_it_is_marked(city: City) -> None:
    async with api_without_complaints() as api:
        id, phones = await announced(city, api, 24)
        async with line(city, api, at_once=4), city.database.engine.connect() as other:
            await api.called("sendMessage")
            await other.execute(text("LOCK TABLE outbound IN SHARE MODE"))  # from now on nothing can be marked
            await asyncio.sleep(0.6)
            marked = await other.scalar(text("SELECT count(*) FROM outbound WHERE status = 'sent'"))
            assert sum(told(phones)[times] * times for times in (1, 2)) == marked + 4  # all that a kill would double
            await other.rollback()
            await done(city, id)
        assert told(phones) == {1: 24}


_CRY = """
import asyncio, sys
from bot.channels.telegram import Telegram
from bot.journal import write_to_stderr
from bot.post import Post
from bot.runner import Runner
from storage.database import connect

async def main(url, secret, commune, token, base, pace, at_once):
    write_to_stderr("error")  # nobody reads what is written to stdout: once that is full, it would stand still
    database = connect(url)
    await database.unlock(secret)
    channel = Telegram(Runner(database), int(commune), token, base)
    print("ready", flush=True)
    await Post(database, int(commune), "telegram", channel.send, int(pace), int(at_once)).run()

asyncio.run(main(*sys.argv[1:]))
"""


def process(city: City, api: BotApi, pace: int, at_once: int) -> AbstractAsyncContextManager[Process]:
    """A process that only delivers."""
    url = city.database.engine.url.render_as_string(hide_password=False)
    return running(_CRY, url, SECRET, city.home.id, api.token, api.base, pace, at_once)


@pytest.mark.slow
@on_postgresql
async def test_a_process_is_killed_and_the_database_goes_away_and_everybody_is_told(city: City) -> None:
    people = int(os.environ.get("SAWT_CRIER_PEOPLE", "160"))
    pace, at_once = int(os.environ.get("SAWT_CRIER_PACE", "80")), int(os.environ.get("SAWT_CRIER_AT_ONCE", "3"))
    patience = 20 + people / pace
    async with api_without_complaints() as api:
        id, phones = await written(city, api, people)
        async with process(city, api, pace, at_once) as first, process(city, api, pace, at_once):
            assert await begin(city.database, city.now) == people
            await stops(city, phones[-1])
            await api.called("sendMessage", times=people // 4, within=patience)
            first.kill()
            await first.wait()
            died = len(api.calls)
            assert await api.until(lambda: len(api.calls) > died + people // 8, within=patience), (died, len(api.calls))
            failed = len(api.calls)
            api.fail("sendMessage", Blocked(), ServerError(502), RetryAfter(1), Drop(), Hang(0.6))
            assert await api.until(lambda: len(api.calls) > failed + 5, within=patience)
            other = connect(city.database.engine.url.render_as_string(hide_password=False))
            async with other.engine.connect() as connection:
                await connection.execute(text(_END_OTHERS))
            await other.close()
            await city.database.engine.dispose()
            progress = await done(city, id, within=2 * patience)
        counted = told(phones)
        assert counted[0] == 2  # who said stop and who has blocked: nobody was forgotten
        assert set(counted) <= {0, 1, 2}
        # Only what was under way may come twice, one a room, and the report names as many.
        assert counted[2] <= at_once
        assert counted[2] <= progress.doubtful <= 2 * max(12, pace * 0.3)
        assert (progress.sent, progress.stopped, progress.failed) == (people - 2, 1, {"unreachable": 1})


_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
