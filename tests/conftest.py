"""A city to test in: real tables on SQLite and PostgreSQL, people who say, tap and see."""

import gc
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import databases
import pytest
from databases import postgres_copy, postgres_server, sqlite_copy, sqlite_file  # noqa: F401
from sqlalchemy import select

from bot import templates
from bot.incoming import Incoming
from bot.runner import LIMITS, Runner
from flows.questions import Reply
from flows.registry import ROLE_NAMES
from locales.bidi import clean, strip_isolates
from storage import ballot_keys, media, places, staff
from storage.budgets import Budget, Project
from storage.communes import Commune, Home
from storage.consultations import Article, Consultation
from storage.conversations import Sender
from storage.database import Database, DataKey, connect
from storage.outbox import Outbound
from storage.petitions import Petition
from storage.schema import Base
from storage.vault import encrypt, wrapping_key
from storage.wordings import Wording
from storage.workshops import Workshop

SECRET = "the secret of the tests"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # noon in Morocco
KEY_OF = cache(wrapping_key)  # scrypt is slow on purpose; the same secret gives the same key, once is enough
numbers = itertools.count(1)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Any:
    """What is made while everything is imported stays to the end: no use to look again and again for what does not."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    import storage.database

    storage.database.wrapping_key = KEY_OF
    storage.database.create_async_engine = databases.engine


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What a channel can show does not depend on the database: all channels on SQLite, the narrowest on PostgreSQL."""
    left_out = [item for item in items if _is_told_by_others(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
    # What takes longest comes first, so that no process has to wait for another's at the end.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


# Modules whose tests stay in one process: they start something once, or the last asks what the others did.
_TOGETHER = {
    "tests/test_browser.py": "browser",
    "tests/test_browser_media.py": "browser",
    "tests/test_resumption.py": "resumption",
    "tests/test_surroundings.py": "surroundings",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Not by the mark `xdist_group`: of pytest 9.2, xdist 3.8 does not learn it, and says nothing."""
    from xdist.scheduler import LoadGroupScheduling

    class Together(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _TOGETHER.get(nodeid.partition("::")[0], nodeid)

    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


def _is_told_by_others(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return False
    params = item.callspec.params
    own = {name for mark in item.iter_markers("parametrize") for name in str(mark.args[0]).replace(",", " ").split()}
    on_both = {"kind", "channel"} <= params.keys() and not {"kind", "channel"} & own
    return on_both and params["kind"] == "postgresql" and params["channel"] != "whatsapp"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: it runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    """A browser for all tests, in which each reader has a profile of their own."""
    from browser import started

    with started() as address:
        yield address


@pytest.fixture
def origin(kind: str, request: pytest.FixtureRequest) -> Any:
    """What a test's own database is copied from."""
    return request.getfixturevalue("sqlite_file" if kind == "sqlite" else "postgres_server")


@pytest.fixture
async def database_url(kind: str, origin: Any) -> AsyncIterator[str]:
    """A migrated, empty database of one's own."""
    if kind == "sqlite":
        with sqlite_copy(origin) as url:
            yield url
        return
    async with postgres_copy(origin) as url:
        yield url


@pytest.fixture
async def city(database_url: str) -> AsyncIterator["City"]:
    city = City(await unlocked(database_url))
    await city.found()
    yield city
    await city.closes()


async def unlocked(url: str) -> Database:
    """The database at this URL, with always the same key: what is drawn with it is the same in every run."""
    database = connect(url)
    async with database.writing() as db:
        db.add(DataKey(id=1, wrapped=encrypt(KEY_OF(SECRET), b"the data key of the tests, 32 by")))
    await database.unlock(SECRET)
    return database


class City:
    """A commune with a database, a runner and a clock that tests may turn."""

    def __init__(self, database: Database):
        self.database, self.now = database, NOON
        self.runner = Runner(database, now=lambda: self.now, strict=True)
        self.home: Home
        self._others: list[Database] = []

    async def found(self, **settings: Any) -> None:
        quarters = [
            {"id": "medina", "name": {"ar": "المدينة القديمة", "fr": "Ancienne médina"}},
            {"id": "ourbiaa", "name": {"ar": "أوربيع", "fr": "Ourbiaa"}},
        ]
        own = {"receipt_prefix": "BM", "contact": "participation@exemple.invalid", "quarters": quarters, **settings}
        name = {"ar": "جماعة بني ملال", "fr": "Commune de Béni Mellal"}
        async with self.database.writing() as db:
            row = await db.scalar(select(Commune))
            if row is None:
                row = Commune(slug="beni-mellal", name=name, settings=own)
                db.add(row)
            row.settings = own
            await db.flush()
            self.home = Home.of(row.id, row.slug, row.name, row.settings)

    async def restarts(self) -> None:
        """Another process takes over: nothing of the old one is left but the database."""
        await self.database.close()  # its connections; what stays of the engine is SQL text that it has compiled
        self.database = Database(self.database.engine)
        await self.database.unlock(SECRET)
        self.runner = Runner(self.database, now=lambda: self.now, strict=True)

    async def another_process(self) -> Runner:
        """A second process beside the first, on the same database."""
        database = connect(self.database.engine.url.render_as_string(hide_password=False))
        await database.unlock(SECRET)
        self._others.append(database)
        return Runner(database, now=lambda: self.now, strict=True)

    async def closes(self) -> None:
        for database in [*self._others, self.database]:
            await database.close()

    def citizen(self, language: str | None = "fr", channel: str = "web", name: str | None = None) -> "Person":
        return Person(self, name or f"citizen {next(numbers)}", language, channel)

    async def coordinator(self, language: str = "fr", channel: str = "web") -> "Person":
        return await self.member("coordinator", "Zineb", language, channel)

    async def member(self, role: str, name: str = "Hind", language: str = "fr", channel: str = "web") -> "Person":
        assert role in ROLE_NAMES
        person = self.citizen(language, channel)
        await person.arrives()
        async with self.database.writing() as db:
            place = await places.place(db, person.sender)
            assert place
            await staff.add(db, self.home.id, place.citizen_id, name, role, self.now)
        return person

    async def has(self, *things: Any) -> None:
        async with self.database.writing() as db:
            for thing in things:
                db.add(thing)
                await db.flush()

    async def petition(self, title: str | dict[str, str] = "Des arbres", **other: Any) -> Petition:
        text = title if isinstance(title, dict) else {"fr": title, "ar": f"عريضة {title}"}
        row: dict[str, Any] = {
            "commune_id": self.home.id,
            "slug": f"petition-{next(numbers)}",
            "kind": "citizens",
            "title": text,
            "short": text,
            "request": {"fr": "Inscrire un point", "ar": "إدراج نقطة"},
            "reasons": {"fr": "Il fait chaud", "ar": "الحرارة"},
            "aims": {"fr": "Cent arbres", "ar": "مئة شجرة"},
            "mandataire": {"fr": "Souad M.", "ar": "سعاد م."},
            "threshold": 200,
            "status": "collecting",
            "closes": self.now + timedelta(days=30),
        }
        petition = Petition(**{**row, **other})
        await self.has(petition)
        return petition

    async def workshop(self, title: str = "Budget participatif", seats: int = 2, **other: Any) -> Workshop:
        darija = other.pop("ar", "الميزانية التشاركية")
        begins = other.pop("begins", self.now + timedelta(days=10))
        row: dict[str, Any] = {
            "commune_id": self.home.id,
            "slug": f"workshop-{next(numbers)}",
            "kind": "training",
            "title": {"fr": f"Atelier : {title}", "ar": f"ورشة: {darija}"},
            "short": {"fr": title[:24], "ar": darija},
            "begins": begins,
            "ends": begins + timedelta(hours=3),
            "place": {"fr": "Maison des jeunes", "ar": "دار الشباب"},
            "map": "https://osm.example/bm",
            "audience": {"fr": "tout le monde", "ar": "الجميع"},
            "step_free": True,
            "capacity": seats,
        }
        workshop = Workshop(**{**row, **other})
        await self.has(workshop)
        return workshop

    async def vote(self, ballot: str = "approval", costs: tuple[int, ...] = (60, 30, 50), **other: Any) -> Budget:
        row: dict[str, Any] = {
            "commune_id": self.home.id,
            "slug": f"budget-{next(numbers)}",
            "title": {"fr": "Budget 2027", "ar": "ميزانية 2027"},
            "envelope": 100,
            "ballot": ballot,
            "least": 1,
            "most": 1 if ballot == "one" else 2,
            "asks_cin": False,
            "opens": self.now - timedelta(days=1),
            "closes": self.now + timedelta(days=10),
        }
        names = [("Parc", "جردة"), ("Banc", "كرسي"), ("Piste", "ممر"), ("Puits", "بير"), ("Four", "فران")]
        budget = Budget(**{**row, **other})
        async with self.database.writing() as db:
            budget.vote_key = ballot_keys.new(db)
            db.add(budget)
            await db.flush()
            for (fr, ar), cost in zip(names, costs, strict=False):
                named = {"fr": fr, "ar": ar}
                db.add(
                    Project(
                        budget_id=budget.id,
                        slug=fr,
                        title=named,
                        short=named,
                        description={"fr": f"Un {fr} pour tous.", "ar": f"{ar} للجميع."},
                        place="medina" if fr == "Parc" else None,
                        cost=cost,
                    )
                )
        return budget

    async def consultation(self, articles: int = 4, **other: Any) -> Consultation:
        """A charter of some articles: the first for those who have three minutes, two for those who have ten."""
        row: dict[str, Any] = {
            "commune_id": self.home.id,
            "slug": f"charter-{next(numbers)}",
            "title": {"fr": "La charte", "ar": "الميثاق"},
            "short": {"fr": "La charte", "ar": "الميثاق"},
            "about": {"fr": "Un projet de charte.", "ar": "مشروع ميثاق."},
            "assurance": "account",
            "opens": self.now - timedelta(days=1),
            "closes": self.now + timedelta(days=20),
        }
        names = [
            ("Objet", "موضوع"),
            ("Femmes et jeunes", "النساء والشباب"),
            ("Le budget", "الميزانية"),
            ("Suivi", "التتبع"),
        ]
        asked = Consultation(**{**row, **other})
        async with self.database.writing() as db:
            db.add(asked)
            await db.flush()
            for number in range(1, articles + 1):
                fr, ar = names[(number - 1) % len(names)]
                article = Article(
                    consultation_id=asked.id,
                    slug=f"a{number}",
                    number=number,
                    title={"fr": fr, "ar": ar},
                    is_main=number == 1,
                    is_marked=number == 2,
                )
                db.add(article)
                await db.flush()
                said = {"fr": f"Texte {number} : la commune écoute.", "ar": f"نص {number}: الجماعة كتسمع."}
                db.add(Wording(article_id=article.id, version=1, text=said, published=asked.opens))
        return asked

    async def all(self, model: Any) -> list[Any]:
        async with self.database.reading() as db:
            return list((await db.scalars(select(model))).all())

    async def everything(self) -> bytes:
        """Every value of every row of every table, as bytes."""
        found = []
        async with self.database.reading() as db:
            for table in Base.metadata.sorted_tables:
                for row in await db.execute(table.select()):
                    found += [value if isinstance(value, bytes) else str(value).encode() for value in row]
        return b"\n".join(found)

    @asynccontextmanager
    async def change(self, thing: Any) -> AsyncIterator[Any]:
        async with self.database.writing() as db:
            yield await db.get_one(type(thing), thing.id)

    def today(self) -> date:
        return self.now.date()


_MORE = ("Suite", "زيد", "المزيد")


def spaced(words: str) -> str:
    """With usual spaces, as tests are written; French has narrow and fixed ones too."""
    return words.replace("\u00a0", " ").replace("\u202f", " ")


class Person:
    """A citizen in a test: says, taps, sees."""

    def __init__(self, city: City, name: str, language: str | None, channel: str):
        self.city, self.name, self.language = city, name, language
        self.sender = Sender(city.home.id, channel, name, language)
        self.screen: list[dict[str, Any]] = []  # what came since the last own action
        self.history: list[tuple[str, str]] = []
        self._read = 0

    async def arrives(self, link: str = "") -> None:
        """The first contact: chooses the language and reads the notice, unless the language is None."""
        await self.does(Reply(text=f"/start {link}".strip()))
        if self.language:
            await self.taps({"fr": "Français", "ary": "الدارجة", "ar": "العربية"}[self.language])
            await self.taps({"fr": "compris", "ary": "فهمت", "ar": "فهمت"}[self.language])

    async def says(self, words: str, id: str | None = None) -> None:
        self.history.append(("says", words))
        await self.does(Reply(text=clean(words)), id)  # channels clean what comes in

    async def goes(self, *moves: str) -> None:
        """Taps what is on a button, says the rest."""
        for move in moves:
            await (self.taps(move) if any(move in spaced(label) for label in self.labels) else self.says(move))

    async def sends(self, kind: str) -> None:
        await self.does(Reply(kind=kind))

    async def hands_in(self, kind: str, content: bytes, type: str) -> None:
        """Send a file that the open question takes."""
        async with self.city.database.writing() as db:
            place = await places.place(db, self.sender)
            assert place
            id = await media.keep(db, self.city.home.id, place.acts_as, kind, type, content, self.city.now)
        await self.does(Reply(kind=kind, media=id))

    async def presses(self, value: str, id: str | None = None, on: str = "") -> None:
        await self.does(Reply(pressed=value), id, on)

    async def taps(self, label: str, on: list[dict[str, Any]] | None = None, id: str | None = None) -> None:
        """Tap the button with this label (or a part of it); type its number where the channel shows none."""
        screen = self.screen if on is None else on
        label = spaced(label)
        self.history.append(("taps", label))
        if turn := self._page_with(label, screen):
            await self.does(Reply(pressed=turn))  # the list goes on
            return await self.taps(label)
        for message in reversed(screen):
            offered = message.get("buttons") or message.get("list") or []
            for shown in (lambda words: words == label, lambda words: label in words):
                found = [value for value, words in offered if shown(spaced(words))]
                if found:
                    return await self.does(Reply(pressed=found[0]), id, str(message["n"]))
        await self.does(Reply(text=self._number(label, screen)), id)
        return None

    def _page_with(self, label: str, screen: list[dict[str, Any]]) -> str:
        """The row that turns the page, where the label is on none that is shown."""
        rows = [row for message in screen for row in message.get("list") or message.get("buttons") or []]
        turns = [value for value, words in rows if value.startswith("@more=") or (":page-" in value and words in _MORE)]
        return turns[0] if turns and not any(label in spaced(words) for _value, words in rows) else ""

    def _number(self, label: str, screen: list[dict[str, Any]]) -> str:
        for line in "\n".join(message["text"] for message in screen).splitlines():
            number, _, words = line.partition(". ")
            if number.isdecimal() and label in spaced(words):
                return number
        raise AssertionError(f"no button {label!r} on\n{self.shown}")

    async def does(self, reply: Reply, id: str | None = None, on: str = "") -> None:
        await self.city.runner.receive(Incoming(self.sender, id or f"m{next(numbers)}", reply, on))
        await self.looks()

    async def looks(self) -> None:
        async with self.city.database.reading() as db:
            place = await places.place(db, self.sender)
            assert place
            query = select(Outbound).where(Outbound.address_id == place.address_id, Outbound.id > self._read)
            rows = (await db.scalars(query.order_by(Outbound.id))).all()
            opened = self.city.database.vault.open
            self.screen = [{"n": row.id, **opened(row.message)} for row in rows if row.message]
        assert not [lacks for message in self.screen if "told" in message for lacks in templates.lacking(message)]
        self._read = max([self._read, *(row.id for row in rows)])
        self.history += [("sees", _written(message)) for message in self.screen]

    def sees(self, *words: str) -> None:
        for wanted in words:
            assert wanted in self.shown, f"{wanted!r} is not on\n{self.shown}"

    def does_not_see(self, *words: str) -> None:
        for unwanted in words:
            assert unwanted not in self.shown, f"{unwanted!r} is on\n{self.shown}"

    @property
    def shown(self) -> str:
        return spaced(strip_isolates("\n".join([*(message["text"] for message in self.screen), *self.labels])))

    @property
    def labels(self) -> list[str]:
        offered = [message.get("buttons") or message.get("list") or [] for message in self.screen]
        return [label for buttons in offered for _value, label in buttons]

    async def registers(self, workshop: str = "Budget participatif", name: str = "Ada Lahlou") -> None:
        """The whole way to a seat, or a place in line, in French."""
        for words in ("/workshops", workshop):
            await self.says(words)
        await self.taps("M'inscrire" if "M'inscrire" in self.labels else "Liste d'attente")
        await self.taps("accepte")
        await self.says(name)
        await self.taps("Terminer")
        await self.taps("Confirmer")

    async def supports(self, petition: str, name: str = "Ada Lahlou", cin: str = "I123456") -> None:
        """The whole way to a declaration of support, in French."""
        await self.says("/petitions")
        await self.taps(petition)
        await self.taps("Soutenir")
        await self.taps("accepte")
        await self.says(name)
        await self.says(cin)
        await self.taps("Ourbiaa")
        await self.taps("Confirmer")


def _written(message: dict[str, Any]) -> str:
    offered = message.get("buttons") or message.get("list") or []
    picture = [
        f"({bar['label']}: {bar['value']})" for bar in message.get("picture", {}).get("chart", {}).get("bars", [])
    ]
    file = [f"({message['document']['name']})"] if "name" in message.get("document", {}) else []
    return "\n".join([*picture, *file, message["text"], *(f"[{label}]" for _value, label in offered)])


@pytest.fixture(params=sorted(LIMITS))
def channel(request: pytest.FixtureRequest) -> str:
    """Each channel: what it can show differs."""
    return str(request.param)
