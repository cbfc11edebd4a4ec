"""Workshops and consultations written in chat: previewed, announced, and then as people see them."""

from datetime import timedelta

from storage.audit import Audit
from storage.consultations import Article, Consultation
from storage.workshops import Workshop


async def test_a_workshop_is_previewed_and_then_seen_so(city):
    hind, nour = await city.member("agent", "Hind", "fr", "whatsapp"), city.citizen("ary")
    await nour.arrives()
    await hind.says("/new")
    await hind.taps("Atelier")
    await hind.taps("Formation")
    for words in ("Lire un budget", "قراءة الميزانية", "01/01/2020 10:00"):
        await hind.says(words)
    hind.sees("Ce moment est passé")
    for words in ("05/12/2026 10:00", "2", "Maison des jeunes", "دار الشباب", "0", "1"):
        await hind.says(words)
    await hind.taps("Terminer")
    hind.sees("Lire un budget", "Maison des jeunes", "10:00", "12:00")
    assert not await city.all(Workshop)
    await hind.taps("Corriger les places")
    await hind.says("12")
    await hind.taps("L'annoncer")
    hind.sees("C'est annoncé")
    await nour.says("/workshops")
    await nour.taps("قراءة الميزانية")
    nour.sees("دار الشباب", "12")
    assert [row.deed for row in await city.all(Audit)] == ["workshop.plan"]


async def test_a_consultation_is_written_article_by_article_and_opens_on_its_day(city):
    hind, ada = await city.member("coordinator", "Hind"), city.citizen("fr")
    await ada.arrives()
    await hind.says("/new")
    await hind.taps("Une consultation")
    for words in ("La charte", "الميثاق", "Une charte pour la ville.", "ميثاق للمدينة.", "1"):
        await hind.says(words)
    await hind.says("01/12/2026")
    await hind.says("31/12/2026")
    await hind.taps("Garder")
    hind.sees("Brouillon : La charte", "Ouverture automatique")
    for number in (1, 2):
        await hind.taps("Ajouter un article")
        for words in (f"Titre {number}", f"عنوان {number}", f"Le texte {number}.", f"النص {number}."):
            await hind.says(words)
        await hind.taps("Oui")
        await hind.taps("Ajouter")
    await hind.taps("Tout lire")
    hind.sees("1. Titre 1", "Le texte 2.")
    await ada.says("/consultation")
    ada.does_not_see("La charte")
    await hind.taps("Retour au brouillon")
    await hind.taps("Ajouter un article")
    for words in ("Titre 3", "عنوان 3", "Le texte 3.", "النص 3."):
        await hind.says(words)
    await hind.taps("Non")
    city.now += timedelta(days=10)  # it opens while the third is being written
    await hind.taps("Ajouter")
    hind.sees("est ouverte")
    assert len(await city.all(Article)) == 2
    await ada.says("/consultation")
    ada.sees("La charte")


async def test_a_consultation_is_dropped_before_it_opens(city):
    hind = await city.member("coordinator", "Hind")
    await hind.says("/new")
    await hind.taps("Une consultation")
    for words in ("La charte", "الميثاق", "Une charte.", "ميثاق.", "1", "01/12/2026", "31/12/2026"):
        await hind.says(words)
    await hind.taps("Garder")
    await hind.taps("Supprimer")
    await hind.taps("Oui")
    assert not await city.all(Consultation)
