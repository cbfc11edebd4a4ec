"""Things that happen at the same moment: in one process and in two, on both databases."""

import asyncio

from bot.incoming import Incoming
from flows.questions import Reply
from storage import ballots, staff
from storage.arrivals import Inbound
from storage.ballots import Ballot, Choice
from storage.budgets import Budget
from storage.citizens import Address, CitizenRow, Consent
from storage.conversations import ConversationRow
from storage.outbox import Outbound
from storage.petitions import Support
from storage.staff import Staff


async def people(city, count):
    """That many, with their language chosen and the notice read."""
    crowd = [city.citizen("fr", "telegram") for _number in range(count)]
    await asyncio.gather(*(person.arrives() for person in crowd))
    return crowd


async def all_tap(city, crowd, label):
    """All tap this at the same moment, in two processes."""
    runners = [city.runner, await city.another_process()]
    taps = []
    for number, person in enumerate(crowd):
        [value] = [value for value, words in person.screen[-1]["buttons"] if words == label]
        taps.append(runners[number % 2].receive(Incoming(person.sender, f"{person.name} tap", Reply(pressed=value))))
    await asyncio.gather(*taps)
    for person in crowd:
        await person.looks()


async def test_thirty_supports_at_once_with_one_number_give_one(city):
    await city.petition("Des arbres")
    crowd = await people(city, 30)
    for move in ("/petitions", "1", "1", "1", "Ada Lahlou", "I123456", "passer"):
        await asyncio.gather(*(person.says(move) for person in crowd))
    await all_tap(city, crowd, "Confirmer")
    [support] = await city.all(Support)
    assert sum(support.receipt in person.shown for person in crowd) == 1
    assert sum("soutient déjà" in person.shown for person in crowd) == 29
    assert len(await city.all(Consent)) == 1


async def test_thirty_people_at_once_give_thirty_supports(city):
    await city.petition("Des arbres")
    crowd = await people(city, 30)
    for move in ("/petitions", "1", "1", "1", "Ada Lahlou"):
        await asyncio.gather(*(person.says(move) for person in crowd))
    await asyncio.gather(*(person.says(f"I12345{number:02}") for number, person in enumerate(crowd)))
    await asyncio.gather(*(person.says("passer") for person in crowd))
    await all_tap(city, crowd, "Confirmer")
    supports = await city.all(Support)
    assert len({support.receipt for support in supports}) == 30
    assert all(any(support.receipt in person.shown for support in supports) for person in crowd)


async def test_a_message_delivered_ten_times_at_once_is_answered_once(city):
    [ada] = await people(city, 1)
    runners = [city.runner, await city.another_process()]
    before = len(await city.all(Outbound))
    same = Incoming(ada.sender, "the same", Reply(text="/menu"))
    await asyncio.gather(*(runners[number % 2].receive(same) for number in range(10)))
    assert len(await city.all(Outbound)) == before + 1
    assert len([row for row in await city.all(Inbound) if row.external_id == "the same"]) == 1


async def test_a_first_message_delivered_ten_times_at_once_is_answered_once(city):
    runners = [city.runner, await city.another_process(), await city.another_process()]
    for number in range(8):
        stranger = city.citizen(None, "telegram")
        same = Incoming(stranger.sender, f"first {number}", Reply(text="/start"))
        await asyncio.gather(*(runners[n % 3].receive(same) for n in range(10)))
    assert len(await city.all(Outbound)) == 8
    assert len(await city.all(Address)) == len(await city.all(CitizenRow)) == 8


async def test_two_first_messages_of_one_person_at_once_make_one_citizen(city):
    runners = [city.runner, await city.another_process(), await city.another_process()]
    for number in range(8):
        ada = city.citizen(None, "telegram")
        firsts = [Incoming(ada.sender, f"{number} first {n}", Reply(text="/start")) for n in range(6)]
        await asyncio.gather(*(runners[n % 3].receive(first) for n, first in enumerate(firsts)))
        await ada.looks()
        assert len(ada.screen) == 6
    for model in (CitizenRow, Address, ConversationRow):
        assert len(await city.all(model)) == 8


async def test_many_messages_of_one_person_at_once_are_answered_one_after_the_other(city):
    [ada] = await people(city, 1)
    runners = [city.runner, await city.another_process()]
    [before] = await city.all(ConversationRow)
    words = ["/menu", "/vote", "/receipt", "/help"] * 5
    await asyncio.gather(
        *(runners[n % 2].receive(Incoming(ada.sender, f"word {n}", Reply(text=word))) for n, word in enumerate(words))
    )
    await ada.looks()
    assert len(ada.screen) >= 20
    [after] = await city.all(ConversationRow)
    assert after.turn > before.turn


async def before_the_last_tap(city, crowd):
    for move in ("/vote", "Voter maintenant"):
        await asyncio.gather(*(person.says(move) for person in crowd))
    await asyncio.gather(*(person.taps("Parc") for person in crowd))
    await asyncio.gather(*(person.taps("Terminer") for person in crowd))


async def test_ballots_cast_while_the_keys_are_destroyed_are_whole_or_not_there(city):
    budget = await city.vote()
    crowd = await people(city, 20)
    await before_the_last_tap(city, crowd)

    async def close():
        await asyncio.sleep(0.02)
        async with city.database.writing() as db:
            assert await ballots.destroy_keys(db, budget.closes) == 1

    await asyncio.gather(all_tap(city, crowd, "Confirmer mon vote"), close())
    cast, choices, [kept] = await city.all(Ballot), await city.all(Choice), await city.all(Budget)
    assert kept.vote_key is None
    assert {ballot.voter for ballot in cast} == {choice.voter for choice in choices}
    told = [person for person in crowd if any(ballot.receipt in person.shown for ballot in cast)]
    refused = [person for person in crowd if "Le vote est clos" in person.shown]
    assert len(told) == len(cast) == len(choices)
    assert len(told) + len(refused) == 20


async def test_ballots_cast_while_the_day_of_closing_is_moved_are_told_the_truth(city):
    budget = await city.vote()
    crowd = await people(city, 20)
    await before_the_last_tap(city, crowd)

    async def close():
        await asyncio.sleep(0.02)
        async with city.change(budget) as changed:
            changed.closes = city.now

    await asyncio.gather(all_tap(city, crowd, "Confirmer mon vote"), close())
    ballots = await city.all(Ballot)
    told = [person for person in crowd if any(ballot.receipt in person.shown for ballot in ballots)]
    refused = [person for person in crowd if "clos" in person.shown and "enregistré, merci" not in person.shown]
    assert len(told) == len(ballots)
    assert len(told) + len(refused) == 20


async def test_supports_racing_with_the_end_of_a_petition_are_told_the_truth(city):
    petition = await city.petition("Des arbres")
    crowd = await people(city, 20)
    for move in ("/petitions", "1", "1", "1", "Ada Lahlou"):
        await asyncio.gather(*(person.says(move) for person in crowd))
    await asyncio.gather(*(person.says(f"I12345{number:02}") for number, person in enumerate(crowd)))
    await asyncio.gather(*(person.says("passer") for person in crowd))

    async def end():
        await asyncio.sleep(0.02)
        async with city.change(petition) as changed:
            changed.status = "deposited"

    await asyncio.gather(all_tap(city, crowd, "Confirmer"), end())
    supports = await city.all(Support)
    told = [person for person in crowd if any(support.receipt in person.shown for support in supports)]
    refused = [person for person in crowd if "enregistrée, merci" not in person.shown]
    assert len(told) == len(supports)
    assert len(told) + len(refused) == 20


async def test_one_number_votes_once_from_ten_accounts_at_once(city):
    await city.vote("one", asks_cin=True)
    crowd = await people(city, 10)
    for move in ("/vote", "Voter maintenant", "j'accepte", "I123456", "1"):
        await asyncio.gather(*(person.says(move) for person in crowd))
    await all_tap(city, crowd, "Confirmer mon vote")
    [ballot] = await city.all(Ballot)
    assert sum(ballot.receipt in person.shown for person in crowd) == 1
    assert sum("Un vote existe déjà" in person.shown for person in crowd) == 9
    assert len(await city.all(Choice)) == 1


async def test_a_one_time_code_typed_by_two_people_at_once_enrols_one(city):
    crowd = await people(city, 6)
    runners = [city.runner, await city.another_process()]
    async with city.database.writing() as db:
        code = await staff.invite(db, city.home.id, "Zineb", "coordinator", city.now)
    typed = [Incoming(person.sender, f"{person.name} code", Reply(text=f"/staff {code}")) for person in crowd]
    await asyncio.gather(*(runners[number % 2].receive(each) for number, each in enumerate(typed)))
    for person in crowd:
        await person.looks()
    assert len(await city.all(Staff)) == 1
    assert sum("Bienvenue, Zineb" in person.shown for person in crowd) == 1
    assert sum("Nous ne connaissons pas cette commande." in person.shown for person in crowd) == 5
