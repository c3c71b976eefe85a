"""What waits to be said: which reasons, and for how long."""

import pytest
from scene import PLAN

from assistant.events import (
    Channel,
    Entry,
    Fact,
    Finding,
    Forgotten,
    Heard,
    Hushed,
    JobAsked,
    NextWanted,
    Recovered,
    Trouble,
)
from assistant.minds.ledger import Ledger
from assistant.minds.reasons import FIRST, RARE_S, SETTLES_S, Reason, Reasons

pytestmark = pytest.mark.unit

GONE = Trouble("microphone", "It stopped.")


def waiting(*placed: tuple[float, Fact | Finding]) -> set[Reason]:
    reasons = Reasons(PLAN, Ledger(PLAN.dials))
    for number, (at_s, event) in enumerate(placed):
        reasons.take(Entry(number + 1, at_s, event))
    return set(reasons.waiting)


def test_a_reason_waits_until_it_is_too_late() -> None:
    reasons = Reasons(PLAN, Ledger(PLAN.dials))
    reasons.take(Entry(1, 10.0, NextWanted()))
    reasons.drop_late(22.0)
    assert list(reasons.waiting) == ["next"]
    reasons.drop_late(22.1)
    assert list(reasons.waiting) == []


def test_hush_lets_only_a_lost_side_wait() -> None:
    assert waiting((9.0, GONE), (10.0, NextWanted()), (11.0, Hushed())) == {"microphone"}
    assert waiting((9.0, Hushed()), (10.0, GONE), (11.0, NextWanted())) == {"microphone"}


@pytest.mark.parametrize("gap", [Forgotten(9.0, 20.0), Recovered(9.0, 20.0)])
def test_of_a_gap_nothing_waits(gap: Forgotten | Recovered) -> None:
    assert waiting((8.0, NextWanted()), (9.0, gap)) == set()
    assert waiting((9.0, gap), (19.0, NextWanted()), (19.5, GONE)) == set()
    assert waiting((9.0, gap), (20.5, NextWanted())) == {"next"}


@pytest.mark.parametrize(("known_s", "is_told"), [(62.0, True), (155.0, False)])
def test_a_slip_that_is_heard_of_late_is_not_warned_of(known_s: float, is_told: bool) -> None:
    asked = Heard(Channel.ME, 57.0, 60.0, "would you hire me")
    assert waiting((known_s, asked), (known_s + 0.1, JobAsked(1))) == (
        {"caution"} if is_told else set()
    )


def test_every_part_that_is_told_has_its_place() -> None:
    assert set(SETTLES_S) < set(FIRST)
    assert all(settles_s < RARE_S for settles_s in SETTLES_S.values())
