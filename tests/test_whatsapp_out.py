"""What goes out to WhatsApp: the day after a message, templates, errors by their meaning, the pace."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from conftest import City
from graph_api import Fails, GraphApi, Phone
from whatsapp_line import Line, api_without_complaints, arrives, line

from bot import templates
from bot.channels.whatsapp_calls import Graph
from bot.channels.whatsapp_errors import meaning
from bot.channels.whatsapp_pace import NumberPace, Rates
from bot.channels.whatsapp_tier import NO_LIMIT, Tier
from bot.clock import try_again
from bot.notices import tell
from bot.outcomes import Refused, TryLater, Unreachable, Withheld
from flows.registry import NOTICES
from storage import fates, notices, outbox
from storage.citizens import Address, CitizenRow
from storage.database import vault
from storage.lines import Line as Ours
from storage.outbox import Batch, Outbound, Sealed

one_database = pytest.mark.parametrize("kind", ["sqlite"])
MENU = "Que souhaitez-vous faire"


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with api_without_complaints() as api:
        for template in templates.register().values():
            api.approve(
                *({**templates.handed_in(template, code), "id": f"{template.name} {code}"} for code in ("fr", "ary"))
            )
        yield api


@pytest.fixture
async def wire(city: City, api: GraphApi) -> AsyncIterator[Line]:
    city.runner.now = lambda: datetime.now(UTC)
    async with line(city, api) as wire:
        yield wire


@pytest.fixture
async def phone(api: GraphApi, wire: Line) -> Phone:
    phone = api.phone()
    await arrives(phone)
    return phone


async def says(city: City, *texts: str, to: Address | None = None, **more: Any) -> None:
    """Have Sawt say something to its one citizen, or to this one, out of turn."""
    address = to or (await city.all(Address))[0]
    async with city.database.writing() as db:
        sealed = [vault(db).seal({"text": text, "language": "fr", **more}) for text in texts]
        await outbox.add(db, [Sealed(address.id, sealed, Batch([], outbox.WAITING, "trace", datetime.now(UTC)))])


async def silence(city: City, phone: Phone, days: float = 2) -> None:
    """Days go by."""
    phone.last_wrote = time.time() - days * 24 * 3600
    (ours,) = await city.all(Ours)
    async with city.change(ours) as changed:
        changed.heard = datetime.now(UTC) - timedelta(days=days)


async def last(city: City, status: str, within: float = 8.0) -> Outbound:
    """The newest letter, once it has this status."""
    async with asyncio.timeout(within):
        while True:
            row = (await city.all(Outbound))[-1]
            if row.status == status:
                return row
            await asyncio.sleep(0.05)


# The day after a message


async def test_after_a_day_of_silence_what_has_no_template_waits_until_the_person_writes(
    city: City, phone: Phone
) -> None:
    await silence(city, phone)
    await says(city, "one", "two")
    assert (await last(city, outbox.HELD)).error == "outside_window"
    await phone.says("menu")
    await phone.sees("one", "two", MENU)
    assert [seen.text for seen in phone.news][:2] == ["one", "two"]  # in order, before the answer


@one_database
async def test_a_notice_goes_as_its_template_and_its_button_opens_what_it_tells(
    city: City, api: GraphApi, phone: Phone
) -> None:
    await silence(city, phone)
    told = {"kind": "message.answered", "values": {}, "opens": "@menu"}
    await says(city, "The whole answer, word for word.", told=told)
    await phone.sees("La commune a répondu")
    assert (await last(city, outbox.HELD)).template == "sawt_message_answered"
    (seen,) = [seen for seen in phone.news if seen.kind == "template"]
    assert seen.text.startswith("La commune a répondu")
    await phone.taps("Lire la réponse", on=seen)
    await phone.sees("The whole answer, word for word.", MENU)
    assert [seen.text for seen in phone.screen].count("The whole answer, word for word.") == 1


@one_database
async def test_a_planned_notice_reaches_the_post_with_the_values_of_its_text(city: City, phone: Phone) -> None:
    (citizen,) = await city.all(CitizenRow)

    async def says_it(chat: Any, about: int, _occasion: str) -> None:
        chat.say("<b>{title}</b>", title="Des <arbres> & bancs")
        chat.offer(f"p_{about}", "Voir")

    before = NOTICES.get("petition.moved")
    NOTICES["petition.moved"] = type(next(iter(NOTICES.values())))(says_it, is_asked=True)
    try:
        async with city.database.writing() as db:
            await notices.plan(db, citizen.id, "petition.moved", 7, "accepted", datetime.now(UTC))
        await silence(city, phone)
        assert await tell(city.database, datetime.now(UTC)) == 1
        await phone.sees("Du nouveau pour la pétition que vous suivez : Des <arbres> & bancs.", "Voir la suite")
        assert phone.news[-1].choices == [("@p_7", "Voir la suite")]
    finally:
        NOTICES.pop("petition.moved")
        if before:
            NOTICES["petition.moved"] = before


@one_database
async def test_an_answer_lost_on_its_way_is_sent_again_and_nothing_is_lost(
    city: City, api: GraphApi, phone: Phone
) -> None:
    api.fail(Fails(0, is_dropped=True), Fails(2, status=500), Fails(131016))
    await says(city, "one", "two", "three")
    assert await api.until(lambda: [seen.text for seen in phone.screen][-2:] == ["two", "three"], 15.0)
    assert [seen.text for seen in phone.screen].count("one") == 2


# Errors by their meaning


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ((131026, 131030), Unreachable),
        ((470, 131047, 131049, 131050, 132000, 132001, 132015, 131042), Withheld),
        ((130429, 131048, 131056, 4, 190, 10, 200, 368, 131031, 1, 131000), TryLater),
        ((100, 131008, 131009, 131051, 131053), Refused),
    ],
)
def test_each_error_means_what_meta_says(codes: tuple[int, ...], kind: type[Exception]) -> None:
    assert all(type(meaning(code, "OAuthException")) is kind for code in codes)


@one_database
@pytest.mark.parametrize("is_later", [False, True], ids=["at once", "later"])
@pytest.mark.parametrize("code", [470, 131047, 131049, 132000])
async def test_what_may_not_be_said_now_is_said_when_the_person_writes(
    city: City, api: GraphApi, phone: Phone, code: int, is_later: bool
) -> None:
    """The day is over (470, 131047); a template is kept from this person (131049), or is not as approved (132000)."""
    told = {}
    if code >= 131049:
        await silence(city, phone)
        told = {"told": {"kind": "message.answered", "values": {}, "opens": "@menu"}}
    api.fail(Fails(code, is_later=is_later))
    await says(city, "the news", **told)
    async with asyncio.timeout(8):
        while (row := await last(city, outbox.HELD)).template or not str(row.error).startswith(str(code)):
            await asyncio.sleep(0.05)
    assert (row.external_id, row.due > datetime.now(UTC) + timedelta(days=300)) == (None, True)
    assert "the news" not in phone.shown
    await phone.says("menu")
    await phone.sees("the news", MENU)


@one_database
@pytest.mark.parametrize("is_later", [False, True], ids=["at once", "later"])
async def test_a_person_who_cannot_be_reached_gets_no_more_until_they_write(
    city: City, api: GraphApi, phone: Phone, is_later: bool
) -> None:
    api.fail(Fails(131026, is_later=is_later))
    await says(city, "to nobody")
    assert (await last(city, outbox.FAILED)).message is None
    (address,) = await city.all(Address)
    assert address.unreachable_since
    await phone.says("menu")
    await phone.sees(MENU)
    (address,) = await city.all(Address)
    assert address.unreachable_since is None


@one_database
@pytest.mark.parametrize("is_later", [False, True], ids=["at once", "later"])
@pytest.mark.parametrize(
    ("code", "seconds", "others_too"), [(130429, 1, True), (131048, 3600, True), (131056, 6, False)]
)
async def test_too_fast_is_obeyed_for_as_long_and_for_whom_it_is_said(
    city: City, api: GraphApi, wire: Line, phone: Phone, code: int, seconds: int, others_too: bool, is_later: bool
) -> None:
    """For the number (130429), for people who complain of it (131048), for one person (131056)."""
    other = api.phone()
    await arrives(other)
    (first, _) = await city.all(Address)
    before, had = datetime.now(UTC), len(api.sent())
    api.fail(Fails(code, is_later=is_later))
    await says(city, "too much", to=first)
    status = outbox.HELD if is_later else outbox.WAITING
    async with asyncio.timeout(8):
        while (row := await last(city, status)).attempts == 0:
            await asyncio.sleep(0.02)
    assert timedelta(seconds=seconds - 1) < row.due - before < timedelta(seconds=seconds + 8)
    assert str(code) in str(row.error) if is_later else row.error == "TryLater"
    if seconds > 1:
        wire.post.look()  # it is not tried again before
        await other.says("menu")
        seen = await api.until(lambda: MENU in other.shown, 0.5 if others_too else 5.0)
        assert seen is not others_too
        assert len(api.sent()) - had <= is_later + (not others_too)


@one_database
async def test_a_letter_that_fails_again_and_again_after_it_was_taken_is_given_up(
    city: City, api: GraphApi, phone: Phone
) -> None:
    await says(city, "in vain")
    row = await last(city, outbox.SENT)
    for attempts, status in ((0, outbox.HELD), (3, outbox.HELD), (20, outbox.FAILED)):
        async with city.change(row) as changed:
            changed.status, changed.external_id, changed.attempts = outbox.HANDED, "wamid.VAIN", attempts
            changed.message = b"sealed"
        await api.deliver(phone.value({"statuses": [told_of("wamid.VAIN", 131000)]}))
        left = (await last(city, status)).due - datetime.now(UTC)
        if status == outbox.HELD:
            assert timedelta(seconds=30 * 2**attempts - 5) < left <= timedelta(seconds=30 * 2**attempts)


def told_of(id: str, code: int) -> dict[str, Any]:
    """A status of a letter that failed."""
    error = {"code": code, "title": "-", "message": "-", "error_data": {"details": "-"}}
    return {"id": id, "status": "failed", "timestamp": "1", "recipient_id": "1", "errors": [error]}


def test_too_fast_for_one_person_leaves_the_others_alone() -> None:
    pair, number, spam = (meaning(code, "") for code in (131056, 130429, 131048))
    assert isinstance(pair, TryLater)
    assert isinstance(number, TryLater)
    assert isinstance(spam, TryLater)
    assert (pair.is_for_all, number.is_for_all, spam.is_for_all) == (False, True, True)
    assert (pair.seconds or 0) >= 6
    assert (spam.seconds or 0) >= 600


@one_database
async def test_too_fast_for_the_number_pauses_it_and_loses_nothing(city: City, api: GraphApi, phone: Phone) -> None:
    api.fail(Fails(130429))
    began = time.monotonic()
    await says(city, "one", "two")
    assert await api.until(lambda: [seen.text for seen in phone.screen][-2:] == ["one", "two"], 10.0)
    assert time.monotonic() - began >= 1.0


@one_database
async def test_a_file_travels_once_and_again_when_meta_has_it_no_more(city: City, api: GraphApi, phone: Phone) -> None:
    api.expected.add(100)
    document = {"name": "dates.csv", "csv": {"tables": [{"title": "Dates", "rows": [["1"]]}]}}
    for uploads, is_kept in ((1, True), (1, True), (2, False)):
        if not is_kept:  # thirty days go by
            api.media.clear()
        await says(city, "the file", document=document)
        await last(city, outbox.SENT)
        assert phone.screen[-1].file.endswith(b"Dates\r\n1\r\n\r\n")
        assert len([call for call in api.calls if call.path.endswith("/media")]) == uploads


@one_database
async def test_a_refused_letter_does_not_hold_up_the_next(city: City, api: GraphApi, phone: Phone) -> None:
    api.fail(Fails(131009))
    await says(city, "bad", "good")
    await phone.sees("good")
    rows = await city.all(Outbound)
    assert [row.status for row in rows][-2] == outbox.FAILED


@one_database
async def test_a_number_that_may_begin_with_one_person_a_day_holds_the_second_for_a_while(
    city: City, api: GraphApi, wire: Line
) -> None:
    api.tier = "TIER_1"
    told = {"kind": "message.answered", "values": {}, "opens": "@menu"}
    phones = [api.phone(), api.phone()]
    for phone in phones:
        await arrives(phone)
        phone.last_wrote = 0
    for ours in await city.all(Ours):
        async with city.change(ours) as changed:
            changed.heard = datetime.now(UTC) - timedelta(days=2)
    one, two = await city.all(Address)
    for address in (one, two):
        async with city.database.writing() as db:
            letter = vault(db).seal({"text": "news", "language": "fr", "told": told})
            await outbox.add(db, [Sealed(address.id, [letter], Batch([], outbox.WAITING, "t", datetime.now(UTC)))])
        assert (await last(city, outbox.HELD)).template == ("sawt_message_answered" if address is one else None)
    assert await try_again(city.database, datetime.now(UTC)) == 0
    async with city.database.reading() as db:
        assert await fates.is_due_again(db, datetime.now(UTC) + timedelta(hours=1))


async def test_the_limit_is_the_step_to_which_meta_has_raised_the_number() -> None:
    async with GraphApi() as api:
        graph, steps = Graph(api.base, api.token), {"TIER_250": 250, "TIER_2K": 2000, "TIER_100K": 100_000}
        for step, people in {**steps, "TIER_UNLIMITED": NO_LIMIT, "TIER_NOT_SET": 250, "": 250}.items():
            api.tier = step
            tier = Tier(graph, api.number)
            assert (await tier.now(), await tier.now()) == (people, people)
        assert len(api.calls) == 6  # once an hour
        assert await Tier(graph, "999").now() == 250  # not to be had
        assert await Tier(graph, api.number, fixed=7).now() == 7
        await graph.close()


# The pace


async def test_a_number_writes_eighty_messages_a_second_and_no_more() -> None:
    pace, began = NumberPace(Rates()), time.monotonic()
    await asyncio.gather(*(pace.turn(f"person {number}") for number in range(41)))
    assert 0.5 <= time.monotonic() - began < 1.5


async def test_of_too_many_messages_to_one_person_the_rest_waits_until_those_before_are_paid_back() -> None:
    pace = NumberPace(Rates(per_second=1000))
    for _ in range(45):
        await pace.turn("ada")
    with pytest.raises(TryLater) as refused:
        await pace.turn("ada")
    assert 5 < (refused.value.seconds or 0) <= 6
    await pace.turn("nour")  # leaves the others alone


@one_database
async def test_one_person_gets_a_burst_and_then_one_message_in_so_many_seconds(city: City, api: GraphApi) -> None:
    city.runner.now = lambda: datetime.now(UTC)
    async with line(city, api, pair_burst=6, pair_seconds=0.5):
        phone = api.phone()
        await arrives(phone)
        had, began = len(phone.screen), time.monotonic()
        await says(city, *(str(number) for number in range(8)))
        assert await api.until(lambda: len(phone.screen) == had + 8, 15.0)
        assert [seen.text for seen in phone.screen][-8:] == [str(number) for number in range(8)]
        assert time.monotonic() - began >= 1.5  # three were said on arrival
