"""What a message means before any flow reads it: a command, a deep link, a known word, an old button, an answer."""

import re

from bot.incoming import Incoming
from bot.meanings import Answer, Enter, Meaning, More, Nothing, Old, Speak, Unknown, Word
from flows.questions import NUMBER, Button, Reply, match
from flows.registry import FLOWS, Flow, led_by
from locales import LANGUAGES
from locales.bidi import clean
from locales.understanding import understand
from locales.words import answer, meaning, normalise
from storage import codes
from storage.conversations import Conversation

# Flows in which any known word leads on: nothing is lost by leaving them.
_OPEN_PLACES = (None, "menu", "unsure")
_EVERYWHERE = {"back", "cancel", "help", "language", "news", "resume", "stop"}
_NAMED = {"infos": "news"}  # commands that are called otherwise
_LONGEST_CODE = 12
_BROKEN = Enter("menu", {"why": "missing"})
# What asks for no answer: a heart under a message, a message taken back or mended, news of an account.
_QUIET = frozenset({"reaction", "revoke", "edit", "system"})
_LOST = Enter("menu", {"why": "lost"})
_LIKELY = 0.04  # below it an intent is no help as a button
# What is no flow of its own.
_WORDS: dict[str, Meaning] = {
    "help": Word("help"),
    "language_change": Word("language"),
    "thanks": Enter("menu", {"why": "thanked"}),
}


def read(incoming: Incoming, talk: Conversation) -> Meaning:
    """What this message means in this conversation."""
    reply = incoming.reply
    if reply.kind in _QUIET:
        return Nothing()
    if reply.pressed:
        return _pressed(clean(reply.pressed), talk)
    talk.pressed = None  # what was pressed before may be pressed again after words
    is_command = reply.kind == "text" and reply.text.startswith("/")
    if not talk.memory.get("welcomed"):
        return _first_contact(reply, talk, is_command)
    return command(reply.text, talk) if is_command else _typed(reply, talk)


def _first_contact(reply: Reply, talk: Conversation, is_command: bool) -> Meaning:
    """Until the notice is read there is only the welcome; where the person was going is kept for afterwards."""
    words = reply.text.removeprefix("/start").strip()
    language = _language(words.removeprefix("/language").strip())
    if language and (is_command or talk.flow == "welcome"):
        return Speak(language)
    if talk.flow != "welcome" or reply.text.startswith("/start "):
        return Enter("welcome", {"then": words})
    if talk.memory.get("path") and meaning(words.removeprefix("/")) == "language":
        return Word("back")  # the notice says that the language can be changed at any time
    offered = [Button(*button) for button in talk.memory.get("offered", [])]
    value = match(reply.text, offered) if reply.text else None
    return Answer(Reply(pressed=value)) if value else Answer(reply)


def after_welcome(words: str, talk: Conversation) -> Meaning:
    """Where a person was going when the welcome came first."""
    if words.startswith("/"):
        return command(words, talk)
    meant = entrance(words or "menu", talk)
    return _wished(words, talk, lost=Enter("menu")) if meant == _BROKEN and "_" not in words else meant


def _pressed(pressed: str, talk: Conversation) -> Meaning:
    if pressed == talk.pressed:
        return Nothing()
    if pressed.startswith("@more=") and pressed[6:].isdecimal():
        return More(int(pressed[6:12])) if talk.flow else Old()
    if pressed.startswith("@"):  # an entrance: good at any time, whatever question is open
        return entrance(pressed[1:], talk)
    turn, _, value = pressed.partition(":")
    if turn != str(talk.turn) or not talk.flow:
        return Old()
    talk.pressed = pressed
    return entrance(value[1:], talk) if value.startswith("@") else Answer(Reply(pressed=value))


def command(text: str, talk: Conversation) -> Meaning:
    """/command words, in any case, with or without the bot's name."""
    name, _, words = text[1:].strip().partition(" ")
    name, words = name.partition("@")[0].casefold(), words.strip()
    if name == "start":
        return entrance(words or "menu", talk)
    if name == "language" and (language := _language(words)):
        return Speak(language)
    if _NAMED.get(name, name) in _EVERYWHERE - {"resume"}:
        return Word(_NAMED.get(name, name))
    flow = next((flow for flow in FLOWS.values() if name and flow.command == name), None)
    if flow is None or not flow.opens_for(talk.citizen.role) or (name == "staff" and not words):
        return Unknown()
    return _enter(flow, words)


def _enter(flow: Flow, words: str) -> Enter:
    if flow.name == "enrolment":
        return Enter(flow.name, {"words": words})
    return Enter(flow.name, reply=Reply(text=words) if words else None)


def entrance(words: str, talk: Conversation) -> Meaning:
    """Where a deep link or an entrance button leads: p_12, menu, language=fr."""
    if words.startswith("language=") and (language := _language(words.removeprefix("language="))):
        return Speak(language)
    if not talk.memory.get("welcomed"):
        return Enter("welcome", {"then": words})
    if words in _EVERYWHERE:
        return Word(words)
    if words.startswith("flow=") and (wished := FLOWS.get(words.removeprefix("flow="))):
        return Enter(wished.name) if wished.intents and wished.opens_for(talk.citizen.role) else _BROKEN
    return _linked(words, talk.citizen.role) or _known(words) or _named(words, talk) or _BROKEN


def _named(words: str, talk: Conversation) -> Meaning | None:
    """A button may name a command, so that a list can be come back to."""
    return command(words, talk) if words.startswith("/") else None


def _linked(words: str, role: str | None) -> Enter | None:
    letter, _, named = words.partition("_")
    flow = next((flow for flow in FLOWS.values() if flow.link and flow.link == letter), None)
    if flow is None or not flow.opens_for(role) or not named.isascii():
        return None
    if flow.is_coded:
        return Enter(flow.name, {flow.takes: named}) if named.isalnum() and len(named) <= _LONGEST_CODE else None
    return Enter(flow.name, {flow.takes: int(named)}) if named.isdecimal() and len(named) < 10 else None


def _typed(reply: Reply, talk: Conversation) -> Meaning:
    """The open question first, then what was told last, then the words known everywhere.

    A flow's words count only where nothing is lost.
    """
    if value := _told_last(reply, talk) or _button(reply, talk) or _told(reply, talk):
        return entrance(value[1:], talk) if value.startswith("@") else Answer(Reply(pressed=value))
    said = _said(reply.text) if reply.kind == "text" else None
    if said == "stop" and any(sign in reply.text for sign in "?؟"):
        said = None  # who asks whether to stop has not stopped
    if said in _EVERYWHERE:
        return Word(said)
    if said in ("menu", "greet"):
        return Enter("menu")
    if said and said.startswith("language="):
        return Speak(said.removeprefix("language="))
    known = _known(reply.text) if reply.kind == "text" else None
    if talk.flow in _OPEN_PLACES or (known and FLOWS[known.flow].is_obeyed):
        return known or _receipt(reply.text, talk) or _wished(reply.text, talk)
    return Answer(reply)


def _receipt(words: str, talk: Conversation) -> Enter | None:
    """A receipt of this commune, alone: what became of it."""
    bare = re.sub(r"[\s-]", "", words).upper()
    prefix = talk.commune.receipt_prefix
    is_one = bare.isascii() and bare.isalnum() and len(bare) == len(prefix) + codes.LENGTH
    return Enter("receipt", reply=Reply(text=words)) if is_one and bare.startswith(prefix) else None


def _button(reply: Reply, talk: Conversation) -> str | None:
    """The button that typed words mean; figures mean none where a number is asked."""
    if (
        not reply.text
        or reply.media is not None
        or (NUMBER in talk.memory.get("takes", ()) and normalise(reply.text).isdecimal())
    ):
        return None
    offered = [Button(*button) for button in talk.memory.get("offered", [])]
    if talk.flow in _OPEN_PLACES and _known(reply.text):  # « mes données » is no short form of « Moi et mes données »
        written = normalise(reply.text)
        return next((button.value for button in offered if normalise(button.label) == written), None)
    return match(reply.text, offered)


def _told_last(reply: Reply, talk: Conversation) -> str | None:
    """The button of a notice below which nothing was said, where no question is open: also by its number."""
    is_free = talk.flow in _OPEN_PLACES and talk.is_told_last and reply.text and reply.kind == "text"
    return match(reply.text, [Button(*button) for button in talk.told]) if is_free else None


def _told(reply: Reply, talk: Conversation) -> str | None:
    """The button of the last notice that says these very words: whoever answers a question says nothing like it."""
    if reply.kind != "text" or not (words := normalise(reply.text)):
        return None
    return next((value for value, label in talk.told if normalise(label) == words), None)


def _said(text: str) -> str | None:
    """A known word; the ways out also in a phrase of them, or with politeness: «annuler svp»."""
    said = meaning(text)
    return said or (meant if (meant := answer(text)) in ("back", "cancel") else None)


def _wished(words: str, talk: Conversation, lost: Enter = _LOST) -> Meaning:
    """Free text: sure, there; unsure, a choice of three; lost, the menu and a person."""
    found, role = understand(words), talk.citizen.role
    if found.zone == "sure" and found.intent in _WORDS:
        return _WORDS[found.intent]
    if found.zone == "sure" and (flow := led_by(found.intent, role)):
        return Enter(flow.name, about=words)
    offered = [intent for intent, chance in found.likely if chance >= _LIKELY and led_by(intent, role)]
    return Enter("unsure", {"likely": offered}) if found.zone == "unsure" and offered else lost


def elsewhere(words: str, talk: Conversation) -> Flow | None:
    """Where words that did not answer the open question surely lead: to be offered, never gone to unasked."""
    if not talk.memory.get("welcomed"):
        return None
    found = understand(words)
    flow = led_by(found.intent, talk.citizen.role) if found.zone == "sure" else None
    return flow if flow and flow.name not in (talk.flow, *_OPEN_PLACES) else None


def _known(text: str) -> Enter | None:
    said = meaning(text)
    flow = next((flow for flow in FLOWS.values() if said and flow.word == said), None)
    return Enter(flow.name) if flow and not flow.roles else None


def _language(words: str) -> str | None:
    said = meaning(words) or ""
    found = said.removeprefix("language=") if said.startswith("language=") else words.casefold()
    return found if found in LANGUAGES else None
