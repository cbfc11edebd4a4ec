"""What happens by itself: the morning summary, reminders, the clock that one process keeps, and what is seen of it."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession, web
from conftest import City
from sqlalchemy import update

from bot import clock, metrics
from bot.clock import Clock, alert, forget, sum_up
from bot.notices import tell
from bot.reminders import remind
from bot.server import application
from storage import summaries, ticks
from storage.announcements import Announcement, Recipient
from storage.audit import Audit
from storage.media import Media
from storage.notices import Notice
from storage.outbox import FAILED, WAITING, Outbound


async def begins(person, petition: str = "Des arbres") -> None:
    """Up to the question for the name."""
    await person.says("/petitions")
    await person.taps(petition)
    await person.taps("Soutenir")
    await person.taps("accepte")


async def told(city: City, person) -> bool:
    await tell(city.database, city.now)
    await person.looks()
    return bool(person.screen)


async def writes(person, words: str) -> None:
    await person.says("/human")
    await person.says(words)
    await person.taps("Envoyer")


async def test_who_wants_it_hears_of_what_comes_in_once_an_hour_and_never_at_night(city: City) -> None:
    ada, souad, nour = (city.citizen("fr") for _person in range(3))
    for person in (ada, souad, nour):
        await person.arrives()
    hind, omar = await city.member("agent"), await city.member("agent", "Omar")
    zineb = await city.coordinator()
    await zineb.says("/summary")
    await zineb.taps("Oui")  # which brings this along
    await hind.says("/alerts")
    hind.sees("une fois par heure au plus", "Voulez-vous en être averti")
    await city.restarts()
    await hind.taps("Oui")
    assert await alert(city.database, city.now) == 0  # nothing waits
    async with city.database.writing() as db:
        for home in await summaries.wanted(db, city.now):
            await summaries.plan(db, home, city.now - timedelta(hours=2))
    await tell(city.database, city.now)
    await zineb.looks()
    await writes(ada, "Le lampadaire ?")
    await asyncio.gather(alert(city.database, city.now), alert(city.database, city.now))
    for person in (hind, zineb):
        assert await told(city, person)
        person.sees("Du nouveau est arrivé", "Message 1", "Voir ce qui attend")
    assert not await told(city, omar)
    city.now += timedelta(minutes=30)
    await writes(souad, "Et la fontaine ?")
    assert await alert(city.database, city.now) == 0  # too soon
    city.now += timedelta(minutes=30)
    assert await alert(city.database, city.now) == 1
    assert await told(city, hind)
    hind.sees("Message 2")
    await hind.taps("Voir ce qui attend")
    hind.sees("Les plus anciens d'abord")
    city.now += timedelta(hours=2)
    assert await alert(city.database, city.now) == 0  # it is known already
    await told(city, zineb)
    await zineb.says("/alerts")
    await zineb.taps("Non")
    city.now = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    await writes(nour, "Il fait nuit")
    assert await alert(city.database, city.now) == 0  # people sleep
    city.now = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    assert await alert(city.database, city.now) == 1
    assert await told(city, hind)
    assert not await told(city, zineb)
    assert [row.details for row in await city.all(Audit)] == [{"wanted": True}, {"wanted": True}, {"wanted": False}]


async def test_who_wants_it_is_told_each_morning_once_and_after_days_of_being_off(city: City) -> None:
    petition = await city.petition("Des arbres", closes=city.now + timedelta(days=2))
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.supports("Des arbres")
    zineb, nora = await city.coordinator(), await city.member("coordinator", "Nora")
    await zineb.says("/summary")
    zineb.sees("Participations hier : 0", "Rien ne vous attend", "Ferme le 26 novembre 2026", "Des arbres")
    await zineb.taps("Oui")
    zineb.sees("chaque matin")
    assert [row.details for row in await city.all(Audit)] == [{"wanted": True}]
    city.now = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # seven in the morning: people sleep
    assert await sum_up(city.database, city.now) == 0
    city.now += timedelta(hours=1)
    await asyncio.gather(sum_up(city.database, city.now), sum_up(city.database, city.now))
    assert await told(city, zineb)
    zineb.sees("Participations hier : 1", "Ferme le 26 novembre")
    assert not await told(city, nora)
    assert await sum_up(city.database, city.now + timedelta(hours=3)) == 0
    city.now += timedelta(days=2, hours=5)  # off for two days: one summary, today's
    await sum_up(city.database, city.now)
    assert await told(city, zineb)
    assert len(zineb.screen) == 1
    await zineb.says("/summary")
    await zineb.taps("Non")
    city.now += timedelta(days=1)
    assert await sum_up(city.database, city.now) == 0
    assert petition.closes < city.now


async def test_who_began_and_did_not_finish_is_reminded_twice_at_most(city: City) -> None:
    petition = await city.petition("Des arbres", closes=city.now + timedelta(days=8))
    await city.petition("Un puits", closes=city.now + timedelta(days=60))
    begun, parked, finished, looked, far = [city.citizen("fr", "whatsapp") for _ in range(5)]
    for person in (begun, parked, finished, looked, far):
        await person.arrives()
    for person in (begun, parked):
        await begins(person)
    await parked.says("menu")
    await finished.supports("Des arbres")
    await looked.says("/petitions")
    await begins(far, "Un puits")
    assert await remind(city.database, city.now) == 0
    city.now += timedelta(days=1, hours=11)  # 23:00
    for _ in range(2):
        await remind(city.database, city.now)
    assert not await told(city, begun)
    city.now += timedelta(hours=9)  # 8:00
    for person in (begun, parked):
        assert await told(city, person)
        person.sees("Des arbres", "sans finir", "2 décembre 2026")
    for person in (finished, looked, far):
        assert not await told(city, person)
    await begun.taps("Participez")
    begun.sees("Voulez-vous déclarer votre soutien")
    await begun.supports("Des arbres", "Ada Lahlou", "I765432")  # moot by the second time
    city.now = petition.closes - timedelta(hours=40)
    await remind(city.database, city.now)
    assert await told(city, parked)
    assert not await told(city, begun)
    city.now += timedelta(hours=20)
    await remind(city.database, city.now)
    assert not await told(city, parked)
    assert len([row for row in await city.all(Notice) if row.kind == "unfinished.petition"]) == 3


async def test_stop_means_no_reminder(city: City) -> None:
    await city.petition("Des arbres", closes=city.now + timedelta(days=5))
    ada = city.citizen("fr")
    await ada.arrives()
    await begins(ada)
    await remind(city.database, city.now)
    await ada.says("/stop")
    assert not await told(city, ada)


async def test_what_has_had_its_time_is_forgotten(city: City) -> None:
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    [place] = await city.all(metrics.health.Address)
    old = city.now - timedelta(days=61)
    row = Announcement(
        commune_id=city.home.id,
        citizen_id=1,
        texts={"fr": "Ancien"},
        kind="text",
        opens=[],
        audience={},
        state="done",
        due=old,
        written=old,
        ended=old,
    )
    await city.has(row)
    at = {"citizen_id": place.citizen_id, "address_id": place.id, "channel": "telegram", "handed": old}
    await city.has(Recipient(announcement_id=row.id, **at))
    sent = {"address_id": place.id, "status": "sent", "due": old, "done": old, "trace": "", "is_ballot": False}
    await city.has(Outbound(announcement_id=row.id, **sent))
    kept = {"kind": "photo", "type": "image/png", "size": 1, "content": b"x", "received": old, "keep_until": old}
    await city.has(Media(commune_id=city.home.id, citizen_id=place.citizen_id, **kept))
    await forget(city.database, city.now)
    assert not await city.all(Recipient)
    assert not await city.all(Media)
    await forget(city.database, city.now + timedelta(days=60))
    zineb = await city.coordinator()
    await zineb.says("/announcements")
    await zineb.taps("Ancien")
    zineb.sees("terminée")
    assert (await city.all(Announcement))[0].report["sent"] == 1


async def test_of_several_processes_one_keeps_the_clock_and_another_takes_over(
    city: City, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    did: list[str] = []

    async def first_duty(_database, _now):
        did.append("first")
        return 1

    async def broken(_database, _now):
        raise RuntimeError("a mistake")

    monkeypatch.setattr(clock, "DUTIES", {first_duty: timedelta(hours=1), broken: timedelta(hours=1)})
    keeping = [asyncio.create_task(Clock(city.database).run())]
    for _ in range(100):
        await asyncio.sleep(0.05)
        async with city.database.reading() as db:
            noted = {tick.duty: tick.failed for tick in await ticks.every(db)}
        if len(noted) == 2:
            break
    assert did == ["first"]
    assert noted["broken"] is not None
    assert noted["first_duty"] is None
    if kind == "postgresql":  # the first holds the clock by now: the second must wait
        keeping.append(asyncio.create_task(Clock((await city.another_process()).database).run()))
        await asyncio.sleep(0.5)
        assert did == ["first"]
    keeping[0].cancel()
    with suppress(asyncio.CancelledError):
        await keeping[0]
    if kind == "postgresql":
        for _ in range(400):
            await asyncio.sleep(0.05)
            if len(did) == 2:
                break
        assert did == ["first", "first"]
        keeping[1].cancel()
        with suppress(asyncio.CancelledError):
            await keeping[1]
    admin = await city.member("admin")
    await admin.says("/health")
    admin.sees("broken a échoué")


async def test_an_admin_sees_first_what_is_stuck_and_what_failed(city: City) -> None:
    admin = await city.member("admin")
    await admin.says("/health")
    admin.sees("L'horloge n'a jamais tourné")
    async with city.database.writing() as db:
        await ticks.note(db, "forget", city.now, True)
    await admin.says("/health")
    admin.sees("Rien n'est bloqué")
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    async with city.database.writing() as db:
        rows = update(Outbound).where(Outbound.status == WAITING).values(due=city.now - timedelta(hours=1))
        await db.execute(rows)
        first = update(Outbound).where(Outbound.id == (await city.all(Outbound))[-1].id)
        await db.execute(first.values(status=FAILED, error="unreachable: blocked", done=city.now))
    await admin.says("/health")
    admin.sees("Telegram, messages bloqués : ", "Le plus ancien : 24 novembre 2026 à 11:00", "1 non remis")
    assert admin.shown.index("bloqués") < admin.shown.index("en route")


async def test_the_figures_are_for_this_machine_or_for_who_has_the_token(city: City) -> None:
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    async with city.database.writing() as db:
        await ticks.note(db, "forget", city.now, True)
    app = application()
    app.router.add_get("/metrics", metrics.page(city.database, None))
    app.router.add_get("/secret", metrics.page(city.database, "the token"))
    server = web.AppRunner(app, access_log=None)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{server.addresses[0][1]}"
    try:
        async with ClientSession() as session:
            asked = [
                ("/metrics", {}, 200),
                ("/metrics", {"X-Forwarded-For": "41.0.0.1"}, 404),
                ("/secret", {}, 404),
                ("/secret", {"Authorization": "Bearer wrong"}, 404),
                ("/secret", {"Authorization": "Bearer the token"}, 200),
            ]
            for path, headers, status in asked:
                async with session.get(base + path, headers=headers) as answer:
                    assert answer.status == status, path
                    said = await answer.text()
    finally:
        await server.cleanup()
    for wanted in (
        'sawt_outbox_waiting{channel="telegram"}',
        'sawt_inbound_total{channel="telegram"}',
        'sawt_turns_total{flow="welcome",outcome="asked"}',
        "sawt_turn_seconds_count",
        'sawt_clock_lag_seconds{duty="forget"}',
        "sawt_announcement_waiting 0.0",
    ):
        assert wanted in said
    assert ada.name not in said
