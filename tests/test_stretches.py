"""Stretches laid over one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.minds.stretches import merged, total_s

pytestmark = pytest.mark.unit

STRETCHES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def test_what_overlaps_is_one() -> None:
    assert merged([(5.0, 8.0), (1.0, 3.0), (7.0, 9.0)]) == [(1.0, 3.0), (5.0, 9.0)]
    assert total_s([(5.0, 8.0), (1.0, 3.0), (7.0, 9.0)]) == 6.0


def test_what_touches_or_is_near_enough_is_one() -> None:
    assert merged([(1.0, 2.0), (2.0, 3.0)]) == [(1.0, 3.0)]
    assert merged([(1.0, 2.0), (3.5, 4.0)], 1.0) == [(1.0, 2.0), (3.5, 4.0)]
    assert merged([(1.0, 2.0), (3.0, 4.0)], 1.0) == [(1.0, 4.0)]


def test_what_is_empty_or_the_wrong_way_round_counts_for_nothing() -> None:
    assert merged([(3.0, 3.0), (9.0, 4.0), (float("nan"), 2.0)]) == []


@given(STRETCHES)
def test_the_seconds_are_those_that_any_of_them_holds(stretches: list[tuple[int, int]]) -> None:
    held = {n for from_s, to_s in stretches for n in range(from_s, to_s)}
    assert total_s(stretches) == len(held)
