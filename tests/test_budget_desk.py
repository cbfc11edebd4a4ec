"""Votes decided and told: opened, extended, closed, published, decided on; each person hears once."""

import asyncio
from datetime import timedelta

import pytest
from conftest import NOON
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.incoming import Incoming
from bot.notices import tell
from flows.questions import Reply
from locales import moments
from storage import ballots, results
from storage.audit import Audit
from storage.ballots import Ballot
from storage.budgets import Budget, Project
from storage.follows import Follow
from storage.notices import Notice


async def votes(person, project="Parc"):
    await person.says("/vote")
    await person.taps({"fr": "Voter", "ary": "نصوت"}[person.language])
    await person.taps(project)
    await person.taps({"fr": "Confirmer", "ary": "نأكد"}[person.language])


async def the_vote(city):
    return (await city.all(Budget))[0]


async def hears(city, *people):
    await tell(city.database, city.now)
    for person in people:
        await person.looks()


async def test_a_vote_is_opened_extended_closed_published_and_decided_on(city, channel):
    await city.vote("one", opens=city.now + timedelta(days=2), envelope=100, costs=(60, 30, 50))
    hind = await city.member("coordinator", "Hind", "fr", channel)
    await hind.says("/budget")
    await hind.taps("Budget 2027")
    await hind.taps("L'ouvrir maintenant")
    await hind.taps("Oui")
    hind.sees("Le vote est ouvert")
    ada, nour = city.citizen("fr", channel), city.citizen("ary", channel)
    for person, project in ((ada, "Parc"), (nour, "كرسي")):
        await person.arrives()
        await votes(person, project)
    await ada.taps("Me dire le")
    ada.sees("ne montre pas si vous avez voté")
    await hind.says("/budget Budget 2027")
    await hind.taps("Le prolonger")
    for wrong, why in (("un jour", "pas pu"), ("31/02/2027", "pas pu lire"), ("01/01/2020", "Ce moment est passé")):
        await hind.says(wrong)
        hind.sees(why, "15/12/2026 18:00")
    await hind.says("15 décembre 18h")
    hind.sees("15 décembre 2026", "18:00")
    await hind.taps("Oui")
    await hears(city, ada)
    ada.sees("est prolongé", "15 décembre 2026")
    city.now += timedelta(hours=1)
    await hind.says("/budget")
    await hind.taps("Budget 2027")
    await hind.taps("Le clore maintenant")
    await hind.taps("Oui")
    hind.sees("Le vote est clos")
    async with city.database.writing() as db:
        await ballots.destroy_keys(db, city.now)
    await hears(city, ada)
    ada.sees("est clos")
    await ada.says("/results")
    ada.sees("Aucun résultat")
    await hind.says("/budget")
    await hind.taps("Budget 2027")
    await hind.taps("Publier le résultat")
    hind.sees("Parc : 1 voix", "Banc : 1 voix", "Bulletins : 2")
    await hind.taps("Oui")
    await hears(city, ada, nour)
    ada.sees("est publié")
    assert nour.screen == []
    await ada.taps("Voir le résultat")
    ada.sees("2 bulletins", "✓ Parc : 1 voix", "✓ Banc : 1 voix", "– Piste : 0 voix")
    await hind.says("/budget")
    await hind.taps("Budget 2027")
    await hind.taps("Décision du conseil")
    await hind.taps("Adopté en partie")
    await hind.says("Session de février : le parc d'abord.")
    await hind.says("دورة فبراير: الجردة هي الأولى.")
    await hind.taps("Oui")
    await hears(city, ada)
    ada.sees("Le conseil a décidé")
    await nour.says("النتائج")
    nour.sees("جزء", "الجردة هي الأولى", "✓ كرسي")
    assert [row.deed for row in await city.all(Audit)] == [
        f"budget.{done}" for done in ("open", "extend", "close", "publish", "decide")
    ]
    told = [(row.kind, row.citizen_id) for row in await city.all(Notice)]
    assert len(told) == len(set(told)) + 1  # moved twice: later, then closed


async def test_what_does_not_fit_is_refused_and_nothing_changes(city):
    vote = await city.vote("one")
    hind, omar = await city.member("coordinator", "Hind"), await city.member("coordinator", "Omar")
    await hind.says("/budget")
    hind.sees("Budget 2027")
    for person in (hind, omar):
        await person.says("/budget Budget 2027")
    await hind.taps("prolonger")
    await hind.says("25/11/2026")
    hind.sees("plus tôt qu'annoncé")
    await hind.says("/budget Budget 2027")
    for person in (hind, omar):
        await person.taps("clore")
    await hind.taps("Oui")
    await omar.taps("Oui")  # closing twice
    assert not [row for row in await city.all(Audit)][1:]
    omar.sees("a changé entre-temps")
    assert (await the_vote(city)).closes == city.now
    agent = await city.member("agent", "Agent")
    await agent.says("/budget")
    agent.sees("Nous ne connaissons pas cette commande")
    ada = city.citizen("fr")
    await ada.arrives("bf_99")
    ada.sees("ne fonctionne plus")
    await ada.presses(f"@bf_{vote.id}")
    await ada.taps("Ne pas m'informer")
    ada.sees("Vous ne serez pas")
    assert not await city.all(Follow)


async def test_a_second_person_closes_and_publishes_where_the_commune_wants_two(city):
    await city.found(two_people=["budget.close", "budget.publish"])
    vote = await city.vote("one")
    hind, omar = await city.member("coordinator", "Hind"), await city.member("coordinator", "Omar", "ary")
    await hind.says("/budget Budget 2027")
    await hind.taps("clore")
    await hind.taps("Oui")
    hind.sees("Une deuxième personne")
    assert (await the_vote(city)).closes == vote.closes
    await hears(city, omar)
    omar.sees("نسدو التصويت")
    async with city.change(vote) as changed:
        changed.closes = city.now - timedelta(minutes=1)  # it closes by itself meanwhile
    await omar.says("/approve")
    await omar.says("1")
    await omar.says("1")
    omar.sees("ديجا تسد")


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_result_published_by_two_at_once_is_told_once(city):
    await city.vote("one", closes=city.now - timedelta(hours=1))
    ada = city.citizen("fr")
    await ada.arrives()
    async with city.database.writing() as db:
        db.add(Follow(noun="budget", about=1, citizen_id=1))
    people = [await city.member("coordinator", name) for name in ("Hind", "Omar")]
    for person in people:
        await person.says("/budget Budget 2027")
        await person.taps("Publier")
    press = [next(value for value, label in person.screen[-1]["buttons"] if label == "Oui") for person in people]
    other = await city.another_process()
    await asyncio.gather(
        city.runner.receive(Incoming(people[0].sender, "one", Reply(pressed=press[0]))),
        other.receive(Incoming(people[1].sender, "two", Reply(pressed=press[1]))),
    )
    assert [row.deed for row in await city.all(Audit)] == ["budget.publish"]
    await hears(city, ada)
    ada.sees("est publié")
    assert len(await city.all(Notice)) == 1


async def test_who_asks_to_hear_leaves_nothing_that_leads_to_the_ballot(city):
    await city.vote("one")
    ada = city.citizen("fr")
    await ada.arrives()
    await votes(ada)
    await ada.taps("Me dire le")
    assert {column.name for column in Follow.__table__.columns} == {"noun", "about", "citizen_id"}
    [ballot] = await city.all(Ballot)
    [row] = await city.all(Follow)
    assert str(row.citizen_id) not in (ballot.voter, ballot.receipt)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60)), min_size=1, max_size=7), st.integers(1, 100))
def test_what_is_funded_fits_the_envelope_and_no_better_loved_one_that_fits_is_left_out(counted, envelope):
    counts = [(Project(id=number, cost=cost), votes) for number, (votes, cost) in enumerate(counted)]
    won = results.funded(counts, envelope)
    assert sum(project.cost for project in won) <= envelope
    votes = {project.id: number for project, number in counts}
    left = envelope - sum(project.cost for project in won)
    for project, number in counts:
        if number and project not in won:
            before = [each.cost for each in won if votes[each.id] >= number]
            assert project.cost > left or project.cost > envelope - sum(before)


def test_a_moment_that_was_typed_is_read_or_refused_and_never_another():
    for typed in ("15/12/2026 18:00", "15 décembre 18h", "١٥ دجنبر ٢٠٢٦ 18:00", "2026-12-15T18:00:00+01:00"):
        assert f"{moments.read(typed, NOON, last=False):%Y-%m-%d %H:%M}" == "2026-12-15 18:00"
    for typed in ("", "bientôt", "31/02/2027", "15/13/2026", "15/12/2026 25:00", "9" * 60, "29/02/2027"):
        assert moments.read(typed, NOON, last=True) is None
