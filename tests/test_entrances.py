"""Ways in and out: /start, deep links, commands, words known everywhere, languages, staff codes."""

from datetime import timedelta

import pytest

from storage import staff
from storage.citizens import CitizenRow
from storage.petitions import Support
from storage.staff import Staff

GREETING = "bienvenue"
on_one_database = pytest.mark.parametrize("kind", ["sqlite"])  # it is about words alone
NOTICE = "Responsable de vos données"
MENU = "Que souhaitez-vous faire ? Choisissez dans le menu."


@pytest.fixture
async def ada(city):
    ada = city.citizen("fr")
    await ada.arrives()
    return ada


@pytest.fixture
async def asked_for_a_name(city, ada):
    """In the middle of a declaration of support."""
    await city.petition("Des arbres")
    for move in ("/petitions", "1", "1", "1"):
        await ada.says(move)
    ada.sees("nom complet")
    return ada


# The first contact


@on_one_database
@pytest.mark.parametrize("first", ["/start", "bonjour", "salam", "je veux signer", "😀", "/menu", "/nothing", "2"])
async def test_a_first_contact_chooses_a_language_reads_the_notice_and_sees_the_menu(city, first):
    ada = city.citizen(None)
    await ada.says(first)
    ada.sees(GREETING, "مرحبا", "الدارجة", "Français")
    await ada.taps("Français")
    ada.sees("nous continuons en français", NOTICE, "12 mois", "J'ai compris")
    ada.does_not_see("مرحبا")
    await ada.taps("J'ai compris")
    ada.does_not_see(GREETING, NOTICE)
    assert ada.labels


@on_one_database
@pytest.mark.parametrize("typed", ["compris", "J'ai compris !", "fhemt", "oui", "ok compris"])
async def test_a_notice_is_understood_in_words_too(city, typed):
    ada = city.citizen(None)
    await ada.says("/start")
    await ada.says("français")
    await ada.says(typed)
    ada.sees(MENU)


async def test_the_language_and_the_notice_come_once(city, ada):
    for words in ("/start", "bonjour", "/menu"):
        await city.restarts()
        await ada.says(words)
        ada.sees(MENU)
        ada.does_not_see(GREETING, NOTICE, "Français")


async def test_nothing_opens_before_the_notice_is_read(city):
    petition = await city.petition("Des arbres")
    ada = city.citizen(None)
    await ada.says("/start")
    await ada.taps("Français")
    for words in ("/petitions", "menu", "retour", "/help", "annuler", "pétition", "1 2 3", "/tally"):
        await ada.says(words)
        ada.sees("J'ai compris")
        ada.does_not_see("Des arbres", MENU)
    await ada.presses(f"@p_{petition.id}")
    ada.sees(NOTICE)
    ada.does_not_see("Des arbres")
    await ada.taps("J'ai compris")
    ada.sees("Des arbres", "Soutenir")


@on_one_database
@pytest.mark.parametrize("client", ["fr", "fr-MA", "ar", "en", "", None])
async def test_the_language_of_the_phone_is_proposed_first(city, client):
    ada = city.citizen(client)
    ada.language = None
    await ada.arrives()
    first = "Français" if (client or "").startswith("fr") else "الدارجة"
    assert ada.labels[0] == first
    assert ada.labels[-1] == "العربية"
    assert len(ada.labels) == 3


@on_one_database
@pytest.mark.parametrize("typed", ["2", "français", "Francais", "FR", "/language fr", "فرنسية", "/start fr"])
async def test_the_first_language_can_be_typed(city, typed):
    ada = city.citizen(None)
    await ada.says("/start")
    await ada.says(typed)
    ada.sees("nous continuons en français", NOTICE)
    await ada.says("oui")
    ada.sees(MENU)
    [row] = await city.all(CitizenRow)
    assert row.language == "fr"


@on_one_database
@pytest.mark.parametrize("written", ["langue", "/language", "اللغة", "bdel logha"])
async def test_at_the_notice_the_choice_of_the_language_can_be_had_again(city, written):
    person = city.citizen("fr")
    await person.says("/start p_1")
    await person.taps("Français")
    person.sees(NOTICE, "écrivez « langue »")
    await person.says(written)
    person.sees(GREETING, "الدارجة")
    await person.taps("الدارجة")
    await person.taps("فهمت")
    person.sees("القائمة")


async def test_the_other_language_can_be_taken_at_the_notice(city):
    ada = city.citizen(None)
    await ada.says("/start")
    await ada.taps("Français")
    await ada.says("الدارجة")
    ada.sees("غادي نهضرو بالدارجة", "فهمت")
    await ada.taps("فهمت")
    ada.sees("العرائض")


@on_one_database
@pytest.mark.parametrize("typed", ["3", "العربية", "arabe", "الفصحى", "/language ar"])
async def test_standard_arabic_can_be_had_from_the_first_message_on(city, typed):
    noor = city.citizen(None)
    await noor.says("/start")
    await noor.says(typed)
    noor.sees("سنواصل بالعربية", "لا نحتفظ إلا بما تحتاجه المشاركة")
    await noor.says("أجل")
    noor.sees("ماذا تريدون أن تفعلوا؟", "العرائض")
    [row] = await city.all(CitizenRow)
    assert row.language == "ar"


# Deep links


@on_one_database
@pytest.mark.parametrize("welcomed", [True, False])
@pytest.mark.parametrize("way", ["/start {}", "/START {}", "/start  {} "])
async def test_a_deep_link_leads_to_its_petition(city, welcomed, way):
    await city.petition("Autre chose")
    petition = await city.petition("Des arbres")
    ada = city.citizen(None)
    if welcomed:
        ada.language = "fr"
        await ada.arrives()
    await ada.says(way.format(f"p_{petition.id}"))
    if not welcomed:
        ada.does_not_see("Des arbres")
        await ada.taps("Français")
        await ada.taps("J'ai compris")
    ada.sees("Des arbres", "Soutenir", "Menu")
    ada.does_not_see("Autre chose", "Retour")


@pytest.mark.parametrize("welcomed", [True, False])
async def test_a_deep_link_leads_to_its_vote(city, welcomed):
    await city.vote(title={"fr": "Budget 2030"})
    budget = await city.vote()
    ada = city.citizen(None)
    if welcomed:
        ada.language = "fr"
        await ada.arrives()
    await ada.says(f"/start b_{budget.id}")
    if not welcomed:
        await ada.taps("Français")
        await ada.taps("J'ai compris")
    ada.sees("Budget 2027", "Voter maintenant")
    ada.does_not_see("Budget 2030")


async def test_a_second_link_before_the_notice_is_read_takes_the_place_of_the_first(city):
    one, two = await city.petition("Des arbres"), await city.petition("Un puits")
    ada = city.citizen(None)
    await ada.says(f"/start p_{one.id}")
    await ada.taps("Français")
    await ada.says(f"/start p_{two.id}")
    ada.sees(NOTICE)
    await ada.taps("J'ai compris")
    ada.sees("Un puits", "Soutenir")


@on_one_database
@pytest.mark.parametrize("welcomed", [True, False])
@pytest.mark.parametrize("link", ["p_x", "p_", "p_-1", "p_99999999999999999999", "p_٣", "z_1", "p_1_2", "_", "p_1'--"])
async def test_a_forged_link_leads_to_the_menu_and_says_so(city, welcomed, link):
    await city.petition("Des arbres")
    ada = city.citizen("fr" if welcomed else None)
    await ada.arrives()
    await ada.says(f"/start {link}")
    if not welcomed:
        await ada.taps("Français")
        await ada.taps("J'ai compris")
    ada.sees("Ce lien ne fonctionne plus.", MENU)


async def test_a_link_to_a_petition_that_is_not_there_shows_those_that_are(city, ada):
    petition = await city.petition("Des arbres")
    await ada.says(f"/start p_{petition.id + 5}")
    ada.sees("Cette pétition est close. Rien n'a été enregistré.", "Des arbres")
    await ada.taps("Des arbres")
    ada.sees("Soutenir")


async def test_a_link_to_a_closed_vote_says_so(city, ada):
    budget = await city.vote(closes=city.now - timedelta(hours=1))
    await ada.says(f"/start b_{budget.id}")
    ada.sees("Aucun vote n'est ouvert en ce moment", "Menu")


async def test_a_link_of_another_commune_opens_nothing_here(city, ada):
    from storage.communes import Commune

    other = Commune(slug="fes", name={"fr": "Fès", "ar": "فاس"}, settings={})
    await city.has(other)
    petition = await city.petition("Celle de Fès", commune_id=other.id)
    await city.petition("Des arbres")
    await ada.says(f"/start p_{petition.id}")
    ada.sees("Des arbres")
    ada.does_not_see("Celle de Fès")


async def test_a_link_in_the_middle_parks_what_was_begun(city, asked_for_a_name):
    ada = asked_for_a_name
    budget = await city.vote()
    await ada.says(f"/start b_{budget.id}")
    ada.sees("Budget 2027")
    await ada.says("menu")
    await ada.taps("Reprendre")
    ada.sees("nom complet")


# Words known everywhere


@on_one_database
@pytest.mark.parametrize("typed", ["menu", "Menu", "MENU", "/menu", "القائمة", "قائمة", "lmenu", "l9a2ima", "accueil"])
async def test_menu_leads_to_the_menu_from_anywhere(asked_for_a_name, typed):
    await asked_for_a_name.says(typed)
    asked_for_a_name.sees(MENU, "Reprendre : Pétitions")


@on_one_database
@pytest.mark.parametrize("typed", ["retour", "Retour", "/back", "1", "رجوع", "رجع", "rjo3", "nrje3", "précédent"])
async def test_back_asks_the_question_before(asked_for_a_name, typed):
    await asked_for_a_name.says(typed)
    asked_for_a_name.sees("J'accepte", "Je refuse")


@on_one_database
@pytest.mark.parametrize("typed", ["annuler", "ANNULER", "/cancel", "إلغاء", "الغاء", "لغي", "lghi", "abandonner"])
async def test_cancel_drops_what_was_begun(asked_for_a_name, typed):
    await asked_for_a_name.says(typed)
    asked_for_a_name.sees("rien n'a été enregistré", "Que souhaitez-vous faire ?")
    asked_for_a_name.does_not_see("Reprendre")


@on_one_database
@pytest.mark.parametrize(
    "typed", ["aide", "Aide", "/help", "help", "aidez-moi", "مساعدة", "عاونوني", "3awnouni", "mosa3ada"]
)
async def test_help_helps_and_asks_again(asked_for_a_name, typed):
    await asked_for_a_name.says(typed)
    asked_for_a_name.sees("À tout moment", "/petitions", "nom complet")
    asked_for_a_name.does_not_see("/tally", "/staff")
    await asked_for_a_name.says("Ada Lahlou")
    asked_for_a_name.sees("CIN")


@on_one_database
@pytest.mark.parametrize("typed", ["langue", "/language", "اللغة", "لغة", "logha", "changer de langue"])
async def test_language_offers_the_languages_and_keeps_the_question(asked_for_a_name, typed):
    ada = asked_for_a_name
    await ada.says(typed)
    ada.sees("Choisissez votre langue", "ختارو اللغة", "الدارجة", "Français", "العربية")
    await ada.taps("الدارجة")
    ada.sees("كتبو السمية الكاملة ديالكم")
    await ada.says("نور")
    ada.sees("رقم البطاقة")


@on_one_database
@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("pétitions", "Des arbres"),
        ("je veux signer", "Des arbres"),
        ("عريضة", "Des arbres"),
        ("3arida", "Des arbres"),
        ("voter", "Budget 2027"),
        ("نصوت", "Budget 2027"),
        ("bghit nsewet", "Budget 2027"),
        ("reçu", "récépissé"),
        ("الوصل", "récépissé"),
        ("lwasl", "récépissé"),
        ("/vote", "Budget 2027"),
        ("/receipt", "récépissé"),
        ("mes données", "Pour un logiciel"),  # and not the page of which a button says « Moi et mes données »
        ("moi", "Mes consentements"),
    ],
)
async def test_a_word_opens_its_conversation_from_the_menu(city, ada, typed, title):
    await city.petition("Des arbres")
    await city.vote()
    await ada.says("menu")
    await ada.says(typed)
    ada.sees(title)


@on_one_database
@pytest.mark.parametrize("typed", ["turlututu", "🙂", "123456", "<script>", "شحال كيلو ديال البصلة"])
async def test_words_that_mean_nothing_lead_to_the_menu(ada, typed):
    await ada.says(typed)
    ada.sees("nous n'avons pas bien compris", MENU)


async def test_the_words_of_a_conversation_are_answers_in_the_middle_of_another(city, ada):
    await city.petition("Des arbres")
    await ada.says("/receipt")
    await ada.says("voter")
    ada.sees("Ce numéro ne figure pas parmi vos récépissés")


# Languages


async def test_another_language_redraws_the_open_question_and_keeps_the_answers(city, ada):
    await city.petition("Des arbres")
    for move in ("/petitions", "1", "1", "1", "Ada Lahlou", "I123456", "Ourbiaa"):
        await ada.says(move)
    ada.sees("Vérifiez avant de confirmer", "Ada Lahlou", "Ourbiaa")
    french = ada.screen
    await ada.says("/language ary")
    ada.sees("شوفو واش كلشي صحيح", "Ada Lahlou", "أوربيع", "نأكد")
    await ada.says("/language fr")
    ada.sees("nous continuons en français", "Vérifiez avant de confirmer")
    await ada.taps("Confirmer", on=french)  # the same question as then
    [support] = await city.all(Support)
    ada.sees(support.receipt)


async def test_a_language_chosen_with_nothing_open_is_said_and_kept(city, ada):
    await ada.says("/language ary")
    ada.sees("غادي نهضرو بالدارجة", "العرائض")
    await city.restarts()
    await ada.says("menu")
    ada.sees("العرائض")
    await city.petition("Des arbres")
    await ada.says("/petitions")
    await ada.taps("القائمة")
    await ada.says("/receipt")
    await ada.says("0000")
    await ada.says("français")
    ada.sees("nous continuons en français")


@on_one_database
@pytest.mark.parametrize("typed", ["/language de", "/language xx", "/language ../../etc", "/language '"])
async def test_a_language_that_there_is_not_offers_those_there_are(ada, typed):
    await ada.says(typed)
    ada.sees("Choisissez votre langue", "الدارجة", "Français")


# Commands


async def both_answers(city, *commands, open_flow=False):
    """What each of these commands is answered, to persons of whom nothing else differs."""
    shown = []
    for command in commands:
        person = city.citizen("fr")
        await person.arrives()
        if open_flow:
            for move in ("/petitions", "1", "1", "1"):
                await person.says(move)
        await person.says(command)
        first = person.shown
        await person.says("2")  # and what follows is the same too
        shown.append((first, person.shown))
    return shown


@pytest.mark.parametrize("open_flow", [False, True])
async def test_staff_commands_are_answered_to_strangers_as_any_unknown_command(city, open_flow):
    await city.petition("Des arbres")
    async with city.database.writing() as db:
        await staff.invite(db, city.home.id, "Zineb", "agent", city.now)
    commands = ["/nothing", "/tally", "/TALLY 2027", "/tally@SawtBot", "/staff", "/staff ", "/staff 0000-0000-00"]
    unknown, *others = await both_answers(city, *commands, "/staff x", "/enrolment", "/welcome", open_flow=open_flow)
    assert "Nous ne connaissons pas cette commande." in unknown[0]
    for command, answer in zip(commands[1:], others, strict=False):
        assert answer == unknown, command
    assert len(set(others)) == 1


async def test_an_unknown_command_in_the_middle_keeps_the_question(asked_for_a_name):
    ada = asked_for_a_name
    for command in ("/nothing", "/staff 12", "/", "/ ", "//", "/../etc"):
        await ada.says(command)
        ada.sees("Nous ne connaissons pas cette commande.", "nom complet")
    await ada.says("Ada Lahlou")
    ada.sees("CIN")


async def test_the_tally_is_on_the_menu_and_in_the_help_of_a_coordinator_alone(city, ada):
    zineb = await city.coordinator()
    for person, has_it in ((ada, False), (zineb, True)):
        await person.says("menu")
        assert ("Décompte" in person.shown) == has_it
        await person.says("/help")
        assert ("/tally" in person.shown) == has_it


async def test_a_command_is_read_in_any_case_and_with_the_name_of_the_bot(city, ada):
    await city.petition("Des arbres")
    for command in ("/petitions", "/PETITIONS", "/Petitions@SawtBot", "/petitions   "):
        await ada.says(command)
        ada.sees("Quelle pétition ?", "Des arbres")


async def test_the_words_after_a_command_choose(city, ada):
    await city.petition("Des arbres")
    await city.petition("Un puits")
    await ada.says("/petitions puits")
    ada.sees("Un puits", "Soutenir")
    zineb = await city.coordinator()
    await zineb.says("/tally des arbres")
    zineb.sees("Des arbres", "Soutiens déclarés")


# Enrolment


async def invited(city, role="coordinator"):
    async with city.database.writing() as db:
        return await staff.invite(db, city.home.id, "Zineb", role, city.now)


async def test_a_code_makes_a_member_of_staff(city, ada):
    code = await invited(city)
    await city.petition("Des arbres")
    await ada.says(f"/staff {code}")
    ada.sees("Bienvenue, Zineb", "coordination", "Menu")
    [role] = await city.all(Staff)
    assert (role.name, role.role, role.removed) == ("Zineb", "coordinator", None)
    await ada.says("/tally")
    ada.sees("Des arbres")
    assert code.replace("-", "").encode() not in await city.everything()


@pytest.mark.parametrize("spoil", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")])
async def test_a_code_may_be_written_as_it_is_read(city, ada, spoil):
    await ada.says(f"/STAFF {spoil(await invited(city))}")
    ada.sees("Bienvenue, Zineb")


async def test_a_code_with_likely_slips_is_still_read(city, ada):
    from storage import codes

    code = "01V0-1V01-V0"
    async with city.database.writing() as db:
        hashed = city.database.vault.recognise("staff code", codes.read(code))
        expires = city.now + timedelta(hours=1)
        db.add(staff.StaffCode(commune_id=1, code=hashed, name="Zineb", role="agent", expires=expires))
    await ada.says("/staff oIuo-luOi-vo")
    ada.sees("Bienvenue, Zineb")


async def test_a_code_is_good_once(city, ada):
    code = await invited(city)
    await ada.says(f"/staff {code}")
    bea = city.citizen("fr")
    await bea.arrives()
    await bea.says(f"/staff {code}")
    bea.sees("Nous ne connaissons pas cette commande.")
    assert len(await city.all(Staff)) == 1
    await ada.says(f"/staff {code}")
    ada.sees("Nous ne connaissons pas cette commande.")
    assert len(await city.all(Staff)) == 1


async def test_a_code_is_good_for_a_day(city, ada):
    code = await invited(city)
    city.now += timedelta(hours=24)
    await ada.says(f"/staff {code}")
    ada.sees("Nous ne connaissons pas cette commande.")
    assert not await city.all(Staff)


@pytest.mark.parametrize("wrong", ["0", "ABCD-EFGH-JK", "' OR 1=1 --", "é" * 300, "\u0000", "<b>"])
async def test_a_wrong_code_gives_nothing(city, ada, wrong):
    await invited(city)
    await ada.says(f"/staff {wrong}")
    ada.sees("Nous ne connaissons pas cette commande.")
    assert not await city.all(Staff)


async def test_a_code_of_another_commune_gives_nothing_here(city, ada):
    from storage.communes import Commune

    other = Commune(slug="fes", name={"fr": "Fès", "ar": "فاس"}, settings={})
    await city.has(other)
    async with city.database.writing() as db:
        code = await staff.invite(db, other.id, "Zineb", "coordinator", city.now)
    await ada.says(f"/staff {code}")
    ada.sees("Nous ne connaissons pas cette commande.")
    assert not await city.all(Staff)


async def test_a_code_as_first_message_enrols_after_the_notice(city):
    code = await invited(city)
    zineb = city.citizen(None)
    await zineb.says(f"/staff {code}")
    await zineb.taps("Français")
    await zineb.taps("J'ai compris")
    zineb.sees("Bienvenue, Zineb")


async def test_a_new_code_changes_the_role(city, ada):
    await ada.says(f"/staff {await invited(city, 'coordinator')}")
    await ada.says(f"/staff {await invited(city, 'agent')}")
    roles = {row.role: row.removed for row in await city.all(Staff)}
    assert roles == {"coordinator": city.now, "agent": None}
    await ada.says("/tally")
    ada.sees("Nous ne connaissons pas cette commande.")
