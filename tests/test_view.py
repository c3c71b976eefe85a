"""What a call looks like from outside."""

import msgspec
import pytest
from played import STARTED
from scene import ME, PLAN, THEM

from assistant.events import (
    Asked,
    AudioLost,
    CallEnded,
    Consent,
    Cue,
    Entry,
    Extended,
    Fact,
    Farewell,
    Finding,
    Heard,
    Hushed,
    Marked,
    MarkHeard,
    NoteTaken,
    Paused,
    Recovered,
    Resumed,
    SpeechEnded,
    SpeechStarted,
    Trouble,
)
from assistant.view import LINES_SHOWN, BalanceView, CallView, View

pytestmark = pytest.mark.unit


def seen(*placed: tuple[float, Fact | Finding], at_s: float = 0.0) -> CallView:
    view = View(PLAN)
    for number, (placed_s, event) in enumerate([(0.0, STARTED), *placed]):
        view.take(Entry(number + 1, placed_s, event))
    return view.seen(at_s)


def test_before_the_call_there_is_only_the_plan() -> None:
    view = View(PLAN).seen(0.0)
    assert (view.state, view.call_id, view.left_s) == ("waiting", "", 1200.0)
    assert [question.id for question in view.questions] == [q.id for q in PLAN.questions]


@pytest.mark.parametrize(
    ("last", "state"),
    [
        ([], "running"),
        ([Paused()], "paused"),
        ([Paused(), Resumed()], "running"),
        ([CallEnded("stopped")], "ended"),
    ],
)
def test_the_state_is_said(last: list[Fact], state: str) -> None:
    assert seen(*((1.0, fact) for fact in last)).state == state


def test_time_runs_until_the_end() -> None:
    extended = seen((10.0, Extended(300.0)), at_s=60.0)
    assert (extended.at_s, extended.length_s, extended.left_s) == (60.0, 1500.0, 1440.0)
    assert seen((50.0, CallEnded("stopped")), at_s=60.0).at_s == 50.0


def test_who_speaks_and_who_spoke_for_how_long() -> None:
    view = seen(
        (1.1, SpeechStarted(ME, 1.0)),
        (4.4, SpeechEnded(ME, 1.0, 4.0)),
        (5.1, SpeechStarted(THEM, 5.0)),
    )
    assert view.speaking == (THEM,)
    assert view.speech_s == {"me": 3.0}


def test_the_last_lines_are_shown_and_no_echo() -> None:
    said = [(float(n), Heard(ME, n - 1.0, n - 0.5, f"line {n}")) for n in range(1, 20)]
    view = seen(*said, (30.0, Heard(ME, 29.0, 29.5, "ask typical day", echo=True)))
    assert len(view.lines) == LINES_SHOWN
    assert view.lines[-1] == (18.0, ME, "line 19")


def test_how_questions_stand() -> None:
    view = seen((1.0, Asked("typical-day", 1, 0.9)))
    assert {q.id: q.standing for q in view.questions if q.standing != "open"} == {
        "typical-day": "asked"
    }


def test_notes_marks_and_cues_are_counted() -> None:
    view = seen(
        (1.0, NoteTaken("x")),
        (2.0, MarkHeard(1, "note", "x")),
        (3.0, Marked()),
        (4.0, MarkHeard(1, "moment", "x")),
        (5.0, Cue("question", "ask: skills", "skills", "silent for 4 s", 17.0)),
    )
    assert (view.notes, view.marks, view.cues, view.last_cue) == (2, 2, 1, "ask: skills")


def test_hush_lasts_as_long_as_was_said() -> None:
    assert seen((1.0, Hushed(10.0)), at_s=10.0).hushed
    assert not seen((1.0, Hushed(10.0)), at_s=11.0).hushed
    assert seen((1.0, Hushed()), at_s=5000.0).hushed
    assert seen((1.0, MarkHeard(1, "hush", "hush")), at_s=5000.0).hushed
    assert not seen((1.0, Hushed()), (2.0, Hushed(0.0)), at_s=3.0).hushed


def test_each_parts_last_trouble_is_shown_until_it_is_over() -> None:
    view = seen(
        (1.0, Trouble("hearing", "It stopped.")),
        (2.0, Trouble("headset", "It is gone.")),
        (3.0, Trouble("microphone", "It stopped.")),
        (4.0, Trouble("microphone", "It is back.", over=True)),
        (5.0, Trouble("hearing", "It hangs.")),
    )
    assert view.troubles == ("It is gone.", "It hangs.")


def test_what_both_channels_lost_at_once_was_lost_once() -> None:
    view = seen(
        (4.0, AudioLost(ME, 1.0, 3.5, "unplugged")),
        (4.0, AudioLost(THEM, 2.0, 4.0, "unplugged")),
        (9.0, AudioLost(THEM, 8.0, 9.0, "unplugged")),
        (9.5, AudioLost(THEM, 9.4, 9.45, "clock drift")),
    )
    assert view.lost_s == 4.0


def test_how_it_stands_with_leave_is_shown() -> None:
    assert seen().consent == "given"
    assert seen((1.0, Consent(1, "asked")), (2.0, Consent(2, "refused"))).consent == "refused"


def test_after_the_program_was_gone_its_old_troubles_are_and_nobody_speaks() -> None:
    view = seen(
        (1.0, Trouble("headset", "It is gone.")),
        (2.1, SpeechStarted(ME, 2.0)),
        (3.0, Recovered(3.0, 60.0)),
        at_s=61.0,
    )
    assert (view.state, view.troubles, view.speaking) == ("running", (), ())


def test_a_view_can_be_printed() -> None:
    view = seen((1.0, Hushed()), (2.0, Heard(ME, 1.0, 1.5, "hello there")))
    assert msgspec.json.decode(msgspec.json.encode(view), type=CallView) == view


def test_how_the_talk_is_shared_is_seen_while_it_goes_on() -> None:
    view = seen(
        (21.0, Heard(ME, 0.0, 20.0, "so tell me about it")),
        (21.0, SpeechEnded(ME, 0.0, 20.0)),
        (62.0, SpeechEnded(THEM, 21.0, 61.0)),
    )
    assert view.balance == BalanceView(0.333, {"me": 20.0})
    assert seen().balance == BalanceView(None, {})


def test_the_minutes_they_name_are_the_time_that_is_left() -> None:
    named = (60.0, Farewell(1, 5.0))
    assert seen((0.0, STARTED), named, at_s=120.0).left_s == 240.0
    assert seen((0.0, STARTED), named, (61.0, Extended(600.0)), at_s=120.0).left_s == 840.0
