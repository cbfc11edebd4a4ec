"""A person with Telegram in the hand: writes, taps, sends, and looks at what the bot put on the screen."""

import copy
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot_api_types import SPEC, Values, units
from PIL import Image

if TYPE_CHECKING:
    from bot_api import BotApi


def _taken() -> bytes:
    """Make the smallest photo that a camera could take."""
    made = io.BytesIO()
    Image.new("L", (1, 1), 128).save(made, "JPEG", quality=90)
    return made.getvalue()


PICTURE = _taken()


@dataclass(frozen=True)
class Seen:
    """A message of the bot as it stood when the person looked."""

    message_id: int
    text: str = ""
    caption: str = ""
    buttons: list[tuple[str, str | None]] = field(default_factory=list)  # a link has no callback_data
    photo: bytes | None = None
    document: bytes | None = None
    voice: bytes | None = None
    raw: Values = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        """Draw it as a test that fails should show it."""
        lines = [f"#{self.message_id} {self.text or self.caption}"]
        lines += ["  <a photo>"] * bool(self.photo) + ["  <a document>"] * bool(self.document)
        return "\n".join([*lines, *(f"  [{label}] {data}" for label, data in self.buttons)])


@dataclass(frozen=True)
class Toast:
    """The short notice an answer to a tap shows over the chat."""

    text: str
    alert: bool
    touched: int


class Numbered(Protocol):
    """Whatever names a message: one seen before, for instance."""

    @property
    def message_id(self) -> int:
        """Its number."""


class Phone:
    """One private chat with the bot, from the person's side."""

    def __init__(self, api: "BotApi", chat_id: int, language_code: str | None, first_name: str):
        """Open the chat; the bot may write to it from now on."""
        self.api, self.chat_id = api, chat_id
        self.chat: Values = {"id": chat_id, "type": "private", "first_name": first_name}
        self.user: Values = {"id": chat_id, "is_bot": False, "first_name": first_name}
        if language_code:
            self.user["language_code"] = language_code
        self.toasts: list[Toast] = []
        self.keyboard: list[Values] = []  # the buttons under the field to write in, one row after the other
        self._since = 0

    # --- looking -----------------------------------------------------------------------------------------

    @property
    def screen(self) -> list[Seen]:
        """All messages of the bot in this chat as they stand now, the oldest first."""
        return [self._seen(message) for message in self.api.written_to(self.chat_id)]

    @property
    def news(self) -> list[Seen]:
        """Those sent or edited since the person last did something."""
        return [one for one in self.screen if self.api.touched[self.chat_id, one.message_id] > self._since]

    def _seen(self, message: Values) -> Seen:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        largest = message["photo"][-1]["file_id"] if "photo" in message else None
        document = message.get("document", {}).get("file_id")
        return Seen(
            message["message_id"],
            message.get("text", ""),
            message.get("caption", ""),
            [(button["text"], button.get("callback_data")) for row in rows for button in row],
            self.api.files[largest] if largest else None,
            self.api.files[document] if document else None,
            self.api.files[message["voice"]["file_id"]] if "voice" in message else None,
            copy.deepcopy(message),
        )

    def _shown(self) -> str:
        toasts = [f"({toast.text})" for toast in self.toasts if toast.touched > self._since]
        keys = [f"  <{key['text']}>" for key in self.keyboard]
        return "\n".join([*map(str, self.news), *toasts, *keys]) or "(nothing new)"

    async def sees(self, *texts: str, within: float = 5.0) -> list[Seen]:
        """Wait until all the texts are among the news: in messages, captions, labels or a toast."""
        if not await self.api.until(lambda: all(text in self._shown() for text in texts), within):
            missing = [text for text in texts if text not in self._shown()]
            raise AssertionError(self._report(f"not on the screen: {missing}"))
        return self.news

    async def sees_nothing_new(self, within: float = 0.3) -> None:
        """Look for a while and find that the bot keeps silent."""
        if await self.api.until(lambda: bool(self.news), within):
            raise AssertionError(self._report("the bot should have kept silent"))

    def _report(self, what: str) -> str:
        earlier = "\n".join(map(str, self.screen[-3:])) or "(nothing)"
        calls = [f"{call.method} {call.answer.get('description', 'ok')}" for call in self.api.calls[-8:]]
        return "\n".join(
            [
                what,
                "--- since the last action:",
                self._shown(),
                "--- the last messages:",
                earlier,
                f"--- the last calls: {calls}",
                f"--- complaints: {self.api.complaints}",
            ]
        )

    # --- acting ------------------------------------------------------------------------------------------

    async def says(self, text: str) -> Values:
        """Write a text; return the update, for `redeliver`."""
        entities = [
            {"type": "bot_command", "offset": units(text[: found.start()]), "length": units(found.group())}
            for found in re.finditer(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]+)?(?![A-Za-z0-9_])", text)
        ]
        return self._message({"text": text, **({"entities": entities} if entities else {})})

    async def taps(self, label: str, on: Numbered | int | None = None, within: float = 5.0) -> Values:
        """Tap the button whose label holds these words, on the newest message that has it."""
        if not await self.api.until(lambda: bool(self._buttons(label, on)), within):
            raise AssertionError(self._report(f"no button {label!r} to tap"))
        message_id, data = self._chosen(label, on)
        if message_id is None:
            return await self._taps_key(label)
        if data is None:
            raise AssertionError(self._report(f"{label!r} opens a link: the bot hears nothing of that tap"))
        self._acts()
        return self.api.tapped(self, message_id, data)

    def _buttons(self, label: str, on: Numbered | int | None) -> list[tuple[int | None, str, str | None]]:
        """Return (message, label, data) of the buttons meant; those under the field have no message."""
        if isinstance(on, Seen):  # as the person saw it, even if the bot has changed it since
            messages = [on]
        else:
            wanted = on if isinstance(on, int | None) else on.message_id
            messages = [one for one in self.screen if wanted in (None, one.message_id)]
        for one in reversed(messages):
            if found := [(one.message_id, text, data) for text, data in one.buttons if label in text]:
                return list(found)
        return [] if on else [(None, key["text"], None) for key in self.keyboard if label in key["text"]]

    def _chosen(self, label: str, on: Numbered | int | None) -> tuple[int | None, str | None]:
        found = self._buttons(label, on)
        exact = [one for one in found if one[1] == label] or found
        if len(exact) > 1:
            raise AssertionError(self._report(f"{label!r} is on {len(exact)} buttons"))
        return exact[0][0], exact[0][2]

    async def _taps_key(self, label: str) -> Values:
        key = next(key for key in self.keyboard if label in key["text"])
        if key.get("request_contact"):
            return await self.sends_contact()
        if key.get("request_location"):
            return await self.sends_location()
        return await self.says(key["text"])

    async def sends_photo(self, caption: str = "", content: bytes = PICTURE) -> Values:
        """Send a picture, which the bot may fetch with getFile."""
        photo = {**self.api.stored(content), "width": 1280, "height": 960}
        return self._message({"photo": [photo], **({"caption": caption} if caption else {})})

    async def sends_voice(self, duration: int = 4, content: bytes = b"OggS") -> Values:
        """Speak instead of writing."""
        return self._message({"voice": {**self.api.stored(content), "duration": duration, "mime_type": "audio/ogg"}})

    async def sends_document(self, content: bytes, name: str = "papier.pdf", **fields: object) -> Values:
        """Send a file."""
        return self._message({"document": {**self.api.stored(content), "file_name": name}, **fields})

    async def sends_contact(self, phone_number: str = "+212600000000") -> Values:
        """Share the own number."""
        own = {"first_name": self.user["first_name"], "user_id": self.chat_id}
        return self._message({"contact": {"phone_number": phone_number, **own}})

    async def sends_location(self, latitude: float = 31.6295, longitude: float = -7.9811) -> Values:
        """Share a place."""
        return self._message({"location": {"latitude": latitude, "longitude": longitude}})

    async def sends_raw(self, fields: Values) -> Values:
        """Send a message with these fields, or an update with them if they are an update's; unchecked."""
        if set(fields) & (set(SPEC["types"]["Update"]["fields"]) - set(SPEC["types"]["Message"]["fields"])):
            self._acts()
            return self.api.update(copy.deepcopy(fields), self.chat_id, checked=False)
        return self._message(copy.deepcopy(fields), checked=False)

    def _message(self, fields: Values, *, checked: bool = True) -> Values:
        self._acts()
        message = self.api.message(self, self.user) | fields
        return self.api.update({"message": message}, self.chat_id, checked=checked)

    def _acts(self) -> None:
        self._since = self.api.now()
