"""Somebody takes part on another person's phone, and takes it over on their own."""

import re

from locales.bidi import strip_isolates

SAY = {
    "fr": {
        "help": "j'aide quelqu'un",
        "agree": "accepte",
        "name": "Fatima Amrani",
        "trees": "Des arbres",
        "support": "Soutenir",
        "skip": "Passer",
        "confirm": "Confirmer",
        "own": "relier",
        "end": "fin aide",
        "status": "/status",
        "code": "mon code",
    },
    "ary": {
        "help": "كنعاون شي واحد",
        "agree": "موافق",
        "name": "فاطمة العمراني",
        "trees": "الأشجار",
        "support": "ندعم",
        "skip": "ندوز",
        "confirm": "نأكد",
        "own": "ربط",
        "end": "سالينا المعاونة",
        "status": "/status",
        "code": "الكود ديالي",
    },
}
CODE = re.compile(r"(?<!-)\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def code_on(person):
    return CODE.findall(strip_isolates(person.shown))[0]


async def helps(ada, name="", cin="J654321"):
    """The whole way until another person can take part; their code."""
    say = SAY[ada.language]
    await ada.says(say["help"])
    await ada.taps(say["agree"])
    await ada.says(name or say["name"])
    await ada.says(cin)
    return code_on(ada)


async def helps_again(ada, code, name="", cin="J654321"):
    """The same person, another day: they go on where they were, with the code on their paper."""
    say = SAY[ada.language]
    await ada.says(say["help"])
    await ada.taps(say["agree"])
    await ada.says(name or say["name"])
    await ada.says(cin)
    if code:
        await ada.says(code)


async def supports(ada, petition=""):
    """The person who is helped supports a petition: asked neither name nor number again."""
    say = SAY[ada.language]
    await ada.says("/petitions")
    await ada.taps(petition or say["trees"])
    await ada.taps(say["support"])
    await ada.taps(say["skip"])
    await ada.taps(say["confirm"])


async def somebody_helped(city, ada):
    say = SAY[ada.language]
    await ada.arrives()
    code = await helps(ada)
    await supports(ada)
    await ada.says(say["own"])
    await ada.says(say["end"])
    await ada.says(say["status"])
    await helps_again(ada, code)
    await ada.says(say["end"])
    there = city.citizen(ada.language, "telegram", f"{ada.name} there")
    await there.arrives()
    there.history = ada.history
    await there.says(say["code"])
    await there.says(code)
    await there.says(say["status"])


CONVERSATIONS = [somebody_helped]
