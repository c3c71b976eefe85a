"""Lines that wait for what they mean."""

import pytest

from assistant.minds.waiting import Waiting

pytestmark = pytest.mark.unit


def test_each_line_is_taken_once() -> None:
    waiting = Waiting[str]()
    waiting.add(4, "four")
    assert 4 in waiting
    assert waiting.take(4) == "four"
    assert 4 not in waiting


def test_where_too_many_wait_the_oldest_goes() -> None:
    waiting = Waiting[int](most=3)
    for seq in range(5):
        waiting.add(seq, seq)
    assert [seq in waiting for seq in range(5)] == [False, False, True, True, True]


def test_after_a_clearing_nothing_waits() -> None:
    waiting = Waiting[int]()
    waiting.add(1, 1)
    waiting.clear()
    assert 1 not in waiting
