"""Free text: what is wished, in which language, why; and that nothing typed can break it."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from locales.gazetteer import named, spelt
from locales.language import language, proposed
from locales.letters import normalise
from locales.skeleton import bones
from locales.understanding import OUT_OF_SCOPE, understand, weights
from locales.words import answer, meaning, stands_for
from training.measure import STATE, cases
from training.phrases import Phrase, fingerprint, read_all, read_file, variants

HELD_OUT = Path(__file__).parent.parent / "training" / "held-out.tsv"


def test_the_weights_are_learnt_from_the_phrases_that_are_there():
    """Whoever changes phrases.tsv or concepts.tsv runs `make train`."""
    assert weights().learnt_from == fingerprint()


def test_every_intent_has_its_phrases_in_each_way_of_writing():
    phrases = read_all()
    for intent in {each.intent for each in phrases}:
        written = [each.language for each in phrases if each.intent == intent]
        assert len(written) >= 60, intent
        assert {"ary-Arab", "ary-Latn", "fr", "ar", "mix"} <= set(written), intent
    assert sum(each.intent == OUT_OF_SCOPE for each in phrases) >= 600


def test_phrases_held_out_are_understood():
    found = cases(read_file(HELD_OUT), understand)
    content = [case for case in found if case.phrase.intent not in (*STATE, OUT_OF_SCOPE)]
    strangers = [case for case in found if case.phrase.intent == OUT_OF_SCOPE]
    right = [case for case in content if case.understood.intent == case.phrase.intent]
    among = [case for case in content if case.phrase.intent in dict(case.understood.likely)]
    answers = [case for case in found if case.in_state]
    assert len(right) >= 0.9 * len(content)
    assert len(among) >= 0.96 * len(content)
    assert sum(case.in_state.intent == case.phrase.intent for case in answers) >= 0.95 * len(answers)
    assert sum(case.understood.zone == "sure" for case in strangers) <= 0.06 * len(strangers)


def test_no_phrase_held_out_is_learnt_from():
    learnt = {normalise(each.text) for each in read_all()}
    assert not [
        each.text for each in read_file(HELD_OUT) if normalise(each.text) in learnt and each.intent not in STATE
    ]


@pytest.mark.parametrize(
    ("typed", "intent"),
    [
        ("بغيت نوقع على هاد العريضة ديال الضو", "petition_sign"),
        ("bghit nwa9e3 3la l3arida", "petition_sign"),
        ("je ve signé la petission", "petition_sign"),
        ("fin wslat l3arida", "petition_status"),
        ("bghit nsewet 3la jerda dyal ourbia", "budget_vote"),
    ],
)
def test_people_write_as_they_speak(typed, intent):
    found = understand(typed, reasons=True)
    assert (found.intent, found.zone) == (intent, "sure")
    assert len(found.reasons) == 5
    assert found.reasons[0][1] > 0


@pytest.mark.parametrize("typed", ["facture dyal lma ghalia", "شكون ربح الماتش", "tu es bête", "météo demain"])
def test_what_is_none_of_our_business_is_let_go(typed):
    assert understand(typed).zone != "sure"


@pytest.mark.parametrize("typed", ["iyeh", "wakha", "oui", "اه", "ouiiii", "واااخا", "Oui !", "نَعَم", "ok"])
def test_yes_is_a_closed_list(typed):
    assert meaning(typed) == "yes"


@pytest.mark.parametrize("typed", ["compris", "fhemt", "safi", "c'est bon", "wakha safi"])
def test_what_agrees_less_clearly_is_a_yes_among_the_intents_and_gives_no_consent(typed):
    assert understand(typed, among=("yes", "no")).intent == "yes"
    assert stands_for(answer(typed), "yes") is ("wakha" in typed)


@pytest.mark.parametrize("typed", ["واش نحبس؟", "wach n7bes", "je dois arrêter ?", "oui mais non", "واخا ولا لا"])
def test_a_question_is_no_answer(typed):
    assert meaning(typed) is None


def test_the_same_text_is_always_understood_alike():
    assert understand("bghit nwe9e3", reasons=True) == understand("bghit nwe9e3", reasons=True)
    phrase = Phrase("je voudrais signer une pétition", "petition_sign", "fr")
    assert variants(phrase, 5) == variants(phrase, 5)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
@example("ﷺ ⅷ ＡＢＣ ① İ ß ﬃ")
@example("ـــ\u202e\u0640\u064b")
@example("\ud800")
def test_no_text_breaks_the_understanding(typed):
    written = normalise(typed)
    assert normalise(written) == written
    found = understand(typed, reasons=True)
    assert 0 <= found.score <= 1
    assert found.zone in ("sure", "unsure", "lost")
    assert 0 <= language(typed)[1] <= 1
    assert named(typed, {"a": ["Foughal"], "b": [typed]}) in ("a", "b", None)
    assert spelt(typed, {"a": "Foughal", "b": typed}) in ("a", "b", None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("العريضة", "larida"),
        ("l3arida", "عريضة"),
        ("nwe9e3", "نوقع"),
        ("chabab", "الشباب"),
        ("kherreb", "خرب"),
        ("Oulad Hamdane", "lad hmdan"),
        ("أولاد حمدان", "ouled hamdan"),
    ],
)
def test_a_skeleton_is_the_same_in_both_scripts(one, other):
    assert bones(one) == bones(other)


QUARTERS = {"hamdane": "Oulad Hamdane", "ayad": "Oulad Ayad", "ourbiaa": "Ourbiaa", "asserdoun": "Aïn Asserdoun"}


@pytest.mark.parametrize(
    ("typed", "quarter"),
    [
        ("ouled hamdan", "hamdane"),
        ("lad hmdan", "hamdane"),
        ("ولاد حمدان", "hamdane"),
        ("أولاد عياد", "ayad"),
        ("3in asserdoun", "asserdoun"),
        ("عين اسردون", "asserdoun"),
        ("ourbia3", "ourbiaa"),
        ("oulad", None),
        ("casa", None),
    ],
)
def test_a_quarter_is_known_however_it_is_spelt(typed, quarter):
    assert spelt(typed, QUARTERS) == quarter


PROJECTS = {
    "fountains": ["Faire revivre les fontaines de la médina", "إحياء سقايات المدينة القديمة"],
    "garden": ["Jardin de quartier", "جردة الحي", "Ourbiaa", "أوربيع"],
    "light": ["Éclairage solaire des escaliers", "إنارة شمسية للأدراج", "Foughal", "فوغال"],
}


@pytest.mark.parametrize(
    ("typed", "project"),
    [
        ("bghit nsewet 3la jerda dyal ourbia", "garden"),
        ("voter pour les fontaines", "fountains"),
        ("نصوت على الإنارة ديال فوغال", "light"),
        ("نصوت على s9ayat lmdina", "fountains"),
        ("bghit nsewet", None),
        ("voter pour un projet", None),
        ("", None),
    ],
)
def test_what_a_wish_is_about_is_found_among_the_titles(typed, project):
    assert named(typed, PROJECTS) == project


@pytest.mark.parametrize(
    ("typed", "written", "ours"),
    [
        ("بغيت نوقع على العريضة ديال الحومة", "ary-Arab", "ary"),
        ("bghit nwa9e3 3la l3arida", "ary-Latn", "ary"),
        ("je voudrais signer la pétition", "fr", "fr"),
        ("أود أن أوقع على هذه العريضة", "ar", "ary"),
        ("i would like to sign the petition", "en", None),
        ("بغيت نسيني la pétition", "mix", "ary"),
        ("12", "", None),
    ],
)
def test_the_language_is_told_by_script_then_by_letters(typed, written, ours):
    assert language(typed)[0] == written
    assert proposed(typed) == ours


def test_understand_prints_what_decided_as_lines_of_json(tmp_path):
    runner = CliRunner()
    [line] = runner.invoke(app, ["understand", "bghit nwa9e3 3la l3arida"]).output.splitlines()
    told = json.loads(line)
    assert (told["intent"], told["zone"], told["language"]) == ("petition_sign", "sure", "ary-Latn")
    assert told["likely"][0]["intent"] == "petition_sign"
    assert any("petition" in each["feature"] for each in told["features"])

    (file := tmp_path / "some.tsv").write_text("text\tintent\nتصويت\tbudget_vote\noui\tyes\n", encoding="utf-8")
    lines = [json.loads(line) for line in runner.invoke(app, ["understand", "--tsv", str(file)]).output.splitlines()]
    assert [(each["expected"], each["intent"]) for each in lines] == [("budget_vote", "budget_vote"), ("yes", "yes")]
    assert runner.invoke(app, ["understand"]).exit_code == 2
    assert runner.invoke(app, ["understand", "--tsv", "nowhere.tsv"]).exit_code == 2
