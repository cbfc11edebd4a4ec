"""What the stub of the Bot API does with messages: sends, edits and deletes them, keeps their files."""

import copy
import json
import mimetypes
import time

import telegram
from bot_api_html import CAPTION_LIMIT, parsed
from bot_api_phone import Phone
from bot_api_rules import image_size
from bot_api_state import Call, State
from bot_api_types import ApiError, Values

DOCUMENT_LIMIT = 50 * 1024 * 1024


class Messages(State):
    """The messages of all chats."""

    def written_to(self, chat_id: int) -> list[Values]:
        """Return the bot's messages in a chat as they stand, the oldest first."""
        return [one for (chat, _), one in self.messages.items() if chat == chat_id and self._mine(one)]

    def _mine(self, message: Values) -> bool:
        return bool(message["from"]["id"] == self.me["id"])

    def message(self, phone: Phone, sender: Values) -> Values:
        """Begin a message in the chat: what all messages have."""
        fresh = {
            "message_id": next(self._numbers),
            "from": sender,
            "chat": phone.chat,
            "date": int(time.time()),
        }
        return copy.deepcopy(fresh)

    def stored(self, content: bytes) -> Values:
        """Keep a file; return what every kind of file says of itself."""
        number = next(self._numbers)
        name = f"AgACAgQAAxkB{number}"
        self.files[name] = content
        return {"file_id": name, "file_unique_id": f"AQAD{number}", "file_size": len(content)}

    def _chat_of(self, call: Call) -> Phone:
        if call.chat_id not in self.phones:
            raise ApiError("chat not found")
        return self.phones[call.chat_id]

    async def _send_chat_action(self, call: Call) -> bool:
        self._chat_of(call)
        return True

    async def _send_message(self, call: Call) -> Values:
        text, entities = parsed(call.params)
        if not text:
            raise ApiError("message text is empty")
        return self._send(call, {"text": text, **({"entities": entities} if entities else {})})

    async def _send_photo(self, call: Call) -> Values:
        content, known = self._uploaded(call, "photo")
        size = image_size(content)
        photo = [{**(known or self.stored(content)), **_scaled(size, limit)} for limit in (90, 1280)]
        return self._send(call, {"photo": photo, **_caption(call)})

    async def _send_document(self, call: Call) -> Values:
        content, known = self._uploaded(call, "document")
        if len(content) > DOCUMENT_LIMIT:
            raise ApiError("Request Entity Too Large", 413)
        name = call.filenames.get(call.params["document"].removeprefix("attach://"), "file")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        document = {**(known or self.stored(content)), "file_name": name, "mime_type": kind}
        return self._send(call, {"document": document, **_caption(call)})

    async def _send_voice(self, call: Call) -> Values:
        content, known = self._uploaded(call, "voice")
        if not content.startswith((b"OggS", b"ID3", b"\xff")):
            raise ApiError("wrong file: no voice note")
        voice = {**(known or self.stored(content)), "duration": 1, "mime_type": "audio/ogg"}
        return self._send(call, {"voice": voice, **_caption(call)})

    def _uploaded(self, call: Call, name: str) -> tuple[bytes, Values | None]:
        """Return the content, and how it is known already if it was sent by its file_id."""
        given = call.params[name]
        if given in self.files:
            size = len(self.files[given])
            return self.files[given], {"file_id": given, "file_unique_id": given[-6:], "file_size": size}
        content = call.files.get(given.removeprefix("attach://"))
        if content is None or not given.startswith("attach://"):
            raise ApiError("wrong file identifier/HTTP URL specified")
        if not content:
            raise ApiError("file must be non-empty")
        return content, None

    def _send(self, call: Call, content: Values) -> Values:
        phone = self._chat_of(call)
        message = self.message(phone, self.me) | self._quoted(call, phone) | content
        markup = call.params.get("reply_markup", {})
        if markup.get("inline_keyboard"):
            message["reply_markup"] = markup
        elif "keyboard" in markup:
            keys = [key for row in markup["keyboard"] for key in row]
            phone.keyboard = [key if isinstance(key, dict) else {"text": key} for key in keys]
        elif markup.get("remove_keyboard"):
            phone.keyboard = []
        return self._shown(message)

    def _quoted(self, call: Call, phone: Phone) -> Values:
        reply = call.params.get("reply_parameters", {})
        quoted = self.messages.get((phone.chat_id, reply.get("message_id", 0)))
        if quoted:
            return {"reply_to_message": {k: v for k, v in quoted.items() if k != "reply_to_message"}}
        if reply and not reply.get("allow_sending_without_reply"):
            raise ApiError("message to be replied not found")
        return {}

    def _shown(self, message: Values) -> Values:
        """Put the message on the screen, as it is or in place of its former self."""
        key = message["chat"]["id"], message["message_id"]
        self._moment += 1
        self.messages[key], self.touched[key] = message, self._moment
        self._readable("Message", message)
        if markup := message.get("reply_markup"):
            read = telegram.InlineKeyboardMarkup.de_json(markup, None)
            if json.loads(json.dumps(read.to_dict())) != markup:
                self.complaints.append(f"python-telegram-bot reads another keyboard: {markup} {read}")
        return copy.deepcopy(message)

    def _to_edit(self, call: Call) -> Values:
        if "message_id" not in call.params:
            raise ApiError("message identifier is not specified")
        self._chat_of(call)
        message = self.messages.get((call.chat_id, call.params["message_id"]))
        if message is None:
            raise ApiError("message to edit not found", expected=True)
        if not self._mine(message):
            raise ApiError("message can't be edited")
        return message

    def _edited(self, call: Call, old: Values, dropped: set[str], content: Values) -> Values:
        # a keyboard that is not sent along with an edit is taken away
        kept = {k: v for k, v in old.items() if k not in {*dropped, "reply_markup", "edit_date"}}
        new = kept | content
        if call.params.get("reply_markup", {}).get("inline_keyboard"):
            new["reply_markup"] = call.params["reply_markup"]
        if new == {k: v for k, v in old.items() if k != "edit_date"}:
            raise ApiError(
                "message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message",
                expected=True,
            )
        return self._shown(new | {"edit_date": int(time.time())})

    async def _edit_text(self, call: Call) -> Values:
        text, entities = parsed(call.params)
        if not text:
            raise ApiError("message text is empty")
        old = self._to_edit(call)
        if "text" not in old:
            raise ApiError("there is no text in the message to edit")
        content = {"text": text, **({"entities": entities} if entities else {})}
        return self._edited(call, old, {"text", "entities"}, content)

    async def _edit_caption(self, call: Call) -> Values:
        caption = _caption(call)
        old = self._to_edit(call)
        if not {"photo", "document"} & set(old):
            raise ApiError("there is no caption in the message to edit")
        return self._edited(call, old, {"caption", "caption_entities"}, caption)

    async def _edit_keyboard(self, call: Call) -> Values:
        return self._edited(call, self._to_edit(call), set(), {})

    async def _delete_message(self, call: Call) -> bool:
        if self.messages.pop((self._chat_of(call).chat_id, call.params["message_id"]), None) is None:
            raise ApiError("message to delete not found", expected=True)
        return True

    async def _get_file(self, call: Call) -> Values:
        name = call.params["file_id"]
        if name not in self.files:
            raise ApiError("wrong file_id or the file is temporarily unavailable")
        size = len(self.files[name])
        return {"file_id": name, "file_unique_id": name[-6:], "file_size": size, "file_path": f"files/{name}"}


def _scaled(size: tuple[int, int], limit: int) -> dict[str, int]:
    """Return the measures of a copy no longer or higher than the limit."""
    scale = min(1, limit / max(size))
    return {"width": max(round(size[0] * scale), 1), "height": max(round(size[1] * scale), 1)}


def _caption(call: Call) -> Values:
    text, entities = parsed(call.params, "caption", CAPTION_LIMIT)
    if not text:
        return {}
    return {"caption": text, **({"caption_entities": entities} if entities else {})}
