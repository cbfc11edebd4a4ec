"""The consultation on the charter: read as long as one likes, say something, change it, hear what becomes of it."""

import asyncio
from datetime import timedelta

import pytest
from conftest import SECRET, City
from databases import sqlite_copy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from flows.questions import Reply
from storage import media, own_data, verdicts
from storage.citizens import Consent
from storage.comments import Comment
from storage.database import connect
from storage.media import Media
from storage.places import place
from storage.reactions import Reaction
from storage.readings import Reader, Reading

on_one_database = pytest.mark.parametrize("kind", ["sqlite"])  # it is about words alone


@pytest.fixture
async def ada(city):
    await city.consultation()
    ada = city.citizen("fr")
    await ada.arrives()
    return ada


async def sent(city, person, kind="voice", content=b"OggS"):
    """What a channel keeps when something is sent; its number."""
    async with city.database.writing() as db:
        who = await place(db, person.sender)
        return await media.keep(db, city.home.id, who.citizen_id, kind, "audio/ogg", content, city.now)


@on_one_database
async def test_three_minutes_then_more_of_it_and_on_where_it_was_left(city, channel):
    await city.consultation()
    ada = city.citizen("fr", channel)
    await ada.arrives()
    await ada.says("je veux donner mon avis")
    await ada.says("/consultation")
    ada.sees("La charte", "Un projet de charte.", "Ouverte jusqu'au 14 décembre 2026 à 12:00")
    ada.sees("0 personne participe", "3 minutes", "10 minutes", "Tout le texte")
    await ada.taps("3 minutes")
    ada.sees("1. Objet", "Texte 1 : la commune écoute.", "Je soutiens", "À modifier", "À compléter", "Je m'oppose")
    await ada.taps("Je m'oppose")
    ada.sees("30 jours après le rapport", "sans votre nom", "Loi 09-08")
    await ada.taps("Retour")
    await ada.taps("Je soutiens")
    await ada.taps("J'accepte")
    await ada.taps("Seulement mon avis")
    ada.sees("C'est enregistré, merci", "BM-", "jusqu'au 14 décembre 2026 à 12:00", "dans quel quartier")
    await ada.taps("Ourbiaa")
    ada.sees("avis : 1 sur 4", "En lire davantage")
    await ada.taps("En lire davantage")
    ada.sees("1 personne participe", "Mes avis")
    await ada.taps("Tout le texte")
    ada.sees("2. Femmes et jeunes")
    await ada.taps("Article suivant")
    ada.sees("3. Le budget")
    await ada.says("menu")
    city.now += timedelta(days=3)
    await ada.says("/consultation")
    await ada.taps("Suite : article 3")
    await ada.taps("À modifier")
    ada.sees("Que changeriez-vous ?")
    await ada.says("Une part pour les quartiers éloignés.")
    ada.sees("C'est enregistré", "4. Suivi")
    await ada.taps("Terminer")
    ada.sees("avis : 2 sur 4")
    first, second = await city.all(Comment)
    assert (first.stance, first.state, first.quarter) == ("support", "accepted", "ourbiaa")
    assert (second.stance, second.state, second.quarter) == ("amend", "waiting", "ourbiaa")
    assert "éloignés".encode() not in await city.everything()
    assert [consent.purpose for consent in await city.all(Consent)] == ["comment"]


async def test_the_same_in_darija(city):
    await city.consultation()
    ada = city.citizen("ary")
    await ada.arrives()
    await ada.says("الميثاق")
    ada.sees("مفتوحة حتى", "3 دقايق", "النص كامل")
    await ada.taps("10 دقايق")
    ada.sees("1. موضوع", "الجماعة كتسمع", "كنساند")
    await ada.taps("خاصو زيادة")
    await ada.taps("موافقة")
    await ada.says("زيدو النقل")
    ada.sees("تسجل، شكرا ليكم", "فأينا حي")
    await ada.taps("ندوز")
    ada.sees("2. النساء والشباب")
    await ada.taps("نسالي")
    ada.sees("رأيكم: 1 من 4")


@on_one_database
async def test_a_word_is_found_however_it_is_written(city, ada):
    await ada.says("/consultation")
    await ada.taps("Tous les articles")
    ada.sees("Chercher un mot", "1. Objet", "4. Suivi")
    await ada.taps("Chercher un mot")
    await ada.says("ECOUTÉ")
    ada.sees("1. Objet", "4. Suivi")
    await ada.taps("Chercher un mot")
    await ada.says("النسا")
    ada.sees("2. Femmes et jeunes")
    ada.does_not_see("1. Objet")
    await ada.taps("2. Femmes")
    ada.sees("Texte 2")
    await ada.taps("Tous les articles")
    ada.does_not_see("✓ 1. Objet")
    ada.sees("✓ 2. Femmes et jeunes")
    await ada.taps("Chercher un mot")
    await ada.says("zzz")
    ada.sees("Aucun article ne contient « zzz »", "Un autre mot")


async def gives(person, article="1. Objet", stance="À modifier", words="Plus court."):
    """Say something on an article, in French, for the first time."""
    await person.says("/consultation")
    await person.taps("Tous les articles")
    await person.taps(article)
    await person.taps(stance)
    if "J'accepte" in person.labels:
        await person.taps("J'accepte")
    await person.says(words)
    if "Passer" in person.labels:
        await person.taps("Passer")


async def test_what_was_said_is_changed_withdrawn_and_said_again(city, ada):
    await gives(ada)
    await ada.says("/consultation")
    await ada.taps("Mes avis")
    ada.sees("1. À modifier · reçu")
    await ada.taps("1. À modifier")
    ada.sees("Plus court.", "Modifier", "Retirer")
    await ada.taps("Modifier")
    await ada.taps("Je m'oppose")
    voice = await sent(city, ada)
    await ada.does(Reply(kind="voice", media=voice))
    ada.sees("C'est modifié")
    [comment] = await city.all(Comment)
    assert (comment.stance, comment.kind, comment.edition, comment.state) == ("oppose", "voice", 2, "waiting")
    [kept] = await city.all(Media)
    assert kept.used == "comment"
    await ada.taps("Mes avis")
    await ada.says("1")
    await ada.taps("Retirer")
    await ada.taps("Garder")
    ada.sees("Rien ne change")
    await ada.says("/status")
    ada.sees("Objet")
    await ada.taps("Objet")
    ada.sees(comment.receipt, "Vous pouvez le modifier jusqu'au 14 décembre 2026")
    await ada.taps("Mes avis")
    await ada.says("1")
    await ada.taps("Retirer")
    await ada.taps("Retirer")
    ada.sees("C'est retiré et effacé")
    assert not await city.all(Comment)
    assert not await city.all(Media)
    await gives(ada)
    assert len(await city.all(Comment)) == 1


@pytest.mark.parametrize(("late", "is_open"), [(-1, True), (0, False), (1, False)])
@on_one_database
async def test_nothing_is_taken_from_the_minute_of_closing(city, late, is_open):
    asked = await city.consultation()
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/consultation")
    await ada.taps("3 minutes")
    await ada.taps("Je soutiens")
    await ada.taps("J'accepte")
    city.now = asked.closes + timedelta(minutes=late)
    await ada.taps("Seulement mon avis")
    ada.sees("C'est enregistré" if is_open else "La consultation est close. Rien n'a été enregistré.")
    assert len(await city.all(Comment)) == is_open
    city.now = asked.closes
    await ada.says("/consultation")
    ada.sees("Close depuis le 14 décembre 2026 à 12:00")
    ada.does_not_see("3 minutes")


@on_one_database
async def test_who_refuses_the_terms_goes_on_reading_and_nothing_is_kept(city, ada):
    await ada.says("/consultation")
    await ada.taps("3 minutes")
    await ada.sends("photo")
    ada.sees("Choisissez ci-dessous")
    await ada.taps("Je m'oppose")
    await ada.taps("Je refuse")
    ada.sees("Vous pouvez continuer à lire")
    assert not await city.all(Comment)
    assert not await city.all(Consent)


@on_one_database
async def test_where_the_id_number_is_asked_one_person_counts_once_over_two_accounts(city):
    await city.consultation(assurance="declared")
    ada, again = city.citizen("fr"), city.citizen("ary", "telegram")
    for person, agree, stance, only in (
        (ada, "J'accepte", "Je soutiens", "Seulement"),
        (again, "موافقة", "كنعارض", "غير رأيي"),
    ):
        await person.arrives()
        await person.says("/consultation")
        await person.taps("3")
        await person.taps(stance)
        await person.taps(agree)
        await person.taps(agree)
        await person.says("I123456")
        assert person.screen
        await person.taps(only)
    ada.sees("C'est enregistré")
    again.sees("راكم ديجا عطيتو رأيكم")
    assert len(await city.all(Comment)) == 1


async def test_a_restart_at_each_question_loses_nothing(city, ada):
    for move in ("/consultation", "3 minutes", "À compléter", "J'accepte", "Plus de bancs", "Ourbiaa"):
        await city.restarts()
        await ada.says(move)
    ada.sees("avis : 1 sur 4")
    assert len(await city.all(Comment)) == len(await city.all(Reading)) == len(await city.all(Reader)) == 1


@on_one_database
async def test_what_was_said_is_shown_to_its_author_and_erased_on_demand(city, ada):
    await gives(ada, words="Mon mot à moi.")
    [comment] = await city.all(Comment)
    async with city.database.writing() as db:
        told = await own_data.own_data(db, comment.citizen_id)
        assert told["commenting"][0]["words"] == "Mon mot à moi."
        await own_data.erase(db, comment.citizen_id, city.now)
    assert not await city.all(Comment)
    assert not await city.all(Reading)


LEADS = (
    "J'accepte",
    "Seulement mon avis",
    "Passer",
    "Je soutiens",
    "À modifier",
    "Article suivant",
    "D'accord",
    "Retirer",
)
WORDS = ("/consultation", "mot", "/start co_1", "3", "retour")
moves = st.lists(
    st.one_of(
        st.tuples(st.just("lead"), st.integers(0, 1), st.integers(0, 3)),
        st.tuples(st.just("press"), st.integers(0, 1), st.integers(0, 8)),
        st.tuples(st.just("say"), st.integers(0, 1), st.sampled_from(WORDS)),
        st.tuples(st.just("link"), st.integers(0, 1), st.integers(1, 4)),
        st.tuples(st.just("read"), st.integers(0, 1), st.just(0)),
        st.tuples(st.just("later"), st.just(0), st.integers(1, 9)),
    ),
    min_size=20,
    max_size=40,
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves)
def test_whatever_people_do_one_voice_an_article_one_reaction_nothing_after_closing_and_no_progress_lost(
    sqlite_file, moves
):
    async def play():
        with sqlite_copy(sqlite_file) as url:
            database = connect(url)
            await database.unlock(SECRET)
            city = City(database)
            await city.found()
            try:
                await whatever(city, moves)
            finally:
                await city.closes()

    asyncio.run(play())


async def whatever(city, moves):
    asked = await city.consultation(closes=city.now + timedelta(days=20))
    people = [city.citizen("fr"), city.citizen("fr")]
    for person in people:
        await person.arrives("c_1")
        await person.taps("Tout le texte")
    read: set[tuple[int, int]] = set()
    for what, who, n in moves:
        was_open = city.now < asked.closes
        before = {(each.id, each.edition) for each in await city.all(Comment)}
        await step(city, people[who], what, n)
        after = {(each.id, each.edition) for each in await city.all(Comment)}
        assert was_open or after == before  # nobody was refused here
        now_read = {(each.article_id, each.citizen_id) for each in await city.all(Reading)}
        assert read <= now_read
        read = now_read
    comments, reactions = await city.all(Comment), await city.all(Reaction)
    assert len({(each.article_id, each.citizen_id) for each in comments}) == len(comments)
    assert len({(each.comment_id, each.citizen_id) for each in reactions}) == len(reactions)


async def step(city, person, what, n):
    buttons = [pair for message in person.screen for pair in message.get("buttons", [])]
    leading = [value for lead in LEADS for value, label in buttons if label == lead]
    match what:
        case "lead" if leading:
            await person.presses(leading[n % len(leading)])
        case "press" if buttons:
            await person.presses(buttons[n % len(buttons)][0])
        case "say":
            await person.says(n)
        case "link":
            await person.says(f"/start ca_{n}")
        case "read":  # the staff publish what waits
            async with city.database.writing() as db:
                for each in await db.scalars(select(Comment).where(Comment.state == "waiting")):
                    await verdicts.decide(db, city.home.id, each.id, each.edition, None, city.now)
        case "later":
            city.now += timedelta(days=n)
