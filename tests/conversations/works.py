"""The works after a vote: a step entered by the staff, and told to who follows the vote."""

from datetime import timedelta

from bot.notices import tell
from storage.ballots import Ballot, Choice
from storage.budgets import Project

SAY = {
    "fr": {
        "works": "Les travaux",
        "begun": "travaux commencés",
        "no_photo": "Pas de photo",
        "yes": "Oui",
        "no": "Ne pas m'informer",
    },
    "ary": {"works": "الأشغال", "begun": "الأشغال بداو", "no_photo": "بلا صورة", "yes": "نعم", "no": "ماتعلمونيش"},
}


async def published_vote(city):
    """A vote of points whose result is published: the park wins and the bench, the path costs too much."""
    budget = await city.vote(
        "points",
        points=5,
        most_points=5,
        opens=city.now - timedelta(days=9),
        closes=city.now - timedelta(days=1),
        published=city.now,
    )
    row = {"budget_id": budget.id, "voter": "a", "person": None, "receipt": "BM-0000-0000", "channel": "web"}
    await city.has(Ballot(**row, day=city.today()))
    points = {"Parc": 3, "Piste": 2, "Banc": 1}
    await city.has(
        *(
            Choice(budget_id=budget.id, voter="a", project_id=project.id, points=points[project.slug])
            for project in await city.all(Project)
        )
    )
    return budget


async def enters(person):
    """The works on the first project have begun."""
    say = SAY[person.language]
    await person.says("/budget")
    await person.says("1")
    await person.taps(say["works"])
    await person.says("1")
    await person.taps(say["begun"])
    await person.says("Les arbres arrivent.")
    await person.says("الشجر جاي.")
    await person.says("une photo")
    await person.taps(say["no_photo"])
    await person.taps(say["yes"])


async def told(city, *people):
    """What waits is told."""
    await tell(city.database, city.now)
    for person in people:
        await person.looks()


async def the_works(city, ada):
    budget = await published_vote(city)
    await ada.arrives()
    await ada.says("/results")
    await ada.says(f"/start bf_{budget.id}")
    await ada.taps(SAY[ada.language]["no"])
    await ada.says(f"/start bf_{budget.id}")
    zineb = await city.coordinator(ada.language)
    zineb.history.clear()
    await enters(zineb)
    ada.history += zineb.history
    await told(city, ada)
    await ada.says("/works")


CONVERSATIONS = [the_works]
