"""The staff: who may do what, what needs two people, and the trace that each deed leaves."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.notices import tell
from flows.chat import FlowMistake
from flows.registry import COORDINATORS, DEEDS, FLOWS, Deed, Flow
from storage import staff
from storage.approvals import Proposal
from storage.audit import Audit
from storage.citizens import Consent
from storage.staff import Staff


@pytest.fixture
def stage():
    """A deed of a test's own, done by /stamp."""
    flows, deeds = dict(FLOWS), dict(DEEDS)

    async def stamp(chat, about, ink):
        chat.db.add(Consent(citizen_id=chat.citizen.id, purpose=ink, notice="", given=chat.now))
        chat.say("Tamponné en {ink}.", ink=ink)

    async def ask(chat):
        ink = await chat.text("ink", "Quelle encre ?")
        await chat.do("test.stamp", 7, "Tamponner en {ink}", {"ink": ink}, ink=ink)

    async def bare(chat):
        await chat.text("ink", "Quelle encre ?")
        chat.db.add(Consent(citizen_id=chat.citizen.id, purpose="x", notice="", given=chat.now))
        chat.say("Fait.")

    DEEDS["test.stamp"] = Deed("test.stamp", stamp, COORDINATORS, ("ink",))
    FLOWS["stamp"] = Flow("stamp", ask, "Tampon", command="stamp", roles=COORDINATORS)
    FLOWS["bare"] = Flow("bare", bare, "Sans trace", command="bare", roles=COORDINATORS)
    yield
    FLOWS.clear()
    FLOWS.update(flows)
    DEEDS.clear()
    DEEDS.update(deeds)


async def deeds(city):
    return [(row.deed, row.about, row.details) for row in await city.all(Audit)]


async def stamped(city):
    return [row.purpose for row in await city.all(Consent)]


# Roles


@pytest.mark.parametrize("role", staff.ROLES)
async def test_help_shows_a_person_just_what_their_role_may_do(city, role):
    member = await city.member(role)
    await member.says("/help")
    for each in FLOWS.values():
        if each.roles and each.command and each.title:
            (member.sees if role in each.roles else member.does_not_see)(f"/{each.command} ")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_command_of_another_role_is_unknown(city):
    """Each role by each command: what is not for it is answered as what there is not."""
    for role in staff.ROLES:
        member = await city.member(role, role)
        for each in FLOWS.values():
            if each.roles and each.command and role not in each.roles:
                await member.says(f"/{each.command}")
                member.sees("Nous ne connaissons pas cette commande")


async def test_a_code_of_yesterday_makes_nobody_staff(city):
    async with city.database.writing() as db:
        code = await staff.invite(db, city.home.id, "Omar", "agent", city.now)
    omar = city.citizen("fr")
    await omar.arrives()
    city.now += staff.CODE_LASTS
    await omar.says(f"/staff {code}")
    omar.sees("Nous ne connaissons pas cette commande")
    assert not await city.all(Staff)


async def test_an_admin_invites_and_the_code_makes_the_other_staff(city):
    admin = await city.member("admin")
    await admin.says("/team")
    await admin.taps("Inviter")
    await admin.says("Omar")
    await admin.taps("agent")
    await admin.taps("Oui")
    code = admin.shown.split("<code>")[1].split("</code>")[0]
    omar = city.citizen("fr")
    await omar.arrives()
    await omar.says(code)
    omar.sees("Omar", "agent")
    assert [deed for deed, *_ in await deeds(city)] == ["staff.invite", "staff.enrol"]


async def test_a_role_ends_at_once_even_in_the_middle_of_a_flow(city, stage):
    admin, hind = await city.member("admin", "Nora"), await city.member("coordinator", "Hind")
    await hind.says("/stamp")
    await admin.says("/team")
    await admin.taps("Hind")
    await admin.taps("Oui")
    admin.sees("terminé")
    await hind.says("rouge")
    hind.does_not_see("Tamponné")
    assert await stamped(city) == []


async def test_an_admin_cannot_end_the_own_role(city):
    admin = await city.member("admin", "Nora")
    await admin.says("/team")
    admin.does_not_see("Fin : Nora")


# Two people


async def test_a_deed_is_done_at_once_where_no_setting_asks_for_two(city, stage):
    hind = await city.member("coordinator")
    await hind.says("/stamp rouge")
    hind.sees("Tamponné en rouge.")
    assert await deeds(city) == [("test.stamp", 7, {"ink": "rouge"})]


async def test_a_deed_that_needs_two_people_waits_for_the_second(city, stage):
    await city.found(two_people=["test.stamp"])
    hind, nora = await city.member("coordinator", "Hind"), await city.member("coordinator", "Nora")
    await hind.says("/stamp rouge")
    hind.sees("Une deuxième personne")
    assert await stamped(city) == []
    await tell(city.database, city.now)
    await nora.looks()
    nora.sees("Tamponner en rouge")
    await nora.taps("Voir")
    nora.sees("Hind")
    await nora.taps("D'accord")
    nora.sees("Tamponné en rouge.")
    assert await stamped(city) == ["rouge"]
    await tell(city.database, city.now)
    await hind.looks()
    hind.sees("Accepté")
    assert [details.get("proposed", details.get("approved")) for _, _, details in await deeds(city)] == [True, True]


async def test_nobody_approves_what_they_proposed(city, stage):
    await city.found(two_people=["test.stamp"])
    hind = await city.member("coordinator", "Hind")
    await hind.says("/stamp rouge")
    await hind.says("/approve")
    await hind.taps("Tamponner")
    hind.does_not_see("D'accord")
    await hind.taps("Oui")
    assert await stamped(city) == []
    assert (await city.all(Proposal))[0].is_approved is False


async def test_the_same_deed_is_proposed_once_at_a_time(city, stage):
    await city.found(two_people=["test.stamp"])
    hind, nora = await city.member("coordinator", "Hind"), await city.member("coordinator", "Nora")
    await hind.says("/stamp rouge")
    await nora.says("/stamp bleu")
    nora.sees("attend déjà")
    assert len(await city.all(Proposal)) == 1


async def test_a_proposal_that_nobody_approves_lapses(city, stage):
    await city.found(two_people=["test.stamp"])
    hind, nora = await city.member("coordinator", "Hind"), await city.member("coordinator", "Nora")
    await hind.says("/stamp rouge")
    city.now += timedelta(days=3, minutes=1)
    await nora.says("/approve")
    nora.sees("Rien n'attend")
    await hind.says("/stamp rouge")
    hind.sees("Une deuxième personne")


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_two_who_approve_at_once_do_it_once(city, stage):
    await city.found(two_people=["test.stamp"])
    people = [await city.member("coordinator", name) for name in ("Hind", "Nora", "Salma")]
    await people[0].says("/stamp rouge")
    for person in people[1:]:
        await person.says("/approve")
        await person.taps("Tamponner")
    other = await city.another_process()
    one, two = people[1:]
    buttons = [message["buttons"] for message in (one.screen[-1], two.screen[-1])]
    agree = [next(value for value, label in offered if "accord" in label) for offered in buttons]
    from bot.incoming import Incoming
    from flows.questions import Reply

    await asyncio.gather(
        city.runner.receive(Incoming(one.sender, "a1", Reply(pressed=agree[0]))),
        other.receive(Incoming(two.sender, "a2", Reply(pressed=agree[1]))),
    )
    assert await stamped(city) == ["rouge"]


# The audit


async def test_a_staff_flow_that_leaves_no_trace_is_a_mistake(city, stage):
    hind = await city.member("coordinator")
    await hind.says("/bare")
    with pytest.raises(FlowMistake, match="audit"):
        await hind.says("noir")


async def test_the_audit_can_be_read_and_not_be_changed(city, stage):
    hind, admin = await city.member("coordinator", "Hind"), await city.member("admin", "Nora")
    await hind.says("/stamp rouge")
    await admin.says("/audit")
    await admin.taps("test.stamp")
    admin.sees("Hind", "rouge")
    for statement in ("UPDATE audit SET deed = 'nothing'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="only grows"):
            async with city.database.writing() as db:
                await db.execute(text(statement))
    assert len(await city.all(Audit)) == 1


async def test_strangers_get_the_ordinary_unknown_command(city):
    ada = city.citizen("fr")
    await ada.arrives()
    for command in ("/team", "/audit", "/approve"):
        await ada.says(command)
        ada.sees("Nous ne connaissons pas cette commande")
    await ada.presses("@ap_1")
    ada.does_not_see("personne")


async def test_who_is_staff_no_more_has_a_row_that_ended(city):
    admin, _hind = await city.member("admin", "Nora"), await city.member("agent", "Hind")
    await admin.says("/team")
    await admin.taps("Hind")
    await admin.taps("Oui")
    assert {row.name: row.removed is None for row in await city.all(Staff)} == {"Nora": True, "Hind": False}
