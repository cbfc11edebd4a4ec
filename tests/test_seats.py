"""Seats and the line for them: what must hold whatever happens, races, dates at their edges, what is forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from conftest import City
from databases import sqlite_copy
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from test_properties import a_city
from test_round_trips import counted, trips  # noqa: F401  # a fixture
from test_workshops import arrived, told

from bot.notices import tell
from reports import calendars
from storage import attendance, citizens, own_data, past_workshops, registrations, seats, waking_hours, workshop_desk
from storage.citizens import Citizen, CitizenRow
from storage.notices import Notice
from storage.occasions import Closed, CountedAlready, Occasion
from storage.registrations import HoldOver, Needs
from storage.seats import ACTIVE, HELD, TAKING, WAITING, Registration
from storage.workshops import Workshop

PEOPLE = 6
move = st.one_of(
    st.tuples(st.sampled_from(["register", "register", "cancel", "take"]), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("seats"), st.integers(1, 4)),
    st.tuples(st.just("later"), st.sampled_from([1, 3, 12])),
)


async def furnished(city: City):
    workshop = await city.workshop(seats=2, begins=city.now + timedelta(days=30))
    async with city.database.writing() as db:
        for _ in range(PEOPLE):
            db.add(CitizenRow(commune_id=city.home.id, created=city.now))
    return workshop, sorted(row.id for row in await city.all(CitizenRow))


def occasion(city, citizen_id):
    return Occasion(Citizen(citizen_id, city.home.id, "fr"), city.home, "web", "fr", city.now)


async def does(city, workshop, people, kind, what):
    """One move; what is not possible is refused by its name and changes nothing."""
    async with city.database.writing() as db:
        match kind:
            case "register":
                await registrations.register(db, workshop.id, occasion(city, people[what]), "Ada", Needs())
            case "cancel":
                await registrations.cancel(db, city.home, workshop.id, people[what], city.now)
            case "take":
                await registrations.take(db, city.home, workshop.id, people[what], city.now)
            case "seats":
                await workshop_desk.resize(db, city.home, workshop.id, what, city.now)
            case "later":
                city.now += timedelta(hours=what)
                await seats.locked(db, city.home, workshop.id, city.now)


async def holds(city):
    """Never over capacity, nobody waits beside a free seat, the line keeps its order, one seat a person."""
    [there] = await city.all(Workshop)
    rows = await city.all(Registration)
    assert len({row.citizen_id for row in rows}) == len(rows)
    assert len({row.position for row in rows}) == len(rows)
    taken = [row for row in rows if row.state in TAKING]
    line = sorted(row.position for row in rows if row.state == WAITING)
    assert len(taken) <= there.capacity
    assert not line or len(taken) == there.capacity
    assert all(row.held_until and row.held_until > city.now for row in rows if row.state == HELD)
    passed = [row.position for row in rows if row.state in TAKING]
    assert not line or all(position < line[0] for position in passed), "somebody was passed over"


async def played(url, moves):
    async with a_city(url) as city:
        workshop, people = await furnished(city)
        full = [("register", number) for number in range(PEOPLE - 1)]
        for kind, what in [*full, *moves]:
            try:
                await does(city, workshop, people, kind, what)
            except (Closed, CountedAlready, HoldOver, workshop_desk.TooFew):
                pass
            else:
                await holds(city)


@settings(max_examples=15, deadline=None, print_blob=True)
@given(moves=st.lists(move, min_size=5, max_size=20))
def test_never_over_capacity_and_the_line_in_order(sqlite_file, moves):
    with sqlite_copy(sqlite_file) as url:
        asyncio.run(played(url, moves))


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_cancelling_and_registering_at_the_same_moment_give_no_seat_twice(city):
    workshop, people = await furnished(city)
    for number in range(4):
        await does(city, workshop, people, "register", number)
    at_once = [("cancel", 0), ("cancel", 1), ("register", 4), ("register", 5), ("cancel", 2), ("seats", 3)]
    await asyncio.gather(*(does(city, workshop, people, *each) for each in at_once))
    await holds(city)
    held = {row.citizen_id for row in await city.all(Registration) if row.state == HELD}
    assert people[3] in held
    told_of = [notice for notice in await city.all(Notice) if notice.kind == "workshop.freed"]
    assert len(told_of) == len({notice.citizen_id for notice in told_of})


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_seat_taken_at_the_moment_it_is_moved_on_has_one_owner(city):
    workshop, people = await furnished(city)
    for number in range(4):
        await does(city, workshop, people, "register", number)
    await does(city, workshop, people, "cancel", 0)
    city.now += timedelta(hours=2)
    outcomes = await asyncio.gather(
        *(does(city, workshop, people, *each) for each in (("take", 2), ("later", 0), ("take", 3))),
        return_exceptions=True,
    )
    await holds(city)
    assert isinstance(outcomes[0], HoldOver)
    states = {row.citizen_id: row.state for row in await city.all(Registration)}
    assert states[people[2]] == "expired"
    assert states[people[3]] in (HELD, "seated")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_one_person_has_one_seat_from_two_accounts(city):
    workshop, people = await furnished(city)
    known = citizens.Declared(person="the same", mask="I••••56", name="Ada")
    async with city.database.writing() as db:
        first, other = (occasion(city, id) for id in people[:2])
        first.citizen.declared = other.citizen.declared = known
        await registrations.register(db, workshop.id, first, "Ada", Needs())
        with pytest.raises(CountedAlready):
            await registrations.register(db, workshop.id, other, "Ada", Needs())
        await registrations.cancel(db, city.home, workshop.id, people[0], city.now)
        assert (await registrations.register(db, workshop.id, other, "Ada", Needs())).state == "seated"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_registration_ends_at_the_minute_it_begins_and_a_hold_before_it(city):
    workshop, people = await furnished(city)
    city.now = workshop.begins - timedelta(minutes=30)
    for number in range(3):
        await does(city, workshop, people, "register", number)
    await does(city, workshop, people, "cancel", 0)
    [held] = [row for row in await city.all(Registration) if row.state == HELD]
    assert held.held_until == workshop.begins
    city.now = workshop.begins - timedelta(minutes=1)
    await does(city, workshop, people, "register", 3)
    city.now = workshop.begins
    for kind, who in (("register", 4), ("cancel", 1), ("take", held.citizen_id)):
        with pytest.raises((Closed, HoldOver)):
            await does(city, workshop, people, kind, people.index(who) if who in people else who)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-24T11:00", "2026-11-24T13:00"),  # noon in Morocco
        ("2026-11-24T20:00", "2026-11-25T08:00"),  # 21:00: one hour, and one in the morning
        ("2026-11-24T23:00", "2026-11-25T09:00"),  # midnight
        ("2027-02-06T20:30", "2027-02-07T09:30"),  # the clock goes back that night: 8:00 is 8:00 in UTC
        ("2027-03-13T21:00", "2027-03-14T08:00"),  # and forward again: 21:00, one hour, and one in the morning
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_kept_for_two_hours_is_kept_for_two_hours_of_the_day(city, moment, until):
    begins = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert f"{waking_hours.waking_hours_later(city.home, begins, 2):%Y-%m-%dT%H:%M}" == until


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_in_ramadan_reminders_and_calendar_are_at_the_hour_on_the_wall(city):
    """On 7 February 2027 the clock goes back: ten o'clock is 9:00 in UTC before, and 10:00 from then on."""
    city.now = datetime(2027, 2, 1, 11, 0, tzinfo=UTC)
    workshop = await city.workshop(begins=datetime(2027, 2, 8, 10, 0, tzinfo=UTC))
    [ada] = await arrived(city, 1)
    await ada.registers()
    ada.sees("lundi 8 février 2027 à 10:00")
    event = next(message["document"]["calendar"] for message in ada.screen if message.get("document"))
    read = icalendar.Calendar.from_ical(await calendars.ics(event)).events[0]
    assert read["DTSTART"].dt == workshop.begins
    assert read["DTSTART"].to_ical() == b"20270208T100000Z"
    assert (await calendars.ics(event)).count(b"BEGIN:VEVENT") == 1
    city.now = datetime(2027, 2, 6, 9, 59, tzinfo=UTC)
    await told(city, ada)
    assert ada.screen == []
    city.now += timedelta(minutes=1)
    await told(city, ada)
    ada.sees("Rappel", "lundi 8 février 2027 à 10:00")


async def test_who_is_erased_gives_the_seat_to_the_next_and_sees_before_what_is_kept(city):
    workshop = await city.workshop(seats=1)
    ada, omar = await arrived(city, 2)
    for person in (ada, omar):
        await person.registers()
    first = min(await city.all(Registration), key=lambda row: row.position)
    async with city.database.writing() as db:
        [kept] = (await own_data.own_data(db, first.citizen_id))["past_workshops"]
        assert (kept["name"], kept["state"]) == ("Ada Lahlou", "seated")
        await own_data.erase(db, first.citizen_id, city.now)
    [left] = await city.all(Registration)
    assert left.state == HELD
    await told(city, omar)
    omar.sees("Une place s'est libérée")
    assert (await city.all(Workshop))[0].id == workshop.id


async def test_lists_are_forgotten_after_a_year_and_their_figures_stay(city):
    workshop, people = await furnished(city)
    await does(city, workshop, people, "register", 0)
    [mine] = await city.all(Registration)
    city.now = workshop.begins
    async with city.database.writing() as db:
        await attendance.check_in(db, city.home, mine.id, city.now)
    async with city.database.writing() as db:
        assert await attendance.rate(db, await db.get_one(Registration, mine.id), 4, "Bien")
        assert not await attendance.rate(db, await db.get_one(Registration, mine.id), 1, "Non")
        assert await past_workshops.forget(db, workshop.ends + timedelta(days=365)) == 0
        assert await past_workshops.forget(db, workshop.ends + timedelta(days=367)) == 1
    assert not await city.all(Registration)
    async with city.database.reading() as db:
        there = (await db.scalars(select(Workshop))).one()
        figures = await attendance.figures(db, there)
    assert (figures.came, figures.mean) == (1, 4.0)


class TestOnPostgresql:
    """Where the database is far away."""

    @pytest.fixture
    def kind(self):
        return "postgresql"

    async def test_a_question_about_one_of_500_workshops_makes_six_round_trips(self, city, trips):  # noqa: F811  # the fixture
        row = await city.workshop(short={"fr": "Le premier", "ar": "اللول"})
        same = {column.name: getattr(row, column.name) for column in Workshop.__table__.c if column.name != "id"}
        many = [{**same, "slug": f"w-{n}", "begins": row.begins + timedelta(hours=n + 1)} for n in range(500)]
        async with city.database.writing() as db:
            await db.execute(Workshop.__table__.insert(), many)
        [ada] = await arrived(city, 1, "telegram")
        for words in ("/workshops", "Suite", "/workshops", "Le premier", "M'inscrire", "J'accepte", "Ada Lahlou"):
            made = await counted(trips, ada, words)
            assert len(made) <= 6, (words, made)
        ada.sees("De quoi avez-vous besoin")


async def test_nobody_in_line_is_reminded_and_who_said_stop_is_asked_nothing_afterwards(city):
    workshop = await city.workshop(seats=1)
    ada, omar = await arrived(city, 2)
    for person in (ada, omar):
        await person.registers()
    async with city.database.writing() as db:
        for row in (await db.scalars(select(CitizenRow))).all():
            row.stopped = city.now
    city.now = workshop.begins - timedelta(hours=48)
    await told(city, ada, omar)
    ada.sees("Rappel")  # asked for
    assert omar.screen == []
    city.now = workshop.ends + timedelta(hours=1)
    await tell(city.database, city.now)
    await ada.looks()
    ada.does_not_see("Merci d'être venu·e")
    assert all(row.state in ACTIVE for row in await city.all(Registration))
