"""The floor: what a stall is, and what only looks like one."""

import msgspec
import pytest
from scene import ME, PLAN, THEM, UNCLEAR, Scene

from assistant.events import (
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    DeadLine,
    Fact,
    Forgotten,
    Heard,
    Monologue,
    Paused,
    Recovered,
    Resumed,
    SpeechEnded,
    SpeechStarted,
    Stalled,
    Trouble,
    Understood,
)
from assistant.minds.floor import Floor
from assistant.plan import Dials, Plan

pytestmark = pytest.mark.unit

ANSWER = "we write queries most of the day and then we look at them together"


def floor(**dials: float) -> Scene:
    return Scene(Floor(msgspec.structs.replace(PLAN, dials=msgspec.convert(dials, Dials))))


def told(channel: Channel, text: str, end_s: float = 10.0) -> Scene:
    scene = floor()
    scene.say(channel, 2.0, end_s, text)
    return scene


def stalls(scene: Scene, until_s: float) -> list[tuple[float, float]]:
    """Return when a stall was found, and since when it had been silent."""
    scene.until(until_s)
    return [(at_s, f.since_s) for at_s, f in scene.found if isinstance(f, Stalled)]


def test_a_stall_is_four_seconds_after_their_turn_and_told_once() -> None:
    assert stalls(told(THEM, ANSWER), 29.0) == [(14.0, 10.0)]


@pytest.mark.parametrize(
    ("channel", "text", "at_s"),
    [
        (ME, "and what does a typical day look like?", 16.5),
        (ME, "that is good to hear from someone who does it", 16.5),
        (UNCLEAR, "and what does a typical day look like", 16.5),
        (UNCLEAR, ANSWER, 14.0),
        (THEM, f"{ANSWER} um", 16.0),
        (THEM, "let me think about that for you hm let me think", 16.0),
        (ME, "how did that go um", 19.75),
    ],
)
def test_who_spoke_and_how_says_how_long_is_long(channel: Channel, text: str, at_s: float) -> None:
    assert stalls(told(channel, text), 29.0) == [(at_s, 10.0)]


def test_their_um_asks_for_time_and_mine_does_not() -> None:
    theirs, mine = told(THEM, ANSWER), told(THEM, ANSWER)
    theirs.say(THEM, 12.0, 12.3, "um")
    mine.say(ME, 12.0, 12.3, "um")
    assert stalls(theirs, 29.0) == [(16.0, 10.0)]
    assert stalls(mine, 29.0) == [(14.0, 10.0)]


def test_meaning_may_say_that_it_was_a_question() -> None:
    scene = told(UNCLEAR, "your typical days then")
    scene.put(10.9, Understood(scene.seq, {"typical-day": 0.7}))
    assert stalls(scene, 29.0) == [(16.5, 10.0)]


def test_nothing_is_found_before_the_first_words() -> None:
    scene = floor().voice(THEM, 1.0, 1.4)
    scene.voice(THEM, 2.0, 9.0)
    assert not scene.until(60.0).found


@pytest.mark.parametrize("text", ["mhm", "yeah right okay", "the", ""])
def test_a_filler_or_a_ghost_does_not_reset_the_silence(text: str) -> None:
    scene = told(THEM, ANSWER)
    scene.say(ME, 12.5, 13.0, text)
    assert stalls(scene, 29.0) == [(14.0, 10.0)]


def test_a_filler_whose_words_come_late_delays_the_stall_but_no_more() -> None:
    scene = told(THEM, ANSWER)
    scene.say(ME, 13.2, 13.6, "mhm", after_s=0.9)
    assert stalls(scene, 29.0) == [(15.0, 10.0)]


def test_echo_of_our_own_cue_is_no_voice() -> None:
    scene = told(THEM, ANSWER).voice(ME, 12.0, 13.0)
    scene.put(13.5, Heard(ME, 12.0, 13.0, "ask typical day", echo=True))
    assert stalls(scene, 29.0) == [(14.0, 10.0)]


def test_a_cough_counts_for_nothing_once_no_words_come() -> None:
    scene = told(THEM, ANSWER).voice(ME, 12.0, 12.4)
    assert stalls(scene, 29.0) == [(16.0, 10.0)]


def test_a_long_voice_is_speech_even_without_words() -> None:
    scene = told(THEM, ANSWER).voice(THEM, 12.0, 20.0)
    assert stalls(scene, 40.0) == [(24.0, 20.0)]


def test_words_that_come_very_late_still_count() -> None:
    scene = told(THEM, ANSWER)
    scene.say(ME, 12.0, 14.0, "so how did the team take it", after_s=6.0)
    assert stalls(scene, 40.0) == [(20.5, 14.0)]


def test_nobody_stalls_while_somebody_speaks() -> None:
    scene = told(THEM, ANSWER)
    scene.put(12.1, SpeechStarted(ME, 12.0))
    assert stalls(scene, 40.0) == []


def test_a_voice_whose_end_is_lost_does_not_silence_us_for_good() -> None:
    scene = told(THEM, ANSWER)
    scene.put(12.1, SpeechStarted(ME, 12.0))
    assert scene.until(90.0).findings == [DeadLine(10.0)]


def test_words_that_come_before_the_voice_has_ended_are_the_same_turn() -> None:
    scene = floor()
    scene.put(2.1, SpeechStarted(UNCLEAR, 2.0))
    scene.put(6.0, Heard(UNCLEAR, 2.0, 5.5, "what does a typical day look like"))
    scene.put(6.2, SpeechEnded(UNCLEAR, 2.0, 5.75))
    assert stalls(scene, 20.0) == [(12.25, 5.75)]


def test_speech_opens_a_new_silence() -> None:
    scene = told(THEM, ANSWER).until(15.0)
    scene.say(THEM, 16.0, 18.0, "and that is how it goes in general")
    assert stalls(scene, 40.0) == [(14.0, 10.0), (22.0, 18.0)]


def test_the_line_may_be_dead_after_thirty_seconds_and_that_is_told_once() -> None:
    scene = told(THEM, ANSWER).until(200.0)
    assert scene.found == [(14.0, Stalled(10.0)), (40.0, DeadLine(10.0))]


def test_a_pause_is_no_silence() -> None:
    scene = told(THEM, ANSWER)
    scene.put(12.0, Paused())
    assert not scene.until(60.0).found
    scene.put(60.0, Resumed())
    assert stalls(scene, 70.0) == [(64.0, 60.0)]


def test_a_cue_and_the_ten_seconds_after_it_are_no_stall() -> None:
    scene = told(THEM, ANSWER)
    scene.put(11.0, CueStarted(99, 11.0))
    scene.put(12.5, CueEnded(99, 11.0, 12.5, "spoken"))
    assert stalls(scene, 29.0) == [(22.5, 10.0)]


def test_whoever_speaks_after_a_cue_ends_its_ten_seconds() -> None:
    scene = told(THEM, ANSWER)
    scene.put(11.0, CueStarted(99, 11.0))
    scene.put(12.5, CueEnded(99, 11.0, 12.5, "spoken"))
    scene.say(THEM, 13.0, 15.0, "and then we go home for the day")
    assert stalls(scene, 29.0) == [(19.0, 15.0)]


def test_a_cue_that_expired_holds_nothing_up() -> None:
    scene = told(THEM, ANSWER)
    scene.put(11.0, CueEnded(99, 11.0, 11.0, "expired"))
    assert stalls(scene, 29.0) == [(14.0, 10.0)]


@pytest.mark.parametrize(
    ("text", "at_s"), [("half time", 14.0), ("5 minutes left: who else to talk to", 22.0)]
)
def test_after_a_warning_of_the_time_the_silence_counts_on(text: str, at_s: float) -> None:
    # What the warning says to ask, the user gets time for.
    scene = told(THEM, ANSWER)
    seq = scene.put(10.9, Cue("time", text, None, "x", 15.9))
    scene.put(10.9, CueStarted(seq, 10.9))
    scene.put(12.0, CueEnded(seq, 10.9, 12.0, "spoken"))
    assert stalls(scene, 29.0) == [(at_s, 10.0)]


def test_a_cue_whose_end_nobody_tells_is_over_some_day() -> None:
    scene = told(THEM, ANSWER)
    scene.put(11.0, CueStarted(99, 11.0))
    assert stalls(scene, 60.0) == [(26.0, 10.0)]


def slow_talk(gap_s: float, turns: int) -> tuple[Scene, float]:
    """Let them talk in turns with a pause before each; return the scene and its last word."""
    scene, at_s = floor(), 1.0
    for _ in range(turns):
        scene.say(THEM, at_s, at_s + 4.0, ANSWER)
        at_s += 4.0 + gap_s
    return scene, at_s - gap_s


def test_a_slow_talker_gets_more_time() -> None:
    scene, end_s = slow_talk(gap_s=2.0, turns=24)
    assert stalls(scene, end_s + 20) == [(end_s + 6.0, end_s)]


def test_but_never_more_than_the_cap() -> None:
    scene, end_s = slow_talk(gap_s=3.5, turns=24)
    # Ten seconds while they think; after their own words as much less as four is than six.
    assert stalls(scene, end_s + 20) == [(end_s + 6.25, end_s)]


def exchange(scene: Scene, at_s: float, mine_s: float, theirs_s: float) -> float:
    """Let me ask after a silence and them answer after another; return their last word."""
    scene.say(ME, at_s + mine_s, at_s + mine_s + 3.0, "and how do you do that")
    start_s = at_s + mine_s + 3.0 + theirs_s
    scene.say(THEM, start_s, start_s + 6.0, ANSWER)
    return start_s + 6.0


def test_a_talk_that_stalls_often_is_not_left_alone_ever_longer() -> None:
    scene, end_s = floor(), 1.0
    for n in range(30):
        end_s = exchange(scene, end_s, 8.0 if n % 3 == 0 else 0.5, 0.5)
    scene.found.clear()
    assert stalls(scene, end_s + 20) == [(end_s + 4.0, end_s)]


def test_the_time_they_take_to_answer_is_no_measure_of_other_silences() -> None:
    scene, end_s = floor(), 1.0
    for _ in range(24):
        end_s = exchange(scene, end_s, 0.5, 3.0)
    scene.found.clear()
    assert stalls(scene, end_s + 20) == [(end_s + 4.0, end_s)]
    scene.say(ME, end_s + 21.0, end_s + 24.0, "and how do you do that")
    scene.found.clear()
    assert stalls(scene, end_s + 40) == [(end_s + 33.0, end_s + 24.0)]


@pytest.mark.parametrize("text", ["hold on there is somebody at the door", "give me one second"])
@pytest.mark.parametrize("channel", [ME, THEM, UNCLEAR])
def test_who_asks_for_a_moment_gets_it(channel: Channel, text: str) -> None:
    assert stalls(told(channel, text), 39.0) == []


def test_a_moment_asked_for_long_ago_is_over() -> None:
    text = f"hold on i said to myself and since then {ANSWER}"
    assert stalls(told(THEM, text), 29.0) == [(14.0, 10.0)]


def test_who_ends_with_and_goes_on() -> None:
    assert stalls(told(THEM, f"{ANSWER} and"), 29.0) == [(16.0, 10.0)]


def test_a_few_pauses_say_nothing_yet() -> None:
    scene, end_s = slow_talk(gap_s=3.0, turns=5)
    assert stalls(scene, end_s + 20) == [(end_s + 4.0, end_s)]


def test_a_stall_dial_above_the_cap_is_obeyed() -> None:
    scene = floor(stall_s=15.0)
    scene.say(THEM, 2.0, 10.0, ANSWER)
    assert stalls(scene, 29.0) == [(25.0, 10.0)]


def test_who_holds_the_floor_for_long_is_told_once() -> None:
    scene = floor()
    scene.put(5.1, SpeechStarted(ME, 5.0))
    for at_s in range(15, 180, 12):
        scene.put(float(at_s), Heard(ME, at_s - 10.0, at_s - 0.5, ANSWER))
        scene.say(THEM, at_s + 1.0, at_s + 1.5, "mhm")
    found = [(at_s, f) for at_s, f in scene.found if isinstance(f, Monologue)]
    assert found == [(95.0, Monologue(ME, 5.0))]


def test_a_real_word_of_the_other_ends_a_monologue() -> None:
    scene = floor()
    for start_s in (1.0, 42.0, 83.0):
        scene.say(THEM, start_s, start_s + 38.0, ANSWER)
        scene.say(ME, start_s + 38.6, start_s + 40.0, "and how did they like that")
    assert not scene.findings


def test_one_microphone_for_both_knows_no_monologue() -> None:
    scene = floor()
    scene.put(5.1, SpeechStarted(UNCLEAR, 5.0))
    for at_s in range(15, 180, 12):
        scene.put(float(at_s), Heard(UNCLEAR, at_s - 10.0, at_s - 0.5, ANSWER))
    assert not scene.findings


def test_a_plan_without_phrases_is_enough() -> None:
    scene = Scene(Floor(Plan()))
    scene.say(THEM, 1.0, 2.0, "yes")
    assert stalls(scene, 20.0) == [(6.0, 2.0)]


# ---------------------------------------------------------------- where nobody could be heard


@pytest.mark.parametrize("part", ["microphone", "far side"])
def test_while_a_side_can_not_be_heard_no_silence_means_anything(part: str) -> None:
    scene = told(THEM, ANSWER)
    scene.put(12.0, Trouble(part, "It stopped."))
    scene.until(100.0)
    assert scene.found == []
    scene.put(100.1, Trouble(part, "It is back.", over=True))
    assert stalls(scene, 120.0) == [(104.25, 100.1)]


def test_other_troubles_leave_the_floor_alone() -> None:
    scene = told(THEM, ANSWER)
    scene.put(12.0, Trouble("headset", "It is gone."))
    assert stalls(scene, 29.0) == [(14.0, 10.0)]


def test_while_a_side_can_not_be_heard_nobody_holds_a_monologue() -> None:
    scene = told(THEM, ANSWER)
    scene.put(12.0, Trouble("microphone", "It stopped."))
    for at_s in range(13, 150, 10):
        scene.say(THEM, at_s, at_s + 9.0, ANSWER)
    scene.put(150.0, Trouble("microphone", "It is back.", over=True))
    for at_s in range(151, 230, 10):
        scene.say(THEM, at_s, at_s + 9.0, ANSWER)
    assert scene.found == []
    for at_s in range(231, 260, 10):
        scene.say(THEM, at_s, at_s + 9.0, ANSWER)
    assert scene.findings == [Monologue(THEM, 151.0)]


@pytest.mark.parametrize(
    "breaks",
    [
        [(10.5, Recovered(10.5, 40.0))],
        [(10.5, Forgotten(10.5, 40.0))],
        [(11.0, Paused()), (40.0, Resumed())],
        [(11.0, Trouble("far side", "x")), (40.0, Trouble("far side", "x", over=True))],
    ],
)
def test_after_a_break_all_counts_anew(breaks: list[tuple[float, Fact]]) -> None:
    scene = told(THEM, ANSWER)
    for at_s, fact in breaks:
        scene.put(at_s, fact)
    assert stalls(scene, 60.0) == [(44.0, 40.0)]


@pytest.mark.parametrize(
    "breaks",
    [
        [(0.0, Recovered(0.0, 30.0))],
        [(0.0, Forgotten(0.0, 30.0))],
        [(0.0, Paused()), (30.0, Resumed())],
        [(0.0, Trouble("far side", "x")), (30.0, Trouble("far side", "x", over=True))],
    ],
)
def test_no_break_is_a_gap_of_this_talk(breaks: list[tuple[float, Fact]]) -> None:
    scene = floor()
    for n in range(20):
        start_s = 60.0 * n
        scene.say(THEM, start_s + 1.0, start_s + 9.0, ANSWER)
        for at_s, fact in breaks:
            scene.put(start_s + 10.0 + at_s, shifted(fact, start_s + 10.0))
        scene.say(ME, start_s + 43.0, start_s + 50.0, ANSWER)
        scene.say(THEM, start_s + 50.5, start_s + 60.0, ANSWER)
    scene.found.clear()
    # Gaps of three seconds, if these were any, would make it wait for nine.
    assert stalls(scene, 1230.0) == [(1204.0, 1200.0)]


def shifted(fact: Fact, by_s: float) -> Fact:
    """Return the fact as it would be that much later."""
    if isinstance(fact, Recovered | Forgotten):
        return type(fact)(fact.from_s + by_s, fact.to_s + by_s)
    return fact


def test_words_that_were_heard_afterwards_hold_no_floor() -> None:
    scene = told(THEM, ANSWER)
    scene.put(10.9, Recovered(10.9, 120.0))
    for at_s in range(12, 110, 10):
        scene.put(120.5, Heard(THEM, float(at_s), at_s + 9.0, ANSWER))
    scene.say(THEM, 121.0, 125.0, ANSWER)
    assert stalls(scene, 130.0) == [(129.0, 125.0)]
    assert len(scene.found) == 1


def test_a_murmur_that_died_with_the_program_holds_up_nothing() -> None:
    scene = told(THEM, ANSWER)
    scene.put(11.0, CueStarted(1, 11.0))
    scene.put(11.1, Recovered(11.1, 12.0))
    assert stalls(scene, 29.0) == [(16.0, 12.0)]
