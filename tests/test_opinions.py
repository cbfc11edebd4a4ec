"""Opinions of the equality body: fed while they are drafts, followed, moved on, answered."""

import asyncio
from datetime import timedelta

import pytest
from conversations.opinions import has_opinion

from bot.incoming import Incoming
from bot.notices import tell
from flows.questions import Reply
from storage import contributions, own_data
from storage.audit import Audit
from storage.contributions import Contribution
from storage.opinions import Opinion


async def sends_words(person, words="Le bus 3"):
    await person.says("/opinions")
    await person.taps("mes mots")
    await person.says(words)
    await person.taps("Envoyer")


async def test_words_are_sent_once_and_changed_on_every_channel(city, channel):
    await has_opinion(city)
    ada = city.citizen("fr", channel)
    await ada.arrives("v_1")
    ada.sees("Former les conducteurs", "un projet d'avis")
    await sends_words(ada)
    ada.sees("Vos mots sont enregistrés", "BM-")
    await sends_words(ada, "Le bus 4")
    [row] = await city.all(Contribution)
    assert city.database.vault.open(row.words) == "Le bus 4"
    await ada.says("/status")
    ada.sees("Accès aux bus")
    await ada.taps("Accès aux bus")
    ada.sees("Changer mes mots")


async def test_the_minute_it_closes_no_words_are_taken(city):
    opinion = await has_opinion(city)
    ada = city.citizen("fr")
    await ada.arrives("vc_1")
    await ada.says("Le bus 3")
    await city.restarts()
    city.now = opinion.closes
    await ada.taps("Envoyer")
    ada.sees("ne reçoit pas de contribution")
    assert not await city.all(Contribution)


async def test_who_follows_hears_of_each_step_once_and_who_stops_does_not(city):
    await has_opinion(city)
    ada, omar = city.citizen("fr"), city.citizen("ary")
    for person in (ada, omar):
        await person.arrives("vf_1")
    await omar.says("/start vu_1")
    zineb = await city.coordinator()
    for state in ("adopté par l'instance", "transmis au conseil", "le conseil a répondu"):
        await zineb.says("/opinion")
        await zineb.says("1")
        await zineb.taps("Étape suivante")
        if "répondu" in state:
            await zineb.says("Le conseil achète trois bus.")
            await zineb.says("المجلس غادي يشري ثلاثة ديال الطوبيسات.")
        await zineb.taps("Oui, le faire")
        for _again in range(2):
            await tell(city.database, city.now)
        await ada.looks()
        assert ada.shown.count(state) == 1
        await omar.looks()
        assert not omar.screen
    ada.sees("Le conseil achète trois bus.")
    await zineb.says("/opinion")
    await zineb.says("1")
    zineb.does_not_see("Étape suivante")
    assert [row.deed for row in await city.all(Audit)] == ["opinion.move"] * 3


async def test_staff_read_what_was_sent_and_each_look_leaves_a_trace(city):
    await has_opinion(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await sends_words(ada, "Le bus 3 n'a pas de rampe")
    zineb = await city.coordinator()
    await zineb.says("/opinion")
    await zineb.says("1")
    await zineb.taps("Les lire")
    await zineb.says("1")
    zineb.sees("Le bus 3 n'a pas de rampe")
    await zineb.taps("Assez")
    assert [row.deed for row in await city.all(Audit)] == ["contribution.look"]


async def test_what_was_sent_is_theirs_to_see_and_to_erase(city):
    await has_opinion(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await sends_words(ada, "Mon voisin Youssef")
    assert b"Youssef" not in await city.everything()
    [row] = await city.all(Contribution)
    async with city.database.writing() as db:
        assert (await contributions.own_data(db, row.citizen_id))[0]["words"] == "Mon voisin Youssef"
        await own_data.erase(db, row.citizen_id, city.now)
    assert not await city.all(Contribution)


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_two_coordinators_at_once_one_moves_it(city):
    await has_opinion(city)
    presses, staff = [], [await city.coordinator() for _person in range(2)]
    for person in staff:
        await person.says("/opinion")
        await person.says("1")
        await person.taps("Étape suivante")
        presses.append(next(value for value, label in person.screen[-1]["buttons"] if label == "Oui, le faire"))
    runners = [city.runner, await city.another_process()]
    await asyncio.gather(
        *(
            runner.receive(Incoming(person.sender, f"press {number}", Reply(pressed=press)))
            for number, (runner, person, press) in enumerate(zip(runners, staff, presses, strict=True))
        )
    )
    assert [row.state for row in await city.all(Opinion)] == ["adopted"]
    assert len(await city.all(Audit)) == 1


async def test_a_later_closing_lets_words_in_again(city):
    opinion = await has_opinion(city)
    city.now = opinion.closes + timedelta(days=1)
    ada = city.citizen("fr")
    await ada.arrives("v_1")
    ada.does_not_see("mes mots")
    async with city.change(opinion) as row:
        row.closes = city.now + timedelta(days=1)
    await ada.says("/opinions")
    ada.sees("Envoyer mes mots")
