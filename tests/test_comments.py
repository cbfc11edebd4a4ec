"""Comments in the hands of the staff: published or refused, answered together, the text changed, the report."""

import asyncio
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from test_consultations import gives, on_one_database, sent

from bot.incoming import Incoming
from bot.notices import tell
from flows.questions import Reply
from locales.catalogues import papers
from reports import consultation_report, paper
from reports.drawings import drawn
from storage import commenting, consultation_dates, reactions, retention, verdicts, wordings
from storage.audit import Audit
from storage.citizens import Citizen
from storage.commenting import Voice
from storage.comments import Comment
from storage.consultations import Consultation
from storage.database import vault
from storage.media import Media
from storage.notices import Notice
from storage.occasions import Closed, CountedAlready, Occasion
from storage.reactions import Reaction
from storage.readings import Reader, Reading

on_postgresql = pytest.mark.parametrize("kind", ["postgresql"])


async def told(city, *people):
    await tell(city.database, city.now)
    for person in people:
        await person.looks()


async def moderated(member, act="Publier", reason=None):
    await member.says("/queue")
    await member.taps("Avis")
    await member.taps(act)
    if reason:
        await member.taps(reason)


async def test_from_a_comment_to_its_answer_a_new_version_and_the_report(city):
    asked = await city.consultation()
    ada, omar, hind = city.citizen("fr"), city.citizen("ary"), await city.member("coordinator", "Hind")
    await ada.arrives()
    await omar.arrives()
    await gives(ada, words="Le maire Untel est nul.")
    await moderated(hind, "Refuser", "Vise une personne")
    hind.sees("La personne saura pourquoi")
    await told(city, ada)
    ada.sees("Votre avis sur « 1. Objet » n'est pas publié", "accuse une personne", "Vous pouvez le corriger")
    await ada.taps("Voir et corriger")
    await ada.taps("Modifier")
    await ada.taps("À modifier")
    await ada.says("Le texte est trop long.")
    await moderated(hind)
    hind.sees("C'est publié, sans nom.")

    for move in ("/start co_1", "ماشي متافق", "موافقة"):
        await omar.says(move)
    [reaction] = await city.all(Reaction)
    assert reaction.reaction == "disagree"
    for move in ("/start ca_1", "كنعارض", "غير رأيي", "ندوز"):
        await omar.says(move)

    await hind.says("/comments")
    hind.sees("(2) 1. Objet")
    await hind.taps("(2) 1. Objet")
    await hind.taps("Tous")
    hind.sees("Le texte est trop long.", "À modifier")
    await hind.taps("retenu en partie")
    await hind.says("L'article est plus court.")
    await hind.says("البند ولا قصر.")
    hind.sees("2 avis : retenu en partie", "une fois")
    await hind.taps("Envoyer")
    hind.sees("Envoyé : 2 avis ont leur réponse.")
    await told(city, ada, omar)
    ada.sees("sur « 1. Objet » (À modifier) a sa réponse", "retenu en partie", "L'article est plus court.")
    omar.sees("عندو جواب", "تقبل جزء منو", "البند ولا قصر.")

    await hind.says("/consultations")
    await hind.taps("Nouvelle version")
    await hind.taps("1. Objet")
    hind.sees("Texte 1 : la commune écoute.")
    for words in ("La commune écoute et répond.", "الجماعة كتسمع وكتجاوب.", "Pour être clair.", "باش يكون واضح."):
        await hind.says(words)
    await hind.taps("Publier")
    hind.sees("Publié : version 2.")
    await told(city, ada, omar)
    ada.sees("a changé", "</b>\nTexte 1", "La commune écoute et répond.", "Pour être clair.")
    omar.sees("من قبل", "الجماعة كتسمع وكتجاوب.")

    city.now = asked.closes
    await ada.says("/consultation")
    ada.sees("Close depuis", "2 personnes ont participé", "Mes avis", "Ce qui a changé")
    await ada.taps("Mes avis")
    await ada.says("1")
    ada.sees("La commune répond : retenu en partie", "L'article est plus court.", "Avant et après")
    await ada.taps("Avant et après")
    ada.sees("La commune écoute et répond.")
    await hind.says("/consultations")
    await hind.taps("Le rapport (PDF)")
    assert [message["document"]["name"][-4:] for message in hind.screen if "document" in message] == [".pdf", ".pdf"]
    await hind.taps("Publier")
    await told(city, ada)
    ada.sees("Le rapport de la consultation « La charte » est publié.")
    await ada.taps("Le rapport (PDF)")
    [report] = [message["document"] for message in ada.screen if "document" in message]
    assert (await drawn(report, city.database)).startswith(b"%PDF")

    deeds = [row.deed for row in await city.all(Audit)]
    for deed in ("comment.look", "comment.moderate", "comment.answer", "article.publish", "consultation.report"):
        assert deed in deeds
    details = str([row.details for row in await city.all(Audit)])
    assert "trop long" not in details


async def test_who_wrote_what_is_forgotten_thirty_days_after_the_report_and_the_figures_stay(city):
    asked = await city.consultation()
    ada = city.citizen("fr")
    await ada.arrives()
    await gives(ada)
    await ada.says("/start cc_1")
    await ada.taps("Modifier")
    await ada.taps("Je m'oppose")
    voice = await sent(city, ada)
    await ada.does(Reply(kind="voice", media=voice))
    city.now = asked.closes
    async with city.database.writing() as db:
        await verdicts.decide(db, city.home.id, 1, 2, "unclear", city.now)
        await consultation_dates.report(db, city.home.id, asked.id, city.now)
    for days, left in ((30, 1), (31, 0)):
        async with city.database.writing() as db:
            await retention.forget(db, asked.closes + timedelta(days=days, seconds=-1))
        authors = [each for each in await city.all(Comment) if each.citizen_id]
        assert len(authors) == len(await city.all(Reader)) == len(await city.all(Reading)) == left
        assert len(await city.all(Media)) == left
        assert [each.kind for each in await city.all(Notice)].count("comment.refused") == left
    city.now += timedelta(days=40)
    await ada.says("/consultation")
    ada.sees("1 personne a participé", "Le rapport (PDF)")
    ada.does_not_see("Mes avis")


async def test_staff_open_extend_and_close_and_those_who_took_part_are_told_once(city):
    asked = await city.consultation(opens=city.now + timedelta(days=1))
    ada, hind = city.citizen("fr"), await city.member("coordinator", "Hind")
    await ada.arrives()
    await ada.says("/consultation")
    ada.sees("Aucune consultation n'est ouverte")
    await hind.says("/consultations")
    await hind.taps("L'ouvrir maintenant")
    await hind.taps("Oui")
    hind.sees("La consultation est ouverte.")
    city.now += timedelta(minutes=1)
    await gives(ada)
    await hind.says("/consultations")
    await hind.taps("prolonger")
    await hind.says("hier")
    await hind.says("20/02/2027")
    hind.sees("20 février 2027 à 23:59")
    await hind.taps("Oui")
    await told(city, ada)
    ada.sees("est ouverte jusqu'au 20 février 2027 à 23:59")
    # Ramadan 2027: the clock goes back an hour, and the last minute is the last of the day on the wall.
    [row] = await city.all(Consultation)
    assert row.closes == datetime(2027, 2, 20, 23, 59, 59, tzinfo=UTC)
    await hind.says("/consultations")
    await hind.taps("Le clore maintenant")
    await hind.taps("Oui")
    await told(city, ada)
    ada.sees("close depuis le 24 novembre 2026 à 12:01")
    await told(city, ada)
    assert not ada.screen
    assert asked.id == row.id


@on_one_database
async def test_where_two_people_are_asked_a_version_waits_for_the_second(city):
    await city.found(two_people=["article.publish"])
    await city.consultation()
    hind, zineb = await city.member("coordinator", "Hind"), await city.coordinator()
    moves = ("/consultations", "Nouvelle version", "1. Objet", "Nouveau.", "جديد.", "Clarté.", "وضوح.", "Publier")
    for move in moves:
        await city.restarts()
        await hind.says(move)
    hind.sees("personne")
    await told(city, zineb)
    await zineb.taps("Voir")
    await zineb.says("1")
    zineb.sees("Publié : version 2.")


@on_one_database
async def test_an_answer_is_finished_after_a_restart_at_each_question_and_passes_over_what_changed_meanwhile(city):
    await city.consultation()
    people = [city.citizen("fr") for _number in range(3)]
    hind = await city.member("agent", "Hind")
    for number, person in enumerate(people, 1):
        await person.arrives()
        await gives(person, words=f"Avis {number}.")
        async with city.database.writing() as db:
            await verdicts.decide(db, city.home.id, number, 1, None, city.now)
    for move in ("/comments", "1. Objet", "Certains", "1", "2", "Terminer", "non retenu", "Hors budget.", "خارج."):
        await city.restarts()
        await hind.says(move)
    hind.sees("2 avis : non retenu")
    for move in ("/start cc_1", "Retirer", "Retirer"):
        await people[0].says(move)
    await hind.taps("Envoyer")
    hind.sees("choix", "Avis 2.")
    await hind.taps("Terminer")
    for move in ("non retenu", "Hors budget.", "خارج."):
        await hind.says(move)
    assert [each.state for each in await city.all(Comment)] == ["accepted", "accepted"]


@on_one_database
async def test_an_agent_sees_what_the_author_changed_before_deciding(city):
    await city.consultation()
    ada, hind, omar = city.citizen("fr"), await city.member("agent", "Hind"), await city.member("agent", "Omar")
    await ada.arrives()
    await gives(ada)
    await hind.says("/queue")
    await hind.taps("Avis")
    await omar.says("/queue")
    await omar.taps("Avis")
    omar.sees("Hind s'en occupe")
    for move in ("/start cc_1", "Modifier", "Je m'oppose", "Tout autre chose."):
        await ada.says(move)
    await hind.taps("Publier")
    hind.sees("Tout autre chose.")
    [comment] = await city.all(Comment)
    assert comment.state == "waiting"
    await hind.taps("Publier")
    assert (await city.all(Comment))[0].state == "accepted"
    await hind.says("/comments x")
    await hind.says("/consultations")
    hind.sees("Nous ne connaissons pas cette commande")


async def press(person, label):
    return next(value for value, words in person.screen[-1]["buttons"] if label in words)


async def both_press(city, first, second, label):
    """Two people tap at the same moment, in two processes."""
    other = await city.another_process()
    values = await press(first, label), await press(second, label)
    await asyncio.gather(
        city.runner.receive(Incoming(first.sender, "first", Reply(pressed=values[0]))),
        other.receive(Incoming(second.sender, "second", Reply(pressed=values[1]))),
    )
    await first.looks()
    await second.looks()


@on_postgresql
async def test_of_two_moderators_at_once_one_decides(city):
    await city.consultation()
    ada, hind, omar = city.citizen("fr"), await city.member("agent", "Hind"), await city.member("agent", "Omar")
    await ada.arrives()
    await gives(ada)
    for member in (hind, omar):
        await member.says("/queue")
        await member.taps("Avis")
        city.now += timedelta(minutes=16)  # the hold of the first lapses
    await both_press(city, hind, omar, "Publier")
    assert sorted("C'est publié" in each.shown for each in (hind, omar)) == [False, True]
    assert [row.deed for row in await city.all(Audit)].count("comment.moderate") == 1


@on_postgresql
async def test_changes_racing_with_the_closing_are_told_the_truth(city):
    asked = await city.consultation()
    crowd = [city.citizen("fr", "telegram") for _number in range(8)]
    for person in crowd:
        await person.arrives()
        await gives(person)
        await person.says(f"/start cc_{len(await city.all(Comment))}")
        for move in ("Modifier", "Je m'oppose"):
            await person.says(move)

    async def close():
        async with city.database.writing() as db:
            await consultation_dates.end(db, city.home.id, asked.id, city.now)

    other = await city.another_process()
    runners = [city.runner, other]
    change = [
        runners[n % 2].receive(Incoming(person.sender, f"race {n}", Reply(text="Mieux.")))
        for n, person in enumerate(crowd)
    ]
    await asyncio.gather(*change[:4], close(), *change[4:])
    for person in crowd:
        await person.looks()
    changed = [each for each in await city.all(Comment) if each.edition == 2]
    assert len(changed) == sum("C'est modifié" in person.shown for person in crowd)
    assert sum("Rien n'a été modifié" in person.shown for person in crowd) == 8 - len(changed)


@on_postgresql
async def test_a_reaction_twice_at_once_counts_once(city):
    await city.consultation()
    ada, omar = city.citizen("fr"), city.citizen("fr")
    await ada.arrives()
    await omar.arrives()
    await gives(ada)
    [comment] = await city.all(Comment)
    async with city.change(comment) as row:
        row.state = "accepted"
    occasion = Occasion(Citizen(comment.citizen_id + 1, city.home.id, "fr"), city.home, "web", "fr", city.now)

    async def react(what):
        async with city.database.writing() as db:
            await reactions.react(db, comment.id, 1, occasion, what)

    outcomes = await asyncio.gather(*(react(what) for what in ("agree", "disagree", "pass")), return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["CountedAlready", "CountedAlready", "NoneType"]
    assert len(await city.all(Reaction)) == 1
    with pytest.raises(CountedAlready):
        await react("agree")


@on_one_database
async def test_what_was_refused_can_be_corrected_for_a_week_after_the_closing_and_nothing_else(city):
    asked = await city.consultation()
    ada = city.citizen("fr")
    await ada.arrives()
    await gives(ada)
    [comment] = await city.all(Comment)
    who = Citizen(comment.citizen_id, city.home.id, "fr")

    async def changes(state, when):
        async with city.change(comment) as row:
            row.state, row.decided = state, asked.closes
        async with city.database.writing() as db:
            await commenting.change(
                db, comment.id, Occasion(who, city.home, "web", "fr", when), Voice("oppose", "Mieux.")
            )

    week = asked.closes + timedelta(days=7)
    await changes("refused", week - timedelta(minutes=1))
    with pytest.raises(Closed):
        await changes("refused", week)
    with pytest.raises(Closed):
        await changes("accepted", asked.closes)


@on_one_database
async def test_the_tally_counts_by_article_and_stance(city):
    await city.consultation()
    ada, zineb = city.citizen("fr"), await city.coordinator()
    await ada.arrives()
    await gives(ada)
    await gives(ada, "3. Le budget", "Je m'oppose", "Trop peu.")
    await zineb.says("/tally")
    await zineb.taps("La charte")
    zineb.sees("Avis : 2", "Personnes qui ont participé : 1")
    zineb.sees("1. Objet : 1 (à modifier 1)", "3. Le budget : 1 (contre 1)", "2. Femmes et jeunes : 0")


@on_one_database
async def test_an_article_of_three_thousand_letters_fits_whatsapp_with_all_that_can_be_done_with_it(city):
    await city.consultation()
    ada, omar = city.citizen("fr", "whatsapp"), city.citizen("fr")
    for person in (omar, ada):
        await person.arrives()
    await gives(omar, "2. Femmes et jeunes")
    async with city.database.writing() as db:
        await verdicts.decide(db, city.home.id, 1, 1, None, city.now)
        text = {"fr": "Bonne phrase. " * 214, "ar": "جملة. " * 400}
        await wordings.publish(db, city.home.id, 2, 1, text, {"fr": "Clarté.", "ar": "وضوح."}, city.now)
    await ada.says("/consultation")
    await ada.taps("Tout le texte")
    await ada.taps("Article suivant")
    assert len(ada.screen) == 4
    assert all(len(message["text"]) <= 1024 for message in ada.screen)
    assert len(ada.screen[-1]["list"]) == 10
    ada.sees("Je soutiens", "Les avis des autres", "Avant et après", "Article précédent", "Tous les articles", "Menu")


@on_one_database
async def test_a_report_on_two_thousand_comments_is_made_in_seconds(city):
    asked = await city.consultation()
    async with city.database.writing() as db:
        for number in range(2000):
            words = vault(db).seal(f"Avis {number}, un peu long. " * 5)
            row = {"stance": "amend", "words": words, "kind": "text"}
            row |= {"state": "accepted", "edition": 1, "channel": "paper", "language": "fr", "receipt": f"BM-{number}"}
            row |= {"written": city.now, "changed": city.now, "day": city.today(), "consultation_id": asked.id}
            db.add(Comment(article_id=1 + number % 4, version=1, **row))
    began = perf_counter()
    made = await drawn({"consultation": {"commune": 1, "about": asked.id, "language": "ary"}}, city.database)
    assert made.startswith(b"%PDF")
    assert perf_counter() - began < 10  # a third of that on a machine that does nothing else


@pytest.mark.parametrize("language", ["fr", "ary"])
@on_one_database
async def test_the_report_shows_what_was_said_and_no_name(city, language):
    await city.consultation()
    ada = city.citizen("fr")
    await ada.arrives()
    await gives(ada, words='#panic() $x$ <b> & "')
    async with city.change((await city.all(Comment))[0]) as row:
        row.state = "accepted"
    [asked] = await city.all(Consultation)
    async with city.database.reading() as db:
        texts = papers(language)
        values = await consultation_report.values(db, asked, city.home, texts)
    assert '#panic() $x$ <b> & "' in str(values)
    pages = await paper.pages("consultation", texts, "Commune", values)
    assert len(pages) >= 2
