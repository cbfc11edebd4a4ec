"""Councils and committees: who may apply, seats drawn or chosen, offered and passed on in order."""

import asyncio
import subprocess
import sys
from datetime import timedelta

import pytest
from conversations.bodies import SAY, has_body
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.clock import pass_seats_on
from bot.incoming import Incoming
from bot.notices import tell
from flows.questions import Reply
from storage import applications, audiences, bodies, places, selection
from storage.applications import SEATED, Application, Candidate
from storage.audit import Audit
from storage.bodies import Body
from storage.citizens import Citizen, CitizenRow, Declared
from storage.occasions import CountedAlready, Occasion

FR = SAY["fr"]


async def applies(person, cin="I123456", age="20", gender="Femme", name="Ada Lahlou"):
    await person.says("/bodies")
    await person.taps(FR["apply"])
    await person.taps(FR["agree"])
    await person.says(name)
    await person.says(cin)
    await person.says(age)
    await person.taps(gender)
    await person.taps("Passer")
    await person.says(FR["why"])


async def candidates(city, body, *groups):
    """Applications as they are recorded, one a person; the citizens they belong to."""
    people = []
    for number, (gender, age) in enumerate(groups):
        person = city.citizen("fr")
        await person.arrives()
        async with city.database.writing() as db:
            who = Declared(f"person {number}", "I••••56", f"Person {number}")
            citizen = Citizen((await places.place(db, person.sender)).citizen_id, city.home.id, "fr")
            occasion = Occasion(citizen, city.home, "web", "fr", body.opens)
            await applications.apply(db, body.id, occasion, Candidate(who, age, gender, None, "parce que", ""))
        people.append(person)
    return people


async def states(city):
    rows = sorted(await city.all(Application), key=lambda row: row.citizen_id)
    return [row.state for row in rows]


async def test_one_applies_once_on_every_channel_and_the_status_says_so(city, channel):
    await has_body(city)
    ada = city.citizen("fr", channel)
    await ada.arrives("j_1")
    await applies(ada)
    await ada.taps("Confirmer")
    ada.sees("Votre candidature est enregistrée", "BM-")
    await ada.says("/bodies")
    ada.sees("votre candidature est reçue", "La retirer")
    await ada.says("/status")
    ada.sees("Conseil des jeunes")
    assert b"Lahlou" not in await city.everything()


async def test_the_same_number_from_another_account_is_refused(city):
    await has_body(city)
    for _account in range(2):
        person = city.citizen("fr")
        await person.arrives()
        await applies(person)
        await person.taps("Confirmer")
    person.sees("depuis un autre compte")
    assert len(await city.all(Application)) == 1


async def test_age_and_parents_are_as_the_rules_say(city):
    await has_body(city)
    ada = city.citizen("fr")
    await ada.arrives()
    for age, seen in (("15", "autres âges"), ("31", "autres âges"), ("16", "vous êtes"), ("30", "vous êtes")):
        await ada.says("/bodies")
        for step in (FR["apply"], FR["agree"]):
            await ada.taps(step)
        for words in ("Ada Lahlou", "I123456", "beaucoup", "300", age):
            await ada.says(words)
        ada.sees(seen)
        if age == "16":
            await ada.taps("Je préfère me taire")
            await ada.taps("Passer")
            await ada.taps("Non")
            ada.sees("il faut l'accord d'un parent")
    assert not await city.all(Application)


async def test_a_committee_is_for_those_who_live_there(city):
    await has_body(city, quarter="ourbiaa", max_age=None, selection="staff")
    for place, seen in (("Ancienne médina", "aux personnes du quartier"), ("Ourbiaa", "Pourquoi")):
        ada = city.citizen("fr")
        await ada.arrives()
        await ada.says("/bodies")
        for step in (FR["apply"], FR["agree"]):
            await ada.taps(step)
        for words in ("Ada Lahlou", "I123456", "44"):
            await ada.says(words)
        await ada.taps("Femme")
        await ada.taps(place)
        ada.sees(seen)


async def test_an_application_can_be_taken_back_until_the_list_is_closed_and_made_again(city):
    body = await has_body(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await applies(ada)
    await ada.taps("Confirmer")
    await ada.says("/bodies")
    await ada.taps("La retirer")
    await city.restarts()
    await ada.says("oui")
    ada.sees("Votre candidature est retirée")
    await ada.says("/bodies")
    await ada.taps(FR["apply"])
    await ada.taps("Oui, c'est moi")
    await ada.says("20")
    await ada.taps("Femme")
    await ada.taps("Passer")
    await ada.says("Encore")
    await ada.taps("Confirmer")
    ada.sees("enregistrée")
    city.now = body.closes
    async with city.database.writing() as db:
        await selection.freeze(db, body.id, city.now)
    await ada.says("/start jw_1")
    ada.sees("pas de candidature à retirer")


async def test_a_seat_that_is_left_or_not_answered_goes_to_the_next_in_order(city):
    body = await has_body(city, quotas={})
    people = await candidates(city, body, ("women", 20), ("men", 25), ("men", 30))
    city.now = body.closes
    zineb = await city.coordinator()
    await zineb.says("/body 1")
    await zineb.taps("Fermer la liste")
    await zineb.taps("Oui, le faire")
    await zineb.says("/body 1")
    await zineb.taps("Tirer au sort")
    await zineb.says("  2027   une  graine ")
    await zineb.taps("Oui, le faire")
    zineb.sees("Les sièges sont tirés")
    rows = sorted(await city.all(Application), key=lambda row: row.id)
    order = sorted(range(len(rows)), key=lambda number: rows[number].place)
    await tell(city.database, city.now)
    first, second, third = (people[number] for number in order)
    for person in people:
        await person.looks()
    first.sees("Un siège vous est proposé")
    second.sees("liste de réserve")
    await first.taps("Répondre")
    await first.taps("Je le laisse")
    first.sees("passe à la personne suivante")
    await tell(city.database, city.now)
    await second.looks()
    second.sees("Un siège vous est proposé")
    city.now += timedelta(days=7) - timedelta(seconds=1)
    assert await pass_seats_on(city.database, city.now) == 0
    city.now += timedelta(seconds=1)
    assert await pass_seats_on(city.database, city.now) == 1
    assert await pass_seats_on(city.database, city.now) == 0
    await second.taps("Répondre")
    second.sees("Aucun siège")
    await tell(city.database, city.now)
    await third.looks()
    await third.taps("Répondre")
    await third.taps("Je le prends")
    third.sees("Le siège est à vous")
    deeds = [row.deed for row in await city.all(Audit)]
    assert {"body.freeze", "body.draw"} <= set(deeds)


async def test_the_published_file_is_checked_by_a_command_that_knows_no_database(city, tmp_path):
    body = await has_body(city, seats=2, quotas={"women": 1})
    await candidates(city, body, ("women", 20), ("men", 25), ("men", 30), ("unsaid", 22))
    async with city.database.writing() as db:
        await selection.freeze(db, body.id, body.closes)
        await selection.draw(db, body.id, "7 12", body.closes)
        found = await bodies.get(db, city.home.id, body.id)
    file = tmp_path / "draw.json"
    file.write_bytes(selection.published(found).as_json())
    command = [sys.executable, "-c", "from bot.cli import main; main()", "draw", "--verify", str(file)]
    right = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert right.returncode == 0, right.stderr
    assert "The draw is right: 2 seats" in right.stdout
    assert b"Person" not in file.read_bytes()
    file.write_text(file.read_text().replace("7 12", "7 13"))
    wrong = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "NOT" in wrong.stderr


async def test_what_was_published_stands_when_somebody_is_erased(city):
    body = await has_body(city, quotas={})
    await candidates(city, body, ("women", 20), ("men", 25))
    async with city.database.writing() as db:
        fingerprint = await selection.freeze(db, body.id, body.closes)
        await applications.erase(db, 1, body.closes)
        await selection.draw(db, body.id, "seed", body.closes)
        found = await bodies.get(db, city.home.id, body.id)
        assert selection.published(found).fingerprint == fingerprint
    assert await states(city) == ["offered"]


async def test_an_announcement_may_be_for_who_applied_or_for_the_members_alone(city):
    body = await has_body(city, quotas={})
    await candidates(city, body, ("women", 20), ("men", 25), ("men", 30))
    async with city.database.writing() as db:
        first = update(Application).where(Application.citizen_id == 1)
        await db.execute(first.values(state=applications.ACCEPTED))
    async with city.database.reading() as db:
        reached = [
            (await audiences.reach(db, city.home, {"took_part": f"{who}_{body.id}"}, city.now)).people
            for who in ("body", audiences.MEMBERS)
        ]
    assert reached == [3, 1]


async def test_staff_read_choose_and_give_seats_and_each_look_leaves_a_trace(city):
    body = await has_body(city, selection="staff", quotas={"women": 1})
    await candidates(city, body, ("men", 20), ("women", 25))
    zineb = await city.coordinator()
    await zineb.says("/body 1")
    await zineb.taps("Les candidatures")
    zineb.does_not_see("Person")
    await zineb.taps("☐ 1")
    zineb.sees("Person 0", "parce que")
    await zineb.taps("Donner un siège")
    city.now = body.closes
    await zineb.says("/body 1")
    await zineb.taps("Donner les sièges")
    zineb.sees("Choix actuels : 0. La règle demande", "au moins 1 femme", "1 personne choisie. Sièges : 1")
    await zineb.taps("Oui, le faire")
    zineb.sees("Choisissez de nouveau")
    assert await states(city) == ["applied", "applied"]
    for one, way in (("☑ 1", "Pas de siège"), ("☐ 2", "Donner un siège")):
        await zineb.says("/body 1")
        await zineb.taps("Les candidatures")
        await zineb.taps(one)
        await zineb.taps(way)
    await zineb.says("/body 1")
    await zineb.taps("Donner les sièges")
    zineb.does_not_see("La règle demande")
    await zineb.taps("Oui, le faire")
    zineb.sees("Les sièges sont attribués")
    assert await states(city) == ["alternate", "offered"]
    deeds = [row.deed for row in await city.all(Audit)]
    assert deeds == [*["application.look", "body.mark"] * 3, "body.publish"]


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_two_coordinators_at_once_give_the_seats_once(city):
    body = await has_body(city, quotas={})
    await candidates(city, body, ("women", 20), ("men", 25))
    city.now = body.closes
    async with city.database.writing() as db:
        await selection.freeze(db, body.id, city.now)
    staff, presses = [await city.coordinator() for _number in range(2)], []
    for person, seed in zip(staff, ("one", "two"), strict=True):
        await person.says("/body 1")
        await person.taps("Tirer au sort")
        await person.says(seed)
        presses.append(next(value for value, label in person.screen[-1]["buttons"] if label == "Oui, le faire"))
    runners = [city.runner, await city.another_process()]
    await asyncio.gather(
        *(
            runner.receive(Incoming(person.sender, f"press {person.name}", Reply(pressed=press)))
            for runner, person, press in zip(runners, staff, presses, strict=True)
        )
    )
    assert sorted(await states(city)) == ["alternate", "offered"]
    assert len([row for row in await city.all(Audit) if row.deed == "body.draw"]) == 1


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["take", "leave", "wait"]), max_size=8))
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_whatever_people_answer_no_seat_is_given_twice(city, replies):
    done = len(await city.all(Body))
    body = await has_body(city, slug=f"body-{done}", seats=2, quotas={"women": 1})
    while len(await city.all(CitizenRow)) < 5:
        await city.citizen("fr").arrives()
    for number, gender in enumerate(["women", "men", "men", "women", "men"], 1):
        who = Declared(f"p {number}", "I••••56", "P")
        async with city.database.writing() as db:
            occasion = Occasion(Citizen(number, city.home.id, "fr"), city.home, "web", "fr", body.opens)
            await applications.apply(db, body.id, occasion, Candidate(who, 20, gender, None, "x", ""))
    now = body.closes
    async with city.database.writing() as db:
        await selection.freeze(db, body.id, now)
        await selection.draw(db, body.id, "seed", now)
    for what in replies:
        rows = [row for row in await city.all(Application) if row.body_id == body.id]
        seated = [row for row in rows if row.state in SEATED]
        assert len(seated) <= body.seats
        is_kept = any("women" in row.groups for row in seated)
        assert (
            is_kept
            or len(seated) < body.seats
            or not any(row.state == "alternate" and "women" in row.groups for row in rows)
        )
        offered = [row for row in rows if row.state == "offered"]
        if not offered:
            break
        async with city.database.writing() as db:
            if what == "wait":
                now += timedelta(days=8)
                await selection.pass_on(db, now)
            else:
                await selection.reply(db, body.id, offered[0].citizen_id, what == "take", now)


async def test_storage_itself_refuses_a_second_application(city):
    body = await has_body(city, quotas={})
    await candidates(city, body, ("women", 20))
    who = Declared("person 0", "I••••56", "Again")
    async with city.database.writing() as db:
        occasion = Occasion(Citizen(1, city.home.id, "fr"), city.home, "web", "fr", body.opens)
        with pytest.raises(CountedAlready):
            await applications.apply(db, body.id, occasion, Candidate(who, 20, "women", None, "x", ""))
