"""A second, independent reading of the webhooks: what the stub delivers, pywa understands too."""

import json
from typing import Any

from pywa import WhatsApp
from pywa.types import CallbackButton, CallbackSelection, Message, MessageStatus
from pywa.types.base_update import RawUpdate

Values = dict[str, Any]

_CLIENT = WhatsApp(phone_id="106540352242922", token="-", server=None)


def read_webhook(body: Values) -> Any:
    """What pywa makes of it; raises where it cannot read it.  Of newer kinds pywa knows less than we do."""
    raw = RawUpdate(json.dumps(body).encode(), hmac_header=None, update_hash="")
    value = body["entry"][0]["changes"][0]["value"]
    if "statuses" in value:
        return MessageStatus.from_update(_CLIENT, raw)
    message = value["messages"][0]
    if not value.get("contacts") or "user_id" not in value["contacts"][0]:
        return None  # pywa knows nobody without a user id
    if message["type"] in ("text", "image", "audio", "document", "location", "reaction"):
        return Message.from_update(_CLIENT, raw)
    if message["type"] == "button":
        return CallbackButton.from_update(_CLIENT, raw)
    if message["type"] == "interactive":
        kind = CallbackSelection if "list_reply" in message["interactive"] else CallbackButton
        return kind.from_update(_CLIENT, raw)
    return None
