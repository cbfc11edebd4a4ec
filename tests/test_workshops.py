"""Workshops: seats, the line for them, what those registered are told; both sides of it."""

import asyncio
from datetime import timedelta

import pytest

from bot.clock import move_lines_on
from bot.notices import tell
from storage.seats import Registration


async def told(city, *people):
    await tell(city.database, city.now)
    for person in people:
        await person.looks()


async def arrived(city, count, channel="web"):
    crowd = [city.citizen("fr", channel) for _ in range(count)]
    for person in crowd:
        await person.arrives()
    return crowd


async def states(city):
    rows = sorted(await city.all(Registration), key=lambda row: row.position)
    return [row.state for row in rows]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_from_the_list_to_the_ticket_and_back(city, channel):
    await city.workshop()
    [ada] = await arrived(city, 1, channel)
    await ada.says("ateliers")
    ada.sees("Quel atelier", "Budget participatif")
    await ada.taps("Budget participatif")
    ada.sees("vendredi 4 décembre 2026, de 12:00 à 15:00", "Maison des jeunes", "https://osm.example/bm")
    ada.sees("Accès sans marches", "Il reste 2 places.")
    await ada.taps("M'inscrire")
    ada.sees("Seul le service participation le voit", "12 mois", "Loi 09-08")
    await ada.taps("accepte")
    await ada.says("42")
    ada.sees("pas pu lire le nom")
    await ada.says("Ada Lahlou")
    await ada.says("rien")
    ada.sees("Touchez une ligne")
    await ada.taps("Langue des signes")
    await ada.taps("Autre besoin")
    await ada.taps("Terminer")
    await ada.says("Une place près de la porte")
    ada.sees("Ada Lahlou", "Langue des signes · Une place près de la porte")
    await city.restarts()
    await ada.taps("Confirmer")
    ada.sees("Vous êtes inscrit·e", "vendredi 4 décembre 2026", "Votre billet : ", "BM-")
    drawn = [name for message in ada.screen for part in ("document", "picture") for name in message.get(part, {})]
    assert {"calendar", "ticket"} <= set(drawn)
    clear = await city.everything()
    assert b"Lahlou" not in clear
    assert b"porte" not in clear
    await ada.says("/workshops")
    await ada.taps("Budget participatif")
    ada.sees("Vous êtes inscrit·e. Votre billet", "Mon billet")
    await ada.says("annuler atelier")
    ada.sees("donner votre place à une autre personne")
    await ada.taps("Oui, l'annuler")
    ada.sees("C'est annulé")
    assert await states(city) == ["cancelled"]
    await ada.says("annuler atelier")
    ada.sees("aucune place à annuler")


async def test_the_same_in_darija(city):
    await city.workshop()
    ada = city.citizen("ary")
    await ada.arrives()
    await ada.says("bghit ntsejel")
    await ada.says("1")
    ada.sees("الجمعة 4 دجنبر 2026", "دار الشباب", "بقاو جوج بلايص")
    for words in ("نتسجل", "موافقة", "نور العلوي", "حاجة أخرى", "ساليت", "بلاصة قدام", "نأكد"):
        await city.restarts()
        await ada.says(words)
    ada.sees("تسجلتو فورشة")
    await ada.says("إلغاء الورشة")
    await ada.taps("نعم، نلغيها")
    ada.sees("تلغات")


async def test_a_freed_seat_is_kept_for_the_next_in_line_who_takes_it(city):
    await city.workshop(seats=1)
    ada, omar, sara = await arrived(city, 3, "whatsapp")
    for person in (ada, omar, sara):
        await person.registers()
    ada.sees("Vous êtes inscrit·e")
    omar.sees("liste d'attente", "rang 1")
    sara.sees("rang 2")
    await ada.says("annuler atelier")
    await ada.taps("Oui, l'annuler")
    await told(city, omar, sara)
    omar.sees("Une place s'est libérée", "Répondez avant 14:00", "Oui, je la veux", "Non merci")
    assert sara.screen == []
    assert await states(city) == ["cancelled", "held", "waiting"]
    assert omar.screen[-1]["told"]["opens"] == "@w_1"  # the button of its template shows the question: it is no answer
    await omar.presses("@w_1")
    omar.sees("Oui, je la veux")
    assert await states(city) == ["cancelled", "held", "waiting"]
    await omar.says("/status")
    await omar.taps("Budget participatif")
    omar.sees("une place vous attend", "Oui, je la veux")
    await omar.taps("Oui, je la veux")
    omar.sees("Vous êtes inscrit·e", "Votre billet")
    assert await states(city) == ["cancelled", "seated", "waiting"]


async def test_who_does_not_want_it_or_does_not_answer_leaves_it_to_the_next(city):
    await city.workshop(seats=1)
    ada, omar, sara, nour = await arrived(city, 4, "whatsapp")
    for person in (ada, omar, sara, nour):
        await person.registers()
    await ada.says("annuler ma place")
    await ada.taps("Oui, l'annuler")
    await told(city, omar)
    on_his_screen = omar.screen
    await omar.taps("Non merci")
    omar.sees("La place revient à la personne suivante")
    await told(city, sara)
    sara.sees("Une place s'est libérée")
    hers = sara.screen
    city.now += timedelta(hours=2) - timedelta(minutes=1)
    assert await move_lines_on(city.database, city.now) == 0
    city.now += timedelta(minutes=1)
    assert await move_lines_on(city.database, city.now) == 1
    await told(city, sara, nour)
    sara.sees("La place est allée à la personne suivante")
    nour.sees("Une place s'est libérée", "Répondez avant 16:00")
    await sara.taps("Oui, je la veux", on=hers)
    sara.sees("Cette place est allée à la personne suivante", "Voir l'atelier")
    await omar.taps("Oui, je la veux", on=on_his_screen)
    omar.sees("Cette place est allée")
    await sara.registers()
    sara.sees("rang 1")
    await sara.says("annuler atelier")
    sara.sees("quitter la liste d'attente")
    await sara.taps("Non, garder")
    assert await states(city) == ["cancelled", "cancelled", "held", "waiting"]


async def test_at_night_nobody_is_woken_and_no_time_runs_out(city):
    await city.workshop(seats=1)
    ada, omar = await arrived(city, 2)
    for person in (ada, omar):
        await person.registers()
    city.now += timedelta(hours=8, minutes=30)  # 20:30 in Morocco
    await ada.says("annuler atelier")
    await ada.taps("Oui, l'annuler")
    await told(city, omar)
    omar.sees("Répondez avant le 25 novembre 2026 à 08:30")
    await omar.taps("Non merci")
    city.now += timedelta(hours=1)
    await omar.registers()
    [seated] = [row for row in await city.all(Registration) if row.state == "seated"]
    assert seated.position == 3


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_fifty_people_racing_for_the_last_seat_get_one_and_49_places_in_line(city):
    workshop = await city.workshop(seats=1)
    crowd = [city.citizen("fr", "telegram") for _number in range(50)]
    await asyncio.gather(*(person.arrives() for person in crowd))
    for words in (f"/start w_{workshop.id}", "M'inscrire", "j'accepte"):
        await asyncio.gather(*(person.says(words) for person in crowd))
    await asyncio.gather(*(person.says(f"Ada Lahlou {chr(97 + n % 26)}") for n, person in enumerate(crowd)))
    await asyncio.gather(*(person.taps("Terminer") for person in crowd))
    await all_tap(city, crowd, "Confirmer")
    rows = sorted(await city.all(Registration), key=lambda row: row.position)
    assert [row.state for row in rows] == ["seated"] + ["waiting"] * 49
    assert [row.position for row in rows] == list(range(1, 51))
    assert sum("Vous êtes inscrit·e" in person.shown for person in crowd) == 1
    ranks = {number for number in range(1, 50) if any(f"au rang {number} de" in person.shown for person in crowd)}
    assert ranks == set(range(1, 50))


async def all_tap(city, crowd, label):
    from test_races import all_tap

    await all_tap(city, crowd, label)
