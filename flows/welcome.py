"""The first contact: a language, a short privacy notice, then wherever the person was going."""

from flows.chat import Chat
from flows.questions import UNDERSTOOD
from flows.registry import flow
from locales import LANGUAGES, NAMES, _, texts
from locales import language as languages_of
from locales.values import Code
from storage import citizens

# Two greetings: whoever reads standard Arabic reads the one in Darija, and a slow reader has one paragraph less.
GREETINGS = ("ary", "fr")
PLATFORMS = {"telegram": "Telegram", "whatsapp": "WhatsApp"}


@flow("welcome")
async def welcome(chat: Chat, then: str = "menu") -> None:
    """Greet, agree on a language once, tell what is kept."""
    language = chat.citizen.language or await _language(chat, then)
    chat.speak(texts(language))
    if chat.citizen.language is None:
        chat.say(_("Perfect, we go on in English. To change, write “language” at any time."))

    chat.say(
        _(
            "{commune} answers for your data. We keep only what taking part needs, for {months} at most. "
            "You can see it, correct it or object: {contact}."
        ),
        commune=chat.local(chat.commune.name),
        months=chat.months(chat.commune.keep_months),
        contact=Code(chat.commune.contact),
    )
    if chat.commune.cndp:
        chat.say(_("Declared to the CNDP: {cndp}."), cndp=Code(chat.commune.cndp))
    if platform := PLATFORMS.get(chat.situation.channel):
        chat.say(_("Messages pass through servers of {platform} outside Morocco."), platform=platform)
    await chat.choose("notice", _("Shall we begin?"), [UNDERSTOOD], lambda _one: chat.t(_("I understand")))

    await citizens.speaks(chat.db, chat.citizen, language)
    chat.then("@enter", words=then)


async def _language(chat: Chat, written: str) -> str:
    """Greet in two languages, offer them all; the one that the person wrote in, or the phone is set to, comes first."""
    client = "fr" if (chat.situation.client_language or "").startswith("fr") else "ary"
    proposed = (None if "_" in written or written == "menu" else languages_of.proposed(written)) or client
    languages = sorted(LANGUAGES, key=lambda code: code != proposed)
    for code in sorted(GREETINGS, key=languages.index):
        other = texts(code)
        chat.say_ready(
            other.lines(
                other(
                    _(
                        "Welcome to the participation channel of {commune}. Here citizens give their opinion, "
                        "support petitions and vote on projects. Choose your language:"
                    ),
                    commune=chat.commune.name["fr" if code == "fr" else "ar"],
                )
            )
        )
    return await chat.choose("language", "", languages, NAMES.__getitem__)
