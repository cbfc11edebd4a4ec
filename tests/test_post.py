"""The post: each person gets every letter, in order, once, whatever Telegram, the network and the process do."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
from bot_api import BadRequest, Blocked, BotApi, Drop, Hang, Phone, RetryAfter, ServerError
from conftest import SECRET, City
from sawt_process import Process, running
from sqlalchemy import text
from telegram_line import api_without_complaints, delivered, line, says, texts, waiting

from storage import outbox
from storage.database import connect
from storage.outbox import Outbound

one_database = pytest.mark.parametrize("kind", ["sqlite"])
TEN = [f"letter {number}" for number in range(10)]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with api_without_complaints() as api:
        yield api


async def _rows(city: City) -> list[Outbound]:
    return sorted(await city.all(Outbound), key=lambda row: row.id)


# Failures


async def test_each_person_gets_all_in_order_whatever_fails(city: City, api: BotApi) -> None:
    phones = [api.phone() for _ in range(5)]
    failures = [ServerError(502), Drop(), ServerError(500), RetryAfter(1), Hang(1.8), BadRequest("no such thing")]
    async with line(city, api) as wire:
        wire.channel.bot.session.timeout = 1.2
        for turn, failure in enumerate(failures):
            api.fail("sendMessage", failure)
            for phone in phones:
                await says(city, phone, f"{turn} a", f"{turn} b", to=wire.post)
            await asyncio.sleep(0.1)
        await delivered(city, within=25)
    said = [f"{turn} {part}" for turn in range(len(failures)) for part in "ab"]
    refused = [row for row in await _rows(city) if row.status == outbox.FAILED]
    assert len(refused) == 1
    shown = [texts(phone) for phone in phones]
    missing = [len(said) - len(set(screen)) for screen in shown]
    assert sum(missing) == 1  # the one that Telegram will never take
    for screen in shown:
        # A request that hung was carried out and is sent again; nothing else is sent twice.
        once = list(dict.fromkeys(screen))
        assert once == sorted(once)
        assert len(screen) - len(once) <= 1
    assert sum(len(screen) - len(set(screen)) for screen in shown) == 1


@one_database
async def test_a_chat_that_must_wait_is_left_alone_as_long_as_told_and_holds_up_nobody(city: City, api: BotApi) -> None:
    slow, quick = api.phone(), api.phone()
    async with line(city, api) as wire:
        api.fail("sendMessage", RetryAfter(2))
        await says(city, slow, *TEN, to=wire.post)
        await api.called("sendMessage")
        began = time.monotonic()
        await says(city, quick, *TEN, to=wire.post)
        assert await api.until(lambda: len(texts(quick)) == 10, within=1.9)
        assert texts(slow) == []
        await delivered(city)
    assert texts(slow) == TEN
    to_slow = [call.at for call in api.calls if call.chat_id == slow.chat_id]
    assert to_slow[1] - began >= 1.9


@one_database
async def test_a_flood_of_letters_to_one_person_arrives_whole_and_in_order(city: City) -> None:
    async with api_without_complaints(flood=True) as api:
        phone = api.phone()
        async with line(city, api):
            await says(city, phone, *TEN[:6])
            await delivered(city)
        assert texts(phone) == TEN[:6]


async def test_a_person_who_has_blocked_the_bot_is_not_tried_again_and_holds_up_nobody(city: City, api: BotApi) -> None:
    gone, here = api.phone(), api.phone()
    async with line(city, api):
        api.fail("sendMessage", Blocked())
        (letter,) = await says(city, gone, "hello")
        await delivered(city)
        await says(city, here, *TEN)
        await delivered(city)
    async with line(city, api):  # nor by the next process
        await says(city, here, "more")
        await delivered(city)
    (row,) = [row for row in await _rows(city) if row.id == letter.id]
    assert (row.status, row.error, row.message) == (
        outbox.FAILED,
        "unreachable: Forbidden: bot was blocked by the user",
        None,
    )
    assert len([call for call in api.calls if call.chat_id == gone.chat_id]) == 1
    assert texts(here) == [*TEN, "more"]


@one_database
async def test_a_chat_that_there_is_not_is_unreachable(city: City, api: BotApi) -> None:
    phone = Phone(api, 42, "fr", "Nobody")
    async with line(city, api):
        await says(city, phone, "hello")
        await delivered(city)
    (row,) = await _rows(city)
    assert (row.status, row.error) == (outbox.FAILED, "unreachable: Bad Request: chat not found")
    api.complaints.remove("sendMessage: chat not found")


@one_database
@pytest.mark.parametrize("failure", [ServerError(500), ServerError(502), Drop(), Hang(0.5)], ids=repr)
async def test_trouble_that_passes_is_tried_again(city: City, api: BotApi, failure: ServerError | Drop | Hang) -> None:
    phone = api.phone()
    async with line(city, api) as wire:
        wire.channel.bot.session.timeout = 0.3
        api.fail("sendMessage", failure)
        await says(city, phone, "one", "two")
        await delivered(city)
    assert texts(phone)[-2:] == ["one", "two"]
    rows = await _rows(city)
    assert [(row.status, row.attempts) for row in rows] == [(outbox.SENT, 1), (outbox.SENT, 0)]
    assert "bot" not in (rows[0].error or "")  # no URL, so no token


@one_database
async def test_a_letter_that_telegram_will_never_take_is_given_up_and_the_next_goes_out(
    city: City, api: BotApi
) -> None:
    phone = api.phone()
    async with line(city, api):
        api.fail("sendMessage", BadRequest("can't parse entities: what we wrote is wrong"))
        await says(city, phone, "wrong", "right")
        await delivered(city)
    assert texts(phone) == ["right"]
    wrong, right = await _rows(city)
    assert (wrong.status, right.status) == (outbox.FAILED, outbox.SENT)
    assert wrong.error == "refused: Bad Request: can't parse entities: what we wrote is wrong"


@one_database
async def test_what_is_left_of_a_pause_outlasts_the_process(city: City, api: BotApi) -> None:
    slow, quick = api.phone(), api.phone()
    async with line(city, api):
        api.fail("sendMessage", RetryAfter(3))
        await says(city, slow, "one", "two")
        await api.called("sendMessage")
    [first] = api.calls
    async with line(city, api) as wire:
        await says(city, slow, "three", to=wire.post)
        await says(city, quick, "hello", to=wire.post)
        assert await api.until(lambda: texts(quick) == ["hello"], within=1.5)
        await delivered(city)
    assert texts(slow) == ["one", "two", "three"]
    _, second, *_ = [call for call in api.calls if call.chat_id == slow.chat_id]
    assert second.at - first.at >= 2.9


# Edits


@one_database
async def test_a_message_that_is_gone_cannot_be_changed_and_a_new_one_is_sent(city: City, api: BotApi) -> None:
    phone = api.phone()
    async with line(city, api):
        await says(city, phone, "first", "old")
        await delivered(city)
        first, old = phone.screen
        del api.messages[phone.chat_id, old.message_id]
        await says(city, phone, "new", replaces=str(old.message_id))
        await says(city, phone, "changed", replaces=str(first.message_id))
        await says(city, phone, "elsewhere", replaces="web-17")
        await delivered(city)
    assert texts(phone) == ["changed", "new", "elsewhere"]
    assert (await _rows(city))[3].external_id == str(first.message_id)


@one_database
async def test_a_message_that_says_so_already_is_fine(city: City, api: BotApi) -> None:
    phone = api.phone()
    async with line(city, api):
        await says(city, phone, "same")
        await delivered(city)
        (same,) = phone.screen
        await says(city, phone, "same", replaces=str(same.message_id))
        await delivered(city)
    assert texts(phone) == ["same"]
    assert {row.status for row in await _rows(city)} == {outbox.SENT}


@one_database
async def test_a_change_that_must_wait_is_made_in_place_later(city: City, api: BotApi) -> None:
    phone = api.phone()
    async with line(city, api):
        await says(city, phone, "old")
        await delivered(city)
        (old,) = phone.screen
        api.fail("editMessageText", RetryAfter(1), ServerError())
        await says(city, phone, "new", replaces=str(old.message_id))
        await delivered(city)
    assert texts(phone) == ["new"]


# Processes


async def test_a_process_that_stops_in_the_middle_loses_nothing_and_sends_nothing_twice(
    city: City, api: BotApi
) -> None:
    phones = [api.phone() for _ in range(4)]
    async with line(city, api):
        api.fail("sendMessage", *[Hang(0.2)] * 40)
        for phone in phones:
            await says(city, phone, *TEN)
        await api.called("sendMessage", times=6)
    sent = sum(len(texts(phone)) for phone in phones)
    assert 0 < sent < 40
    assert await waiting(city) == 40 - sent
    await city.restarts()
    async with line(city, api):
        await delivered(city, within=15)
    assert [texts(phone) for phone in phones] == [TEN] * 4


async def test_letters_are_wiped_once_they_are_delivered(city: City, api: BotApi) -> None:
    phone = api.phone()
    await says(city, phone, *TEN)
    assert all(row.message and b"letter" not in row.message for row in await _rows(city))
    async with line(city, api):
        await delivered(city)
    assert texts(phone) == TEN
    assert [(row.message, row.status) for row in await _rows(city)] == [(None, outbox.SENT)] * 10
    assert [row.external_id for row in await _rows(city)] == [str(seen.message_id) for seen in phone.screen]


async def test_what_another_process_said_is_found_and_keeps_its_place(city: City, api: BotApi) -> None:
    phone = api.phone()
    async with line(city, api) as wire:
        await asyncio.sleep(0.2)
        await says(city, phone, "theirs")
        await says(city, phone, "ours", to=wire.post)  # only this is told
        await delivered(city, within=3)
    assert texts(phone) == ["theirs", "ours"]


@one_database
async def test_a_long_outbox_is_worked_off(city: City, api: BotApi) -> None:
    phones = [api.phone() for _ in range(30)]
    for phone in phones:
        await says(city, phone, *(f"{number:03}" for number in range(80)))
    async with line(city, api):
        await delivered(city, within=40)
    assert {tuple(texts(phone)) for phone in phones} == {tuple(f"{number:03}" for number in range(80))}


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_the_post_goes_on_when_the_database_was_away(city: City, api: BotApi) -> None:
    phones = [api.phone() for _ in range(3)]
    async with line(city, api) as wire:
        for turn in range(3):
            for phone in phones:
                await says(city, phone, f"{turn} a", to=wire.post)
                await says(city, phone, f"{turn} b")
            other = connect(city.database.engine.url.render_as_string(hide_password=False))
            async with other.engine.connect() as connection:
                await connection.execute(text(_END_OTHERS))
            await other.close()
            await city.database.engine.dispose()
        await delivered(city, within=15)
        await says(city, phones[0], "last")
        await delivered(city)
    said = [f"{turn} {part}" for turn in range(3) for part in "ab"]
    assert [texts(phone) for phone in phones] == [[*said, "last"], said, said]


_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_DELIVER = """
import asyncio, os, sys
from bot.channels.telegram import Telegram
from bot.post import Post
from bot.runner import Runner
from storage.database import connect

async def main(url, secret, commune, token, base):
    database = connect(url)
    await database.unlock(secret)
    channel = Telegram(Runner(database), int(commune), token, base)
    print("ready", flush=True)
    await Post(database, int(commune), "telegram", channel.send).run()

asyncio.run(main(*sys.argv[1:]))
"""


def _other_process(city: City, api: BotApi) -> AbstractAsyncContextManager[Process]:
    """A process that only delivers."""
    url = city.database.engine.url.render_as_string(hide_password=False)
    return running(_DELIVER, url, SECRET, city.home.id, api.token, api.base)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_two_processes_one_delivers_and_the_other_takes_over_when_it_dies(city: City, api: BotApi) -> None:
    phones = [api.phone() for _ in range(3)]
    async with _other_process(city, api) as first:
        await says(city, phones[0], "hello")
        await delivered(city)
        async with line(city, api) as wire:
            for phone in phones:
                await says(city, phone, *TEN, to=wire.post)
            await delivered(city)
            assert wire.post.counts[outbox.SENT] == 0  # it all went out by the first
            first.kill()
            await first.wait()
            for phone in phones:
                await says(city, phone, *TEN, to=wire.post)
            await delivered(city, within=10)
            assert wire.post.counts[outbox.SENT] == 30
    assert [texts(phone)[-20:] for phone in phones] == [TEN * 2] * 3
    assert len(phones[0].screen) == 21
