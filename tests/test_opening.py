"""The reminder to ask for leave: when it is due, and when it is not any more."""

import msgspec
import pytest
from scene import ME, PLAN, THEM, UNCLEAR

from assistant.events import (
    Channel,
    Consent,
    Consented,
    Entry,
    Fact,
    Finding,
    SpeechEnded,
    SpeechStarted,
)
from assistant.minds.opening import Opening

pytestmark = pytest.mark.unit

ASK = msgspec.structs.replace(PLAN, consent="ask")


def turn(channel: Channel, end_s: float) -> tuple[float, Fact]:
    return end_s + 0.4, SpeechEnded(channel, end_s - 1.0, end_s)


def due_s(opening: Opening, *placed: tuple[float, Fact | Finding]) -> float | None:
    due = None
    for number, (at_s, event) in enumerate(placed):
        due = opening.take(Entry(number + 1, at_s, event))
    return due


def test_it_is_due_when_both_have_spoken_or_ten_seconds_in() -> None:
    assert due_s(Opening(ASK), turn(ME, 2.0)) == 10.0
    assert due_s(Opening(ASK), turn(ME, 2.0), turn(THEM, 4.0)) == 6.0
    assert due_s(Opening(ASK), turn(UNCLEAR, 2.0), turn(UNCLEAR, 12.0)) == 14.0


def test_while_they_greet_it_waits_for_a_real_pause_and_then_for_a_breath() -> None:
    opening = Opening(ASK)
    assert due_s(opening, turn(ME, 40.0), turn(THEM, 50.0)) == 52.0
    assert opening.is_open
    assert due_s(opening, (51.0, SpeechStarted(ME, 51.0))) is None
    assert not opening.is_open
    assert due_s(opening, turn(ME, 59.0)) == 60.0
    assert due_s(opening, turn(THEM, 70.0)) == 70.4
    assert opening.is_open


def test_it_is_due_once_more_some_minutes_later_and_then_never() -> None:
    opening = Opening(ASK)
    assert due_s(opening, turn(ME, 2.0), turn(THEM, 4.0)) == 6.0
    opening.told(5.0)
    assert due_s(opening, turn(THEM, 20.0)) == 185.0
    opening.told(190.0)
    assert due_s(opening, turn(THEM, 400.0)) is None


@pytest.mark.parametrize("event", [Consent(1, "asked"), Consented("given"), Consented("refused")])
def test_it_is_not_due_once_it_was_asked(event: Consented | Consent) -> None:
    opening = Opening(ASK)
    assert due_s(opening, (1.0, event), turn(ME, 2.0), turn(THEM, 4.0)) is None
    assert not opening.is_open


def test_it_is_not_due_where_the_sheet_says_so_or_so_late() -> None:
    for consent in ("given", "not-needed"):
        plan = msgspec.convert({"consent": consent}, type(ASK))
        assert due_s(Opening(plan), turn(ME, 2.0), turn(THEM, 4.0)) is None
    assert due_s(Opening(ASK), turn(ME, 700.0), turn(THEM, 704.0)) is None
