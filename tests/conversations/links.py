"""One person on two channels: the code shown on one is typed on the other."""

import re

from flows.questions import Reply
from locales.bidi import strip_isolates
from storage import lines
from storage.lines import Who

SAY = {
    "fr": {
        "mine": "relier",
        "show": "Afficher",
        "type": "J'ai un code",
        "part": "Séparer",
        "web": "le chat web",
        "phone": "Avec mon téléphone",
        "yes": "Oui",
    },
    "ary": {
        "mine": "ربط",
        "show": "نشوف كود",
        "type": "عندي كود",
        "part": "نفرق",
        "web": "الشات",
        "phone": "بالتيليفون ديالي",
        "yes": "نعم",
    },
}
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


async def accounts_joined(city, ada):
    say = SAY[ada.language]
    there = city.citizen(ada.language, "telegram", f"{ada.name} there")
    await there.arrives()
    await there.says(say["mine"])
    await there.taps(say["show"])
    [code] = CODE.findall(strip_isolates(there.shown))
    ada.history = there.history
    await ada.arrives()
    await ada.says(say["mine"])
    await ada.taps(say["type"])
    await ada.says("ABCD-0000")
    await ada.says(say["mine"])
    await ada.taps(say["type"])
    await ada.says(code)
    await ada.says(say["mine"])
    await ada.taps(say["part"])
    await ada.taps(say["web"])


async def accounts_joined_by_phone(city, ada):
    say = SAY[ada.language]
    async with city.database.writing() as db:
        key = await lines.recognise(db, city.home.id, Who("MA.1", "212600000001"), city.now)
    there = city.citizen(ada.language, "whatsapp", key)
    await there.arrives()
    here = city.citizen(ada.language, "telegram", f"{ada.name} here")
    await here.arrives()
    here.history = ada.history
    await here.says(say["mine"])
    await here.taps(say["phone"])
    here.history.append(("says", "(contact)"))
    await here.does(Reply(kind="contact", text="212600000001"))
    await here.taps(say["yes"])


CONVERSATIONS = [accounts_joined, accounts_joined_by_phone]
