"""Erasure at the desk: found by any receipt, done by two where the commune says so, told to nobody but the person."""

import pytest

from bot.notices import tell
from flows.erasures import NAMES
from storage import erasures
from storage.audit import Audit
from storage.citizens import CitizenRow
from storage.notices import Notice
from storage.petitions import Support
from storage.schema import Base
from storage.threads import Thread


@pytest.fixture
async def ada(city):
    ada = city.citizen("fr", "whatsapp")
    await ada.arrives()
    return ada


async def test_who_came_to_the_desk_is_erased_by_two_and_alone_hears_of_it(city, ada):
    await city.found(two_people=["person.erase"])
    deposited = await city.petition("Un puits")
    await ada.supports("Un puits")
    async with city.change(deposited) as petition:
        petition.status = "deposited"
    await ada.says("/human")
    await ada.says("Le lampadaire est cassé")
    await ada.taps("Envoyer")
    await ada.says("stop")
    [thread], [support] = await city.all(Thread), await city.all(Support)
    omar = city.citizen("fr")
    await omar.arrives()
    hind, nora = await city.member("coordinator"), await city.member("admin", "Nora")
    await hind.says("/erase")
    hind.sees("Pour effacer une autre personne", "BM-7F3K-92XQ")
    await city.restarts()
    await hind.says("n'importe quoi")
    hind.sees("ne connaissons personne")
    await hind.says(f"/erase {thread.code.lower()}")
    hind.sees("Pétitions soutenues : 1", "Messages : 1", "1 soutien a été déposé", "Les votes restent")
    hind.does_not_see("Ada", "I••••56", "lampadaire")
    await city.restarts()
    await hind.taps("Non")
    hind.sees("Rien n'a été effacé")
    await hind.says(f"/erase {support.receipt}")
    await hind.taps("Oui, effacer")
    hind.sees("Une deuxième personne")
    assert len(await city.all(Thread)) == 1
    await tell(city.database, city.now)
    await nora.looks()
    await nora.taps("Voir et décider")
    await nora.taps("D'accord")
    nora.sees("C'est effacé")
    await tell(city.database, city.now)
    await ada.looks()
    ada.sees("À votre demande, la commune a effacé", "Si ce n'était pas vous")
    await omar.looks()
    omar.does_not_see("effacé")
    [left] = await city.all(Support)
    assert (left.petition_id, left.citizen_id) == (deposited.id, None)
    assert not await city.all(Thread)
    assert b"Ada Lahlou" not in await city.everything()
    rows = [(row.deed, row.details) for row in await city.all(Audit)]
    assert rows == [("person.erase", {"proposed": True}), ("person.erase", {"proposal": 1, "approved": True})]
    assert {row.kind for row in await city.all(Notice)} == {"approval.wanted", "approval.settled", "person.erased"}
    await hind.says(f"/erase {support.receipt}")  # it stays, and leads to nobody
    hind.sees("ne connaissons personne")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_alone_where_one_is_enough_and_never_of_the_staff_nor_by_an_agent(city, ada):
    await city.petition("Des arbres")
    await ada.supports("Des arbres")
    [support] = await city.all(Support)
    hind, omar = await city.member("coordinator"), await city.member("agent", "Omar")
    await omar.says(f"/erase {support.receipt}")
    omar.sees("Vous faites partie de l'équipe")
    omar.does_not_see("récépissé")
    await ada.says(f"/erase {support.receipt}")
    ada.sees("Tout effacer", "Menu")
    await hind.supports("Des arbres", "Hind", "I654321")
    own = (await city.all(Support))[-1].receipt
    await hind.says(f"/erase {own}")
    hind.sees("Cette personne fait partie de l'équipe")
    async with city.database.writing() as db:
        assert not await erasures.erase(db, city.home.id, (await city.all(Support))[-1].citizen_id, city.now)
        assert not await erasures.erase(db, city.home.id + 1, support.citizen_id, city.now)
        assert await erasures.whose(db, city.home.id + 1, support.receipt) is None
    await hind.says(f"/erase {support.receipt}")
    await hind.taps("Oui, effacer")
    hind.sees("C'est effacé")
    row = next(row for row in await city.all(CitizenRow) if row.id == support.citizen_id)
    assert (row.name, row.person, row.erased) == (None, None, city.now)


def test_whatever_gives_a_person_a_receipt_leads_to_them():
    given = {
        table.name
        for table in Base.metadata.sorted_tables
        if "citizen_id" in table.c and {"receipt", "code"} & set(table.c.keys())
    }
    assert given - {model.__tablename__ for model in erasures.RECEIPTS} <= {"link_code", "staff_code"}
    assert {model.__tablename__ for model in erasures.COUNTED} <= set(NAMES)
