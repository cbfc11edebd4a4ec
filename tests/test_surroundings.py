"""`sawt` in surroundings that are not as they must be: it says which setting, and what to do, and shows no secret."""

import asyncio
import json
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from bot_api import BotApi
from sawt_process import DEMO, KEY, Ended, free_port, sawt, sawt_afresh, serving

from bot.settings import DEMO_SECRET

PASSWORD = "hunter2-the-password"
TOKEN = "123456:a-token-that-nobody-gave"
OTHER_KEY = "another key, long enough too"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database made with `sawt migrate` and `sawt load`, to copy."""
    where = tmp_path_factory.mktemp("loaded")

    async def make() -> None:
        for words in ("migrate", f"load {DEMO}"):
            ended = await sawt_afresh(words, {"SAWT_SECRET_KEY": KEY}, where)
            assert (ended.code, ended.err) == (0, "")

    asyncio.run(make())
    return where / "sawt.db"


@pytest.fixture
def place(loaded: Path, tmp_path: Path) -> Path:
    """A folder with a database in it, as the settings expect it."""
    shutil.copy(loaded, tmp_path / "sawt.db")
    return tmp_path


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


def complains(ended: Ended, *words: str) -> None:
    """It ended with an explanation for a person, and gave nothing away."""
    assert ended.code == 2, ended
    assert any(line.startswith("sawt: ") for line in ended.err.splitlines()), ended.err
    for word in words:
        assert word in ended.err
    said = ended.out + ended.err
    assert "Traceback" not in said
    assert not any(secret in said for secret in (KEY, OTHER_KEY, DEMO_SECRET, PASSWORD, TOKEN, BotApi.token))
    assert len(ended.err.splitlines()) <= 5


# Settings


async def test_all_wrong_settings_are_named_at_once_with_what_to_do(tmp_path: Path) -> None:
    wrong = {
        "SAWT_SECRET_KEY": "short",
        "SAWT_PORT": "http",
        "SAWT_LOG_LEVEL": "loud",
        "SAWT_TELEGRAM_TOKEN": PASSWORD,
        "SAWT_TELEGRAM_API_BASE": "api.telegram.org",
    }
    complains(
        await sawt("serve", wrong, tmp_path),
        *wrong,
        "16 characters at least, at random (openssl rand",
        "debug, info, warning, error",
        "BotFather",
        "https://",
    )


async def test_a_role_that_there_is_not_is_named(tmp_path: Path) -> None:
    wrong = {"SAWT_SECRET_KEY": KEY, "SAWT_ROLES": "web,postman"}
    complains(await sawt("serve", wrong, tmp_path), "SAWT_ROLES", "web, post, clock")


HOOK = {"SAWT_TELEGRAM_WEBHOOK_URL": "https://x.invalid/telegram/webhook"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"SAWT_SECRET_KEY": "", "SAWT_PORT": "0"}, ["SAWT_SECRET_KEY is not set", "openssl rand", "SAWT_PORT"]),
        ({"SAWT_SECRET_KEY": DEMO_SECRET}, ["SAWT_SECRET_KEY", "of the demo", "Choose one at random"]),
        (HOOK, ["SAWT_TELEGRAM_WEBHOOK_SECRET", "A-Z"]),
        ({**HOOK, "SAWT_TELEGRAM_WEBHOOK_SECRET": f"{PASSWORD} é"}, ["SAWT_TELEGRAM_WEBHOOK_SECRET", "1 to 256"]),
    ],
    ids=["key", "demo-key", "no-hook-secret", "hook-secret"],
)
async def test_a_wrong_setting_is_named_with_what_to_do(
    tmp_path: Path, wrong: dict[str, str], words: list[str]
) -> None:
    complains(await sawt("serve", {"SAWT_SECRET_KEY": KEY, **wrong}, tmp_path), *words)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"hunter2 {PASSWORD}", ["not a database URL", "postgresql+asyncpg://"]),
        (f"postgresql+asyncpg://u:{PASSWORD}@h:port/x", ["not a database URL", "%40 for @"]),
        (f"mysql://u:{PASSWORD}@h/x", ["'mysql'", "postgresql+asyncpg://"]),
        (f"postgresql+asyncpg://u:{PASSWORD}@127.0.0.1:1/x", ["cannot be reached", "Is it running"]),
        ("sqlite+aiosqlite:////no/such/folder/sawt.db", ["/no/such/folder/sawt.db", "Is its folder there"]),
        ("sqlite+aiosqlite:////tmp", ["/tmp", "cannot be opened"]),
    ],
    ids=["nonsense", "port", "driver", "server", "folder", "no-file"],
)
async def test_a_database_that_cannot_be_reached_is_named(tmp_path: Path, url: str, words: list[str]) -> None:
    settings = {"SAWT_SECRET_KEY": KEY, "SAWT_DATABASE_URL": url}
    complains(await sawt("tally", settings, tmp_path), "SAWT_DATABASE_URL", *words)


async def test_a_commune_that_is_not_loaded_is_named(place: Path) -> None:
    settings = {"SAWT_SECRET_KEY": KEY, "SAWT_COMMUNE": "atlantis"}
    complains(await sawt("serve", settings, place), "SAWT_COMMUNE", "'atlantis'", "sawt load")


async def test_the_key_of_another_database_is_refused_and_can_be_exchanged(place: Path) -> None:
    wrong = {"SAWT_SECRET_KEY": OTHER_KEY, "SAWT_SECRET_KEY_OLD": "neither of the two"}
    complains(await sawt("tally", wrong, place), "SAWT_SECRET_KEY", "SAWT_SECRET_KEY_OLD")
    exchanged = await sawt("tally", {"SAWT_SECRET_KEY": OTHER_KEY, "SAWT_SECRET_KEY_OLD": KEY}, place)
    assert exchanged.code == 0, exchanged.err
    assert (await sawt("tally", {"SAWT_SECRET_KEY": OTHER_KEY}, place)).code == 0
    complains(await sawt("tally", {"SAWT_SECRET_KEY": KEY}, place), "SAWT_SECRET_KEY")


async def test_a_database_that_does_not_exist_on_the_server_is_named(postgres_server: str, tmp_path: Path) -> None:
    settings = {"SAWT_SECRET_KEY": KEY, "SAWT_DATABASE_URL": postgres_server.replace("/empty", "/nowhere")}
    complains(await sawt("serve", settings, tmp_path), "SAWT_DATABASE_URL", "nowhere")


# The database


async def test_an_empty_database_is_to_be_migrated(tmp_path: Path) -> None:
    settings = {"SAWT_SECRET_KEY": KEY}
    complains(await sawt("serve", settings, tmp_path), "SAWT_DATABASE_URL", "Run: sawt migrate")
    assert (await sawt("migrate", settings, tmp_path)).code == 0
    complains(await sawt("serve", settings, tmp_path), "No commune is loaded", "sawt load")


async def test_an_older_database_is_to_be_migrated(place: Path) -> None:
    _sql(place, "DELETE FROM alembic_version")
    complains(await sawt("serve", {"SAWT_SECRET_KEY": KEY}, place), "SAWT_DATABASE_URL", "Run: sawt migrate")


async def test_a_newer_database_is_left_alone(place: Path) -> None:
    _sql(place, "UPDATE alembic_version SET version_num = 'of_next_year'")
    for words in ("tally", "migrate"):
        complains(await sawt(words, {"SAWT_SECRET_KEY": KEY}, place), "SAWT_DATABASE_URL", "newer version", "backup")


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "sawt.db").write_text("The minutes of the council. " * 1000)
    complains(await sawt("serve", {"SAWT_SECRET_KEY": KEY}, tmp_path), "SAWT_DATABASE_URL", "not a database")


@pytest.mark.parametrize(("words", "typed"), [("migrate", ""), ("talk --language fr --as Ada", "menu\n" * 30)])
async def test_a_full_disk_is_said(tmp_path: Path, place: Path, words: str, typed: str) -> None:
    if words == "migrate":
        (place / "sawt.db").unlink()
    ended = await sawt_afresh(words, {"SAWT_SECRET_KEY": KEY}, place, typed, prefix="ulimit -f 80;")  # 40 KB a file
    complains(ended, "SAWT_DATABASE_URL", "disk")


def _sql(place: Path, statement: str) -> None:
    with sqlite3.connect(place / "sawt.db") as connection:
        connection.execute(statement)
    connection.close()


# The network


async def test_a_port_in_use_is_said(place: Path) -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = {"SAWT_SECRET_KEY": KEY, "SAWT_PORT": str(port)}
    complains(await sawt_afresh("serve", settings, place), "SAWT_PORT", str(port))
    server.close()
    await server.wait_closed()


def _telegram(api_base: str, **more: str) -> dict[str, str]:
    own = {"SAWT_SECRET_KEY": KEY, "SAWT_PORT": str(free_port()), "SAWT_TELEGRAM_API_BASE": api_base}
    return {**own, "SAWT_TELEGRAM_TOKEN": TOKEN, **more}


async def test_a_token_that_telegram_does_not_accept_is_said(place: Path, api: BotApi) -> None:
    complains(await sawt_afresh("serve", _telegram(api.base), place), "SAWT_TELEGRAM_TOKEN", "BotFather")


async def test_an_address_where_telegram_is_not_is_said(place: Path) -> None:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<h1>It works!</h1>")

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", page)
    server = web.AppRunner(app)
    await server.setup()
    await web.TCPSite(server, "127.0.0.1", 0).start()
    ended = await sawt("serve", _telegram(f"http://127.0.0.1:{server.addresses[0][1]}"), place)
    await server.cleanup()
    complains(ended, "SAWT_TELEGRAM_API_BASE")


async def test_a_webhook_that_telegram_refuses_is_said(place: Path, api: BotApi) -> None:
    hook = {"SAWT_TELEGRAM_WEBHOOK_URL": "http://sawt.invalid/hook", "SAWT_TELEGRAM_WEBHOOK_SECRET": "secret"}
    ended = await sawt(
        "serve", _telegram(api.base, SAWT_TELEGRAM_TOKEN=api.token, SAWT_LOG_LEVEL="error", **hook), place
    )
    complains(ended, "SAWT_TELEGRAM_WEBHOOK_URL", "HTTPS")


async def test_telegram_out_of_reach_keeps_nobody_from_the_web(place: Path) -> None:
    settings = _telegram(f"http://127.0.0.1:{free_port()}")
    async with serving(settings, place) as process:
        process.terminate()
        assert await process.wait() == 0
    log = (place / "serve.log").read_text()
    assert "telegram_unreachable" in log
    assert "Traceback" not in log
    assert TOKEN not in log


# Commands


async def test_help_and_version_need_no_setting(tmp_path: Path) -> None:
    shown = await sawt_afresh("--help", {}, tmp_path)
    assert shown.code == 0
    assert all(word in shown.out for word in ("demo", "serve", "talk", "load", "staff", "tally", "migrate", "version"))
    version = await sawt_afresh("version", {}, tmp_path)
    assert (version.code, version.out) == (0, "0.1.0\n")
    assert (await sawt_afresh("nonsense", {}, tmp_path)).code == 2


async def test_a_code_makes_staff_who_are_listed_and_removed(place: Path) -> None:
    settings = {"SAWT_SECRET_KEY": KEY}
    code = (await sawt_afresh("staff add Zineb", settings, place)).out.split()[-1]
    typed = f"compris\n/staff {code}\n/staff {code}\n/tally\n"
    said = await sawt_afresh("talk --language fr --as Zineb", settings, place, typed)
    assert "Bienvenue, \u2068Zineb\u2069" in said.out
    assert "Le décompte de quoi" in said.out
    number, role, name, _day = (await sawt_afresh("staff list", settings, place)).out.strip().split("\t")
    assert (role, name) == ("coordinator", "Zineb")
    assert (await sawt_afresh(f"staff remove {number}", settings, place)).code == 0
    assert (await sawt("staff list", settings, place)).out == ""
    complains(await sawt(f"staff remove {number}", settings, place), "sawt staff list")


async def test_staff_of_no_role_or_of_no_address_are_refused(place: Path) -> None:
    settings = {"SAWT_SECRET_KEY": KEY}
    complains(await sawt("staff add X --role king", settings, place), "--role", "coordinator")
    complains(await sawt("staff add X --address telegram:5", settings, place), "--address")


async def test_the_tally_is_json_for_programs(place: Path) -> None:
    ended = await sawt_afresh("tally --json", {"SAWT_SECRET_KEY": KEY}, place)
    assert (ended.code, ended.err) == (0, "")
    figures = json.loads(ended.out)
    assert {each["process"] for each in figures} >= {"petition", "budget", "workshop", "survey"}
    assert next(each for each in figures if each["id"] == "pet-lighting")["threshold"] == 200


@pytest.mark.parametrize(
    ("arrival", "typed", "shown"),
    [
        (
            "2\ncompris\n/petitions\nÉclairage\nSoutenir\nj'accepte\nAda Lahlou\nI123456\n3\nConfirmer\n",
            "/receipt\n",
            ["Choisissez votre langue", "Quelle pétition", "nom complet", "est enregistrée", "numéro de récépissé"],
        ),
        (
            "1\nفهمت\nالعرائض\nإنارة\nندعم هاد العريضة\nموافقة\nفاطمة الزهراء\ni 123456\n3\nنأكد\n",
            "القائمة\nالوصولات ديالي\n",
            ["ختارو اللغة", "أينا عريضة", "كتبو السمية", "تسجل التصريح بالدعم ديالكم", "كتبو رقم الوصل"],
        ),
    ],
    ids=["fr", "ary"],
)
async def test_a_conversation_goes_through_a_pipe_and_on_in_the_next(
    place: Path, arrival: str, typed: str, shown: list[str]
) -> None:
    ended = await sawt("talk", {"SAWT_SECRET_KEY": KEY}, place, arrival)
    assert (ended.code, ended.err) == (0, "")
    assert all(words in ended.out for words in shown[:-1]), ended.out
    again = await sawt("talk", {"SAWT_SECRET_KEY": KEY}, place, typed)  # the same person, another process
    receipt = re.search(r"BM-\w{4}-\w{4}", ended.out)
    assert receipt
    assert receipt[0] in again.out
    assert shown[-1] in again.out
