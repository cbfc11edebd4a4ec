"""One person on two channels: the code shown on one is typed on the other."""

import re

from locales.bidi import strip_isolates

SAY = {
    "fr": {"mine": "relier", "show": "Afficher", "type": "J'ai un code", "part": "Séparer", "web": "le chat web"},
    "ary": {"mine": "ربط", "show": "نشوف كود", "type": "عندي كود", "part": "نفرق", "web": "الشات"},
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


CONVERSATIONS = [accounts_joined]
