"""Numbers, days and hours as people type them, in both languages and both scripts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales.moments import read
from locales.numbers import whole

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # a Tuesday, noon in Morocco


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("27", 27),
        ("٢٧", 27),
        ("جوج", 2),
        ("wahd", 1),
        ("wa7ed", 1),
        ("deux", 2),
        ("٣", 3),
        ("vingt et un", 21),
        ("quatre-vingt-dix", 90),
        ("soixante-quinze", 75),
        ("deux mille vingt-sept", 2027),
        ("خمسة وعشرين", 25),
        ("khamsa w 3echrin", 25),
        ("مية وخمسة", 105),
        ("tnach", 12),
        ("10 000", 10000),
        ("10.000 DH", 10000),
        ("27ans", 27),
        ("عندي 27 عام", 27),
        ("3ndi 27 3am", 27),
        ("j'ai vingt et un ans", 21),
        ("0", 0),
    ],
)
def test_a_whole_number_is_read(typed, number):
    assert whole(typed) == number


@pytest.mark.parametrize("typed", ["", "bla", "2 ou 3", "-3", "12,5", "1.5", "12/2", "I123456", "?", "عام"])
def test_what_is_no_one_whole_number_is_none(typed):
    assert whole(typed) is None


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("15/12/2026 18:00", "2026-12-15 18:00"),
        ("15 décembre 18h", "2026-12-15 18:00"),
        ("mardi 15 décembre 2026 à 18h30", "2026-12-15 18:30"),
        ("15 دجنبر مع 6 العشية", "2026-12-15 18:00"),
        ("2026-12-15T18:00+01:00", "2026-12-15 18:00"),
        ("2026-12-15", "2026-12-15 00:00"),
        ("le 12/2", "2027-02-12 00:00"),
        ("نهار 12 فشهر 2", "2027-02-12 00:00"),
        ("le 3", "2026-12-03 00:00"),
        ("le 30", "2026-11-30 00:00"),
        ("1er mars", "2027-03-01 00:00"),
        ("٣ مارس", "2027-03-03 00:00"),
        ("12 غشت", "2027-08-12 00:00"),
        ("aujourd'hui à 15h", "2026-11-24 15:00"),
        ("ghedda m3a l10", "2026-11-25 10:00"),
        ("غدا مع العشرة ونص", "2026-11-25 10:30"),
        ("غدا مع 8 قل ربع", "2026-11-25 07:45"),
        ("demain à neuf heures et demie", "2026-11-25 09:30"),
        ("بعد غدا مع 9", "2026-11-26 09:00"),
        ("après-demain à midi", "2026-11-26 12:00"),
        ("السبت الجاي", "2026-11-28 00:00"),
        ("sebt m3a 4 l3chiya", "2026-11-28 16:00"),
        ("samedi prochain à 15h", "2026-11-28 15:00"),
        ("mardi", "2026-12-01 00:00"),  # said on a Tuesday: the next one
        ("dans 3 jours", "2026-11-27 00:00"),
        ("من هنا 3 أيام", "2026-11-27 00:00"),
        ("dans deux semaines", "2026-12-08 00:00"),
    ],
)
def test_a_moment_is_read(typed, moment):
    assert f"{read(typed, NOW):%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    "typed", ["", "bla", "10", "12 abricots", "31/2/2027", "1/13", "lundi à 25h", "bla lundi", "9" * 60, "مع 10"]
)
def test_what_is_no_moment_is_none(typed):
    assert read(typed, NOW) is None


def test_a_day_alone_begins_it_or_ends_it():
    assert f"{read('demain', NOW):%d %H:%M:%S}" == "25 00:00:00"
    assert f"{read('demain', NOW, last=True):%d %H:%M:%S}" == "25 23:59:59"
    assert f"{read('2026-12-15', NOW, last=True):%d %H:%M:%S}" == "15 23:59:59"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789/:.-hlf وdemainغابت٣ ", max_size=25) | st.text(max_size=40))
def test_nothing_typed_breaks_them(typed):
    assert (read(typed, NOW) or NOW).tzinfo
    assert (whole(typed) or 0) >= 0
