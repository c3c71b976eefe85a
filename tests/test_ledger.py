"""The account of the cues: what keeps others away, and what uses up the budget."""

import math

import pytest

from assistant.events import Cue
from assistant.minds.ledger import Ledger
from assistant.plan import Dials

pytestmark = pytest.mark.unit

CUE = Cue("question", "ask: skills", "skills", "silent for 4 s", 26.0)


def ledger() -> Ledger:
    return Ledger(Dials(cue_budget=2, cue_window_s=600.0, cue_spacing_s=60.0))


@pytest.mark.parametrize(
    ("reason", "keeps_away"),
    [("stall", True), ("next", True), ("opening", True), ("time", False), ("microphone", False)],
)
def test_what_keeps_others_away(reason: str, keeps_away: bool) -> None:
    book = ledger()
    book.put(reason, CUE, 10.0)
    assert book.has_room(69.0) is not keeps_away
    assert book.has_room(70.0)


@pytest.mark.parametrize(
    ("reason", "counts"),
    [("stall", True), ("farewell", True), ("next", False), ("opening", False), ("disk", False)],
)
def test_what_uses_up_the_budget(reason: str, counts: bool) -> None:
    book = ledger()
    for at_s in (10.0, 80.0):
        book.put(reason, CUE, at_s)
    assert book.has_room(300.0) is not counts
    assert book.has_room(610.0)


def test_what_nobody_took_in_is_struck_out() -> None:
    book = ledger()
    book.put("stall", CUE, 10.0)
    assert book.cued == {"skills": 10.0}
    book.put("stall", CUE, 80.0)
    book.strike(CUE, 80.0)
    assert book.cued == {}
    assert book.has_room(81.0)
    assert book.since_s("stall", 81.0) == 71.0
    book.strike(CUE, 10.0)
    assert book.since_s("stall", 81.0) == math.inf


def test_when_a_reason_was_served() -> None:
    book = ledger()
    assert book.since_s("line", 50.0) == math.inf
    book.put("line", CUE, 20.0)
    assert book.since_s("line", 50.0) == 30.0
