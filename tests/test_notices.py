"""What citizens are told without having asked just then: once, in their language, where they can be reached."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.notices import tell
from flows.registry import NOTICES, Notice
from storage import notices, own_data
from storage.citizens import CitizenRow, Consent
from storage.notices import FAILED, MOOT, NOWHERE, STOPPED, TOLD
from storage.told import Told


@pytest.fixture
def said():
    """How notices of a test's own are put into words."""
    before = dict(NOTICES)

    def register(kind, run, is_asked=True):
        NOTICES[kind] = Notice(run, is_asked)

    yield register
    NOTICES.clear()
    NOTICES.update(before)


async def freed(chat, about, occasion):
    chat.say("Une place ({about}, {occasion}).", about=about, occasion=occasion)
    chat.offer("menu", "Menu")


@pytest.fixture
async def ada(city):
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    return ada


async def id_of(city, person):
    [only] = await city.all(CitizenRow)
    return only.id


async def plan(city, citizen_id, kind="test.freed", about=7, occasion="now", due=None):
    async with city.database.writing() as db:
        await notices.plan(db, citizen_id, kind, about, occasion, due or city.now)


async def outcomes(city):
    return [notice.outcome for notice in await city.all(notices.Notice)]


async def test_a_notice_is_told_once_however_often_it_is_planned_and_told(city, ada, said):
    said("test.freed", freed)
    for _ in range(2):
        await plan(city, await id_of(city, ada))
    await asyncio.gather(tell(city.database, city.now), tell(city.database, city.now))
    await ada.looks()
    ada.sees("Une place (7, now).", "Menu")
    assert len(ada.screen) == 1
    assert await tell(city.database, city.now) == 0
    assert await outcomes(city) == [TOLD]


async def test_a_notice_waits_for_its_time(city, ada, said):
    said("test.freed", freed)
    await plan(city, await id_of(city, ada), due=city.now + timedelta(hours=1))
    assert await tell(city.database, city.now) == 0
    assert await tell(city.database, city.now + timedelta(hours=1)) == 1


async def test_a_notice_does_not_disturb_the_open_question(city, ada, said):
    said("test.freed", freed)
    await city.petition("Des arbres")
    await ada.says("/petitions")
    await plan(city, await id_of(city, ada))
    await tell(city.database, city.now)
    await ada.says("1")
    ada.sees("Voulez-vous déclarer votre soutien")


@pytest.mark.parametrize("channel", ["console", "whatsapp"])
async def test_the_buttons_of_a_notice_are_typed_and_never_answer_an_open_question(city, said, channel):
    async def moved(chat, about, occasion):
        chat.say("La pétition a changé.")
        chat.offer(f"p_{about}", "Lire la pétition")
        chat.offer("/policy", "Lire les règles")

    said("test.moved", moved)
    await city.petition("Un puits")
    changed = await city.petition("Des arbres")
    ada = city.citizen("fr", channel)
    await ada.arrives()

    async def is_told(occasion):
        city.now += timedelta(minutes=1)
        await plan(city, await id_of(city, ada), "test.moved", changed.id, occasion)
        assert await tell(city.database, city.now) == 1
        await ada.looks()
        ada.sees("Lire la pétition")
        city.now += timedelta(minutes=1)

    await is_told("first")  # the menu is open, which loses nothing
    await ada.says("1")
    ada.sees("Des arbres", "Soutiens déclarés")
    await ada.says("/petitions")
    await is_told("second")
    await ada.says("1")  # of the open question
    ada.sees("Un puits", "Voulez-vous déclarer")
    await ada.says("Oui") if "Oui" in ada.labels else await ada.taps("Soutenir")
    await ada.taps("accepte")
    await is_told("third")
    await ada.says("Lire")  # a name, or not: but no button
    ada.does_not_see("Des arbres")
    await city.restarts()
    await ada.says("lire LA petition")
    ada.sees("Des arbres", "Soutiens déclarés")
    await ada.says("1")  # below it something else was said since
    ada.does_not_see("La pétition a changé")
    assert b"Lire la p" not in await city.everything()  # sealed
    async with city.database.writing() as db:
        await own_data.erase(db, await id_of(city, ada), city.now)
    assert not await city.all(Told)


async def test_who_wants_no_messages_is_told_only_what_was_asked_for(city, ada, said):
    said("test.freed", freed)
    said("test.news", freed, is_asked=False)
    async with city.database.writing() as db:
        (await db.scalars(select(CitizenRow))).one().stopped = city.now
    for kind in ("test.freed", "test.news"):
        await plan(city, await id_of(city, ada), kind)
    await tell(city.database, city.now)
    await ada.looks()
    assert len(ada.screen) == 1
    assert sorted(await outcomes(city)) == [STOPPED, TOLD]


async def test_one_notice_that_fails_keeps_no_other_from_being_told(city, ada, said):
    async def broken(chat, about, occasion):
        raise RuntimeError("a mistake")

    async def asks(chat, about, occasion):
        await chat.text("name", "Nom ?")

    async def writes(chat, about, occasion):
        chat.db.add(Consent(citizen_id=chat.citizen.id, purpose="test", notice="", given=chat.now))

    async def moot(chat, about, occasion):
        pass

    said("test.broken", broken)
    said("test.asks", asks)
    said("test.writes", writes)
    said("test.moot", moot)
    said("test.freed", freed)
    for kind in ("test.broken", "test.asks", "test.writes", "test.moot", "test.freed", "test.unknown"):
        await plan(city, await id_of(city, ada), kind)
    await tell(city.database, city.now)
    await ada.looks()
    ada.sees("Une place")
    assert await outcomes(city) == [FAILED, FAILED, FAILED, MOOT, TOLD, FAILED]
    assert not await city.all(Consent)


async def test_a_notice_reaches_the_address_used_last(city, ada, said):
    said("test.freed", freed)
    citizen_id = await id_of(city, ada)
    other = city.citizen("fr", "web")
    await other.arrives()
    async with city.database.writing() as db:
        await db.execute(notices.Address.__table__.update().values(citizen_id=citizen_id))
    city.now += timedelta(minutes=1)
    await ada.says("menu")
    await plan(city, citizen_id)
    await tell(city.database, city.now)
    await ada.looks()
    ada.sees("Une place")
    await other.looks()
    assert other.screen == []


async def test_who_cannot_be_reached_is_not_tried_for_ever(city, ada, said):
    said("test.freed", freed)
    async with city.database.writing() as db:
        await db.execute(notices.Address.__table__.update().values(unreachable_since=city.now))
    await plan(city, await id_of(city, ada))
    await tell(city.database, city.now)
    assert await outcomes(city) == [NOWHERE]
