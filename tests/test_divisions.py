"""Every kind of process, one by one: what it is divided by in the chat, in the files and at the command line."""

import asyncio
import io
import json
from datetime import timedelta

import pytest
from conftest import City
from conversations.bodies import has_body
from conversations.calls import has_call
from conversations.ideas import has_call as has_ideas
from conversations.opinions import has_opinion
from conversations.surveys import has_survey
from openpyxl import load_workbook

from bot.export import write
from bot.figures import as_json, every
from reports import drawings
from reports.cells import hidden, shown_together
from storage import (
    applications,
    ballots,
    budget_tally,
    commenting,
    contributions,
    idea_proposals,
    merging,
    profiles,
    registrations,
    responses,
    slips,
    submission_steps,
    supports,
    surveys,
    tallies,
)
from storage.applications import Candidate
from storage.audit import Audit
from storage.ballots import Ballot
from storage.budgets import Project
from storage.citizens import Address, Citizen, CitizenRow, Declared
from storage.commenting import Voice
from storage.consultations import Article
from storage.headcounts import Headcount
from storage.ideas import Proposal
from storage.occasions import Occasion
from storage.registrations import Needs
from storage.responses import Response
from storage.slips import Slip
from storage.submissions import Submission

EACH = 12  # people of a kind: enough to be shown
BOTH = {
    "quarter": {"medina": EACH, "ourbiaa": EACH},
    "gender": {"man": EACH, "woman": EACH},
    "age": {"18_24": EACH, "35_59": EACH},
    "channel": {"telegram": EACH, "whatsapp": EACH},
    "language": {"ary": EACH, "fr": EACH},
    "assurance": {"declared": EACH, "phone": EACH},
    "assisted": {"no": EACH, "yes": EACH},
}
ALL_DECLARE = {"assurance": {"declared": 2 * EACH}}
WITH_PAPER = {
    "quarter": {"medina": 2 * EACH, "ourbiaa": EACH},
    "channel": {"paper": EACH, "telegram": EACH, "whatsapp": EACH},
    "language": {"": EACH, "ary": EACH, "fr": EACH},
    "assurance": {"declared": EACH, "paper": EACH, "phone": EACH},
    "assisted": {"no": 2 * EACH, "yes": EACH},
    "paper": {"no": 2 * EACH, "yes": EACH},
    "gender": {"": EACH, "man": EACH, "woman": EACH},
    "age": {"": EACH, "18_24": EACH, "35_59": EACH},
}
# What each kind of process is divided by, beside the day.
EXPECTED = {
    "petition": {**BOTH, **ALL_DECLARE},
    "budget": {**BOTH, **WITH_PAPER},
    "consultation": {**BOTH, **WITH_PAPER},
    "workshop": BOTH,
    "survey": BOTH,
    "body": {**BOTH, **ALL_DECLARE, "gender": {"men": EACH, "women": EACH}},
    "call": BOTH,
    "opinion": BOTH,
    "idea": BOTH,
}
HEADINGS = tuple(f"Par {name}" for name in ("quartier", "genre", "âge", "canal", "langue", "jour"))
HEADINGS += ("Avec l'aide", "Selon la vérification")
one_database = pytest.mark.parametrize("kind", ["sqlite"])


async def crowd(city: City) -> list[tuple[Occasion, Declared]]:
    """Twelve women of the medina who declare themselves, in French; twelve men of Ourbiaa, with help, in Darija."""
    kinds = [
        ("telegram", "fr", "medina", {"gender": "woman", "age": "18_24"}),
        ("whatsapp", "ary", "ourbiaa", {"gender": "man", "age": "35_59"}),
    ]
    found = []
    async with city.database.writing() as db:
        for number in range(2 * EACH):
            channel, language, quarter, answers = kinds[number % 2]
            who, declares = Declared(f"person {number}", "K••••11", f"Nour {number}"), number % 2 == 0
            row = CitizenRow(commune_id=city.home.id, created=city.now, person=who.person if declares else None)
            db.add(row)
            await db.flush()
            db.add(Address(commune_id=city.home.id, channel=channel, external_id=f"of {number}", citizen_id=row.id))
            await profiles.lives_in(db, row.id, quarter)
            await profiles.tell(db, row.id, answers)
            citizen = Citizen(row.id, city.home.id, language, None, who if declares else None, not declares)
            found.append((Occasion(citizen, city.home, channel, language, city.now, quarter), who))
    return found


async def all_take_part(city: City) -> None:
    """The crowd does everything that there is to do, and as many again come with paper where paper is taken."""
    petition, vote, charter = await city.petition("Des arbres"), await city.vote(), await city.consultation(1)
    workshop, survey, body = await city.workshop(seats=99), await has_survey(city), await has_body(city)
    call, opinion, ideas = await has_call(city), await has_opinion(city), await has_ideas(city)
    [article], projects = await city.all(Article), await city.all(Project)
    async with city.database.reading() as db:
        first = (await surveys.questions(db, survey.id))[0].id
    for occasion, who in await crowd(city):
        async with city.database.writing() as db:
            named = occasion.citizen.declared
            await supports.support(db, petition, occasion, who)
            await ballots.cast(db, vote, occasion, projects[:1], named)
            await commenting.give(db, charter.id, article.id, 1, occasion, named and named.person, Voice("support"))
            await registrations.register(db, workshop.id, occasion, who.name, Needs())
            await responses.respond(db, survey, occasion, {first: ["yes"]})
            gender = "women" if named else "men"
            await applications.apply(
                db, body.id, occasion, Candidate(who, 20, gender, occasion.quarter, "J'aime mon quartier.", "")
            )
            await submission_steps.begin(db, call.id, occasion, who.name)
            await contributions.send(db, opinion.id, occasion, "Une rampe.")
            await idea_proposals.propose(db, ideas.id, occasion, Proposal("Un banc", "Pour tous", "", occasion.quarter))
    async with city.database.writing() as db:
        for row in await city.all(Submission):
            row.state, row.day, row.submitted = "submitted", city.today(), city.now
            await db.merge(row)
        lines = [
            Slip(n, f"J1000{n}", f"Nour {n}", "Ancienne médina", ("1",), "1", "pour") for n in range(10, 10 + EACH)
        ]
        for noun, about in (("petition", petition.id), ("budget", vote.id), ("consultation", charter.id)):
            report = await slips.NOUNS[noun](db, city.home, about, lines, city.now)
            assert (report.entered, report.faults) == (EACH, [])


async def test_every_kind_of_process_is_divided_by_all_that_is_known_and_everywhere_alike(city: City, tmp_path) -> None:
    await all_take_part(city)
    assert {key: EXPECTED[key] for key in tallies.NOUNS} == EXPECTED  # a noun more is a line more here
    async with city.database.reading() as db:
        those = await tallies.every(db, city.home.id)
        counted = {each.noun: (each, await each.tally(db, city.home, city.now)) for each in those}
        told = {row["process"]: row for row in json.loads(as_json(await every(db, city.home, city.now, "fr")))}
    zineb = await city.coordinator()
    exported = [each.noun async for each in write(city.database, city.home, those, tmp_path, "fr", city.now)]
    assert set(exported) == set(EXPECTED)
    for noun, expected in EXPECTED.items():
        process, tally = counted[noun]
        assert {name: cells for name, cells in tally.parts.items() if name != "day"} == expected, noun
        assert {name: told[noun][f"by_{name}"] for name in expected} == expected  # nothing small: nothing hidden
        await zineb.says(f"/tally {process.id}")
        zineb.sees(*HEADINGS)
        book = load_workbook(tmp_path / f"{noun}-{process.slug}.xlsx")
        rows = {row[0].value: row[1].value for sheet in book for row in sheet}
        assert rows["Ourbiaa"] == EACH, noun
        assert ("Sur papier" in zineb.shown) == ("paper" in expected)


async def test_what_few_are_of_is_hidden_by_every_road_that_leads_to_it() -> None:
    parts = {
        "channel": {"web": 50, "whatsapp": 3, "paper": 12},
        "paper": {"no": 53, "yes": 12},
        "language": {"fr": 40, "ary": 13, "": 12},
        "assurance": {"account": 53, "paper": 12},
        "assisted": {"no": 30, "yes": 35},
    }
    assert hidden(parts["channel"]) == {"whatsapp", "paper"}
    shown = shown_together(parts)
    # The twelve on paper would tell the three: they are told nowhere, and by no difference.
    assert [name for name in parts if 12 in shown[name].values()] == []
    assert all(list(cells.values()).count(None) != 1 for cells in shown.values())
    assert shown["assisted"] == parts["assisted"]
    assert shown["language"] == {"fr": 40, "ary": None, "": None}


async def votes(city: City, budget, occasion: Occasion) -> None:
    projects = await city.all(Project)
    async with city.database.writing() as db:
        await ballots.cast(db, budget, occasion, projects[:1], occasion.citizen.declared)


@one_database
async def test_a_ballot_says_nothing_of_its_voter_and_the_figures_beside_it_name_no_row(city: City) -> None:
    vote, people = await city.vote(), await crowd(city)
    survey = await has_survey(city)
    for occasion, _who in people[:2]:
        await votes(city, vote, occasion)
        async with city.database.writing() as db:
            await responses.respond(db, survey, occasion, {})
    assert set(Ballot.__table__.c.keys()) == {"budget_id", "voter", "person", "receipt", "channel", "day"}
    assert [(row.language, row.citizen_id, row.assisted) for row in await city.all(Response)] == [("", None, False)] * 2
    beside = {(row.noun, row.division, row.cell): row.count for row in await city.all(Headcount)}
    for noun in ("budget", "survey"):
        assert {key[1:]: count for key, count in beside.items() if key[0] == noun} == {
            (name, cell): 1 for name, cells in BOTH.items() if name != "channel" for cell in cells if cell != "no"
        }
    await votes(city, vote, people[0][0])  # to change one's mind is to be counted once
    assert {(row.noun, row.division, row.cell): row.count for row in await city.all(Headcount)} == beside


@one_database
async def test_figures_beside_ballots_add_up_when_two_turn_out_to_be_one_person(city: City) -> None:
    vote, people = await city.vote(), await crowd(city)
    for occasion, _who in people:
        await votes(city, vote, occasion)
    async with city.database.writing() as db:
        await merging.merge(db, people[0][0].citizen, people[2][0].citizen, city.now)
    async with city.database.reading() as db:
        tally = await budget_tally.tally(db, vote, city.home, city.now)
    assert tally.totals == {"ballots": 2 * EACH - 1}
    assert {name: sum(cells.values()) for name, cells in tally.parts.items()} == dict.fromkeys(
        [*BOTH, "day"], 2 * EACH - 1
    )


async def test_many_at_once_are_each_counted_beside_the_ballots(city: City) -> None:
    vote, people = await city.vote(), await crowd(city)
    await asyncio.gather(*(votes(city, vote, occasion) for occasion, _who in people))
    counted = {row.cell: row.count for row in await city.all(Headcount) if row.division == "language"}
    assert counted == {"fr": EACH, "ary": EACH}


async def test_many_words_of_few_people_are_figures_of_few_people(city: City) -> None:
    charter, people = await city.consultation(EACH), await crowd(city)
    articles = await city.all(Article)
    talker, others = people[0][0], [occasion for occasion, _who in people if occasion.language == "ary"]
    async with city.database.writing() as db:
        for article in articles:
            await commenting.give(db, charter.id, article.id, 1, talker, "person 0", Voice("oppose"))
        for occasion in others:
            await commenting.give(db, charter.id, articles[0].id, 1, occasion, None, Voice("support"))
    zineb = await city.coordinator()
    await zineb.says("/tally charte")
    zineb.sees("Avis : 24", "1. Objet : 13 (pour 12, contre 1)", "Français : masqué", "femmes : masqué")
    zineb.sees("Ancienne médina : masqué")


@one_database
async def test_answers_of_few_are_hidden_and_votes_are_not(city: City) -> None:
    survey, people = await has_survey(city), await crowd(city)
    vote = await city.vote(closes=city.now + timedelta(hours=1))
    async with city.database.reading() as db:
        first = (await surveys.questions(db, survey.id))[0].id
    for number, (occasion, _who) in enumerate(people):
        async with city.database.writing() as db:
            await responses.respond(db, survey, occasion, {first: ["no" if number < 3 else "yes"]})
    await votes(city, vote, people[0][0])
    city.now = vote.closes
    zineb = await city.coordinator()
    await zineb.says("/tally Participer")
    zineb.sees("Êtes-vous venus cette année ? Oui : masqué", "Êtes-vous venus cette année ? Non : masqué")
    assert not [message for message in zineb.screen if "picture" in message and "21" in str(message["picture"])]
    await zineb.says("/tally 2027")
    zineb.sees("Parc : 1 voix")


@one_database
async def test_a_list_that_is_entered_is_no_burst_and_many_seats_at_once_are(city: City) -> None:
    await city.found(watch_minute=EACH)
    await all_take_part(city)
    zineb = await city.coordinator()
    seen = {}
    for noun in EXPECTED:
        await zineb.says(f"/watch {noun}_{2 if noun == 'idea' else 1}")  # those are for a second budget
        seen[noun] = "24 en une minute" in zineb.shown
    nobody_knows_the_minute = {"budget", "survey", "body"}
    assert seen == {noun: noun not in nobody_knows_the_minute for noun in EXPECTED}


@one_database
async def test_the_list_of_a_workshop_is_handed_out_to_those_who_may_read_names(city: City) -> None:
    workshop = await city.workshop(seats=1)
    for name in ("Ada Lahlou", "=Omar"):
        person = city.citizen()
        await person.arrives()
        await person.registers(name=name)
    programme, zineb = await city.member("programme"), await city.coordinator("ary")
    await programme.says("/tally workshop_1")
    programme.does_not_see("Liste en tableau")
    await programme.says("/start wl_1")
    assert not [message for message in programme.screen if "document" in message]
    await zineb.says("/tally workshop_1")
    await zineb.taps("اللائحة فجدول")
    files = [message["document"] for message in zineb.screen if "document" in message]
    assert "Ada" not in str(files)  # no message repeats the names
    book = load_workbook(io.BytesIO(await drawings.drawn(files[0], city.database)))
    [sheet] = book.worksheets
    assert sheet.sheet_view.rightToLeft
    assert [row[1].value for row in sheet] == ["الاسم الكامل", "Ada Lahlou", "=Omar"]
    assert [row[4].value for row in sheet] == ["الحالة", "مقعد", "لائحة الانتظار"]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    text = (await drawings.drawn(files[1], city.database)).decode("utf-8-sig")
    assert ";'=Omar;" in text
    assert [(row.deed, row.about) for row in await city.all(Audit)] == [("workshop.list", workshop.id)]
