"""The whole life of a petition: started, corrected, taken on, supported, signed, deposited, decided; told once."""

import re
from datetime import date, timedelta

import pytest

from bot.clock import mark_milestones
from bot.notices import tell
from reports import dossier, drawings
from storage import petition_drafts, retention, supports
from storage.audit import Audit
from storage.citizens import CitizenRow
from storage.follows import Follow
from storage.notices import Notice
from storage.petition_drafts import Draft
from storage.petition_moves import Move
from storage.petitions import Petition, Support

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")  # by which a person who is helped takes over
SAID = {
    "title": "Un abri au souk",
    "request": "Inscrire la couverture du souk hebdomadaire",
    "reasons": "Les étals sont sous la pluie",
    "aims": "Un toit sur trente étals",
    "mandataire": "Souad Amrani",
}


async def begins(person, title=SAID["title"]):
    """To the first question that is kept: the draft has its title."""
    await person.says("/petition_new")
    for label in ("Oui, elle peut", "Habitant·e·s", "Oui", "accepte"):
        await person.taps(label)
    await person.says(title)


async def writes_all(person):
    await begins(person)
    for part in ("request", "reasons", "aims", "mandataire"):
        await person.says(SAID[part])


async def hears(city, person):
    await tell(city.database, city.now)
    await person.looks()


async def publishes(city, agent):
    await agent.says("/petition")
    await agent.says("1")
    for label in ("Retenir", "60 jours", "médina", "Publier"):
        await agent.taps(label)


async def moves(person, step, *others):
    await person.says("/petition")
    await person.says("1")
    await person.taps(step)
    for words in (*others, "Oui, le faire"):
        await (
            person.taps(words) if words in ("Oui", "Non", "Oui, le faire") or words[0] == "•" else person.says(words)
        )


async def test_the_whole_life_of_a_petition(city):
    await city.found(petition_threshold=2)
    ada, hind, zineb = city.citizen("fr"), await city.member("agent"), await city.coordinator()
    await ada.arrives()
    await ada.says("pétitions")
    ada.sees("Lancer une pétition", "Celles déjà closes")
    await ada.taps("Lancer une pétition")
    ada.sees("rues et éclairage", "police et justice")
    await writes_all(ada)
    ada.sees(*SAID.values(), "Envoyer au service", "Revoir : Objectifs")
    await ada.taps("Revoir : Objectifs")
    ada.sees("Jusqu'ici : Un toit sur trente étals")
    await ada.says("Un toit sur quarante étals")
    ada.sees("quarante étals", "Envoyer au service")
    await ada.taps("Envoyer au service")
    ada.sees("arrivée au service")

    await hind.says("/queue")
    await hind.says("1")
    hind.sees("Un abri au souk", "quarante étals")
    await hind.taps("Renvoyer")
    await hind.taps("Pas clair")
    await hind.taps("Terminer")
    await hind.taps("Oui")
    await hind.says("Quel souk ?")
    await hind.taps("Renvoyer")
    hind.sees("C'est renvoyé")
    await hears(city, ada)
    ada.sees("revenue avec des remarques", "Quel souk ?", "Corriger")
    await ada.taps("Corriger")
    await ada.taps("Revoir : Demande")
    await ada.says("Couvrir le souk du jeudi")
    await ada.taps("Envoyer au service")

    await publishes(city, hind)
    hind.sees("C'est publié")
    await hears(city, ada)
    ada.sees("Un abri au souk", "les soutiens sont ouverts", "Où elle en est")
    bea = city.citizen("ary", "telegram")
    await bea.arrives("p_1")
    bea.sees("Un abri au souk", "Couvrir le souk du jeudi")
    for words in ("1", "1", "Bea Lahlou", "Z99999", "1", "1"):
        await bea.says(words)
    await bea.taps("نتبع الجديد")
    bea.sees("غادي نعلموكم")

    await zineb.says("/petition")
    await zineb.says("1")
    zineb.sees("Prête au dépôt", "Noter les signatures")
    await zineb.taps("Prête au dépôt")
    zineb.sees("0 sur 2")
    await zineb.says("/petition")
    await zineb.says("1")
    await zineb.taps("Noter les signatures")
    await zineb.says("beaucoup")
    zineb.sees("Écrivez un nombre entier")
    await zineb.says("٣")
    await zineb.taps("Confirmer")
    zineb.sees("3 signatures en tout")
    await moves(zineb, "Prête au dépôt", "Non")
    await moves(zineb, "Déposée", "Non")
    [deposit] = [move for move in await city.all(Move) if move.state == "deposited"]
    zineb.sees("déposée au conseil", deposit.receipt)
    await hears(city, bea)
    bea.sees("واجدة باش تتحط", "تحطات عند المجلس", deposit.receipt)
    await zineb.says("/petition")
    await zineb.says("1")
    zineb.sees("notifié avant le 24 février 2027")
    await zineb.taps("À l'examen")
    await zineb.taps("Non")
    await zineb.taps("Oui, le faire")
    await moves(zineb, "Acceptée", "février 2027", "Non")
    await moves(zineb, "Adoptée", "Oui", "Adoptée à l'unanimité.")
    await hears(city, ada)
    ada.sees("Session du conseil : février 2027", "adoptée par le conseil", "Adoptée à l'unanimité.")
    await bea.says("/petition_results")
    await bea.taps("Un abri au souk")
    bea.sees("Adoptée à l'unanimité.", "فبراير 2027")
    assert [move.state for move in await city.all(Move)] == [
        *("collecting", "ready", "deposited", "under_review", "accepted", "adopted")
    ]
    assert {notice.outcome for notice in await city.all(Notice)} == {"told"}
    assert {row.deed for row in await city.all(Audit)} >= {
        *("petition.look", "petition.give_back", "petition.take_on", "petition.count", "petition.move")
    }


async def test_an_association_asks_without_a_number_of_signatures(city, channel):
    ada, hind = city.citizen("fr", channel), await city.member("agent")
    await ada.arrives()
    await ada.says("/petition_new")
    await ada.taps("Je ne sais pas")
    await ada.taps("Une association")
    ada.sees("plus de trois ans")
    await ada.taps("Non")
    ada.sees("doit remplir tout cela")
    await ada.says("/petition_new")
    await ada.taps("Oui, elle peut")
    await ada.taps("Une association")
    await ada.taps("Oui")
    await ada.says("Al Amal")
    await ada.taps("accepte")
    await ada.says("x" * 101)
    ada.sees("trop longue")
    await ada.sends("location")
    ada.sees("une réponse écrite")
    await ada.says("Des rampes dans les bus")
    for words in ("Équiper les bus", "Personne ne monte", "Trente bus"):
        await city.restarts()
        await ada.says(words)
    await ada.says("123")
    ada.sees("pas pu lire le nom")
    await ada.says("Souad Amrani")
    await city.restarts()
    ada.sees("Al Amal", "Des rampes dans les bus")
    await ada.taps("Envoyer au service")
    await publishes(city, hind)
    [petition] = await city.all(Petition)
    assert (petition.kind, petition.association, petition.threshold) == ("association", "Al Amal", None)
    assert f"{petition.closes:%Y-%m-%d %H:%M}" == "2027-01-23 22:59"  # the whole of the 60th day, in Morocco
    await ada.says("/petitions")
    await ada.taps("Des rampes")
    ada.sees("À la demande de l'association Al Amal", "aucun nombre de signatures")


async def test_a_draft_outlives_its_conversation_and_is_not_read_by_others(city):
    ada, eve = city.citizen("fr"), city.citizen("fr")
    await ada.arrives()
    await eve.arrives()
    await begins(ada)
    assert b"abri" not in await city.everything()
    city.now += timedelta(days=45)
    async with city.database.writing() as db:
        await retention.forget(db, city.now)
    await ada.says("mes pétitions")
    await ada.taps("Un abri au souk")
    ada.sees("partie 2 sur 5", "Que doit inscrire le conseil")
    await ada.says(SAID["request"])
    [draft] = await city.all(Draft)
    await eve.says(f"/start pd_{draft.id}")
    eve.sees("Ce brouillon n'existe plus")
    for number in range(2):
        await begins(ada, f"Encore {number}")
    await begins(ada, "Trop")
    ada.sees("déjà trois pétitions", "Mes pétitions")
    await ada.says("/status")
    ada.sees(draft.code, "brouillon, pas encore envoyé")
    await ada.taps(draft.code)
    await ada.taps("Ma pétition")
    await ada.says("/me")
    city.now += timedelta(days=400)
    async with city.database.writing() as db:
        await retention.forget(db, city.now)
    assert not await city.all(Draft)


async def test_a_draft_is_deleted_only_when_one_is_sure(city):
    ada = city.citizen("fr")
    await ada.arrives()
    await writes_all(ada)
    last = ada.screen
    await ada.taps("Effacer le brouillon")
    await ada.taps("Non, garder")
    ada.sees("Votre brouillon reste")
    [draft] = await city.all(Draft)
    await ada.says(f"/start pd_{draft.id}")
    await ada.taps("Effacer le brouillon")
    await ada.taps("Effacer")
    ada.sees("Votre brouillon est effacé")
    await ada.taps("Envoyer au service", on=last)
    assert not await city.all(Draft)


@pytest.mark.parametrize("answers", [("Non",), ("Oui, elle peut", "Habitant·e·s", "Non")])
async def test_what_a_petition_cannot_do_is_said_before_anything_is_kept(city, answers):
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/petition_new")
    for answer in answers:
        await ada.taps(answer)
    ada.sees("Menu")
    assert not await city.all(Draft)


async def test_the_commune_says_itself_what_it_may_decide(city):
    await city.found(petition_can={"fr": "les fontaines", "ar": "العيون"}, petition_cannot={"fr": "le souk"})
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says("/petition_new")
    ada.sees("Oui : les fontaines", "Non : le souk")


async def test_support_is_withdrawn_until_the_deposit_and_can_be_declared_again(city):
    petition = await city.petition("Des arbres")
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.supports("Des arbres")
    await ada.taps("Suivre ses étapes")
    await ada.says(f"/start pw_{petition.id}")
    await ada.taps("Non, garder")
    ada.sees("Votre soutien reste")
    await ada.says(f"/start pw_{petition.id}")
    await ada.taps("Retirer")
    assert not await city.all(Support)
    assert not await city.all(Follow)
    await ada.says(f"/start pw_{petition.id}")
    ada.sees("Vous n'avez pas déclaré de soutien")
    await ada.says("/petitions")
    for words in ("Des arbres", "Soutenir", "Oui, c'est moi", "Passer", "Confirmer"):
        await ada.taps(words)
    assert len(await city.all(Support)) == 1
    await ada.says(f"/start pw_{petition.id}")
    async with city.change(petition) as petition:
        petition.status = "deposited"
    await ada.taps("Retirer")
    ada.sees("Cette pétition a été déposée")
    assert len(await city.all(Support)) == 1
    await ada.says(f"/start p_{petition.id}")
    ada.sees("déposée au conseil", "Suivre ses étapes")
    ada.does_not_see("Retirer mon soutien")


async def test_who_signed_the_list_by_hand_too_stays_counted(city):
    petition = await city.petition("Des arbres", signed_elsewhere=1)
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.supports("Des arbres")
    [support] = await city.all(Support)
    async with city.change(support) as support:
        support.signed = city.now
    await ada.says(f"/start pw_{petition.id}")
    await ada.taps("Retirer")
    ada.sees("Vous avez aussi signé la liste à la main")
    assert len(await city.all(Support)) == 1


async def test_milestones_are_told_once_and_as_what_they_are(city):
    ada, bea = city.citizen("fr", "whatsapp"), city.citizen("fr")
    await ada.arrives()
    await bea.arrives()
    promoter = min(row.id for row in await city.all(CitizenRow))
    await city.petition("Des arbres", threshold=4, promoter_id=promoter, declared_elsewhere=1)
    for _tick in range(2):
        await mark_milestones(city.database, city.now)
    await hears(city, ada)
    ada.sees("1 personne déclare son soutien : 25 %", "(4)", "Ce sont des déclarations", "Où elle en est")
    await bea.supports("Des arbres")
    await mark_milestones(city.database, city.now)
    await hears(city, ada)
    ada.sees("50 %")
    await bea.says("/start pw_1")
    await bea.taps("Retirer")
    await bea.says("/petitions")
    for words in ("Des arbres", "Soutenir", "Oui, c'est moi", "Passer", "Confirmer"):
        await bea.taps(words)
    assert await mark_milestones(city.database, city.now) == 0
    await bea.says("/start pm_1")
    bea.sees("Cette pétition n'existe plus")
    await ada.says("/start pm_1")
    ada.sees("Soutiens déclarés : 2", "La liste à signer")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_petition_entered_by_an_agent_is_of_the_person_named_and_never_the_agent_s(city):
    hind, fatima = await city.member("agent"), city.citizen("fr", "whatsapp")
    await hind.says("/new")
    await hind.taps("Une pétition aidée")
    await hind.taps("refuse")
    assert [row.helped_by for row in await city.all(CitizenRow)] == [None]  # nobody's, where nobody agrees
    await hind.says("/new")
    await hind.taps("Une pétition aidée")
    await hind.taps("accepte")
    await hind.says("Fatima Amrani")
    await hind.says("J654321")
    code = CODE.findall(hind.shown)[0]
    hind.sees("Fatima Amrani", "La commune peut-elle")
    for label in ("Oui, elle peut", "Habitant·e·s", "Oui", "accepte"):
        await hind.taps(label)
    for part in ("title", "request", "reasons", "aims", "mandataire"):
        await hind.says(SAID[part])
    await hind.taps("Envoyer au service")
    await hind.says("fin aide")
    await hind.says("/my_petitions")
    hind.does_not_see(SAID["title"])
    [draft], people = await city.all(Draft), await city.all(CitizenRow)
    assert [row.helped_by for row in people if row.id == draft.citizen_id] == [people[0].id]

    await publishes(city, hind)
    [petition] = await city.all(Petition)
    assert petition.promoter_id == draft.citizen_id
    await fatima.arrives()
    await fatima.says("mon code")
    await fatima.says(code)
    await hears(city, fatima)
    fatima.sees(SAID["title"], "les soutiens sont ouverts")
    await fatima.says("/my_petitions")
    fatima.sees(SAID["title"])


async def test_staff_check_supporters_by_receipt_and_each_counts_once(city):
    petition = await city.petition("Des arbres")
    ada, zineb = city.citizen("fr"), await city.coordinator()
    await ada.arrives()
    await ada.supports("Des arbres")
    [support] = await city.all(Support)
    for told in ("1 soutien est vérifié", "0 soutien est vérifié"):
        await zineb.says("/petition")
        await zineb.taps("Des arbres")
        await zineb.taps("Vérifier soutiens")
        await zineb.says(f"{support.receipt.lower()}, BM-0000-0000 {support.receipt}")
        zineb.sees("Vérifier 2 récépissés")
        await zineb.taps("Oui")
        zineb.sees(told, "Les autres étaient déjà vérifiés")
    await ada.says(f"/start p_{petition.id}")
    ada.sees("Soutiens déclarés : 1 ; vérifiés par le service : 1")


async def test_a_step_waits_for_a_second_person_where_the_commune_wants_it(city):
    await city.found(two_people=["petition.move"])
    await city.petition("Des arbres", status="under_review", deposited=city.now)
    zineb, omar = await city.coordinator(), await city.member("coordinator", "Omar")
    await moves(zineb, "Acceptée", "mai 2027", "Non")
    zineb.sees("Une deuxième personne doit donner son accord")
    await hears(city, omar)
    omar.sees("acceptée, à l'ordre du jour", "mai 2027")
    await omar.taps("Voir et décider")
    await omar.taps("D'accord")
    omar.sees("acceptée")
    [petition] = await city.all(Petition)
    assert (petition.status, petition.session) == ("accepted", date(2027, 5, 1))


async def test_two_hundred_petitions_are_read_a_page_at_a_time(city):
    for number in range(30):
        await city.petition(f"Pétition {number:02}", closes=city.now + timedelta(days=1, minutes=number))
        await city.petition(f"Finie {number:02}", closes=city.now - timedelta(days=1, minutes=number))
    ada = city.citizen("fr", "whatsapp")
    await ada.arrives()
    await ada.says("/petitions")
    await ada.taps("Suite")
    ada.sees("Pétition 05", "Précédents")
    await ada.taps("Celles déjà closes")
    ada.sees("Finie 00")
    await ada.taps("Suite")
    await ada.taps("Finie 07")
    ada.sees("Finie 07", "les soutiens sont ouverts")


async def test_the_dossier_of_staff_has_names_and_leaves_a_trace_that_of_a_promoter_has_none(city):
    petition = await city.petition("Des arbres", promoter_id=1)
    ada, hind = city.citizen("fr"), await city.member("agent")
    await ada.arrives()
    promoter = max(row.id for row in await city.all(CitizenRow))
    async with city.change(petition) as petition:
        petition.promoter_id = promoter
    await ada.supports("Des arbres", "Ada Zwmlahlou")
    await ada.says(f"/start pl_{petition.id}")
    await ada.taps("Français")
    own = ada.screen[-1]["document"]
    await hind.says("/dossier")
    await hind.taps("Des arbres")
    await hind.taps("العربية")
    theirs = hind.screen[-1]["document"]
    assert b"Zwmlahlou" not in await city.everything()
    async with city.database.reading() as db:
        listed = await supports.supporters(db, petition.id)
        kept = await db.get_one(Petition, petition.id)
    assert [each.name for each in listed] == ["Ada Zwmlahlou"]
    assert (own["dossier"]["names"], theirs["dossier"]["names"]) == (False, True)
    assert dossier.of(kept, city.home, listed, "fr").signers == [dossier.Signer("Ada Zwmlahlou", "", "Ourbiaa")]
    for document in (own, theirs):
        drawn = {key: value for key, value in document.items() if key != "name"}
        assert (await drawings.drawn(drawn, city.database)).startswith(b"%PDF")
    assert [row.deed for row in await city.all(Audit)] == ["dossier.look"]


async def test_a_link_and_a_picture_of_it_are_handed_out(city):
    petition = await city.petition("Des arbres")
    ada = city.citizen("fr")
    await ada.arrives()
    await ada.says(f"/start ps_{petition.id}")
    ada.sees(f"/start p_{petition.id}")
    await city.found(web_address="https://x.invalid/", telegram_name="sawt_bot", whatsapp_number="212600000000")
    await ada.says(f"/start ps_{petition.id}")
    ada.sees("https://x.invalid/?start=p_1", "https://t.me/sawt_bot?start=p_1", "wa.me/212600000000?text=/start%20p_1")
    assert ada.screen[-1]["picture"] == {"ticket": {"says": "https://x.invalid/?start=p_1"}}


async def test_the_last_day_is_moved_while_support_is_gathered(city):
    petition = await city.petition("Des arbres", closes=city.now - timedelta(days=1))
    ada, zineb = city.citizen("fr"), await city.coordinator()
    await ada.arrives()
    await ada.says("/petitions")
    ada.sees("Aucune pétition")
    for _time in range(2):
        await zineb.says("/petition")
        await zineb.taps("Des arbres")
        await zineb.taps("Changer la date")
        await zineb.taps("30 jours")
    zineb.sees("24 décembre 2026", "23 novembre 2026")
    await zineb.taps("Oui, le faire")
    await ada.says("/petitions")
    ada.sees("Des arbres")
    await zineb.says("/petition")
    await zineb.taps("Des arbres")
    await zineb.taps("Changer la date")
    await zineb.taps("90 jours")
    async with city.change(petition) as petition:
        petition.status = "deposited"
    await zineb.taps("Oui, le faire")
    zineb.sees("entre-temps")


async def test_who_is_erased_is_no_promoter_any_more(city):
    ada, hind = city.citizen("fr"), await city.member("agent")
    await ada.arrives()
    await writes_all(ada)
    await ada.taps("Envoyer au service")
    await begins(ada, "Un puits")
    await publishes(city, hind)
    promoter = max(row.id for row in await city.all(CitizenRow))
    async with city.database.writing() as db:
        kept = await petition_drafts.own_data(db, promoter)
        await petition_drafts.erase(db, promoter, city.now)
    assert [each.get("title") for each in kept] == [None, "Un puits"]
    [petition] = await city.all(Petition)
    assert petition.promoter_id is None
    assert not await city.all(Draft)
