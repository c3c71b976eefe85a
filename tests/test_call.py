"""The spine: what may come when, in which order, and at which time."""

import pytest
from played import STARTED
from scene import ME, PLAN, THEM

from assistant.call import Call, replay
from assistant.errors import Refused
from assistant.events import (
    CallEnded,
    Corrected,
    Cue,
    Entry,
    Extended,
    Fact,
    Finding,
    Heard,
    HeardAgain,
    LineChange,
    NextWanted,
    NoteTaken,
    Paused,
    QuestionChange,
    Recovered,
    Resumed,
    SpeechStarted,
    Stalled,
    Ticked,
    TimeShort,
    Undo,
)
from assistant.plan import Plan

pytestmark = pytest.mark.unit

NOTE = NoteTaken("ask about the budget")
AGAIN = HeardAgain((), ME, 1.0, 2.0, "no")
WRONG = Corrected("2026-12-01T16:00:00+01:00", LineChange(1, "what was said"))


def started(plan: Plan = PLAN) -> Call:
    call = Call(plan)
    call.receive(STARTED, 0.0)
    return call


def events(entries: list[Entry]) -> list[object]:
    return [entry.event for entry in entries]


def test_a_call_is_open_from_its_start_to_its_end() -> None:
    call = Call(PLAN)
    assert not call.is_open
    assert call.receive(STARTED, 0.0) == [Entry(1, 0.0, STARTED)]
    assert call.is_open
    call.receive(Paused(), 1.0)
    assert call.is_open
    call.receive(CallEnded("stopped"), 2.0)
    assert not call.is_open


@pytest.mark.parametrize(
    ("before", "fact", "sentence"),
    [
        ([], NOTE, "No call is running."),
        ([], CallEnded("stopped"), "No call is running."),
        ([STARTED], STARTED, "This call has already started."),
        ([STARTED, CallEnded("stopped")], STARTED, "This call has already started."),
        ([STARTED, CallEnded("stopped")], NOTE, "No call is running."),
        ([], WRONG, "Only a call that is over can be corrected."),
        ([STARTED], WRONG, "Only a call that is over can be corrected."),
        (
            [STARTED],
            HeardAgain((), ME, 1.0, 2.0, "no"),
            "Only a call that is over can be corrected.",
        ),
        (
            [STARTED, CallEnded("stopped")],
            Corrected("", QuestionChange("no-such", "asked")),
            "There is no question 'no-such'.",
        ),
        ([STARTED, CallEnded("stopped")], CallEnded("stopped"), "No call is running."),
        ([STARTED, Paused()], Paused(), "The call is paused already."),
        ([STARTED], Resumed(), "The call is not paused."),
        ([STARTED], Ticked("no-such", "asked"), "There is no question 'no-such'."),
        ([STARTED], Extended(0.0), "A call can be extended by up to four hours."),
        ([STARTED], Extended(-60.0), "A call can be extended by up to four hours."),
        ([STARTED], Extended(float("nan")), "A call can be extended by up to four hours."),
        ([STARTED], Extended(1e9), "A call can be extended by up to four hours."),
    ],
)
def test_what_may_not_come_now_is_refused_and_changes_nothing(
    before: list[Fact], fact: Fact, sentence: str
) -> None:
    call, other = Call(PLAN), Call(PLAN)
    for early in before:
        assert call.receive(early, 1.0) == other.receive(early, 1.0)
    with pytest.raises(Refused, match="^" + sentence.replace(".", r"\.") + "$") as refused:
        call.receive(fact, 500.0)
    assert refused.value.exit_code == 3
    assert call.is_open == other.is_open
    assert call.wait(700.0) == other.wait(700.0)


def test_a_refusal_names_what_would_have_been_right() -> None:
    with pytest.raises(Refused) as refused:
        started().receive(Ticked("no-such", "asked"), 1.0)
    assert "typical-day" in refused.value.hint


def test_what_follows_a_call_opens_it_no_more_and_brings_nothing() -> None:
    call = started()
    call.receive(CallEnded("stopped"), 5.0)
    assert [(e.seq, e.at_s) for e in call.receive(WRONG, 900.0)] == [(3, 900.0)]
    assert not call.is_open
    assert [e.seq for e in call.receive(Corrected("", Undo(1)), 900.0)] == [4]


def test_a_late_fact_is_placed_where_the_call_is() -> None:
    call = started()
    call.wait(10.1)
    assert call.receive(NOTE, 3.0) == [Entry(2, 10.0, NOTE)]
    assert call.receive(NOTE, 10.4) == [Entry(3, 10.4, NOTE)]
    assert call.receive(NOTE, 10.2) == [Entry(4, 10.4, NOTE)]


def test_time_alone_brings_findings_in_their_places() -> None:
    call = started(Plan(minutes=10))
    assert call.wait(299.9) == []
    found = call.wait(300.2)
    assert [(entry.seq, entry.at_s, type(entry.event)) for entry in found] == [
        (2, 300.0, TimeShort),
        (3, 300.0, Cue),
    ]


def test_what_time_brought_comes_before_the_fact_it_waited_for() -> None:
    entries = started(Plan(minutes=10)).receive(NOTE, 301.0)
    assert [type(entry.event) for entry in entries] == [TimeShort, Cue, NoteTaken]


def test_what_follows_from_a_fact_stands_right_behind_it() -> None:
    entries = started().receive(NextWanted(), 5.0)
    assert [(entry.seq, entry.at_s, type(entry.event)) for entry in entries] == [
        (2, 5.0, NextWanted),
        (3, 5.0, Cue),
    ]


def test_time_does_not_pass_before_the_start_nor_after_the_end() -> None:
    call = Call(PLAN)
    assert call.wait(5000.0) == []
    assert call.receive(STARTED, 800.0) == [Entry(1, 800.0, STARTED)]
    call.receive(CallEnded("stopped"), 801.0)
    assert call.wait(5000.0) == []


def test_a_journal_that_was_cut_short_replays_what_time_alone_brought() -> None:
    call = started()
    journal: list[Entry] = [Entry(1, 0.0, STARTED)]
    journal += call.receive(SpeechStarted(ME, 1.0), 1.1)
    journal += call.receive(Heard(ME, 1.0, 3.0, "hello and welcome to it"), 3.5)
    assert replay(PLAN, journal) == journal
    cut = [*journal, Entry(9, 9.5, Stalled(3.0))]
    found: list[Fact | Finding | object] = events(replay(PLAN, cut))
    assert found[:3] == events(journal)


def test_time_in_which_the_program_was_gone_is_not_felt() -> None:
    call = started()
    call.receive(Heard(THEM, 1.0, 3.0, "hello and welcome to it"), 3.5)
    call.receive(Recovered(5.0, 650.0), 5.0)
    assert call.wait(649.0) == []
    assert [(e.seq, e.at_s) for e in call.receive(NOTE, 300.0)] == [(4, 300.0)]
    found = call.wait(660.0)
    assert [(e.at_s, type(e.event)) for e in found] == [
        (652.25, TimeShort),
        (652.25, Cue),
        (654.0, Stalled),
    ]


@pytest.mark.parametrize("end_s", [float("nan"), float("inf")])
def test_nobody_is_gone_for_ever(end_s: float) -> None:
    with pytest.raises(Refused, match="gone for ever"):
        started().receive(Recovered(5.0, end_s), 6.0)
