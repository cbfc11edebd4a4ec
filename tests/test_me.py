"""Me: what is kept of a person is theirs to see, to change, to take away and to have erased."""

import inspect
import json
import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_human import writes

from bot import clock
from bot.notices import tell
from flows.registry import NOTICES, Notice
from reports import drawings
from storage import media, notices, own_data, profiles
from storage.citizens import CitizenRow, Consent
from storage.petitions import Support
from storage.places import place
from storage.schema import Base
from storage.threads import Thread
from storage.vault import WrongKey


@pytest.fixture
async def ada(city):
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    return ada


async def number(city, person):
    async with city.database.reading() as db:
        found = await place(db, person.sender)
    return found.citizen_id


async def test_me_shows_what_was_chosen_and_leads_to_the_rest(city, channel):
    ada = city.citizen("fr", channel)
    await ada.arrives()
    await ada.says("moi")
    ada.sees("Langue : Français", "Quartier : non précisé", "Annonces de la commune : messages activés")
    await ada.taps("Mon quartier")
    await city.restarts()
    await ada.taps("Ourbiaa")
    ada.sees("Noté : Ourbiaa")
    await ada.says("/me")
    ada.sees("Quartier : Ourbiaa")
    for way in ("Mes sujets", "À propos de moi", "Mes consentements", "Mes données", "Tout effacer", "Langue"):
        await ada.taps(way)
        await ada.says("/me")


async def test_what_one_says_about_oneself_is_sealed_changed_and_erased(city, ada):
    await ada.says("/profile")
    ada.sees("Trois questions, si vous voulez", "Vous êtes", "Je préfère me taire")
    await ada.taps("Une femme")
    await ada.says("bof")
    ada.sees("Nous n'avons pas compris")
    await city.restarts()
    await ada.taps("25 à 34 ans")
    await ada.taps("Je préfère me taire")
    ada.sees("Merci, c'est noté")
    assert b"25_34" not in await city.everything()
    await ada.says("/profile")
    ada.sees("Une femme", "25 à 34 ans", "Je préfère me taire")
    await ada.taps("Effacer")
    ada.sees("C'est effacé")
    async with city.database.reading() as db:
        assert await profiles.of(db, await number(city, ada)) == (None, {})


async def test_it_is_proposed_under_a_receipt_once_and_never_before(city, ada):
    await city.petition("Des arbres")
    await city.petition("Un puits")
    await ada.says("/petitions")
    ada.does_not_see("Qui participe")
    await ada.supports("Des arbres")
    ada.sees("est enregistrée", "Qui participe ?")
    await ada.says("/petitions")
    await ada.taps("Un puits")
    await ada.taps("Soutenir")
    await ada.taps("moi")
    await ada.taps("Passer")
    await ada.taps("Confirmer")
    ada.sees("est enregistrée")
    ada.does_not_see("Qui participe")


# STOP


@pytest.mark.parametrize(
    ("language", "word", "back", "said", "question"),
    [
        ("fr", "STOP", "Infos", "vous ne recevrez plus nos annonces", "stop ?"),
        ("ary", "حبس", "الجديد", "مابقيناش غادي نصيفطو ليكم الإعلانات", "واش نحبس؟"),
    ],
)
async def test_stop_and_back_are_exact_words_that_work_in_the_middle_of_anything(
    city, language, word, back, said, question
):
    ada = city.citizen(language)
    await ada.arrives()
    await ada.says("/human")
    await ada.says(question)
    ada.does_not_see(said)
    await ada.says("/human")
    await ada.says(word)
    ada.sees(said)
    [row] = [row for row in await city.all(CitizenRow) if row.id == await number(city, ada)]
    assert row.stopped == city.now
    await ada.says("Bonjour la commune")  # the question is still open
    ada.sees("Bonjour la commune")
    await ada.says("/topics")  # where no button says the word that brings back
    await ada.says(back)
    [row] = [row for row in await city.all(CitizenRow) if row.id == await number(city, ada)]
    assert row.stopped is None


async def test_topics_go_on_and_off_and_a_double_tap_changes_nothing(city, ada):
    await ada.says("/topics")
    shown = ada.screen
    await ada.taps("Ateliers")
    ada.sees("Ateliers : messages coupés")
    await ada.taps("Ateliers", on=shown)
    async with city.database.reading() as db:
        assert await profiles.muted(db, await number(city, ada)) == {"workshops"}
    await ada.says("/topics")
    await ada.taps("☐ Ateliers")
    async with city.database.reading() as db:
        assert await profiles.muted(db, await number(city, ada)) == set()


@pytest.fixture
def unasked():
    """Something that nobody asked for."""

    async def run(chat, about, occasion):
        chat.say("Une annonce")

    NOTICES["test.unasked"] = Notice(run, is_asked=False)
    yield "test.unasked"
    del NOTICES["test.unasked"]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(["stop", "infos", "/stop", "/infos", "stop ?", "bonjour", "/me"]), max_size=5))
async def test_nothing_is_sent_to_who_said_stop_but_what_they_asked_for(city, unasked, words):
    ada = city.citizen("fr")
    await ada.arrives()
    for each in words:
        await ada.says(each)
    wishes = [word.strip("/") for word in words if word.strip("/") in ("stop", "infos")]
    has_stopped = wishes[-1:] == ["stop"]
    citizen = await number(city, ada)
    async with city.database.writing() as db:
        await notices.plan(db, citizen, "test.unasked", 1, str(city.now), city.now)
    await ada.looks()
    await tell(city.database, city.now)
    await ada.looks()
    assert bool(ada.screen) is not has_stopped


# Consents


async def test_consents_are_shown_and_withdrawn(city, ada):
    await ada.says("/consents")
    ada.sees("Vous n'avez encore consenti à rien")
    await city.petition("Des arbres")
    await ada.supports("Des arbres")
    await ada.says("/consents")
    ada.sees("Pétitions soutenues : accord donné le 24 novembre 2026")
    await ada.taps("Pétitions soutenues")
    ada.sees("nous oublions votre nom")
    await ada.taps("Retirer")
    ada.sees("Votre consentement est retiré")
    [consent] = await city.all(Consent)
    assert consent.withdrawn == city.now
    await city.petition("Un puits")
    await ada.says("/petitions")
    await ada.taps("Un puits")
    await ada.taps("Soutenir")
    ada.sees("J'accepte")  # asked anew


# My data


async def files(city, person):
    found = [message["document"] for message in person.screen if "document" in message]
    return [await drawings.drawn(file, city.database) for file in found]


async def test_my_data_are_all_that_is_kept_and_only_mine(city, ada):
    await city.petition("Des arbres")
    await ada.supports("Des arbres")
    await writes(ada, "Le lampadaire est cassé")
    omar = city.citizen("fr")
    await omar.arrives()
    await writes(omar, "Un secret d'Omar")
    await ada.says("mes données")
    await ada.taps("logiciel")
    [file] = await files(city, ada)
    kept = json.loads(file)
    assert kept["supports"][0]["name"] == "Ada Lahlou"
    assert kept["citizens"][0]["id_card"] == "I••••56"
    assert kept["messages"][0]["words"] == "Le lampadaire est cassé"
    assert "Omar" not in file.decode()


@pytest.mark.parametrize("language", ["fr", "ary"])
async def test_my_data_are_a_paper_to_be_read(city, language):
    ada = city.citizen(language)
    await ada.arrives()
    await writes(ada, "Le lampadaire") if language == "fr" else None
    await ada.says("/mydata")
    await ada.taps("PDF")
    [file] = await files(city, ada)
    assert file.startswith(b"%PDF")


# Erasure


async def test_after_erasure_nothing_of_the_person_is_left_anywhere(city, ada):
    await city.petition("Des arbres")
    deposited = await city.petition("Un puits")
    await ada.supports("Des arbres")
    await ada.says("/petitions")
    await ada.taps("Un puits")
    await ada.taps("Soutenir")
    await ada.taps("moi")
    await ada.taps("Passer")
    await ada.taps("Confirmer")
    async with city.change(deposited) as petition:
        petition.status = "deposited"
    await writes(ada, "Le lampadaire est cassé")
    citizen = await number(city, ada)
    async with city.database.writing() as db:
        await media.keep(db, city.home.id, citizen, "photo", "image/jpeg", b"a face", city.now)
        await notices.plan(db, citizen, "message.answered", 1, "1", city.now + timedelta(days=1))
    [person] = {support.person for support in await city.all(Support)}
    await ada.says("effacer")
    ada.sees("Nous allons effacer votre nom", "1 soutien a été déposé", "Vos votes restent")
    await ada.taps("Non")
    ada.sees("Rien n'a été effacé")
    assert person.encode() in await city.everything()
    await ada.says("/erase")
    await ada.taps("Tout effacer")
    ada.sees("Tout est effacé")
    everything = await city.everything()
    opened = await all_opened(city)
    for trace in ("Ada Lahlou", person, "I••••56", "123456", "lampadaire", "a face"):
        assert trace.encode() not in everything
        assert trace not in opened
    [left] = await city.all(Support)
    assert (left.petition_id, left.citizen_id, left.cin_mask) == (deposited.id, None, "")
    await ada.says("bonjour")
    ada.sees("Choisissez votre langue")
    assert not await tell(city.database, city.now + timedelta(days=2))


async def all_opened(city):
    """All that is sealed in the database, opened."""
    found = []
    async with city.database.reading() as db:
        for table in Base.metadata.sorted_tables:
            if table.name in ("data_key", "budget"):
                continue
            for row in await db.execute(table.select()):
                for value in row:
                    if isinstance(value, bytes):
                        try:
                            found.append(str(city.database.vault.open(value)))
                        except WrongKey:
                            found.append(str(city.database.vault.open_bytes(value)))
    return "\n".join(found)


async def test_who_is_of_the_staff_ends_that_first(city):
    zineb = await city.coordinator("fr")
    await zineb.says("/erase")
    zineb.sees("Vous faites partie de l'équipe")


# Kept no longer than the commune says


async def forgets(city):
    while await clock.forget(city.database, city.now):
        pass


async def test_what_a_process_knows_is_forgotten_when_its_time_is_over(city, ada):
    await city.found(keep_months=12, keep={"petitions": 2, "messages": 1})
    await city.petition("Des arbres", closes=city.now + timedelta(days=10))
    await ada.supports("Des arbres")
    await ada.says("/profile")
    for answer in ("Une femme", "25 à 34", "Je préfère"):
        await ada.taps(answer)
    await writes(ada, "Le lampadaire")
    began = city.now
    for days, supporter, message, identity in (
        (60, True, True, True),
        (72, False, False, True),
        (364, False, False, True),
        (368, False, False, False),
    ):
        city.now = began + timedelta(days=days)
        await forgets(city)
        [support] = await city.all(Support)
        [person] = [row for row in await city.all(CitizenRow) if row.cin_mask] or [None]
        assert (support.citizen_id is not None, bool(await city.all(Thread))) == (supporter, message), days
        assert (person is not None, bool(await city.all(profiles.Profile))) == (identity, identity), days


async def test_an_erased_account_stays_empty_for_a_month_and_is_then_forgotten(city, ada):
    name = ada.name.encode()
    await ada.says("/erase")
    await ada.taps("Tout effacer")
    for days, is_known in ((29, True), (32, False)):
        city.now += timedelta(days=days) if is_known else timedelta(days=3)
        await forgets(city)
        assert (name in await city.everything()) is is_known


# The account itself, roles, what lasts a day; who was told an announcement is a number of an empty account afterwards.
OTHERS = {"address", "conversation", "link_code", "link_try", "recipient", "staff"}


def test_every_table_about_a_person_is_erased_by_a_noun():
    classes = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}
    erasing = "".join(inspect.getsource(noun) for noun in own_data.NOUNS)
    tables = Base.metadata.tables.values()
    about = {table.name for table in tables if any(key.column.table.name == "citizen" for key in table.foreign_keys)}
    missing = {name for name in about - OTHERS if not re.search(rf"\b{classes[name].__name__}\b", erasing)}
    assert not missing, f"{missing}: write own_data and erase, and a line in storage/own_data.py"
