"""Workshops in the hands of the staff: changed, cancelled, checked in, on paper, their minutes."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from test_workshops import arrived, states, told

from flows.questions import Reply
from locales.catalogues import papers
from reports import attendance as sheet
from reports.drawings import drawn
from storage import attendance, media
from storage.audit import Audit
from storage.media import Media
from storage.seats import Registration
from storage.staff import Staff
from storage.workshops import Workshop


def drawing(person, name):
    """What is drawn under this name on the screen."""
    found = [
        message[part][name]
        for message in person.screen
        for part in ("picture", "document")
        if name in message.get(part, {})
    ]
    assert found, person.shown
    return found[0]


async def opens(person, title="Budget participatif"):
    await person.says("/workshop")
    await person.taps(title)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_another_date_and_place_reach_all_registered_once(city, channel):
    await city.workshop(seats=1)
    ada, omar = await arrived(city, 2)
    for person in (ada, omar):
        await person.registers()
    zineb = await city.coordinator("fr", channel)
    await opens(zineb)
    zineb.sees("Places : 1 sur 1. En attente : 1.", "Feuille de présence", "Changer la date")
    await zineb.taps("Changer la date")
    await zineb.says("hier")
    zineb.sees("pas pu lire")
    await zineb.says("20/11/2026 10:00")
    zineb.sees("Ce moment est passé")
    await zineb.says("12/12/2026")
    zineb.sees("samedi 12 décembre 2026 à 12:00", "2 personnes seront prévenues")
    await city.restarts()
    await zineb.taps("Oui")
    zineb.sees("La date est changée")
    await told(city, ada, omar)
    for person in (ada, omar):
        person.sees("Changement", "samedi 12 décembre 2026 à 12:00, Maison des jeunes")
    await told(city, ada)
    assert ada.screen == []
    await opens(zineb)
    await zineb.taps("Changer le lieu")
    for words in ("Salle des fêtes", "قاعة الحفلات", "javascript:alert(1)", "passer", "oui"):
        await zineb.says(words)
    await told(city, ada)
    ada.sees("Salle des fêtes")
    assert [row.deed for row in await city.all(Audit)] == ["workshop.move", "workshop.relocate"]


async def test_reminders_move_with_the_date_and_come_at_their_minute(city):
    workshop = await city.workshop()
    [ada] = await arrived(city, 1)
    await ada.registers()
    zineb = await city.coordinator()
    await opens(zineb)
    for words in ("Changer la date", "06/12/2026 12:00", "oui"):
        await zineb.says(words)
    await told(city, ada)
    first, then = workshop.begins, workshop.begins + timedelta(days=2)
    city.now = first - timedelta(hours=48)
    await told(city, ada)
    assert ada.screen == []
    for hours in (48, 3):
        city.now = then - timedelta(hours=hours, minutes=1)
        await told(city, ada)
        assert ada.screen == []
        city.now += timedelta(minutes=1)
        await told(city, ada)
        ada.sees("Rappel", "dimanche 6 décembre 2026 à 12:00", "annuler atelier")
    await told(city, ada)
    assert ada.screen == []
    await ada.says("annuler atelier")
    await ada.taps("Oui, l'annuler")
    city.now = then + timedelta(hours=5)
    await told(city, ada)
    assert ada.screen == []


async def test_more_seats_are_kept_for_the_line_and_never_fewer_than_are_taken(city):
    await city.workshop(seats=2)
    crowd = await arrived(city, 4)
    for person in crowd:
        await person.registers()
    zineb = await city.coordinator()
    await opens(zineb)
    await zineb.taps("Nombre de places")
    await zineb.says("6000")
    zineb.sees("de 2 à")
    await zineb.says("3")
    zineb.sees("Places pour Budget participatif : 3 au lieu de 2")
    await zineb.taps("Oui")
    await told(city, *crowd)
    crowd[2].sees("Une place s'est libérée")
    assert crowd[3].screen == []
    assert await states(city) == ["seated", "seated", "held", "waiting"]


async def test_a_cancelled_workshop_is_told_once_and_reminds_nobody(city):
    workshop = await city.workshop()
    ada, omar = await arrived(city, 2, "whatsapp")
    for person in (ada, omar):
        await person.registers()
    await omar.says("annuler atelier")
    await omar.taps("Oui, l'annuler")
    zineb = await city.coordinator()
    await opens(zineb)
    await zineb.taps("Annuler l'atelier")
    zineb.sees("C'est définitif", "1 personne sera prévenue")
    await zineb.taps("Oui")
    await told(city, ada, omar)
    ada.sees("est annulé")
    assert omar.screen == []
    await opens(zineb)
    zineb.sees("Cet atelier est annulé")
    zineb.does_not_see("Changer la date")
    city.now = workshop.begins
    await told(city, ada)
    assert ada.screen == []
    await ada.says(f"/start w_{workshop.id}")
    ada.sees("Cet atelier est annulé")
    await ada.says("/status")
    ada.sees("l'atelier est annulé")
    await omar.says("/status")
    omar.sees("vous avez annulé")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_tickets_are_checked_in_once_by_staff_on_the_day(city, channel):
    await city.found(telegram_name="SawtBot")
    workshop = await city.workshop(seats=1)
    other = await city.workshop("Charte", begins=city.now + timedelta(days=20))
    ada, omar = await arrived(city, 2)
    await ada.registers(name="Ada Lahlou")
    link = drawing(ada, "ticket")["says"]
    await omar.registers()
    await omar.registers("Charte", "Omar Alami")
    code = {row.workshop_id: row.receipt for row in await city.all(Registration) if row.state == "seated"}
    line = next(row.receipt for row in await city.all(Registration) if row.state == "waiting")
    hind = await city.member("agent", "Hind", "fr", channel)
    await hind.says(f"/checkin {code[workshop.id]}")
    hind.sees("pas pour maintenant", "vendredi 4 décembre 2026")
    city.now = workshop.begins - timedelta(minutes=20)
    await hind.says("/checkin")
    await hind.says("BM-0000-0000")
    hind.sees("Nous ne connaissons pas ce billet")
    start = link.removeprefix("https://t.me/SawtBot?start=")
    await hind.says(f"/start {start}")
    hind.sees("Présence notée : Ada Lahlou", "Budget participatif", "Total : 1", "Billet suivant")
    await hind.says(f"/checkin {code[workshop.id].lower()}")
    hind.sees("déjà été pointé", "à 11:40", "Ada Lahlou")
    await hind.says(f"/checkin {code[other.id]}")
    hind.sees("Ce billet est pour Charte")
    await hind.says(f"/checkin {line}")
    hind.sees("n'a pas de place")
    await omar.says(f"/start {start}")
    omar.sees("Ce lien ne fonctionne plus")
    notes = [row for row in await city.all(Audit) if row.deed == "workshop.checkin"]
    assert len(notes) == 1
    assert "Ada" not in str(notes[0].details)
    await opens(hind)
    hind.sees("Présences : 1")
    hind.does_not_see("Changer la date")


async def test_the_sheet_is_a_pdf_with_a_square_for_each_guest(city):
    workshop = await city.workshop()
    [ada] = await arrived(city, 1)
    await ada.registers()
    hind = await city.member("agent", "Hind", "ary")
    await hind.says("/workshop")
    await hind.says("1")
    await hind.taps("لائحة الحضور")
    given = drawing(hind, "attendance")
    assert "Ada" not in str(given)
    assert (await drawn({"attendance": given}, city.database)).startswith(b"%PDF")
    async with city.database.reading() as db:
        guests = await attendance.guests(db, workshop.id)
    assert [each.name for each in guests] == ["Ada Lahlou"]
    values = sheet.values(workshop, city.home, guests, papers("ary"))
    assert values["rows"][0]["square"].startswith("<svg")
    assert len(values["rows"]) == 1 + sheet.EMPTY_LINES
    assert [row.deed for row in await city.all(Audit)] == ["workshop.sheet"]


async def test_minutes_and_evaluation_are_for_those_who_were_there(city):
    workshop = await city.workshop(seats=2)
    ada, omar, sara = await arrived(city, 3)
    for person in (ada, omar, sara):
        await person.registers()
    rows = sorted(await city.all(Registration), key=lambda row: row.position)
    hind, zineb = await city.member("agent"), await city.coordinator()
    city.now = workshop.begins
    await hind.says(f"/checkin {rows[0].receipt}")
    city.now = workshop.ends + timedelta(minutes=59)
    await told(city, ada, omar, sara)
    assert ada.screen == []
    city.now += timedelta(minutes=1)
    await told(city, ada, omar, sara)
    ada.sees("Merci d'être venu·e", "Donner mon avis")
    assert omar.screen == sara.screen == []
    await ada.taps("Donner mon avis")
    await ada.says("9")
    ada.sees("pas compris cette réponse")
    await ada.says("5")
    await city.restarts()
    await ada.says("Plus de temps <pour> débattre")
    ada.sees("Merci. Le service en tient compte.")
    await ada.says(f"/start we_{workshop.id}")
    ada.sees("Vous l'avez déjà dit")
    await omar.says(f"/start we_{workshop.id}")
    omar.sees("Seules les personnes présentes")
    await opens(zineb)
    zineb.sees("Utile : 5.0 sur 5 (1 réponse)")
    await zineb.taps("Envoyer compte rendu")
    await zineb.says("Trois projets ont été retenus.")
    await zineb.taps("Oui")
    await told(city, ada, omar, sara)
    ada.sees("Le compte rendu", "Lire le compte rendu")
    assert sara.screen == []
    await ada.taps("Lire le compte rendu")
    ada.sees("Trois projets ont été retenus.")
    await sara.says("/workshops")
    await sara.taps("Budget participatif : compte rendu")
    await sara.taps("Lire le compte rendu")
    sara.sees("Trois projets ont été retenus.")
    await ada.says("/status")
    await ada.taps("Budget participatif")
    await ada.taps("Voir l'atelier")
    ada.sees("Vous y étiez. Merci.", "Lire le compte rendu")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_minutes_may_be_a_document_kept_as_long_as_the_lists(city):
    workshop = await city.workshop()
    [ada] = await arrived(city, 1)
    await ada.registers()
    zineb = await city.coordinator()
    city.now = workshop.ends
    async with city.database.writing() as db:
        [member] = (await db.scalars(select(Staff))).all()
        sent = await media.keep(
            db, city.home.id, member.citizen_id, "document", "application/pdf", b"%PDF-1.7", city.now
        )
    await opens(zineb)
    await zineb.taps("Envoyer compte rendu")
    await zineb.does(Reply(kind="document", media=sent))
    await zineb.taps("Oui")
    zineb.sees("Envoyé")
    await told(city, ada)
    await ada.taps("Lire le compte rendu")
    assert drawing(ada, "media") == sent
    [kept] = await city.all(Media)
    assert kept.used == "minutes"
    assert kept.keep_until > city.now + timedelta(days=360)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_workshop_is_counted_like_all_the_rest(city):
    await city.workshop(seats=1)
    for person in await arrived(city, 2):
        await person.registers()
    zineb = await city.coordinator()
    await zineb.says("/tally Budget participatif")
    zineb.sees("Atelier : Budget participatif", "Avec une place : 1", "En liste d'attente : 1")
    assert len(await city.all(Workshop)) == 1
