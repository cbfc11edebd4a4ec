"""A vote written in chat: seen by nobody until it is announced, and then as it was previewed."""

from datetime import timedelta

import pytest

from storage.audit import Audit
from storage.budgets import Budget, Project


async def writes_the_rules(person):
    await person.says("/new")
    await person.taps("Un vote de budget")
    for words in ("Budget 2028", "ميزانية 2028", "beaucoup", "100 000", "2", "3", "Oui", "1"):
        await person.says(words)
    await person.says("01/12/2026")
    await person.says("30/11/2026")
    person.sees("C'est avant le début")
    await person.says("31/12/2026")


async def adds(person, french, arabic, cost):
    await person.taps("Ajouter un projet")
    for words in (french, arabic, "Pour tous.", "للجميع."):
        await person.says(words)
    await person.taps("Ourbiaa")
    await person.says(cost)
    await person.taps("Ajouter")


@pytest.mark.parametrize("on", ["whatsapp", "telegram"])
async def test_a_vote_is_written_previewed_announced_and_then_open(city, on):
    agent, hind = await city.member("agent", "Agent", "fr", on), await city.member("coordinator", "Hind", "fr", on)
    ada = city.citizen("fr", on)
    await ada.arrives()
    await writes_the_rules(agent)
    agent.sees("Budget 2028", "100 000 dirhams", "31 décembre 2026")
    await city.restarts()
    await agent.taps("Garder")
    agent.sees("Personne ne le voit encore", "Brouillon : Budget 2028")
    await agent.taps("Ajouter un projet")
    for words in ("Un parc au bord de la rivière", "جردة على جنب الواد", "Parc", "جردة"):
        await agent.says(words)
    await agent.says("Des arbres et des bancs.")
    await agent.says("شجر وكراسا.")
    await agent.taps("Passer")
    await agent.says("200000")
    agent.sees("de 1 à 100 000")
    await agent.says("60 000")
    await agent.taps("Ajouter")
    agent.sees("1. Parc")
    agent.does_not_see("L'annoncer")  # that is for a coordinator
    await hind.says("/new")
    await hind.taps("Un vote")
    await hind.taps("Budget 2028")
    await hind.taps("L'annoncer")
    await hind.taps("Oui")
    hind.sees("au moins deux projets")
    for name, cost in (("Banc", "30000"), ("Puits", "50000"), ("Erreur", "1")):
        await hind.presses("@bd_1")
        await adds(hind, name, f"مشروع {cost}", cost)
    await hind.taps("Retirer un projet")
    await hind.taps("Erreur")
    await hind.taps("Voir l'aperçu")
    hind.sees("Budget 2028", "Projets : 3", "Parc : 60 000 dirhams", "31 décembre 2026")
    for words in ("/vote", "/tally"):
        await ada.says(words)
        ada.does_not_see("Budget 2028")
    await hind.taps("Retour au brouillon")
    await hind.taps("L'annoncer")
    await hind.taps("Oui")
    hind.sees("annoncé")
    await hind.presses("@bd_1")
    hind.sees("n'existe pas")
    city.now += timedelta(days=7)
    await ada.says("/vote")
    ada.sees("Budget 2028", "Projets : 3")
    deeds = [row.deed for row in await city.all(Audit)]
    assert deeds == ["budget.begin", *["budget.add"] * 4, "budget.remove", "budget.announce"]


async def test_a_draft_is_dropped_with_its_projects_and_only_by_the_staff(city):
    hind = await city.member("coordinator", "Hind")
    await writes_the_rules(hind)
    await hind.taps("Corriger le titre")
    await hind.says("Budget 2029")
    await hind.taps("Garder")
    await adds(hind, "Banc", "كرسي", "30000")
    ada = city.citizen("fr")
    await ada.arrives()
    for words in ("/new", "/start bd_1"):
        await ada.says(words)
        ada.does_not_see("Budget 2029")
    counter = await city.member("programme", "Programme")
    await counter.says("/new")
    counter.sees("Nous ne connaissons pas cette commande")
    await hind.says("/new")
    await hind.taps("Un vote")
    await hind.taps("Budget 2029")
    await hind.taps("Supprimer")
    await hind.taps("Oui")
    assert not await city.all(Budget)
    assert not await city.all(Project)
