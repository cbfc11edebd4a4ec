"""Surveys and quizzes: one answer a person, by branches, counted without names."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import NOON, numbers
from conversations.surveys import SAY, has_survey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.clock import cut_closed_votes
from bot.commune_file import BadFile, read
from bot.incoming import Incoming
from bot.notices import tell
from flows.questions import Reply
from storage import responses, surveys
from storage.citizens import Citizen, CitizenRow
from storage.loading import BegunAlready, load
from storage.occasions import Closed, CountedAlready, Occasion
from storage.responses import Mark, Response

PERSONS = ("citizen", "consent", "conversation", "inbound", "outbound")
DEMO = Path(__file__).parents[1] / "demo" / "beni-mellal.yaml"

FR = SAY["fr"]


async def answers(person, *, been="Non", wish="Passer"):
    await person.says("/surveys")
    await person.taps("Commencer")
    await person.taps(been)
    if been == "Non":
        await person.taps("loin")
        await person.taps("Terminer")
    await person.says("4")
    await person.says("3")
    await (person.taps(wish) if wish == "Passer" else person.says(wish))


async def test_a_survey_is_answered_once_on_every_channel(city, channel):
    await has_survey(city)
    ada = city.citizen("fr", channel)
    await ada.arrives()
    await answers(ada)
    await ada.taps("Envoyer")
    ada.sees("Vos réponses sont enregistrées, sans votre nom")
    await ada.says("/surveys")
    ada.sees("Vous avez déjà répondu")
    [response] = await city.all(Response)
    assert response.citizen_id is None
    assert sorted(mark.option for mark in await city.all(Mark)) == ["3", "4", "far", "no"]


async def test_a_question_of_a_branch_is_asked_only_there(city):
    await has_survey(city)
    ada = city.citizen("ary")
    await ada.arrives("s_1")
    await ada.taps("نبدا")
    await ada.says("اه")
    ada.sees("من 1 ل5")
    ada.does_not_see("علاش لا")


async def test_a_corrected_branch_leaves_no_answer_behind(city):
    await has_survey(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await answers(ada)
    await ada.taps("Corriger : 1")
    await ada.taps("Oui")
    ada.does_not_see("loin")
    await ada.taps("Envoyer")
    assert "far" not in {mark.option for mark in await city.all(Mark)}


async def test_nothing_is_lost_by_a_restart_at_any_question(city):
    await has_survey(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/surveys")
    for step in (FR["begin"], FR["no"], FR["why"], FR["done"]):
        await city.restarts()
        await ada.taps(step)
    for words in ("5", "12", "Le soir"):
        await city.restarts()
        await ada.says(words)
    await city.restarts()
    await ada.taps("Envoyer")
    ada.sees("enregistrées")
    assert b"Le soir" not in await city.everything()


async def test_wrong_figures_are_asked_again(city):
    await has_survey(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/surveys")
    await ada.taps("Commencer")
    await ada.taps("Oui")
    await ada.says("9")
    ada.sees("Choisissez", "de 1 à 5")
    await ada.says("5")
    for words in ("beaucoup", "0", "31", "-4", "3.5", "9" * 30):
        await ada.says(words)
        ada.sees("un nombre entier de 1 à 30")
    await ada.says("12")
    ada.sees("Que changer ?")


async def test_the_minute_it_closes_nothing_more_is_recorded(city):
    survey = await has_survey(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await answers(ada)
    city.now = survey.closes - timedelta(seconds=1)
    await ada.taps("Retour")
    await ada.taps("Passer")
    city.now = survey.closes
    await ada.taps("Envoyer")
    ada.sees("Aucun sondage", "Résultats")
    assert not await city.all(Response)


async def test_few_answers_show_no_figures_and_ten_do(city):
    survey = await has_survey(city)
    for number in range(10):
        person = city.citizen("fr")
        await person.arrives()
        if number == 9:
            await person.says("/start sr_1")
            person.sees("Répondez d'abord")
        await answers(person, been="Oui")
        await person.taps("Envoyer")
        await person.taps("Réponses des autres")
        person.sees("10 personnes ont répondu" if number == 9 else "Moins de 10 personnes")
    person.sees("Oui : 100 %", "En moyenne : 4")
    async with city.database.reading() as db:
        counted = await responses.results(db, survey)
    assert [each.people for each in counted] == [10, 0, 10, 10, 0]


async def test_once_closed_nobody_can_tell_who_answered_what(city):
    survey = await has_survey(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await answers(ada, wish="Le soir")
    await ada.taps("Envoyer")
    city.now = survey.closes
    assert await cut_closed_votes(city.database, city.now) == 1
    async with city.database.reading() as db:
        again = await surveys.get(db, city.home.id, survey.id)
        assert again
        assert again.answer_key is None
        assert await responses.words(db, (await surveys.questions(db, survey.id))[-1].id) == ["Le soir"]
    await ada.says("/start s_1")
    ada.sees("Ce sondage est clos", "Réponses des autres")


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_once_closed_the_database_does_not_know_which_answers_came_with_whom(city):
    """PostgreSQL keeps with each row the transaction that wrote it, and rows in the order of writing."""
    survey = await has_survey(city)
    for _someone in range(4):
        person = city.citizen("fr")
        await person.arrives()
        await answers(person, wish="Le soir")
        await person.taps("Envoyer")
    before = await city.all(Response), await city.all(Mark)
    persons = {xmin for table in PERSONS for xmin in await column(city, table, "xmin::text")}
    assert set(await column(city, "survey_response", "xmin::text")) <= persons
    city.now = survey.closes
    await cut_closed_votes(city.database, city.now)
    for table in ("survey_response", "survey_mark", "headcount"):
        [xmin] = set(await column(city, table, "xmin::text"))
        assert xmin not in persons
    for table in ("survey_response", "survey_mark"):
        ordered = await column(city, table, "respondent", "ORDER BY ctid")
        assert ordered == sorted(ordered)
    assert [_kept(rows) for rows in before] == [_kept(await city.all(table)) for table in (Response, Mark)]


async def column(city, table, named, order=""):
    async with city.database.reading() as db:
        return list(await db.scalars(text(f"SELECT {named} FROM {table} {order}")))


def _kept(rows):
    return sorted(str({key: value for key, value in vars(row).items() if key[0] != "_"}) for row in rows)


async def test_who_asked_is_told_the_results_once_it_is_closed(city):
    survey = await has_survey(city, results="at_the_end")
    ada, omar = city.citizen("fr", "whatsapp"), city.citizen("fr")
    for person in (ada, omar):
        await person.arrives()
        await answers(person)
        await person.taps("Envoyer")
    await ada.taps("M'avertir")
    ada.sees("Vous serez averti")
    city.now = survey.closes
    for _again in range(2):
        await cut_closed_votes(city.database, city.now)
        await tell(city.database, city.now)
    for person, is_told in ((ada, True), (omar, False)):
        await person.looks()
        assert person.shown.count("est clos") == is_told
    await ada.taps("Réponses des autres")
    ada.sees("Moins de 10 personnes")


async def test_a_coordinator_counts_a_survey(city):
    await has_survey(city)
    ada, zineb = city.citizen("fr"), await city.coordinator()
    await ada.arrives()
    await answers(ada)
    await ada.taps("Envoyer")
    await zineb.says("/tally Participer")
    zineb.sees("Personnes ayant répondu", "Pourquoi pas ? C'est loin")


async def test_answers_under_ones_name_are_among_what_one_did(city):
    await has_survey(city, is_anonymous=False)
    ada = city.citizen("fr")
    await ada.arrives()
    await answers(ada)
    await ada.taps("Envoyer")
    ada.sees("récépissé")
    await ada.says("/status")
    ada.sees("vos réponses sont enregistrées")
    person = (await city.all(Response))[0].citizen_id
    async with city.database.writing() as db:
        assert {row["answer"] for row in await responses.own_data(db, person)} == {"no", "far", "4", "3"}
        await responses.erase(db, person, city.now)
    assert (await city.all(Response))[0].citizen_id is None


async def test_a_quiz_explains_and_is_counted_once_however_often_it_is_played(city):
    await has_survey(city, "quiz", results="never")
    ada = city.citizen("fr")
    await ada.arrives()
    for said, seen in (("1 litre", "La bonne réponse : 100 litres"), ("100 litres", "Bonne réponse")):
        await ada.says("/surveys")
        await ada.taps("Commencer")
        await ada.taps(said)
        ada.sees(seen, "Changez le joint")
    assert [mark.option for mark in await city.all(Mark)] == ["one"]


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_two_taps_on_two_processes_one_is_recorded(city):
    await has_survey(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await answers(ada)
    press = next(value for value, label in ada.screen[-1]["buttons"] if label == "Envoyer")
    other = await city.another_process()
    await asyncio.gather(
        city.runner.receive(Incoming(ada.sender, "one", Reply(pressed=press))),
        other.receive(Incoming(ada.sender, "two", Reply(pressed=press))),
    )
    assert len(await city.all(Response)) == 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("question: been", "question: later", "write the id of a question above this one"),
        ('is: ["no"]', 'is: ["maybe"]', "write ids of options of that question"),
        ("kind: scale", "kind: stars", "write one of single, several, scale, number, open"),
        (
            'id: hundred, label: {ary: "حتى ل100 لتر", fr: "Jusqu\'à 100 litres"}, right: true',
            'id: hundred, label: {ary: "حتى ل100 لتر", fr: "Jusqu\'à 100 litres"}',
            "drip has no right answer",
        ),
        ("closes: now + 20 days", "closes: now - 20 days", "is not after opens"),
    ],
)
def test_a_survey_that_does_not_hold_together_is_not_loaded(tmp_path, old, new, says):
    text = DEMO.read_text(encoding="utf-8")
    before, after = text.split("\nsurveys:")
    assert old in after
    path = tmp_path / "commune.yaml"
    path.write_text(f"{before}\nsurveys:{after.replace(old, new, 1)}", encoding="utf-8")
    with pytest.raises(BadFile) as error:
        read(path, NOON)
    assert any(says in fault for fault in error.value.faults)


async def test_questions_that_were_answered_stay_as_they_were_asked(city):
    async def load_demo(most=5):
        path = Path(folder) / "commune.yaml"
        path.write_text(DEMO.read_text(encoding="utf-8").replace("most: 5\n", f"most: {most}\n"), encoding="utf-8")
        async with city.database.writing() as db:
            return await load(db, read(path, city.now).contents, city.now)

    with TemporaryDirectory() as folder:
        await load_demo()
        assert (await load_demo())["questions"].left == 11
        ada = city.citizen("fr")
        await ada.arrives("s_1")
        await ada.taps("Commencer")
        await ada.taps("Oui")
        for words in ("4", "3"):
            await ada.says(words)
        await ada.taps("Passer")
        await ada.taps("Envoyer")
        with pytest.raises(BegunAlready, match="people have answered it as it was"):
            await load_demo(most=6)


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["yes", "no"]), st.booleans()), max_size=10),
    closes=st.integers(0, 10),
)
async def test_whatever_is_answered_when_each_person_counts_once_as_they_first_said(city, steps, closes):
    survey = await has_survey(city, slug=f"survey-{next(numbers)}")
    while len(await city.all(CitizenRow)) < 3:
        await city.citizen("fr").arrives()
    people = [Citizen(row.id, city.home.id, "fr") for row in (await city.all(CitizenRow))[:3]]
    first: dict[int, str] = {}
    for number, (person, said, is_helped) in enumerate(steps):
        now = survey.closes if number >= closes else city.now
        citizen = replace(people[person], is_helped=is_helped)  # the mark of help makes nobody another person
        async with city.database.writing() as db:
            been = (await surveys.questions(db, survey.id))[0]
            with suppress(Closed, CountedAlready):
                occasion = Occasion(citizen, city.home, "web", "fr", now)
                await responses.respond(db, survey, occasion, {been.id: [said]})
                first[person] = said
    assert set(first) == {person for person, _said, _helped in steps[:closes]}
    async with city.database.reading() as db:
        assert await responses.count(db, survey.id) == len(first)
        been = (await responses.results(db, survey))[0]
        assert been.by_option == {each: list(first.values()).count(each) for each in ("yes", "no")}
