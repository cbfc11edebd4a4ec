"""Ideas for a budget: proposed while the call is open, supported once a person, put together, made projects."""

import asyncio
from datetime import timedelta

import pytest
from conversations.ideas import SAY, assesses, has_call, makes_a_project, proposes, publishes, told

from bot.channels import telegram_updates
from bot.incoming import Incoming
from flows.questions import Reply
from storage import own_data, retention
from storage.audit import Audit
from storage.budgets import Project
from storage.ideas import Idea, IdeaSupport


async def arrives(city, count=1, language="fr"):
    people = [city.citizen(language) for _number in range(count)]
    for person in people:
        await person.arrives()
    return people


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_an_idea_goes_the_whole_way_on_every_channel(city, channel):
    await has_call(city)
    ada, zineb = city.citizen("fr", channel), await city.member("coordinator", "Zineb", "fr", channel)
    [omar] = await arrives(city, language="ary")
    await ada.arrives()
    await ada.says("/vote")
    await ada.taps("Idées pour le budget")
    await ada.taps("Proposer")
    ada.sees("Oui : des travaux", "Non : des salaires")
    await proposes(ada)
    ada.sees("Votre idée est enregistrée", "BM-")
    assert b"Libert" not in await city.everything()
    await omar.says("/ideas")
    omar.sees("مازال ماتنشرات حتى فكرة")
    await publishes(zineb)
    await told(city, ada, omar)
    ada.sees("publiée, à l'étude")
    assert not omar.screen
    await omar.says("/ideas")
    await omar.taps("Des bancs")
    omar.sees("45.000", "المدينة القديمة")
    await omar.taps("ندعمها")
    await assesses(zineb)
    await told(city, ada, omar)
    ada.sees("faisable", "Le terrain est à la commune.")
    omar.sees("ممكن تدار", "الأرض ديال الجماعة.")
    await makes_a_project(zineb)
    await told(city, ada, omar)
    for person, state in ((ada, "un projet du vote"), (omar, "مشروع فالتصويت")):
        person.sees(state)
    await told(city, ada)
    assert not ada.screen
    [project], [idea] = await city.all(Project), await city.all(Idea)
    assert (idea.state, idea.project_id, project.cost, project.place) == ("project", project.id, 50000, "medina")
    deeds = [row.deed for row in await city.all(Audit)]
    assert deeds == ["idea.look", "idea.moderate", "idea.assess", "idea.shortlist", "idea.project"]
    await ada.says("/status")
    await ada.taps("Budget 2027")
    ada.sees("un projet du vote", "BM-")


async def test_a_like_idea_is_found_and_supported_in_place_of_a_second_one(city):
    await has_call(city)
    ada, omar = await arrives(city, 2)
    await proposes(ada)
    await publishes(await city.coordinator())
    await omar.says("/propose")
    await omar.taps("Oui, continuer")
    await omar.says("place de la Liberté : des bancs a l'ombre !")
    omar.sees("D'autres ont proposé une idée proche")
    await omar.taps("Des bancs")
    await omar.taps("Soutenir")
    await omar.says("/start is_1")
    omar.sees("Vous soutenez")
    assert len(await city.all(IdeaSupport)) == 1
    await omar.taps("Retirer mon soutien")
    await omar.says("/start ix_1")
    assert not await city.all(IdeaSupport)
    await ada.says("/start is_1")
    ada.sees("C'est votre propre idée")


async def test_every_question_survives_a_restart_and_a_wrong_answer(city):
    await has_call(city)
    [ada] = await arrives(city)
    say = SAY["fr"]
    await ada.says("/propose")
    for wrong, right in (
        ("peut-être", say["fits"]),
        ("   ", "Un puits"),
        ("x" * 1001, say["words"]),
        ("y" * 121, "Rue 4"),
        ("Mars", "Toute la commune"),
        ("des mots", "Pas de photo"),
        ("beaucoup", "1"),
        ("bof", say["agree"]),
        ("hum", say["send"]),
    ):
        await ada.says(wrong)
        assert not await city.all(Idea)
        await city.restarts()
        await ada.says(right)
    [idea] = await city.all(Idea)
    assert (idea.cost, idea.quarter, idea.media_id) == (1, None, None)


async def test_the_call_is_open_by_its_dates_and_each_person_proposes_as_many_as_the_commune_says(city):
    await city.found(ideas_each=1)
    call = await has_call(city)
    ada, omar = await arrives(city, 2)
    await proposes(ada)
    await proposes(ada, "Un puits")
    ada.sees("autant d'idées que chacun le peut")
    await omar.says("/propose")
    await omar.taps("Oui, continuer")
    city.now = call.ideas_close
    await omar.says("Un four")
    omar.sees("Aucun appel à idées n'est ouvert")
    assert len(await city.all(Idea)) == 1
    await omar.says("/ideas")
    omar.sees("L'appel à idées est clos")
    omar.does_not_see("Proposer")


async def test_who_is_refused_is_told_why_and_corrects_it_and_a_late_decision_decides_nothing(city):
    await has_call(city)
    [ada] = await arrives(city)
    hind, zineb = await city.member("agent"), await city.coordinator()
    await proposes(ada)
    await hind.says("/queue")
    await hind.says("1")
    await hind.taps("Refuser")
    await hind.taps("Publicité")
    await told(city, ada)
    ada.sees("refusée", "publicité")
    await ada.taps("Corriger")
    for words in ("Des bancs", "Six bancs.", "Rue 4", "Ourbiaa", "Pas de photo", "Je ne sais pas", "Envoyer"):
        await ada.says(words)
    ada.sees("C'est corrigé")
    await publishes(zineb)
    await told(city, ada)
    ada.sees("Des bancs", "publiée")
    [idea] = await city.all(Idea)
    assert (idea.edition, idea.state, idea.reason) == (2, "published", None)


async def test_merged_ideas_keep_each_supporter_once_and_the_author_is_one_of_them(city):
    await has_call(city)
    ada, omar, both, one = await arrives(city, 4)
    zineb = await city.coordinator()
    await proposes(ada, "Des arbres")
    await proposes(omar, "Un four")
    await publishes(zineb)
    await publishes(zineb)
    for person, ids in ((both, (1, 2)), (one, (2,)), (ada, (2,))):
        for id in ids:
            await person.says(f"/start is_{id}")
    await one.says("/start if_2")
    await zineb.says("/start io_2")
    await zineb.taps("Comme une autre idée")
    await zineb.taps("Des arbres")
    await zineb.taps("Oui")
    supports = await city.all(IdeaSupport)
    assert [row.idea_id for row in supports] == [1, 1, 1]  # both, one, and omar whose idea it was; ada's own is not
    await told(city, ada, omar, both, one)
    for person in (ada, omar, both, one):
        assert person.shown.count("réunie avec une idée proche") == 1
    await one.taps("Voir l'idée")
    one.sees("Des arbres", "Soutenue par 3 personnes", "Retirer mon soutien")
    await one.says("/start is_2")
    one.sees("réunie avec une idée proche")
    await zineb.says("/tally")
    await zineb.taps("Idées : Budget 2027")
    zineb.sees("Idées : 2", "Soutiens : 3", "Des arbres : 3")


async def test_what_is_public_stays_when_its_author_is_erased_and_what_is_not_goes(city):
    await has_call(city)
    ada, omar = await arrives(city, 2)
    await proposes(ada, "Des arbres")
    await publishes(await city.coordinator())
    await proposes(ada, "Un four")
    await omar.says("/start is_1")
    rows = await city.all(Idea)
    async with city.database.writing() as db:
        found = await own_data.own_data(db, rows[0].citizen_id)
        assert [row["title"] for row in found["idea_proposals"]] == ["Des arbres", "Un four"]
        await own_data.erase(db, rows[0].citizen_id, city.now)
    [left] = await city.all(Idea)
    assert (left.id, left.citizen_id) == (1, None)
    [support] = await city.all(IdeaSupport)
    async with city.database.writing() as db:
        await own_data.erase(db, support.citizen_id, city.now)
    assert not await city.all(IdeaSupport)


async def test_ideas_are_cut_from_people_a_year_after_the_vote_and_their_number_stays(city):
    call = await has_call(city)
    ada, omar = await arrives(city, 2)
    await proposes(ada)
    await publishes(await city.coordinator())
    await omar.says("/start is_1")
    async with city.database.writing() as db:
        await retention.forget(db, call.closes + timedelta(days=367))
    [idea] = await city.all(Idea)
    assert (idea.citizen_id, idea.counted, await city.all(IdeaSupport)) == (None, 1, [])


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_others_see_nothing_of_an_idea_that_waits(city):
    await has_call(city)
    ada, omar = await arrives(city, 2)
    await proposes(ada)
    for link in ("i_1", "is_1", "if_1", "ie_1", "io_1", "i_99"):
        await omar.says(f"/start {link}")
        omar.does_not_see("bancs")
    assert not await city.all(IdeaSupport)
    await ada.says("/start i_1")
    ada.sees("reçue, à lire", "Des bancs")


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_supports_that_race_with_each_other_and_with_a_merge_count_each_person_once(city):
    await has_call(city)
    ada, omar, *crowd = await arrives(city, 12)
    zineb = await city.coordinator()
    await proposes(ada, "Des arbres")
    await proposes(omar, "Un four")
    await publishes(zineb)
    await publishes(zineb)
    await zineb.says("/start io_2")
    await zineb.taps("Comme une autre idée")
    await zineb.taps("Des arbres")
    [press] = [value for value, label in zineb.screen[-1]["buttons"] if label == "Oui"]
    runners = [city.runner, await city.another_process()]
    taps = [(person, Reply(text=f"/start is_{id}")) for person in crowd for id in (2, 1, 2)]
    taps.insert(len(taps) // 2, (zineb, Reply(pressed=press)))
    await asyncio.gather(
        *(
            runners[number % 2].receive(Incoming(person.sender, f"race {number}", reply))
            for number, (person, reply) in enumerate(taps)
        )
    )
    supports = await city.all(IdeaSupport)
    assert {row.idea_id for row in supports} == {1}
    assert len({row.citizen_id for row in supports}) == len(supports) == len(crowd) + 1  # and omar, whose idea it was
    assert [idea.state for idea in sorted(await city.all(Idea), key=lambda idea: idea.id)] == ["published", "merged"]


async def test_a_place_on_the_map_is_a_place_where_a_channel_gives_one(city):
    await has_call(city)
    spot = {"latitude": 32.339412, "longitude": -6.360811}
    person = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "fr"}
    chat = {"id": 7, "type": "private"}
    update = {"update_id": 1, "message": {"message_id": 1, "from": person, "chat": chat, "date": 0, "location": spot}}
    [ada] = await arrives(city)
    await ada.says("/propose")
    for words in ("Oui, continuer", "Un puits", "Un puits pour tous."):
        await ada.says(words)
    heard = telegram_updates.read(update, city.home.id).incoming
    assert heard
    await ada.does(heard.reply)
    for words in ("Ourbiaa", "Pas de photo", "Je ne sais pas", "J'accepte", "Envoyer", "/start i_1"):
        await ada.says(words)
    ada.sees("32.33941, -6.36081")
