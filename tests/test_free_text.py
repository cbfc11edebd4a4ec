"""People write as they speak: sure, there; unsure, three buttons; lost, the menu; and answers are never hijacked."""

import pytest

from storage.petitions import Support

on_one_database = pytest.mark.parametrize("kind", ["sqlite"])  # it is about words alone
LOST, UNSURE = "nous n'avons pas bien compris", "Vouliez-vous l'une de ces choses"


@pytest.fixture
async def ada(city):
    await city.petition("Des arbres")
    await city.petition({"fr": "Éclairer les passages d'Ourbiaa", "ar": "إنارة ممرات أوربيع"})
    ada = city.citizen("fr")
    await ada.arrives()
    return ada


@on_one_database
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("bonjour je voudrais signer une pétition svp", "Quelle pétition ?"),
        ("bghit nwe9e3 3la chi 3arida 3afak", "Quelle pétition ?"),
        ("بغيت نوقع على شي عريضة عافاك", "Quelle pétition ?"),
        ("bghit nwe9e3 3la l3arida dyal do f ourbia", "<b>Éclairer les passages d'Ourbiaa</b>"),
        ("بغيت ندعم العريضة ديال الأشجار", "<b>Des arbres</b>"),
        ("parlez moi en français svp", "Choisissez votre langue"),
        ("je comprends pas comment ça marche ici", "Touchez un bouton"),
        ("merci beaucoup pour votre aide", "Avec plaisir."),
        ("slm khouti", "Que souhaitez-vous faire ?"),
    ],
)
async def test_a_sure_wish_leads_there_and_to_what_it_names(ada, typed, shown):
    await ada.says(typed)
    ada.sees(shown)
    ada.does_not_see(LOST, UNSURE)


@on_one_database
async def test_an_unsure_wish_is_asked_back_with_three_buttons_and_a_person(ada):
    await ada.says("pétition ou atelier")
    ada.sees(UNSURE, "Parler à un agent", "Menu")
    assert 3 <= len(ada.labels) <= 5
    await ada.says("je veux signer une pétition")  # words instead of a button
    ada.sees("Quelle pétition ?")
    await ada.says("menu")
    await ada.says("pétition ou atelier")
    await ada.taps("Parler à un agent")
    ada.does_not_see(UNSURE)


@on_one_database
@pytest.mark.parametrize("typed", ["ma facture d'eau est trop chère", "شكون ربح الماتش البارح", "sir t9awd"])
async def test_a_stranger_to_our_business_is_led_to_the_menu(ada, typed):
    await ada.says(typed)
    ada.sees(LOST, "Parler à un agent")


@on_one_database
async def test_a_first_message_in_free_text_is_gone_on_with_after_the_notice(city, ada):
    bea = city.citizen(None)
    await bea.says("je voudrais signer la pétition des arbres")
    assert bea.labels[0] == "Français"
    await bea.taps("Français")
    await bea.taps("J'ai compris")
    bea.sees("<b>Des arbres</b>")

    zhor = city.citizen(None)
    await zhor.says("slm bghit nwe9e3 3la larida dyal chjer")
    assert zhor.labels[0] == "الدارجة"


async def test_a_wish_in_the_middle_offers_to_leave_and_the_answers_are_kept(city, ada):
    await city.workshop()
    for move in ("/petitions", "1", "1", "1", "Ada Lahlou"):
        await ada.says(move)
    ada.sees("CIN")
    await ada.says("je voudrais m'inscrire à un atelier")
    ada.sees("vos réponses sont gardées", "CIN")  # the question stays open
    await ada.taps("Ateliers")
    ada.sees("Budget participatif")
    await ada.says("menu")
    await ada.taps("Reprendre")
    ada.sees("CIN")
    await ada.says("I123456")
    await ada.taps("Ourbiaa")
    ada.sees("Ada Lahlou", "I••••56")
    await ada.says("confirmer")
    assert len(await city.all(Support)) == 1


@on_one_database
async def test_words_that_answer_are_answers_whatever_else_they_could_mean(city, ada):
    for move in ("/petitions", "1", "1", "1"):
        await ada.says(move)
    ada.sees("nom complet")
    await ada.says("Voter Signer")  # somebody's name
    ada.sees("CIN")
    await ada.says("I123456")
    await ada.taps("Passer")
    ada.sees("Voter Signer")


@on_one_database
@pytest.mark.parametrize("typed", ["oui je pense", "wakha wla la", "واش نعم ولا لا", "confirmerait", "ouais mais non"])
async def test_what_writes_is_never_guessed(city, ada, typed):
    for move in ("/petitions", "1", "1", "1", "Ada Lahlou", "I123456", "Ourbiaa"):
        await ada.says(move)
    await ada.says(typed)
    ada.sees("Vérifiez avant de confirmer")
    assert not await city.all(Support)


@on_one_database
@pytest.mark.parametrize("typed", ["lad hmdan", "ouled 7amdan", "ولاد حمدان", "أولاد حمدان"])
async def test_a_neighbourhood_is_read_in_any_script(city, ada, typed):
    await city.found(quarters=[{"id": "oulad-hamdane", "name": {"fr": "Oulad Hamdane", "ar": "أولاد حمدان"}}])
    for move in ("/petitions", "1", "1", "1", "Ada Lahlou", "I123456"):
        await ada.says(move)
    await ada.says(typed)
    ada.sees("Vérifiez avant de confirmer", "Oulad Hamdane")


@on_one_database
async def test_a_vote_for_something_opens_its_project(city, ada):
    await city.vote(title={"fr": "Budget 2030", "ar": "ميزانية"})
    await ada.says("bghit nsewet")
    ada.sees("Lire les projets", "Voter maintenant")
    await ada.says("menu")
    await ada.says("bghit nsewet 3la jerda dyal lmdina l9dima")
    ada.sees("Un Parc pour tous.", "Voter")
    await ada.taps("Voter")
    ada.sees("Lire les projets")
