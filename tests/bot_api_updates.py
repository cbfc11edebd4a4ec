"""How updates reach a bot: taps and messages numbered, polled or posted to its webhook, again until taken."""

import asyncio
import copy
import json
import time
import zlib

import aiohttp
from bot_api_failures import Dropped
from bot_api_phone import Phone, Toast
from bot_api_state import Call, State, Tap, Webhook
from bot_api_types import ApiError, Values


class Updates(State):
    """What has happened and the bot does not know yet."""

    def tapped(self, phone: Phone, message_id: int, data: str) -> Values:
        """Let the bot hear of a tap, with the message as it stands now."""
        number = str(4_000_000_000_000_000 + next(self._numbers))
        self._taps[number] = Tap(phone.chat_id)
        query: Values = {
            "id": number,
            "from": dict(phone.user),
            "chat_instance": str(zlib.crc32(str(phone.chat_id).encode())),
            "data": data,
        }
        if message := self.messages.get((phone.chat_id, message_id)):
            query["message"] = copy.deepcopy(message)
        else:  # the bot has deleted it meanwhile
            query["message"] = {"chat": phone.chat, "message_id": message_id, "date": 0}
        return self.update({"callback_query": query}, phone.chat_id)

    def update(self, content: Values, chat_id: int, *, checked: bool = True) -> Values:
        """Number an update and queue it for the bot, unless the bot did not ask for its kind."""
        update = {"update_id": 700_000_000 + next(self._numbers), **content}
        if checked:
            self._readable("Update", update)
        if checked and (message := update.get("message")):
            self.messages[chat_id, message["message_id"]] = message
        self._chats[update["update_id"]] = chat_id
        self.updates.append(update)
        if not self._allowed or set(content) & set(self._allowed):
            self.redeliver(update)
        return update

    def redeliver(self, update: Values) -> None:
        """Deliver the very same update (once more)."""
        self._seen_by_bot.discard(update["update_id"])
        self.pending.append(update)
        self._touch()

    def _handed_over(self, update: Values) -> None:
        self._seen_by_bot.add(update["update_id"])
        if tap := self._taps.get(update.get("callback_query", {}).get("id", "")):
            tap.delivered += 1

    async def _get_updates(self, call: Call) -> list[Values]:
        if self.webhook:
            raise ApiError(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                409,
            )
        self._poll += 1
        mine = self._poll
        self._touch()  # a poll still open ends now
        self._allowed = call.params.get("allowed_updates", self._allowed)
        self._acknowledge(call.params.get("offset", 0))
        await self.until(
            lambda: bool(self.pending) or self._poll != mine or self._closing, call.params.get("timeout", 0)
        )
        if self._poll != mine:
            raise ApiError(
                "terminated by other getUpdates request; make sure that only one bot instance is running",
                409,
                expected=call.hung_up(),
            )
        batch = self.pending[: call.params.get("limit", 100)]
        for update in batch:
            self._handed_over(update)
        return batch

    def _acknowledge(self, offset: int) -> None:
        if offset < 0:
            del self.pending[:offset]
        # one that is to be delivered again has an old number: it stays until it has been handed over
        self.pending = [
            one for one in self.pending if one["update_id"] >= offset or one["update_id"] not in self._seen_by_bot
        ]

    async def _deliver_all(self) -> None:
        while True:
            changed = self._changed
            for update in self.pending if self.webhook else []:
                chat = self._chats[update["update_id"]]
                if chat not in self._busy:  # the updates of one chat arrive in order
                    self._busy.add(chat)
                    self._start(self._deliver(chat, update))
            await changed.wait()

    async def _deliver(self, chat: int, update: Values) -> None:
        try:
            async with self._connections:
                answer = await self._post(update)
            if answer is None:
                await asyncio.sleep(self.retry_delay)
                return
            self.pending = [one for one in self.pending if one is not update]
            if "method" in answer:
                method = answer.pop("method")
                await self._carry_out(Call(method, answer), form=False)
        except Dropped:
            pass  # an answer in the webhook's own answer has no connection to drop
        finally:
            self._busy.discard(chat)
            self._touch()

    async def _post(self, update: Values) -> Values | None:
        """Post it to the webhook; return what its answer holds, None if it was not taken."""
        webhook = self.webhook
        if webhook is None:
            return None
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        self._handed_over(update)
        try:
            async with self._session.post(webhook.url, json=update, headers=headers, allow_redirects=False) as response:
                text, status = await response.text(), response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            text, status = repr(error), 0
        self.deliveries.append((update["update_id"], status))
        if not 200 <= status < 300:
            why = f"Wrong response from the webhook: {status}" if status else text
            self._last_error = {"last_error_date": int(time.time()), "last_error_message": why}
            return None
        try:
            answer = json.loads(text)
        except ValueError:
            return {}
        return answer if isinstance(answer, dict) else {}

    async def _set_webhook(self, call: Call) -> bool:
        params = call.params
        if params.get("drop_pending_updates"):
            self.pending.clear()
        if "allowed_updates" in params:
            self._allowed = params["allowed_updates"]
        connections = params.get("max_connections", 40)
        self._connections = asyncio.Semaphore(connections)
        url, secret = params["url"], params.get("secret_token", "")
        self.webhook = Webhook(url, secret, connections) if url else None
        return True

    async def _delete_webhook(self, call: Call) -> bool:
        self.webhook = None
        if call.params.get("drop_pending_updates"):
            self.pending.clear()
        return True

    async def _get_webhook_info(self, _: Call) -> Values:
        info: Values = {
            "url": self.webhook.url if self.webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
            **self._last_error,
        }
        if self.webhook:
            info |= {"max_connections": self.webhook.max_connections, "ip_address": "127.0.0.1"}
        return info | ({"allowed_updates": self._allowed} if self._allowed else {})

    def _check_order(self, call: Call) -> None:
        """See to it that a tap is answered before the bot writes: till then the button shows a spinner."""
        if call.method == "answerCallbackQuery":
            tap = self._taps.get(call.params["callback_query_id"])
            if tap is None or tap.answers >= tap.delivered:
                raise ApiError("query is too old and response timeout expired or query ID is invalid")
            tap.tried = True
        elif call.writes:
            for tap in self._taps.values():
                if tap.chat_id == call.chat_id and tap.delivered and not tap.tried:
                    tap.tried = True
                    self.complaints.append(f"answerCallbackQuery must come first, before {call.method}")

    async def _answer_tap(self, call: Call) -> bool:
        tap = self._taps[call.params["callback_query_id"]]
        tap.answers += 1
        if text := call.params.get("text"):
            self._moment += 1
            toast = Toast(text, call.params.get("show_alert", False), self._moment)
            self.phones[tap.chat_id].toasts.append(toast)
        return True
