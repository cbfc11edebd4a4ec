"""The web chat over real HTTP: what the page relies on, and what somebody else may try."""

import asyncio
import hashlib
import io
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from conftest import SECRET, City
from sqlalchemy import text as sql
from sqlalchemy import update
from web_server import PATIENCE, Server, Visitor, new_id

from bot.app import serve
from bot.channels.web_page import PAGES
from bot.incoming import Incoming
from bot.settings import Settings
from flows.questions import Reply
from storage.conversations import Sender
from storage.outbox import Outbound
from storage.petitions import Support
from storage.schema import Base

PNG = b"\x89PNG\r\n\x1a\n"
NOBODY = "A" * 43  # a well-formed cookie that nobody was given
Come = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def server(city: City) -> AsyncIterator[Server]:
    server = Server(city)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def come(server: Server) -> AsyncIterator[Come]:
    """Visitors, each with a cookie jar of their own; `arrived` ones have read the notice, in French."""
    visitors: list[Visitor] = []

    async def visitor(arrived: bool = True, language: str = "fr") -> Visitor:
        visitors.append(Visitor(server, language))
        if arrived:
            await visitors[-1].arrives()
        return visitors[-1]

    yield visitor
    for visitor_ in visitors:
        await visitor_.http.close()


async def test_first_message_sets_a_cookie_that_scripts_and_other_sites_cannot_use(come):
    ada = await come(arrived=False)
    async with ada.http.post(f"{ada.server.url}/chat", json={"id": new_id(), "start": ""}) as answer:
        set_cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie
    assert "Path=/" in set_cookie
    assert "Secure" not in set_cookie
    behind_tls = {"X-Forwarded-Proto": "https"}
    async with ada.http.post(
        f"{ada.server.url}/chat", json={"id": new_id(), "text": "menu"}, headers=behind_tls
    ) as answer:
        assert "Secure" in answer.headers["Set-Cookie"]


async def test_a_whole_petition(city, come):
    await city.petition("Des arbres")
    ada = await come()
    await ada.taps("Pétitions")
    await ada.taps("Des arbres")
    assert "Cent arbres" in ada.shown
    await ada.taps("Soutenir")
    await ada.taps("J'accepte")
    await ada.says("Ada Lahlou")
    assert ada.screen[-1]["private"] is True
    await ada.says("i 123456")
    await ada.taps("Ourbiaa")
    assert "I••••56" in ada.shown
    await ada.taps("Confirmer")
    [support] = await city.all(Support)
    assert support.receipt in ada.shown


async def test_a_whole_petition_in_darija(city, come):
    await city.petition("Des arbres")
    ada = await come(arrived=False, language="ar-MA")
    await ada.starts()
    assert ada.messages[-1]["buttons"][0][1] == "الدارجة"  # what the phone is set to comes first
    await ada.taps("الدارجة")
    await ada.taps("فهمت")
    for label in ("العرائض", "عريضة Des arbres", "ندعم هاد العريضة", "موافقة"):
        await ada.taps(label)
    await ada.says("عادلة الأحلو")
    await ada.says("I١٢٣٤٥٦")
    await ada.taps("أوربيع")
    await ada.taps("نأكد")
    [support] = await city.all(Support)
    assert support.receipt in ada.shown
    assert (await ada.feed())["language"] == "ary"


async def test_a_deep_link_leads_to_its_petition_after_the_welcome(city, come):
    petition = await city.petition("Des arbres")
    ada = await come(arrived=False)
    await ada.arrives(f"p_{petition.id}")
    assert "Cent arbres" in ada.shown


async def test_feed_gives_what_came_after(come):
    ada = await come()
    numbers = [message["n"] for message in ada.messages]
    assert numbers == sorted(set(numbers))
    for n in (0, *numbers):
        feed = await ada.feed(after=n)
        assert [message["n"] for message in feed["messages"]] == [number for number in numbers if number > n]
    assert (await ada.feed(after=2**62 - 1))["messages"] == []


async def test_feed_ends_with_the_newest_200(city, come):
    ada = await come()
    sender = await _sender(city, ada)
    for number in range(203):
        await city.runner.receive(Incoming(sender, f"more {number}", Reply(text="menu")))
    feed = await ada.feed(after=0)
    assert len(feed["messages"]) == 200
    assert feed["messages"][-1]["n"] == max(message["n"] for message in (await ada.feed(after=0))["messages"])


async def _sender(city: City, visitor: Visitor) -> Any:
    return Sender(city.home.id, "web", hashlib.sha256(visitor.token.encode()).hexdigest())


async def test_a_waiting_feed_is_woken_at_once_in_every_tab(come, monkeypatch):
    monkeypatch.setattr("bot.channels.web._LOOK_EVERY", 60.0)  # nobody looks by himself
    ada = await come()
    tabs = [asyncio.create_task(ada.feed(wait=25)) for _ in range(3)]
    others = [asyncio.create_task((await come()).feed(wait=25)) for _ in range(2)]
    # The feeds wait once they have looked; a message before that would be found by looking.
    await asyncio.wait(tabs, timeout=0.4)
    assert not any(tab.done() for tab in tabs)
    began = time.monotonic()
    await ada.post({"id": new_id(), "text": "menu"})
    feeds = await asyncio.gather(*tabs)
    assert time.monotonic() - began < 15  # long before their time is over
    assert [len(feed["messages"]) for feed in feeds] == [1, 1, 1]
    assert not any(other.done() for other in others)
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def test_a_waiting_feed_hears_what_another_process_said(city, server, come):
    ada = await come()
    waiting = asyncio.create_task(ada.feed(wait=25))
    other = Server(city)
    city.runner = type(city.runner)(city.database, now=lambda: city.now, strict=True)
    await other.start()
    ada.server = other
    await ada.post({"id": new_id(), "text": "menu"})
    assert len((await waiting)["messages"]) == 1
    await other.stop()


async def test_a_feed_without_news_answers_when_its_time_is_over(come):
    ada = await come()
    began = time.monotonic()
    assert (await ada.feed(wait=1))["messages"] == []
    assert 0.9 < time.monotonic() - began < 10


async def test_the_same_id_twice_is_one_message(come):
    ada = await come()
    id = new_id()
    for _ in range(3):
        assert await ada.post({"id": id, "text": "menu"}) == (200, {"ok": True})
    await ada.looks()
    assert len(ada.screen) == 1
    # At once, as from a phone that does not know whether the first one arrived.
    body = {"id": new_id(), "text": "menu"}
    answers = await asyncio.gather(*(ada.post(body) for _ in range(5)))
    assert answers == [(200, {"ok": True})] * 5
    await ada.looks()
    assert len(ada.screen) == 1


async def test_two_people_may_use_the_same_id(come):
    ada, bob = await come(), await come()
    id = new_id()
    for person in (ada, bob):
        await person.post({"id": id, "text": "menu"})
        await person.looks()
        assert len(person.screen) == 1


async def test_another_person_sees_nothing_of_mine(city, come):
    await city.petition("Des arbres")
    ada = await come()
    await ada.becomes_coordinator()
    await ada.says("/tally")
    await ada.taps("Des arbres")
    [picture] = [message["picture"] for message in ada.screen if "picture" in message]
    bob = await come()
    mine, others = [(await who.feed(0))["messages"] for who in (ada, bob)]
    assert not {message["n"] for message in mine} & {message["n"] for message in others}
    nobody = aiohttp.ClientSession(timeout=PATIENCE)
    forger = aiohttp.ClientSession(timeout=PATIENCE, cookies={"sawt": NOBODY})
    async with nobody, forger:
        for client in (bob.http, nobody, forger):
            async with client.get(ada.server.url + picture) as answer:
                assert answer.status == 404
                assert await answer.json() == {"error": "not_found"}
        for client in (nobody, forger):
            async with client.get(f"{ada.server.url}/chat?after=0") as answer:
                assert await answer.json() == {"messages": []}
    async with ada.http.get(ada.server.url + picture) as answer:
        assert answer.content_type == "image/png"
        assert (await answer.read()).startswith(PNG)
    numbers = ("0", ada.messages[0]["n"], "9" * 18, "9" * 30)
    for other in (f"/chat/{number}/file" for number in numbers):
        async with ada.http.get(ada.server.url + other) as answer:
            assert answer.status == 404


async def test_forged_and_old_buttons_change_nothing(city, come):
    await city.petition("Des arbres")
    ada = await come()
    old = ada.press("Pétitions")
    await ada.taps("Pétitions")
    await ada.taps("Des arbres")
    for value in (
        "9999999:yes",
        "yes",
        ":",
        "1",
        "@p_999999999",
        "@p_-1",
        "@../../etc",
        "@enrolment",
        "@staff x",
        "@resume",
        "@language=xx",
        "' OR 1=1 --",
        "5:<script>",
        "x" * 64,
    ):
        await _answered(ada, {"press": value, "on": old["on"]})
    await _answered(ada, old)
    await ada.says("menu")
    await ada.taps("Pétitions")
    await ada.taps("Des arbres")
    assert "Cent arbres" in ada.shown
    turn = ada.press("Soutenir")["press"].partition(":")[0]
    for value in ("fix-cin", "-1", "+1", "done", "999", "yes'", "no\u202e"):
        await _answered(ada, {"press": f"{turn}:{value}", "on": old["on"]}, also=(400,))
    assert await city.all(Support) == []


async def test_on_of_another_message_puts_nothing_in_its_place(city, come):
    await city.vote(costs=(60, 30, 50))
    ada, bob = await come(), await come()
    await bob.says("menu")
    await ada.says("/vote")
    await ada.taps("Voter maintenant")
    tick = ada.press("Parc")
    for on in (bob.messages[-1]["n"], -5, 0, 2**63 - 1, True):
        await _answered(ada, {"press": tick["press"], "on": on})
    before = bob.messages
    assert (await bob.feed(after=0))["messages"] == before
    await ada.taps("Banc")
    # A tick is redrawn in the place of the message that it was pressed on.
    assert ada.screen[-1]["replaces"] == ada.messages[-2]["n"]


async def _answered(visitor: Visitor, body: dict[str, Any], also: tuple[int, ...] = ()) -> None:
    status, answer = await visitor.post({"id": new_id(), **body})
    assert status in (200, *also), (body, status, answer)
    assert answer == {"ok": True} if status == 200 else answer["error"]
    await visitor.looks()


WRONG = [None, True, 0, -1, 1.5, "", [], {}, ["a"], {"a": 1}, "x" * 65, 10**30, "\x00", "\ud800"]


async def test_wrong_bodies_are_refused_and_nothing_is_lost(server, come):
    ada = await come()
    bodies = [b"", b"{", b"null", b"[]", b"1", b'"x"', b"{}", b"\xff\xfe", b'{"id": NaN}', b"[" * 100_000]
    bodies += [json.dumps({"id": wrong, "text": "menu"}).encode() for wrong in WRONG]
    bodies += [json.dumps({"id": "x" * 10_000, "text": "menu"}).encode(), b'{"text": "menu"}']
    bodies += [json.dumps({"id": new_id()}).encode()]
    # No surrogates and no NUL: those are words, if strange ones.
    bodies += [json.dumps({"id": new_id(), "text": wrong}).encode() for wrong in WRONG[:-3] if wrong != "x" * 65]
    bodies += [json.dumps({"id": new_id(), "start": wrong}).encode() for wrong in WRONG[:-2] if wrong != ""]
    bodies += [json.dumps({"id": new_id(), "press": wrong, "on": 1}).encode() for wrong in WRONG]
    wrong_on = [wrong for wrong in WRONG if not isinstance(wrong, int) or wrong > 2**64]
    bodies += [json.dumps({"id": new_id(), "press": "1:x", "on": wrong}).encode() for wrong in wrong_on]
    for body in bodies:
        status, answer = await _paced(ada, body)
        assert (status, list(answer)) == (400, ["error"]), (body[:80], status, answer)
    await ada.looks()
    assert ada.screen == []
    await ada.says("menu")
    assert "Pétitions" in ada.shown


async def _paced(visitor: Visitor, body: bytes) -> tuple[int, Any]:
    """Post from a fresh process each time that the pace is reached: it is not what is tested here."""
    status, answer = await visitor.post(body)
    if status == 429:
        await visitor.server.stop()
        await visitor.server.start()
        return await visitor.post(body)
    return status, answer


async def test_a_form_of_another_site_cannot_write(come):
    ada = await come()
    body = json.dumps({"id": new_id(), "text": "menu"}).encode()
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json"):
        assert await ada.post(body, headers={"Content-Type": content_type}) == (415, {"error": "json_expected"})
    await ada.looks()
    assert ada.screen == []


async def test_a_large_body_is_too_long(come):
    ada = await come()
    for size in (1_000_001, 3_000_000):
        assert await ada.post({"id": new_id(), "text": "x" * size}) == (413, {"error": "too_long"})
    await ada.looks()
    assert ada.screen == []
    await ada.says("x" * 999_000)  # fits; the conversation says what it thinks of it
    assert len(ada.screen) == 1


async def test_numbers_out_of_range(come):
    ada = await come()
    refused = ["-1", "1e3", "1.5", "nan", "inf", "x", "", "0x10", "9" * 5000, "--1", "\x00"]
    for name in ("after", "wait"):
        for number in refused:
            async with ada.http.get(f"{ada.server.url}/chat", params={name: number}) as answer:
                assert (answer.status, await answer.json()) == (400, {"error": "numbers_expected"}), (name, number)
    async with ada.http.get(f"{ada.server.url}/chat", params={"after": str(2**63)}) as answer:
        assert answer.status == 400
    # A wait has no end that is too large: it is cut, and there is news here.
    async with ada.http.get(f"{ada.server.url}/chat", params={"wait": "9" * 100}) as answer:
        assert len((await answer.json())["messages"]) == len(ada.messages)


STRANGE = [
    "x" * 10_000,
    "😀" * 50,
    "👩‍👩‍👧‍👦🇲🇦",
    "\x00\x01\x02",
    "\u202e\u2066\u200f",
    "a\u202eb",
    "\u0000menu",
    " \n\t ",
    "'; DROP TABLE petition; --",
    "<script>alert(1)</script>",
    "<b>x",
    "&lt;",
    "{commune} %s {0}",
    "/",
    "//",
    "/start",
    "/start /start",
    "/" + "x" * 500,
    "/staff '; --",
    "\ufeff\ufffe\uffff",
    "١٢٣",
    "Z\u0335\u0336" * 200,
]


async def test_strange_texts_have_a_clear_answer(city, come):
    await city.petition("Des arbres")
    ada = await come()
    for strange in STRANGE:  # where the menu is open
        await ada.says(strange)
        assert ada.screen, strange
        assert ada.messages[-1]["buttons"], strange
    bob = await come()
    for step in ("Pétitions", "Des arbres", "Soutenir", "J'accepte"):
        await bob.taps(step)
    for strange in STRANGE[:6]:  # where a name is asked
        await bob.says(strange)
        assert "Retour" in bob.shown, strange
    await bob.says("/petitions")


async def test_markup_in_a_name_is_text(city, come):
    await city.petition("Des arbres")
    ada = await come()
    for step in ("Pétitions", "Des arbres", "Soutenir", "J'accepte"):
        await ada.taps(step)
    await ada.says("<script>Robert'); DROP TABLE support;--</script>\u202e")
    await ada.says("I123456")
    await ada.taps("Ourbiaa")
    assert "&lt;script&gt;Robert'); DROP TABLE support;--&lt;/script&gt;" in ada.shown
    await ada.taps("Confirmer")
    assert len(await city.all(Support)) == 1


async def test_nothing_of_a_commune_is_markup_on_the_page(city, server, come):
    evil = "<script>alert(1)</script></script><b>&"
    city.home = type(city.home).of(city.home.id, city.home.slug, {"fr": evil, "ar": evil}, {"receipt_prefix": "BM"})
    await server.stop()
    await server.start()
    ada = await come(arrived=False)
    async with ada.http.get(server.url) as answer:
        page = await answer.text()
    assert page.count("<script") == 2
    assert "alert(1)" in page
    await city.petition(evil)
    await ada.arrives()
    await ada.taps("Pétitions")
    await ada.taps(evil)
    assert "<script" not in ada.screen[-1]["text"]


async def test_a_flood_is_told_when_to_come_back_and_stops_nobody_else(come):
    ada, bob = await come(), await come()
    url = f"{ada.server.url}/chat"
    for _ in range(200):
        async with ada.http.post(url, json={}) as answer:
            if answer.status == 429:
                assert await answer.json() == {"error": "slow_down"}
                assert 0 < int(answer.headers["Retry-After"]) <= 60
                break
    else:
        pytest.fail("no limit")
    await bob.says("menu")
    assert len(bob.screen) == 1
    await (await come()).says("menu")
    assert (await ada.feed(after=0))["messages"]  # reading goes on


async def test_a_flood_of_newcomers_stops_only_its_own_network(server, come):
    ada = await come()
    url = f"{server.url}/chat"

    async def newcomer(network: str, cookie: str | None = None) -> int:
        headers = {"X-Forwarded-For": f"1.2.3.4, {network}"}
        cookies = {"sawt": cookie} if cookie else {}
        http = aiohttp.ClientSession(cookies=cookies, timeout=PATIENCE)
        async with http, http.post(url, json={"id": "x"}, headers=headers) as answer:
            return answer.status

    # A made-up cookie makes nobody an old acquaintance.
    flood = [await newcomer("203.0.113.5", f"{number:043}" if number % 2 else None) for number in range(130)]
    assert flood[0] == 400
    assert flood[-1] == 429
    assert await newcomer("203.0.113.6") == 400
    assert await newcomer("2001:db8:1:1::1") == 400
    await ada.says("menu")
    await ada.server.restarts()  # which remembers no pace, but knows its people
    await ada.says("menu")
    assert len(ada.screen) == 1


async def test_odd_cookies_are_no_cookies(server):
    for cookie in ("", "x", "A" * 42, "A" * 44, "A" * 3000, "é" * 43, '"' + NOBODY, "../" * 14 + "a"):
        async with aiohttp.ClientSession(timeout=PATIENCE) as http:
            raw = {"Cookie": f"sawt={cookie}"}
            async with http.get(f"{server.url}/chat", headers=raw) as answer:
                assert (answer.status, await answer.json()) == (200, {"messages": []}), cookie
            async with http.post(f"{server.url}/chat", json={"id": new_id(), "start": ""}, headers=raw) as answer:
                assert answer.status == 200
                assert cookie == "" or f"sawt={cookie};" not in answer.headers["Set-Cookie"]
    # Bytes that no client library sends.
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /chat HTTP/1.1\r\nHost: x\r\nCookie: sawt=\xff\xfe\xed\xa0\x80\r\nConnection: close\r\n\r\n")
    assert b" 200 OK" in await asyncio.wait_for(reader.readline(), 30)
    writer.close()
    await writer.wait_closed()


async def test_a_request_that_breaks_off_harms_nobody(server, come):
    _reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = b"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    writer.write(head + b'{"id": ')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    ada = await come()
    assert ada.messages


async def test_every_answer_has_the_security_headers(city, come):
    ada = await come()
    asked = [
        ("GET", path) for path in ("/", "/chat.css", "/chat.js", "/chat", "/chat?after=x", "/chat/5/file", "/none")
    ]
    asked += [("POST", "/"), ("DELETE", "/chat"), ("PUT", "/chat.js"), ("GET", "/%2e%2e/etc/passwd"), ("HEAD", "/")]
    seen: dict[tuple[str, str], int] = {}
    for method, path in asked:
        async with ada.http.request(method, ada.server.url + path) as answer:
            seen[method, path] = answer.status
            _has_security_headers(answer)
            if answer.status >= 400:
                assert list(await answer.json()) == ["error"]
            if answer.status == 405:
                assert answer.headers["Allow"]
    for body, headers in ((b"x", {}), (b"x" * 1_000_100, {"Content-Type": "application/json"})):
        async with ada.http.post(f"{ada.server.url}/chat", data=io.BytesIO(body), headers=headers) as answer:
            assert answer.status in (413, 415)
            _has_security_headers(answer)
    assert {seen["GET", "/none"], seen["GET", "/chat/5/file"]} == {404}
    assert {seen["POST", "/"], seen["DELETE", "/chat"]} == {405}


def _has_security_headers(answer: aiohttp.ClientResponse) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] in ("no-store", "public, max-age=300")


async def test_a_mistake_of_ours_is_an_answer_too(city, server, come):
    ada = await come()
    await city.petition("Des arbres")
    await ada.becomes_coordinator()
    await ada.says("/tally")
    await ada.taps("Des arbres")
    [picture] = [message["picture"] for message in ada.screen if "picture" in message]
    seal = city.database.vault.seal({"text": "", "picture": {"a drawing that nobody can draw": {}}})
    async with city.database.writing() as db:
        number = int(picture.removeprefix("/chat/").removesuffix("/file"))
        await db.execute(update(Outbound).where(Outbound.id == number).values(message=seal))
    async with ada.http.get(server.url + picture) as answer:
        assert (answer.status, await answer.json()) == (500, {"error": "failed"})
        _has_security_headers(answer)


async def _broken(_database: Any) -> None:
    raise RuntimeError


async def test_while_the_database_is_away_the_message_is_not_taken(server, come, monkeypatch):
    ada = await come()
    body = {"id": new_id(), "text": "menu"}
    with monkeypatch.context() as away:
        away.setattr(type(server.city.database), "writing", _away)
        assert await ada.post(body) == (503, {"error": "not_now"})
    assert await ada.post(body) == (200, {"ok": True})
    await ada.looks()
    assert len(ada.screen) == 1


def _away(_database: Any) -> Any:
    raise ConnectionRefusedError


async def test_a_restart_forgets_nothing(city, server, come):
    await city.petition("Des arbres")
    ada = await come()
    await ada.taps("Pétitions")
    before = (await ada.feed(after=0))["messages"]
    await server.restarts()
    assert (await ada.feed(after=0))["messages"] == before
    await ada.taps("Des arbres")
    assert "Cent arbres" in ada.shown


async def test_the_page_is_small_and_speaks_the_browsers_language(server, come):
    ada = await come(arrived=False)
    size = 0
    for path in ("/", "/chat.css", "/chat.js"):
        async with ada.http.get(server.url + path) as answer:
            size += len(await answer.read())
    assert size < 60_000
    for accepted, start in (
        ("fr-MA,fr;q=0.9", '<html lang="fr" dir="ltr">'),
        ("ar-MA", '<html lang="ary" dir="rtl">'),
        ("", '<html lang="ary" dir="rtl">'),
    ):
        async with ada.http.get(server.url, headers={"Accept-Language": accepted}) as answer:
            assert start in await answer.text()
    # Nothing is fetched from elsewhere.
    for file in PAGES.iterdir():
        content = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in content
        assert "https://" not in content.replace(r"https:\/\/", "")


async def test_the_database_holds_no_cookie(city, come):
    ada = await come()
    async with city.database.reading() as db:
        tables = {
            name: [tuple(row) for row in await db.execute(sql(f"SELECT * FROM {name}"))]
            for name in Base.metadata.tables
        }
    dump = repr(tables)
    assert (await _sender(city, ada)).external_id in dump
    assert ada.token not in dump


async def test_health_and_readiness(city, database_url, monkeypatch):
    """The whole program: it answers on its port, and says when its database cannot be used."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ready = asyncio.Event()
    settings = Settings(database_url=database_url, secret_key=SECRET, port=port, commune="beni-mellal")
    serving = asyncio.create_task(serve(settings, ready.set))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({serving, waiting}, timeout=60, return_when=asyncio.FIRST_COMPLETED)
    assert ready.is_set(), serving
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", timeout=PATIENCE) as http:
        for path, said in (("/healthz", {"alive": True}), ("/readyz", {"ready": True})):
            async with http.get(path) as answer:
                assert (answer.status, await answer.json()) == (200, said)
                _has_security_headers(answer)
        async with http.get("/") as answer:
            assert "Béni Mellal" in await answer.text()
        async with http.post("/chat", json={"id": new_id(), "start": ""}) as answer:
            assert answer.status == 200
        async with http.get("/none") as answer:
            assert (answer.status, await answer.json()) == (404, {"error": "not_found"})
        monkeypatch.setattr("storage.migrations.check", _broken)
        async with http.get("/readyz") as answer:
            assert (answer.status, await answer.json()) == (503, {"ready": False})
        async with http.get("/healthz") as answer:
            assert answer.status == 200
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
