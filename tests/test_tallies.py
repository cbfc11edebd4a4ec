"""What coordinators count: figures that agree, small cells hidden, files that open well, and what is worth a look."""

import asyncio
import io
from datetime import timedelta

import pytest
from conftest import City
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import insert, select

from reports import drawings
from reports.cells import SMALLEST, hidden
from reports.spreadsheets import csv_file
from storage import profiles
from storage.ballots import Ballot, Choice
from storage.budgets import Project
from storage.citizens import CitizenRow
from storage.communes import Commune
from storage.petitions import Support

PLACES = {"medina": 25, "ourbiaa": 12, None: 4}  # four people who did not say


async def supported(city: City, petition, places=PLACES, minutes: int = 7):
    """So many declarations of support, as many in each minute of the hour."""
    people = [place for place, count in places.items() for _ in range(count)]
    async with city.database.writing() as db:
        ids = (
            await db.scalars(
                insert(CitizenRow).returning(CitizenRow.id),
                [{"commune_id": city.home.id, "created": city.now} for _ in people],
            )
        ).all()
        await db.execute(
            insert(Support),
            [
                {
                    "petition_id": petition.id,
                    "citizen_id": id,
                    "person": f"person {id}",
                    "name": b"",
                    "cin_mask": "",
                    "quarter": place,
                    "channel": "telegram" if id % 2 else "web",
                    "language": "fr",
                    "receipt": f"BM-{petition.id}-{id}",
                    "declared": city.now + timedelta(minutes=id % minutes),
                    "day": city.today(),
                }
                for id, place in zip(ids, people, strict=True)
            ],
        )


async def are(city: City, **counts: int) -> None:
    """Of those who supported something, so many said who they are; women their age too."""
    genders = [gender for gender, count in counts.items() for _ in range(count)]
    async with city.database.writing() as db:
        ids = (await db.scalars(select(Support.citizen_id).order_by(Support.id))).all()
        for id, gender in zip(ids, genders, strict=False):
            await profiles.tell(db, id, {"gender": gender, **({"age": "18_24"} if gender == "woman" else {})})


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 60), max_size=8))
def test_no_figure_that_is_shown_tells_of_few_people(cells: dict[str, int]) -> None:
    left_out = hidden(cells)
    assert all(count >= SMALLEST for cell, count in cells.items() if cell not in left_out)
    if left_out and left_out != set(cells):
        assert len(left_out) > 1  # the total would tell a single one
        assert sum(cells[cell] for cell in left_out) >= SMALLEST  # and it tells the sum of those that are not shown


async def test_a_petition_is_counted_divided_and_handed_out(city: City, channel: str) -> None:
    petition = await city.petition("=Des arbres", declared_elsewhere=100, signed_elsewhere=57)
    await city.petition("Un puits")
    await supported(city, petition)
    await are(city, woman=14, man=12, unsaid=2)
    zineb = await city.coordinator("fr", channel)
    await zineb.says("/tally arbres")
    zineb.sees("Signatures : 57", "Soutiens déclarés : 141", "Nombre exigé par la loi : 200")
    zineb.sees("Ancienne médina : 25", "Ourbiaa : masqué", "non précisé : masqué", "Les petits nombres sont masqués")
    zineb.does_not_see("Ourbiaa : 12", "précisé : 4")
    zineb.sees("femmes : 14", "hommes : 12", "18 à 24 ans : 14", "non précisé : 15")  # of 41
    await zineb.says(f"/spreadsheet petition_{petition.id}")
    files = [message["document"] for message in zineb.screen if "document" in message]
    assert [file["name"].rpartition(".")[2] for file in files] == ["xlsx", "csv"]
    workbook = load_workbook(io.BytesIO(await drawings.drawn(files[0], city.database)))
    cells = {row[0].value: row[1].value for sheet in workbook for row in sheet}
    assert (cells["Signatures"], cells["Ancienne médina"], cells["Ourbiaa"]) == (57, 25, "masqué")
    lines = (await drawings.drawn(files[1], city.database)).decode().split("\r\n")
    assert lines[0] == "\ufeff'=Des arbres"  # which Excel would compute


async def test_arabic_files_run_from_the_right_and_compute_nothing(city: City) -> None:
    title = {"fr": "=1+1", "ar": "@عريضة", "ary": "=عريضة الأشجار"}
    petition = await city.petition(title)
    await supported(city, petition)
    zineb = await city.coordinator("ary")
    await zineb.says(f"/spreadsheet petition_{petition.id}")
    files = [message["document"] for message in zineb.screen if "document" in message]
    workbook = load_workbook(io.BytesIO(await drawings.drawn(files[0], city.database)))
    assert all(sheet.sheet_view.rightToLeft for sheet in workbook)
    assert not [cell for sheet in workbook for row in sheet for cell in row if cell.data_type == "f"]
    assert "المدينة القديمة" in [row[0].value for sheet in workbook for row in sheet]
    assert (await drawings.drawn(files[1], city.database)).startswith(b"\xef\xbb\xbf'=")
    told = await csv_file({"tables": [{"title": "x", "rows": [["+212", "-1", "\t=1", "＝1", "بني ملال", 5]]}]})
    assert told.decode().split("\r\n")[1] == "'+212;'-1;'\t=1;'＝1;بني ملال;5"


async def test_turnout_alone_is_shown_while_a_vote_is_open_and_small_days_not_even_as_bars(city: City) -> None:
    budget = await city.vote()
    projects = await city.all(Project)
    async with city.database.writing() as db:
        for number in range(60):
            voter = f"voter {number}"
            row = {"budget_id": budget.id, "voter": voter, "receipt": voter, "channel": "web"}
            await db.execute(insert(Ballot).values(**row, day=city.today() - timedelta(days=number // 29)))
            for project in projects[:2]:
                await db.execute(insert(Choice).values(budget_id=budget.id, voter=voter, project_id=project.id))
    await city.found(watch_ballot=25)
    zineb = await city.coordinator()
    await zineb.says("/tally budget")
    zineb.sees("Bulletins : 60", "seulement la participation", "22/11/2026 : masqué")
    [picture] = [message["picture"]["chart"] for message in zineb.screen if "picture" in message]
    assert [bar["value"] for bar in picture["bars"]] == [29]  # the two others hide one another
    await zineb.taps("À regarder")
    zineb.sees("29 bulletins identiques", "Cela ne prouve rien")
    zineb.does_not_see("Parc")
    city.now = budget.closes
    await zineb.says("/tally budget")
    zineb.sees("Parc : 60 voix", "Piste : 0 voix")


async def test_a_burst_is_shown_from_the_threshold_on_that_was_set_before(city: City) -> None:
    petition = await city.petition()
    await supported(city, petition, minutes=2)
    zineb = await city.coordinator()
    await zineb.says("/watch arbres")
    zineb.sees("21 en une minute, le 24 novembre 2026 à 12:01", "20 en une minute")
    await city.found(watch_minute=22)
    await zineb.says("/watch arbres")
    zineb.sees("Rien ne ressort")


async def test_the_programme_counts_all_communes_and_a_coordinator_only_the_own(city: City) -> None:
    await supported(city, await city.petition())
    await city.has(Commune(slug="afourar", name={"fr": "Commune d'Afourar", "ar": "جماعة أفورار"}, settings={}))
    other = (await city.all(Commune))[1]
    await city.petition("Une école", commune_id=other.id)
    programme = await city.member("programme")
    await programme.says("/tally all")
    programme.sees("Commune de Béni Mellal", "Participations : 41", "Commune d'Afourar", "Processus : 1")
    programme.does_not_see("À regarder")
    [book] = [message["document"]["xlsx"] for message in programme.screen if "xlsx" in message.get("document", {})]
    assert ["Commune d'Afourar", "Une école", "Soutiens déclarés", 0] in book["tables"][0]["rows"]
    zineb = await city.coordinator()
    await zineb.says("/tally all")
    zineb.does_not_see("Afourar")
    zineb.sees("Des arbres")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_figures_of_the_command_line_are_those_of_the_chat(city: City, tmp_path) -> None:
    from bot.export import processes, write
    from bot.figures import every

    await supported(city, await city.petition("Des arbres", slug="arbres"))
    async with city.database.reading() as db:
        [figures] = await every(db, city.home, city.now, "fr")
        [in_full] = await every(db, city.home, city.now, "fr", in_full=True)
    assert (figures["declared"], figures["by_quarter"]) == (41, {"": None, "medina": 25, "ourbiaa": None})
    assert in_full["by_quarter"] == {"": 4, "medina": 25, "ourbiaa": 12}
    those = await processes(city.database, city.home)
    written = [each async for each in write(city.database, city.home, those, tmp_path, "ary", city.now)]
    assert len(written) == 1
    text = await asyncio.to_thread((tmp_path / "petition-arbres.csv").read_text, "utf-8-sig")
    assert "المدينة القديمة;25" in text
    assert ";12" not in text
