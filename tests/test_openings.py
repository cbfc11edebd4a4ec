"""Surveys, councils and calls opened, extended and closed by the staff, and who is told of it."""

import asyncio
from datetime import timedelta

import pytest
from conversations.bodies import has_body
from conversations.calls import has_call
from conversations.openings import applies
from conversations.surveys import has_survey

from bot.notices import tell
from storage.audit import Audit
from storage.bodies import Body
from storage.calls import Call
from storage.notices import Notice

ON_SQLITE = pytest.mark.parametrize("kind", ["sqlite"])
HAS = {"survey": has_survey, "body": has_body, "call": has_call}


async def dates(person, noun):
    await person.says(f"/{noun}")
    if noun != "call":  # the only one is taken without asking
        await person.taps({"survey": "Participer", "body": "Conseil des jeunes"}[noun])
    if noun != "survey":
        await person.taps("Ses dates")


@ON_SQLITE
@pytest.mark.parametrize("noun", HAS)
async def test_what_is_planned_is_opened_extended_and_closed_for_good(city, noun):
    row = await HAS[noun](city, opens=city.now + timedelta(days=2))
    hind = await city.member("coordinator", "Hind")
    await dates(hind, noun)
    hind.does_not_see("Le clore maintenant")
    await hind.taps("L'ouvrir maintenant")
    await hind.taps("Oui")
    hind.sees("C'est ouvert")
    await dates(hind, noun)
    await hind.taps("Le prolonger")
    await hind.says("01/01/2020")
    hind.sees("Ce moment est passé")
    await hind.says("25/11/2026")
    hind.sees("Rien n'a changé")
    await dates(hind, noun)
    await hind.taps("Le prolonger")
    await hind.says("31/01/2027")
    hind.sees("31 janvier 2027")
    await hind.taps("Oui")
    hind.sees("C'est fait")
    city.now += timedelta(minutes=1)
    await dates(hind, noun)
    await hind.taps("Le clore maintenant")
    await hind.taps("Oui")
    hind.sees("C'est clos")
    await hind.says(f"/{noun}")
    if noun != "call":
        await hind.taps({"survey": "Participer", "body": "Conseil"}[noun])
    hind.does_not_see("Ses dates", "Le prolonger")
    [after] = [each for each in await city.all(type(row)) if each.id == row.id]
    assert after.closes == city.now
    assert [each.deed for each in await city.all(Audit)] == [f"{noun}.{act}" for act in ("open", "extend", "end")]


@ON_SQLITE
async def test_who_applied_is_told_once_and_in_their_language(city):
    await has_body(city)
    ada, nour = city.citizen("ary"), city.citizen("fr")
    await applies(ada)
    await nour.arrives()
    hind = await city.member("coordinator", "Hind")
    await dates(hind, "body")
    await hind.taps("Le prolonger")
    await hind.says("31/01/2027")
    await hind.taps("Oui")
    for _again in range(2):
        await tell(city.database, city.now)
    await ada.looks()
    ada.sees("تمدد حتى ل31 يناير 2027")
    await nour.looks()
    assert not nour.screen
    assert len(await city.all(Notice)) == 1


@ON_SQLITE
async def test_an_agent_changes_no_dates(city):
    await has_call(city)
    agent = await city.member("agent", "Agent")
    await agent.says("/call")
    agent.does_not_see("Ses dates")
    await agent.says("/survey")
    agent.sees("Nous ne connaissons pas cette commande")


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_two_who_close_at_once_close_once(city):
    await has_body(city)
    people = [await city.member("coordinator", name) for name in ("Hind", "Zineb")]
    for each in people:
        await dates(each, "body")
        await each.taps("Le clore maintenant")
    await asyncio.gather(*(each.taps("Oui") for each in people))
    assert sorted("C'est clos" in each.shown for each in people) == [False, True]
    assert len(await city.all(Audit)) == 1
    assert [each.closes for each in await city.all(Body)] == [city.now]


@ON_SQLITE
async def test_a_call_that_is_announced_but_not_open_is_seen_by_the_staff_alone(city):
    await has_call(city, opens=city.now + timedelta(days=2))
    hind, ada = await city.member("coordinator", "Hind"), city.citizen("fr")
    await ada.arrives()
    await ada.says("/calls")
    ada.does_not_see("Projets conjoints")
    await hind.says("/call")
    hind.sees("Projets conjoints")
    assert await city.all(Call)
