"""Which open question should come next.

Reads the agenda and the time left. Law: must-asks first, then the sheet's
order; what they have touched already waits behind the rest of its kind; the
closing questions come when nothing else is open or the time is nearly up.
"""

from collections.abc import Collection

from assistant.minds.agenda import Agenda
from assistant.plan import Question

LAST_PART = 0.25
"""This part of a call is its end, however short the call is ..."""
LAST_WORDS_S = 120.0
"""One question and its answer take about this; with less than it left, closing comes first."""


def is_nearly_up(agenda: Agenda, left_s: float, length_s: float) -> bool:
    """Tell whether it is time to think of the closing questions."""
    # ... and in a long call it begins with the first of the plan's warnings.
    return left_s <= min(LAST_PART * length_s, max(agenda.plan.dials.warnings_left_s, default=0.0))


def askable(agenda: Agenda) -> tuple[Question, ...]:
    """Return what is open and a question at all: the thanks are none."""
    return tuple(question for question in agenda.open_questions() if not question.thanks)


def next_question(
    agenda: Agenda, left_s: float, length_s: float, passed: Collection[str]
) -> Question | None:
    """Return the best open question that is not among those passed over."""
    is_last = is_nearly_up(agenda, left_s, length_s)
    questions = askable(agenda)
    if not is_last and not all(question.closing for question in questions):
        questions = tuple(question for question in questions if not question.closing)

    def rank(question: Question) -> tuple[int, bool, bool, bool]:
        is_lowered = agenda.standing(question.id) in ("maybe", "touched")
        turn = _turn(question, left_s) if is_last else 0
        return turn, is_last and not question.referral, not question.must, is_lowered

    return min((q for q in questions if q.id not in passed), key=rank, default=None)


def _turn(question: Question, left_s: float) -> int:
    """Return the place of a question's kind when the time is nearly up."""
    if question.closing:
        return 0 if left_s <= LAST_WORDS_S else 1
    return 0 if question.must and left_s > LAST_WORDS_S else 2
