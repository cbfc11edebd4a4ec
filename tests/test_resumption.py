"""Every conversation of the transcripts, with another process between any two messages: no page may differ.

So each flow is resumed at each of its questions, by a process that has nothing of the one before but the database.
"""

import pytest
from test_transcripts import CONVERSATIONS, PAGES, as_page, begins

from bot.play import Play
from flows.registry import FLOWS

VISITED: set[str] = set()
PLAYED: set[str] = set()
# What no conversation of the transcripts visits, each with its reason.
LEFT_OUT: dict[str, str] = {}
# Each conversation in one language: what is kept of a question does not depend on it.
LANGUAGES = dict(zip(CONVERSATIONS, ("fr", "ary") * len(CONVERSATIONS), strict=False))


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture(autouse=True)
def visits(monkeypatch):
    """Notes each flow that is run."""
    run = Play.run

    async def noted(play, *reply):
        VISITED.add(play.talk.flow)
        return await run(play, *reply)

    monkeypatch.setattr(Play, "run", noted)


class Restless:
    """A runner that is another process for each message."""

    def __init__(self, city):
        self.city = city

    async def receive(self, incoming):
        await self.city.restarts()
        runner, self.city.runner = self.city.runner, self
        await runner.receive(incoming)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda each: each.__name__)
async def test_a_restart_between_any_two_messages_changes_nothing(city, conversation):
    city.runner, language = Restless(city), LANGUAGES[conversation]
    ada = await begins(city, conversation, language)
    page = PAGES / f"{conversation.__name__}.{language}.md"
    assert as_page(conversation.__name__, language, ada.history) == page.read_text(encoding="utf-8")
    assert isinstance(city.runner, Restless)
    PLAYED.add(conversation.__name__)


def test_every_flow_is_in_a_transcript():
    if len(PLAYED) < len(CONVERSATIONS):
        pytest.skip("not all conversations were played")
    assert set(FLOWS) - VISITED == set(LEFT_OUT)
