"""Announcements: written, seen beforehand, started, told once to whom they are for, and to nobody else."""

import asyncio
from datetime import timedelta

import pytest
from conftest import City, Person
from sqlalchemy import select, update

from bot.announcements import begin, hand_over
from bot.live import follow
from bot.notices import tell
from storage import announcements, deliveries, letters, outbox, profiles
from storage.announcements import Announcement, Recipient
from storage.audit import Audit
from storage.citizens import Address, CitizenRow
from storage.letters import Outcome

NEWS = {"fr": "Le vote est ouvert.", "ary": "التصويت بدا."}


async def writes(zineb: Person, words=NEWS, audience=(), **answers: str) -> None:
    """The whole way, in French; `audience`: what is ticked and then chosen."""
    await zineb.says("/announce")
    await zineb.says(words.get("fr", "-"))
    await zineb.says(words.get("ary", "-"))
    if len(words) == 1:
        await zineb.taps("Oui")
    await zineb.taps("Non")  # no picture
    if "opens" in answers:
        await zineb.taps(answers["opens"])
    await zineb.taps("Terminer")
    for kind, _value in audience:
        await zineb.taps(kind)
    await zineb.taps("Terminer")
    for _kind, value in audience:
        await zineb.taps(value)
    await zineb.taps("À une date" if "due" in answers else "Tout de suite")
    if "due" in answers:
        await zineb.says(answers["due"])


async def starts(zineb: Person) -> None:
    await zineb.taps("Garder")
    zineb.sees("en pause")
    await zineb.taps("Lancer")


async def passes(city: City) -> None:
    """What the clock and the post do, for all that can be told now."""
    await begin(city.database, city.now)
    for channel in ("telegram", "whatsapp"):
        while await hand_over(city.database, city.home.id, channel, 7, city.now):
            pass
    await begin(city.database, city.now)


async def deliver(city: City) -> None:
    """What the post had in hand has gone out."""
    async with city.database.writing() as db:
        found = await letters.waiting(db, [(city.home.id, "telegram")], 0, 100, announced=True)
        await deliveries.mark(db, [Outcome(letter.id, outbox.SENT, external_id="1") for letter in found], city.now)


async def arrives(city: City, *people: tuple[str, str]) -> list[Person]:
    found = [city.citizen(language, channel) for language, channel in people]
    for person in found:
        await person.arrives()
    return found


async def test_all_who_agreed_are_told_once_in_their_language_and_on_their_channel(city: City) -> None:
    people = await arrives(
        city, ("fr", "telegram"), ("ary", "whatsapp"), ("ary", "web"), ("fr", "web"), ("fr", "console")
    )
    zineb = await city.coordinator()
    await city.petition("Des arbres")
    await writes(zineb, opens="Des arbres")
    zineb.sees("Vu sur Telegram, WhatsApp, chat web", "Le vote est ouvert.", "التصويت بدا.")
    zineb.sees("[Des arbres]", "Personnes jointes maintenant : 6", "environ 1 min")
    await zineb.taps("Garder")
    zineb.sees("Il attend que vous le lanciez", "État : en pause")
    await passes(city)
    assert not await city.all(Recipient)  # nothing goes before it is started
    await zineb.taps("Lancer")
    zineb.sees("attend son heure")
    for _ in range(2):
        await passes(city)
    for person in people:
        await person.looks()
        assert len(person.screen) == 1
        person.sees(NEWS[person.language], {"fr": "écrivez « stop »", "ary": "«حبس»"}[person.language])
    await people[0].taps("Des arbres")
    people[0].sees("Voulez-vous déclarer votre soutien")
    await zineb.says("/announcements")
    await zineb.taps("Le vote")
    zineb.sees("en cours", "Envoyés : 4 sur 6")
    zineb.sees("En attente : 2")  # for the post
    assert [row.deed for row in await city.all(Audit)] == ["announcement.write", "announcement.start"]


async def test_an_audience_is_all_that_is_chosen_and_nobody_who_said_stop(city: City) -> None:
    ada, bea, samir, nour = await arrives(city, ("fr", "web"), ("fr", "web"), ("ary", "web"), ("fr", "telegram"))
    await city.petition("Des arbres")
    await ada.supports("Des arbres")
    await samir.says("/petitions")
    zineb = await city.coordinator()
    async with city.database.writing() as db:
        mine = select(Address.citizen_id).where(Address.external_id == bea.name).scalar_subquery()
        await db.execute(update(CitizenRow).where(CitizenRow.id == mine).values(stopped=city.now))
        await db.execute(update(Address).where(Address.external_id == nour.name).values(unreachable_since=city.now))
    await writes(zineb)
    zineb.sees("Personnes jointes maintenant : 3", "Ne veulent pas de messages : 1", "Personnes injoignables : 1")
    await writes(zineb, audience=[("Langue", "Français"), ("Ont participé", "Des arbres")])
    zineb.sees("en Français", "qui participent à Des arbres", "Personnes jointes maintenant : 1")
    await starts(zineb)
    await passes(city)
    for person, count in ((ada, 1), (bea, 0), (samir, 0), (nour, 0)):
        await person.looks()
        assert len(person.screen) == count
    async with city.database.writing() as db:  # where one lives is said for that; what a petition asked is not used
        [its] = await db.scalars(select(Address.citizen_id).where(Address.external_id == samir.name))
        await profiles.lives_in(db, its, "ourbiaa")
    await writes(zineb, audience=[("Quartier", "Ourbiaa"), ("Canal", "chat web")])
    zineb.sees("de Ourbiaa", "Personnes jointes maintenant : 1")
    await samir.says("/topics")
    await samir.taps("أخبار الجماعة")
    await writes(zineb, audience=[("Langue", "الدارجة")])
    zineb.sees("Personnes jointes maintenant : 0", "Ne veulent pas de messages : 1")
    await writes(zineb, audience=[("Langue", "الدارجة"), ("Sujet", "Ateliers")])
    zineb.sees("Personnes jointes maintenant : 1")
    await writes(zineb, audience=[("Rôle", "coordination")])
    zineb.sees("Personnes jointes maintenant : 1")


async def test_a_text_that_is_missing_is_said_and_can_still_be_written(city: City) -> None:
    [samir] = await arrives(city, ("ary", "web"))
    zineb = await city.coordinator()
    await zineb.says("/announce")
    await zineb.says("x" * 801)
    zineb.sees("800")
    await zineb.says(NEWS["fr"])
    await zineb.says("-")
    zineb.sees("Pas de texte en الدارجة")
    await zineb.taps("Non")
    zineb.sees("en darija")
    await zineb.says("-")
    await zineb.taps("Oui")
    for answer in ("Non", "Terminer", "Terminer", "Tout de suite"):
        await zineb.taps(answer)
    await starts(zineb)
    await passes(city)
    await samir.looks()
    samir.sees(NEWS["fr"], "«حبس»")
    await zineb.says("/announce")
    await zineb.says("-")
    await zineb.says("-")
    zineb.sees("Rien n'a été enregistré")


async def test_it_waits_for_its_time_and_for_the_morning(city: City) -> None:
    await arrives(city, ("fr", "telegram"))
    zineb = await city.coordinator()
    await writes(zineb, due="25/11/2026 21:30")
    await starts(zineb)
    for hours, count in ((0, 0), (33, 0), (33.6, 0), (44, 1)):  # noon; 21:00 and 21:36 the day after; 8:00
        moment = city.now + timedelta(hours=hours)
        await begin(city.database, moment)
        if hours == 33.6:  # its time has come, but one process was late: the quiet hours have begun
            moment += timedelta(minutes=30)
        assert len(await hand_over(city.database, city.home.id, "telegram", 10, moment)) == count


async def test_nobody_gets_more_in_a_week_than_the_commune_allows(city: City) -> None:
    await city.found(announcements_a_week=1)
    [ada] = await arrives(city, ("fr", "web"))
    zineb = await city.coordinator()
    for turn in range(2):
        await writes(zineb)
        (zineb.does_not_see if turn == 0 else zineb.sees)("Assez reçu cette semaine : 2")
        await starts(zineb)
        await passes(city)
    await ada.looks()
    assert len(ada.screen) == 1
    city.now += timedelta(days=8)
    await writes(zineb)
    zineb.does_not_see("Assez reçu")


async def test_many_recipients_need_a_second_person(city: City) -> None:
    await city.found(announced_alone=2)
    await arrives(city, ("fr", "web"), ("fr", "web"))
    zineb, nora = await city.coordinator(), await city.member("coordinator", "Nora")
    await writes(zineb)
    await starts(zineb)
    zineb.sees("Une deuxième personne")
    await passes(city)
    assert not await city.all(Recipient)
    await tell(city.database, city.now)
    await nora.looks()
    nora.sees("Lancer l'annonce : Le vote est ouvert.")
    await nora.taps("Voir")
    await nora.taps("D'accord")
    await passes(city)
    assert len(await city.all(Recipient)) == 4


async def test_pause_go_on_stop_and_a_stop_meanwhile(city: City) -> None:
    people = await arrives(city, *[("fr", "telegram")] * 6)
    zineb = await city.coordinator("fr", "web")
    await writes(zineb, audience=[("Canal", "Telegram")])
    await starts(zineb)
    await begin(city.database, city.now)
    assert len(await hand_over(city.database, city.home.id, "telegram", 2, city.now)) == 2
    await zineb.taps("Actualiser")
    assert zineb.screen[-1]["replaces"]  # one message, changed in place
    zineb.sees("Envoyés : 0 sur 6", "En attente : 6")
    shown = zineb.screen[-1]["n"]
    await deliver(city)
    for _ in range(2):  # it changes by itself, once
        await follow(city.database, city.now)
    await zineb.looks()
    assert [message["replaces"] for message in zineb.screen] == [str(shown)]
    zineb.sees("Envoyés : 2 sur 6", "En attente : 4", "Mettre en pause")
    await zineb.taps("Mettre en pause")
    zineb.sees("En pause", "État : en pause")
    assert await hand_over(city.database, city.home.id, "telegram", 2, city.now) == []
    async with city.database.writing() as db:
        last = select(Address.citizen_id).where(Address.external_id == people[-1].name).scalar_subquery()
        await db.execute(update(CitizenRow).where(CitizenRow.id == last).values(stopped=city.now))
        await db.execute(
            update(Address).where(Address.external_id == people[-2].name).values(unreachable_since=city.now)
        )
    await zineb.taps("Lancer")
    assert len(await hand_over(city.database, city.home.id, "telegram", 1, city.now)) == 1
    await zineb.says("/announcements")
    await zineb.taps("Le vote")
    await zineb.taps("Arrêter")
    zineb.sees("Arrêtée", "État : arrêtée")
    assert await hand_over(city.database, city.home.id, "telegram", 9, city.now) == []
    await zineb.says("/announcements")
    await zineb.taps("Le vote")
    zineb.does_not_see("Lancer", "Arrêter")
    assert len([row for row in await city.all(Recipient) if row.handed]) == 3


async def test_who_stops_or_is_gone_after_it_began_is_passed_over_and_counted(city: City) -> None:
    people = await arrives(city, *[("fr", "telegram")] * 3)
    zineb = await city.coordinator()
    await writes(zineb, audience=[("Canal", "Telegram")])
    await starts(zineb)
    await begin(city.database, city.now)
    async with city.database.writing() as db:
        last = select(Address.citizen_id).where(Address.external_id == people[0].name).scalar_subquery()
        await db.execute(update(CitizenRow).where(CitizenRow.id == last).values(stopped=city.now))
        await db.execute(
            update(Address).where(Address.external_id == people[1].name).values(unreachable_since=city.now)
        )
    await passes(city)
    await zineb.taps("Actualiser")
    zineb.sees("Désabonnements depuis : 1", "Non remis, injoignables : 1")
    [announcement] = await city.all(Announcement)
    assert announcement.state == announcements.GOING  # one letter is on its way


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_two_processes_begin_and_hand_over_at_once_and_nobody_is_told_twice(city: City) -> None:
    await arrives(city, *[("fr", "telegram")] * 9)
    zineb = await city.coordinator()
    await writes(zineb, audience=[("Canal", "Telegram")])
    await starts(zineb)
    other = (await city.another_process()).database
    await asyncio.gather(*(begin(database, city.now) for database in (city.database, other)))
    took = await asyncio.gather(
        *(hand_over(database, city.home.id, "telegram", 2, city.now) for database in [city.database, other] * 6)
    )
    told = [letter.address_id for those in took for letter in those]
    assert len(told) == len(set(told)) == 9
