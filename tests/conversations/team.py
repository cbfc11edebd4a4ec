"""The team: an invitation, a deed that takes two people, and the trace that all of it leaves."""

import re

from bot.notices import tell

SAY = {
    "fr": {
        "invite": "Inviter",
        "role": "coordination",
        "yes": "Oui",
        "vote": "Budget 2027",
        "close": "Le clore",
        "see": "Voir et décider",
        "agree": "D'accord",
    },
    "ary": {
        "invite": "نعرض على",
        "role": "التنسيق",
        "yes": "نعم",
        "vote": "ميزانية 2027",
        "close": "نسد دابا",
        "see": "نشوف ونقرر",
        "agree": "موافق",
    },
}
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b")


async def the_team(city, ada):
    say = SAY[ada.language]
    await city.found(two_people=["budget.close"])
    await city.vote("one")
    omar = city.citizen(ada.language, name="omar")
    await omar.arrives()
    admin = await city.member("admin", "Nora", ada.language)
    omar.history = admin.history = ada.history
    ada.history.clear()
    await admin.says("/team")
    await admin.taps(say["invite"])
    await admin.says("Omar")
    await admin.taps(say["role"])
    await admin.taps(say["yes"])
    code = CODE.search(admin.shown).group()
    await omar.says(f"/staff {code}")
    await omar.says("/budget")
    await omar.taps(say["vote"])
    await omar.taps(say["close"])
    await omar.taps(say["yes"])
    await tell(city.database, city.now)
    await admin.looks()
    await admin.taps(say["see"])
    await admin.taps(say["agree"])
    await admin.says("/audit")
    await admin.says("1")
    ada.history[:] = [(who, words.replace(code, "XXXX-XXXX-XX")) for who, words in ada.history]


CONVERSATIONS = [the_team]
