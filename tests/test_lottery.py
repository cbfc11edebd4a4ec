"""The lottery: quotas are kept wherever they can be, and anyone who runs it again gets the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.lottery import Drawn, Published, Ticket, attainable, draw, is_right, read

GROUPS = ("women", "men", "youth")
WOMAN, MAN = frozenset({"women"}), frozenset({"men"})


def people(*groups):
    return [Ticket(f"T{number:03}", frozenset(each)) for number, each in enumerate(groups)]


CROWDS = st.lists(st.sets(st.sampled_from(GROUPS)), max_size=14).map(lambda sets: people(*sets))
QUOTAS = st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 6), max_size=3)


@given(CROWDS, st.integers(1, 8), QUOTAS, st.text(min_size=1, max_size=8))
def test_no_seat_too_many_no_quota_missed_nobody_lost(crowd, seats, quotas, seed):
    drawn = draw(crowd, seats, quotas, seed)
    groups = {ticket.number: ticket.groups for ticket in crowd}
    assert len(drawn.seated) == min(seats, len(crowd))
    for group, least in drawn.least.items():
        assert sum(group in groups[number] for number in drawn.seated) >= least
    assert sorted([*drawn.seated, *drawn.alternates]) == sorted(groups)


@given(CROWDS, st.integers(1, 8), QUOTAS, st.text(min_size=1, max_size=8))
def test_it_gives_the_same_however_the_list_is_ordered(crowd, seats, quotas, seed):
    assert draw(crowd, seats, quotas, seed) == draw(list(reversed(crowd)), seats, quotas, seed)


@given(CROWDS, st.integers(1, 8), QUOTAS)
def test_what_is_published_can_be_checked_by_anybody(crowd, seats, quotas):
    drawn = draw(crowd, seats, quotas, "17-04-33")
    published = Published(crowd, seats, quotas, "17-04-33", drawn)
    again = read(published.as_json())
    assert is_right(again)
    assert again.fingerprint == published.fingerprint
    assert not is_right(Published(crowd, seats, quotas, "17-04-33", Drawn([], ["x"], drawn.least)))


def test_a_quota_that_too_few_applied_for_is_lowered_as_far_as_needed():
    crowd = people(WOMAN, MAN, MAN, MAN, MAN)
    assert attainable(crowd, 4, {"women": 2, "men": 2}) == {"women": 1, "men": 2}
    drawn = draw(crowd, 4, {"women": 2, "men": 2}, "a")
    assert "T000" in drawn.seated


def test_one_person_can_count_to_two_quotas():
    crowd = people({"women", "youth"}, MAN, MAN, MAN)
    assert "T000" in draw(crowd, 1, {"women": 1, "youth": 1}, "any").seated


def test_without_quotas_everybody_has_the_same_chance():
    crowd = people(*[()] * 10)
    times = {ticket.number: 0 for ticket in crowd}
    for number in range(2000):
        for seated in draw(crowd, 3, {}, f"seed {number}").seated:
            times[seated] += 1
    assert all(480 < count < 720 for count in times.values())  # 600 expected, five deviations away


def test_the_order_is_the_one_that_the_documentation_gives():
    # sha256("2027:T000") and so on, sorted; worked out with another tool (sha256sum).
    assert draw(people((), (), ()), 1, {}, "2027").seated == ["T002"]


def test_the_list_cannot_be_changed_once_its_fingerprint_is_known():
    crowd = people(WOMAN, MAN)
    first = Published(crowd, 1, {"women": 1}).fingerprint
    assert first == Published(list(reversed(crowd)), 1, {"women": 1}).fingerprint
    assert first != Published(people(MAN, WOMAN), 1, {"women": 1}).fingerprint
    assert first != Published(crowd, 2, {"women": 1}).fingerprint


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b'{"tickets": 3}', b"\xff"])
def test_what_is_no_published_draw_is_refused(junk):
    with pytest.raises(ValueError, match=r".+"):
        read(junk)
