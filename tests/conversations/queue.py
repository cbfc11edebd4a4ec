"""What waits for the staff, and the rules by which they decide."""

from datetime import timedelta

SAY = {
    "fr": {
        "words": "Le lampadaire de ma rue ?",
        "send": "Envoyer",
        "item": "Message",
        "answer": "Il est réparé.",
        "yes": "Oui",
    },
    "ary": {"words": "الضو ديال الزنقة؟", "send": "نصيفط", "item": "ميساج", "answer": "راه تصلح.", "yes": "نعم"},
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


CONVERSATIONS = [the_queue]
