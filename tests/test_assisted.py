"""Another person on one's phone: own consent, code and receipts, so many a day, taken over once, marked everywhere."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from conftest import City, Person
from conversations.assisted import SAY, code_on, helps, helps_again, supports
from conversations.calls import has_call, sends_file
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import end_forgotten_help
from bot.incoming import Incoming
from bot.notices import tell
from flows.questions import Reply
from storage import assisted, links, notices, own_data, places, tallies
from storage import supports as support_rows
from storage.assisted import Enough, Help
from storage.ballots import Ballot
from storage.citizens import Citizen, CitizenRow, Consent, Declared
from storage.headcounts import Headcount
from storage.occasions import CountedAlready, Occasion
from storage.outbox import Outbound
from storage.petitions import Support
from storage.submissions import Submission

one_database = pytest.mark.parametrize("kind", ["sqlite"])


async def citizen_of(city: City, person: Person) -> int:
    async with city.database.reading() as db:
        place = await places.place(db, person.sender)
    assert place
    return place.citizen_id


async def all_send(city: City, sent: Iterable[tuple[Person, str]]) -> None:
    """All write this at the same moment, in two processes."""
    runners = [city.runner, await city.another_process()]
    people = list(sent)
    await asyncio.gather(
        *(
            runners[number % 2].receive(Incoming(person.sender, f"{person.name} at once", Reply(text=words)))
            for number, (person, words) in enumerate(people)
        )
    )
    for person, _words in people:
        await person.looks()


async def newcomer(city: City, channel: str = "telegram", language: str = "fr") -> Person:
    person = city.citizen(language, channel)
    await person.arrives()
    return person


@pytest.mark.parametrize("language", ["fr", "ary"])
async def test_a_person_helped_takes_part_under_their_own_name_and_takes_it_over(
    city: City, channel: str, language: str
) -> None:
    if (language == "ary") == (channel in ("web", "console")):
        pytest.skip("each channel in one language, each language on both kinds of database")
    await city.petition(title={"fr": "Des arbres", "ar": "عريضة الأشجار"})
    say, ada = SAY[language], await newcomer(city, channel, language)
    await ada.says(say["help"])
    ada.sees("09-08" if language == "fr" else "09.08")
    await ada.taps("refuse" if language == "fr" else "مابغيتش")
    assert [row.helped_by for row in await city.all(CitizenRow)] == [None]

    await ada.says(say["help"])
    await ada.taps(say["agree"])
    await ada.says("12")
    await ada.says(say["name"])
    await ada.says("no number")
    await city.restarts()
    await ada.says("j654321")
    code = code_on(ada)
    ada.sees(say["name"])
    await ada.says(f"/start p_{(await city.all(Support)) or 1}")
    ada.sees(say["name"])
    await supports(ada)
    [support] = await city.all(Support)
    [helper, helped] = sorted(await city.all(CitizenRow), key=lambda row: row.id)
    assert (support.citizen_id, support.assisted, helped.helped_by) == (helped.id, True, helper.id)
    assert support.receipt in ada.shown
    assert {(row.citizen_id, row.purpose) for row in await city.all(Consent)} == {
        (helped.id, "help"),
        (helped.id, "petition"),
    }
    for barred in ("/link", "/help_other", "/human", "/code", "/staff ABCD"):
        await ada.says(barred)
        ada.sees(say["end"], say["name"])
    await ada.says(say["end"])
    ada.does_not_see(say["name"])
    for look in ("/status", "/consents", "/me", f"/receipt {support.receipt}"):
        await ada.says(look)
        ada.does_not_see(say["name"], "J••••21", "BM-")
    await ada.says(say["code"])
    await ada.says(code)  # whoever helped knows it: it is not theirs
    assert len(await city.all(CitizenRow)) == 2

    there = await newcomer(city, "whatsapp", language)
    await there.says(say["code"])
    await there.says("ABCD-0000")
    await there.says(say["code"])
    await there.says(code.lower())
    await there.says("/status")
    there.sees(title := {"fr": "Des arbres", "ary": "الأشجار"}[language])
    await there.says(f"/start pw_{support.petition_id}")
    await there.taps("Retirer" if language == "fr" else "نسحب")
    assert await city.all(Support) == []
    third = await newcomer(city, "telegram", language)
    await third.says(say["code"])
    await third.says(code)
    await third.says("/status")
    third.does_not_see(f"{title} ·")


async def test_the_own_account_of_a_person_helped_counts_as_the_same_person(city: City) -> None:
    await city.petition("Des arbres")
    await city.vote()
    fatima, ada, omar = [await newcomer(city) for _number in range(3)]
    await fatima.supports("Des arbres", "Fatima Amrani", "J654321")
    for helper in (ada, omar):
        await helps(helper)
        await supports(helper)
        helper.sees("soutient déjà")
        await helper.says("/vote")
        for label in ("Voter maintenant", "Parc", "Terminer", "Confirmer mon vote"):
            await helper.taps(label)
    omar.sees("déjà")  # the vote asks for no number, and knows it of those who are helped
    assert len(await city.all(Support)) == len(await city.all(Ballot)) == 1
    await ada.says("fin aide")
    await ada.taps("Menu")
    await ada.says("/vote")
    for label in ("Voter maintenant", "Banc", "Terminer", "Confirmer mon vote"):
        await ada.taps(label)
    ada.sees("enregistré")
    assert [row.count for row in await city.all(Headcount) if row.division == "assisted"] == [1]


async def test_no_more_are_helped_in_a_day_than_the_commune_allows_however_they_come(city: City) -> None:
    await city.found(helps_a_day=2)
    ada, there = await newcomer(city), await newcomer(city, "whatsapp")
    await there.says("/link")
    await there.taps("Afficher un code")
    await ada.says("/link")
    await ada.taps("J'ai un code")
    await ada.says(code_on(there))
    await helps(ada)
    await ada.says("fin aide")
    for person in (ada, there):
        for words in ("/help_other", "J'accepte", f"Nour {person.name}"):
            await person.says(words)
    await all_send(city, [(ada, "K111111"), (there, "K222222")])
    assert len(await city.all(Help)) == 2
    assert sorted("votre code" in person.shown for person in (ada, there)) == [False, True]
    assert sum("C'est le maximum" in person.shown for person in (ada, there)) == 1
    refused = next(person for person in (ada, there) if "maximum" in person.shown)
    await refused.says("/help_other")
    refused.sees("maximum")
    city.now += timedelta(hours=13)  # it is another day in Morocco
    await refused.says("/help_other")
    refused.sees("Encore 2 personnes")


async def test_two_phones_with_one_code_and_whoever_helps_at_that_moment(city: City) -> None:
    await city.petition("Des arbres")
    for number in range(3):
        ada = await newcomer(city)
        code = await helps(ada, f"Nour {number}", f"K11111{number}")
        first, second = await newcomer(city), await newcomer(city)
        for person in (first, second):
            await person.says("mon code")
        await all_send(city, [(first, code), (second, code), (ada, "/petitions")])
        assert sorted("est à vous maintenant" in person.shown for person in (first, second)) == [False, True]
        await ada.says("/status")
        ada.does_not_see("Vous aidez", f"Nour {number}")
        mine = first if "est à vous" in first.shown else second
        [row] = [row for row in await city.all(CitizenRow) if row.id == await citizen_of(city, mine)]
        assert row.helped_by is None
        assert row.cin_mask
    await all_send(city, [(ada, "/petitions")])


@one_database
async def test_a_file_for_a_call_is_gone_on_with_another_day_with_the_code_and_is_marked(city: City) -> None:
    await city.found(helps_a_day=1)
    await has_call(city)
    ada = await newcomer(city)
    code = await helps(ada)
    await ada.says("/start kb_1")
    await ada.taps("accepte")
    await ada.says("Coopérative Tissage")
    ada.sees("Pour continuer un autre jour, gardez votre code")
    await ada.says("fin aide")
    city.now += timedelta(days=1)
    await helps_again(ada, "7F3K")
    ada.sees("Le code sur votre papier")
    await ada.says("7F3K-92XQ")
    ada.sees("pas le bon code")
    ada.does_not_see("Vous aidez")
    await helps_again(ada, code.lower())
    ada.sees("Fatima Amrani, vous reprenez", "Projets conjoints · un brouillon")
    await ada.says("fin aide")
    await ada.says("j'aide quelqu'un")
    ada.sees("Elle seule peut reprendre ici")  # the same person is one of one today
    for words in ("J'accepte", "Fatima Amrani", "J654321", code):
        await ada.says(words)
    await ada.says("/start ks_1")
    for words in ("Fatima, 06 12", "Un atelier", "40 000"):
        await ada.says(words)
    await ada.taps("Passer")
    await sends_file(ada)
    for label in ("C'est tout", "Déposer", "Déposer"):
        await ada.taps(label)
    ada.sees("est déposé", "Le service appelle votre contact")
    [row] = await city.all(Submission)
    assert (row.state, row.assisted) == ("submitted", True)
    async with city.database.reading() as db:
        [call] = [each for each in await tallies.every(db, city.home.id) if each.noun == "call"]
        assert (await call.tally(db, city.home, city.now)).parts["assisted"] == {"yes": 1}
    there = await newcomer(city)
    await there.says("mon code")
    await there.says(code)
    await there.says("/start ks_1")
    there.sees("Coopérative Tissage", "Déposé")
    await ada.says("/start ks_1")
    ada.does_not_see("Tissage")
    city.now += timedelta(days=1)
    await helps(ada)  # they have a phone now: whoever comes is somebody new here
    assert len(await city.all(Submission)) == 1


@one_database
async def test_who_has_lost_the_code_begins_anew_and_nobody_guesses_it(city: City) -> None:
    ada = await newcomer(city)
    code = await helps(ada)
    await ada.says("fin aide")
    await helps_again(ada, "")
    await ada.taps("perdu")
    ada.sees("Vous aidez Fatima Amrani")
    assert code_on(ada) != code
    await ada.says("fin aide")
    for _guess in range(5):
        await helps_again(ada, "7F3K-92XQ")
    await helps_again(ada, code)
    ada.sees("dans une heure")
    omar = await newcomer(city)
    await helps(omar)
    omar.sees("voici votre code")  # who else helps them is not asked for it
    assert {row.helped_by for row in await city.all(CitizenRow) if row.helped_by} == {
        await citizen_of(city, ada),
        (await city.all(CitizenRow))[-1].helped_by,
    }


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_going_on_and_taking_over_at_once_nobody_acts_for_who_has_a_phone(city: City) -> None:
    for number in range(3):
        ada, there = await newcomer(city), await newcomer(city)
        code = await helps(ada, f"Nour {number}", f"K11111{number}")
        await ada.says("fin aide")
        for words in ("/help_other", "J'accepte", f"Nour {number}", f"K11111{number}"):
            await ada.says(words)
        await there.says("mon code")
        await all_send(city, [(ada, code), (there, code)])
        there.sees("est à vous maintenant")
        await ada.says("/status")
        ada.does_not_see("Vous aidez")


@one_database
async def test_help_ends_by_itself_and_nothing_of_it_stays_on_the_screen(city: City) -> None:
    await city.petition("Des arbres")
    ada = await newcomer(city, "web")
    await ada.says("/petitions")
    await ada.taps("Des arbres")
    await ada.taps("Soutenir")
    await ada.taps("accepte")
    await ada.says("Ada Lahlou")
    await ada.says("/menu")  # begun, and left for somebody else
    await helps(ada)
    await ada.says("/petitions")
    await ada.taps("Des arbres")
    old = ada.screen
    city.now += timedelta(minutes=29)
    await end_forgotten_help(city.database, city.now)
    await ada.says("/menu")
    ada.sees("Vous aidez Fatima Amrani")
    city.now += timedelta(minutes=30)
    await ada.taps("Soutenir", on=old)
    ada.sees("L'aide est terminée : personne n'a écrit")
    ada.does_not_see("Fatima", "Vous aidez")
    await ada.says("/menu")
    await ada.taps("Reprendre")
    ada.sees("numéro de CIN")
    await ada.says("/menu")
    await helps(ada, "Nour Alaoui", "K111111")
    city.now += timedelta(minutes=31)
    await end_forgotten_help(city.database, city.now)
    vault = city.database.vault
    kept = [str(vault.open(row.message)) for row in await city.all(Outbound) if row.message]
    assert not any(name in message for message in kept for name in ("Fatima", "Nour", "J••••21"))
    assert await city.all(Support) == []


@one_database
async def test_stop_is_of_the_phone_and_erasing_of_the_person(city: City) -> None:
    await city.petition("Des arbres")
    ada = await newcomer(city)
    code = await helps(ada)
    await supports(ada)
    await ada.says("stop")
    await ada.says("/erase")
    await ada.taps("Tout effacer")
    ada.sees("Tout est effacé")
    await ada.says("/status")
    ada.does_not_see("Vous aidez", "Des arbres ·")
    rows = {row.id: row for row in await city.all(CitizenRow)}
    helper = rows.pop(await citizen_of(city, ada))
    [helped] = rows.values()
    assert (helper.stopped is not None, helper.erased, helped.erased is not None) == (True, None, True)
    assert (helped.name, helped.person, await city.all(Support)) == (None, None, [])
    there = await newcomer(city)
    await there.says("mon code")
    await there.says(code)
    there.sees("pas bon")
    async with city.database.reading() as db:
        assert (await own_data.own_data(db, helper.id))["assisted"] == [{"helped_somebody_on": "2026-11-24"}]


@one_database
async def test_what_there_was_to_tell_is_told_once_it_is_taken_over(city: City) -> None:
    petition = await city.petition("Des arbres")
    ada = await newcomer(city)
    code = await helps(ada)
    await supports(ada)
    await ada.taps("Suivre ses étapes")
    [support] = await city.all(Support)
    async with city.database.writing() as db:
        await notices.plan(db, support.citizen_id, "petition.moved", petition.id, "ready", city.now)
    await tell(city.database, city.now)
    await ada.looks()
    assert ada.screen == []  # it is not the helper's to hear
    [notice] = await city.all(notices.Notice)
    assert notice.outcome == notices.NOWHERE
    there = await newcomer(city)
    await there.says("mon code")
    await there.says(code)
    [notice] = await city.all(notices.Notice)
    assert (notice.done, notice.citizen_id) == (None, await citizen_of(city, there))


async def test_tallies_show_who_was_helped_and_coordinators_one_helper_of_many(city: City) -> None:
    await city.found(helps_a_day=12, watch_account=12)
    await city.petition("Des arbres")
    await city.vote()
    ada, zineb = await newcomer(city), await city.coordinator()
    for number in range(12):
        await helps(ada, f"Nour {'abcdefghijkl'[number]}", f"K1111{number:02}")
        await supports(ada)
        if number < 11:
            await ada.says("/vote")
            for label in ("Voter maintenant", "Parc", "Terminer", "Confirmer mon vote"):
                await ada.taps(label)
        await ada.says("fin aide")
    async with city.database.reading() as db:
        counted = {
            each.noun: await each.tally(db, city.home, city.now) for each in await tallies.every(db, city.home.id)
        }
    assert counted["petition"].parts["assisted"] == {"yes": 12}
    assert counted["budget"].parts["assisted"] == {"yes": 11}
    assert counted["budget"].choices is None  # and nobody is told what they chose
    await zineb.says("/tally arbres")
    zineb.sees("Avec l'aide", "oui : 12")
    await zineb.says("/watch arbres")
    zineb.sees("12 par un même compte ou une même aide")


@one_database
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 4), st.sampled_from(("help", "again", "take over", "tomorrow"))),
        min_size=4,
        max_size=14,
    )
)
async def test_whoever_helps_whom_each_person_counts_once_and_each_day_has_its_most(
    city: City, moves: list[tuple[int, int, str]]
) -> None:
    petition, home = await city.petition(), city.home
    helpers = [Citizen(await citizen_of(city, await newcomer(city)), home.id, "fr") for _number in range(2)]
    codes: dict[int, str] = {}
    persons: set[int] = set()
    for helper, person, move in moves:
        match move:
            case "help":
                who = Declared(f"{petition.id} {person}", "K••••11", "Nour")
                if await _helps(city, petition, helpers[helper], who, codes, person):
                    persons.add(person)
            case "again" if person in codes:
                who = Declared(f"{petition.id} {person}", "K••••11", "Nour")
                await _goes_on(city, petition, helpers[helper], who, codes[person])
            case "take over" if person in codes:
                phone = Citizen(await citizen_of(city, await newcomer(city)), home.id, "fr")
                async with city.database.writing() as db:
                    assert await links.join_by_code(db, phone, codes.pop(person), city.now)
            case "tomorrow":
                city.now += timedelta(days=1)
    mine = [each for each in await city.all(Support) if each.petition_id == petition.id]
    assert len(mine) == len(persons)
    assert all(each.assisted for each in mine)
    days: dict[Any, int] = {}
    for help in await city.all(Help):
        days[help.citizen_id, help.day] = days.get((help.citizen_id, help.day), 0) + 1
    assert max(days.values(), default=0) <= home.helps_a_day


async def _goes_on(city: City, petition: Any, helper: Citizen, who: Declared, code: str) -> None:
    async with city.database.writing() as db:
        with suppress(Enough, CountedAlready, links.TooMany):
            if helped := await assisted.go_on(db, city.home, helper, who, code, city.now):
                assert helped.is_helped
                await support_rows.support(db, petition, Occasion(helped, city.home, "web", "fr", city.now), who)


async def _helps(city: City, petition: Any, helper: Citizen, who: Declared, codes: dict[int, str], person: int) -> bool:
    async with city.database.writing() as db:
        try:
            helped, codes[person] = await assisted.begin(db, city.home, helper, who, "fr", city.now)
        except Enough:
            return False
        occasion = Occasion(helped, city.home, "web", "fr", city.now)
        with suppress(CountedAlready):
            await support_rows.support(db, petition, occasion, who)
    return True
