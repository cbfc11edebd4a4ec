"""What a channel can show: nothing lost, nothing too long, nothing cut in the wrong place."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import whatsapp_letters
from bot.render import CONSOLE, TELEGRAM, WEB, WHATSAPP, Limits, plain, render, split, units
from bot.runner import LIMITS
from locales.values import escape
from storage.petitions import Support

YES_NO = [["1:yes", "Oui"], ["1:no", "Non"]]
LONG = "Un intitulé bien trop long pour tenir sur un bouton"


def message(text="Question ?", buttons=(), **other):
    return {"text": text, "language": "fr", "buttons": [list(button) for button in buttons], **other}


# Examples


def test_few_short_labels_are_buttons_everywhere():
    for limits in LIMITS.values():
        assert render(message(buttons=YES_NO), limits) == [message(buttons=YES_NO)]


def test_four_labels_are_a_list_on_whatsapp_and_buttons_elsewhere():
    buttons = [[f"1:{n}", f"Projet {n}"] for n in range(4)]
    [on_whatsapp] = render(message(buttons=buttons), WHATSAPP)
    assert on_whatsapp == {"text": "Question ?", "language": "fr", "list": buttons}
    for limits in (TELEGRAM, WEB, CONSOLE):
        assert render(message(buttons=buttons), limits) == [message(buttons=buttons)]


@settings(deadline=None, max_examples=30)
@given(count=st.integers(4, 60), way_out=st.booleans())
def test_every_label_of_a_long_list_is_reached_page_by_page_on_whatsapp(count, way_out):
    buttons = [[f"1:{n}", f"Projet {n}"] for n in range(count)] + [["1:@back", "Retour"]] * way_out
    found, start = [], 0
    while start is not None:
        [shown] = render(message(buttons=buttons, start=start), WHATSAPP)
        assert (shown["text"], len(shown["list"]) <= 10) == ("Question ?", True)
        turns = {label: value for value, label in shown["list"] if value.startswith("@more=")}
        found += [value for value, _label in shown["list"] if value[2:].isdecimal()]
        assert not way_out or shown["list"][-1] == ["1:@back", "Retour"]
        assert bool(start) == ("Précédents" in turns)
        start = int(turns["Suite"].removeprefix("@more=")) if "Suite" in turns else None
    assert found == [f"1:{n}" for n in range(count)]


def test_a_long_label_stands_in_full_under_the_title_of_its_row_on_whatsapp():
    [shown] = render(message(buttons=[["1:a", LONG], ["1:b", "Non"]]), WHATSAPP)
    assert (shown["text"], shown["list"]) == ("Question ?", [["1:a", LONG], ["1:b", "Non"]])
    rows = whatsapp_letters.written(shown)["interactive"]["action"]["sections"][0]["rows"]
    assert rows[0] == {"id": "1:a", "title": "Un intitulé bien trop l…", "description": LONG}
    assert rows[1] == {"id": "1:b", "title": "Non"}


def test_a_label_that_is_cut_stands_in_full_in_the_text():
    [shown] = render(message(buttons=[["1:a", LONG + LONG], ["1:b", "Non"]]), WHATSAPP)
    assert shown["text"] == f"Question ?\n\n1. {LONG}{LONG}\n2. Non"
    assert shown["list"] == [["1:a", "Un intitulé bien trop l…"], ["1:b", "Non"]]
    parts = render(message(buttons=[[f"1:{n}", f"{n} {LONG}{LONG}"] for n in range(11)]), WHATSAPP)
    assert not any(part.keys() & {"list", "buttons"} for part in parts)
    assert parts[-1]["text"].endswith(f"11. 10 {LONG}{LONG}")
    [shown] = render(message(buttons=[["1:a", LONG + LONG], ["1:b", "Non"]]), TELEGRAM)
    assert shown["text"] == f"Question ?\n\n1. {LONG}{LONG}\n2. Non"
    assert [len(label) for _value, label in shown["buttons"]] == [60, 3]


def test_a_label_of_just_the_size_is_not_cut():
    for size in (20, 21, 24):
        [shown] = render(message(buttons=[["1:a", "x" * size]]), WHATSAPP)
        assert (shown.get("buttons") or shown.get("list")) == [["1:a", "x" * size]]
        assert shown["text"] == "Question ?"


def test_a_label_counts_as_channels_count():
    [shown] = render(message(buttons=[["1:a", "🌳" * 12]]), WHATSAPP)
    assert shown["list"] == [["1:a", "🌳" * 12]]
    [shown] = render(message(buttons=[["1:a", "🌳" * 37]]), WHATSAPP)
    assert units(shown["list"][0][1]) <= 24
    assert "🌳" * 37 in shown["text"]


def test_markup_in_a_label_is_escaped_where_it_stands_in_the_text():
    [shown] = render(message(buttons=[["1:a", f"<b>{LONG} & {LONG}"]]), WHATSAPP)
    assert f"1. &lt;b&gt;{LONG} &amp; {LONG}" in shown["text"]


def test_what_is_too_long_goes_in_parts_with_the_buttons_under_the_last():
    parts = render(message("mot " * 600, YES_NO, replaces="7"), WHATSAPP)
    assert len(parts) == 3
    assert ["buttons" in part for part in parts] == [False, False, True]
    assert not any("replaces" in part for part in parts)


def test_text_is_cut_at_a_blank_line_rather_than_at_a_line_and_there_rather_than_in_a_word():
    text = "a" * 300 + "\n\n" + "b" * 300 + "\n" + "c" * 300 + " " + "d" * 300
    assert split(text, 1024) == [
        f"{'a' * 300}\n\n{'b' * 300}\n{'c' * 300}".rpartition("\n")[0],
        "c" * 300 + " " + "d" * 300,
    ]


def test_bold_is_closed_and_opened_again_where_it_is_cut():
    one, two, three = split("<b>" + "mot " * 600 + "</b>", 1024)
    assert one.startswith("<b>mot")
    assert one.endswith("mot</b>")
    assert two.startswith("<b>mot")
    assert two.endswith("mot</b>")
    assert three.startswith("<b>mot")


@pytest.mark.parametrize("limits", [TELEGRAM, WHATSAPP])
def test_a_picture_whose_caption_is_too_long_stands_before_the_text(limits):
    picture = {"chart": {"title": "x"}}
    [shown] = render(message("court", YES_NO, picture=picture), limits)
    assert (shown["picture"], shown["text"], shown["buttons"]) == (picture, "court", YES_NO)
    before, *rest = render(
        message("mot " * 1500, [[f"1:{n}", f"Projet {n}"] for n in range(6)], picture=picture), limits
    )
    assert (before["picture"], before["text"]) == (picture, "")
    assert not before.keys() & {"buttons", "list"}
    assert not any("picture" in part for part in rest)
    assert [bool(part.keys() & {"buttons", "list"}) for part in rest] == [False] * (len(rest) - 1) + [True]


def test_plain_text_has_no_markup():
    assert plain("<b>Parc</b> &amp; <code>BM-1</code> &lt;b&gt;") == "Parc & BM-1 <b>"


# Properties

word = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=40)
odd = st.sampled_from(
    ["🌳", "👩‍👩‍👧", "<b>", "&amp;", "&", "<", ">", "صوت", "é", "a" * 900, "🙂" * 500, "&" * 200, "<" * 300]
)
written = st.lists(word | odd, min_size=1, max_size=30).map(lambda words: [escape(each) for each in words])
gap = st.sampled_from([" ", "\n", "\n\n", " \n"])
tag = st.sampled_from(["", "", "", "b", "code"])


@st.composite
def texts(draw):
    """Escaped words with spaces and lines between them, some of them bold or copyable."""
    parts = []
    for _piece in range(draw(st.integers(1, 4))):
        name, words = draw(tag), draw(gap).join(draw(written))
        parts.append(f"<{name}>{words}</{name}>" if name else words)
    return draw(gap).join(parts)


limits = st.builds(
    Limits,
    text=st.integers(64, 2000),
    caption=st.integers(64, 1500),
    buttons=st.integers(0, 12),
    label=st.integers(4, 60),
    rows=st.integers(0, 12),
    row=st.integers(4, 30),
) | st.sampled_from(list(LIMITS.values()))
label = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80)
buttons = st.lists(label, max_size=14).map(lambda labels: [[f"1:{n}", text] for n, text in enumerate(labels)])


def bare(text):
    """Without spaces and without the tags that a cut adds."""
    return re.sub(r"\s", "", re.sub("</?(b|code)>", "", text))


@settings(deadline=None)
@given(text=texts(), size=st.integers(32, 2000))
def test_splitting_loses_nothing_and_keeps_the_limit(text, size):
    parts = split(text, size)
    assert bare("".join(parts)) == bare(text)
    for part in parts:
        assert units(part) <= size
        assert_whole(part)


def assert_whole(part):
    """Tags are balanced and nothing is cut in a tag or an entity."""
    opened = []
    for mark in re.findall("<[^>]*>?|[^<>]*>", part):
        assert mark in ("<b>", "</b>", "<code>", "</code>"), f"{mark!r} is cut"
        if mark.startswith("</"):
            assert opened.pop() == mark[2:-1]
        else:
            opened.append(mark[1:-1])
    assert not opened
    for entity in re.findall("&[^;]{0,4};?", part):
        assert entity in ("&amp;", "&lt;", "&gt;"), f"{entity!r} is cut"


def turned(asked, limits):
    """The question as it stands at first, and after each tap on "More"."""
    start = 0
    while start is not None:
        parts = render({**asked, "start": start}, limits)
        yield parts
        further = [int(value.split("=")[1]) for value, _label in parts[-1].get("list", []) if "@more" in value]
        start = max((place for place in further if place > start), default=None)


@settings(deadline=None)
@given(text=texts(), buttons=buttons, limits=limits, has_picture=st.booleans())
def test_rendering_loses_nothing_and_keeps_every_limit(text, buttons, limits, has_picture):
    picture = {"picture": {"chart": 1}} if has_picture else {}
    parts = render(message(text, buttons, **picture), limits)
    said = bare("".join(part["text"] for part in parts))
    assert bare(text) in said
    values = [value for value, _label in buttons]
    for part in parts:
        assert units(part["text"]) <= (limits.caption if "picture" in part else limits.text)
        assert_whole(part["text"])
        assert len(part.get("buttons", [])) <= limits.buttons
        assert len(part.get("list", [])) <= limits.rows
        assert all(units(shown) <= limits.label for _value, shown in part.get("buttons", []))
        assert all(units(shown) <= max(limits.row, limits.detail) for _value, shown in part.get("list", []))
    for part in parts[:-1]:
        assert not part.keys() & {"buttons", "list"}
    offered = parts[-1].get("buttons") or [
        row for part in turned(message(text, buttons, **picture), limits) for row in part[-1].get("list", [])
    ]
    offered = [row for row in offered if "@more" not in row[0]]
    assert [value for value, _label in offered] in (values, [])
    shown_in_full = {shown for _value, shown in offered}
    numbers = Counter(
        f"{n}.{bare(escape(name))}" for n, (_value, name) in enumerate(buttons, 1) if name not in shown_in_full
    )
    assert all(line in said for line in numbers), "a label stands nowhere in full"
    assert sum("picture" in part for part in parts) == has_picture


# The same conversation on every channel


async def test_a_petition_is_supported_on_every_channel(city, channel):
    await city.petition("Des arbres")
    for number in range(3):
        await city.petition(f"Une pétition dont le titre est bien long, numéro {number}")
    ada = city.citizen("fr", channel)
    await ada.arrives()
    await ada.supports("Des arbres")
    [support] = await city.all(Support)
    assert support.receipt in ada.shown
    assert (support.channel, support.quarter, support.cin_mask) == (channel, "ourbiaa", "I••••56")
    for _who, text in ada.history:
        assert units(text) <= LIMITS[channel].text


async def test_one_of_many_petitions_is_found_on_every_channel(city, channel):
    """Eleven and a way out: more than a list of WhatsApp holds."""
    for number in range(1, 12):
        await city.petition(f"Pétition {number:02}")
    ada = city.citizen("fr", channel)
    await ada.arrives()
    await ada.supports("Pétition 11")
    [support] = await city.all(Support)
    ada.sees(support.receipt)
    [petition] = [each for each in await city.all(type(await city.petition())) if each.id == support.petition_id]
    assert petition.title["fr"] == "Pétition 11"


async def test_a_ballot_is_cast_on_every_channel(city, channel):
    from storage.ballots import Ballot, Choice

    await city.vote("knapsack", costs=(60, 30, 50, 20, 10), most=5)
    ada = city.citizen("fr", channel)
    await ada.arrives()
    await ada.says("/vote")
    for label in ("Voter maintenant", "Parc", "Banc", "Four", "Terminer", "Confirmer mon vote"):
        await ada.taps(label)
    [ballot] = await city.all(Ballot)
    assert (ballot.channel, len(await city.all(Choice))) == (channel, 3)
