"""Participatory budgets: projects read, ballots cast and changed, counted without anyone knowing whose they are."""

import itertools
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from flows.choices import Item, Spread
from flows.questions import Refused, Reply
from storage import ballots, budget_tally, deliveries, letters
from storage.ballots import Ballot, Choice, NotAllowed
from storage.budgets import Budget, Project
from storage.citizens import Citizen, CitizenRow, Consent
from storage.conversations import ConversationRow
from storage.letters import Outcome
from storage.occasions import Closed, Occasion
from storage.outbox import SENT, Outbound
from storage.vault import keyed_hash


@pytest.fixture
async def ada(city):
    ada = city.citizen("fr")
    await ada.arrives()
    return ada


async def chosen(city):
    """The projects on each ballot, by name."""
    names = {project.id: project.slug for project in await city.all(Project)}
    ballots = {ballot.voter: set() for ballot in await city.all(Ballot)}
    for choice in await city.all(Choice):
        ballots[choice.voter].add(names[choice.project_id])
    return sorted(map(sorted, ballots.values()))


async def votes(person, *projects, cin=None):
    """A ballot from beginning to end, in French."""
    await person.says("/vote")
    await person.taps("Voter maintenant")
    if cin:
        await person.taps("J'accepte")
        await person.says(cin)
    for project in projects:
        await person.taps(project)
    if "Terminer" in person.shown:
        await person.taps("Terminer")
    await person.taps("Confirmer mon vote")


# The whole ways


async def test_approval_the_whole_way_in_french(city, ada):
    await city.vote("approval", costs=(60_000, 30_000, 50_000), envelope=1_000_000)
    await ada.says("voter")
    ada.sees("<b>Budget 2027</b>", "Projets : 3", "1 000 000 dirhams", "4 décembre 2026 à 12:00")
    ada.sees("Nombre de projets par personne : de 1 à 2.")
    await ada.taps("Voter maintenant")
    ada.sees("Parc : 60 000 dirhams, Ancienne médina", "Banc : 30 000 dirhams, toute la commune", "Choix : 0 sur 2")
    await ada.taps("Parc")
    ada.sees("☑ Parc", "☐ Banc", "Choix : 1 sur 2")
    await ada.taps("Banc")
    ada.sees("Choix : 2 sur 2")
    await ada.taps("Piste")
    ada.sees("Vous pouvez en choisir 2 au plus", "☐ Piste", "Choix : 2 sur 2")
    await ada.taps("Parc")
    ada.sees("☐ Parc", "Choix : 1 sur 2")
    await ada.taps("Piste")
    await ada.taps("Terminer")
    ada.sees("Votre vote :", "Banc", "Piste", "Confirmer ?")
    ada.does_not_see("Parc")
    await ada.taps("Confirmer mon vote")
    [ballot] = await city.all(Ballot)
    ada.sees("Votre vote est enregistré, merci", ballot.receipt, "Vous pouvez le modifier jusqu'au 4 décembre 2026")
    assert await chosen(city) == [["Banc", "Piste"]]
    assert (ballot.channel, ballot.day, ballot.person) == ("web", city.today(), None)


async def test_knapsack_the_whole_way_in_darija(city):
    await city.vote("knapsack")
    noor = city.citizen("ary", "telegram")
    await noor.arrives()
    await noor.says("نصوت")
    noor.sees("ميزانية 2027", "عدد المشاريع: 3", "المبلغ اللي كاين: 100 درهم")
    await noor.taps("نصوت دابا")
    noor.sees("جردة: 60 درهم", "باقي من المبلغ: 100 درهم")
    await noor.taps("جردة")
    noor.sees("باقي من المبلغ: 40 درهم")
    await noor.taps("ممر")
    noor.sees("هاد المشروع كيكلف كثر من اللي بقى", "باقي من المبلغ: 40 درهم", "☐ ممر")
    await noor.says("كرسي")
    noor.sees("باقي من المبلغ: 10 درهم")
    await noor.says("ساليت")
    noor.sees("الصوت ديالكم", "جردة", "كرسي")
    await noor.taps("نأكد")
    [ballot] = await city.all(Ballot)
    noor.sees("تسجل الصوت ديالكم", ballot.receipt)
    assert await chosen(city) == [["Banc", "Parc"]]


async def test_choose_one_the_whole_way(city, ada):
    await city.vote("one")
    await ada.says("/vote")
    ada.sees("Chaque personne choisit un seul projet.")
    await ada.taps("Voter maintenant")
    ada.sees("Pour quel projet votez-vous ?", "Banc : 30 dirhams")
    await ada.taps("Banc")
    ada.sees("Votre vote :")
    await ada.taps("Changer les projets")
    await ada.says("piste")
    await ada.taps("Confirmer mon vote")
    assert await chosen(city) == [["Piste"]]


async def test_projects_are_read_one_by_one_before_the_vote(city, ada):
    await city.vote()
    await ada.says("/vote")
    await ada.taps("Lire les projets")
    await ada.taps("Parc")
    ada.sees("<b>Parc</b>", "Coût : 60 dirhams. Lieu : Ancienne médina.", "Un Parc pour tous.")
    await ada.taps("Lire un autre")
    await ada.taps("Banc")
    ada.sees("Un Banc pour tous.", "toute la commune")
    await ada.taps("Voter")
    ada.sees("Voter maintenant")


async def test_of_several_open_votes_one_is_chosen(city, ada):
    await city.vote(title={"fr": "Nord"}, closes=city.now + timedelta(days=2))
    await city.vote(title={"fr": "Sud"}, closes=city.now + timedelta(days=1))
    await city.vote(title={"fr": "Plus tard"}, opens=city.now + timedelta(days=1))
    await city.vote(title={"fr": "Passé"}, closes=city.now)
    await ada.says("/vote")
    ada.sees("Quel vote ?")
    assert ada.labels[:2] == ["Sud", "Nord"]
    ada.does_not_see("Plus tard", "Passé")
    await ada.taps("Nord")
    ada.sees("<b>Nord</b>")


async def test_the_receipt_does_not_show_on_the_way_what_it_counts(city, ada):
    await city.vote()
    await votes(ada, "Parc")
    ada.does_not_see("Parc")


@pytest.mark.parametrize("on", ["web", "whatsapp"])
async def test_points_the_whole_way(city, on):
    await city.vote("points", points=5, most_points=3, most=3, costs=(60, 30, 50))
    ada = city.citizen("fr", on)
    await ada.arrives()
    await ada.says("/vote")
    ada.sees("Points par personne : 5. Au plus pour un projet : 3.")
    await ada.taps("Voter maintenant")
    ada.sees("Reste : 5 sur 5")
    before = ada.screen
    await ada.taps("+ Parc · 1")
    ada.sees("Reste : 4 sur 5", "+ Parc · 2", "− Parc · 0")
    await ada.taps("+ Parc · 1", on=before)  # a double tap
    for words in ("Parc 3", "banc : 9", "Banc 3"):
        await ada.says(words)
    ada.sees("C'est plus que vos points", "Ancienne médina — 3 points", "Reste : 2 sur 5")
    await city.restarts()
    await ada.says("Banc 2")
    ada.sees("Reste : 0 sur 5")
    ada.does_not_see("+ Piste")
    await ada.taps("Terminer")
    ada.sees("Parc : 60 dirhams, Ancienne médina — 3 points", "— 2 points")
    await ada.taps("Changer les projets")
    for words in ("Parc 3", "Banc 2"):
        await ada.says(words)
    await ada.taps("− Parc · 2")
    await ada.taps("Terminer")
    await ada.taps("Confirmer mon vote")
    ada.sees("enregistré, merci")
    assert sorted(choice.points for choice in await city.all(Choice)) == [2, 2]
    async with city.database.reading() as db:
        [budget] = await city.all(Budget)
        assert [count for _project, count in await budget_tally.votes(db, budget)] == [2, 2, 0]


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 6)), max_size=20), st.integers(1, 8), st.integers(1, 4)
)
def test_no_way_of_tapping_gives_more_than_the_points(taps, total, most):
    spread = Spread(str, {id: Item(id, id) for id in "abcd"}, "Done", total, min(most, total), most_items=3)
    draft = {}
    for id, points in taps:
        for press in (f"{id}={points}", *(button.value for button in spread.show(draft).buttons[:1])):
            if press == "done":
                continue
            with suppress(Refused):
                draft = spread.read(Reply(pressed=press), draft).draft
            assert sum(draft.values()) <= total
            assert all(0 < given <= min(most, total) for given in draft.values())
            assert len(draft) <= 3


# Rules of the ballot


async def test_nothing_chosen_is_no_ballot(city, ada):
    await city.vote()
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    await ada.taps("Terminer")
    ada.sees("Choisissez-en au moins 1", "Choix : 0 sur 2")
    assert not await city.all(Ballot)


async def test_a_cost_that_rises_meanwhile_takes_the_ballot_back(city, ada):
    await city.vote("knapsack")
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    await ada.taps("Parc")
    await ada.taps("Banc")
    await ada.taps("Terminer")
    [park] = [project for project in await city.all(Project) if project.slug == "Parc"]
    async with city.change(park) as park:
        park.cost = 90
    await ada.taps("Confirmer mon vote")
    ada.sees("coûte plus que le montant restant")
    assert not await city.all(Ballot)
    await ada.taps("Parc")
    await ada.taps("Terminer")
    await ada.taps("Confirmer mon vote")
    assert await chosen(city) == [["Banc"]]


async def test_a_project_that_vanishes_meanwhile_takes_the_ballot_back(city, ada):
    await city.vote()
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    await ada.taps("Parc")
    await ada.taps("Banc")
    await ada.taps("Terminer")
    async with city.database.writing() as db:
        await db.execute(text("DELETE FROM project WHERE slug = 'Parc'"))
    await ada.taps("Confirmer mon vote")
    ada.sees("Ce choix n'existe plus.", "☑ Banc", "Choix : 1 sur 2")
    assert not await city.all(Ballot)


@pytest.mark.parametrize(
    ("ballot", "names"),
    [
        ("approval", "Parc Banc Piste"),
        ("approval", ""),
        ("approval", "Parc Parc"),
        ("one", "Parc Banc"),
        ("one", ""),
        ("knapsack", "Parc Piste"),
        ("knapsack", ""),
        ("points", "Parc"),
    ],
)
async def test_storage_itself_refuses_a_ballot_against_the_rules(city, ada, ballot, names):
    budget = await city.vote(ballot)
    projects = {project.slug: project for project in await city.all(Project)}
    [row] = await city.all(CitizenRow)
    occasion = Occasion(Citizen(row.id, 1, "fr"), city.home, "web", "fr", city.now)
    with pytest.raises(NotAllowed):
        async with city.database.writing() as db:
            await ballots.cast(db, budget, occasion, [projects[name] for name in names.split()], None)
    assert not await city.all(Ballot)


async def test_storage_itself_refuses_a_project_of_another_vote(city, ada):
    one, _two = await city.vote(costs=(60,)), await city.vote(costs=(60,))
    [row] = await city.all(CitizenRow)
    other = next(project for project in await city.all(Project) if project.budget_id != one.id)
    occasion = Occasion(Citizen(row.id, 1, "fr"), city.home, "web", "fr", city.now)
    with pytest.raises(NotAllowed):
        async with city.database.writing() as db:
            await ballots.cast(db, one, occasion, [other], None)


async def test_whoever_is_too_young_does_not_vote(city, ada):
    await city.vote(min_age=16)
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    ada.sees("Avez-vous 16 ans ou plus ?")
    await ada.taps("Non")
    ada.sees("Ce vote est ouvert à partir de 16 ans.")
    assert not await city.all(Ballot)


async def test_a_ballot_is_cancelled_at_the_last_question(city, ada):
    await city.vote()
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    await ada.taps("Parc")
    await ada.taps("Terminer")
    await ada.taps("Annuler")
    ada.sees("Rien n'a été enregistré.")
    assert not await city.all(Ballot)


# Changing a ballot


async def test_a_ballot_can_be_changed_and_the_last_counts(city, ada):
    await city.vote()
    await votes(ada, "Parc", "Banc")
    [before] = await city.all(Ballot)
    await ada.says("/vote")
    ada.sees("Vous avez déjà voté", before.receipt, "Un nouveau vote remplace l'ancien")
    await votes(ada, "Piste")
    ada.sees("Votre vote est modifié. Seul ce dernier compte", before.receipt)
    [after] = await city.all(Ballot)
    assert after.receipt == before.receipt
    assert await chosen(city) == [["Piste"]]
    async with city.database.reading() as db:
        [budget] = await city.all(Budget)
        tally = await budget_tally.tally(db, budget, city.home, budget.closes)
    assert tally.totals == {"ballots": 1}
    assert {option.slug: option.count for option in tally.choices} == {"Piste": 1, "Parc": 0, "Banc": 0}


async def test_a_vote_that_closes_meanwhile_takes_no_ballot(city, ada):
    budget = await city.vote()
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    await ada.taps("Parc")
    await ada.taps("Terminer")
    city.now = budget.closes
    await ada.taps("Confirmer mon vote")
    ada.sees("Aucun vote n'est ouvert en ce moment.")
    assert not await city.all(Ballot)


async def test_a_vote_whose_key_is_gone_takes_no_ballot(city, ada):
    budget = await city.vote()
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    await ada.taps("Parc")
    await ada.taps("Terminer")
    async with city.change(budget) as budget:
        budget.vote_key = None
    await ada.taps("Confirmer mon vote")
    ada.sees("Le vote est clos. Rien n'a été enregistré.")
    assert not await city.all(Ballot)


async def test_the_last_second_counts_and_the_next_does_not(city, ada):
    budget = await city.vote()
    projects = await city.all(Project)
    [row] = await city.all(CitizenRow)

    async def cast(now):
        occasion = Occasion(Citizen(row.id, 1, "fr"), city.home, "web", "fr", now)
        async with city.database.writing() as db:
            await ballots.cast(db, budget, occasion, projects[:1], None)

    with pytest.raises(Closed):
        await cast(budget.opens - timedelta(microseconds=1))
    with pytest.raises(Closed):
        await cast(budget.closes)
    await cast(budget.closes - timedelta(microseconds=1))
    assert len(await city.all(Ballot)) == 1


# One person, one ballot


async def test_the_same_number_from_another_account_cannot_overwrite_a_ballot(city, ada):
    await city.vote(asks_cin=True)
    eve = city.citizen("fr", "telegram")
    await eve.arrives()
    await votes(ada, "Parc", cin="I123456")
    ada.sees("enregistré")
    await votes(eve, "Piste", cin="i-123 456")
    eve.sees("Un vote existe déjà avec")
    assert await chosen(city) == [["Parc"]]
    assert len(await city.all(Consent)) == 1
    # And the first account goes on changing its own.
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    ada.does_not_see("CIN")
    await ada.taps("Banc")
    await ada.taps("Terminer")
    await ada.taps("Confirmer mon vote")
    assert await chosen(city) == [["Banc"]]


async def test_whoever_refuses_to_give_the_number_does_not_vote(city, ada):
    await city.vote(asks_cin=True)
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    ada.sees("Chaque personne compte une fois", "Loi 09-08")
    ada.does_not_see("nom complet")
    await ada.taps("Je refuse")
    ada.sees("rien n'a été enregistré")
    assert not await city.all(Ballot)
    assert not await city.all(Consent)


async def test_the_number_can_be_corrected_before_the_ballot_is_cast(city, ada):
    await city.vote(asks_cin=True)
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    await ada.taps("J'accepte")
    await ada.says("I999999")
    await ada.taps("Parc")
    await ada.taps("Terminer")
    await ada.taps("Corriger le numéro")
    await ada.says("I123456")
    ada.sees("Votre vote :", "Parc")
    await ada.taps("Confirmer mon vote")
    [row] = await city.all(CitizenRow)
    assert row.cin_mask == "I••••56"
    assert b"I123456" not in await city.everything()


# The order of projects


async def test_the_order_of_projects_differs_between_people_and_is_stable_for_one(city):
    await city.vote(costs=(10, 20, 30, 40, 50))
    seen = set()
    for _number in range(12):
        person = city.citizen("fr")
        await person.arrives()
        await person.says("/vote")
        await person.taps("Voter maintenant")
        order = [label[2:] for label in person.labels[:5]]
        await city.restarts()
        await person.says("/language ary")
        await person.says("/language fr")
        assert [label[2:] for label in person.labels[:5]] == order
        await person.taps(order[4])
        assert [label[2:] for label in person.labels[:5]] == order
        seen.add(tuple(order))
        assert sorted(order) == ["Banc", "Four", "Parc", "Piste", "Puits"]
    assert len(seen) > 6


# Whose ballot it is


async def closed_vote(city):
    """Five people have voted, the vote has closed and its key is gone."""
    budget = await city.vote("one", asks_cin=True)
    key = bytes.fromhex(city.database.vault.open(budget.vote_key))
    for number, project in enumerate(("Parc", "Banc", "Banc", "Piste", "Parc")):
        person = city.citizen("fr", "telegram")
        await person.arrives()
        await votes(person, project, cin=f"I12345{number}")
        person.sees("enregistré")
    city.now = budget.closes
    async with city.database.writing() as db:
        assert await ballots.destroy_keys(db, city.now) == 1
    return budget, key


async def test_a_ballot_cannot_be_led_back_to_a_person_once_the_key_is_gone(city):
    """Recomputed with everything there is: the whole database, the secret, the ID numbers of everybody."""
    _budget, key = await closed_vote(city)
    vault = city.database.vault
    ballots = await city.all(Ballot)
    people = await city.all(CitizenRow)
    marks = {ballot.voter for ballot in ballots} | {ballot.person for ballot in ballots}
    assert len(marks) == 10
    # The one key leads from persons to ballots ...
    assert {keyed_hash(key, f"account {row.id}") for row in people} <= marks
    # ... and it is nowhere any more.
    everything = await city.everything()
    for form in (key, key.hex().encode()):
        assert form not in everything
    for sealed in [talk.memory for talk in await city.all(ConversationRow)]:
        assert key.hex() not in str(vault.open(sealed))
    names = (
        [f"{row.id}" for row in people] + [row.person for row in people] + [f"I12345{number}" for number in range(5)]
    )
    purposes = ["", "account", "person", "person 1", "order of projects", "staff code"]
    known_keys = [vault._hash_key, *(row.wrapped for row in await city.all(_data_key()))]
    guesses = {vault.recognise(purpose, name) for purpose, name in itertools.product(purposes, names)}
    for purpose, name, guess_key in itertools.product(purposes, names, known_keys):
        guesses |= {keyed_hash(guess_key, f"{purpose} {name}"), keyed_hash(guess_key, f"{purpose}\0{name}")}
    assert not guesses & marks


def _data_key():
    from storage.database import DataKey

    return DataKey


async def test_a_ballot_shares_no_value_with_its_voter(city):
    _budget, _key = await closed_vote(city)
    common = {"telegram", city.today(), 1}  # the channel and the day, for the turnout
    people = {value for row in await city.all(CitizenRow) for value in vars(row).values() if _is_value(value)}
    consents = {value for row in await city.all(Consent) for value in vars(row).values() if _is_value(value)}
    for ballot in await city.all(Ballot):
        own = {value for value in vars(ballot).values() if _is_value(value)} - common - {ballot.budget_id}
        assert not own & (people | consents)
        assert not hasattr(ballot, "cast")


def _is_value(value):
    return isinstance(value, str | int | bytes) or hasattr(value, "year")


async def test_what_was_said_to_voters_leads_nobody_to_their_ballot(city):
    """The messages with the receipt were delivered, and wiped."""
    await closed_vote(city)
    receipts = {ballot.receipt for ballot in await city.all(Ballot)}
    async with city.database.writing() as db:
        found = await letters.waiting(db, [(city.home.id, "telegram")], 0, 1000)
        assert any(receipt in str(found) for receipt in receipts)
        delivered = [Outcome(letter.id, SENT, "1") for letter in found]
        await deliveries.mark(db, delivered, city.now)
    opened = city.database.vault.open
    kept = str([opened(row.message) for row in await city.all(Outbound) if row.message])
    kept += str([opened(talk.memory) for talk in await city.all(ConversationRow)])
    assert not any(receipt in kept for receipt in receipts)


async def test_what_the_web_chat_said_to_voters_leads_nobody_to_their_ballot(city, ada):
    budget = await city.vote("one")
    await votes(ada, "Parc")
    city.now = budget.closes
    async with city.database.writing() as db:
        await ballots.destroy_keys(db, city.now)
    [ballot] = await city.all(Ballot)
    kept = str([city.database.vault.open(row.message) for row in await city.all(Outbound) if row.message])
    assert ballot.receipt not in kept


async def test_ballots_are_kept_in_no_order_of_casting(city, kind):
    await closed_vote(city)
    async with city.database.reading() as db:
        for table in ("ballot", "choice"):
            if kind == "sqlite":
                with pytest.raises(OperationalError, match="rowid"):
                    await db.execute(text(f"SELECT rowid FROM {table}"))
            else:
                rows = await db.execute(text(f"SELECT voter FROM {table} ORDER BY ctid"))
                voters = list(rows.scalars())
                assert len(voters) == 5
                assert voters == sorted(voters)


async def test_the_database_does_not_know_which_ballot_came_with_which_person(city, kind):
    """PostgreSQL keeps with each row the transaction that wrote it."""
    if kind == "sqlite":
        pytest.skip("SQLite keeps no transaction with a row")
    await closed_vote(city)
    async with city.database.reading() as db:
        written = {}
        for table in ("ballot", "choice", "citizen", "consent", "conversation", "inbound", "outbound"):
            written[table] = set((await db.execute(text(f"SELECT xmin::text FROM {table}"))).scalars())
    persons = set.union(*(written[table] for table in ("citizen", "consent", "conversation", "inbound", "outbound")))
    assert not (written["ballot"] | written["choice"]) & persons


async def test_a_key_is_destroyed_only_when_its_vote_has_closed(city, ada):
    budget = await city.vote()
    async with city.database.writing() as db:
        assert await ballots.destroy_keys(db, budget.closes - timedelta(microseconds=1)) == 0
        assert await ballots.destroy_keys(db, budget.closes) == 1
        assert await ballots.destroy_keys(db, budget.closes) == 0
    [kept] = await city.all(Budget)
    assert kept.vote_key is None


# Results


async def test_while_a_vote_is_open_there_is_turnout_and_no_result(city, ada):
    await city.vote()
    await votes(ada, "Parc")
    zineb = await city.coordinator()
    await zineb.says("/tally 1")
    zineb.sees("seulement la participation", "Bulletins : 1")
    zineb.does_not_see("voix", "Parc", "Banc")
    assert "Parc" not in str(zineb.screen)


async def test_once_a_vote_is_closed_the_results_are_shown(city, ada):
    budget = await city.vote()
    await votes(ada, "Parc", "Banc")
    bea = city.citizen("fr")
    await bea.arrives()
    await votes(bea, "Banc")
    zineb = await city.coordinator()
    city.now = budget.closes
    async with city.database.writing() as db:
        await ballots.destroy_keys(db, city.now)
    await zineb.says("/tally 1")
    zineb.sees("Bulletins : 2", "Banc : 2 voix", "Parc : 1 voix", "Piste : 0 voix")
    zineb.does_not_see("seulement la participation")


async def test_a_commune_may_show_results_while_the_vote_is_open(city, ada):
    await city.found(turnout_only=False)
    await city.vote()
    await votes(ada, "Parc")
    zineb = await city.coordinator()
    await zineb.says("/tally 1")
    zineb.sees("Parc : 1 voix")


async def test_small_groups_are_not_counted_out(city, ada):
    await city.vote()
    await votes(ada, "Parc")
    zineb = await city.coordinator()
    await zineb.says("/tally 1")
    zineb.sees("24/11/2026 : masqué")


# Receipts


async def test_the_receipt_of_a_ballot_says_that_it_counts_and_not_for_what(city, ada):
    await city.vote()
    await votes(ada, "Parc")
    [ballot] = await city.all(Ballot)
    bea = city.citizen("fr")
    await bea.arrives()
    for person in (ada, bea):  # nobody can be made to prove a vote, so it tells anybody the same
        await person.says("/receipt")
        await person.says(ballot.receipt.lower())
        person.sees("Ce vote est compté dans « Budget 2027 »", "24 novembre 2026", "ne dit pas ce qui a été choisi")
        person.does_not_see("Parc")


async def test_the_receipt_of_a_ballot_is_good_after_the_vote(city):
    budget, _key = await closed_vote(city)
    ballot = (await city.all(Ballot))[0]
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/receipt")
    await ada.says(ballot.receipt.replace("0", "O").replace("1", "I"))
    ada.sees("Ce vote est compté dans")
    assert budget.closes == city.now
