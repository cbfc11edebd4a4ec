"""WhatsApp over real HTTP: what people write and tap on their phones is what the commune counts."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from conftest import City
from graph_api import GraphApi, Phone
from graph_api_rules import check
from sqlalchemy import func, select
from whatsapp_line import VERIFY, Line, api_without_complaints, arrives, line, opens_name, supports

from bot.channels import whatsapp_letters
from storage import outbox, places, staff
from storage.arrivals import Inbound
from storage.ballots import Ballot, Choice
from storage.citizens import Address, CitizenRow
from storage.conversations import Sender
from storage.lines import Line as Ours
from storage.lines import Who
from storage.media import Media
from storage.outbox import Outbound
from storage.petitions import Support

one_database = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with api_without_complaints() as api:
        yield api


@pytest.fixture
async def wire(city: City, api: GraphApi) -> AsyncIterator[Line]:
    city.runner.now = lambda: datetime.now(UTC)  # WhatsApp tells the time
    async with line(city, api) as wire:
        yield wire


@pytest.fixture
def phone(api: GraphApi, wire: Line) -> Phone:
    return api.phone()


# Whole conversations


async def test_a_petition_is_supported_in_french(city: City, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await supports(phone)
    (support,) = await city.all(Support)
    assert support.channel == "whatsapp"
    assert support.receipt in phone.shown


@one_database
async def test_a_vote_is_cast_in_darija_and_each_tap_is_answered_briefly(city: City, api: GraphApi, wire: Line) -> None:
    await city.vote()
    phone = api.phone()
    await arrives(phone, "ary")
    await phone.taps("التصويت")
    await phone.taps("نصوت دابا")
    (question,) = await phone.sees("☐ جردة", "☐ كرسي")
    assert question.kind == "list"
    await phone.taps("☐ جردة")
    (state,) = await phone.sees("☑ جردة")
    assert len(state.text) < len(question.text) / 2
    assert "مشروع واحد من 2" in state.text
    await phone.taps("☐ كرسي", on=question)  # an old list of the same question
    await phone.sees("☑ جردة", "☑ كرسي")
    await phone.taps("☑ كرسي")
    await phone.sees("☑ جردة", "☐ كرسي")
    await phone.taps("ساليت")
    await phone.taps("نأكد الصوت ديالي")
    await phone.sees("تسجل الصوت ديالكم")
    assert len(await city.all(Ballot)) == len(await city.all(Choice)) == 1


@one_database
async def test_the_tally_shows_its_chart_which_travels_once(city: City, api: GraphApi, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    async with city.database.writing() as db:
        place = await places.place(db, await _sender(city))
        assert place
        await staff.add(db, city.home.id, place.citizen_id, "Zineb", "coordinator", city.now)
    for _ in range(2):
        await phone.says("/tally")
        await phone.sees("Le décompte de quoi")
        await phone.taps("Des arbres", on=phone.news[-1])
        news = await phone.sees("Soutiens déclarés", within=20)
        assert any(seen.file.startswith(b"\x89PNG") for seen in news)
    assert len([call for call in api.calls if call.path.endswith("/media")]) == 1


async def _sender(city: City) -> Sender:
    (known,) = await city.all(Ours)
    return Sender(city.home.id, "whatsapp", known.key)


@one_database
async def test_a_deep_link_leads_to_its_petition_after_the_welcome(city: City, phone: Phone) -> None:
    petition = await city.petition()
    await arrives(phone, link=f"P_{petition.id}")
    await phone.sees("Des arbres", "Soutenir")


@one_database
async def test_a_list_longer_than_ten_is_turned_page_by_page(city: City, phone: Phone) -> None:
    quarters = [{"id": f"q{n}", "name": {"ar": f"حي {n}", "fr": f"Quartier {n}"}} for n in range(1, 26)]
    await city.found(quarters=quarters)
    await city.petition()
    await arrives(phone)
    await opens_name(phone)
    await phone.says("Ada Lahlou")
    await phone.sees("numéro de CIN")
    await phone.says("I123456")
    (first,) = await phone.sees("Quartier 1", "Suite")
    assert len(first.choices) <= 10
    await phone.taps("Suite")
    (second,) = await phone.sees("Quartier 8", "Précédents")
    await phone.taps("Suite", on=second)
    await phone.sees("Quartier 16")
    await phone.taps("Quartier 20")
    await phone.sees("Confirmer")
    await phone.taps("Confirmer")
    await phone.sees("est enregistrée")
    (support,) = await city.all(Support)
    assert support.quarter == "q20"


# Who is who


async def test_a_person_is_found_again_with_and_without_number_and_user_id(
    city: City, api: GraphApi, wire: Line
) -> None:
    phone = api.phone(user="")  # as before 2026
    await arrives(phone)
    phone.user = "MA.77001"
    await phone.says("menu")
    await phone.sees("Que souhaitez-vous faire")
    phone.number, number = "", phone.number  # a username: the number is not shown any more
    await phone.says("menu")
    await phone.sees("Que souhaitez-vous faire")
    phone.number = f"{number}9"  # a new number under the same user id
    await phone.says("menu")
    await phone.sees("Que souhaitez-vous faire")
    phone.user = "MA.77002"  # a new user id with the same number
    await phone.says("menu")
    await phone.sees("Que souhaitez-vous faire")
    assert len(await city.all(CitizenRow)) == len(await city.all(Ours)) == 1


@one_database
async def test_a_person_without_a_number_is_answered_at_the_user_id(api: GraphApi, wire: Line) -> None:
    phone = api.phone(number="")
    await arrives(phone)
    assert {message["recipient"] for message in api.sent()} == {phone.user}
    assert all("to" not in message for message in api.sent())


async def test_a_change_of_number_is_told_and_a_number_given_to_somebody_else_is_a_stranger(
    city: City, api: GraphApi, wire: Line
) -> None:
    phone = api.phone()
    await arrives(phone)
    old, phone.user, phone.number = (phone.user, phone.number), "MA.88002", "212600088002"
    system = {
        "body": "User A changed",
        "type": "user_changed_number",
        "wa_id": phone.number,
        "user_id": phone.user,
        "previous_user_id": old[0],
    }
    event = {"from": old[1], "id": "wamid.SYS1", "timestamp": "1", "type": "system", "system": system}
    await api.deliver({**api.metadata, "messages": [event]})
    await phone.says("menu")
    await phone.sees("Que souhaitez-vous faire")
    assert len(await city.all(CitizenRow)) == 1
    async with city.database.writing() as db:
        (ours,) = (await db.scalars(select(Ours))).all()
        ours.heard = datetime(2026, 1, 5, tzinfo=UTC)  # long ago
    number, phone.number = phone.number, ""
    somebody = api.phone(user="MA.99001", number=number)
    await somebody.says("salam")
    await somebody.sees("Choisissez votre langue")
    assert len(await city.all(CitizenRow)) == 2


@one_database
async def test_two_first_webhooks_at_once_make_one_person(city: City, api: GraphApi, wire: Line) -> None:
    phone = api.phone()
    await asyncio.gather(*(phone.says("salam") for _ in range(6)))
    await phone.sees("Choisissez votre langue")
    assert len(await city.all(CitizenRow)) == len(await city.all(Address)) == 1


# What Meta delivers


@one_database
async def test_only_who_knows_the_verify_token_is_told_the_challenge(wire: Line) -> None:
    right = {"mode": "subscribe", "verify_token": VERIFY, "challenge": "1158201444"}
    assert await wire.verify(**right) == (200, "1158201444")
    for wrong in ({"verify_token": "x"}, {"verify_token": ""}, {"verify_token": "صوت"}, {"mode": "unsubscribe"}):
        status, said = await wire.verify(**{**right, **wrong})
        assert (status, "1158201444" in said) == (403, False)


@one_database
async def test_a_webhook_that_is_not_signed_changes_nothing(
    city: City, api: GraphApi, wire: Line, phone: Phone
) -> None:
    event = {**phone.named(), "id": "wamid.X", "timestamp": "1764000000", "type": "text", "text": {"body": "salam"}}
    value = phone.value({"messages": [event]})
    body = json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}).encode()
    for signature in ("", "sha256=", "sha256=00", "sha1=abc", "sha256=" + "0" * 64, "sha256=é"):
        assert await api.knock(body, signature) == 403
    assert await city.all(Inbound) == []
    for broken in (b"", b"{", b"[]", b'{"object": "page"}', b"\xff", b"null"):
        assert await api.knock(broken) == 400
    assert await api.knock(body) == 200
    assert len(await city.all(Inbound)) == 1


@one_database
async def test_unknown_kinds_are_acknowledged_and_kept_as_such(city: City, api: GraphApi, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await opens_name(phone)
    before = len(phone.screen)
    for kind, content in (("reaction", {"message_id": "wamid.OUT1", "emoji": "❤"}), ("revoke", {}), ("edit", {})):
        await phone.sends(kind, content)  # these ask for no answer
    await asyncio.sleep(0.2)
    assert len(phone.screen) == before
    for kind, content in (
        ("image", {"id": "1", "mime_type": "image/jpeg", "sha256": "x", "caption": "Ada Lahlou"}),
        ("audio", {"id": "2", "mime_type": "audio/ogg; codecs=opus", "sha256": "x", "voice": True}),
        ("document", {"id": "3", "mime_type": "application/pdf", "sha256": "x", "filename": "a.pdf"}),
        ("location", {"latitude": 32.3, "longitude": -6.3}),
        ("contacts", [{"name": {"formatted_name": "A"}, "phones": []}]),
        ("unsupported", {}),
        ("a_kind_of_next_year", {"id": 1}),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}),
    ):
        if kind == "interactive":
            await api.deliver(phone.value({"messages": [{**phone.named(), "id": "wamid.F", "timestamp": "1764000000",
                              "type": kind, kind: content}]}), {})  # fmt: skip
        else:
            await phone.sends(kind, content)
        await phone.sees("Il nous faut ici une réponse écrite", "nom complet")
    for unreadable in ({"type": "text"}, {"type": 5}, {"id": 1, "type": "text", "text": {"body": "x"}}, {}):
        assert await api.deliver(phone.value({"messages": [{**phone.named(), **unreadable}]}), {}) == 200
    assert await api.deliver({"messages": "no list"}, {}) == 200
    await phone.says("Ada Lahlou")
    await phone.sees("numéro de CIN")
    async with city.database.reading() as db:
        assert await db.scalar(select(func.count()).select_from(Inbound)) == 19


async def test_every_message_of_a_batch_is_answered_in_order_and_a_repeat_changes_nothing(
    city: City, api: GraphApi, wire: Line
) -> None:
    people = [api.phone() for _ in range(3)]
    for phone in people:
        await arrives(phone)
    values: list[dict[str, Any]] = []
    for n, words in enumerate(("/petitions", "/vote", "aide", "menu")):
        for phone in people:
            event = {**phone.named(), "id": f"wamid.B{n}{phone.user}", "timestamp": "1764000000", "type": "text"}
            values.append(phone.value({"messages": [{**event, "text": {"body": words}}]}))
    before = [len(phone.screen) for phone in people]
    assert await api.deliver(*values) == 200
    for phone, had in zip(people, before, strict=True):

        def is_asked(phone=phone, had=had):
            return any("Que souhaitez-vous faire" in seen.text for seen in phone.screen[had:][-1:])

        assert await api.until(is_asked, 5.0)
    assert (
        len({tuple(seen.text for seen in phone.screen[had:]) for phone, had in zip(people, before, strict=True)}) == 1
    )
    letters = len(await city.all(Outbound))
    for _ in range(2):
        assert await api.deliver(*values) == 200
    assert len(await city.all(Outbound)) == letters


@one_database
async def test_fifty_messages_in_a_second_are_served_in_order_and_answered_once_each(
    city: City, api: GraphApi, phone: Phone
) -> None:
    await arrives(phone)
    had = len(phone.screen)
    await asyncio.gather(*(phone.says(f"/nothing{n}") for n in range(50)))
    async with city.database.reading() as db:
        rows = (await db.scalars(select(Outbound.id).order_by(Outbound.id))).all()
    assert len(rows) == had + 50
    assert await api.until(lambda: len(phone.screen) >= had + 35, 10.0)  # then the pair limit slows the rest
    assert not api.complaints


@one_database
async def test_what_was_read_gets_its_ticks_and_the_log_no_number(
    city: City, api: GraphApi, phone: Phone, capsys: pytest.CaptureFixture[str]
) -> None:
    await arrives(phone)
    assert await api.until(lambda: len(phone.read) >= 3, 5.0)
    typing = [call.values for call in api.calls if call.values.get("status") == "read"]
    assert all(each["typing_indicator"] == {"type": "text"} for each in typing)
    logged = capsys.readouterr()
    everything = (logged.out + logged.err).encode() + await city.everything()
    assert phone.number.encode() not in everything
    assert phone.user.encode() not in everything


@one_database
async def test_what_was_delivered_is_forgotten_and_its_fate_is_known(city: City, api: GraphApi, phone: Phone) -> None:
    await arrives(phone)
    await api.deliver(phone.value({"statuses": [{"id": phone.screen[-1].id, "status": "read", "timestamp": "1",
                                                 "recipient_id": phone.number}]}))  # fmt: skip
    async with asyncio.timeout(5):
        while any(row.status != outbox.SENT for row in await city.all(Outbound)):
            await asyncio.sleep(0.05)
    rows = await city.all(Outbound)
    assert all(row.message is None for row in rows)
    assert [row.arrived for row in rows][-1] == "read"


# What people send, and what is shown to them


@one_database
async def test_a_voice_note_reaches_the_service_and_an_answer_in_voice_the_person(
    city: City, api: GraphApi, phone: Phone
) -> None:
    await arrives(phone)
    voice = b"OggS\x00\x02" + bytes(20) + b"\x01OpusHead" + bytes(200)
    api.media["in1"] = "audio/ogg", voice
    api.media["in2"] = "application/zip", b"PK\x03\x04" + bytes(100)
    api.media["in3"] = "image/jpeg", b"\xff\xd8\xff" + bytes(6_000_000)
    await phone.says("/human")
    await phone.sees("un vocal")
    await phone.sends("document", {"id": "in2", "mime_type": "application/zip", "sha256": "x", "filename": "a.zip"})
    await phone.sees("Nous ne pouvons pas ouvrir")
    await phone.sends("image", {"id": "in3", "mime_type": "image/jpeg", "sha256": "x"})
    await phone.sees("trop lourd")
    await phone.sends("image", {"id": "gone", "mime_type": "image/jpeg", "sha256": "x"})
    await phone.sees("pas reçu")
    api.complaints.remove("gone: 100 Unsupported GET gone {}")
    api.expired = 1  # links to media are good for minutes: the next one is asked for
    await phone.sends("audio", {"id": "in1", "mime_type": "audio/ogg; codecs=opus", "sha256": "x", "voice": True})
    await phone.taps("Envoyer")
    await phone.sees("est arrivé")
    (kept,) = await city.all(Media)
    assert (kept.kind, kept.type) == ("voice", "audio/ogg")
    async with city.database.writing() as db:
        place = await places.place(db, await _sender(city))
        assert place
        await staff.add(db, city.home.id, place.citizen_id, "Hind", "agent", city.now)
    await phone.says("/messages")
    await phone.sees("Lequel")
    await phone.says("1")
    assert await api.until(lambda: any(seen.kind == "audio" for seen in phone.news), 5.0)
    assert next(seen.file for seen in phone.news if seen.kind == "audio") == voice


def test_one_link_alone_is_a_button_that_opens_it() -> None:
    sent = whatsapp_letters.written({"text": "Ici : https://exemple.invalid/a", "language": "fr"})
    check({**whatsapp_letters.addressed(sent, Who(phone="212600000001"))})
    parameters = sent["interactive"]["action"]["parameters"]
    assert parameters == {"display_text": "Ouvrir le lien", "url": "https://exemple.invalid/a"}
    assert whatsapp_letters.marked("<b>A*b</b> &amp; <code>BM-1</code>") == "*A∗b* & BM-1"
