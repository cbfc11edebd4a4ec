"""The works that follow a vote: entered by the staff, step by step, and told to those who follow the vote."""

from datetime import timedelta

from conversations.works import enters, published_vote, told

from bot.reminders import remind
from storage.audit import Audit
from storage.notices import Notice
from storage.works import Work


async def test_the_result_says_why_a_project_did_not_win_and_the_works_are_told_once(city):
    budget = await published_vote(city)
    ada, omar = city.citizen("fr"), city.citizen("ary", "whatsapp")
    for person in (ada, omar):
        await person.arrives(f"bf_{budget.id}")
    await ada.says("/results")
    ada.sees("✓ Parc : 3 points", "– Piste : 2 points. Il coûte 50 dirhams ; il en restait 40.", "✓ Banc : 1 point")
    await ada.taps("Les travaux")
    ada.sees("Parc : pas encore d'étape")
    zineb = await city.coordinator()
    await enters(zineb)
    for _again in range(2):
        await told(city, ada, omar)
        if not _again:
            ada.sees("Parc", "travaux commencés", "Les arbres arrivent.")
            omar.sees("الأشغال بداو", "الشجر جاي.")
    assert not ada.screen
    await zineb.says("/budget")
    await zineb.says("1")
    await zineb.taps("Les travaux")
    await zineb.taps("Parc")
    zineb.does_not_see("travaux programmés", "travaux commencés")
    await zineb.taps("travaux terminés")
    zineb.sees("en français")
    await ada.says("travaux")
    ada.sees("travaux commencés", "Banc : pas encore d'étape")
    assert len(await city.all(Work)) == 1
    assert "work.enter" in [row.deed for row in await city.all(Audit)]


async def test_who_began_a_ballot_and_did_not_send_it_is_nudged_without_a_trace_of_the_choice(city):
    budget = await city.vote("points", points=5, most_points=5)
    ada, omar = city.citizen("fr"), city.citizen("fr")
    for person in (ada, omar):
        await person.arrives()
        await person.says("/vote")
        await person.taps("Voter maintenant")
        await person.says("Parc 2")
    await omar.taps("Terminer")
    await omar.taps("Confirmer mon vote")
    city.now = budget.closes - timedelta(days=2)
    for _again in range(2):
        await remind(city.database, city.now)
    city.now += timedelta(hours=12)
    await told(city, ada, omar)
    assert ada.shown.count("Vous avez commencé") == 1
    assert not omar.screen
    rows = [row for row in await city.all(Notice) if row.kind == "unfinished.budget"]
    assert {(row.about, row.occasion) for row in rows} == {(budget.id, "2 days")}
    await ada.taps("Participez")
    ada.sees("Budget 2027")
