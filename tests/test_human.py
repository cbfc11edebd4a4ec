"""A human: a message for the service, its answer in the same conversation."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.incoming import Incoming
from bot.notices import tell
from flows.questions import Reply
from storage import messages, service_hours
from storage.audit import Audit
from storage.threads import MOST_AN_HOUR, Message, Thread


async def writes(person, words="Le lampadaire de ma rue ?"):
    await person.says("/human")
    await person.says(words)
    await person.taps("Envoyer")


async def test_a_message_gets_its_answer_in_the_same_conversation(city, channel):
    await city.found(phone="+212523480000")
    ada, hind = city.citizen("fr", channel), await city.member("agent", "Hind")
    await ada.arrives()
    await ada.says("bghit nhder m3a chi wahed")
    ada.sees("212523480000", "08:30", "Quelqu'un répond maintenant, jusqu'à 16:30", "Loi 09-08")
    await ada.says("Le lampadaire de ma rue ?")
    await ada.taps("Envoyer")
    ada.sees("arrivé au service", "BM-", "avant le 26 novembre 2026")
    await hind.says("/messages")
    hind.sees("BM-", "jour")
    await hind.says("1")
    hind.sees("Le lampadaire de ma rue ?")
    await hind.says("Il sera réparé lundi.")
    await hind.taps("Envoyer")
    hind.sees("Envoyé")
    await tell(city.database, city.now)
    await ada.looks()
    ada.sees("Il sera réparé lundi.", "Écrire à nouveau")
    await ada.says("/status")
    ada.sees("une réponse est arrivée")


async def test_the_same_in_darija(city):
    ada = city.citizen("ary")
    await ada.arrives()
    await ada.says("بغيت نهضر مع شي واحد")
    await ada.says("الضو ديال الزنقة")
    await ada.taps("نصيفط")
    ada.sees("وصل الميساج ديالكم للمصلحة")


async def test_what_is_written_next_joins_the_open_exchange(city):
    ada = city.citizen("fr")
    await ada.arrives()
    await writes(ada)
    await writes(ada, "J'ai oublié : rue 12.")
    assert len(await city.all(Thread)) == 1
    assert len(await city.all(Message)) == 2


async def test_a_message_is_neither_kept_in_clear_nor_logged(city):
    ada = city.citizen("fr")
    await ada.arrives()
    await writes(ada, "Mon voisin Youssef Alami")
    assert b"Youssef" not in await city.everything()


async def test_who_writes_too_often_is_told_from_when_on_and_nothing_is_lost(city):
    ada = city.citizen("fr")
    await ada.arrives()
    for number in range(MOST_AN_HOUR):
        await writes(ada, f"message {number}")
    await ada.says("/human")
    ada.sees("Réécrivez à partir de 13:00")
    city.now += timedelta(hours=1, minutes=1)
    await writes(ada, "encore")
    ada.sees("arrivé au service")


async def test_an_agent_who_has_a_message_in_hand_is_named_to_the_others(city):
    ada = city.citizen("fr")
    await ada.arrives()
    await writes(ada)
    hind, omar = await city.member("agent", "Hind"), await city.member("agent", "Omar")
    for person in (hind, omar):
        await person.says("/messages")
        await person.says("1")
    omar.sees("Hind s'en occupe")
    city.now += timedelta(minutes=16)
    await omar.says("/messages")
    await omar.says("1")
    omar.sees("Le lampadaire")
    assert {row.deed for row in await city.all(Audit)} == {"message.look"}


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_two_answers_at_once_one_is_sent(city):
    ada = city.citizen("fr")
    await ada.arrives()
    await writes(ada)
    hind, omar = await city.member("agent", "Hind"), await city.member("agent", "Omar")
    await hind.says("/messages")
    await hind.says("1")
    await hind.says("Réponse de Hind")
    city.now += timedelta(minutes=16)  # her hold lapses
    await omar.says("/messages")
    await omar.says("1")
    await omar.says("Réponse de Omar")
    other = await city.another_process()
    press = [
        next(value for value, label in person.screen[-1]["buttons"] if label == "Envoyer") for person in (hind, omar)
    ]
    await asyncio.gather(
        city.runner.receive(Incoming(hind.sender, "h", Reply(pressed=press[0]))),
        other.receive(Incoming(omar.sender, "o", Reply(pressed=press[1]))),
    )
    ours = [row for row in await city.all(Message) if row.staff_id]
    assert len(ours) == 1


async def test_a_conversation_with_the_service_goes_on_after_a_restart_at_each_question(city):
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/human")
    await city.restarts()
    await ada.says("Bonjour la commune")
    await city.restarts()
    await ada.taps("Envoyer")
    ada.sees("arrivé au service")


async def test_exchanges_are_forgotten_a_year_after_they_ended(city):
    ada = city.citizen("fr")
    await ada.arrives()
    await writes(ada)
    async with city.database.writing() as db:
        assert await messages.forget(db, city.now + timedelta(days=390)) == 0
        assert await messages.forget(db, city.now + timedelta(days=400)) == 1
    assert not await city.all(Message)


@pytest.mark.parametrize(
    ("now", "is_open", "answer_by"),
    [
        ("2026-11-24T07:29", False, "2026-11-26"),  # Tuesday, 8:29
        ("2026-11-24T07:30", True, "2026-11-26"),
        ("2026-11-24T15:29", True, "2026-11-26"),
        ("2026-11-24T15:30", False, "2026-11-26"),
        ("2026-11-27T12:00", True, "2026-12-01"),  # Friday: over the weekend
        ("2026-11-28T12:00", False, "2026-12-01"),
        ("2027-02-15T08:00", False, "2027-02-17"),  # Ramadan: the clock on the wall says 8:00
        ("2027-02-15T08:30", True, "2027-02-17"),
    ],
)
async def test_hours_are_those_of_the_clock_on_the_wall(city, now, is_open, answer_by):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert service_hours.is_open(city.home, moment) is is_open
    assert f"{service_hours.answer_by(city.home, moment):%Y-%m-%d}" == answer_by


async def test_who_comes_back_sees_the_last_answer_and_what_still_waits(city):
    ada, hind = city.citizen("fr"), await city.member("agent")
    await ada.arrives()
    await writes(ada)
    await ada.says("/human")
    ada.sees("attend une réponse, avant le 26 novembre 2026")
    await hind.says("/messages")
    await hind.taps("BM-")
    await hind.says("Lundi.")
    await hind.taps("Envoyer")
    await ada.says("/human")
    ada.sees("dernière réponse du service", "Lundi.")
    ada.does_not_see("attend une réponse")
    await writes(ada, "Quel lundi ?")
    await ada.says("/human")
    ada.sees("Lundi.", "attend une réponse")
