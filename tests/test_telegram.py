"""Telegram, by polling and by webhook: what people do on their phones is what the commune counts."""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from bot_api import BotApi, Phone
from conftest import City
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from telegram_line import (
    SECRET,
    Line,
    api_without_complaints,
    arrives,
    forgives,
    line,
    opens_name,
    sender,
    supports,
    texts,
)

from bot.channels.telegram import Telegram
from locales.bidi import strip_isolates
from storage import lines, places, staff
from storage.arrivals import Inbound
from storage.ballots import Ballot, Choice
from storage.outbox import Outbound
from storage.petitions import Support

one_database = pytest.mark.parametrize("kind", ["sqlite"])
one_way = pytest.mark.parametrize("way", ["webhook"])


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with api_without_complaints() as api:
        yield api


@pytest.fixture(params=["polling", "webhook"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def wire(city: City, api: BotApi, way: str) -> AsyncIterator[Line]:
    async with line(city, api, way) as wire:
        yield wire


@pytest.fixture
def phone(api: BotApi, wire: Line) -> Phone:
    return api.phone()


# Whole conversations


async def test_a_petition_is_supported_in_french(city: City, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await supports(phone)
    (support,) = await city.all(Support)
    assert support.channel == "telegram"
    (thanks,) = phone.news
    assert support.receipt in thanks.text
    assert [entity["type"] for entity in thanks.raw["entities"]] == ["code"]


@pytest.mark.parametrize(("kind", "way"), [("sqlite", "webhook"), ("postgresql", "polling")])
async def test_a_petition_is_supported_in_darija(city: City, api: BotApi, wire: Line) -> None:
    await city.petition()
    phone = api.phone(language_code="ar")
    await arrives(phone, "ary")
    await phone.taps("العرائض")
    await phone.taps("عريضة Des arbres")
    await phone.taps("ندعم هاد العريضة")
    await phone.taps("موافقة")
    await phone.sees("كتبو السمية الكاملة ديالكم")
    await phone.says("فاطمة الزهراء")
    await phone.sees("كتبو رقم البطاقة الوطنية")
    await phone.says("ي ١٢٣٤٥٦")  # no Latin letter: not what a card says
    await phone.sees("ماقدرناش نقراو هاد الرقم")
    await phone.says("i ١٢٣٤٥٦")
    await phone.taps("أوربيع")
    await phone.sees("فاطمة الزهراء", "I••••56")
    await phone.taps("نأكد")
    await phone.sees("تسجل التصريح بالدعم ديالكم")
    (support,) = await city.all(Support)
    assert support.quarter == "ourbiaa"
    assert all(line.startswith("\u200f") for line in phone.news[0].text.splitlines() if line)


@pytest.mark.parametrize(("kind", "way"), [("sqlite", "polling"), ("postgresql", "webhook")])
@pytest.mark.parametrize(
    ("language", "vote", "begin", "done", "sure", "thanks"),
    [
        ("fr", "Budget participatif", "Voter maintenant", "Terminer", "Confirmer mon vote", "est enregistré"),
        ("ary", "التصويت على المشاريع", "نصوت دابا", "ساليت", "نأكد الصوت ديالي", "تسجل الصوت ديالكم"),
    ],
)
async def test_an_approval_vote_is_cast_and_ticks_change_the_message_in_place(
    city: City, api: BotApi, wire: Line, language: str, vote: str, begin: str, done: str, sure: str, thanks: str
) -> None:
    await city.vote()
    park, track = {"fr": ("Parc", "Piste"), "ary": ("جردة", "ممر")}[language]
    phone = api.phone()
    await arrives(phone, language)
    await phone.taps(vote)
    await phone.taps(begin)
    (question,) = await phone.sees(f"☐ {park}")
    before = len(phone.screen)
    for tap, shown in (
        (f"☐ {park}", f"☑ {park}"),
        (f"☐ {track}", f"☑ {track}"),
        (f"☑ {park}", f"☐ {park}"),
        (f"☐ {park}", f"☑ {park}"),
    ):
        await phone.taps(tap, on=question.message_id)
        (changed,) = await phone.sees(shown)
        assert changed.message_id == question.message_id
    assert len(phone.screen) == before
    await phone.taps(done)
    await phone.sees(park, track)
    await phone.taps(sure)
    await phone.sees(thanks)
    assert len(await city.all(Ballot)) == 1
    assert len(await city.all(Choice)) == 2


@one_database
@one_way
async def test_the_tally_shows_its_chart_as_a_photo(city: City, api: BotApi, phone: Phone) -> None:
    petition = await city.petition()
    await arrives(phone)
    async with city.database.writing() as db:
        place = await places.place(db, sender(city, phone))
        assert place
        await staff.add(db, city.home.id, place.citizen_id, "Zineb", "coordinator", city.now)
    await supports(phone)
    await phone.says("/tally")
    await phone.sees("Le décompte de quoi")
    await phone.taps(petition.title["fr"])
    picture, details = await phone.sees("Soutiens déclarés", "Par quartier", within=15)
    assert picture.photo
    assert picture.photo.startswith(b"\x89PNG")
    assert "200" in picture.caption
    assert "masqué" in details.text  # fewer than ten


# What is said on Telegram


@one_database
async def test_a_tap_is_answered_before_anything_is_written(city: City, api: BotApi, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await supports(phone)
    await api.settled()
    methods = [call.method for call in api.calls if call.method == "answerCallbackQuery" or call.writes]
    taps = [place for place, method in enumerate(methods) if method == "answerCallbackQuery"]
    assert len(taps) == 7
    # Between two taps there is what the first one was answered with.
    assert all(methods[place + 1] != "answerCallbackQuery" for place in taps)


@one_database
@one_way
async def test_markup_in_names_and_titles_is_shown_as_it_was_written(city: City, phone: Phone) -> None:
    await city.petition(title="<b>Des</b> arbres & <a href='https://x.invalid'>bancs</a>")
    await arrives(phone)
    await opens_name(phone, "arbres & <a")
    await phone.says("</code>Ada <i>& Co</b> &lt;")
    await phone.sees("numéro de CIN")
    await phone.says("I123456")
    await phone.taps("Passer")
    (review,) = await phone.sees("</code>Ada <i>& Co</b> &lt;", "<b>Des</b> arbres & <a href='https://x.invalid'>")
    assert "entities" not in review.raw


@one_database
@one_way
async def test_controls_in_a_name_are_dropped_and_cannot_turn_the_text_around(city: City, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await opens_name(phone)
    await phone.says("Ada\u202e \x07Lah\u2066lou\u200f\x00")
    await phone.sees("numéro de CIN")
    await phone.says("I123456")
    await phone.taps("Passer")
    (review,) = await phone.sees("\u2068Ada Lahlou\u2069")
    assert "\u202e" not in review.text
    assert review.text.count("\u2066") + review.text.count("\u2068") == review.text.count("\u2069")


@one_database
@one_way
async def test_the_commands_are_registered_in_each_language(city: City, api: BotApi, wire: Line) -> None:
    await wire.channel.introduce()
    private = json.dumps({"type": "all_private_chats"})
    french, arabic, others = (api.commands[private, code] for code in ("fr", "ar", ""))
    assert {"command": "petitions", "description": "Pétitions"} in french
    assert {"command": "petitions", "description": "العرائض"} in arabic
    assert {"command": "me", "description": "حسابي ومعطياتي"} in arabic
    assert {"command": "me", "description": "أنا والمعلومات ديالي"} in others
    names = [command["command"] for command in french]
    assert "vote" in names
    assert not {"tally", "staff"} & set(names)


@one_database
@one_way
async def test_a_message_too_long_for_telegram_comes_in_parts(city: City, api: BotApi, phone: Phone) -> None:
    long = "Une phrase de la pétition, qui en a beaucoup. " * 200
    await city.petition(request={"fr": long, "ar": "طلب"}, reasons={"fr": "<&>" * 2000, "ar": "سبب"})
    await arrives(phone)
    await phone.says("/petitions")
    await phone.taps("Des arbres")
    news = await phone.sees("Soutenir")
    assert len(news) >= 4
    assert [bool(part.buttons) for part in news] == [False] * (len(news) - 1) + [True]
    shown = " ".join(part.text for part in news)
    assert shown.count("Une phrase de la pétition") == 200
    assert shown.count("<&>") >= 1990  # one may be cut in two


# What people send


@one_database
async def test_what_is_no_private_message_is_left_alone(city: City, api: BotApi, wire: Line, phone: Phone) -> None:
    await arrives(phone)
    own: dict[str, Any] = {"message_id": 77_001, "date": 1_764_000_000, "chat": phone.chat, "from": phone.user}
    group = {"id": -100_123, "type": "supergroup", "title": "Les voisins"}
    channel = {"id": -100_124, "type": "channel", "title": "La commune"}
    button = {"id": "1", "from": phone.user, "chat_instance": "1", "data": "@menu"}
    known = len(await city.all(Inbound))
    for strange in (
        {"message": {**own, "chat": group, "text": "/petitions"}},
        {"message": {**own, "text": "/petitions", "from": None}},
        {"channel_post": {**own, "chat": channel, "text": "/petitions"}},
        {"edited_message": {**own, "edit_date": 1_764_000_001, "text": "menu"}},
        {
            "my_chat_member": {
                "chat": phone.chat,
                "from": phone.user,
                "date": 1,
                "old_chat_member": {"status": "member"},
            }
        },
        {"poll_answer": {"poll_id": "1", "user": phone.user, "option_ids": [0]}},
        {"inline_query": {"id": "1", "from": phone.user, "query": "menu", "offset": ""}},
        {"callback_query": {**button, "inline_message_id": "5"}},
        {"something_of_next_year": {"id": 5}},
        {"message": {"message_id": "not a number"}},
        {},
    ):
        update = api.update(strange, phone.chat_id, checked=False)
        if update not in api.pending:  # of a kind that was not asked for
            api.redeliver(update)
    screen = texts(phone)
    await api.settled()
    await asyncio.sleep(0.2)
    assert texts(phone) == screen
    assert len(await city.all(Inbound)) == known
    await phone.says("menu")  # and what comes after them is not held up
    await phone.sees("Que souhaitez-vous faire")
    forgives(api, "query is too old")  # the stub knows only taps on phones


@one_database
@one_way
async def test_anything_but_words_is_answered_with_a_wish_for_words(city: City, api: BotApi, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await opens_name(phone)
    sticker = {"file_id": "x", "file_unique_id": "y", "type": "regular", "width": 9, "height": 9}
    for send in (
        lambda: phone.sends_photo("Ada Lahlou"),
        phone.sends_voice,
        phone.sends_contact,
        phone.sends_location,
        lambda: phone.sends_raw({"sticker": {**sticker, "is_animated": False, "is_video": False}}),
        lambda: phone.sends_raw({"dice": {"emoji": "🎲", "value": 4}}),
        lambda: phone.sends_raw({"a_kind_of_next_year": {"id": 1}}),
    ):
        await send()
        await phone.sees("Il nous faut ici une réponse écrite", "nom complet")
    await phone.says("🙂🙃👩🏽‍🌾🇲🇦")
    await phone.sees("Nous n'avons pas pu lire le nom")
    await phone.says("\u200b")
    await phone.sees("nom complet")
    await phone.says("Ada Lahlou")
    await phone.sees("numéro de CIN")


@one_database
@one_way
async def test_ten_thousand_characters_are_refused_and_nothing_is_lost(city: City, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await opens_name(phone)
    typed = "Ada Lahlou " * 910
    for part in (typed[:4096], typed[4096:8192], typed[8192:]):  # as a client cuts it
        await phone.says(part)
        await phone.sees("trop longue", "80")
    await phone.says("Ada Lahlou")
    await phone.sees("numéro de CIN")


@pytest.mark.parametrize(("kind", "way"), [("sqlite", "polling"), ("postgresql", "webhook")])
async def test_an_update_delivered_again_changes_nothing(city: City, api: BotApi, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await supports(phone)
    before, letters = texts(phone), len(await city.all(Outbound))
    for update in list(api.updates):
        api.redeliver(update)
    await api.settled(within=20)
    await asyncio.sleep(0.2)
    assert texts(phone) == before
    assert len(await city.all(Outbound)) == letters
    assert len(await city.all(Support)) == 1


@one_way
async def test_five_taps_at_once_count_once(city: City, api: BotApi, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await opens_name(phone)
    await phone.says("Ada Lahlou")
    await phone.sees("numéro de CIN")
    await phone.says("I123456")
    await phone.taps("Passer")
    (review,) = await phone.sees("Confirmer")
    for _ in range(5):
        await phone.taps("Confirmer", on=review)
    await phone.sees("est enregistrée")
    await api.settled()
    assert len(await city.all(Support)) == 1
    forgives(api, "must come first")  # a tap that came while the answer to the one before was on its way


@one_database
@one_way
async def test_an_old_button_shows_the_open_question_and_answers_nothing(city: City, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await phone.says("/petitions")
    await phone.taps("Des arbres")
    (card,) = await phone.sees("Soutenir")
    await phone.taps("Soutenir")
    await phone.taps("J'accepte")
    await phone.sees("nom complet")
    await phone.taps("Pas maintenant", on=card)
    await phone.sees("Cette question est passée", "nom complet")


# The webhook


async def _post(wire: Line, body: Any, secret: str | bytes | None = SECRET) -> int:
    headers: dict[str, Any] = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    data = body if isinstance(body, bytes) else json.dumps(body)
    async with aiohttp.ClientSession() as session, session.post(wire.url, data=data, headers=headers) as answer:
        assert "Traceback" not in await answer.text()
        return answer.status


def _update(phone: Phone, words: str = "/start") -> dict[str, Any]:
    message = {"message_id": 5, "date": 1_764_000_000, "chat": phone.chat, "from": phone.user, "text": words}
    return {"update_id": 700_000_001, "message": message}


@one_database
@one_way
async def test_an_update_without_the_secret_is_forbidden_and_not_recorded(city: City, wire: Line, phone: Phone) -> None:
    for secret in (None, "", "wrong", SECRET[:-1], f"{SECRET}x", "é", "صوت"):
        assert await _post(wire, _update(phone), secret) == 403
    assert await city.all(Inbound) == []
    assert await city.all(Outbound) == []
    assert await _post(wire, _update(phone)) == 200
    assert len(await city.all(Inbound)) == 1


def test_the_secret_is_compared_in_constant_time() -> None:
    assert "compare_digest(" in inspect.getsource(Telegram.webhook)


@one_database
@one_way
async def test_a_secret_that_is_no_text_is_forbidden(wire: Line) -> None:
    address = wire.url.removeprefix("http://")
    host, _, path = address.partition("/")
    request = f"POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 2\r\nConnection: close\r\n".encode()
    request += b"X-Telegram-Bot-Api-Secret-Token: \xff\xfe\r\n\r\n{}"
    reader, writer = await asyncio.open_connection(*host.split(":"))
    writer.write(request)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert b"403" in answer.splitlines()[0]


NO_UPDATES = (b"", b"{", b"\xff\xfe", b"[]", b"null", b'"x"', b"5", b"[" * 5000, b'{"update_id": "five"}', b"{}")


@one_database
@one_way
async def test_a_body_that_is_no_update_is_a_bad_request(city: City, wire: Line) -> None:
    assert [await _post(wire, body) for body in NO_UPDATES] == [400] * len(NO_UPDATES)
    assert await city.all(Inbound) == []


@one_database
@one_way
async def test_a_body_over_a_megabyte_is_too_large(city: City, wire: Line, phone: Phone) -> None:
    assert await _post(wire, _update(phone, "a" * 1_000_001)) == 413
    assert await city.all(Inbound) == []
    assert await _post(wire, _update(phone, "a" * 900_000)) == 200


@one_database
@one_way
async def test_an_update_that_cannot_be_read_is_taken_or_it_would_come_for_ever(wire: Line, phone: Phone) -> None:
    assert await _post(wire, {"update_id": 5, "message": {"message_id": "none"}}) == 200


_END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"


@one_way
@pytest.mark.parametrize("kind", ["postgresql"])
async def test_what_comes_while_the_database_is_away_is_answered_when_it_is_back(
    city: City, api: BotApi, wire: Line, phone: Phone, database_url: str
) -> None:
    await arrives(phone)
    name = database_url.partition("?")[0].rpartition("/")[2]
    admin = create_async_engine(database_url.replace(f"/{name}", "/postgres"), isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        await connection.execute(
            text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        )
        await phone.says("/petitions")
        await phone.sees_nothing_new(within=0.6)
        assert 503 in [status for _update_id, status in api.deliveries]
        await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    await admin.dispose()
    await phone.sees("Aucune pétition", within=15)
    await api.settled()
    assert [strip_isolates(shown) for shown in texts(phone)].count(strip_isolates(phone.news[0].text)) == 1


@one_way
async def test_names_are_sealed_in_the_database(city: City, phone: Phone) -> None:
    await city.petition()
    await arrives(phone)
    await supports(phone)
    async with city.database.reading() as db:
        for table in ("citizen", "conversation", "outbound", "inbound", "support"):
            kept = repr((await db.execute(text(f"SELECT * FROM {table}"))).all())
            assert "Lahlou" not in kept
            assert "I123456" not in kept


@one_database
@one_way
async def test_only_the_sender_s_own_contact_is_taken_and_it_joins_the_accounts(
    city: City, api: BotApi, phone: Phone
) -> None:
    async with city.database.writing() as db:
        key = await lines.recognise(db, city.home.id, lines.Who("MA.1", "212600000001"), city.now)
    there = city.citizen("fr", "whatsapp", key)
    await there.arrives()
    await arrives(phone)
    await phone.says("/link")
    await phone.taps("Avec mon téléphone")
    await phone.sees("Partagez votre numéro")
    keyboard = json.loads(json.dumps(api.calls[-1].params["reply_markup"]))["keyboard"]
    assert keyboard[0] == [{"text": "Partager mon numéro", "request_contact": True}]
    for owner in (None, phone.chat_id + 1):
        contact = {"phone_number": "+212600000001", "first_name": "Omar", **({"user_id": owner} if owner else {})}
        await phone.sends_raw({"contact": contact})
        await phone.sees("Utilisez le bouton")
    own = {"phone_number": "+212 600-000001", "first_name": "Amina", "user_id": phone.chat_id}
    await phone.sends_raw({"contact": own})
    await phone.sees("Le même numéro nous écrit depuis", "WhatsApp")
    await phone.says("oui")
    await phone.sees("Vos comptes sont réunis")
