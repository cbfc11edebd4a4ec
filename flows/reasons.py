"""Why a text may be refused: one closed list for every noun, the same that the published policy names."""

from dataclasses import dataclass

from flows.chat import Chat
from locales import _


@dataclass(frozen=True, slots=True)
class Reason:
    """`slug` is stored with what was refused: never rename; `label` is for the staff, `said` for the author."""

    slug: str
    label: str
    said: str


REASONS = {
    reason.slug: reason
    for reason in (
        Reason("off_topic", _("Off topic"), _("It is about another subject than this one.")),
        Reason("insult", _("Insult, hatred"), _("It insults or threatens somebody, or calls for hatred.")),
        Reason("personal", _("Names a person"), _("It accuses a person by name, or tells private things.")),
        Reason("unlawful", _("Against the law"), _("It asks for something that the law forbids.")),
        Reason("advert", _("Advertising"), _("It advertises a business, a party or a candidate.")),
        Reason("duplicate", _("Said already"), _("The same was said already; it counts there.")),
        Reason("unclear", _("Not clear"), _("We could not understand it, read it or hear it.")),
        Reason("powers", _("Not our powers"), _("It is not within the powers of the commune.")),
        Reason("incomplete", _("Incomplete"), _("Something is missing that the rules ask for.")),
    )
}


async def chosen(chat: Chat, key: str = "reason") -> Reason:
    """The reason for which something is refused, asked of the staff."""
    return await chat.choose(
        key, _("For which reason? The author is told."), list(REASONS.values()), lambda reason: chat.t(reason.label)
    )


def said(chat: Chat, slug: str) -> str:
    """What an author is told, by the code that was stored."""
    return chat.t(REASONS[slug].said) if slug in REASONS else ""
