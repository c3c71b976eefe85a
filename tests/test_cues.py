"""What a cue says: the shipped lines and the standard questions, never over eight words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import LINES, PLAN, WORDING

from assistant.events import Asked, Cue, Entry
from assistant.minds.agenda import Agenda
from assistant.minds.cues import (
    MOST_WORDS,
    Lately,
    Moment,
    for_clock,
    for_dead_line,
    for_drift,
    for_farewell,
    for_job_ask,
    for_monologue,
    for_next,
    for_stall,
    for_time,
)
from assistant.plan import Plan, Question
from assistant.sheet import standard_plan

pytestmark = pytest.mark.unit

STANDARD = {name: standard_plan(WORDING, name, "", 20.0) for name in WORDING.sets()}


def every_cue(plan: Plan) -> list[Cue]:
    """Return the cues of a whole call in which one question after the other is asked."""
    agenda, cues = Agenda(plan), list[Cue]()
    length_s = plan.length_s
    for number, question in enumerate((*plan.questions, None)):
        for now_s in (10.0, 0.5 * length_s, length_s - 300, length_s - 60, length_s + 620):
            moment = Moment(now_s, length_s)
            stall = for_stall(agenda, moment, {}, now_s - 4)
            bye = for_farewell(agenda, moment, {})
            cues += [cue for cue in (stall, bye) if cue]
            cues += [for_next(agenda, moment, {}), for_clock(agenda, moment)]
            cues += [for_dead_line(agenda, moment, now_s - 30)]
        for left_s in (length_s / 2, 300.0, 60.0, 0.0, -60.0, -300.0, -3600.0):
            cues.append(for_time(agenda, Moment(length_s - left_s, length_s), left_s))
        if question:
            agenda.take(Entry(number + 1, 1.0, Asked(question.id, 1, 0.9)))
    return cues


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_no_shipped_cue_has_more_than_eight_words(name: str) -> None:
    cues = every_cue(STANDARD[name])
    assert max(len(cue.text.split()) for cue in cues) <= MOST_WORDS
    assert {cue.kind for cue in cues} == {"question", "closing", "time", "line"}
    assert all(cue.text and cue.why and not set("{}") & set(cue.text + cue.why) for cue in cues)


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_no_shipped_cue_of_a_question_is_cut_short(name: str) -> None:
    for question in STANDARD[name].questions:
        for line in (LINES.question, LINES.question_next, LINES.closing):
            assert len(line.format(cue=question.cue).split()) <= MOST_WORDS


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_question_is_too_long_to_be_cued(text: str, cue: str) -> None:
    plan = Plan(questions=(Question("q", text, cue=cue, referral=True, closing=True),))
    assert max(len(cue.text.split()) for cue in every_cue(plan)) <= MOST_WORDS


def test_a_question_without_a_cue_is_told_by_its_first_words() -> None:
    plan = Plan(questions=(Question("q", "What would you read first, and where?"),))
    assert (
        for_next(Agenda(plan), Moment(10.0, 1200.0), {}).text == "next: What would you read first,"
    )


def test_the_thanks_are_never_asked_for() -> None:
    cues = every_cue(PLAN)
    assert "thank them" in {cue.text for cue in cues}
    assert "ask: thank them" not in {cue.text for cue in cues}
    assert "thanks" not in {cue.question_id for cue in cues}


TALKED = Lately({}, "hospital group merger")


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_the_way_back_and_a_follow_up_are_short_as_well(name: str) -> None:
    plan = STANDARD[name]
    agenda, moment = Agenda(plan), Moment(300.0, plan.length_s)
    for number, question in enumerate(plan.questions):
        back = for_drift(agenda, moment, {}, 200.0)
        assert back is None or len(back.text.split()) <= MOST_WORDS
        assert (back is None) == (question.thanks and number == len(plan.questions) - 1)
        agenda.take(Entry(number + 1, 1.0, Asked(question.id, 1, 0.9)))
    more = for_stall(agenda, moment, {}, 296.0, TALKED)
    assert more is not None
    assert more.text == "more about: hospital group merger"
    gentle = for_job_ask(agenda, moment), for_monologue(agenda, moment, 200.0)
    assert [len(cue.text.split()) for cue in gentle] == [3, 3]


def test_no_follow_up_when_the_closing_is_near() -> None:
    agenda = Agenda(PLAN)
    for number, question in enumerate(PLAN.questions):
        if not question.closing:
            agenda.take(Entry(number + 1, 1.0, Asked(question.id, 1, 0.9)))
    for now_s, text in (
        (800.0, "more about: hospital group merger"),
        (901.0, "who else to talk to"),
    ):
        cue = for_stall(agenda, Moment(now_s, 1200.0), {}, now_s - 4, TALKED)
        assert cue is not None
        assert cue.text.endswith(text)


def test_of_a_time_that_was_cut_short_no_odd_number_is_told() -> None:
    cue = for_time(Agenda(PLAN), Moment(191.2, 191.2), 0.0)
    assert cue.text == "time is up; thank them"
