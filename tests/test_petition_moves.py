"""The steps of a petition: which follow on which, at whose hands, at what time; and what happens at the same moment."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from databases import postgres_copy, sqlite_copy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_properties import a_city

from bot.clock import mark_milestones
from bot.incoming import Incoming
from flows.questions import Reply
from storage import personal_retention, petition_desk, petition_moves, petition_times, supports
from storage.citizens import Citizen, CitizenRow, Declared
from storage.follows import Follow
from storage.notices import Notice
from storage.occasions import Closed, CountedAlready, Occasion
from storage.petition_moves import MOVES, REFUSALS, Move, MovedAlready, NotAllowed, Step, TooFewSigned
from storage.petitions import BEFORE_DEPOSIT, ENDED, STATES, Petition, Support

MAY = date(2027, 5, 1)


async def moved(city, petition, was, state, **how):
    async with city.database.writing() as db:
        return await petition_moves.move(db, city.home, petition.id, Step(was, state, 1, **how), city.now)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_only_the_steps_of_the_table_are_taken(city):
    assert set(MOVES) == set(STATES)
    assert {state for after in MOVES.values() for state in after} | {"draft"} == set(STATES)
    for was in STATES:
        for state in STATES:
            petition = await city.petition(status=was, signed_elsewhere=200)
            how = {"reasons": REFUSALS[:1], "session": MAY}
            if state in MOVES[was] and "submitted" not in (was, state):
                await moved(city, petition, was, state, **how)
            else:
                with pytest.raises(NotAllowed):
                    await moved(city, petition, was, state, **how)
    assert {move.state for move in await city.all(Move)} == set(STATES) - {"draft", "submitted"}


async def test_a_step_needs_what_belongs_to_it(city):
    reviewed = await city.petition(status="under_review")
    for state in ("refused", "accepted"):
        with pytest.raises(NotAllowed):
            await moved(city, reviewed, "under_review", state)
    with pytest.raises(NotAllowed):
        await moved(city, reviewed, "under_review", "refused", reasons=("because",))
    with pytest.raises(MovedAlready):
        await moved(city, reviewed, "deposited", "under_review")
    few = await city.petition(signed_elsewhere=199)
    with pytest.raises(TooFewSigned):
        await moved(city, few, "collecting", "ready")
    deposit = await moved(city, few, "collecting", "deposited")  # the law asks for a receipt at once, however many
    assert deposit.receipt.startswith("BM-")
    association = await city.petition(kind="association", threshold=None)
    await moved(city, association, "collecting", "ready")
    assert len(await city.all(Move)) == 2


@pytest.mark.parametrize(
    ("deposited", "due"),
    [
        ("2026-10-31T12:00:00", "2027-01-31T22:59:59"),
        ("2026-11-30T22:59:59", "2027-02-28T23:59:59"),  # February has no 30th
        ("2026-11-30T23:00:00", "2027-03-01T23:59:59"),  # a second later it is December in Morocco; Ramadan in March
        ("2026-12-10T12:00:00", "2027-03-10T23:59:59"),  # Ramadan 2027: the clock is that of Greenwich
        ("2027-02-20T12:00:00", "2027-05-20T22:59:59"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_refusal_is_due_at_the_end_of_a_day_in_morocco_in_ramadan_too(city, deposited, due):
    moment = datetime.fromisoformat(deposited).replace(tzinfo=UTC)
    assert f"{petition_times.refusal_due(city.home, moment).astimezone(UTC):%Y-%m-%dT%H:%M:%S}" == due


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_next_ordinary_sessions_are_those_of_the_commune(city):
    def months(moment):
        return [f"{each:%Y-%m}" for each in petition_times.sessions(city.home, datetime.fromisoformat(moment))]

    assert months("2026-11-24T11:00+00:00") == ["2027-02", "2027-05", "2027-10"]
    assert months("2027-02-28T22:00+00:00") == ["2027-02", "2027-05", "2027-10"]
    assert months("2027-02-28T23:59:59+00:00") == ["2027-02", "2027-05", "2027-10"]  # Ramadan: still February
    assert months("2027-05-31T23:00+00:00") == ["2027-10", "2028-02", "2028-05"]  # June already
    await city.found(sessions=[3])
    assert months("2026-11-24T11:00+00:00") == ["2027-03", "2028-03", "2029-03"]


async def someone(city):
    person = city.citizen("fr", "telegram")
    await person.arrives()
    id = max(row.id for row in await city.all(CitizenRow))
    return person, Occasion(Citizen(id, city.home.id, "fr"), city.home, "telegram", "fr", city.now)


async def test_support_is_open_to_the_last_second_of_its_last_day(city):
    _ada, occasion = await someone(city)
    last = petition_times.last_moment(date(2027, 2, 20))  # in Ramadan
    petition = await city.petition(closes=last)
    who = Declared("p", "m", "Ada")
    assert f"{last.astimezone(UTC):%H:%M:%S}" == "23:59:59"
    for late, is_open in ((0, False), (1, True)):
        now = last - timedelta(seconds=late)
        async with city.database.writing() as db:
            taking_part = Occasion(occasion.citizen, city.home, "web", "fr", now)
            if is_open:
                await supports.support(db, petition, taking_part, who)
            else:
                with pytest.raises(Closed):
                    await supports.support(db, petition, taking_part, who)


async def test_names_are_kept_while_the_council_decides_and_then_cut(city):
    _ada, occasion = await someone(city)
    petition = await city.petition()
    async with city.database.writing() as db:
        await supports.support(db, petition, occasion, Declared("p", "m", "Ada"))
    years_later = city.now + timedelta(days=1000)
    for state, how in (("deposited", {}), ("under_review", {}), ("refused", {"reasons": ("form",)})):
        [kept] = await city.all(Petition)
        await moved(city, petition, kept.status, state, **how)
        async with city.database.writing() as db:
            await personal_retention.forget(db, city.home, years_later)
        [support] = await city.all(Support)
        assert bool(city.database.vault.open(support.name)) is (state != "refused")


# At the same moment


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_support_and_withdrawal_racing_with_the_deposit_are_told_the_truth(city):
    petition = await city.petition("Des arbres")
    crowd = [await someone(city) for _number in range(16)]
    for number, (_person, occasion) in enumerate(crowd[:8]):
        async with city.database.writing() as db:
            await supports.support(db, petition, occasion, Declared(f"p{number}", "m", "Ada"))
    told = []

    async def goes_on(number, occasion):
        try:
            async with city.database.writing() as db:
                if number < 8:
                    await supports.withdraw(db, petition, occasion.citizen.id)
                else:
                    await supports.support(db, petition, occasion, Declared(f"p{number}", "m", "Ada"))
            told.append("left" if number < 8 else "joined")
        except Closed:
            told.append("closed")

    async def deposits():
        await asyncio.sleep(0.01)
        await moved(city, petition, "collecting", "deposited")

    going = [goes_on(number, occasion) for number, (_person, occasion) in enumerate(crowd)]
    await asyncio.gather(deposits(), *going)
    assert len(told) == 16
    assert len(await city.all(Support)) == 8 - told.count("left") + told.count("joined")


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_two_who_move_a_petition_at_once_one_does(city):
    petition = await city.petition(status="under_review")
    _person, occasion = await someone(city)
    await city.has(Follow(noun="petition", about=petition.id, citizen_id=occasion.citizen.id))
    ways = [("accepted", {"session": MAY}), ("refused", {"reasons": ("form",)})] * 4
    done = await asyncio.gather(
        *(moved(city, petition, "under_review", state, **how) for state, how in ways), return_exceptions=True
    )
    assert sum(isinstance(each, Move) for each in done) == 1
    assert sum(isinstance(each, MovedAlready) for each in done) == 7
    [move], [notice] = await city.all(Move), await city.all(Notice)
    assert (notice.occasion, notice.citizen_id) == (str(move.id), occasion.citizen.id)


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_two_agents_who_take_a_draft_on_at_once_one_does(city):
    ada = city.citizen("fr")
    await ada.arrives()
    from test_petition_life import writes_all

    await writes_all(ada)
    await ada.taps("Envoyer au service")

    async def takes():
        async with city.database.writing() as db:
            return await petition_desk.take_on(
                db, city.home, 1, petition_desk.Terms(city.now + timedelta(days=30)), 1, city.now
            )

    done = await asyncio.gather(*(takes() for _agent in range(4)), return_exceptions=True)
    assert sum(isinstance(each, Petition) for each in done) == 1
    assert len(await city.all(Petition)) == 1


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_milestone_found_by_two_clocks_at_once_is_told_once(city):
    _ada, occasion = await someone(city)
    await city.petition(promoter_id=occasion.citizen.id, declared_elsewhere=120)
    await asyncio.gather(*(mark_milestones(city.database, city.now) for _clock in range(6)))
    [notice] = await city.all(Notice)
    assert notice.occasion == "50"


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_two_taps_on_withdraw_take_back_one_support(city):
    petition = await city.petition("Des arbres")
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.supports("Des arbres")
    await ada.says(f"/start pw_{petition.id}")
    press = next(value for value, label in ada.screen[-1]["buttons"] if label == "Retirer")
    other = await city.another_process()
    await asyncio.gather(
        city.runner.receive(Incoming(ada.sender, "one", Reply(pressed=press))),
        other.receive(Incoming(ada.sender, "two", Reply(pressed=press))),
    )
    await ada.looks()
    assert ada.shown.count("Votre soutien est retiré") == 1
    assert not await city.all(Support)


# Whatever the order

people, accounts = st.integers(0, 2), st.integers(0, 2)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("support"), people, accounts),
        st.tuples(st.just("withdraw"), people, accounts),
        st.tuples(st.just("move"), st.sampled_from(STATES), st.none()),
    ),
    min_size=8,
    max_size=25,
)


async def lives(url, steps):
    """The life of one petition, as it comes; after each step what must hold."""
    async with a_city(url) as city:
        petition = await city.petition(signed_elsewhere=200)
        occasions = [(await someone(city))[1] for _account in range(3)]
        status = "collecting"
        for deed, one, two in steps:
            before = {(each.person, each.citizen_id) for each in await city.all(Support)}
            try:
                async with city.database.writing() as db:
                    if deed == "support":
                        await supports.support(db, petition, occasions[two], Declared(f"p{one}", "m", "Ada"))
                        assert status == "collecting"
                    elif deed == "withdraw":
                        await supports.withdraw(db, petition, occasions[two].citizen.id)
                        assert status in BEFORE_DEPOSIT
                    else:
                        step = Step(status, one, 1, REFUSALS[:1], {}, MAY)
                        await petition_moves.move(db, city.home, petition.id, step, city.now)
                        assert one in MOVES[status]
                        status = one
            except (Closed, CountedAlready, NotAllowed):
                pass
            after = {(each.person, each.citizen_id) for each in await city.all(Support)}
            assert len({person for person, _account in after}) == len({account for _p, account in after}) == len(after)
            assert status in BEFORE_DEPOSIT or after == before
        assert status not in ENDED or len(await city.all(Move)) >= 3


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(steps=deeds)
def test_whatever_the_order_a_person_counts_once_and_nothing_changes_after_the_deposit(sqlite_file, steps):
    with sqlite_copy(sqlite_file) as url:
        asyncio.run(lives(url, steps))


@settings(deadline=None, max_examples=3, suppress_health_check=list(HealthCheck))
@given(steps=deeds)
def test_the_same_on_postgresql(postgres_server, steps):
    async def play():
        async with postgres_copy(postgres_server) as url:
            await lives(url, steps)

    asyncio.run(play())
