"""WhatsApp as other people run it: `sawt serve`, `sawt whatsapp templates`, two communes, kill -9."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from conftest import SECRET, City
from graph_api import GraphApi, Phone
from sawt_process import free_port, sawt, sawt_afresh, serving
from sqlalchemy import select
from whatsapp_line import VERIFY, api_without_complaints

from bot import templates
from storage import outbox
from storage.citizens import CitizenRow
from storage.communes import Commune
from storage.outbox import Outbound
from storage.petitions import Support

PATIENCE = 45.0  # seconds: a start takes some, on a busy machine
PEOPLE, KILLS = 4, 2
one_database = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture
async def api() -> AsyncIterator[GraphApi]:
    async with api_without_complaints() as api:
        yield api


def settings(api: GraphApi, database_url: str, port: int = 8080) -> dict[str, str]:
    return {
        "SAWT_DATABASE_URL": database_url,
        "SAWT_SECRET_KEY": SECRET,
        "SAWT_PORT": str(port),
        "SAWT_WHATSAPP_TOKEN": api.token,
        "SAWT_WHATSAPP_PHONE_ID": api.number,
        "SAWT_WHATSAPP_BUSINESS_ID": api.business,
        "SAWT_WHATSAPP_APP_SECRET": api.secret,
        "SAWT_WHATSAPP_VERIFY_TOKEN": VERIFY,
        "SAWT_WHATSAPP_API_BASE": api.base,
    }


@pytest.mark.slow
@one_database
async def test_the_templates_are_handed_in_once_and_looked_at(
    city: City, api: GraphApi, database_url: str, tmp_path: Path
) -> None:
    those = settings(api, database_url)
    count = len(templates.register()) * 2
    asked = await sawt_afresh("whatsapp templates check", those, tmp_path)
    assert (asked.code, asked.out.count("missing"), asked.err) == (1, count, "")
    pushed = await sawt_afresh("whatsapp templates push", those, tmp_path)
    assert (pushed.code, f"{count} handed in" in pushed.out, len(api.templates)) == (0, True, count)
    for each in api.templates.values():
        each["status"] = "APPROVED"
    next(iter(api.templates.values()))["components"] = [{"type": "BODY", "text": "another"}]
    again = await sawt("whatsapp templates push", those, tmp_path)
    assert "1 handed in" in again.out
    for each in api.templates.values():
        each["status"] = "APPROVED"
    asked = await sawt("whatsapp templates check", those, tmp_path)
    assert (asked.code, asked.out.count("approved")) == (0, count)
    api.expected.add(190)
    wrong = await sawt("whatsapp templates check", {**those, "SAWT_WHATSAPP_TOKEN": "wrong"}, tmp_path)
    assert (wrong.code, "SAWT_WHATSAPP_TOKEN" in wrong.err, "wrong" in wrong.err) == (2, True, False)
    missing = await sawt("serve", {**those, "SAWT_WHATSAPP_APP_SECRET": ""}, tmp_path)
    assert (missing.code, "SAWT_WHATSAPP_APP_SECRET must be set" in missing.err) == (2, True)


@one_database
async def test_two_communes_are_served_each_by_its_number_and_at_its_address(
    city: City, api: GraphApi, database_url: str, tmp_path: Path
) -> None:
    names = {f"whatsapp_{name}": f"FKIH_{name.upper()}" for name in ("token", "phone_id", "app_secret", "verify_token")}
    own = {"receipt_prefix": "FK", "contact": "fkih@exemple.invalid", "quarters": [], "accounts": names}
    await city.has(Commune(slug="fkih", name={"ar": "الفقيه بن صالح", "fr": "Fkih Ben Salah"}, settings=own))
    port = free_port()
    async with GraphApi(number="207000000000000", secret="another secret") as other:
        other.token = "EAAG-other"
        others = {"TOKEN": other.token, "PHONE_ID": other.number, "APP_SECRET": other.secret, "VERIFY_TOKEN": "v"}
        environment = settings(api, database_url, port) | {f"FKIH_{name}": value for name, value in others.items()}
        # Both communes speak with one Graph API: the stub of the second stands behind the first.
        api.behind = other
        async with serving(environment, tmp_path) as process:
            api.webhook = other.webhook = f"http://127.0.0.1:{port}/whatsapp/webhook"
            here, there = api.phone(), other.phone()
            for phone, name in ((here, "Béni Mellal"), (there, "Fkih Ben Salah")):
                await phone.says("salam")
                await phone.sees(name, within=PATIENCE)
            # One app's secret opens no other app's number.
            value = {**other.metadata, **there.value({"messages": []}), "messages": [_event(there)]}
            assert await api.deliver(value, {}) == 200
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
                for path, name in (("/", "Béni Mellal"), ("/c/fkih/", "Fkih Ben Salah")):
                    async with session.get(path) as page:
                        assert name in await page.text()
                said = {"id": "12345678", "start": ""}
                async with session.post("/c/fkih/chat", json=said) as answer:
                    assert answer.status == 200
            process.terminate()
            assert await process.wait() == 0
        assert other.complaints == []
    people = await city.all(CitizenRow)
    assert sorted(person.commune_id for person in people) == [1, 2, 2]
    missing = await sawt("serve", {**environment, "FKIH_APP_SECRET": ""}, tmp_path)
    assert (missing.code, "FKIH_APP_SECRET" in missing.err) == (2, True)


def _event(phone: Phone) -> dict[str, object]:
    return {**phone.named(), "id": "wamid.FORGED", "timestamp": "1764000000", "type": "text", "text": {"body": "menu"}}


async def _talks(phone: Phone, number: int, chance: random.Random) -> None:
    """The whole way to a declaration of support; each message waits for the answer to the one before."""
    steps = [
        ("salam", "", "Choisissez votre langue"),
        ("", "Français", "Pouvons-nous commencer"),
        ("", "J'ai compris", "Que souhaitez-vous faire"),
        ("/petitions", "", "Quelle pétition"),
        ("", "Des arbres", "Voulez-vous déclarer votre soutien"),
        ("", "Soutenir", "Êtes-vous d'accord"),
        ("", "J'accepte", "nom complet"),
        (f"Ada {'ABCDEF'[number]}lahlou", "", "numéro de CIN"),
        (f"I12345{number}", "", "Dans quel quartier"),
        ("", "Ourbiaa", "confirmer la déclaration"),
        ("", "Confirmer", "est enregistrée"),
        ("menu", "", "Que souhaitez-vous faire"),
    ]
    for typed, label, answer in steps:
        await asyncio.sleep(chance.uniform(0, 0.5))
        if typed:
            await phone.says(typed)
        else:
            await phone.taps(label, within=PATIENCE)
        await phone.sees(answer, within=PATIENCE)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["postgresql"])
async def test_nothing_is_lost_and_nobody_counts_twice_however_often_it_is_killed(
    city: City, api: GraphApi, database_url: str, tmp_path: Path
) -> None:
    await city.petition()
    chance, port = random.Random(20261126), free_port()
    environment = settings(api, database_url, port)
    api.webhook = f"http://127.0.0.1:{port}/whatsapp/webhook"
    phones = [api.phone() for _ in range(PEOPLE)]
    people = [asyncio.create_task(_talks(phone, number, chance)) for number, phone in enumerate(phones)]
    for _ in range(KILLS):
        async with serving(environment, tmp_path) as process:
            await asyncio.sleep(chance.uniform(0.3, 1.6))
            process.send_signal(signal.SIGKILL)
            await process.wait()
    async with serving(environment, tmp_path) as process:
        await asyncio.gather(*people)
        async with asyncio.timeout(PATIENCE):
            while any(row.status == outbox.WAITING for row in await city.all(Outbound)):
                await asyncio.sleep(0.1)
        process.terminate()
        assert await process.wait() == 0
    supports = await city.all(Support)
    assert len(supports) == len({support.citizen_id for support in supports}) == PEOPLE
    async with city.database.reading() as db:
        ids = list((await db.scalars(select(Outbound.external_id).order_by(Outbound.id))).all())
    for phone in phones:
        shown = [seen.id for seen in phone.screen]
        own = [id for id in ids if id in shown]
        assert own == [id for id in shown if id in own]  # in the order in which it was said
        assert len(shown) - len(own) <= KILLS  # only a kill between sending and marking sends again
    log = (tmp_path / "serve.log").read_text()
    assert "Traceback" not in log
    assert not any(secret in log for secret in (api.token, api.secret, VERIFY, "2126", "I12345", "lahlou"))
