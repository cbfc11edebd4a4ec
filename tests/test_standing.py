"""«فين وصلات؟»: all that a person did, where it stands, what can still be changed."""

from datetime import timedelta

import pytest
from test_human import writes

from storage.ballots import Ballot
from storage.petitions import Support


@pytest.fixture
async def ada(city):
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    return ada


async def test_nothing_yet_leads_to_what_is_open(city, ada):
    await ada.says("fin wslat")
    ada.sees("Vous n'avez encore participé à rien, et rien n'est ouvert aujourd'hui")
    ada.does_not_see("Pétitions", "Vote")
    await city.petition("Des arbres")
    await city.vote(closes=city.now)
    await ada.says("fin wslat")
    ada.sees("Voici ce qui est ouvert", "Pétitions")
    ada.does_not_see("Vote")
    await ada.taps("Pétitions")
    ada.sees("Des arbres")


async def test_all_that_a_person_did_is_in_one_list_the_newest_first(city, channel):
    ada = city.citizen("fr", channel)
    await ada.arrives()
    await city.petition("Des arbres")
    await city.vote("one", asks_cin=False)
    await ada.supports("Des arbres")
    city.now += timedelta(days=1)
    await writes(ada)
    await ada.says("/status")
    shown = ada.shown
    assert 0 < shown.index("en attente de réponse") < shown.index("les soutiens sont ouverts")


async def test_one_of_them_says_its_state_its_code_and_what_can_be_changed(city, ada):
    await city.petition("Des arbres")
    await ada.supports("Des arbres")
    await ada.says("/status")
    await ada.taps("Des arbres")
    ada.sees("les soutiens sont ouverts", "BM-", "ouverts jusqu'au", "Voir la pétition")


async def test_a_receipt_can_be_typed_into_the_list_in_any_form(city, ada):
    await city.petition("Des arbres")
    await ada.supports("Des arbres")
    code = (await city.all(Support))[0].receipt
    await ada.says("/status")
    await ada.says(code.lower().replace("-", " "))
    ada.sees("Des arbres", code)


async def test_a_receipt_typed_anywhere_leads_to_what_became_of_it(city, ada):
    await city.petition("Des arbres")
    await ada.supports("Des arbres")
    code = (await city.all(Support))[0].receipt
    for words in (code, code.lower().replace("-", " ")):
        await ada.says("menu")
        await ada.says(words)
        ada.sees("Des arbres", "les soutiens sont ouverts")
    await ada.says("menu")
    await ada.says("BM-0000-0000")
    ada.sees("Ce numéro ne figure pas parmi vos récépissés")


async def test_another_persons_receipt_stays_unknown(city, ada):
    await city.petition("Des arbres")
    await ada.supports("Des arbres")
    code = (await city.all(Support))[0].receipt
    omar = city.citizen("fr")
    await omar.arrives()
    await writes(omar)
    for words in ("/status", "/receipt"):
        await omar.says(words)
        await omar.says(code)
        omar.sees("Ce numéro ne figure pas parmi vos récépissés")


async def test_a_ballot_is_in_the_list_only_while_it_can_be_changed(city, ada):
    await city.vote("one")
    await ada.says("/vote")
    await ada.taps("Voter")
    await ada.taps("Parc")
    await ada.taps("Confirmer")
    receipt = (await city.all(Ballot))[0].receipt
    await ada.says("/status")
    await ada.taps("Budget 2027")
    ada.sees("votre vote est enregistré", "Vous pouvez le modifier jusqu'au")
    ada.does_not_see("Parc")
    city.now += timedelta(days=11)
    await ada.says("/status")
    ada.sees("Vous n'avez encore participé à rien")
    await ada.says("/receipt")
    await ada.says(receipt)
    ada.sees("Ce vote est compté", "ne dit pas ce qui a été choisi")


async def test_the_list_turns_pages_however_long_it_is(city, ada):
    for number in range(9):
        petition = await city.petition(f"Pétition {number}")
        await ada.says(f"/start p_{petition.id}")
        await ada.taps("Soutenir")
        await ada.taps("accepte" if number == 0 else "moi")
        if number == 0:
            await ada.says("Ada Lahlou")
            await ada.says("I123456")
        await ada.taps("Passer")
        await ada.taps("Confirmer")
        city.now += timedelta(minutes=1)
    await ada.says("/status")
    ada.sees("Pétition 8", "Pétition 2", "Suite")
    await ada.taps("Suite")
    ada.sees("Pétition 1", "Pétition 0", "Précédents")
    await city.restarts()
    await ada.taps("Pétition 0")
    ada.sees("N° de récépissé")


async def test_the_next_date_is_that_of_the_state_it_is_in(city, ada):
    petition = await city.petition("Des arbres")
    await ada.supports("Des arbres")
    await writes(ada)
    await ada.says("/status")
    await ada.taps("en attente de réponse")
    ada.sees("Le service répond avant le 26 novembre 2026")
    hind = await city.member("agent")
    await hind.says("/messages")
    await hind.taps("BM-")
    await hind.says("Lundi.")
    await hind.taps("Envoyer")
    async with city.change(petition) as row:
        row.status = "deposited"
    await ada.says("/status")
    await ada.taps("une réponse est arrivée")
    ada.sees("Vous pouvez le poursuivre jusqu'au 24 décembre 2026")
    ada.does_not_see("Le service répond")
    await ada.says("/status")
    await ada.taps("Des arbres")
    ada.sees("Il est compté", "déposée au conseil")
    ada.does_not_see("Les soutiens sont ouverts", "Retirer mon soutien")


async def test_a_receipt_of_letters_alone_is_read(city, ada):
    await city.petition("Des arbres")
    await ada.supports("Des arbres")
    async with city.change((await city.all(Support))[0]) as support:
        support.receipt = "BM-ABCD-EFGH"
    for typed in ("bm-abcd-efgh", "ABCD EFGH", "abcdefgh"):
        await ada.says("/status")
        await ada.says(typed)
        ada.sees("BM-ABCD-EFGH", "Il est compté")
