"""What one message is answered with: prompts put together to as few messages as they can be."""

from dataclasses import replace
from typing import Any

from bot.preview import preview
from flows.questions import CONTACT, Button, Prompt
from locales import _, texts
from storage.media import KINDS

Message = dict[str, Any]
BACK = "@back"
_ALONE = ("picture", "document")  # a message carries one of them


class Screen:
    """The messages of one turn."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.is_ballot = False  # something here would tell who voted for what

    def show(self, prompts: list[Prompt], turn: int, language: str, replaces: str = "") -> None:
        """Add prompts: texts join up to a picture or to buttons.  `replaces` names the message they replace."""
        for prompt in prompts:
            self._add(_message(prompt, turn, language))
        if replaces and self.messages:
            self.messages[-1]["replaces"] = replaces

    def head(self, text: str) -> None:
        """Say this before all else."""
        if self.messages:
            first = self.messages[0]
            first["text"] = "\n\n".join(part for part in (text, first["text"]) if part)

    def mark(self, **marks: int) -> None:
        """Say of the question what a channel with less room must know (see bot/render.py)."""
        self.messages[-1].update({name: value for name, value in marks.items() if value})

    def _add(self, message: Message) -> None:
        last = self.messages[-1] if self.messages else None
        if last and not any(key in each for key in _ALONE for each in (last, message)) and not last.get("buttons"):
            message["text"] = "\n\n".join(text for text in (last["text"], message["text"]) if text)
            self.messages[-1] = message
        else:
            self.messages.append(message)


def _message(prompt: Prompt, turn: int, language: str) -> Message:
    if prompt.is_preview:
        there = _message(replace(prompt, is_preview=False), turn, language)
        return {"text": preview(there, language), "language": language}
    message: Message = {"text": prompt.text, "language": language}
    if prompt.buttons:
        message["buttons"] = [[_value(button, turn), button.label] for button in prompt.buttons]
    if sent := [kind for kind in prompt.takes if kind in KINDS]:
        message["takes"] = sent
    if CONTACT in prompt.takes:
        message["contact"] = texts(language)(_("Share my number"))
    if prompt.is_private:
        message["private"] = True
    if prompt.picture:
        message["picture"] = dict(prompt.picture)
    if prompt.document:
        message["document"] = dict(prompt.document)
    return message


def _value(button: Button, turn: int) -> str:
    """`turn:value`, so that an old button is known as such; an entrance (`@menu`) is good at any time.

    Going back is both: it leads away, from this question only, so that a double tap goes back once.
    """
    is_entrance = button.value.startswith("@") and button.value != BACK
    return button.value if is_entrance else f"{turn}:{button.value}"
