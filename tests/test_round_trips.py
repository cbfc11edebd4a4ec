"""How often a message goes to the database and back: what a commune's server can bear depends on it."""

import pytest
from conversations.calls import has_call
from sqlalchemy import event

from bot.runner import Runner

MOST = 6  # BEGIN and COMMIT among them


@pytest.fixture
def kind():
    """SQLite is in the same process: only PostgreSQL is far away."""
    return "postgresql"


@pytest.fixture
def trips(city):
    """What goes to the server, in order."""
    seen = []
    city.runner = Runner(city.database, now=lambda: city.now)  # as in service: each flow is run once
    engine = city.database.engine.sync_engine

    def statement(_connection, _cursor, sql, *_):
        seen.append(" ".join(sql.split()))

    listeners = [("before_cursor_execute", statement), ("begin", lambda _: seen.append("BEGIN"))]
    listeners += [("commit", lambda _: seen.append("COMMIT")), ("rollback", lambda _: seen.append("ROLLBACK"))]
    for name, listener in listeners:
        event.listen(engine, name, listener)
    yield seen
    for name, listener in listeners:
        event.remove(engine, name, listener)


async def counted(trips, person, words):
    """The trips of one message, without those of the test itself that looks at the answer."""
    from bot.incoming import Incoming
    from flows.questions import Reply

    trips.clear()
    await person.city.runner.receive(Incoming(person.sender, f"trip {words}", Reply(text=words)))
    made = list(trips)
    await person.looks()
    return made


async def test_a_message_that_only_asks_makes_at_most_six_round_trips(city, trips):
    await city.petition("Des arbres")
    await city.vote()
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    too_many = {}
    for words in ("/petitions", "Des arbres", "Soutenir", "J'accepte", "Ada Lahlou", "I123456", "Ourbiaa"):
        made = await counted(trips, ada, words)
        assert made[0] == "BEGIN"
        assert made[-1] == "COMMIT"
        if len(made) > MOST:
            too_many[words] = made
    assert not too_many


async def test_reading_a_petition_by_its_link_makes_at_most_six(city, trips):
    open_one = await city.petition("Des arbres")
    await city.petition("Un puits", status="refused")
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    for words in (f"/start p_{open_one.id}", "Soutenir", "/petition_results", "/petition_new", "1", "/my_petitions"):
        made = await counted(trips, ada, words)
        assert len(made) <= MOST, made


async def test_the_menu_makes_four_round_trips(city, trips):
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    assert len(await counted(trips, ada, "menu")) == 4


async def test_a_message_delivered_again_makes_three(city, trips):
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    await counted(trips, ada, "menu")
    made = await counted(trips, ada, "menu")
    assert len(made) == 3
    assert ada.screen == []


async def test_the_steps_of_a_vote_make_at_most_seven(city, trips):
    await city.vote()
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    for words in ("/vote", "Voter maintenant", "Parc", "Terminer"):
        made = await counted(trips, ada, words)
        assert len(made) <= MOST, made


async def test_reading_a_consultation_makes_at_most_six(city, trips):
    await city.consultation()
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    await ada.says("/consultation")
    await ada.says("3 minutes")
    too_many = {}
    for words in ("/consultation", "/start ca_2", "À modifier", "J'accepte"):
        made = await counted(trips, ada, words)
        if len(made) > MOST + (words == "À modifier"):  # it ends one flow, which writes, and begins the next
            too_many[words] = made
    assert not too_many


async def test_the_questions_of_the_staff_make_at_most_six(city, trips):
    await city.petition("Des arbres")
    await city.vote(asks_cin=True)
    ada, hind = city.citizen("fr", "telegram"), await city.member("coordinator", "Hind", "fr", "telegram")
    await ada.arrives()
    for words in ("/human", "Le lampadaire ?", "Envoyer"):
        await ada.says(words)
    too_many = {}
    for words in (
        *("menu", "/queue", "/budget", "Budget 2027", "Le clore maintenant"),
        *("/paper", "Budget 2027", "Une personne", "I123456", "1"),
        *("/new", "Un vote", "Budget 2028", "ميزانية 2028", "1000", "2", "2", "Non", "0"),
    ):
        made = await counted(trips, hind, words)
        if len(made) > MOST:
            too_many[words] = made
    assert not too_many


async def test_reading_a_call_and_writing_for_it_makes_at_most_six(city, trips):
    await has_call(city)
    ada, hind = city.citizen("fr", "telegram"), await city.member("coordinator", "Hind", "fr", "telegram")
    await ada.arrives("kb_1")
    await ada.says("J'accepte")
    await ada.says("Al Amal")
    await hind.says("/call")
    too_many = {}
    for person, words in ((ada, "/calls"), (ada, "/start ks_1"), (ada, "/start ka_1"), (hind, "/call")):
        made = await counted(trips, person, words)
        if len(made) > MOST + (words == "/start ks_1"):  # one flow finds the next question, another asks it
            too_many[words] = made
    assert not too_many
