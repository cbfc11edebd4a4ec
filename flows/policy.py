"""The policy of moderation, for everybody to read: what is published, what is not, and how to have it seen again."""

from flows.chat import Chat
from flows.reasons import REASONS
from flows.registry import flow
from locales import _
from locales.values import Code, Written


@flow("policy", _("Rules of publication"), command="policy", word="policy")
async def policy(chat: Chat) -> None:
    """What is refused, and why."""
    chat.say(
        _(
            "<b>Rules of publication</b>\nA person of the service reads each text before it is published.\n"
            "No opinion is a reason to refuse it.\nWhoever is refused is told why, and may correct it."
        )
    )
    reasons = "\n".join(f"• {chat.t(reason.said)}" for reason in REASONS.values())
    chat.say(_("We refuse a text only if:\n{reasons}"), reasons=Written(reasons))
    chat.say(
        _("Do you think we were wrong? Write to {contact}: another person reads it again."),
        contact=Code(chat.commune.contact),
    )
    chat.offer("human", _("Talk to a person"))
