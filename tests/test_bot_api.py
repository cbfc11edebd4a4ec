"""The stub of api.telegram.org catches what Telegram refuses, and carries out what Telegram carries out."""

import asyncio
import json
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import telegram
from aiogram import Bot as AiogramBot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import web
from bot_api import BadRequest, Blocked, BotApi, Drop, Hang, Phone, RetryAfter, ServerError
from bot_api_html import HtmlText
from bot_api_rules import image_size
from hypothesis import given, settings
from hypothesis import strategies as st

Post = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(retry_delay=0.02, webhook_timeout=0.3) as api:
        yield api


@pytest.fixture
async def call(api: BotApi) -> AsyncIterator[Post]:
    async with aiohttp.ClientSession() as session:

        async def post(method: str, **params: Any) -> dict[str, Any]:
            async with session.post(f"{api.base}/bot{api.token}/{method}", json=params) as response:
                answer: dict[str, Any] = await response.json()
                assert response.status == answer.get("error_code", 200)
                return answer

        yield post


@pytest.fixture
def phone(api: BotApi) -> Phone:
    return api.phone()


@pytest.fixture
async def aiogram_bot(api: BotApi) -> AsyncIterator[AiogramBot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api.base), timeout=1)
    async with AiogramBot(api.token, session=session) as bot:
        yield bot


@pytest.fixture
async def ptb_bot(api: BotApi) -> AsyncIterator[telegram.Bot]:
    bot = telegram.Bot(api.token, base_url=f"{api.base}/bot", base_file_url=f"{api.base}/file/bot")
    async with bot:
        yield bot


def png(width: int = 200, height: int = 100) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress((b"\x00" + b"\xff" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(text: str = "Signer", data: str = "sign") -> dict[str, Any]:
    return {"text": text, "callback_data": data}


# --- what is refused -------------------------------------------------------------------------------------

TEN = [button(data=str(number)) for number in range(10)]

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sendMesage", {"text": "a"}, "Not Found"),
    ("sendMessage", {}, "text is missing"),
    ("sendMessage", {"text": "a", "colour": "red"}, "colour is not known"),
    ("sendMessage", {"text": "a", "reply_to_message_id": 5}, "reply_to_message_id is not known"),
    ("sendMessage", {"text": 5}, "String expected"),
    ("sendMessage", {"text": "a", "protect_content": "yes"}, "Boolean expected"),
    ("sendMessage", {"text": "a", "message_thread_id": True}, "Integer expected"),
    ("sendMessage", {"text": "a", "reply_markup": None}, "expected, not None"),
    ("sendMessage", {"text": "a", "reply_markup": "{broken"}, "can't parse reply markup JSON object"),
    ("sendMessage", {"text": "a", "reply_markup": {"inline_keyboard": [button()]}}, "Array of"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([{"callback_data": "a"}])}, "text is missing"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([{**button(), "url": 5}])}, "String expected"),
    ("sendMessage", {"text": "  \n"}, "message text is empty"),
    ("sendMessage", {"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
    ("sendMessage", {"text": "a" * 4097}, "message is too long"),
    ("sendMessage", {"text": "🗳" * 2049}, "message is too long"),
    ("sendMessage", {"text": "<b>a</b>" + "&lt;" * 4096, "parse_mode": "HTML"}, "message is too long"),
    ("sendMessage", {"text": "a", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
    ("sendMessage", {"text": "a", "chat_id": 12}, "chat not found"),
    ("sendMessage", {"text": "a", "reply_parameters": {"message_id": 1}}, "replied not found"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button(data="")])}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button(data="é" * 33)])}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button(text=" ")])}, "must be non-empty"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([{"text": "a"}])}, "Text buttons are unallowed"),
    (
        "sendMessage",
        {"text": "a", "reply_markup": keyboard([button() | {"url": "https://a.ma"}])},
        "only one of",
    ),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([{"text": "a", "url": "a b"}])}, "is invalid"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard(*[TEN[:8]] * 13)}, "reply markup is too long"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard(TEN[:9])}, "too wide"),
    ("sendPhoto", {"photo": "nothing"}, "wrong file identifier"),
    ("sendPhoto", {"photo": "attach://nothing"}, "wrong file identifier"),
    ("sendVideo", {"video": "attach://nothing"}, "does not carry out"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action"),
    ("editMessageText", {"text": "a"}, "message identifier is not specified"),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "a" * 201}, "MESSAGE_TOO_LONG"),
    ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
    ("getFile", {"file_id": "nothing"}, "wrong file_id"),
    ("setMyCommands", {"commands": [{"command": "Start", "description": "a"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "a"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a"}]}, "description is missing"),
    ("setMyCommands", {"commands": [], "language_code": "ary"}, "invalid language code"),
    ("setMyCommands", {"commands": [], "scope": {"type": "everyone"}}, "'default' expected"),
    ("setWebhook", {"url": "http://sawt.ma/hook"}, "HTTPS URL"),
    ("setWebhook", {"url": "https://sawt.ma/hook", "secret_token": "a b"}, "unallowed characters"),
]


@pytest.mark.parametrize(("method", "params", "why"), REFUSED, ids=lambda value: str(value)[:40])
async def test_refuses_and_complains(
    api: BotApi, call: Post, phone: Phone, method: str, params: dict[str, Any], why: str
) -> None:
    if method.startswith(("send", "edit")):
        params = {"chat_id": phone.chat_id} | params
    answer = await call(method, **params)
    assert not answer["ok"]
    assert why in answer["description"]
    assert len(api.complaints) == 1
    assert why in api.complaints[0]
    assert phone.screen == []


async def test_takes_what_is_just_within_the_limits(api: BotApi, call: Post, phone: Phone) -> None:
    rows = [TEN[:8]] * 12 + [TEN[:4]]
    longest = keyboard(*rows[:-1], [button("é" * 100, "é" * 32)] * 4)
    assert (await call("sendMessage", chat_id=phone.chat_id, text="🗳" * 2048, reply_markup=longest))["ok"]
    html = {"text": "<b>" + "&amp;" * 4096 + "</b>", "parse_mode": "HTML"}
    assert (await call("sendMessage", chat_id=phone.chat_id, **html))["ok"]
    assert phone.screen[1].text == "&" * 4096
    assert api.complaints == []


async def test_a_wrong_token_is_unauthorized(api: BotApi) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{api.base}/bot1:wrong/getMe") as response,
    ):
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert api.calls == []
    assert api.complaints == []


async def test_a_body_that_is_no_json_is_a_complaint(api: BotApi) -> None:
    headers = {"Content-Type": "application/json"}
    url = f"{api.base}/bot{api.token}/getMe"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data="{", headers=headers) as response,
    ):
        assert response.status == 400
    assert api.complaints


async def test_an_unknown_field_within_an_object_only_warns(api: BotApi, call: Post, phone: Phone) -> None:
    newer = keyboard([button() | {"text": "a"}]) | {"glow": True}
    assert (await call("sendMessage", chat_id=phone.chat_id, text="a", reply_markup=newer))["ok"]
    assert "glow" in api.warnings[0]


async def test_a_parameter_newer_than_the_published_types_only_warns(api: BotApi, call: Post, phone: Phone) -> None:
    assert (await call("sendMessage", chat_id=phone.chat_id, text="a", ephemeral_message_parameters={}))["ok"]
    assert "ephemeral_message_parameters" in api.warnings[0]


# --- HTML ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</b></i>", 'expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("é<br>a", 'Unsupported start tag "br" at byte offset 2'),
        ("<br/>", "Unescaped character"),
        ("<p>a</p>", "Unsupported start tag"),
        ("<b onclick='a'>a</b>", "Unsupported start tag"),
        ("1 < 2", "Unescaped character"),
        ("Fès & Meknès", "Unescaped character"),
        ("a&nbsp;b", "Unsupported named entity"),
        ("a&#xZZ;", "Unescaped character"),
        ("<span>a</span>", "tg-spoiler"),
        ("<a>a</a>", "must have a link"),
        ("<a href='javascript:a'>a</a>", "must have a link"),
        ("<code><b>a</b></code>", "can't stand within"),
        ("<pre><b>a</b></pre>", "can't stand within"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "can't stand within"),
    ],
)
async def test_broken_html_is_refused(api: BotApi, call: Post, phone: Phone, source: str, why: str) -> None:
    answer = await call("sendMessage", chat_id=phone.chat_id, text=source, parse_mode="HTML")
    assert answer["description"].startswith("Bad Request: can't parse entities: ")
    assert why in answer["description"]
    assert api.complaints


def test_html_becomes_text_and_entities_counted_in_utf16() -> None:
    read = HtmlText('🗳 <b>صوت <i>a</i></b> &lt;&#x27;&#39;&quot;&gt; <a href="https://a.ma/?b=1&amp;c=2">l</a>')
    assert read.plain == "🗳 صوت a <''\"> l"
    assert read.entities == [
        {"type": "bold", "offset": 3, "length": 5},
        {"type": "italic", "offset": 7, "length": 1},
        {"type": "text_link", "offset": 15, "url": "https://a.ma/?b=1&c=2", "length": 1},
    ]


def test_html_knows_the_rarer_tags() -> None:
    source = (
        '<pre><code class="language-python">a</code></pre><span class="tg-spoiler">b</span>'
        "<blockquote expandable>c</blockquote><code>d</code>"
    )
    assert [(one["type"], one.get("language")) for one in HtmlText(source).entities] == [
        ("pre", "python"),
        ("spoiler", None),
        ("expandable_blockquote", None),
        ("code", None),
    ]


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_whatever_is_escaped_is_shown_as_it_was(text: str) -> None:
    import html

    assert HtmlText(f"<b>{html.escape(text)}</b>").plain == text


async def test_python_telegram_bot_finds_the_entities_where_they_are(ptb_bot: telegram.Bot, phone: Phone) -> None:
    message = await ptb_bot.send_message(phone.chat_id, "\n 🗳 <b>صوت</b> a <u>b</u> ", parse_mode="HTML")
    assert list(message.parse_entities().values()) == ["صوت", "b"]
    assert message.text == "🗳 صوت a b"


# --- messages and the screen -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", [False, True])
async def test_a_keyboard_arrives_the_same_as_json_and_as_a_form(api: BotApi, phone: Phone, form: bool) -> None:
    markup = keyboard([button(), button("Non", "no")], [{"text": "Site", "url": "https://a.ma"}])
    params: dict[str, Any] = {"chat_id": phone.chat_id, "text": "Bonjour", "reply_markup": markup}
    texts = {"chat_id": str(phone.chat_id), "text": "Bonjour", "reply_markup": json.dumps(markup)}
    url = f"{api.base}/bot{api.token}/sendMessage"
    async with aiohttp.ClientSession() as session:
        sending = session.post(url, data=texts) if form else session.post(url, json=params)
        async with sending as response:
            message = telegram.Message.de_json((await response.json())["result"], None)
    assert api.calls[0].params == params
    assert message.reply_markup is not None
    assert message.reply_markup.to_dict() == markup
    assert phone.screen[0].buttons == [("Signer", "sign"), ("Non", "no"), ("Site", None)]
    assert api.complaints == []


async def test_an_edit_stands_in_place_and_takes_the_keyboard_away(api: BotApi, call: Post, phone: Phone) -> None:
    first = await call("sendMessage", chat_id=phone.chat_id, text="un", reply_markup=keyboard([button()]))
    await call("sendMessage", chat_id=phone.chat_id, text="deux")
    place = {"chat_id": phone.chat_id, "message_id": first["result"]["message_id"]}
    await call("editMessageText", **place, text="UN")
    assert [(one.text, one.buttons) for one in phone.screen] == [("UN", []), ("deux", [])]
    await call("editMessageReplyMarkup", **place, reply_markup=keyboard([button("Voir", "see")]))
    assert phone.screen[0].buttons == [("Voir", "see")]
    assert phone.screen[0].text == "UN"
    assert api.complaints == []


async def test_an_edit_that_changes_nothing_is_an_error_but_no_complaint(api: BotApi, call: Post, phone: Phone) -> None:
    sent = await call("sendMessage", chat_id=phone.chat_id, text="un", reply_markup=keyboard([button()]))
    same = {"text": "<b></b>un ", "parse_mode": "HTML", "reply_markup": keyboard([button()])}
    number = sent["result"]["message_id"]
    again = await call("editMessageText", chat_id=phone.chat_id, message_id=number, **same)
    assert again["description"].startswith("Bad Request: message is not modified: ")
    missing = await call("editMessageText", chat_id=phone.chat_id, message_id=1, text="a")
    assert missing["description"] == "Bad Request: message to edit not found"
    assert api.complaints == []


async def test_only_own_messages_of_the_right_kind_can_be_edited(api: BotApi, call: Post, phone: Phone) -> None:
    theirs = await phone.says("a")
    sent = await call("sendMessage", chat_id=phone.chat_id, text="un")
    place = {"chat_id": phone.chat_id}
    number = theirs["message"]["message_id"]
    await call("editMessageText", **place, message_id=number, text="b")
    await call("editMessageCaption", **place, message_id=sent["result"]["message_id"], caption="b")
    assert [one.partition(": ")[2] for one in api.complaints] == [
        "message can't be edited",
        "there is no caption in the message to edit",
    ]


async def test_sees_fails_showing_the_screen(call: Post, phone: Phone) -> None:
    await call("sendMessage", chat_id=phone.chat_id, text="Bonjour", reply_markup=keyboard([button()]))
    await phone.sees("Bonjour", "Signer")
    with pytest.raises(AssertionError, match=r"not on the screen: \['Salam'\](.|\n)*Bonjour\n  \[Signer\] sign"):
        await phone.sees("Bonjour", "Salam", within=0.05)


async def test_sees_waits_and_looks_only_at_what_came_since_the_own_action(call: Post, phone: Phone) -> None:
    sent = await call("sendMessage", chat_id=phone.chat_id, text="Bonjour")
    await phone.says("a")
    await phone.sees_nothing_new(within=0.02)
    with pytest.raises(AssertionError):
        await phone.sees("Bonjour", within=0.02)
    looking = asyncio.create_task(phone.sees("Bonsoir"))
    place = {"chat_id": phone.chat_id, "message_id": sent["result"]["message_id"]}
    await call("editMessageText", **place, text="Bonsoir")
    assert [one.text for one in await looking] == ["Bonsoir"]
    with pytest.raises(AssertionError):
        await phone.sees_nothing_new(within=0.02)


async def test_two_phones_have_two_screens(api: BotApi, call: Post, phone: Phone) -> None:
    other = api.phone(chat_id=77, language_code=None)
    await call("sendMessage", chat_id=77, text="Bonjour")
    assert [len(other.screen), len(phone.screen)] == [1, 0]
    assert "language_code" not in (await other.says("a"))["message"]["from"]


async def test_the_keys_under_the_field_send_their_text(call: Post, phone: Phone) -> None:
    keys = {"keyboard": [["Oui", {"text": "Ma position", "request_location": True}]]}
    await call("sendMessage", chat_id=phone.chat_id, text="?", reply_markup={"keyboard": [[{"text": "Oui"}]]})
    assert (await phone.taps("Oui"))["message"]["text"] == "Oui"
    keys["keyboard"][0][0] = {"text": "Non"}
    await call("sendMessage", chat_id=phone.chat_id, text="?", reply_markup=keys)
    assert "location" in (await phone.taps("position"))["message"]
    await call("sendMessage", chat_id=phone.chat_id, text="ok", reply_markup={"remove_keyboard": True})
    with pytest.raises(AssertionError, match="no button"):
        await phone.taps("Non", within=0.02)


# --- pictures and documents ------------------------------------------------------------------------------


async def test_both_clients_upload_pictures_and_documents(
    api: BotApi, aiogram_bot: AiogramBot, ptb_bot: telegram.Bot, phone: Phone
) -> None:
    first = await aiogram_bot.send_photo(
        phone.chat_id, BufferedInputFile(png(), "a.png"), caption="<b>Un</b>", parse_mode="HTML"
    )
    second = await ptb_bot.send_photo(phone.chat_id, png(2000, 500), caption="Deux")
    await aiogram_bot.send_document(phone.chat_id, BufferedInputFile(b"a;b", "votes.csv"))
    paper = await ptb_bot.send_document(phone.chat_id, b"%PDF", filename="recu.pdf")
    assert first.photo is not None
    assert (first.photo[-1].width, second.photo[-1].width, second.photo[0].width) == (200, 1280, 90)
    assert [one.photo for one in phone.screen] == [png(), png(2000, 500), None, None]
    assert [one.document for one in phone.screen] == [None, None, b"a;b", b"%PDF"]
    assert [one.caption for one in phone.screen] == ["Un", "Deux", "", ""]
    assert paper.document is not None
    assert (paper.document.file_name, paper.document.mime_type) == ("recu.pdf", "application/pdf")
    await aiogram_bot.send_photo(phone.chat_id, first.photo[-1].file_id)  # once more, without an upload
    assert phone.screen[-1].photo == png()
    await aiogram_bot.edit_message_caption(chat_id=phone.chat_id, message_id=first.message_id, caption="Trois")
    assert phone.screen[0].caption == "Trois"
    assert api.complaints == []


@pytest.mark.parametrize(
    ("content", "caption", "why"),
    [
        (b"<svg/>", "", "IMAGE_PROCESS_FAILED"),
        (png() + bytes(10 * 1024 * 1024), "", "file is too big"),
        (png(2100, 100), "", "PHOTO_INVALID_DIMENSIONS"),
        (b"", "", "file must be non-empty"),
        (png(), "a" * 1025, "caption is too long"),
        (png(), "<b>", "can't parse entities"),
    ],
)
async def test_what_is_no_photo_is_refused(
    api: BotApi, ptb_bot: telegram.Bot, phone: Phone, content: bytes, caption: str, why: str
) -> None:
    with pytest.raises(telegram.error.BadRequest):
        await ptb_bot.send_photo(phone.chat_id, content, caption=caption, parse_mode="HTML")
    assert why in api.complaints[0]
    assert phone.screen == []


async def test_the_bot_can_fetch_what_the_phone_sends(api: BotApi, ptb_bot: telegram.Bot, phone: Phone) -> None:
    update = telegram.Update.de_json(await phone.sends_photo("voilà"), ptb_bot)
    assert update.message is not None
    file = await ptb_bot.get_file(update.message.photo[-1].file_id)
    assert image_size(bytes(await file.download_as_bytearray())) == (1, 1)
    assert update.message.caption == "voilà"
    assert api.complaints == []


# --- updates by polling ----------------------------------------------------------------------------------


async def test_polling_waits_and_an_offset_acknowledges(api: BotApi, call: Post, phone: Phone) -> None:
    polling = asyncio.create_task(call("getUpdates", timeout=5))
    await asyncio.sleep(0.02)
    await phone.says("/start a")
    (update,) = (await polling)["result"]
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["from"]["language_code"] == "fr"
    assert (await call("getUpdates"))["result"] == [update]  # not acknowledged yet
    offset = update["update_id"] + 1
    assert (await call("getUpdates", offset=offset))["result"] == []
    api.redeliver(update)
    assert (await call("getUpdates", offset=offset))["result"] == [update]
    assert (await call("getUpdates", offset=offset))["result"] == []
    await api.settled()


async def test_only_the_allowed_updates_come(call: Post, phone: Phone) -> None:
    await call("getUpdates", allowed_updates=["callback_query"])
    await phone.says("a")
    assert (await call("getUpdates"))["result"] == []


async def test_a_second_poll_ends_the_first_with_a_conflict(api: BotApi, call: Post) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=5))
    await asyncio.sleep(0.02)
    await call("getUpdates")
    assert (await first)["error_code"] == 409
    assert "terminated by other getUpdates" in api.complaints[0]


async def test_a_poll_left_by_a_killed_bot_is_no_conflict(api: BotApi, call: Post) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=5))
    await asyncio.sleep(0.02)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await asyncio.sleep(0.02)
    assert (await call("getUpdates"))["ok"]
    await asyncio.sleep(0.02)
    assert api.complaints == []


async def test_polling_while_a_webhook_is_set_is_a_conflict(api: BotApi, call: Post) -> None:
    await call("setWebhook", url="https://sawt.ma/hook")
    answer = await call("getUpdates")
    assert (answer["error_code"], answer["description"][:27]) == (409, "Conflict: can't use getUpda")
    assert api.complaints
    await call("deleteWebhook")
    assert (await call("getUpdates"))["ok"]


@pytest.mark.parametrize("kind", ["photo", "voice", "contact", "location"])
async def test_both_clients_read_every_kind_of_update(api: BotApi, phone: Phone, kind: str) -> None:
    from aiogram.types import Update

    update = await getattr(phone, f"sends_{kind}")()
    assert getattr(telegram.Update.de_json(update, None).message, kind)
    message = Update.model_validate(update).message
    assert message is not None
    assert getattr(message, kind)
    assert api.complaints == []


async def test_raw_fields_become_a_message_or_an_update(phone: Phone) -> None:
    assert (await phone.sends_raw({"dice": {"emoji": "🎲", "value": 6}}))["message"]["dice"]["value"] == 6
    assert (await phone.sends_raw({"my_chat_member": 5}))["my_chat_member"] == 5


# --- taps ------------------------------------------------------------------------------------------------


async def tapped(call: Post, phone: Phone) -> str:
    """Have the bot show a button and hear of the tap on it; return the id of the query."""
    await call("sendMessage", chat_id=phone.chat_id, text="?", reply_markup=keyboard([button()]))
    update = await phone.taps("Sign")
    await call("getUpdates")
    return str(update["callback_query"]["id"])


async def test_a_tap_carries_the_whole_message(api: BotApi, call: Post, phone: Phone) -> None:
    await tapped(call, phone)
    query = telegram.Update.de_json(api.updates[-1], None).callback_query
    assert query is not None
    assert query.data == "sign"
    assert isinstance(query.message, telegram.Message)
    assert query.message.reply_markup is not None
    assert query.message.message_id == phone.screen[0].message_id


async def test_a_tap_is_answered_once_and_its_toast_is_seen(api: BotApi, call: Post, phone: Phone) -> None:
    query = await tapped(call, phone)
    assert (await call("answerCallbackQuery", callback_query_id=query, text="Merci"))["result"] is True
    await phone.sees("Merci")
    assert api.complaints == []
    assert "query is too old" in (await call("answerCallbackQuery", callback_query_id=query))["description"]
    assert len(api.complaints) == 1


async def test_writing_before_the_answer_to_a_tap_is_a_complaint(api: BotApi, call: Post, phone: Phone) -> None:
    query = await tapped(call, phone)
    await call("sendChatAction", chat_id=phone.chat_id, action="typing")  # nothing to see yet
    await call("sendMessage", chat_id=api.phone().chat_id, text="elsewhere")
    assert api.complaints == []
    await call("sendMessage", chat_id=phone.chat_id, text="here")
    await call("answerCallbackQuery", callback_query_id=query)
    assert api.complaints == ["answerCallbackQuery must come first, before sendMessage"]


async def test_an_answer_telegram_failed_to_take_still_came_first(api: BotApi, call: Post, phone: Phone) -> None:
    query = await tapped(call, phone)
    api.fail("answerCallbackQuery", ServerError())
    assert (await call("answerCallbackQuery", callback_query_id=query))["error_code"] == 502
    await call("sendMessage", chat_id=phone.chat_id, text="here")
    assert api.complaints == []


async def test_the_very_same_tap_may_be_answered_again_when_delivered_again(
    api: BotApi, call: Post, phone: Phone
) -> None:
    query = await tapped(call, phone)
    await call("answerCallbackQuery", callback_query_id=query)
    api.redeliver(api.updates[-1])
    await call("getUpdates")
    await call("sendMessage", chat_id=phone.chat_id, text="need not be answered")
    await call("answerCallbackQuery", callback_query_id=query)
    assert api.complaints == []


async def test_a_button_seen_can_be_tapped_though_it_is_gone(call: Post, phone: Phone) -> None:
    sent = await call("sendMessage", chat_id=phone.chat_id, text="?", reply_markup=keyboard([button()]))
    (seen,) = await phone.sees("?")
    await call("editMessageText", chat_id=phone.chat_id, message_id=sent["result"]["message_id"], text="!")
    with pytest.raises(AssertionError, match="no button 'Signer'"):
        await phone.taps("Signer", within=0.02)
    assert (await phone.taps("Signer", on=seen))["callback_query"]["message"]["text"] == "!"


async def test_a_label_on_two_buttons_or_a_link_is_not_tapped(call: Post, phone: Phone) -> None:
    row = [button("Signer A"), button("Signer B"), {"text": "Site", "url": "https://a.ma"}]
    await call("sendMessage", chat_id=phone.chat_id, text="?", reply_markup=keyboard(row))
    with pytest.raises(AssertionError, match="on 2 buttons"):
        await phone.taps("Signer")
    with pytest.raises(AssertionError, match="opens a link"):
        await phone.taps("Site")
    assert (await phone.taps("Signer B"))["callback_query"]["data"] == "sign"


# --- trouble ---------------------------------------------------------------------------------------------


async def test_failures_come_in_turn_then_all_is_well(api: BotApi, call: Post, phone: Phone) -> None:
    api.fail("sendMessage", Blocked(), ServerError(502), BadRequest("chat not found"), RetryAfter(7))
    codes = []
    for _ in range(4):
        answer = await call("sendMessage", chat_id=phone.chat_id, text="a")
        codes.append(answer["error_code"])
    assert codes == [403, 502, 400, 429]
    assert answer["parameters"] == {"retry_after": 7}
    assert (await call("sendMessage", chat_id=api.phone().chat_id, text="a"))["ok"]
    assert api.complaints == []
    assert len(api.calls) == 5


async def test_writing_before_retry_after_has_passed_is_a_complaint(api: BotApi, call: Post, phone: Phone) -> None:
    api.fail("sendMessage", RetryAfter(0.2))
    await call("sendMessage", chat_id=phone.chat_id, text="a")
    assert (await call("sendMessage", chat_id=phone.chat_id, text="on its way"))["error_code"] == 429
    assert api.complaints == []
    await asyncio.sleep(0.1)
    assert (await call("sendMessage", chat_id=phone.chat_id, text="a"))["error_code"] == 429
    assert len(api.complaints) == 1
    await asyncio.sleep(0.12)
    assert (await call("sendMessage", chat_id=phone.chat_id, text="a"))["ok"]
    assert len(api.complaints) == 1


async def test_drop_and_hang_look_like_a_broken_network(api: BotApi, aiogram_bot: AiogramBot, phone: Phone) -> None:
    api.fail("sendMessage", Drop(), Drop(carried_out=True), Hang(0.2))
    with pytest.raises(TelegramNetworkError):
        await aiogram_bot.send_message(phone.chat_id, "un")
    with pytest.raises(TelegramNetworkError):
        await aiogram_bot.send_message(phone.chat_id, "deux")
    started = time.monotonic()
    await aiogram_bot.send_message(phone.chat_id, "trois")
    assert time.monotonic() - started >= 0.2
    assert [one.text for one in phone.screen] == ["deux", "trois"]
    assert [one.params["text"] for one in api.calls] == ["un", "deux", "trois"]
    assert api.complaints == []


async def test_a_hanging_call_is_carried_out_though_the_caller_has_left(
    api: BotApi, aiogram_bot: AiogramBot, phone: Phone
) -> None:
    api.fail("sendMessage", Hang(0.1))
    with pytest.raises(TelegramNetworkError):
        await aiogram_bot.send_message(phone.chat_id, "un", request_timeout=0.02)
    assert phone.screen == []
    await phone.sees("un")


async def test_flood_control_lets_a_burst_pass_and_then_a_message_a_second() -> None:
    async with BotApi(flood=True) as api:
        phone = api.phone()
        session = AiohttpSession(api=TelegramAPIServer.from_base(api.base))
        async with AiogramBot(api.token, session=session) as bot:
            for text in ("un", "deux", "trois"):
                await bot.send_message(phone.chat_id, text)
            with pytest.raises(TelegramRetryAfter) as refused:
                await bot.send_message(phone.chat_id, "quatre")
            assert refused.value.retry_after == 1
            assert api.complaints == []
            await bot.send_message(api.phone().chat_id, "another chat is free")
            await asyncio.sleep(0.1)
            with pytest.raises(TelegramRetryAfter):
                await bot.send_message(phone.chat_id, "quatre")
            assert len(api.complaints) == 1
            await asyncio.sleep(0.95)
            await bot.send_message(phone.chat_id, "quatre")
            assert len(api.complaints) == 1


async def test_flood_control_lets_thirty_a_second_pass_over_all_chats() -> None:
    async with BotApi(flood=True) as api:
        session = AiohttpSession(api=TelegramAPIServer.from_base(api.base))
        async with AiogramBot(api.token, session=session) as bot:
            sending = [bot.send_message(api.phone().chat_id, "a") for _ in range(60)]
            answers = await asyncio.gather(*sending, return_exceptions=True)
        refused = [one for one in answers if isinstance(one, TelegramRetryAfter)]
        assert 15 <= len(refused) <= 30
        assert len(answers) - len(refused) == len([one for one in api.calls if one.answer["ok"]])


# --- the webhook -----------------------------------------------------------------------------------------


@asynccontextmanager
async def listening(answer: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_the_webhook_gets_the_update_with_the_secret(api: BotApi, call: Post, phone: Phone) -> None:
    heard: list[tuple[str, dict[str, Any]]] = []

    async def hook(request: web.Request) -> web.Response:
        heard.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], await request.json()))
        return web.Response()

    early = await phone.says("before the webhook was set")
    async with listening(hook) as url:
        await call("setWebhook", url=url, secret_token="s3cret_-")
        update = await phone.says("/start")
        await api.settled()
        api.redeliver(update)
        await api.settled()
    assert heard == [("s3cret_-", one) for one in (early, update, update)]
    assert api.webhook is not None
    assert (api.webhook.url, api.webhook.secret) == (url, "s3cret_-")
    assert api.complaints == []


@pytest.mark.parametrize("trouble", ["500", "302", "time-out", "hang-up"])
async def test_an_update_not_taken_comes_again_and_the_chat_stays_in_order(
    api: BotApi, call: Post, phone: Phone, trouble: str
) -> None:
    heard: list[str] = []

    async def hook(request: web.Request) -> web.Response:
        heard.append((await request.json())["message"]["text"])
        if len(heard) <= 2:
            if trouble == "time-out":
                await asyncio.sleep(0.4)
            if trouble == "hang-up" and request.transport:
                request.transport.abort()
            return web.Response(status=int(trouble) if trouble.isdigit() else 200)
        return web.Response()

    async with listening(hook) as url:
        await call("setWebhook", url=url)
        await phone.says("un")
        await phone.says("deux")
        await api.settled()
    assert heard == ["un", "un", "un", "deux"]
    info = telegram.WebhookInfo.de_json((await call("getWebhookInfo"))["result"], None)
    assert (info.pending_update_count, info.url) == (0, url)
    assert info.last_error_message


async def test_no_more_connections_than_asked_for_and_chats_side_by_side(api: BotApi, call: Post) -> None:
    at_once, most = 0, 0

    async def hook(_: web.Request) -> web.Response:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        return web.Response()

    async with listening(hook) as url:
        await call("setWebhook", url=url, max_connections=2)
        for phone in [api.phone() for _ in range(5)]:
            await phone.says("a")
            await phone.says("b")
        await api.settled()
    assert most == 2
    assert len(api.deliveries) == 10


async def test_a_call_in_the_webhooks_answer_is_carried_out(api: BotApi, call: Post, phone: Phone) -> None:
    async def hook(request: web.Request) -> web.Response:
        chat = (await request.json())["message"]["chat"]["id"]
        return web.json_response({"method": "sendMessage", "chat_id": chat, "text": "Salam"})

    async with listening(hook) as url:
        await call("setWebhook", url=url)
        await phone.says("a")
        await phone.sees("Salam")
    assert api.calls[-1].method == "sendMessage"
    assert api.complaints == []


async def test_the_webhook_hears_only_of_allowed_updates(api: BotApi, call: Post, phone: Phone) -> None:
    await call("setWebhook", url="http://127.0.0.1:9/hook", allowed_updates=["callback_query"])
    await phone.says("a")
    await api.settled(within=0.1)
    await call("setWebhook", url="http://127.0.0.1:9/hook", allowed_updates=["message"])
    await phone.says("a")
    with pytest.raises(AssertionError, match="not taken"):
        await api.settled(within=0.1)


# --- the real clients ------------------------------------------------------------------------------------


async def test_aiogram_finds_all_it_needs(api: BotApi, aiogram_bot: AiogramBot, phone: Phone) -> None:
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Signer", callback_data="sign")]])
    assert (await aiogram_bot.get_me()).username == "sawt_test_bot"
    assert await aiogram_bot.set_my_commands([BotCommand(command="start", description="البداية")], None, "ar")
    assert (await aiogram_bot.get_my_commands(language_code="ar"))[0].description == "البداية"
    assert await aiogram_bot.send_chat_action(phone.chat_id, "typing")
    sent = await aiogram_bot.send_message(phone.chat_id, "Bonjour", reply_markup=markup)
    await phone.taps("Signer")
    (update,) = await aiogram_bot.get_updates(timeout=1)
    assert update.callback_query is not None
    assert await update.callback_query.answer("Merci")
    edited = await aiogram_bot.edit_message_text(
        "Signé", chat_id=phone.chat_id, message_id=sent.message_id, reply_markup=markup
    )
    assert not isinstance(edited, bool)
    await phone.sees("Signé", "Merci")
    reply = await sent.reply("Une réponse")
    assert reply.reply_to_message is not None
    assert await aiogram_bot.delete_message(phone.chat_id, reply.message_id)
    assert len(phone.screen) == 1
    assert await aiogram_bot.set_webhook("https://sawt.ma/hook", secret_token="a", drop_pending_updates=True)
    assert (await aiogram_bot.get_webhook_info()).url == "https://sawt.ma/hook"
    assert await aiogram_bot.delete_webhook()
    assert await aiogram_bot.set_my_description("Sawt")
    assert api.complaints == api.warnings == []


async def test_python_telegram_bot_finds_all_it_needs(api: BotApi, ptb_bot: telegram.Bot, phone: Phone) -> None:
    markup = telegram.InlineKeyboardMarkup.from_button(telegram.InlineKeyboardButton("Signer", callback_data="sign"))
    assert ptb_bot.username == "sawt_test_bot"
    assert await ptb_bot.set_my_commands([("start", "Commencer")])
    sent = await ptb_bot.send_message(phone.chat_id, "Bonjour", reply_markup=markup)
    await phone.taps("Signer")
    (update,) = await ptb_bot.get_updates(timeout=1)
    assert update.callback_query is not None
    assert await update.callback_query.answer()
    await sent.edit_text("Signé")
    await phone.sees("Signé")
    with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
        await sent.edit_text("Signé")
    api.fail("sendMessage", RetryAfter(3), Blocked())
    with pytest.raises(telegram.error.RetryAfter):
        await ptb_bot.send_message(phone.chat_id, "a")
    with pytest.raises(telegram.error.Forbidden, match="blocked by the user"):
        await ptb_bot.send_message(api.phone().chat_id, "a")
    assert len(await api.called("sendMessage", 3)) == 3
    assert api.complaints == api.warnings == []
