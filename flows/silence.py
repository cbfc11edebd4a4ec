"""STOP and back, and the topics that a person wants to hear about."""

from flows.announcement_words import TOPICS
from flows.chat import Chat
from flows.registry import flow
from locales import _
from storage import citizens, profiles


@flow("stop", _("Stop the news"), command="stop")
async def stop(chat: Chat) -> None:
    """Nothing more but what the person asked for; it asks nothing, so that it works in the middle of anything."""
    await citizens.stop(chat.db, chat.situation.owner, chat.now)
    chat.say(
        _(
            "It is done: you will not receive our news any more. To come back, write “infos”. "
            "What becomes of what you supported or asked for, you will still hear."
        )
    )


@flow("news", _("Get news again"), command="infos")
async def news(chat: Chat) -> None:
    """Back to all that is new."""
    await citizens.come_back(chat.db, chat.situation.owner)
    chat.say(_("Welcome back: you will receive our news again. To stop it, write “stop”."))
    chat.offer("/topics", _("What I hear about"))


@flow(
    "me.topics",
    _("What I hear about"),
    command="topics",
    intents=("announcements_subscribe", "unsubscribe"),  # asked, not done: only a known word stops all
)
async def topics(chat: Chat) -> None:
    """One topic on or off at a time; each button says which, so that a double tap changes nothing."""
    muted = await profiles.muted(chat.db, chat.citizen.id)
    said = {topic: "☐" if topic in muted else "☑" for topic in TOPICS}
    labels = {
        f"{'hear' if topic in muted else 'mute'}-{topic}": f"{said[topic]} {chat.t(name)}"
        for topic, name in TOPICS.items()
    }
    chosen = await chat.choose(
        "topic", _("What do you want to hear about? Tap to change."), list(labels), labels.__getitem__
    )
    change, topic = chosen.split("-")
    await (profiles.unmute if change == "hear" else profiles.mute)(chat.db, chat.citizen.id, topic)
    now = _("received") if change == "hear" else _("not received")
    chat.say(_("{topic}: {news}"), topic=chat.t(TOPICS[topic]), news=chat.t(now))
    chat.offer("/topics", _("What I hear about"))
    chat.offer("/me", _("Back to “Me”"))
