"""The rules that conversations stand on, each with the hole that it closes."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from bot.clock import forget
from bot.incoming import Incoming
from flows.chat import FlowMistake, Stop
from flows.questions import Refused, Reply
from flows.registry import FLOWS, Flow
from storage.citizens import Consent
from storage.conversations import ConversationRow
from storage.petitions import Support

on_one_database = pytest.mark.parametrize("kind", ["sqlite"])  # it is about words alone


@pytest.fixture
def stage():
    """A small flow of a test's own, entered by /demo; played again with another function, it was deployed anew."""
    before = dict(FLOWS)

    def play(run, name="demo", **entrances):
        FLOWS[name] = Flow(name, run, f"Flow {name}", **{"command": name, "in_menu": 5, **entrances})

    yield play
    FLOWS.clear()
    FLOWS.update(before)


@pytest.fixture
async def ada(city):
    ada = city.citizen("fr")
    await ada.arrives()
    return ada


def note(chat, purpose="demo"):
    """Something written that can be counted."""
    chat.db.add(Consent(citizen_id=chat.citizen.id, purpose=purpose, notice="", given=chat.now))


class Pet:
    """Something to choose."""

    def __init__(self, id, name):
        self.id, self.name = id, name


CAT, DOG, HEN = Pet(7, "Chat"), Pet(8, "Chien"), Pet(9, "Poule")


async def name_then_sure(chat):
    name = await chat.text("name", "Nom ?")
    if not await chat.confirm("sure", "Sûr, {name} ?", name=name):
        raise Stop("Rien.")
    note(chat)
    chat.say("Merci {name}.", name=name)


# 1. Until it has its last answer a flow only reads


async def pending(chat):
    note(chat)
    await chat.text("name", "Nom ?")
    chat.say("Fini.")


async def flushed(chat):
    note(chat)
    await chat.db.flush()
    await chat.text("name", "Nom ?")
    chat.say("Fini.")


@pytest.mark.parametrize("hasty", [pending, flushed])
async def test_a_flow_that_writes_before_it_asks_fails_in_tests(city, ada, stage, hasty):
    stage(hasty)
    with pytest.raises(FlowMistake, match="writes before it asks"):
        await ada.says("/demo")
    assert not await city.all(Consent)


@pytest.mark.parametrize("hasty", [pending, flushed])
async def test_in_service_what_was_written_before_a_question_is_undone(city, ada, stage, hasty):
    stage(hasty)
    city.runner.strict = False
    await ada.says("/demo")
    ada.sees("Nom ?")
    assert not await city.all(Consent)
    await ada.says("Ada")
    ada.sees("Fini.", "Menu")
    assert len(await city.all(Consent)) == 1


async def test_what_a_stopped_flow_wrote_is_undone(city, ada, stage):
    async def thinks_better(chat):
        await chat.confirm("sure", "Sûr ?")
        note(chat)
        await chat.db.flush()
        raise Stop("Finalement, rien.")

    stage(thinks_better)
    await ada.says("/demo")
    await ada.taps("Oui")
    ada.sees("Finalement, rien.")
    assert not await city.all(Consent)
    await ada.taps("Menu")
    ada.sees("Pétitions")


async def test_a_run_that_asks_leaves_nothing_but_answers(city, ada):
    await city.petition("Des arbres")
    before = {table for table in (await city.everything()).split(b"\n") if table.startswith(b"2026")}
    assert before
    for move in ("/petitions", "1", "1", "1", "Ada Lahlou", "I123456"):
        await ada.says(move)
        assert not await city.all(Support)
        assert not await city.all(Consent)
    ada.sees("quartier")


# 2. Only an answer can finish a flow


async def only_the_name(chat):
    note(chat, await chat.text("name", "Nom ?"))
    chat.say("Fini.")


@pytest.mark.parametrize("move", ["Non", "Oui", "/language ary", "/help", "/staff", "retour", "/nothing"])
async def test_a_question_that_vanished_never_finishes_a_flow(city, ada, stage, move):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    ada.sees("Sûr, Ada ?")
    stage(only_the_name)
    await ada.says(move)
    assert not await city.all(Consent)
    ada.does_not_see("Fini.")
    assert ada.labels


async def test_the_person_is_told_that_the_questions_have_changed(city, ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    stage(only_the_name)
    await ada.taps("Non")
    ada.sees("Les questions ont changé", "Rien n'a été enregistré")
    await ada.says("/demo")
    await ada.says("Ada")
    ada.sees("Fini.")
    assert len(await city.all(Consent)) == 1


async def test_a_language_chosen_while_a_question_vanished_is_kept(city, ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    stage(only_the_name)
    await ada.says("/language ary")
    ada.sees("الأسئلة تبدلات")
    await ada.says("/menu")
    ada.sees("العرائض")


async def test_going_on_with_a_parked_flow_never_finishes_it(city, ada, stage):
    async def longer(chat):
        await chat.text("name", "Nom ?")
        await chat.text("age", "Âge ?")
        await chat.text("job", "Métier ?")

    async def shorter(chat):
        await chat.text("name", "Nom ?")
        await chat.text("age", "Âge ?")
        note(chat)

    stage(longer)
    await ada.says("/demo")
    await ada.says("Ada")
    await ada.says("36")
    await ada.says("/menu")
    stage(shorter)
    await ada.taps("Reprendre")
    ada.sees("Les questions ont changé")
    assert not await city.all(Consent)


# 3. A stored answer is checked again in every run


async def test_a_choice_that_vanishes_is_asked_again(ada, stage):
    pets = [CAT, DOG]

    async def adopt(chat):
        pet = await chat.choose("pet", "Lequel ?", pets, lambda pet: pet.name)
        await chat.confirm("sure", "{name}, sûr ?", name=pet.name)
        chat.say("Adopté.")

    stage(adopt)
    await ada.says("/demo")
    await ada.taps("Chien")
    ada.sees("Chien, sûr ?")
    pets.remove(DOG)
    await ada.taps("Oui")
    ada.sees("Ce choix n'existe plus.", "Lequel ?")
    ada.does_not_see("Adopté", "Chien")
    await ada.taps("Chat")
    # The yes was said of another pet, and was never read.
    ada.sees("Chat, sûr ?")
    await ada.taps("Oui")
    ada.sees("Adopté.")


async def test_an_answer_over_a_limit_that_fell_is_asked_again(ada, stage):
    limit = 100

    def within(amount):
        if int(amount) > limit:
            raise Refused("Trop : {limit} au plus.", {"limit": limit})

    async def give(chat):
        await chat.ask("amount", _words("Combien ?"), check=within)
        await chat.confirm("sure", "Sûr ?")
        chat.say("Donné.")

    stage(give)
    await ada.says("/demo")
    await ada.says("101")
    ada.sees("Trop : 100 au plus.", "Combien ?")
    await ada.says("90")
    limit = 80
    await ada.taps("Oui")
    ada.sees("Trop : 80 au plus.", "Combien ?")
    await ada.says("70")
    await ada.taps("Oui")
    ada.sees("Donné.")


def _words(prompt):
    from flows.questions import Words

    return Words(prompt)


# 4. An effect before a later question happens once


async def test_once_means_once_for_the_same_arguments(city, ada, stage):
    sent = []

    async def verify(chat):
        async def send(phone):
            sent.append(phone)
            note(chat, phone)
            return phone[-2:]

        phone = await chat.text("phone", "Téléphone ?")
        code = await chat.once("sent", send, phone)
        typed = await chat.text("code", "Code ?")
        if typed != code:
            chat.correct("code")
        chat.say("Vérifié.")

    stage(verify)
    await ada.says("/demo")
    await ada.says("0612")
    await ada.says("99")
    ada.sees("Code ?")
    await ada.says("/language ary")
    await city.restarts()
    await ada.says("/language fr")
    assert sent == ["0612"]
    await ada.says("retour")
    await ada.says("0613")
    await ada.says("13")
    ada.sees("Vérifié.")
    assert sent == ["0612", "0613"]
    assert sorted(kept.purpose for kept in await city.all(Consent)) == ["0612", "0613"]


async def test_an_effect_is_kept_when_the_same_run_takes_an_answer_back(city, ada, stage):
    async def verify(chat):
        async def send(phone):
            note(chat, phone)

        phone = await chat.text("phone", "Téléphone ?")
        await chat.once("sent", send, phone)
        if phone == "0612":
            chat.correct("phone")
        await chat.text("code", "Code ?")
        chat.say("Vérifié.")

    stage(verify)
    await ada.says("/demo")
    await ada.says("0612")
    ada.sees("Téléphone ?")
    assert [kept.purpose for kept in await city.all(Consent)] == ["0612"]
    await ada.says("0613")
    await ada.says("13")
    ada.sees("Vérifié.")
    assert [kept.purpose for kept in await city.all(Consent)] == ["0612", "0613"]


async def test_an_effect_of_an_unfinished_run_is_undone_and_done_again_later(city, ada, stage):
    done = []

    async def before(chat):
        await chat.text("name", "Nom ?")
        await chat.text("age", "Âge ?")

    async def after(chat):
        async def send(name):
            done.append(name)
            note(chat, name)

        name = await chat.text("name", "Nom ?")
        await chat.once("sent", send, name)
        chat.say("Fini.")

    stage(before)
    await ada.says("/demo")
    await ada.says("Ada")
    stage(after)
    await ada.says("36")
    ada.sees("Les questions ont changé")
    assert not await city.all(Consent)


# 5. Suspension cannot be swallowed


async def test_no_flow_can_swallow_its_suspension(ada, stage):
    async def greedy(chat):
        try:
            await chat.text("name", "Nom ?")
        except Exception:  # what is tried here
            chat.say("Avalé.")
        chat.say("Fini.")

    stage(greedy)
    await ada.says("/demo")
    ada.sees("Nom ?")
    ada.does_not_see("Avalé", "Fini")
    await ada.says("Ada")
    ada.sees("Fini.")


# 6. A key twice in a run is an error


async def test_a_key_twice_in_a_run_is_an_error(ada, stage):
    async def twice(chat):
        for _time in range(2):
            await chat.text("name", "Nom ?")

    stage(twice)
    await ada.says("/demo")
    with pytest.raises(FlowMistake, match="asked twice"):
        await ada.says("Ada")


# 7. Old buttons, double taps


async def test_an_old_button_shows_the_open_question_and_counts_for_nothing(city, ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    first = ada.screen
    await ada.says("retour")
    await ada.says("Bea")
    await ada.taps("Oui", on=first)
    ada.sees("Cette question est passée", "Sûr, Bea ?")
    assert not await city.all(Consent)
    last = ada.screen
    await ada.taps("Oui")
    ada.sees("Merci Bea.")
    await ada.taps("Oui", on=last)
    assert ada.screen == []
    await ada.taps("Non", on=last)
    ada.sees("Pétitions")
    assert len(await city.all(Consent)) == 1


async def test_an_invented_button_is_no_answer(city, ada, stage):
    async def adopt(chat):
        await chat.choose("pet", "Lequel ?", [CAT, DOG], lambda pet: pet.name)
        note(chat)

    stage(adopt)
    await ada.says("/demo")
    turn = ada.screen[-1]["buttons"][0][0].partition(":")[0]
    for forged in (f"{turn}:9", f"{turn}:", f"{turn}:@", f"{turn}:@tally", ":", "@", f"{turn}:\x00", f"{turn}:\ud800"):
        await ada.presses(forged)
        assert not await city.all(Consent)
    await ada.says("/demo")
    await ada.taps("Chat")
    assert len(await city.all(Consent)) == 1


async def test_eight_taps_at_once_record_one_answer(city, ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    (yes, _), (no, _), *_ = ada.screen[-1]["buttons"]
    runners = [city.runner, await city.another_process()]
    taps = [Incoming(ada.sender, f"tap {n}", Reply(pressed=(yes, no)[n % 2])) for n in range(8)]
    await asyncio.gather(*(runners[n // 2 % 2].receive(tap) for n, tap in enumerate(taps)))
    await ada.looks()
    assert len(await city.all(Consent)) == 1 or "Rien." in ada.shown


async def test_eight_equal_taps_at_once_are_one(city, ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    yes = ada.screen[-1]["buttons"][0][0]
    runners = [city.runner, await city.another_process()]
    await asyncio.gather(
        *(runners[n % 2].receive(Incoming(ada.sender, f"tap {n}", Reply(pressed=yes))) for n in range(8))
    )
    await ada.looks()
    assert len(await city.all(Consent)) == 1
    assert len(ada.screen) == 1


async def adopt_many(chat):
    pets = await chat.several(
        "pets", lambda ticked: f"Lesquels ? ({len(ticked)})", [CAT, DOG, HEN], lambda pet: pet.name, 1, 2
    )
    chat.say("Adoptés : {names}.", names=", ".join(pet.name for pet in pets))


async def test_a_double_tap_on_a_tick_changes_nothing(ada, stage):
    stage(adopt_many)
    await ada.says("/demo")
    start = ada.screen
    await ada.taps("Chat")
    ada.sees("(1)", "☑ Chat", "☐ Chien")
    ticked = ada.screen
    await ada.taps("Chat", on=start)
    assert ada.screen == []
    await ada.taps("Chien", on=start)
    ada.sees("(2)")
    await ada.taps("Chat", on=start)  # `+7` again: it is ticked, and stays so
    ada.sees("(2)", "☑ Chat")
    await ada.taps("Poule")
    ada.sees("Vous pouvez en choisir 2 au plus", "(2)")
    await ada.taps("Chat", on=ticked)
    ada.sees("(1)", "☐ Chat")
    await ada.taps("Chien")
    ada.sees("(0)")
    await ada.taps("Terminer")
    ada.sees("au moins 1")
    await ada.taps("Poule")
    await ada.taps("Terminer")
    ada.sees("Adoptés : Poule.")


async def test_a_tick_can_be_tapped_again_after_it_was_typed_away(ada, stage):
    stage(adopt_many)
    await ada.says("/demo")
    await ada.taps("Chat")
    await ada.says("1")
    ada.sees("(0)", "☐ Chat")
    await ada.taps("Chat")
    ada.sees("(1)", "☑ Chat")


async def test_ticks_outlive_a_language_and_a_restart(city, ada, stage):
    stage(adopt_many)
    await ada.says("/demo")
    await ada.taps("Chien")
    await ada.says("/language ary")
    ada.sees("☑ Chien")
    await city.restarts()
    await ada.says("/language fr")
    ada.sees("(1)", "☑ Chien")
    await ada.taps("Terminer")
    ada.sees("Adoptés : Chien.")


# 8. Typed words count like buttons


@on_one_database
@pytest.mark.parametrize(
    "typed", ["2", "٢", "۲", "Chien", "CHIEN", "chien", " chién ", "«Chien».", "chie", "2.", "ch\u200fien"]
)
async def test_a_typed_number_or_label_counts_like_its_button(ada, stage, typed):
    async def adopt(chat):
        pet = await chat.choose("pet", "Lequel ?", [CAT, DOG, HEN], lambda pet: pet.name)
        chat.say("Adopté : {name}.", name=pet.name)

    stage(adopt)
    await ada.says("/demo")
    await ada.says(typed)
    ada.sees("Adopté : Chien.")


@on_one_database
@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("أوربيع", "اوربيع"),
        ("المدينة القديمة", "المدينه القديمه"),
        ("المدينة القديمة", "اَلْمَدِينَةُ القَديمَة"),
        ("المدينة القديمة", "المدينـــة القديمة"),
        ("الڭندافي", "الكندافي"),
        ("حي الهدى", "حي الهدي"),
        ("Cœur de ville", "coeur de ville"),
        ("Hay Mohammadi", "hay mohamadi"),
    ],
)
async def test_a_label_typed_with_other_letters_is_the_same(ada, stage, label, typed):
    async def where(chat):
        place = await chat.choose("place", "Où ?", [Pet(1, "Ailleurs"), Pet(2, label)], lambda pet: pet.name)
        chat.say("C’est le {id}.", id=place.id)

    stage(where)
    await ada.says("/demo")
    await ada.says(typed)
    ada.sees("C’est le 2.")


@on_one_database
@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("oui", "Oui"),
        ("OUI", "Oui"),
        ("wakha", "Oui"),
        ("واخا", "Oui"),
        ("نعم", "Oui"),
        ("ouais", "Oui"),
        ("non", "Non"),
        ("la", "Non"),
        ("لا", "Non"),
        ("mabghitch", "Non"),
        ("nn", "Non"),
        ("2", "Non"),
    ],
)
async def test_yes_and_no_are_understood_in_any_language(ada, stage, typed, heard):
    async def sure(chat):
        chat.say("Oui entendu." if await chat.confirm("sure", "Sûr ?") else "Non entendu.")

    stage(sure)
    await ada.says("/demo")
    await ada.says(typed)
    ada.sees(f"{heard} entendu.")


@on_one_database
@pytest.mark.parametrize(
    "typed", ["ouin", "nom", "noui", "0", "4", "99999999999999999999", "١٢٣", "🙂", "<b>", "x" * 5000]
)
async def test_yes_and_no_are_never_guessed(city, ada, stage, typed):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    await ada.says(typed)
    ada.sees("Nous n'avons pas compris cette réponse", "Sûr, Ada ?")
    assert not await city.all(Consent)


@on_one_database
@pytest.mark.parametrize("typed", ["compris", "J'ai compris", "fhemt", "c'est bon", "صافي", "kemel", "oui mais non"])
async def test_what_only_understands_or_goes_on_consents_to_nothing(city, ada, stage, typed):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    await ada.says(typed)
    ada.sees("Nous n'avons pas compris cette réponse", "Sûr, Ada ?")
    assert not await city.all(Consent)
    await ada.says("oui, j'ai compris")
    ada.sees("Merci Ada.")


@on_one_database
@pytest.mark.parametrize("typed", ["oui", "c'est bon", "صافي", "كلشي صحيح", "kolchi s7i7", "wakha safi"])
async def test_what_is_read_back_may_be_called_right(ada, stage, typed):
    async def reads_back(chat):
        name = await chat.text("name", "Nom ?")
        sure = await chat.review("sure", "{name} ?", yes="Confirmer", corrections={"name": "Corriger"}, name=name)
        chat.say("Merci {name}." if sure else "Rien.", name=name)

    stage(reads_back)
    await ada.says("/demo")
    await ada.says("Ada")
    await ada.says("compris")
    ada.sees("Nous n'avons pas compris cette réponse")
    await ada.says(typed)
    ada.sees("Merci Ada.")


async def test_a_number_means_what_was_last_shown_and_not_what_there_is_now(ada, stage):
    pets = [DOG]

    async def adopt(chat):
        pet = await chat.choose("pet", "Lequel ?", pets, lambda pet: pet.name)
        chat.say("Adopté : {name}.", name=pet.name)

    stage(adopt)
    await ada.says("/demo")
    pets.insert(0, CAT)
    await ada.says("1")
    ada.sees("Adopté : Chien.")


async def test_a_label_is_understood_in_the_language_in_which_it_was_shown(city, stage):
    stage(name_then_sure)
    noor = city.citizen("ary")
    await noor.arrives()
    await noor.says("/demo")
    await noor.says("نور")
    await noor.says("نعم")
    noor.sees("Merci نور.")


async def test_a_number_typed_at_the_choice_of_language_chooses_the_language(ada, stage):
    async def adopt(chat):
        pet = await chat.choose("pet", "Lequel ?", [CAT, DOG], lambda pet: pet.name)
        chat.say("Adopté : {name}.", name=pet.name)

    stage(adopt)
    await ada.says("/demo")
    await ada.says("langue")
    ada.sees("Choisissez votre langue", "الدارجة")
    await ada.says("1")
    ada.does_not_see("Adopté")
    ada.sees("غادي نهضرو بالدارجة", "Lequel ?")
    await ada.says("1")
    ada.sees("Adopté : Chat.")


async def test_a_number_typed_after_the_end_means_the_button_shown_there(ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    await ada.says("1")
    ada.sees("Merci Ada.", "Menu")
    await ada.says("1")
    ada.sees("Pétitions")
    ada.does_not_see("pas bien compris")


async def test_a_picture_is_no_answer_and_is_said_so(ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    for kind in ("photo", "voice", "location"):
        await ada.sends(kind)
        ada.sees("il nous faut ici une réponse écrite".capitalize(), "Nom ?")
    await ada.says("Ada")
    await ada.sends("photo")
    ada.sees("Nous n'avons pas compris", "Sûr, Ada ?")


# 9. Short flows that say the same thing twice


async def test_more_than_twenty_questions_are_an_error(ada, stage):
    async def endless(chat):
        for number in range(21):
            await chat.text(f"name_{number}", f"Nom {number} ?")

    stage(endless)
    await ada.says("/demo")
    for number in range(19):
        await ada.says("Ada")
        ada.sees(f"Nom {number + 1} ?")
    with pytest.raises(FlowMistake, match="more than 20 questions"):
        await ada.says("Ada")


async def test_a_flow_must_ask_the_same_thing_when_it_is_run_twice(ada, stage):
    coin = itertools.cycle(["heads", "tails"])

    async def dice(chat):
        await chat.text(next(coin), "Nom ?")

    stage(dice)
    with pytest.raises(FlowMistake, match="run twice"):
        await ada.says("/demo")


async def test_flows_that_lead_round_in_a_circle_are_an_error(ada, stage):
    async def round(chat):
        chat.then("demo")

    stage(round)
    with pytest.raises(FlowMistake, match="circle"):
        await ada.says("/demo")


async def test_the_words_after_a_command_answer_its_first_question(ada, stage):
    async def adopt(chat):
        pet = await chat.choose("pet", "Lequel ?", [CAT, DOG], lambda pet: pet.name)
        await chat.confirm("sure", "{name}, sûr ?", name=pet.name)

    stage(adopt)
    await ada.says("/demo chien")
    ada.sees("Chien, sûr ?")
    await ada.says("/DEMO@SawtBot 1")
    ada.sees("Chat, sûr ?")
    await ada.says("/demo zebre")
    ada.sees("Nous n'avons pas compris", "Lequel ?")
    await ada.says("/demo")
    ada.sees("Lequel ?")


# 10. What was begun waits


async def test_a_flow_that_was_left_is_gone_on_with_from_the_menu(city, ada, stage):
    stage(name_then_sure)
    await city.petition("Des arbres")
    await ada.says("/petitions")
    await ada.taps("Des arbres")
    await ada.taps("Soutenir")
    await ada.taps("J'accepte")
    await ada.says("Ada Lahlou")
    await ada.says("/demo")
    await ada.says("menu")
    ada.sees("Reprendre : Pétitions")
    await city.restarts()
    await ada.taps("Reprendre")
    ada.sees("CIN")
    await ada.says("I123456")
    await ada.taps("Ourbiaa")
    ada.sees("Ada Lahlou")
    await ada.taps("Confirmer")
    [support] = await city.all(Support)
    ada.sees(support.receipt)
    await ada.says("menu")
    ada.does_not_see("Reprendre")


async def test_a_double_tap_on_go_on_goes_on_once(city, ada):
    await city.petition("Des arbres")
    await ada.says("/petitions")
    await ada.taps("Des arbres")
    await ada.taps("Soutenir")
    await ada.says("menu")
    menu = ada.screen
    await ada.taps("Reprendre")
    ada.sees("J'accepte")
    await ada.taps("Reprendre", on=menu)
    ada.sees("J'accepte")
    await ada.taps("J'accepte")
    ada.sees("nom complet")


async def test_going_on_with_one_flow_parks_the_other(city, ada, stage):
    async def talkative(chat):
        for key in ("one", "two", "three"):
            await chat.text(key, f"Question {key} ?")

    stage(talkative)
    await city.petition("Des arbres")
    await ada.says("/petitions")
    await ada.taps("Des arbres")
    await ada.taps("Soutenir")
    await ada.says("menu")
    menu = ada.screen
    await ada.says("/demo")
    await ada.says("a")
    await ada.says("b")
    await ada.says("/petitions")  # /demo is parked now
    await ada.taps("Reprendre", on=menu)
    ada.sees("Question three ?")


# Mistakes of ours, deploys, restarts


async def test_a_bug_gives_an_apology_keeps_the_answers_and_ends_the_message(city, ada, stage):
    calls = []

    async def broken(chat):
        await chat.text("name", "Nom ?")
        note(chat)
        calls.append(1)
        await chat.db.flush()
        raise ZeroDivisionError

    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    stage(broken)
    city.runner.strict = False
    await ada.says("Oui", id="the same")
    ada.sees("Désolé, un problème technique")
    apology = ada.screen
    assert len(apology) == 1
    assert not await city.all(Consent)
    assert len(calls) == 2  # in company, where it was undone, and alone
    await ada.says("Oui", id="the same")
    assert ada.screen == []
    assert len(calls) == 2
    stage(name_then_sure)
    await ada.taps("Menu", on=apology)
    await ada.says("/demo")
    ada.sees("Nom ?")


async def test_after_a_bug_was_mended_the_same_answer_goes_on(city, ada, stage):
    async def broken(chat):
        await chat.text("name", "Nom ?")
        raise ZeroDivisionError

    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    question = ada.screen
    stage(broken)
    city.runner.strict = False
    await ada.taps("Oui")
    ada.sees("Désolé")
    stage(name_then_sure)
    await ada.taps("Oui", on=question)
    ada.sees("Merci Ada.")
    assert len(await city.all(Consent)) == 1


async def test_a_deploy_that_adds_a_question_asks_it_and_keeps_the_answers(city, ada, stage):
    async def newer(chat):
        name = await chat.text("name", "Nom ?")
        place = await chat.text("place", "Quartier ?")
        if not await chat.confirm("sure", "Sûr, {name} ?", name=name):
            raise Stop("Rien.")
        note(chat)
        chat.say("Merci {name}, {place}.", name=name, place=place)

    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    await city.restarts()
    stage(newer)
    await ada.taps("Oui")
    ada.sees("Les questions ont changé", "Vos réponses sont conservées", "Quartier ?")
    assert not await city.all(Consent)
    await ada.says("Ourbiaa")
    await ada.taps("Oui")
    ada.sees("Merci Ada, Ourbiaa.")


async def test_a_deploy_that_drops_a_flow_leads_to_the_menu(city, ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    del FLOWS["demo"]
    await ada.taps("Oui")
    ada.sees("Pétitions")
    await ada.says("retour")
    ada.sees("Pétitions")


async def test_another_process_takes_over_between_any_two_messages(city):
    await city.petition("Des arbres")
    ada = city.citizen("fr", "telegram")
    await ada.arrives()
    moves = [("says", "/petitions"), ("taps", "Des arbres"), ("taps", "Soutenir"), ("taps", "J'accepte")]
    moves += [("says", "Ada Lahlou"), ("says", "retour"), ("says", "Bea Lahlou"), ("says", "I123456")]
    moves += [("taps", "Passer"), ("taps", "Confirmer")]
    for way, words in moves:
        await city.restarts()
        await getattr(ada, way)(words)
    [support] = await city.all(Support)
    ada.sees(support.receipt)


async def test_a_role_that_ended_opens_nothing_any_more(city, stage):
    from storage import staff

    await city.petition("Des arbres")
    await city.vote()
    zineb = await city.coordinator()
    await zineb.says("/tally")
    zineb.sees("Des arbres")
    async with city.database.writing() as db:
        [row] = await staff.current(db, city.home.id)
        await staff.remove(db, city.home.id, row.id, city.now)
    await zineb.taps("Des arbres")
    zineb.does_not_see("Signatures", "Soutiens déclarés", "Décompte")
    zineb.sees("Pétitions")


# Back, cancel


async def test_back_asks_the_last_question_again_and_forgets_only_its_answer(city, ada, stage):
    async def long(chat):
        one = await chat.text("one", "Un ?")
        two = await chat.text("two", "Deux ?")
        three = await chat.text("three", "Trois ?")
        chat.say("{one} {two} {three}", one=one, two=two, three=three)

    stage(long)
    await ada.says("/demo")
    await ada.says("a")
    await ada.says("b")
    await ada.taps("Retour")
    ada.sees("Deux ?")
    await ada.says("retour")
    ada.sees("Un ?", "Menu")
    ada.does_not_see("Retour")
    await ada.says("A")
    await ada.says("B")
    await ada.says("C")
    ada.sees("A B C")


async def test_back_from_the_first_question_leads_to_the_menu(ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("retour")
    ada.sees("Pétitions")
    await ada.says("retour")
    ada.sees("Pétitions")


async def test_cancel_forgets_what_was_begun(city, ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    await ada.says("annuler")
    ada.sees("rien n'a été enregistré", "Pétitions")
    ada.does_not_see("Reprendre")
    assert not await city.all(Consent)


async def test_what_a_person_writes_cannot_become_markup_or_turn_the_text(ada, stage):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("<b>A\u202eda</b> & \u2066co {name}")
    ada.sees("&lt;b&gt;Ada&lt;/b&gt; &amp; co {name}")
    assert "\u202e" not in ada.screen[-1]["text"]


# 10. Nudges and expiry belong to the clock, never to a flow


async def test_a_question_left_open_is_neither_nudged_nor_closed_by_its_flow(city, stage, ada):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    city.now += timedelta(days=20)
    await ada.looks()
    assert ada.screen == []
    await ada.taps("Oui", on=[{"n": 0, "text": "", "buttons": [[f"{await turn_of(city)}:yes", "Oui"]]}])
    ada.sees("Merci Ada.")


async def test_the_clock_forgets_a_conversation_that_nobody_goes_on_with(city, stage, ada):
    stage(name_then_sure)
    await ada.says("/demo")
    await ada.says("Ada")
    old = ada.screen
    city.now += timedelta(days=31)
    await forget(city.database, city.now)
    await ada.taps("Oui", on=old)
    ada.does_not_see("Merci")
    ada.sees("Que souhaitez-vous faire")


async def turn_of(city):
    [talk] = await city.all(ConversationRow)
    return talk.turn


# Long lists: a page at a time


def shelf(count):
    """So many pets, read a page at a time; what was read is noted."""
    pets = {number: Pet(number, f"Bête {number}") for number in range(1, count + 1)}
    reads = []

    async def page(offset, limit):
        reads.append((offset, limit))
        return list(pets.values())[offset : offset + limit]

    async def find(id):
        return pets.get(id)

    async def adopt(chat, pet=None):
        chosen = await chat.browse("pet", "Quelle bête ?", page, find, lambda pet: pet.name, preset=pet)
        if await chat.confirm("sure", "{name} ?", name=chosen.name):
            chat.say("Adopté : {name}.", name=chosen.name)

    return adopt, pets, reads


async def test_a_long_list_is_turned_page_by_page_and_back(stage, ada):
    adopt, _pets, reads = shelf(500)
    stage(adopt)
    await ada.says("/demo")
    ada.sees("Bête 1", "Bête 7", "Suite")
    ada.does_not_see("Bête 8", "Précédents")
    await ada.taps("Suite")
    ada.sees("Bête 8", "Bête 14", "Précédents")
    await ada.says("2")
    ada.sees("Bête 9 ?")
    await ada.taps("Oui")
    ada.sees("Adopté : Bête 9.")
    assert max(limit for _offset, limit in reads) == 8


async def test_a_page_turned_by_a_double_tap_is_turned_once(stage, ada):
    adopt, _pets, _reads = shelf(30)
    stage(adopt)
    await ada.says("/demo")
    shown = ada.screen
    await ada.taps("Suite", on=shown)
    await ada.taps("Suite", on=shown)
    assert ada.screen == []
    await ada.says("1")
    ada.sees("Bête 8 ?")


async def test_what_was_chosen_on_another_page_and_is_gone_is_asked_again(stage, ada):
    adopt, pets, _reads = shelf(30)
    stage(adopt)
    await ada.says("/demo")
    await ada.taps("Suite")
    await ada.taps("Bête 8")
    del pets[8]
    await ada.taps("Oui")
    ada.sees("Ce choix n'existe plus", "Bête 9")


async def test_a_link_leads_straight_to_one_of_many(stage, ada):
    adopt, _pets, reads = shelf(500)
    stage(adopt, link="z", takes="pet")
    await ada.presses("@z_400")
    ada.sees("Bête 400 ?")
    assert not reads


async def test_a_link_into_a_staff_flow_opens_for_staff_alone(stage, ada):
    adopt, _pets, _reads = shelf(3)
    stage(adopt, link="z", takes="pet", roles=frozenset({"agent"}))
    await ada.presses("@z_2")
    ada.does_not_see("Bête 2")
