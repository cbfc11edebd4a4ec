"""What is open, planned and done near me: the right things, in order, whatever their number."""

from datetime import timedelta
from typing import Any

import pytest
from conftest import City, Person
from test_round_trips import MOST, counted, trips

from storage.bodies import Body
from storage.budgets import Project
from storage.communes import Commune
from storage.ideas import Idea
from storage.profiles import Profile
from storage.works import Work

__all__ = ["trips"]
one_database = pytest.mark.parametrize("kind", ["sqlite"])


async def body(city: City, title: str, opens: timedelta, closes: timedelta, quarter: str | None = "medina") -> Body:
    named = {"fr": title, "ar": title}
    row = Body(
        commune_id=city.home.id,
        slug=f"body-{title.replace(' ', '-')}",
        kind="quarter",
        title=named,
        short=named,
        about=named,
        seats=5,
        quotas={},
        min_age=18,
        youth_until=30,
        quarter=quarter,
        selection="staff",
        reply_days=7,
        opens=city.now + opens,
        closes=city.now + closes,
        tickets=[],
    )
    await city.has(row)
    return row


async def arrived(city: City, channel: str = "telegram", language: str = "fr") -> Person:
    person = city.citizen(language, channel)
    await person.arrives()
    return person


DAY = timedelta(days=1)


@one_database
async def test_works_take_the_place_of_the_result_and_ideas_are_counted(city: City) -> None:
    past = {"opens": city.now - 30 * DAY, "closes": city.now - 9 * DAY, "published": city.now - 8 * DAY}
    vote = await city.vote(**past)
    call = await city.vote(
        title={"fr": "Idées 2028", "ar": "أفكار 2028"},
        opens=city.now + 60 * DAY,
        closes=city.now + 90 * DAY,
        ideas_open=city.now - DAY,
        ideas_close=city.now + 9 * DAY,
    )
    ada = await arrived(city)
    await ada.says("/quartier")
    await ada.taps("médina")
    await ada.taps("Oui")
    ada.sees("Parc · résultat du vote")
    park = next(each for each in await city.all(Project) if each.budget_id == vote.id and each.place == "medina")
    for number, (step, words) in enumerate([("planned", "prévus"), ("begun", "depuis"), ("finished", "terminé le")]):
        await city.has(Work(project_id=park.id, step=step, note={}, entered=city.now))
        said = {"quarter": "medina", "receipt": f"BM-{number}", "channel": "web", "language": "fr", "note": {}}
        when = {"written": city.now, "changed": city.now, "day": city.today()}
        state = "published" if number else "waiting"
        await city.has(Idea(budget_id=call.id, said=b"", state=state, **said, **when))
        await ada.says("/quartier")
        ada.sees(words)
        ada.does_not_see("résultat du vote")
    ada.sees("Idées 2028 · idées du quartier : 2")


async def test_the_list_is_of_the_quarter_open_first_and_each_leads_there(city: City, channel: str) -> None:
    await city.vote()
    await city.vote(title={"fr": "Brouillon", "ar": "مسودة"}, is_draft=True)
    await city.workshop("Plus tard", quarter="medina", begins=city.now + 9 * DAY)
    await city.workshop("Annulé", quarter="medina", state="cancelled")
    await city.workshop("Ailleurs", quarter="ourbiaa")
    await city.workshop("Partout")
    await city.workshop("Passé", quarter="medina", begins=city.now - DAY)
    await city.workshop(
        "Compte rendu", quarter="medina", begins=city.now - 2 * DAY, minutes={"fr": "x"}, minutes_sent=1
    )
    await body(city, "Comité", -DAY, 3 * DAY)
    await city.petition("Un puits", quarter="medina", closes=city.now + 4 * DAY)
    await city.petition("Un pont", quarter="medina", status="deposited", closes=city.now - DAY)
    await city.petition("Un toit", quarter="medina", status="adopted", closes=city.now - 3 * DAY)
    await city.petition("Un four", quarter="medina", status="submitted")
    await city.petition("Une école", quarter="ourbiaa")
    await body(city, "Comité à venir", DAY, 5 * DAY)
    await body(city, "Comité d'avant", -9 * DAY, timedelta(0))
    ada = await arrived(city, channel)
    await ada.says("mon quartier")
    await ada.says("nulle part")
    ada.sees("Quel quartier")
    await ada.taps("Ancienne médina")
    await ada.taps("Non")
    ada.does_not_see("Un four", "Une école", "Banc", "Annulé", "Ailleurs", "Partout", "Passé", "Brouillon")
    shown = ada.shown
    order = ("Comité · cand", "Un puits · soutien", "Parc", "Un pont · au conseil", "Comité à venir", "Plus tard")
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    await ada.taps("Suite")
    shown = ada.shown
    order = ("Comité d'avant", "Compte rendu", "Un toit · close")
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    await ada.taps("Précédents")
    await ada.says("n'importe quoi")
    ada.sees("Que voulez-vous voir")
    await ada.taps("Plus tard")
    ada.sees("Maison des jeunes")
    await ada.says("/quartier")
    await ada.taps("Ancienne médina")
    await ada.taps("Non")
    await ada.taps("Un puits")
    ada.sees("Voulez-vous déclarer votre soutien")
    assert not [row.quarter for row in await city.all(Profile) if row.quarter]


@one_database
async def test_the_quarter_is_asked_once_and_another_can_be_looked_at(city: City) -> None:
    await city.vote()
    ada = await arrived(city, "web", "ary")
    await ada.says("الحي ديالي")
    await ada.taps("المدينة القديمة")
    await city.restarts()
    await ada.taps("نعم")
    ada.sees("جردة")
    await ada.says("/neighbourhood")
    ada.sees("جردة")
    await ada.taps("حي آخر")
    await ada.taps("أوربيع")
    ada.sees("دابا ماكاين والو محلول")
    [profile] = await city.all(Profile)
    assert profile.quarter == "medina"
    await city.found(quarters=[])
    await ada.says("/quartier")
    ada.sees("باقي ماحطاتش الأحياء")


@one_database
async def test_what_is_gone_or_of_another_commune_is_not_shown_by_its_number(city: City) -> None:
    vote = await city.vote()
    strange = Commune(slug="elsewhere", name={"fr": "Ailleurs", "ar": "بلاصة أخرى"}, settings={})
    await city.has(strange)
    theirs = await city.workshop("Le leur", quarter="medina", commune_id=strange.id)
    ada = await arrived(city)
    await ada.says("/quartier")
    await ada.taps("médina")
    await ada.taps("Oui")
    ada.does_not_see("Le leur")
    turn = ada.screen[-1]["buttons"][0][0].partition(":")[0]
    await ada.presses(f"{turn}:workshop_{theirs.id}_{theirs.id}")
    ada.does_not_see("Maison des jeunes")
    await ada.says("/quartier")
    async with city.change(vote) as row:
        row.closes = city.now
    await ada.taps("Parc")
    ada.does_not_see("Un Parc pour tous")


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_however_much_there_is_a_look_makes_at_most_six_round_trips(city: City, trips: Any) -> None:
    await city.vote()
    for number in range(12):
        await city.workshop(f"Visite {number}", quarter="medina")
    ada = await arrived(city)
    await ada.says("/quartier")
    await ada.says("Ancienne médina")
    await ada.says("Oui")
    for words in ("/quartier", "Suite", "/quartier", "Parc", "/other_quarter", "Ourbiaa"):
        made = await counted(trips, ada, words)
        assert len(made) <= MOST, (words, made)


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_helping_somebody_makes_no_message_dearer(city: City, trips: Any) -> None:
    await city.petition("Des arbres")
    ada = await arrived(city)
    for words in ("/help_other", "J'accepte", "Fatima Amrani"):
        assert len(await counted(trips, ada, words)) <= MOST
    await ada.says("J654321")
    for words in ("/petitions", "Des arbres", "Soutenir", "Passer"):
        assert len(await counted(trips, ada, words)) <= MOST
