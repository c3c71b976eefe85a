"""Which open question should come next.

Reads the agenda, the time left and what they just talked about. Law: what the talk has come near
to is asked while it is there, must-asks weigh more than the rest, and of equals the sheet's order
decides; when there is little time for the must-asks that are open, these come first; what they
have touched already waits; the closing questions come when nothing else is open or the time is
nearly up.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from assistant.minds.agenda import Agenda
from assistant.minds.nearby import Near
from assistant.plan import Question

LAST_PART = 0.25
"""This part of a call is its end, however short the call is ..."""
LAST_WORDS_S = 120.0
"""One question and its answer take about this; with less than it left, closing comes first."""

MUST, TOUCHED, ORDER = 0.30, 0.20, 0.05
"""What a must-ask is worth, what is lost by one that was touched, and how much the first of the
sheet is before its last; beside nearness, which is 0 to 1."""

NOTHING_NEAR: Mapping[str, Near] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Choice:
    """The next question, and why it is this one."""

    question: Question
    because: Literal["near", "musts", "order"] = "order"
    """The talk came near to it; there is little time for the must-asks; or its turn had come."""
    topic: str = ""
    """For `near`: their words that did it, where any stood out."""


def is_nearly_up(agenda: Agenda, left_s: float, length_s: float) -> bool:
    """Tell whether it is time to think of the closing questions."""
    # ... and in a long call it begins with the first of the plan's warnings.
    return left_s <= min(LAST_PART * length_s, max(agenda.plan.dials.warnings_left_s, default=0.0))


def is_time_for_more(agenda: Agenda, left_s: float, length_s: float) -> bool:
    """Tell whether there is time for what was not prepared: the closing is still far."""
    last_s = max(agenda.plan.dials.warnings_left_s, default=0.0)
    return left_s > max(LAST_PART * length_s, last_s)


def askable(agenda: Agenda) -> tuple[Question, ...]:
    """Return what is open and a question at all: the thanks are none."""
    return tuple(question for question in agenda.open_questions() if not question.thanks)


def next_question(
    agenda: Agenda,
    left_s: float,
    length_s: float,
    passed: Collection[str],
    near: Mapping[str, Near] = NOTHING_NEAR,
) -> Choice | None:
    """Return the best open question that is not among those passed over."""
    is_last = is_nearly_up(agenda, left_s, length_s)
    questions = askable(agenda)
    if not is_last and not all(question.closing for question in questions):
        questions = tuple(question for question in questions if not question.closing)
    questions = tuple(question for question in questions if question.id not in passed)
    if not questions:
        return None
    is_short = left_s < LAST_WORDS_S * agenda.open_musts()
    near_at = agenda.plan.dials.near_at

    def nearness(question: Question) -> float:
        score = near[question.id].score if question.id in near else 0.0
        return score if score >= near_at else 0.0

    def rank(place: int) -> tuple[int, bool, bool, float]:
        question = questions[place]
        is_lowered = agenda.standing(question.id) in ("maybe", "touched")
        worth = nearness(question) + MUST * question.must - TOUCHED * is_lowered
        worth -= ORDER * place / len(questions)
        turn = _turn(question, left_s) if is_last else 0
        not_must = (is_last or is_short) and not question.must
        return turn, is_last and not question.referral, not_must, -worth

    best = questions[min(range(len(questions)), key=rank)]
    if not best.closing and nearness(best):
        return Choice(best, "near", near[best.id].topic)
    is_pressed = is_short and best.must and not best.closing and left_s > 0
    return Choice(best, "musts" if is_pressed else "order")


def _turn(question: Question, left_s: float) -> int:
    """Return the place of a question's kind when the time is nearly up."""
    if question.closing:
        return 0 if left_s <= LAST_WORDS_S else 1
    return 0 if question.must and left_s > LAST_WORDS_S else 2
