"""What waits for the staff, and the rules by which they decide."""

from datetime import timedelta

SAY = {
    "fr": {
        "words": "Le lampadaire de ma rue ?",
        "send": "Envoyer",
        "item": "Message",
        "answer": "Il est réparé.",
        "yes": "Oui",
        "petition": "Des arbres",
        "paper": "Français",
    },
    "ary": {
        "words": "الضو ديال الزنقة؟",
        "send": "نصيفط",
        "item": "ميساج",
        "answer": "راه تصلح.",
        "yes": "نعم",
        "petition": "عريضة الأشجار",
        "paper": "العربية",
    },
}


async def the_queue(city, ada):
    say = SAY[ada.language]
    await ada.arrives()
    await ada.says("/human")
    await ada.says(say["words"])
    await ada.taps(say["send"])
    city.now += timedelta(days=2)
    agent = await city.member("agent", "Hind", ada.language)
    agent.history = ada.history
    ada.history.clear()
    await agent.says("/queue")
    await agent.taps(say["item"])
    await agent.says(say["answer"])
    await agent.taps(say["send"])
    await agent.says("/policy")
    await agent.says("/alerts")
    await agent.taps(say["yes"])


async def the_morning(city, ada):
    """What an admin looks at first."""
    say = SAY[ada.language]
    admin = await city.member("admin", "Nora", ada.language)
    admin.history = ada.history
    await admin.goes("/summary", say["yes"], "/dossier", say["petition"], say["paper"], "/health")


CONVERSATIONS = [the_queue, the_morning]
