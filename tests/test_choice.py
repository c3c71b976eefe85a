"""Which question comes next."""

import pytest
from scene import PLAN

from assistant.events import Asked, Entry, Fact, Finding, MaybeAsked, Ticked, Touched
from assistant.minds.agenda import Agenda
from assistant.minds.choice import next_question
from assistant.plan import Plan

pytestmark = pytest.mark.unit


def order(left_s: float, *events: Fact | Finding, plan: Plan = PLAN) -> list[str]:
    """Return the questions in the order in which they would be handed out."""
    agenda = Agenda(plan)
    for number, event in enumerate(events):
        agenda.take(Entry(number + 1, 1.0, event))
    ids: list[str] = []
    while choice := next_question(agenda, left_s, 1200.0, ids):
        ids.append(choice.question.id)
    return ids


def test_must_asks_first_then_the_sheets_order_and_no_closing_ones() -> None:
    assert order(1000.0) == ["career-path", "hardest-part", "typical-day", "skills"]


def test_touched_and_doubted_ones_wait_behind_their_kind() -> None:
    events = Touched("career-path", 1, 0.7), MaybeAsked(("typical-day",), 2)
    assert order(1000.0, *events) == ["hardest-part", "career-path", "skills", "typical-day"]


def test_closing_ones_come_when_nothing_else_is_open() -> None:
    asked = [Asked(q, 1, 0.9) for q in ("career-path", "hardest-part", "typical-day", "skills")]
    assert order(1000.0, *asked) == ["who-else", "in-touch"]


def test_when_time_is_nearly_up_closing_comes_after_the_must_asks() -> None:
    assert order(290.0) == [
        "career-path",
        "hardest-part",
        "who-else",
        "in-touch",
        "typical-day",
        "skills",
    ]


def test_with_no_time_for_an_answer_closing_comes_first() -> None:
    assert order(100.0)[:2] == ["who-else", "in-touch"]
    assert order(-100.0)[:2] == ["who-else", "in-touch"]


def test_nothing_open_is_nothing() -> None:
    assert order(1000.0, *[Ticked(q.id, "answered") for q in PLAN.questions]) == []
    assert order(1000.0, plan=Plan()) == []
