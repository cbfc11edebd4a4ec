"""Workshops in a commune's file: faults named with their line, dates that staff moved left alone."""

import pytest

from bot.commune_file import BadFile, read
from storage import workshop_desk
from storage.loading import load
from storage.seats import Registration
from storage.workshops import Workshop

FILE = """\
commune: {id: beni-mellal, name: {ar: "بني ملال", fr: Mellal}, receipt_prefix: BM, contact: x@x.invalid, cndp: D-1}
workshops:
  - id: pb
    kind: training
    title: {ar: "ورشة", fr: Atelier}
    short: {ar: "ورشة", fr: Atelier}
    begins: now + 9 days at 09:30
    ends: now + 9 days at 16:30
    place: {ar: "قاعة", fr: Salle}
    map: https://osm.example/x
    capacity: 30
    given: 29
"""


@pytest.fixture
def kind():
    return "sqlite"


@pytest.mark.parametrize(
    ("was", "becomes", "line", "says"),
    [
        ("ends: now + 9 days at 16:30", "ends: now + 9 days at 09:30", 8, "is not after begins"),
        ("ends: now + 9 days at 16:30", "ends: 2027-01-01", 8, "is not written as begins is"),
        ("kind: training", "kind: party", 4, "write one of training, consultation, meeting, visit"),
        ("given: 29", "given: 31", 12, "is 31, over capacity, 30"),
        ("capacity: 30", "capacity: 0", 11, "1 to 5000"),
        ("map: https://osm.example/x", "map: javascript:alert(1)", 10, "a link to a map"),
        ("given: 29", "minutes: {fr: Fini, ar: سالينا}", 12, "is there before the workshop is over"),
        ("given: 29", "came: 20", 12, "is there before the workshop is over"),
        ("given: 29", "ratings: [1, 2]", 12, "how many gave 1, 2, 3, 4, 5"),
        ("given: 29", "ratings: [0, 0, 0, 1, 0]", 12, "are 1, of 0 who came"),
        ("begins: now + 9 days at 09:30", "begins: now + 9 days at 25:00", 7, "now + 21 days"),
        ("    given: 29", "    seats: 29", 12, "seats"),
    ],
)
async def test_a_fault_is_named_with_its_line(city, tmp_path, was, becomes, line, says):
    path = tmp_path / "commune.yaml"
    path.write_text(FILE.replace(was, becomes), encoding="utf-8")
    with pytest.raises(BadFile) as bad:
        read(path, city.now)
    assert any(f"{line}: " in fault and says in fault for fault in bad.value.faults), bad.value.faults


async def test_loading_again_changes_nothing_and_never_what_staff_moved(city, tmp_path):
    path = tmp_path / "commune.yaml"
    path.write_text(FILE, encoding="utf-8")
    async with city.database.writing() as db:
        assert (await load(db, read(path, city.now).contents, city.now))["workshops"].added == 1
    [there] = await city.all(Workshop)
    assert f"{there.begins:%H:%M}" == "08:30"  # 9:30 in Morocco
    ada, omar = city.citizen("fr"), city.citizen("fr")
    for person in (ada, omar):
        await person.arrives()
        await person.registers("Atelier")
    assert sorted(row.state for row in await city.all(Registration)) == ["seated", "waiting"]
    async with city.database.writing() as db:
        await workshop_desk.resize(db, city.home, there.id, 31, city.now)
    path.write_text(FILE.replace("fr: Atelier", "fr: Atelier du budget"), encoding="utf-8")
    async with city.database.writing() as db:
        assert (await load(db, read(path, city.now).contents, city.now))["workshops"].changed == 1
    [there] = await city.all(Workshop)
    assert (there.title["fr"], there.capacity, there.given) == ("Atelier du budget", 31, 29)


@pytest.mark.parametrize(("ratings", "shown"), [("[0, 1, 2, 5, 8]", True), ("[0, 0, 0, 2, 3]", False)])
async def test_the_minutes_say_who_came_and_how_it_was_unless_too_few_said_it(city, tmp_path, ratings, shown):
    path = tmp_path / "commune.yaml"
    over = f"given: 29\n    minutes: {{fr: Trois idées, ar: أفكار}}\n    came: 21\n    ratings: {ratings}"
    path.write_text(FILE.replace("now + 9", "now - 9").replace("given: 29", over), encoding="utf-8")
    async with city.database.writing() as db:
        await load(db, read(path, city.now).contents, city.now)
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.goes("/workshops", "Atelier", "Lire le compte rendu")
    ada.sees("Trois idées", "21 personnes sont venues.")
    assert ("4.2 sur 5 (16" in ada.shown) is shown
