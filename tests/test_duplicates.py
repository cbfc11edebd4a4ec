"""Comments that say the same: put together by the staff, each counts, one answer is for all."""

import asyncio

import pytest
from test_consultations import gives

from bot.notices import tell
from storage import duplicates, verdicts
from storage.audit import Audit
from storage.comments import Comment
from storage.duplicates import NotTheSame


async def told(city, *people):
    await tell(city.database, city.now)
    for person in people:
        await person.looks()


async def test_two_comments_that_say_the_same_are_answered_as_one(city):
    asked = await city.consultation()
    ada, omar, hind = city.citizen("fr"), city.citizen("fr", "whatsapp"), await city.member("coordinator", "Hind")
    for person, words in ((ada, "Plus de jeunes."), (omar, "Il faut plus de jeunes !")):
        await person.arrives()
        await gives(person, words=words)
    await hind.says("/queue")
    await hind.taps("Avis")
    await hind.taps("Comme un autre")
    hind.sees("Aucun autre avis")
    await hind.says("/queue")
    await hind.taps("Avis")
    await hind.taps("Publier")
    await hind.says("/queue")
    await hind.taps("Avis")
    hind.sees("Il faut plus de jeunes !")
    await hind.taps("Comme un autre")
    await hind.taps("Plus de jeunes.")
    hind.sees("réunis")
    await told(city, omar)
    omar.sees("dit la même chose", "vaut aussi pour vous")
    async with city.database.reading() as db:
        [only] = await verdicts.unanswered(db, asked.id, 1, 0, 10)
    assert only.words == "Plus de jeunes."
    async with city.database.writing() as db:
        texts = {"fr": "Retenu.", "ar": "تقبل."}
        assert await verdicts.answer(db, city.home.id, [only.id], "accepted", texts, None, city.now) == 2
    await told(city, ada, omar)
    ada.sees("Retenu.")
    omar.sees("Retenu.")
    deeds = [row.deed for row in await city.all(Audit) if not row.deed.endswith("look")]
    assert deeds == ["comment.moderate", "comment.merge"]


async def test_what_its_author_changes_stands_alone_again(city):
    asked = await city.consultation()
    people = [city.citizen("fr") for _ in range(2)]
    for person in people:
        await person.arrives()
        await gives(person, words="Plus de jeunes.")
    first, second = await city.all(Comment)
    async with city.database.writing() as db:
        await verdicts.decide(db, city.home.id, first.id, 1, None, city.now)
        with pytest.raises(NotTheSame):  # read in another edition
            await duplicates.merge(db, city.home.id, second.id, 2, first.id, city.now)
    async with city.database.writing() as db:
        await duplicates.merge(db, city.home.id, second.id, 1, first.id, city.now)
    async with city.change(second) as changed:
        changed.edition, changed.state = 2, "accepted"
    async with city.database.reading() as db:
        assert len(await verdicts.unanswered(db, asked.id, 1, 0, 10)) == 2


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_of_two_who_decide_at_once_on_a_duplicate_one_does(city):
    await city.consultation()
    for _ in range(2):
        person = city.citizen("fr")
        await person.arrives()
        await gives(person, words="Plus de jeunes.")
    first, second = await city.all(Comment)
    async with city.database.writing() as db:
        await verdicts.decide(db, city.home.id, first.id, 1, None, city.now)

    async def merges():
        async with city.database.writing() as db:
            await duplicates.merge(db, city.home.id, second.id, 1, first.id, city.now)

    done = await asyncio.gather(merges(), merges(), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "NotTheSame"]
