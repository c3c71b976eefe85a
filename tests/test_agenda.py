"""How questions stand: findings raise, the user's tick overrules."""

import pytest
from scene import PLAN

from assistant.events import Answered, Asked, Entry, Fact, Finding, MaybeAsked, Ticked, Touched
from assistant.minds.agenda import Agenda, Standing

pytestmark = pytest.mark.unit

DAY = "typical-day"


def after(*events: Fact | Finding) -> Agenda:
    agenda = Agenda(PLAN)
    for number, event in enumerate(events):
        agenda.take(Entry(number + 1, float(number), event))
    return agenda


@pytest.mark.parametrize(
    ("events", "standing"),
    [
        ([], "open"),
        ([MaybeAsked((DAY, "skills"), 1)], "maybe"),
        ([Touched(DAY, 1, 0.7)], "touched"),
        ([Asked(DAY, 1, 0.7)], "asked"),
        ([Asked(DAY, 1, 0.7), Answered(DAY, 2, 0.7)], "answered"),
        ([Asked(DAY, 1, 0.7), Touched(DAY, 2, 0.7)], "asked"),
        ([Asked(DAY, 1, 0.7), Ticked(DAY, "open")], "open"),
        ([Ticked(DAY, "open"), Touched(DAY, 2, 0.7)], "open"),
        ([Ticked(DAY, "open"), Asked(DAY, 2, 0.7)], "asked"),
        ([Ticked(DAY, "asked"), Answered(DAY, 2, 1.0)], "answered"),
        ([Ticked(DAY, "answered"), Asked(DAY, 2, 0.7)], "answered"),
    ],
)
def test_how_a_question_stands(events: list[Fact | Finding], standing: Standing) -> None:
    assert after(*events).standing(DAY) == standing


def test_what_is_not_in_the_plan_is_open_and_changes_nothing() -> None:
    agenda = after(Asked("no-such-question", 1, 0.9))
    assert agenda.standing("no-such-question") == "open"
    assert len(agenda.open_questions()) == len(PLAN.questions)


def test_open_questions_keep_the_order_of_the_sheet() -> None:
    agenda = after(Asked("career-path", 1, 0.8), Touched("skills", 2, 0.8))
    assert [q.id for q in agenda.open_questions()] == [
        q.id for q in PLAN.questions if q.id != "career-path"
    ]


def test_open_musts_are_counted() -> None:
    assert after().open_musts() == 3
    assert after(Ticked("who-else", "answered"), Asked("skills", 1, 0.8)).open_musts() == 2
