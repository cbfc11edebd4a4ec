"""Paper entered by the staff: a list with bad lines, then a ballot."""

from flows.questions import Reply
from storage import media, places

SAY = {
    "fr": {
        "petition": "Des arbres",
        "file": "Un tableau",
        "enter": "Saisir",
        "vote": "Budget 2027",
        "one": "Une personne",
    },
    "ary": {
        "petition": "عريضة الأشجار",
        "file": "جدول",
        "enter": "نسجل",
        "vote": "ميزانية 2027",
        "one": "شخص واحد",
    },
}
LIST = "CIN;Nom;Quartier\nI123456;Ada Lahlou;Ourbiaa\n??;Nour;\nI123456;Ada;\nIA76543;سعاد المنصوري;\n"


async def paper(city, ada):
    say = SAY[ada.language]
    await city.vote("approval", asks_cin=True)
    agent = await city.member("agent", "Hind", ada.language)
    agent.history = ada.history
    ada.history.clear()
    await agent.says("/paper")
    await agent.taps(say["petition"])
    await agent.taps(say["file"])
    async with city.database.writing() as db:
        place = await places.place(db, agent.sender)
        kind, content = "list", LIST.encode()
        id = await media.keep(db, city.home.id, place.citizen_id, kind, "text/csv", content, city.now)
    agent.history.append(("says", "(list.csv)"))
    await agent.does(Reply(kind=kind, media=id))
    await agent.taps(say["enter"])
    await agent.says("/paper")
    await agent.taps(say["vote"])
    await agent.taps(say["one"])
    await agent.says("IA76543")
    await agent.says("1, 3, 7")
    await agent.says("1")
    await agent.says("/paper")
    await agent.taps(say["vote"])
    await agent.taps(say["one"])
    await agent.says("IA76543")
    await agent.says("1, 2")
    await agent.says("1")


CONVERSATIONS = [paper]
