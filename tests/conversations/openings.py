"""A council and a survey whose dates the staff change; who takes part is told."""

from datetime import timedelta

from bot.notices import tell

from .bodies import SAY as BODY
from .bodies import has_body
from .surveys import has_survey

SAY = {
    "fr": {"dates": "Ses dates", "later": "Le prolonger", "now": "Le clore maintenant", "yes": "Oui"},
    "ary": {"dates": "التواريخ ديالو", "later": "نمدد الوقت", "now": "نسد دابا", "yes": "نعم"},
}


async def applies(ada):
    say = BODY[ada.language]
    await ada.arrives("j_1")
    await ada.taps(say["apply"])
    await ada.taps(say["agree"])
    for words in ("Ada Lahlou", "I123456", "27"):
        await ada.says(words)
    await ada.taps(say["woman"])
    await ada.taps(say["place"])
    await ada.says(say["why"])
    await ada.taps(say["confirm"])


async def dates_changed(city, ada):
    say = SAY[ada.language]
    await has_body(city)
    await has_survey(city)
    await applies(ada)
    hind = await city.member("coordinator", "Hind", ada.language)
    hind.history = ada.history
    ada.history.clear()
    await hind.says("/body")
    await hind.taps({"fr": "Conseil", "ary": "مجلس"}[ada.language])
    await hind.taps(say["dates"])
    await hind.taps(say["later"])
    await hind.says("31/01/2027")
    await hind.taps(say["yes"])
    await tell(city.database, city.now)
    await ada.looks()
    city.now += timedelta(minutes=1)
    await hind.says("/survey")
    await hind.taps({"fr": "Participer", "ary": "المشاركة"}[ada.language])
    await hind.taps(say["now"])
    await hind.taps(say["yes"])
    await ada.says("/surveys")


CONVERSATIONS = [dates_changed]
