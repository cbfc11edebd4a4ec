"""A commune's file: every fault is named with its line, and loading brings the database to what the file says."""

from collections.abc import AsyncIterator
from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.commune_file import BadFile, CommuneFile, read
from bot.commune_file.moments import moment
from storage import (
    ballots,
    budget_tally,
    budgets,
    communes,
    ideas,
    petitions,
    responses,
    service_hours,
    wordings,
    works,
)
from storage.ballots import Ballot
from storage.budgets import Budget, Project
from storage.comments import Comment
from storage.communes import Commune
from storage.consultations import Consultation
from storage.database import Database, connect
from storage.loading import BegunAlready, Changes, Contents, Count, load
from storage.petition_moves import Move
from storage.petitions import Petition
from storage.schema import Base
from storage.surveys import Survey
from storage.verdicts import Answer
from storage.wordings import Wording

DEMO = Path(__file__).parents[1] / "demo" / "beni-mellal.yaml"
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)

SMALL = """\
commune:
  id: tamda
  name: {ar: "تامدة", fr: Tamda}
  receipt_prefix: TM
  contact: bureau@exemple.invalid
  cndp: D-1/2026
quarters:
  - {id: north, name: {ary: "الشمال", fr: Nord}}
petitions:
  - id: well
    kind: citizens
    title: {ar: "بئر", fr: Un puits}
    short: {ar: "بئر", fr: Puits}
    request: {ar: "بئر", fr: Un puits}
    reasons: {ar: "عطش", fr: La soif}
    aims: {ar: "ماء", fr: De l'eau}
    mandataire: {ar: "فلان", fr: Untel}
    threshold: 100
    signed_elsewhere: 5
    status: collecting
    closes: 2026-12-20
budgets:
  - id: vote
    title: {ar: "تصويت", fr: Vote}
    envelope: 1000
    ballot: approval
    least: 1
    most: 2
    asks_cin: false
    opens: now - 1 day
    closes: now + 10 days
    projects:
      - {id: a, title: {ar: أ, fr: A}, short: {ar: أ, fr: A}, description: {ar: أ, fr: A}, place: north, cost: 400}
      - {id: b, title: {ar: ب, fr: B}, short: {ar: ب, fr: B}, description: {ar: ب, fr: B}, cost: 700}
"""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = connect(f"sqlite+aiosqlite:///{tmp_path}/x.db")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await database.unlock("the secret of the tests")
    yield database
    await database.close()


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(text: str | bytes) -> Path:
        path = tmp_path / "tamda.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def faults(written: Any) -> Any:
    def of(text: str | bytes) -> list[str]:
        path = written(text)
        with pytest.raises(BadFile) as error:
            read(path, NOW)
        assert all(fault.startswith(f"{path}:") for fault in error.value.faults)
        return [fault.removeprefix(f"{path}:") for fault in error.value.faults]

    return of


@pytest.fixture
def contents(written: Any) -> Any:
    def of(text: str = SMALL, now: datetime = NOW) -> Contents:
        return read(written(text), now).contents

    return of


def changed(*edits: tuple[str, str]) -> str:
    text = SMALL
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def line_of(words: str, text: str = SMALL) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


async def loaded(database: Database, contents: Contents, now: datetime = NOW) -> Changes:
    async with database.writing() as db:
        return await load(db, contents, now)


async def rows(database: Database, table: type[Any]) -> dict[str, Any]:
    async with database.reading() as db:
        return {row.slug: row for row in await db.scalars(select(table))}


async def snapshot(database: Database) -> list[dict[str, Any]]:
    async with database.reading() as db:
        found = []
        for table in (Commune, Petition, Budget, Project):
            found += [dict(row) for row in (await db.execute(select(table.__table__))).mappings()]
        return found


async def cast_a_ballot(database: Database) -> None:
    vote = (await rows(database, Budget))["vote"]
    async with database.writing() as db:
        db.add(Ballot(budget_id=vote.id, voter="v", receipt="TM-1", channel="test", day=NOW.date()))


# The file


def test_an_unknown_key_is_named_with_file_and_line(faults: Any) -> None:
    text = changed(("    status: collecting", "    statuss: collecting"))
    line = line_of("statuss", text)
    assert faults(text) == [
        f"{line_of('id: well')}: petitions.well.status: is missing; write one of {', '.join(petitions.STATES)}",
        f"{line}: petitions.well.statuss: is no key here; write status",
    ]


def test_an_unknown_key_unlike_any_other_lists_those_there_are(faults: Any) -> None:
    text = SMALL + "xyz: 1\n"
    assert faults(text) == [
        f"{line_of('xyz', text)}: xyz: is no key here; there are {', '.join(CommuneFile.model_fields)}"
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("  receipt_prefix: TM\n", "", "commune.receipt_prefix", "is missing; write two to four capital"),
        ("  contact: bureau@exemple.invalid\n", "", "commune.contact", "is missing; write one line of text"),
        ("receipt_prefix: TM", "receipt_prefix: tm", "commune.receipt_prefix", "is 'tm'; write two to four"),
        ("cndp: D-1/2026", "cndp: 2026", "commune.cndp", "is 2026; write one line of text, in quotes"),
        ("cndp: D-1/2026", "cndp: D-1\n  keep_cin: 1", "commune.keep_cin", "is 1; write true or false"),
        ("cndp: D-1/2026", 'cndp: D-1\n  service_opens: "8"', "commune.service_opens", "write an hour in quotes"),
        ("cndp: D-1/2026", "cndp: D-1\n  service_days: [0]", "commune.service_days.#1", "write a list of days, 1"),
        ("cndp: D-1/2026", "cndp: D-1\n  days_off: [soon]", "commune.days_off.#1", "write holidays, such as"),
        ("id: tamda", "id: Tamda", "commune.id", "is 'Tamda'; write small letters"),
        ("fr: Tamda}", "en: Tamda}", "commune.name.fr", "is missing; write the text in French"),
        ('{ar: "تامدة", fr: Tamda}', "Tamda", "commune.name", "is 'Tamda'; write the text in each language"),
        ('{ar: "تامدة", fr: Tamda}', "{fr: Tamda}", "commune.name.ar", "is missing; write the text in Arabic"),
        ("fr: Nord}", "fr: ''}", "quarters.north.name.fr", "is empty; write the text in French"),
        ("fr: Puits}", f"fr: {'x' * 25}}}", "petitions.well.short.fr", "has 25 characters; write 24 at most"),
        ("fr: Puits}", 'fr: "a\\nb"}', "petitions.well.short.fr", "is 'a\\nb'; write the text in French"),
        ("fr: La soif}", 'fr: "a\\0b"}', "petitions.well.reasons.fr", "is 'a\\x00b'; write the text in French"),
        ("kind: citizens", "kind: citizen", "petitions.well.kind", "is 'citizen'; write citizens or association"),
        ("kind: citizens", "kind: association", "petitions.well.threshold", "is 100; take it out"),
        ("    threshold: 100\n", "", "petitions.well.threshold", "is missing; write how many signatures"),
        (
            "signed_elsewhere: 5",
            "signed_elsewhere: -5",
            "petitions.well.signed_elsewhere",
            "is -5; write a whole number from 0",
        ),
        (
            "signed_elsewhere: 5",
            "signed_elsewhere: 5.5",
            "petitions.well.signed_elsewhere",
            "is '5.5'; write a whole number from 0",
        ),
        ("signed_elsewhere: 5", f"signed_elsewhere: {'9' * 5000}", "petitions.well.signed_elsewhere", "is '999"),
        ("status: collecting", "status: open", "petitions.well.status", "is 'open'; write one of draft"),
        ("closes: 2026-12-20", "closes: soon", "petitions.well.closes", "is 'soon'; write a date"),
        ("closes: 2026-12-20", "closes: 2026-13-20", "petitions.well.closes", "is '2026-13-20'; write a date"),
        ("closes: 2026-12-20", "closes: 2026-12-20T10:00", "petitions.well.closes", "without a zone"),
        ("closes: 2026-12-20", "closes: 9999-12-31", "petitions.well.closes", "far from our time"),
        ("closes: 2026-12-20", "closes: now + 99999 days", "petitions.well.closes", "is 'now + 99999 days'; write"),
        ("closes: 2026-12-20", "closes: ", "petitions.well.closes", "is empty; write a date"),
        ("closes: now + 10 days", "closes: now - 2 days", "budgets.vote.closes", "is not after opens, 2026-11-23"),
        ("closes: now + 10 days", "closes: 2027-01-01", "budgets.vote.closes", "is not written as opens is"),
        ("ballot: approval", "ballot: lots", "budgets.vote.ballot", "is 'lots'; write one of one, approval"),
        ("ballot: approval", "ballot: one", "budgets.vote.most", "is 2 and least is 1; for the ballot 'one'"),
        ("least: 1", "least: 0", "budgets.vote.least", "is 0; write the fewest projects"),
        ("most: 2", "most: 3", "budgets.vote.most", "is 3, but there are 2 projects; write no more"),
        ("cost: 400", "cost: 1400", "budgets.vote.projects.a.cost", "is 1400, over the envelope; write 1000"),
        ("cost: 400", "cost: '400'", "budgets.vote.projects.a.cost", "is '400'; write a whole number of dirhams"),
        ("cost: 400", "cost: 0", "budgets.vote.projects.a.cost", "is 0; write a whole number of dirhams"),
        ("place: north", "place: south", "budgets.vote.projects.a.place", "is 'south'; write the id of a quarter"),
        ("id: b,", "id: a,", "budgets.vote.projects.a.id", "is taken, on line"),
        ("id: b,", "", "budgets.vote.projects.#2.id", "is missing; write small letters"),
        (
            "signed_elsewhere: 5",
            "signed_elsewhere: 5\n    signed_elsewhere: 6",
            "petitions.well.signed_elsewhere",
            "is on line 19 already; keep one",
        ),
        (
            "cndp: D-1/2026",
            "cndp: D-1/2026\n  sessions: [spring]",
            "commune.sessions.#1",
            "is 'spring'; write a list of",
        ),
        ("cndp: D-1/2026", "cndp: D-1/2026\n  two_people: [petition.mov]", "commune.two_people", "has 'petition.mov'"),
        (
            "cndp: D-1/2026",
            "cndp: D-1/2026\n  telegram_name: '@a'",
            "commune.telegram_name",
            "write the name of the bot",
        ),
        ("fr: Nord", "fr: !secret Nord", "quarters.north.name.fr", "is marked '!secret'"),
    ],
)
def test_a_fault_is_named_with_its_key_and_what_would_be_right(
    faults: Any, old: str, new: str, key: str, says: str
) -> None:
    found = faults(changed((old, new)))
    assert any(f" {key}: " in fault and says in fault for fault in found), found


def test_the_line_is_that_of_the_key(faults: Any) -> None:
    text = changed(("cost: 700", "cost: 7000"), ("signed_elsewhere: 5", "signed_elsewhere: five"))
    numbers = [int(fault.split(":")[0]) for fault in faults(text)]
    assert numbers == [line_of("signed_elsewhere:", text), line_of("cost: 7000", text)]


def test_all_faults_are_told_at_once(faults: Any) -> None:
    edits = [
        ("id: tamda", "id: T"),
        ("signed_elsewhere: 5", "signed_elsewhere: x"),
        ("cost: 400", "cost: 1400"),
        ("place: north", "place: x"),
    ]
    found = faults(changed(*edits, ("closes: now + 10 days", "closes: now - 9 days"), ("most: 2", "most: 0")))
    assert sorted(fault.split(": ")[1] for fault in found) == [
        "budgets.vote.closes",
        "budgets.vote.most",
        "budgets.vote.projects.a.cost",
        "budgets.vote.projects.a.place",
        "commune.id",
        "petitions.well.signed_elsewhere",
    ]


def test_least_over_most_is_refused(faults: Any) -> None:
    text = changed(("least: 1", "least: 2"), ("most: 2", "most: 1"))
    assert faults(text) == [f"{line_of('most:', text)}: budgets.vote.most: is 1, below least, 2; write 2 or more"]


def test_a_knapsack_that_nobody_could_fill_is_refused(faults: Any) -> None:
    text = changed(("ballot: approval", "ballot: knapsack"), ("least: 1", "least: 2"))
    (fault,) = faults(text)
    assert "budgets.vote.least: is 2, but the cheapest so many cost 1100" in fault


def test_the_same_id_twice_is_refused_wherever_it_must_be_one(faults: Any) -> None:
    text = changed(("quarters:\n", 'quarters:\n  - {id: north, name: {ar: "ش", fr: N}}\n'))
    assert faults(text) == ["9: quarters.north.id: is taken, on line 8; write an id that no other has"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1: the file: is empty"),
        ("# nothing\n", "1: the file: is empty"),
        ("~\n", "1: the file: is empty"),
        ("- a\n", "1: the file: is a list; write"),
        ("a: [1,\nb: 2\n", "is not valid YAML"),
        ("a: 1\n  b: 2\n", "2: the file: is not valid YAML"),
        ("a: 1\n---\nb: 2\n", "2: the file: is not valid YAML"),
        ("a: 1\n\tb: 2\n", "2: the file: is not valid YAML"),
        ("a: x\nb: \x07\n", "2: the file: has a character"),
        ("a: 1\nb: \xe9\n".encode("latin-1"), "2: the file: is not UTF-8 here"),
        ("a: &x [1]\nb: *x\n", "2: the file: has an alias, *x"),
        ("a: " + "[" * 5000, "1: the file: is nested deeper"),
        ("? [a, b]\n: 1\n", "1: the file: has a key that is no word"),
        ("a: 1\n" * 1_100_000, "1: the file: has over 5 MB"),
    ],
)
def test_what_is_no_plain_yaml_is_refused(faults: Any, text: str | bytes, says: str) -> None:
    found = faults(text)
    assert any(says in fault for fault in found), found


def test_a_yaml_bomb_is_refused_before_it_grows(faults: Any) -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    assert len(faults(bomb)) == 99


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(BadFile, match=f"{path}:1: the file: "):
            read(path, NOW)


@given(st.integers(0, 9999), st.sampled_from("+-"), st.sampled_from(["day", "days", "hour", "hours"]))
def test_a_relative_date_is_that_far_from_now(count: int, sign: str, unit: str) -> None:
    far = timedelta(days=count) if unit.startswith("day") else timedelta(hours=count)
    when = moment(f"now {sign} {count} {unit}", NOW, time(0))
    assert when.is_relative
    assert when.at == (NOW + far if sign == "+" else NOW - far)


@given(st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1), timezones=st.timezones()))  # noqa: DTZ001  # the zone comes after
def test_a_moment_with_a_zone_is_that_moment(at: datetime) -> None:
    assert moment(at.isoformat(), NOW, time(0)).at == datetime.fromisoformat(at.isoformat())


@given(st.text() | st.integers() | st.none() | st.booleans())
def test_any_other_date_is_refused_in_words(said: object) -> None:
    try:
        assert moment(said, NOW, time(0)).at.tzinfo
    except ValueError as error:
        assert "write a date" in str(error)  # noqa: PT017  # any other error is the failure looked for


def test_a_plain_date_lasts_to_the_end_of_the_day_in_morocco(contents: Any) -> None:
    assert contents().nouns["petitions"][0].values["closes"] == datetime(2026, 12, 20, 22, 59, 59, tzinfo=UTC)


JUNK = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.just([]) | st.just({}) | st.just([[1]])


@given(st.data())
def test_any_value_anywhere_is_read_or_refused_but_never_fails(tmp_path_factory: Any, data: Any) -> None:
    tree = deepcopy(yaml.safe_load(SMALL))
    at: Any = tree
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not isinstance(at[key], dict | list) or data.draw(st.integers(0, 3)) == 0:
            break
        at = at[key]
    at[key] = data.draw(JUNK)
    path = tmp_path_factory.getbasetemp() / "junk.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), "utf-8")
    try:
        assert read(path, NOW).contents
    except BadFile as error:
        assert error.faults  # noqa: PT017  # whether the junk fits depends on where it fell


# The database


async def test_loading_twice_changes_nothing(database: Database, contents: Any) -> None:
    first = await loaded(database, contents())
    assert [first[noun].added for noun in ("communes", "petitions", "budgets", "projects")] == [1, 1, 1, 2]
    before = await snapshot(database)
    later = NOW + timedelta(days=2)
    second = await loaded(database, contents(now=later), later)
    one, two = Count(left=1), Count(left=2)
    assert {noun: count for noun, count in second.items() if count != Count()} == {
        "communes": one,
        "petitions": one,
        "budgets": one,
        "projects": two,
    }
    assert str(second).splitlines()[0] == "communes: 0 added, 0 changed, 0 removed, 1 left as they were"
    assert await snapshot(database) == before


async def test_a_home_is_made_of_what_was_loaded(database: Database, contents: Any) -> None:
    await loaded(database, contents())
    async with database.reading() as db:
        home = await communes.home(db, "tamda")
    assert home is not None
    assert (home.receipt_prefix, home.keep_months, home.contact) == ("TM", 12, "bureau@exemple.invalid")
    assert [(quarter.slug, quarter.name["ary"]) for quarter in home.quarters] == [("north", "الشمال")]


async def test_the_hours_of_the_service_are_the_communes(database: Database, contents: Any) -> None:
    hours = 'service_opens: "09:00"\n  service_days: [1, 2, 3, 4, 6]\n  days_off: ["2026-03-09"]'
    await loaded(database, contents(SMALL.replace("cndp: D-1/2026", f"cndp: D-1/2026\n  {hours}")))
    async with database.reading() as db:
        home = await communes.home(db, "tamda")
    assert home is not None
    friday = datetime(2026, 3, 6, 10, 0, tzinfo=service_hours.CASABLANCA)
    openings = [service_hours.next_opening(home, friday + timedelta(days=days)) for days in (0, 1)]
    assert [f"{opening.astimezone(service_hours.CASABLANCA):%A %H:%M}" for opening in openings if opening] == [
        "Saturday 09:00",
        "Tuesday 09:00",
    ]


async def test_a_changed_text_is_updated(database: Database, contents: Any) -> None:
    await loaded(database, contents())
    text = changed(("fr: La soif", "fr: La grande soif"), ("contact: bureau", "contact: accueil"))
    changes = await loaded(database, contents(text.replace("fr: B}, short", "fr: Bé}, short")))
    assert (changes["communes"].changed, changes["petitions"].changed) == (1, 1)
    assert (changes["budgets"].left, changes["projects"]) == (1, Count(changed=1, left=1))
    assert (await rows(database, Petition))["well"].reasons["fr"] == "La grande soif"
    assert (await rows(database, Project))["b"].title["fr"] == "Bé"


async def test_the_counters_of_staff_are_kept(database: Database, contents: Any) -> None:
    await loaded(database, contents())
    async with database.writing() as db:
        await db.execute(update(Petition).values(signed_elsewhere=77, declared_elsewhere=9, status="deposited"))
    changes = await loaded(database, contents(changed(("signed_elsewhere: 5", "signed_elsewhere: 6"))))
    well = (await rows(database, Petition))["well"]
    assert (well.signed_elsewhere, well.declared_elsewhere, well.status) == (77, 9, "deposited")
    assert changes["petitions"] == Count(left=1)


async def test_an_open_vote_has_a_key_that_stays_and_a_closed_one_has_none(database: Database, contents: Any) -> None:
    closed = changed(("opens: now - 1 day", "opens: now - 9 days"), ("closes: now + 10 days", "closes: now - 1 day"))
    await loaded(database, contents(closed.replace("id: vote", "id: past")))
    await loaded(database, contents())
    found = await rows(database, Budget)
    assert found["past"].vote_key is None
    assert found["vote"].vote_key is not None
    await loaded(database, contents())
    assert (await rows(database, Budget))["vote"].vote_key == found["vote"].vote_key


async def test_without_ballots_the_rules_and_the_projects_may_change(database: Database, contents: Any) -> None:
    await loaded(database, contents())
    second = next(line for line in SMALL.splitlines() if "{id: b," in line)
    third = second.replace("id: b", "id: c")
    text = changed(("envelope: 1000", "envelope: 2000"), (second, third))
    changes = await loaded(database, contents(text))
    assert changes["budgets"] == Count(changed=1)
    assert changes["projects"] == Count(added=1, removed=1, left=1)
    assert set(await rows(database, Project)) == {"a", "c"}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("ballot: approval", "ballot: knapsack", "ballot"),
        ("least: 1", "least: 2", "least"),
        ("most: 2", "most: 1", "most"),
        ("envelope: 1000", "envelope: 2000", "envelope"),
        ("asks_cin: false", "asks_cin: true", "asks_cin"),
        ("asks_cin: false", "asks_cin: false\n    min_age: 18", "min_age"),
        ("cost: 400", "cost: 401", "projects.a.cost"),
        ("id: b,", "id: c,", "projects.b"),
        ("id: b,", "id: c,", "projects.c"),
    ],
)
async def test_with_ballots_they_may_not_and_nothing_is_loaded(
    database: Database, contents: Any, old: str, new: str, key: str
) -> None:
    await loaded(database, contents())
    await cast_a_ballot(database)
    before = await snapshot(database)
    with pytest.raises(BegunAlready) as error:
        await loaded(database, contents(changed((old, new), ("fr: La soif", "fr: La grande soif"))))
    assert any(fault.startswith(f"budgets.vote.{key}: ") for fault in error.value.faults)
    assert await snapshot(database) == before


async def test_with_ballots_texts_and_the_last_day_may_change(database: Database, contents: Any) -> None:
    dated = (("opens: now - 1 day", "opens: 2026-11-20"), ("closes: now + 10 days", "closes: 2026-12-01"))
    await loaded(database, contents(changed(*dated)))
    await cast_a_ballot(database)
    text = changed(*dated, ("fr: Vote", "fr: Le vote")).replace("2026-12-01", "2026-12-05")
    assert (await loaded(database, contents(text)))["budgets"] == Count(changed=1)
    assert (await rows(database, Budget))["vote"].closes.day == 5


async def test_a_vote_that_is_over_opens_again_only_if_nobody_voted(database: Database, contents: Any) -> None:
    dated = (("opens: now - 1 day", "opens: 2026-11-20"), ("closes: now + 10 days", "closes: 2026-12-01"))
    await loaded(database, contents(changed(*dated)))
    over = NOW + timedelta(days=20)
    async with database.writing() as db:
        assert await ballots.destroy_keys(db, over) == 1
    again = contents(changed(*dated).replace("2026-12-01", "2026-12-31"))
    await loaded(database, again, over)
    assert (await rows(database, Budget))["vote"].vote_key is not None

    await cast_a_ballot(database)
    async with database.writing() as db:
        await ballots.destroy_keys(db, over + timedelta(days=20))
    with pytest.raises(BegunAlready, match=r"budgets\.vote\.closes: the vote is over"):
        await loaded(database, again, over)


# The demonstration


async def test_the_demonstration_loads_twice_with_each_process_in_its_phase(database: Database) -> None:
    first = await loaded(database, read(DEMO, NOW).contents)
    second = await loaded(database, read(DEMO, NOW).contents)
    assert (first["petitions"].added, first["budgets"].added, first["projects"].added) == (8, 3, 13)
    assert (second["petitions"].left, second["budgets"].left, second["projects"].left) == (8, 3, 13)
    async with database.reading() as db:
        home = await communes.home(db)
        assert home is not None
        assert len(home.quarters) == 12
        opened = await petitions.opened(db, home, NOW, 0, 10)
        assert [petition.slug for petition in opened] == ["pet-bus", "pet-lighting"]
        assert all(timedelta(weeks=3) <= each.closes - NOW <= timedelta(weeks=6) for each in opened)
        states = {petition.status for petition in await petitions.past(db, home, NOW, 0, 10)}
        assert states == {"ready", "under_review", "accepted", "refused", "adopted", "rejected"}
        (vote,) = await budgets.opened(db, home, NOW)
        assert (vote.slug, vote.ballot, vote.vote_key is not None) == ("bp-demo", "approval", True)


def test_the_descriptions_of_one_vote_are_of_equal_length() -> None:
    for budget in filter(lambda each: each.projects, read(DEMO, NOW).budgets):
        for language in ("ar", "fr"):
            texts = [getattr(project.description, language) for project in budget.projects]
            lengths = [len(text) for text in texts]
            assert max(lengths) <= 1.2 * min(lengths)
            assert all(text.count(". ") == 1 and text.endswith(".") for text in texts)


# Consultations

CHARTER = """\
consultations:
  - id: charter
    title: {ar: "الميثاق", fr: La charte}
    short: {ar: "الميثاق", fr: La charte}
    about: {ar: "مشروع", fr: Un projet}
    opens: now - 1 day
    closes: now + 10 days
    articles:
      - {id: a1, number: 1, title: {ar: "أ", fr: A}, text: {ar: "نص أول", fr: Un premier texte}, minutes: 3}
      - {id: a2, number: 2, title: {ar: "ب", fr: B}, text: {ar: "نص", fr: Un texte}}
    comments:
      - {id: c1, article: a1, stance: amend, language: fr, quarter: north, words: Plus court.}
"""


async def test_a_consultation_is_loaded_once_with_its_comments_and_keeps_what_was_commented_on(
    database: Database, contents: Any
) -> None:
    for _time in range(2):
        await loaded(database, contents(SMALL + CHARTER))
        async with database.reading() as db:
            [comment] = (await db.scalars(select(Comment))).all()
            assert (comment.state, comment.channel, comment.citizen_id) == ("accepted", "paper", None)
            assert {row.text["fr"] for row in await db.scalars(select(Wording))} == {"Un premier texte", "Un texte"}
    other = CHARTER.replace("Un texte", "Un autre texte")
    changes = await loaded(database, contents(SMALL + other))
    assert str(changes["wordings"]) == "0 added, 1 changed, 0 removed, 1 left as they were"
    for text, says in (
        (CHARTER.replace("Un premier", "Un nouveau"), "a1.text: people have commented on it as it was; publish a new"),
        (
            CHARTER.replace("id: a1", "id: a9").replace("article: a1", "article: a9"),
            "a1: people have commented",
        ),
    ):
        with pytest.raises(BegunAlready, match=says):
            await loaded(database, contents(SMALL + text))


@pytest.mark.parametrize(
    ("old", "new", "key", "says"),
    [
        ("number: 2", "number: 1", "articles.a2.number", "is 1 again; write another number"),
        ("minutes: 3", "minutes: 5", "articles.a1.minutes", "is 5; write 3 or 10, or leave it out"),
        ("article: a1", "article: a7", "comments.c1.article", "is 'a7'; write the id of an article above, or null"),
        ("quarter: north", "quarter: sea", "comments.c1.quarter", "is 'sea'; write the id of a quarter above, or null"),
        ("stance: amend", "stance: maybe", "comments.c1.stance", "is 'maybe'; write one of support"),
        ("closes: now + 10 days", "closes: now - 2 days", "closes", "is not after opens"),
    ],
)
def test_a_fault_of_a_consultation_is_named_with_its_line(faults: Any, old: str, new: str, key: str, says: str) -> None:
    assert CHARTER.count(old) == 1
    text = SMALL + CHARTER.replace(old, new)
    found = faults(text)
    assert any(f"consultations.charter.{key}: {says}" in fault for fault in found), found


OVER = (
    CHARTER.replace("now - 1 day", "now - 60 days")
    .replace("now + 10 days", "now - 40 days")
    .replace(
        "fr: Un premier texte}, minutes: 3}",
        """fr: Un premier texte}, minutes: 3,
         became: {text: {ar: "أقصر", fr: Plus court}, why: {ar: "طلب", fr: On l'a demandé}, on: now - 30 days}}""",
    )
)
OVER += """\
    answers:
      - {comments: [c1], verdict: accepted, on: now - 31 days, reasons: {ar: "نعم", fr: C'est plus clair}}
    reported: now - 20 days
"""


async def test_what_became_of_a_consultation_is_loaded_once(database: Database, contents: Any) -> None:
    for is_again in (False, True):
        changes = await loaded(database, contents(SMALL + OVER))
        assert (changes["answers"].added, changes["wordings"].added) == ((0, 0) if is_again else (1, 3))
    async with database.reading() as db:
        [asked] = (await db.scalars(select(Consultation))).all()
        [changed] = await wordings.changes(db, asked.commune_id, asked.id)
        [comment] = (await db.scalars(select(Comment))).all()
        [answer] = (await db.scalars(select(Answer))).all()
    assert (changed.before["fr"], changed.after["fr"]) == ("Un premier texte", "Plus court")
    assert (comment.state, comment.answer_id, answer.verdict) == ("answered", answer.id, "accepted")
    assert asked.closes >= comment.written
    assert (asked.reported, asked.forget) == (NOW - timedelta(days=20), NOW + timedelta(days=10))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[c1]", "[c9]", "answers.#1.comments: has 'c9'; write ids of comments above"),
        ("[c1]", "[c1, c1]", "answers.#1.comments: has 'c1' again; write it in one answer"),
        ("verdict: accepted", "verdict: maybe", "verdict: is 'maybe'; write one of accepted, partly"),
        ("on: now - 31 days", "on: now + 1 day", "on: is in the future"),
        ("on: now - 30 days", "on: now + 1 day", "became.on: is in the future"),
        ("reported: now - 20 days", "reported: now - 50 days", "reported: is not after closes"),
        ("reported: now - 20 days", "reported: now + 2 days", "reported: is in the future"),
    ],
)
def test_what_cannot_have_become_of_it_is_refused(faults: Any, old: str, new: str, says: str) -> None:
    assert OVER.count(old) == 1
    found = faults(SMALL + OVER.replace(old, new))
    assert any(says in fault for fault in found), found


LIFE = """\
    history:
      - {state: collecting, on: 2026-09-01}
      - {state: deposited, on: 2026-10-01, receipt: TM-7F3K-92XQ}
      - {state: under_review, on: 2026-10-02}
      - {state: accepted, on: 2026-10-03, session: "2026-10"}
    status: accepted
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("collecting, on: 2026-09-01", "under_review, on: 2026-09-01", "goes from under_review to deposited"),
        ("on: 2026-10-02", "on: 2026-09-02", "has under_review before deposited"),
        (', session: "2026-10"', "", "session: is missing"),
        ('"2026-10"', '"2026-13"', "a month in quotes"),
        (", receipt: TM-7F3K-92XQ", "", "receipt: is missing"),
        ('accepted, on: 2026-10-03, session: "2026-10"', "refused, on: 2026-10-03", "belong to a refusal"),
        (
            'accepted, on: 2026-10-03, session: "2026-10"',
            "refused, on: 2026-10-03, reasons: [no]",
            "is false; write a list of few_signatures",
        ),
        ("status: accepted", "status: adopted", "ends with accepted, but the status is adopted"),
    ],
)
def test_a_life_that_cannot_have_been_is_refused(faults: Any, old: str, new: str, says: str) -> None:
    whole = SMALL.replace("    status: collecting\n", LIFE)
    assert whole != SMALL
    assert old in whole
    found = faults(whole.replace(old, new))
    assert any(says in fault for fault in found), found


def test_the_next_session_is_the_next_ordinary_one_of_the_commune(contents: Any) -> None:
    whole = SMALL.replace(
        "    status: collecting\n", LIFE.replace('"2026-10"', "next").replace("on: 2026-10", "on: 2026-11")
    )
    for sessions, month in (("[2, 5, 10]", "2027-02-01"), ("[11]", "2027-11-01"), ("[11, 12]", "2026-12-01")):
        [petition] = contents(whole.replace("cndp: D-1/2026", f"cndp: D-1/2026\n  sessions: {sessions}")).nouns[
            "petitions"
        ]
        assert petition.first["session"] == petition.parts["history"][-1].values["session"] == date.fromisoformat(month)


async def test_a_life_is_loaded_once_and_goes_on_with_the_staff(database: Database, contents: Any) -> None:
    for _time in range(2):
        changes = await loaded(database, contents(SMALL.replace("    status: collecting\n", LIFE)))
    async with database.writing() as db:
        steps = list(await db.scalars(select(Move).order_by(Move.id)))
        petition = await db.scalar(select(Petition))
        assert petition is not None
        petition.status, petition.session = "adopted", None
    assert [step.state for step in steps] == ["collecting", "deposited", "under_review", "accepted"]
    assert steps[1].receipt == "TM-7F3K-92XQ"
    assert (changes["steps"].added, petition.deposited) == (0, datetime(2026, 9, 30, 23, 0, tzinfo=UTC))
    await loaded(database, contents(SMALL.replace("    status: collecting\n", LIFE)))
    async with database.reading() as db:
        kept = await db.scalar(select(Petition))
    assert kept is not None
    assert (kept.status, kept.session) == ("adopted", None)


BEFORE = (
    (
        "closes: now + 10 days\n",
        "closes: now - 3 hours\n    published: now - 2 hours\n"
        + """\
    counted:
      - {projects: [a], count: 12}
      - {projects: [a, b], count: 3}
    works:
      - {project: a, step: planned, on: now - 1 hour}
    ideas:
      - {title: Un banc, words: Un banc au nord., language: fr, quarter: north, supports: 7}
""",
    ),
)
SURVEY = """\
surveys:
  - id: light
    kind: survey
    title: {ary: "الضو", fr: La lumière}
    short: {ary: "الضو", fr: Lumière}
    intro: {ary: "سؤال", fr: Une question}
    is_anonymous: true
    opens: now - 9 days
    closes: now - 1 day
    questions:
      - id: safe
        kind: single
        text: {ary: "واش", fr: Sûr}
        options:
          - {id: "yes", label: {ary: "نعم", fr: Oui}}
          - {id: "no", label: {ary: "لا", fr: Non}}
      - {id: mark, kind: scale, text: {ary: "نقطة", fr: Note}}
    answers:
      - {count: 9, language: ary, quarter: north, said: {safe: ["no"], mark: ["2"]}}
      - {count: 3, language: fr, said: {safe: ["yes"], mark: ["4"]}}
"""


async def test_what_there_was_before_is_loaded_once_and_counts(database: Database, contents: Any) -> None:
    for _time in range(2):
        async with database.writing() as db:
            await load(db, contents(changed(*BEFORE) + SURVEY), NOW)
    async with database.reading() as db:
        vote = (await db.scalars(select(Budget))).one()
        counted = {project.slug: count for project, count in await budget_tally.votes(db, vote)}
        assert (counted, vote.published) == ({"a": 15, "b": 3}, NOW - timedelta(hours=2))
        assert [site.next_steps for site in await works.sites(db, vote)] == [["begun", "finished"]]
        [idea] = await ideas.page(db, vote.id, 0, 0, 9)
        assert (idea.said.title, idea.said.quarter, idea.supporters) == ("Un banc", "north", 7)
        survey = (await db.scalars(select(Survey))).one()
        assert await responses.count(db, survey.id) == 12
        safe, mark = await responses.results(db, survey)
        assert (safe.by_option, mark.mean) == ({"yes": 3, "no": 9}, 2.5)
        home = await communes.home(db, "tamda")
        assert home is not None
        divided = (await responses.tally(db, survey, home, NOW)).parts
        assert (divided["language"], divided["quarter"]) == ({"ary": 9, "fr": 3}, {"": 3, "north": 9})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("closes: now - 3 hours", "closes: now + 1 hour", "belongs to a vote that is over"),
        ("[a, b], count", "[a, c], count", "has 'c'; write ids of projects above"),
        ("project: a,", "project: c,", "is 'c'; write the id of a project above"),
        ("quarter: north, supports", "quarter: south, supports", "is 'south'; write the id of a quarter"),
        ('mark: ["4"]', 'mark: ["6"]', "has '6' for mark; write what can be answered there"),
        ('safe: ["no"]', 'safe: ["never"]', "has 'never' for safe"),
        ("signed_elsewhere: 5", "quarter: south", "is 'south'; write the id of a quarter"),
        ("is_anonymous: true", "is_anonymous: false", "is counted where answers carry no name; take it out"),
    ],
)
def test_what_cannot_have_been_before_is_refused(faults: Any, old: str, new: str, says: str) -> None:
    text = changed(*BEFORE) + SURVEY
    assert text.count(old) == 1
    assert any(says in fault for fault in faults(text.replace(old, new)))
