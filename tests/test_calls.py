"""Calls for joint projects: written over weeks, submitted once, scored blind, decided with reasons."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import NOON, numbers
from conversations.calls import CRITERIA, SAY, has_call, sends_file, submits, writes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import forget
from bot.commune_file import BadFile, read
from bot.incoming import Incoming
from bot.notices import tell
from flows.questions import Reply
from reports.drawings import drawn
from storage import calls, own_data, places, submission_steps, submissions
from storage import scores as scoring
from storage.audit import Audit
from storage.calls import Call
from storage.citizens import Citizen
from storage.loading import BegunAlready, load
from storage.media import Media
from storage.occasions import Closed, CountedAlready, Occasion
from storage.scores import Score
from storage.submissions import Document, Submission

DEMO = Path(__file__).parents[1] / "demo" / "beni-mellal.yaml"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_file_is_written_sent_and_submitted_on_every_channel(city, channel):
    await has_call(city)
    ada = city.citizen("fr", channel)
    await ada.arrives("k_1")
    ada.sees("Projets conjoints", "Statuts")
    await submits(ada)
    ada.sees("Votre dossier est déposé", "BM-")
    [row] = await city.all(Submission)
    assert row.state == "submitted"


async def with_panel(city, *associations):
    """A closed call with these submissions, a coordinator, and a panel of two who are agents."""
    call = await has_call(city, criteria=CRITERIA[:1])
    people = []
    for name in associations:
        person = city.citizen("fr", "whatsapp")
        await person.arrives()
        await submits(person, name)
        people.append(person)
    zineb = await city.coordinator()
    panel = [await city.member("agent", name) for name in ("Hind", "Karim")]
    await zineb.says("/call")
    await zineb.taps("Le jury")
    for name in ("Hind", "Karim"):
        await zineb.taps(name)
    await zineb.taps("Terminer")
    zineb.sees("Noté")
    city.now = call.closes
    return people, zineb, panel


async def scores(person, file, mark):
    await person.says("/call")
    await person.taps("Noter")
    await person.says(file)
    await person.says(str(mark))
    await person.taps("Enregistrer")


async def decides(zineb, file, verdict, reasons):
    await zineb.says("/call")
    await zineb.taps("Décider")
    await zineb.says(file)
    await zineb.taps(verdict)
    await zineb.says(reasons)
    await zineb.says("الأسباب")


async def test_scores_are_blind_until_all_are_in_and_the_result_is_told_once(city):
    (ada, omar), zineb, (hind, karim) = await with_panel(city, "Al Amal", "Atlas")
    await scores(hind, "Al Amal", 5)
    hind.sees("Votre note est enregistrée", "✓ Al Amal", "– Atlas")
    await scores(hind, "Atlas", 2)
    hind.sees("tous les dossiers")
    for person in (zineb, karim, hind):
        await person.says("/call")
        person.does_not_see("Voir les notes")
        await person.says("/call")
    await karim.says("/call")
    await karim.taps("Noter")
    await karim.says("Al Amal")
    karim.does_not_see("06 12", "5 sur 5")
    await scores(karim, "Al Amal", 4)
    await scores(karim, "Atlas", 3)
    await karim.says("/call")
    await karim.taps("Voir les notes")
    karim.sees("1. Al Amal : 4.5 sur 5", "Hind 5", "Karim 4")
    await decides(zineb, "Al Amal", "Retenu", "Un projet utile")
    await zineb.says("/call")
    await zineb.taps("Publier")
    zineb.sees("Tous les dossiers ne sont pas décidés")
    await decides(zineb, "Atlas", "Non retenu", "Budget peu clair")
    await ada.says("/calls")
    ada.does_not_see("Le résultat")
    await zineb.says("/call")
    await zineb.taps("Publier")
    await zineb.taps("Oui, le faire")
    for _again in range(2):
        await tell(city.database, city.now)
    for person, words in ((ada, "Un projet utile"), (omar, "Budget peu clair")):
        await person.looks()
        assert person.shown.count(words) == 1
    await omar.taps("Le résultat")
    omar.sees("2 projets ont été déposés", "• Al Amal")
    omar.does_not_see("• Atlas", "peu clair")
    deeds = [row.deed for row in await city.all(Audit) if not row.deed.endswith(".look")]
    assert deeds == ["call.panel", *["call.score"] * 4, *["call.decide"] * 2, "call.publish"]
    assert "marks" not in str([row.details for row in await city.all(Audit)])


async def test_a_question_is_answered_for_all_and_its_author_told(city):
    await has_call(city)
    ada, omar, agent = city.citizen("fr", "whatsapp"), city.citizen("ary"), await city.member("agent")
    await ada.arrives("ka_1")
    await ada.says("Une coopérative peut-elle déposer ?")
    await ada.taps("Envoyer")
    await omar.arrives("k_1")
    omar.does_not_see(SAY["ary"]["answers"])
    await agent.says("/queue")
    await agent.taps("Projets conjoints")
    agent.sees("Une coopérative")
    await agent.taps("Répondre")
    await agent.says("Oui, si elle est déclarée.")
    await agent.says("نعم، إلا كانت مصرح بها.")
    await agent.taps("Publier")
    await tell(city.database, city.now)
    await ada.looks()
    ada.sees("Oui, si elle est déclarée")
    await omar.says("/calls")
    await omar.taps(SAY["ary"]["answers"])
    await omar.says("1")
    omar.sees("إلا كانت مصرح بها")
    assert b"coop" not in await city.everything()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_draft_is_gone_on_with_for_weeks_and_over_every_restart(city):
    call = await has_call(city)
    ada = city.citizen("ary")
    say = SAY["ary"]
    await ada.arrives("kb_1")
    await ada.taps(say["agree"])
    for words in (say["name"], say["contact"], say["problem"], "x" * 201, say["budget"]):
        await city.restarts()
        city.now += timedelta(days=3)
        await ada.says("/calls" if words != "x" * 201 else words)
        if words != "x" * 201:
            await ada.taps("الملف ديالي" if words != say["name"] else say["begin"])
            if words == say["name"]:
                await ada.taps(say["agree"])
            await ada.says(words)
    ada.does_not_see(say["name"])
    await city.restarts()
    await ada.taps(say["skip"])
    await city.restarts()
    await sends_file(ada)
    await city.restarts()
    await sends_file(ada, "photo", PNG, "image/png")
    await ada.taps(say["all"])
    await ada.taps("الإشكالية")
    ada.sees("حتى لدابا", say["problem"])
    await city.restarts()
    await ada.says("مشكل آخر")
    await ada.taps(say["submit"])
    ada.sees("مشكل آخر")
    await city.restarts()
    city.now = call.closes - timedelta(seconds=1)
    await ada.taps(say["submit"])
    ada.sees("تحط الملف ديالكم")
    assert [each.kind for each in await city.all(Document)] == ["document", "photo"]
    assert "الأمل".encode() not in await city.everything()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_documents_are_taken_out_and_sent_anew_and_only_files_are_taken(city):
    await has_call(city)
    ada = city.citizen("fr")
    await ada.arrives()
    await writes(ada)
    await ada.says("les voilà")
    ada.sees("Il nous faut un fichier")
    await sends_file(ada)
    await ada.taps("C'est tout")
    await ada.taps("Lettre")
    await ada.taps("Plus tard")
    await ada.taps("Statuts")
    ada.sees("1 fichier est là")
    await ada.taps("Les retirer")
    ada.sees("envoyez un PDF")
    assert not await city.all(Document)
    assert not await city.all(Media)
    await ada.taps("Plus tard")
    ada.sees("Il manque encore")
    ada.does_not_see("Déposer le dossier")
    await ada.taps("Tout lire")
    ada.sees("40 000 dirhams")
    await ada.taps("Continuer")
    await ada.taps("Plus tard")
    await ada.taps("Effacer le brouillon")
    await ada.taps("Effacer")
    assert not await city.all(Submission)


async def test_it_is_taken_back_until_the_deadline_and_nothing_happens_after(city):
    call = await has_call(city)
    ada, omar = city.citizen("fr", "whatsapp"), city.citizen("fr")
    for person in (ada, omar):
        await person.arrives()
    await submits(ada)
    await writes(omar, "AL-AMAL")
    await sends_file(omar)
    await omar.taps("C'est tout")
    await omar.taps("Déposer")
    await omar.taps("Déposer")
    omar.sees("a déjà déposé un dossier")
    await ada.taps("Mon dossier")
    ada.sees("Déposé le 24 novembre 2026")
    await ada.taps("Le reprendre")
    await ada.taps("Le reprendre")
    ada.sees("de nouveau un brouillon")
    await omar.says("/calls")
    await omar.taps("Mon dossier")
    await omar.taps("Lettre")
    await tell(city.database, call.closes - timedelta(days=3))
    await ada.looks()
    ada.sees("n'est pas encore déposé")
    await omar.looks()
    city.now = call.closes
    await sends_file(omar)
    omar.sees("plus rien ne peut changer")
    await ada.says("/start ks_1")
    ada.sees("pas encore déposé", "clos depuis le 14 décembre 2026")
    for link in ("kb_1", "kt_1", "ka_1"):
        await ada.says(f"/start {link}")
        assert "clos" in ada.shown or "changé" in ada.shown
    assert {row.state for row in await city.all(Submission)} == {"draft"}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_file_is_a_paper_in_both_languages_and_only_for_those_who_may(city):
    _people, zineb, (hind, _karim) = await with_panel(city, "Al Amal")
    await zineb.says("/call")
    await zineb.taps("Lire les dossiers")
    await zineb.taps("Al Amal")
    zineb.sees("Souad M.")
    papers = [message["document"] for message in zineb.screen if "document" in message]
    assert "media" in papers[0]
    for language in ("fr", "ary"):
        drawing = {"submission": {**papers[1]["submission"], "language": language}}
        assert (await drawn(drawing, city.database)).startswith(b"%PDF")
    await hind.says("/call")
    await hind.taps("Lire les dossiers")
    await hind.taps("Al Amal")
    hind.sees("Al Amal")
    hind.does_not_see("Souad M.")
    assert [m["document"] for m in hind.screen if "document" in m][1]["submission"]["contact"] is False
    other = await city.member("agent", "Nour")
    await other.says("/call")
    other.does_not_see("Lire les dossiers", "Noter")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_scoring_can_be_closed_early_and_is_then_over(city):
    _people, zineb, (hind, karim) = await with_panel(city, "Al Amal")
    await scores(hind, "Al Amal", 4)
    await karim.says("/call")
    await karim.taps("Noter")
    await karim.says("Al Amal")
    for words in ("6", "beaucoup", "-1", "3"):
        await karim.says(words)
    await zineb.says("/call")
    await zineb.taps("Clore la notation")
    zineb.sees("Il manque 1 note")
    await zineb.taps("Oui, le faire")
    await karim.taps("Enregistrer")
    karim.sees("La notation ne vous est pas ouverte")
    await zineb.says("/call")
    zineb.does_not_see("Le jury", "Clore la notation")
    await zineb.taps("Voir les notes")
    zineb.sees("Al Amal : 4 sur 5", "Hind 4")
    assert len(await city.all(Score)) == 1


async def test_what_was_written_is_theirs_to_see_and_to_erase(city):
    _people, zineb, (hind, karim) = await with_panel(city, "Al Amal", "Atlas")
    rows = await city.all(Submission)
    async with city.database.writing() as db:
        found = await own_data.own_data(db, rows[0].citizen_id)
        assert "Souad M., 06 12 34 56 78" in str(found["submitting"])
    await scores(hind, "Atlas", 4)
    async with city.database.writing() as db:
        await own_data.erase(db, rows[0].citizen_id, city.now)
    [left] = await city.all(Submission)
    assert not [file for file in await city.all(Document) if file.submission_id != left.id]
    await scores(karim, "Atlas", 4)
    await decides(zineb, "Atlas", "Retenu", "Utile")
    await zineb.says("/call")
    await zineb.taps("Publier")
    await zineb.taps("Oui, le faire")
    async with city.database.writing() as db:
        await own_data.erase(db, left.citizen_id, city.now)
    await zineb.taps("Voir comme")
    zineb.sees("• Atlas")
    assert not await city.all(Document)
    city.now += timedelta(days=400)
    await forget(city.database, city.now)
    assert not await city.all(Submission)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_coordinator_counts_what_was_submitted(city):
    _people, zineb, _panel = await with_panel(city, "Al Amal")
    await zineb.says("/tally Projets conjoints")
    zineb.sees("Dossiers déposés : 1")


# At the same moment


async def all_press(city, people, label):
    """All tap this at once, in two processes."""
    runners = [city.runner, await city.another_process()]
    presses = []
    for number, person in enumerate(people):
        value = next(value for value, words in person.screen[-1]["buttons"] if words == label)
        incoming = Incoming(person.sender, f"{person.name} press", Reply(pressed=value))
        presses.append(runners[number % 2].receive(incoming))
    await asyncio.gather(*presses)
    for person in people:
        await person.looks()


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_accounts_of_one_association_at_once_one_submits(city):
    await has_call(city)
    crowd = [city.citizen("fr") for _number in range(4)]
    for person in crowd:
        await person.arrives()
        await writes(person)
        await sends_file(person)
        await person.taps("C'est tout")
        await person.taps("Déposer")
    await all_press(city, crowd, "Déposer le dossier")
    assert sum("est déposé" in person.shown for person in crowd) == 1
    assert sum("a déjà déposé" in person.shown for person in crowd) == 3
    assert sorted(row.state for row in await city.all(Submission)) == ["draft"] * 3 + ["submitted"]


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_submissions_racing_with_an_earlier_deadline_are_told_the_truth(city):
    call = await has_call(city)
    crowd = [city.citizen("fr") for _number in range(4)]
    for number, person in enumerate(crowd):
        await person.arrives()
        await writes(person, f"Al Amal {'abcd'[number]}")
        await sends_file(person)
        await person.taps("C'est tout")
        await person.taps("Déposer")

    async def closes():
        async with city.database.writing() as db:
            (await calls.locked(db, call.id)).closes = city.now

    await asyncio.gather(all_press(city, crowd, "Déposer le dossier"), closes())
    told = sorted("est déposé" in person.shown for person in crowd)
    assert told == sorted(row.state == "submitted" for row in await city.all(Submission))


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_scores_given_at_once_are_one_of_each_and_none_after_the_closing(city):
    await with_panel(city, "Al Amal")
    call = (await city.all(Submission))[0].call_id
    who = [place.citizen_id for place in await city.all(scoring.Panelist)]

    async def give(person, mark):
        async with city.database.writing() as db:
            try:
                await scoring.give(db, call, 1, person, {"impact": mark}, city.now)
            except scoring.NotNow as why:
                return str(why)
        return "given"

    async def close():
        async with city.database.writing() as db:
            await scoring.close(db, call, city.now)

    first = await asyncio.gather(*(give(who[0], mark) for mark in range(5)))
    assert first == ["given"] * 5
    assert len(await city.all(Score)) == 1
    outcome, _closed = await asyncio.gather(give(who[1], 3), close())
    assert len(await city.all(Score)) == 1 + (outcome == "given")


# Whatever is done in whatever order


STEPS = st.lists(
    st.tuples(st.sampled_from(["begin", "fill", "submit", "back", "late", "drop"]), st.integers(0, 2)), max_size=14
)


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_one_submission_of_each_and_nothing_after_the_deadline(city, steps):
    call = await has_call(city, slug=f"call-{next(numbers)}", documents=[])
    people = [city.citizen("fr") for _number in range(3)]
    for person in people:
        await person.arrives()
    async with city.database.reading() as db:
        citizens = [(await places.place(db, person.sender)).citizen_id for person in people]
    now, names = city.now, ["Al Amal", "جمعية الأمل", "al-amal"]
    for step, number in steps:
        now = call.closes if step == "late" else now
        occasion = Occasion(Citizen(citizens[number], city.home.id, "fr"), city.home, "web", "fr", now)
        before = [(row.id, row.state, row.changed) for row in await city.all(Submission)]
        async with city.database.writing() as db:
            with contextlib.suppress(Closed, CountedAlready, submission_steps.NotNow):
                await _step(db, call, step, occasion, names[number])
        if now >= call.closes:
            assert before == [(row.id, row.state, row.changed) for row in await city.all(Submission)]
    rows = [row for row in await city.all(Submission) if row.call_id == call.id]
    submitted = [row for row in rows if row.state == "submitted"]
    assert len({row.citizen_id for row in rows}) == len(rows)
    assert len({row.association for row in submitted}) == len(submitted)
    assert all(row.association is None for row in rows if row.state == "draft")
    assert all(row.submitted < call.closes for row in submitted)


async def _step(db, call, step, occasion, name):
    own = await submissions.mine(db, call.id, occasion.citizen.id)
    if step in ("begin", "late"):
        await submission_steps.begin(db, call.id, occasion, name)
    elif own and step == "fill":
        for part in ("contact", "problem", "budget", "gender"):
            await submission_steps.write(db, occasion, own.id, part, "oui")
    elif own:
        verb = {"submit": "submit", "back": "take_back", "drop": "drop"}[step]
        await getattr(submission_steps, verb)(db, occasion, own.id)


# The file of the commune


async def test_a_loaded_call_keeps_what_associations_have_begun_to_answer(city):
    contents = read(DEMO, NOON).contents
    async with city.database.writing() as db:
        changes = await load(db, contents, NOON)
        assert changes["calls"].added == 1
    [call] = await city.all(Call)
    assert [each.id for each in call.asks][2] == "problem"
    assert call.is_open(NOON)
    await city.has(
        Submission(
            call_id=call.id,
            words=b"",
            state="draft",
            receipt="BM-1",
            channel="web",
            language="fr",
            begun=NOON,
            changed=NOON,
            keep_until=NOON,
        )
    )
    entry = contents.nouns["calls"][0]
    fewer = replace(entry, values={**entry.values, "questions": entry.values["questions"][1:]})
    with pytest.raises(BegunAlready, match=r"calls\.co-creation\.questions"):
        async with city.database.writing() as db:
            await load(db, replace(contents, nouns={"calls": (fewer,)}), NOON)


def test_the_faults_of_a_call_are_named(tmp_path):
    text = (
        DEMO.read_text(encoding="utf-8").replace("{id: problem,", "{id: contact,").replace("id: together", "id: need")
    )
    file = tmp_path / "commune.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as bad:
        read(file, NOON)
    assert "is asked of each already" in str(bad.value)
    assert "is taken, on line" in str(bad.value)
