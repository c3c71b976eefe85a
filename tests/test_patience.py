"""How long an ear may be silent."""

import pytest

from assistant.hearing.patience import HUNG_S, STUCK_S, Patience

pytestmark = pytest.mark.unit


def hangs_at(patience: Patience, until_s: int, *, speaks: bool, advances: bool) -> int | None:
    """Return the second at which an ear that goes on like that counts as hung."""
    for now_s in range(until_s):
        lines, steps = now_s if speaks else 0, now_s if advances else 0
        if patience.is_over(float(now_s), HUNG_S, lines=lines, steps=steps):
            return now_s
    return None


def test_an_ear_that_says_nothing_hangs_after_its_time() -> None:
    assert hangs_at(Patience(), 60, speaks=False, advances=False) == HUNG_S


def test_an_ear_that_speaks_and_says_nothing_final_hangs_much_later() -> None:
    assert hangs_at(Patience(), 600, speaks=True, advances=False) == STUCK_S


def test_an_ear_that_works_never_hangs() -> None:
    assert hangs_at(Patience(), 1000, speaks=True, advances=True) is None


def test_a_jump_of_time_counts_little() -> None:
    patience = Patience()
    for now_s in (0.0, 3600.0, 7200.0):
        assert not patience.is_over(now_s, HUNG_S, lines=0, steps=0)


def test_time_that_goes_back_counts_nothing() -> None:
    patience = Patience()
    for now_s in range(100, 0, -1):
        assert not patience.is_over(float(now_s), HUNG_S, lines=0, steps=0)
