"""Whatever people do: random presses, old and double taps, odd words, restarts, redeliveries; what must still hold."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from conftest import SECRET, City
from databases import postgres_copy, sqlite_copy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.incoming import Incoming
from flows.questions import Reply
from locales.bidi import clean
from storage.ballots import Ballot, Choice
from storage.budgets import KNAPSACK, Budget, Project
from storage.citizens import CitizenRow, Consent
from storage.conversations import ConversationRow
from storage.database import connect
from storage.petitions import Support

WORDS = [
    *(
        "1",
        "2",
        "3",
        "5",
        "٢",
        "99",
        "-1",
        "oui",
        "non",
        "نعم",
        "لا",
        "menu",
        "retour",
        "رجوع",
        "annuler",
        "langue",
        "aide",
    ),
    *(
        "/start",
        "/start p_1",
        "/start b_1",
        "/start b_2",
        "/start p_999",
        "/start p_x",
        "/petitions",
        "/petitions arbres",
    ),
    *(
        "/vote",
        "/vote 2",
        "/receipt",
        "/receipt BM-0000-0000",
        "/tally",
        "/staff",
        "/staff x",
        "/help",
        "/back",
        "/cancel",
    ),
    *(
        "/language fr",
        "/language ary",
        "/language",
        "/nothing",
        "/",
        "français",
        "الدارجة",
        "pétition",
        "voter",
        "passer",
    ),
    *("Ada Lahlou", "نور", "I123456", "i-123 456", "AB7654321", "123456", "Parc", "Banc", "كرسي", "terminer", "ساليت"),
    *(
        "🙂",
        "👩‍👩‍👧‍👦",
        "\x00\x01\x1b[2J",
        "<b>&amp;</b><script>",
        "{name} {0} %s",
        "\u202egnirts",
        "\ud800",
        "x" * 5000,
        "",
        " \n ",
    ),
    *("J'accepte", "Soutenir", "Confirmer", "Confirmer mon vote", "Ourbiaa", "@menu", "1:yes", "' OR 1=1 --"),
]
who = st.integers(0, 1)
nth = st.integers(0, 7)
# What leads on stands more often than once: most examples get to a signature or a ballot.
move = st.one_of(
    *[st.tuples(st.just("press"), who, nth)] * 5,
    *[st.tuples(st.just("lead"), who, nth)] * 6,
    *[st.tuples(st.just("say"), who, st.sampled_from(WORDS))] * 3,
    st.tuples(st.just("say"), who, st.text(max_size=30)),
    st.tuples(st.just("old"), who, st.integers(0, 200)),
    st.tuples(st.just("twice"), who, nth),
    st.tuples(st.just("again"), who, st.none()),
    st.tuples(st.just("send"), who, st.sampled_from(["photo", "voice", "location"])),
    st.tuples(
        st.just("forge"), who, st.sampled_from([":", "@", "1:", "9:yes", "@resume", "@back", "@p_1", "@language=fr"])
    ),
    st.tuples(st.just("restart"), st.none(), st.none()),
    st.tuples(st.just("later"), st.none(), st.sampled_from([1, 24, 24 * 6])),
)
moves = st.lists(move, min_size=15, max_size=45)
# The usual way through whatever is open, the first that is there.
LEADS = ["Terminer", "ساليت", "Confirmer", "نأكد", "Soutenir", "ندعم"]
LEADS += ["J'accepte", "موافقة", "Oui, c'est moi", "نعم، أنا", "Voter maintenant", "نصوت دابا", "Ourbiaa", "أوربيع"]
LEADS += ["Des arbres", "عريضة Des arbres", "Un puits", "عريضة Un puits", "Jeunes", "Budget 2027", "ميزانية 2027"]
settings.register_profile("moves", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)


class Play:
    """Two people in a city, what they did, and what must hold after each step."""

    def __init__(self, city):
        self.city = city
        self.people = [city.citizen("fr", "web"), city.citizen("ary", "whatsapp")]
        self.buttons = [[] for _person in self.people]  # all that were ever shown to each
        self.shown = [[], []]
        self.last = [None, None]
        self.counts = Counter()

    async def begins(self):
        city = self.city
        await city.petition("Des arbres")
        await city.petition("Un puits", closes=city.now + timedelta(days=5))
        await city.vote(KNAPSACK, costs=(60, 30, 50), asks_cin=True)
        await city.vote("approval", costs=(60, 30, 50), closes=city.now + timedelta(days=5), title={"fr": "Jeunes"})
        self.votes = {budget.id: budget for budget in await city.all(Budget)}
        self.projects = {project.id: project for project in await city.all(Project)}
        for person in self.people:
            await person.arrives()
            await self.says(self.people.index(person), "/petitions" if person.language == "fr" else "/vote")

    async def does(self, number, reply, id=None):
        person = self.people[number]
        incoming = Incoming(person.sender, id or f"{person.name} {self.counts['messages']}", reply)
        self.counts["messages"] += 1
        self.last[number] = incoming
        await self.city.runner.receive(incoming)
        await person.looks()
        self.shown[number] = person.screen or self.shown[number]
        self.buttons[number] += self.offered(person)

    def offered(self, person):
        return [button for message in person.screen for button in message.get("buttons") or message.get("list") or []]

    async def says(self, number, words):
        await self.does(number, Reply(text=clean(words)))
        assert self.people[number].screen, f"no answer to {words!r}"

    async def step(self, kind, number, what):
        """One move; what cannot be done now is left out."""
        match kind:
            case "press" | "twice":
                if offered := self.buttons[number][-6:]:
                    value = offered[what % len(offered)][0]
                    for _time in range(1 + (kind == "twice")):
                        await self.does(number, Reply(pressed=value))
            case "old":
                if shown := self.buttons[number]:
                    await self.does(number, Reply(pressed=shown[what % len(shown)][0]))
            case "lead":
                await self.leads_on(number, what)
            case "say":
                await self.says(number, what)
            case "send":
                await self.does(number, Reply(kind=what))
                assert self.people[number].screen
            case "forge":
                await self.does(number, Reply(pressed=what))
            case "again":
                if again := self.last[number]:
                    await self.does(number, again.reply, again.id)
                    assert self.people[number].screen == [], "answered twice"
            case "restart":
                await self.city.restarts()
            case "later":
                self.city.now += timedelta(hours=what)

    async def leads_on(self, number, what):
        """The usual answer to whatever is open; a petition and a vote by turns."""
        newest = next((message for message in reversed(self.shown[number]) if message["text"]), {"text": ""})
        labels = {label: value for value, label in newest.get("buttons") or newest.get("list") or []}
        ticks = [label for label in labels if label.startswith("☐")]
        is_ticked = any(label.startswith("☑") for label in labels)
        ways = (
            ticks
            if ticks and not is_ticked
            else [label for lead in LEADS for label in labels if label.startswith(lead)]
        )
        if ways:
            await self.does(number, Reply(pressed=labels[ways[what % len(ways) if ways is ticks else 0]]))
        elif newest.get("private"):
            await self.says(number, f"I12345{what % 3}")
        elif labels and set(labels) <= {"Retour", "رجوع"}:
            await self.says(number, "Ada Lahlou")
        else:
            await self.says(number, ("/petitions", "/vote")[what % 2])

    async def holds(self):
        """What must be true whatever was done."""
        opened = self.city.database.vault.open
        rows = await self.recorded(ConversationRow, Support, Ballot, Choice, Consent, CitizenRow)
        for person in self.people:
            for message in person.screen:
                assert message["text"].strip() or message.get("buttons") or message.get("picture")
                assert "problème technique" not in message["text"]
        for talk in rows[ConversationRow]:
            memory = opened(talk.memory)
            assert memory["welcomed"]
            if talk.flow:
                assert memory["offered"], f"no way out of {talk.flow}"
        supports, ballots = rows[Support], rows[Ballot]
        assert max(Counter((each.petition_id, each.person) for each in supports).values(), default=0) <= 1
        assert max(Counter((each.petition_id, each.citizen_id) for each in supports).values(), default=0) <= 1
        assert max(Counter((each.budget_id, each.person or each.voter) for each in ballots).values(), default=0) <= 1
        self.ballots_are_within_the_rules(ballots, rows[Choice])
        now = Counter(supports=len(supports), ballots=len(ballots), consents=len(rows[Consent]))
        assert all(now[name] >= self.counts[name] for name in now), "something recorded was lost"
        self.counts.update({name: now[name] - self.counts[name] for name in now})
        people = [each for each in rows[CitizenRow] if each.helped_by is None]
        assert len(people) == 2  # whoever is helped is one more

    async def recorded(self, *models):
        """The rows of these tables, looked up all at once: it is done after each step."""
        async with self.city.database.reading() as db:
            return {model: (await db.execute(model.__table__.select())).all() for model in models}

    def ballots_are_within_the_rules(self, ballots, choices):
        marks = {(each.budget_id, each.voter): [] for each in ballots}
        for choice in choices:
            marks[choice.budget_id, choice.voter].append(self.projects[choice.project_id])
        for (budget_id, _voter), picked in marks.items():
            vote = self.votes[budget_id]
            assert vote.least <= len(picked) <= vote.most
            assert all(project.budget_id == budget_id for project in picked)
            assert vote.ballot != KNAPSACK or sum(project.cost for project in picked) <= vote.envelope


@asynccontextmanager
async def a_city(url):
    database = connect(url)
    await database.unlock(SECRET)
    city = City(database)
    await city.found()
    try:
        yield city
    finally:
        await city.closes()


async def played(url, steps):
    async with a_city(url) as city:
        play = Play(city)
        await play.begins()
        await play.holds()
        for step in steps:
            await play.step(*step)
            await play.holds()
        return play.counts


@pytest.mark.slow
@settings(settings.get_profile("moves"), max_examples=40)
@given(steps=moves)
def test_whatever_two_people_do_the_rules_hold(sqlite_file, steps):
    with sqlite_copy(sqlite_file) as url:
        asyncio.run(played(url, steps))


@settings(settings.get_profile("moves"), max_examples=8)
@given(steps=moves)
def test_whatever_two_people_do_the_rules_hold_on_postgresql_too(postgres_server, steps):
    async def play():
        async with postgres_copy(postgres_server) as url:
            await played(url, steps)

    asyncio.run(play())


def test_the_moves_lead_somewhere(sqlite_file):
    """Else the tests above would prove nothing: the usual way ends in signatures and ballots, in both languages."""
    steps = [("lead", person, turn // 12) for turn in range(36) for person in (0, 1)]
    with sqlite_copy(sqlite_file) as url:
        counts = asyncio.run(played(url, steps))
    assert counts["supports"] >= 2
    assert counts["ballots"] >= 2
