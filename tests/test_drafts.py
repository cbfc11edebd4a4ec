"""Surveys, councils, opinions and calls written in chat: seen by nobody until announced, and then as previewed."""

import asyncio
from datetime import timedelta

import pytest
from conversations.drafts import ADDED, BEGUN, SAY, announced, begins, part_added, question, says, taps
from conversations.surveys import has_survey

from storage import staff
from storage.approvals import Proposal
from storage.audit import Audit
from storage.bodies import Body
from storage.calls import Call
from storage.drafts import Draft
from storage.opinions import Opinion
from storage.responses import Mark
from storage.surveys import Survey, SurveyQuestion

TABLES = {"survey": Survey, "body": Body, "opinion": Opinion, "call": Call}
COMMANDS = {"survey": "/surveys", "body": "/bodies", "opinion": "/opinions", "call": "/calls"}
FIRST = {"survey": "a survey", "body": "youth council"}  # what is asked before the title
FR = SAY["fr"]


ON_SQLITE = pytest.mark.parametrize("kind", ["sqlite"])  # what is said does not depend on the database
ON_POSTGRESQL = pytest.mark.parametrize("kind", ["postgresql"])
OF_EACH, OF_TWO = pytest.mark.parametrize("noun", TABLES), pytest.mark.parametrize("noun", ["survey", "opinion"])


async def written(person, noun):
    await BEGUN[noun](person)
    if noun in ADDED:
        await ADDED[noun](person)


def paragraphs(person):
    return person.screen[-1]["text"].split("\n\n")


@OF_EACH
@pytest.mark.parametrize(("kind", "language"), [("sqlite", "fr"), ("postgresql", "ary")])
async def test_what_is_written_is_seen_by_nobody_and_then_as_it_was_previewed(city, noun, language):
    hind, ada = await city.member("coordinator", "Hind", language), city.citizen(language)
    await ada.arrives()
    await ada.says(COMMANDS[noun])
    before = ada.shown
    await written(hind, noun)
    await ada.says(COMMANDS[noun])
    assert ada.shown == before
    assert not await city.all(TABLES[noun])
    await city.restarts()
    await taps(hind, "announce")
    preview = paragraphs(hind)
    await taps(hind, "announce")
    assert not await city.all(Draft)
    city.now += timedelta(days=8)
    await ada.says(COMMANDS[noun])
    seen = paragraphs(ada)[:-1] if noun in FIRST else paragraphs(ada)  # the last of those asks something
    assert preview[: len(seen)] == seen
    deeds = [each.deed for each in await city.all(Audit)]
    assert (deeds[0], deeds[-1]) == (f"{noun}.begin", f"{noun}.announce")
    assert set(deeds[1:-1]) <= {f"{noun}.add", f"{noun}.change"}


@ON_SQLITE
async def test_an_agent_writes_and_a_coordinator_announces(city):
    agent, hind = await city.member("agent", "Agent"), await city.member("coordinator", "Hind")
    counter, ada = await city.member("programme", "Programme"), city.citizen("fr")
    await ada.arrives()
    await written(agent, "opinion")
    agent.does_not_see("L'annoncer")
    for person in (ada, counter):
        for words in ("/new", "/start dw_1"):
            await person.says(words)
            person.does_not_see("Éclairer les rues", "Avis d'une instance")
    await begins(hind, "opinion")
    await hind.taps("Éclairer les rues")
    await announced(hind)
    hind.sees("C'est annoncé")


@ON_SQLITE
@OF_EACH
async def test_a_member_who_is_removed_in_the_middle_does_nothing_more(city, noun):
    hind = await city.member("coordinator", "Hind")
    await written(hind, noun)
    await taps(hind, "announce")
    async with city.database.writing() as db:
        [each] = await staff.current(db, city.home.id)
        await staff.remove(db, city.home.id, each.id, city.now)
    await taps(hind, "announce")
    hind.does_not_see("C'est annoncé")
    await hind.says("/new")
    hind.sees("Nous ne connaissons pas cette commande")
    assert not await city.all(TABLES[noun])
    assert len(await city.all(Draft)) == 1


@ON_SQLITE
@OF_TWO
async def test_one_title_is_given_once(city, noun):
    """As a draft, and once it is announced."""
    hind = await city.member("coordinator", "Hind")
    await written(hind, noun)
    [draft] = await city.all(Draft)
    for way in ("another", "at all"):
        await hind.says("/new")
        await taps(hind, noun)
        if way == "another":
            await hind.taps("En commencer un")
        if noun in FIRST:
            await taps(hind, FIRST[noun])
        await hind.says(f"  {draft.title['fr'].upper()} ")
        hind.sees("Ce titre existe déjà")
        await says(hind, "Un autre", draft.title["ar"])
        hind.sees("Ce titre existe déjà")
        if way == "another":
            await hind.says("/start dw_1")
            await announced(hind)
    assert len(await city.all(TABLES[noun])) == 1


@ON_POSTGRESQL
@OF_TWO
async def test_two_who_announce_at_once_announce_once(city, noun):
    first, second = [await city.member("coordinator", name) for name in ("Hind", "Zineb")]
    await written(first, noun)
    await second.says("/start dw_1")
    for each in (first, second):
        await taps(each, "announce")
    await asyncio.gather(*(taps(each, "announce") for each in (first, second)))
    told = sorted("C'est annoncé" in each.shown for each in (first, second))
    assert told == [False, True]
    assert len(await city.all(TABLES[noun])) == 1
    assert [row.deed for row in await city.all(Audit)].count(f"{noun}.announce") == 1


async def test_two_with_one_title_at_once_are_one(city):
    people = [await city.member("coordinator", name) for name in ("Hind", "Zineb")]
    for each in people:
        await begins(each, "opinion")
        await says(each, "Éclairer", "الضو", "Instance", "هيئة", "Il fait noir.", "الظلام.")
        await taps(each, "no")
    await asyncio.gather(*(taps(each, "keep") for each in people))
    assert sorted("est gardé" in each.shown for each in people) == [False, True]
    assert len(await city.all(Draft)) == 1


@ON_SQLITE
async def test_a_yes_to_what_was_shown_is_none_to_what_a_colleague_made_of_it(city):
    hind, agent = await city.member("coordinator", "Hind"), await city.member("agent", "Agent")
    await written(hind, "opinion")
    await taps(hind, "announce")
    await agent.says("/start dw_1")
    await taps(agent, "advice")
    await says(agent, "Autre chose.", "حاجة أخرى.")
    await taps(agent, "add")
    await taps(hind, "announce")
    hind.sees("Autre chose.", "Annoncer ?")
    assert not await city.all(Opinion)
    await taps(hind, "announce")
    assert len(await city.all(Opinion)) == 1


@ON_SQLITE
async def test_where_two_must_agree_the_second_agrees_to_what_the_first_saw(city):
    await city.found(two_people=["call.announce"])
    hind, zineb = [await city.member("coordinator", name) for name in ("Hind", "Zineb")]
    await written(hind, "call")
    await announced(hind)
    hind.sees("deuxième personne")
    assert not await city.all(Call)
    await hind.says("/start dw_1")
    await part_added(hind, "a condition", "Habiter ici", "ساكنين هنا")
    await taps(hind, "add")
    await zineb.says("/approve")
    await zineb.taps("Projets de quartier")
    await zineb.taps("D'accord")
    zineb.sees("a changé")
    assert not await city.all(Call)
    assert len(await city.all(Proposal)) == 1


@ON_SQLITE
@OF_TWO
async def test_the_closing_may_pass_while_it_is_written(city, noun):
    hind = await city.member("coordinator", "Hind")
    await written(hind, noun)
    city.now += timedelta(days=60)
    await announced(hind)
    hind.sees("La clôture est passée")
    await hind.says("/start dw_1")
    await taps(hind, "correct")
    await hind.taps("Les dates")
    if noun == "opinion":
        await taps(hind, "yes")
    else:
        await hind.says("01/01/2026")
        hind.sees("Ce moment est passé")
        await hind.says("01/02/2027")
        await hind.says("31/01/2027")
        hind.sees("C'est avant le début")
    await hind.says("28/02/2027")
    hind.sees("modifié", "28 février 2027")
    await announced(hind)
    assert len(await city.all(TABLES[noun])) == 1


@ON_SQLITE
@OF_TWO
async def test_a_draft_is_corrected_and_dropped(city, noun):
    hind = await city.member("coordinator", "Hind")
    await written(hind, noun)
    await taps(hind, "correct")
    await hind.taps("Le titre")
    await says(hind, "Un titre meilleur", "عنوان حسن")
    hind.sees("Brouillon : Un titre meilleur")
    await taps(hind, "correct")
    await hind.taps("Le texte")
    await says(hind, "Un texte meilleur.", "نص حسن.")
    await taps(hind, "see")
    hind.sees("Un texte meilleur.")
    await hind.says("/start dw_1")
    await taps(hind, "drop")
    hind.sees("sera perdu")
    await taps(hind, "no")
    assert await city.all(Draft)
    await hind.says("/start dw_1")
    await taps(hind, "drop", "yes")
    await hind.says("/start dw_1")
    hind.sees("n'existe pas")
    assert not await city.all(Draft)


# Surveys


@ON_SQLITE
async def test_a_survey_written_in_chat_is_answered_by_its_branches(city):
    hind, ada, nour = await city.member("coordinator", "Hind"), city.citizen("fr"), city.citizen("ary")
    await written(hind, "survey")
    await announced(hind)
    city.now += timedelta(days=8)
    for person, been in ((ada, "Pas encore"), (nour, "إيه، مرة")):
        await person.arrives("s_1")
        await taps(person, "begin")
        await person.taps(been)
        if person is ada:
            await person.taps("C'est loin")
            await taps(person, "done")
        await says(person, "4", "31", "3")
        await person.taps("Passer" if person is ada else "ندوز")
        await taps(person, "send")
    assert sorted(mark.option for mark in await city.all(Mark)) == ["1", "1", "2", "3", "3", "4", "4"]
    await ada.says("/start sr_1")
    ada.sees("Moins de 10 personnes")


@ON_SQLITE
async def test_a_question_is_asked_anew_until_it_can_be_answered(city):
    hind = await city.member("agent", "Hind")
    await BEGUN["survey"](hind)
    await question(hind, "several", "Comment venez-vous ?", "كيفاش كتجيو؟")
    await hind.says("À pied")
    hind.sees("Nous en comptons 1. Écrivez-en de 2 à 10.")
    await hind.says("À pied; en bus ;à  pied")
    hind.sees("Deux sont identiques")
    await hind.says("À pied; en bus")
    await hind.says("على رجلينا")
    hind.sees("Il en faut 2 ici")
    await hind.says("على رجلينا؛ فالطوبيس")
    await hind.says("3")
    hind.sees("de 1 à 2")
    await hind.says("2")
    await taps(hind, "yes")
    await hind.taps("Les réponses")
    await hind.says("À pied; en bus; à vélo")
    hind.sees("Nous en comptons 2. Il en faut 3 ici.")
    await hind.says("على رجلينا؛ فالطوبيس؛ بالبيكالة")
    await taps(hind, "add")
    await question(hind, "number", "Combien ?", "شحال؟")
    await says(hind, "10", "10")
    hind.sees("de 11 à")
    await says(hind, "12")
    await taps(hind, "everybody", "add")
    await question(hind, "number", "combien  ?", "شحال من واحد؟")
    await says(hind, "1", "2")
    await taps(hind, "everybody", "add")
    hind.sees("Cela y est déjà")
    [draft] = await city.all(Draft)
    first, second = draft.listed("questions")
    assert (first["least"], first["most"], first["may_skip"]) == (0, 2, True)
    assert (second["id"], second["least"], second["most"]) == ("q2", 10, 12)


@ON_SQLITE
async def test_a_question_on_which_another_follows_stays(city):
    hind = await city.member("coordinator", "Hind")
    await written(hind, "survey")
    await taps(hind, "out")
    await hind.taps("Êtes-vous venus ?")
    hind.sees("Une autre question en dépend")
    for gone in ("Pourquoi pas ?", "Êtes-vous venus ?"):
        await hind.says("/start dw_1")
        await taps(hind, "out")
        await hind.taps(gone)
        hind.sees("C'est retiré")
    await announced(hind)
    assert [each.slug for each in await city.all(SurveyQuestion)] == ["q3", "q4", "q5"]


@ON_SQLITE
async def test_a_survey_of_the_file_has_its_title_for_itself(city):
    await has_survey(city)
    hind = await city.member("coordinator", "Hind")
    await begins(hind, "survey")
    await taps(hind, "a survey")
    await hind.says("participer")
    hind.sees("Ce titre existe déjà")


@ON_SQLITE
async def test_a_survey_has_room_for_fifteen_questions(city):
    hind = await city.member("coordinator", "Hind")
    await BEGUN["survey"](hind)
    for number in range(15):
        await question(hind, "open", f"Question {number} ?", f"سؤال {number}؟")
        await taps(hind, "no", "add")
    hind.does_not_see("Ajouter une question")
    await taps(hind, "see", "begin")
    for number in range(15):
        hind.sees(f"Question {number} ?")
        await hind.says("Oui.")
    await taps(hind, "send")
    hind.sees("Rien de cet essai")
    assert not await city.all(Mark)


# Councils


@ON_SQLITE
async def test_the_seats_and_ages_of_a_committee_fit(city):
    hind = await city.member("coordinator", "Hind")
    await begins(hind, "body")
    await hind.taps("Pour un quartier")
    await says(hind, "Comité d'Ourbiaa", "لجنة أوربيع", "Il veille.", "كتعس.", "01/12/2026", "31/12/2026")
    await taps(hind, "keep")
    await says(hind, "0", "five", "5")
    await hind.says("6")
    hind.sees("de 0 à 5")
    await says(hind, "3", "3")
    hind.sees("de 0 à 2")
    await says(hind, "2", "0", "18", "17")
    hind.sees("de 18 à 120")
    await hind.says("0")
    hind.sees("Où faut-il habiter")
    hind.does_not_see("Toute la commune")
    await hind.taps("Ourbiaa")
    await hind.taps("La commune choisit")
    await hind.says("90")
    hind.sees("de 1 à 60")
    await hind.says("7")
    hind.sees("au moins 3 femmes", "À partir de 18 ans")
    await hind.taps("Corriger : femmes")
    await hind.says("1")
    await taps(hind, "keep")
    await announced(hind)
    [body] = await city.all(Body)
    assert (body.seats, body.quotas, body.min_age, body.max_age) == (5, {"women": 1, "men": 2}, 18, None)
    assert (body.quarter, body.selection, body.reply_days, body.tickets) == ("ourbiaa", "staff", 7, [])


@ON_SQLITE
async def test_a_council_without_rules_is_not_announced(city):
    hind = await city.member("coordinator", "Hind")
    await begins(hind, "body")
    await taps(hind, "youth council")
    await says(hind, "Conseil", "مجلس", "Il conseille.", "كيعطي الرأي.", "01/12/2026", "31/12/2026")
    await taps(hind, "keep")
    await hind.says("/start dw_1")
    hind.sees("Il manque encore", "Sièges et règles")
    hind.does_not_see("L'annoncer", "Voir l'aperçu")


# Opinions and calls


@ON_SQLITE
async def test_an_opinion_is_of_a_body_of_the_commune(city):
    hind = await city.member("coordinator", "Hind")
    await BEGUN["body"](hind)
    await announced(hind)
    await begins(hind, "opinion")
    await says(hind, "Éclairer", "الضو")
    await hind.taps("Conseil des jeunes")
    await says(hind, "Il fait noir.", "الظلام.")
    await taps(hind, "no", "keep")
    await announced(hind)
    [opinion] = await city.all(Opinion)
    assert (opinion.author["ar"], opinion.closes, opinion.state) == ("مجلس الشباب", None, "draft")
    assert opinion.takes_words(city.now + timedelta(days=300))


@ON_SQLITE
async def test_a_call_written_in_chat_is_answered_by_an_association(city):
    hind, ada = await city.member("coordinator", "Hind"), city.citizen("fr")
    await BEGUN["call"](hind)
    await part_added(hind, "a question", "Quel problème ?", "شنو المشكل؟", "5")
    hind.sees("de 20 à 3 000")
    await hind.says("500")
    await taps(hind, "no", "add")
    hind.sees("Il manque encore", "Critères")
    await part_added(hind, "a criterion", "Utilité", "المنفعة")
    await taps(hind, "add")
    await announced(hind)
    city.now += timedelta(days=8)
    await ada.arrives("k_1")
    await ada.taps("Commencer")
    await ada.taps("J'accepte")
    await says(ada, "Association Al Amal", "Souad, 06 12 34 56 78")
    ada.sees("Quel problème ?")
    await ada.says("x" * 501)
    ada.sees("500 caractères au plus")
