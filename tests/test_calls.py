"""Calls for joint projects: written over weeks, submitted once, scored blind, decided with reasons."""

from conversations.calls import CRITERIA, SAY, has_call, submits

from bot.notices import tell
from storage.audit import Audit
from storage.submissions import Submission


async def test_a_file_is_written_sent_and_submitted_on_every_channel(city, channel):
    await has_call(city)
    ada = city.citizen("fr", channel)
    await ada.arrives("k_1")
    ada.sees("Projets conjoints", "Statuts")
    await submits(ada)
    ada.sees("Votre dossier est déposé", "BM-")
    [row] = await city.all(Submission)
    assert row.state == "submitted"


async def with_panel(city, *associations):
    """A closed call with these submissions, a coordinator, and a panel of two who are agents."""
    call = await has_call(city, criteria=CRITERIA[:1])
    people = []
    for name in associations:
        person = city.citizen("fr")
        await person.arrives()
        await submits(person, name)
        people.append(person)
    zineb = await city.coordinator()
    panel = [await city.member("agent", name) for name in ("Hind", "Karim")]
    await zineb.says("/call 1")
    await zineb.taps("Le jury")
    for name in ("Hind", "Karim"):
        await zineb.taps(name)
    await zineb.taps("Terminer")
    zineb.sees("Noté")
    city.now = call.closes
    return people, zineb, panel


async def scores(person, file, mark):
    await person.says("/call 1")
    await person.taps("Noter")
    await person.says(file)
    await person.says(str(mark))
    await person.taps("Enregistrer")


async def decides(zineb, file, verdict, reasons):
    await zineb.says("/call 1")
    await zineb.taps("Décider")
    await zineb.says(file)
    await zineb.taps(verdict)
    await zineb.says(reasons)
    await zineb.says("الأسباب")


async def test_scores_are_blind_until_all_are_in_and_the_result_is_told_once(city):
    (ada, omar), zineb, (hind, karim) = await with_panel(city, "Al Amal", "Atlas")
    await scores(hind, "Al Amal", 5)
    hind.sees("Votre note est enregistrée", "Le suivant")
    await scores(hind, "Atlas", 2)
    hind.sees("tous les dossiers")
    for person in (zineb, karim, hind):
        await person.says("/call 1")
        person.does_not_see("Voir les notes")
        await person.says("/call")
    await karim.says("/call 1")
    await karim.taps("Noter")
    await karim.says("Al Amal")
    karim.does_not_see("06 12", "5 sur 5")
    await scores(karim, "Al Amal", 4)
    await scores(karim, "Atlas", 3)
    await karim.says("/call 1")
    await karim.taps("Voir les notes")
    karim.sees("1. Al Amal : 4.5 sur 5", "Hind 5", "Karim 4")
    await decides(zineb, "Al Amal", "Retenu", "Un projet utile")
    await zineb.says("/call 1")
    await zineb.taps("Publier")
    zineb.sees("Tous les dossiers ne sont pas décidés")
    await decides(zineb, "Atlas", "Non retenu", "Budget peu clair")
    await ada.says("/calls")
    ada.does_not_see("Le résultat")
    await zineb.says("/call 1")
    await zineb.taps("Publier")
    await zineb.taps("Oui, le faire")
    for _again in range(2):
        await tell(city.database, city.now)
    for person, words in ((ada, "Un projet utile"), (omar, "Budget peu clair")):
        await person.looks()
        assert person.shown.count(words) == 1
    await omar.taps("Le résultat")
    omar.sees("2 projets ont été déposés", "• Al Amal")
    omar.does_not_see("• Atlas", "peu clair")
    deeds = [row.deed for row in await city.all(Audit) if not row.deed.endswith(".look")]
    assert deeds == ["call.panel", *["call.score"] * 4, *["call.decide"] * 2, "call.publish"]
    assert "marks" not in str([row.details for row in await city.all(Audit)])


async def test_a_question_is_answered_for_all_and_its_author_told(city):
    await has_call(city)
    ada, omar, agent = city.citizen("fr"), city.citizen("ary"), await city.member("agent")
    await ada.arrives("ka_1")
    await ada.says("Une coopérative peut-elle déposer ?")
    await ada.taps("Envoyer")
    await omar.arrives("k_1")
    omar.does_not_see(SAY["ary"]["answers"])
    await agent.says("/queue")
    await agent.taps("Projets conjoints")
    agent.sees("Une coopérative")
    await agent.taps("Répondre")
    await agent.says("Oui, si elle est déclarée.")
    await agent.says("نعم، إلا كانت مصرح بها.")
    await agent.taps("Publier")
    await tell(city.database, city.now)
    await ada.looks()
    ada.sees("Oui, si elle est déclarée")
    await omar.says("/calls")
    await omar.taps(SAY["ary"]["answers"])
    await omar.says("1")
    omar.sees("إلا كانت مصرح بها")
    assert b"coop" not in await city.everything()
