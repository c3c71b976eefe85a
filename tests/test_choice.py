"""Which question comes next."""

import pytest
from scene import PLAN

from assistant.events import Asked, Entry, Fact, Finding, MaybeAsked, Ticked, Touched
from assistant.minds.agenda import Agenda
from assistant.minds.choice import next_question
from assistant.minds.nearby import Near
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


def choice(left_s: float, near: dict[str, float], *events: Fact | Finding) -> tuple[str, str]:
    """Return the question that is chosen, and because of what."""
    agenda = Agenda(PLAN)
    for number, event in enumerate(events):
        agenda.take(Entry(number + 1, 1.0, event))
    lately = {question_id: Near(score, "") for question_id, score in near.items()}
    found = next_question(agenda, left_s, 1200.0, (), lately)
    assert found
    return found.question.id, found.because


def test_what_the_talk_is_near_to_goes_before_a_must_ask_while_there_is_time() -> None:
    assert choice(1000.0, {"skills": 0.6}) == ("skills", "near")
    assert choice(1000.0, {"hardest-part": 0.4}) == ("hardest-part", "near")


def test_a_faint_nearness_does_not() -> None:
    assert choice(1000.0, {"skills": 0.29}) == ("career-path", "order")
    asked = Asked("career-path", 1, 0.9), Asked("hardest-part", 2, 0.9)
    assert choice(1000.0, {"skills": 0.29}, *asked) == ("typical-day", "order")


def test_two_minutes_for_each_open_must_ask_are_kept_free() -> None:
    assert choice(359.0, {"skills": 0.9}) == ("career-path", "musts")
    assert choice(361.0, {"skills": 0.9}) == ("skills", "near")
    assert choice(359.0, {"hardest-part": 0.9}) == ("hardest-part", "near")
    asked = Asked("career-path", 1, 0.9), Asked("hardest-part", 2, 0.9)
    assert choice(359.0, {"skills": 0.9}, *asked) == ("skills", "near")


def test_what_was_asked_is_never_chosen_and_what_was_touched_must_be_much_nearer() -> None:
    assert choice(1000.0, {"skills": 0.9}, Asked("skills", 1, 0.9))[0] == "career-path"
    touched = Touched("skills", 1, 0.7)
    assert choice(1000.0, {"skills": 0.45}, touched)[0] == "career-path"
    assert choice(1000.0, {"skills": 0.9}, touched)[0] == "skills"


def test_nearness_to_a_closing_question_does_not_close_the_talk() -> None:
    assert choice(1000.0, {"who-else": 0.9})[0] == "career-path"
