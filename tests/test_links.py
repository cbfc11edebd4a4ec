"""One person on several channels: joined by a code or by the phone, once in everything, and apart again."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from conftest import City, Person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.incoming import Incoming
from flows.questions import Reply
from locales.bidi import strip_isolates
from storage import fates, lines, links, outbox, staff
from storage.ballots import Ballot, Choice
from storage.citizens import Address, Citizen, CitizenRow, Consent
from storage.lines import Who
from storage.links import MOST_TRIES, LinkCode
from storage.own_data import own_data
from storage.petitions import Support
from storage.places import Place, place
from storage.staff import Staff
from storage.threads import Message, Thread

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
one_database = pytest.mark.parametrize("kind", ["sqlite"])


async def code_of(person: Person) -> str:
    await person.says("/link")
    await person.taps("Afficher un code")
    [code] = CODE.findall(strip_isolates(person.shown))
    return str(code)


async def types(person: Person, code: str) -> None:
    await person.says("/link")
    await person.taps("J'ai un code")
    await person.says(code)


async def _place(db: Any, person: Person) -> Place:
    found = await place(db, person.sender)
    assert found
    return found


async def two(city: City, first: str = "telegram", second: str = "whatsapp") -> tuple[Person, Person]:
    ada, other = city.citizen("fr", first), city.citizen("fr", second)
    await ada.arrives()
    await other.arrives()
    return ada, other


async def votes(person: Person, *projects: str) -> None:
    await person.says("/vote")
    await person.taps("Voter maintenant")
    for label in (*projects, "Terminer", "Confirmer mon vote"):
        await person.taps(label)


async def test_what_was_done_on_two_channels_is_one_person_s_and_counts_once(city: City) -> None:
    await city.petition("Des arbres")
    await city.petition("Des bancs")
    await city.vote()
    await city.vote(title={"fr": "Budget 2028", "ar": "ميزانية 2028"})
    ada, there = await two(city)
    await ada.supports("Des arbres")
    await there.supports("Des bancs", cin="I123456")  # the same person, elsewhere
    await there.says("/human")
    await there.says("Une question")
    await there.taps("Envoyer")
    for person, projects in ((ada, ("Parc",)), (there, ("Banc", "Piste"))):
        await person.says("/vote")
        await person.taps("Budget 2027")
        for label in ("Voter maintenant", *projects, "Terminer", "Confirmer mon vote"):
            await person.taps(label)
    await there.says("/vote")
    await there.taps("Budget 2028")
    for label in ("Voter maintenant", "Piste", "Terminer", "Confirmer mon vote"):
        await there.taps(label)
    assert len(await city.all(Ballot)) == 3

    await types(there, await code_of(ada))
    there.sees("Vos comptes sont réunis : Telegram, WhatsApp.", "deux fois à un vote")
    (citizen,) = [row for row in await city.all(CitizenRow) if row.merged_into is None]
    assert {address.citizen_id for address in await city.all(Address)} == {citizen.id}
    assert {row.citizen_id for model in (Support, Thread, Consent) for row in await city.all(model)} == {citizen.id}
    ballots, choices = await city.all(Ballot), await city.all(Choice)
    assert (len(ballots), len(choices)) == (2, 2)  # of 2027 the one of the account that stays: one project
    for person in (ada, there):
        await person.says("/status")
        person.sees("Des arbres", "Des bancs", "Budget 2027", "Budget 2028")
    await there.says("/vote")
    await there.taps("Budget 2028")
    there.sees("Vous avez déjà voté")
    await ada.says("/petitions")
    await ada.taps("Des bancs")
    ada.sees("Vous avez déjà")  # it was declared on the other channel


async def test_language_stop_and_role_are_those_of_both(city: City) -> None:
    ada, there = await two(city)
    await there.says("stop")
    async with city.database.writing() as db:
        await staff.add(db, city.home.id, (await _place(db, there)).citizen_id, "Zineb", "coordinator", city.now)
    await ada.says("langue")
    await ada.taps("الدارجة")
    await ada.says("/link")
    await ada.taps("نشوف كود")
    [code] = CODE.findall(strip_isolates(ada.shown))
    await types(there, code)
    there.sees("الحسابات ديالكم تجمعو")
    (citizen,) = [row for row in await city.all(CitizenRow) if row.merged_into is None]
    assert (citizen.language, citizen.stopped is not None) == ("ary", True)
    (role,) = await city.all(Staff)
    assert role.citizen_id == citizen.id
    await ada.says("/tally")
    ada.does_not_see("ماكانعرفوش هاد الأمر")


@one_database
async def test_two_declared_persons_stay_apart(city: City) -> None:
    await city.petition("Des arbres")
    ada, there = await two(city)
    await ada.supports("Des arbres")
    await there.supports("Des arbres", cin="J654321")
    await types(there, await code_of(ada))
    there.sees("numéros de CIN différents")
    assert len({support.citizen_id for support in await city.all(Support)}) == 2


@one_database
async def test_two_supports_of_one_petition_become_one_and_the_receipt_that_stays_is_told(city: City) -> None:
    petition = await city.petition("Des arbres")
    ada, there = await two(city)
    await ada.supports("Des arbres")
    await there.supports("Des arbres", cin="J654321")
    async with city.database.writing() as db:  # a slip in the number: the second was mended by the service
        for row in (await db.scalars(CitizenRow.__table__.select().with_only_columns(CitizenRow.id))).all():
            (await db.get_one(CitizenRow, row)).person = None
    first = next(each for each in await city.all(Support) if each.channel == "telegram")
    await types(there, await code_of(ada))
    there.sees("deux fois à une pétition", first.receipt)
    (support,) = await city.all(Support)
    assert (support.receipt, support.petition_id) == (first.receipt, petition.id)


@one_database
async def test_an_exchange_goes_on_with_the_messages_of_both(city: City) -> None:
    ada, there = await two(city)
    for person in (ada, there):
        await person.says("/human")
        await person.says(f"Une question de {person.sender.channel}")
        await person.taps("Envoyer")
    await types(there, await code_of(ada))
    (thread,) = await city.all(Thread)
    assert {message.thread_id for message in await city.all(Message)} == {thread.id}
    assert (len(await city.all(Message)), thread.state) == (2, "open")


@one_database
async def test_a_code_is_good_once_for_ten_minutes_and_guesses_are_few(city: City) -> None:
    ada, there = await two(city)
    stranger = city.citizen("fr", "web")
    await stranger.arrives()
    old = await code_of(ada)
    fresh = await code_of(ada)
    await types(there, old)
    there.sees("n'est pas bon")
    await types(ada, fresh)  # one's own
    ada.sees("n'est pas bon")
    city.now += timedelta(minutes=10)
    await types(there, fresh)
    there.sees("n'est pas bon")
    good = await code_of(ada)
    for guess in range(MOST_TRIES - 2):
        await types(there, f"ABCD-000{guess}")
        there.sees("n'est pas bon")
    await types(there, good)
    there.sees("Réessayez dans une heure")
    await types(stranger, f" {good.lower().replace('-', ' ')} ")
    stranger.sees("Vos comptes sont réunis")
    city.now += timedelta(hours=1)
    await types(there, good)  # it is used up
    there.sees("n'est pas bon")
    assert all(fresh.replace("-", "").encode() not in row.code.encode() for row in await city.all(LinkCode))


async def test_apart_again_the_channel_is_an_empty_account_and_nobody_votes_twice_by_it(city: City) -> None:
    await city.vote()
    ada, there = await two(city)
    await votes(there, "Parc")
    await types(there, await code_of(ada))
    await ada.says("/link")
    await ada.taps("Séparer")
    await ada.taps("WhatsApp")
    ada.sees("De nouveau un compte à part : WhatsApp")
    await there.says("/status")
    there.does_not_see("Budget 2027")
    await ada.says("/status")
    ada.sees("Budget 2027")
    await votes(there, "Banc")  # as it could have, never joined: two accounts, two ballots, and no third
    await types(there, await code_of(ada))
    there.sees("deux fois à un vote")
    assert len(await city.all(Ballot)) == 1


# By the phone


async def test_the_phone_that_both_channels_know_joins_them(city: City) -> None:
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    async with city.database.writing() as db:
        key = await lines.recognise(db, city.home.id, Who("MA.1", "212600000001"), city.now)
    there = city.citizen("fr", "whatsapp", key)
    await there.arrives()
    await there.says("/link")
    there.does_not_see("Avec mon téléphone")  # WhatsApp has no such button
    await ada.says("/link")
    await ada.taps("Avec mon téléphone")
    assert ada.screen[-1]["contact"] == "Partager mon numéro"
    await ada.says("+212600000001")
    ada.sees("Utilisez le bouton")
    await ada.does(Reply(kind="contact"))  # somebody else's
    ada.sees("Utilisez le bouton")
    await ada.does(Reply(kind="contact", text="212600000001"))
    ada.sees("Le même numéro nous écrit depuis WhatsApp")
    await ada.taps("Oui")
    ada.sees("Vos comptes sont réunis : Telegram, WhatsApp.")
    assert b"212600000001" not in await city.everything()
    async with city.database.reading() as db:
        kept = (await own_data(db, (await _place(db, ada)).citizen_id))["citizens"]
    assert {"channel": "telegram", "account": ada.sender.external_id, "phone": "212600000001"} in kept


@one_database
async def test_a_number_that_is_nobody_else_s_is_kept_and_one_not_heard_for_long_joins_nobody(city: City) -> None:
    async with city.database.writing() as db:
        long_ago = city.now - timedelta(days=60)
        key = await lines.recognise(db, city.home.id, Who("MA.1", "212600000001"), long_ago)
    there, ada = city.citizen("fr", "whatsapp", key), city.citizen("fr", "telegram")
    await there.arrives()
    await ada.arrives()
    await ada.says("/link")
    await ada.taps("Avec mon téléphone")
    await ada.does(Reply(kind="contact", text="212600000001"))
    ada.sees("Aucun autre compte")
    assert len([row for row in await city.all(Address) if row.phone_mark]) == 1


# At the same moment


async def test_a_code_typed_by_many_at_once_joins_one(city: City) -> None:
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    code = await code_of(ada)
    crowd = [city.citizen("fr", "web") for _ in range(6)]
    for person in crowd:
        await person.arrives()
        await person.says("/link")
        await person.taps("J'ai un code")
    runners = [city.runner, await city.another_process()]
    typed = [Incoming(person.sender, f"{person.name} code", Reply(text=code)) for person in crowd]
    await asyncio.gather(*(runners[n % 2].receive(each) for n, each in enumerate(typed)))
    for person in crowd:
        await person.looks()
    assert sum("Vos comptes sont réunis" in person.shown for person in crowd) == 1
    assert sum("n'est pas bon" in person.shown for person in crowd) == 5
    assert len([row for row in await city.all(CitizenRow) if row.merged_into]) == 1


async def test_two_accounts_that_type_one_another_s_code_at_once_become_one(city: City) -> None:
    for _ in range(3):
        ada, there = await two(city)
        codes = [await code_of(ada), await code_of(there)]
        for person in (ada, there):
            await person.says("/link")
            await person.taps("J'ai un code")
        runners = [city.runner, await city.another_process()]
        await asyncio.gather(
            runners[0].receive(Incoming(ada.sender, f"{ada.name} x", Reply(text=codes[1]))),
            runners[1].receive(Incoming(there.sender, f"{there.name} x", Reply(text=codes[0]))),
        )
        async with city.database.reading() as db:
            assert (await _place(db, ada)).citizen_id == (await _place(db, there)).citizen_id


async def test_a_support_declared_while_accounts_are_joined_is_one_person_s(city: City) -> None:
    await city.petition("Des arbres")
    for number in range(3):
        ada, there = await two(city, second="telegram")
        code = await code_of(ada)
        for move in ("/petitions", "1", "1", "1", "Ada Lahlou", f"I12345{number}", "passer"):
            await there.says(move)
        [value] = [value for value, words in there.screen[-1]["buttons"] if words == "Confirmer"]
        third = city.citizen("fr", "web")
        await third.arrives()
        async with city.database.writing() as db:
            citizen_id = (await _place(db, there)).citizen_id
            joining = await links.show(db, Citizen(citizen_id, city.home.id, "fr"), city.now)
        await types(third, joining)  # the third is there's other channel, and types the code of ada
        await third.says("/link")
        await third.taps("J'ai un code")
        runners = [city.runner, await city.another_process()]
        await asyncio.gather(
            runners[0].receive(Incoming(there.sender, f"{there.name} tap", Reply(pressed=value))),
            runners[1].receive(Incoming(third.sender, f"{third.name} code", Reply(text=code))),
        )
        async with city.database.reading() as db:
            assert (await city.all(Support))[-1].citizen_id == (await _place(db, ada)).citizen_id


# Whatever people do


@one_database
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_however_accounts_are_joined_and_parted_each_counts_once(city: City, data: st.DataObject) -> None:
    budget = await city.vote("one")
    people = [city.citizen("fr", channel) for channel in ("telegram", "whatsapp", "web")]
    for person in people:
        await person.arrives()
    for _ in range(data.draw(st.integers(3, 7))):
        person, other = data.draw(st.permutations(people))[:2]
        match data.draw(st.sampled_from(("vote", "join", "part"))):
            case "vote":
                await person.says(f"/start b_{budget.id}")
                await person.taps("Voter maintenant")
                await person.taps(data.draw(st.sampled_from(("Parc", "Banc", "Piste"))))
                await person.taps("Confirmer mon vote")
            case "join":
                await types(person, await code_of(other))
            case "part":
                await person.says("/link")
                if "Séparer" in person.shown:
                    await person.taps("Séparer")
                    await person.taps(person.labels[0])
    ballots = [ballot for ballot in await city.all(Ballot) if ballot.budget_id == budget.id]
    assert len(ballots) <= len(people)
    choices = [choice for choice in await city.all(Choice) if choice.budget_id == budget.id]
    assert {choice.voter for choice in choices} == {ballot.voter for ballot in ballots}


@one_database
async def test_erasing_takes_the_number_and_what_waits_for_the_person(city: City) -> None:
    ada = city.citizen("fr", "whatsapp")
    await ada.arrives()
    async with city.database.writing() as db:
        await db.execute(outbox.Outbound.__table__.update().values(status=outbox.HELD, due=city.now + fates.FOR_EVER))
    await ada.says("/erase")
    await ada.taps("Tout effacer")
    rows = (await city.all(outbox.Outbound))[:-1]
    assert all(row.message is None and row.status != outbox.HELD for row in rows)
