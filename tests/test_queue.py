"""The queue of the staff: all that waits in one list, the oldest first, and who has what in hand."""

from datetime import timedelta

from flows.registry import FLOWS
from flows.waiting import NOUNS as NAMES
from storage import queue
from storage.audit import Audit


async def writes(person, words):
    await person.arrives()
    await person.says("/human")
    await person.says(words)
    await person.taps("Envoyer")


async def test_what_waits_is_shown_oldest_first_with_its_age_and_who_has_it(city):
    hind, omar = (
        await city.member("agent", "Hind", "fr", "whatsapp"),
        await city.member("agent", "Omar", "fr", "telegram"),
    )
    await hind.says("/queue")
    hind.sees("Rien n'attend")
    for number in range(9):
        await writes(city.citizen("fr", name=f"citizen {number}"), f"Question {number}")
        city.now += timedelta(hours=1)
    city.now += timedelta(days=2)
    await hind.says("menu")
    hind.sees("Le plus ancien : 2 jours")
    await hind.taps("À traiter")
    hind.sees("Message 9", "Le plus ancien : 2 jours")
    await hind.says("1")
    hind.sees("Question 0")
    await omar.says("/queue")
    omar.sees("Message · 2 jours · Hind")
    await omar.taps("Message · 2 jours · Hind")
    omar.sees("Hind s'en occupe")
    await omar.says("/queue")
    await omar.taps("Suite")
    await omar.taps("Message")
    omar.sees("Question 7")
    await hind.says("Réponse")
    await hind.taps("Envoyer")
    await hind.taps("Le suivant")
    hind.sees("Message 8")
    assert {row.deed for row in await city.all(Audit)} == {"message.look", "message.answer"}


async def test_what_a_colleague_has_decided_is_gone_from_the_queue(city):
    ada = city.citizen("fr")
    await writes(ada, "Le lampadaire ?")
    hind, omar = await city.member("agent", "Hind"), await city.member("agent", "Omar")
    await hind.says("/queue")
    await omar.says("/queue")
    await omar.says("1")
    await omar.says("Il est réparé.")
    await omar.taps("Envoyer")
    await hind.says("1")
    hind.sees("Rien n'attend")
    async with city.database.reading() as db:
        assert await queue.find(db, city.home.id, city.now, "message_1") is None
        assert await queue.find(db, city.home.id, city.now, "nothing") is None


async def test_the_queue_is_for_those_who_moderate(city):
    for role in ("agent", "coordinator", "admin"):
        member = await city.member(role, role)
        await member.says("/queue")
        member.sees("Rien n'attend")
    counter = await city.member("programme", "Programme")
    await counter.says("/queue")
    counter.sees("Nous ne connaissons pas cette commande")


async def test_anybody_can_read_the_rules_of_publication(city):
    for language, words, refused in (("fr", "les règles", "insulte"), ("ary", "القواعد", "سبان")):
        person = city.citizen(language)
        await person.arrives()
        await person.says(words)
        person.sees(refused, "participation@exemple.invalid")


def test_each_noun_that_waits_has_a_name_and_a_flow_that_decides_on_it():
    waiting = {of(1).selected_columns.noun.element.value for of in queue.NOUNS}
    assert waiting == set(NAMES)
    assert {f"{noun}.moderate" for noun in waiting} <= set(FLOWS)
