"""The coach: which cue comes, when, and when none does."""

import msgspec
import pytest
from scene import ME, PLAN, THEM, Scene

from assistant.events import (
    Asked,
    Consent,
    Consented,
    Cue,
    CueEnded,
    CueStarted,
    DeadLine,
    Drifted,
    Extended,
    Farewell,
    Heard,
    Hushed,
    JobAsked,
    MarkHeard,
    Monologue,
    NextWanted,
    Paused,
    Recovered,
    Resumed,
    SpeechEnded,
    SpeechStarted,
    Stalled,
    Ticked,
    TimeShort,
    Touched,
    Trouble,
    Understood,
)
from assistant.minds.coach import Coach
from assistant.plan import Dials, Plan

pytestmark = pytest.mark.unit

ALL = tuple(question.id for question in PLAN.questions)


def coach(plan: Plan = PLAN, **dials: float) -> Scene:
    """Return a coach in a call in which they spoke until second 10."""
    scene = Scene(Coach(msgspec.structs.replace(plan, dials=msgspec.convert(dials, Dials))))
    scene.say(THEM, 2.0, 10.0, "we write queries most of the day")
    return scene


def stall(scene: Scene, at_s: float) -> None:
    scene.put(at_s, Stalled(at_s - 4.0))


def murmured(scene: Scene) -> list[tuple[float, str]]:
    return [(at_s, f.text) for at_s, f in scene.found if isinstance(f, Cue)]


def last(scene: Scene) -> Cue:
    cues = [f for f in scene.findings if isinstance(f, Cue)]
    return cues[-1]


def over(scene: Scene, how: str = "spoken", *, took_s: float = 1.0) -> None:
    """Let the last cue be carried out."""
    at_s, cue = next((at_s, f) for at_s, f in reversed(scene.found) if isinstance(f, Cue))
    seq = scene.seq
    assert cue is scene.findings[-1]
    scene.put(at_s, CueStarted(seq, at_s))
    ended = msgspec.convert(
        {"is": "CueEnded", "cue_seq": seq, "start_s": at_s, "end_s": at_s + took_s, "how": how},
        CueEnded,
    )
    scene.put(at_s + took_s, ended)


# ---------------------------------------------------------------- a stall


def test_a_stall_brings_the_first_open_must_ask() -> None:
    scene = coach()
    stall(scene, 14.0)
    assert scene.found == [
        (14.0, Cue("question", "ask: career path", "career-path", "silent for 4 s", 26.0))
    ]


def test_stalls_bring_must_asks_first_then_the_rest_and_none_twice() -> None:
    scene = coach(cue_budget=100)
    for at_s in range(14, 600, 80):
        stall(scene, float(at_s))
        if len(murmured(scene)) * 80 > at_s:
            over(scene)
    assert [text for _, text in murmured(scene)] == [
        "ask: career path",
        "ask: hardest part",
        "ask: typical day",
        "ask: skills",
    ]


def test_what_was_asked_is_not_cued_and_what_was_touched_waits() -> None:
    scene = coach()
    scene.put(11.0, Asked("career-path", 1, 0.9))
    scene.put(12.0, Ticked("hardest-part", "answered"))
    scene.put(13.0, Touched("typical-day", 2, 0.7))
    stall(scene, 14.0)
    assert last(scene).question_id == "skills"


def test_closing_questions_come_when_nothing_else_is_open() -> None:
    scene = coach()
    for question_id in ("career-path", "typical-day", "hardest-part", "skills"):
        scene.put(12.0, Asked(question_id, 1, 0.9))
    stall(scene, 14.0)
    assert (last(scene).kind, last(scene).text) == ("closing", "ask: who else to talk to")


def test_when_all_was_asked_that_is_said_once() -> None:
    scene = coach(cue_spacing_s=0.0)
    for question_id in ALL[:-1]:
        scene.put(12.0, Asked(question_id, 1, 0.9))
    stall(scene, 14.0)
    over(scene)
    stall(scene, 100.0)
    assert murmured(scene) == [(14.0, "all asked: thank them")]


def test_a_plan_without_questions_has_nothing_to_say_in_a_stall() -> None:
    scene = coach(Plan(consent="not-needed"))
    stall(scene, 14.0)
    assert murmured(scene) == []


# ---------------------------------------------------------------- the moment


def test_nobody_is_spoken_over() -> None:
    scene = coach()
    scene.put(13.0, SpeechStarted(ME, 12.9))
    stall(scene, 14.0)
    scene.until(40.0)
    assert murmured(scene) == []


def test_a_cue_waits_for_a_moment_of_silence_after_a_voice() -> None:
    scene = coach()
    scene.put(13.0, SpeechStarted(THEM, 13.0))
    scene.put(14.05, SpeechEnded(THEM, 13.0, 14.0))
    scene.put(14.1, NextWanted())
    scene.until(20.0)
    assert [at_s for at_s, _ in murmured(scene)] == [14.5]


def test_what_waits_for_a_stall_dies_when_speech_returns() -> None:
    scene = coach()
    stall(scene, 14.0)
    over(scene)
    stall(scene, 70.0)
    scene.say(THEM, 72.0, 73.0, "and another thing is the meetings")
    scene.until(100.0)
    assert len(murmured(scene)) == 1


def test_cues_keep_their_distance_but_a_stall_may_wait_for_it() -> None:
    scene = coach()
    stall(scene, 14.0)
    over(scene)
    stall(scene, 40.0)
    stall(scene, 70.0)
    scene.until(100.0)
    assert [at_s for at_s, _ in murmured(scene)] == [14.0, 74.0]


def test_a_stall_that_waited_too_long_is_let_go() -> None:
    scene = coach()
    stall(scene, 14.0)
    over(scene)
    stall(scene, 61.0)
    scene.until(100.0)
    assert [at_s for at_s, _ in murmured(scene)] == [14.0]


def test_the_budget_is_kept_and_comes_back() -> None:
    scene = coach(cue_budget=2, cue_window_s=600.0)
    for at_s in (14.0, 100.0, 200.0):
        stall(scene, at_s)
        if at_s < 200:
            over(scene)
    assert len(murmured(scene)) == 2
    stall(scene, 620.0)
    assert len(murmured(scene)) == 3


def test_one_cue_at_a_time() -> None:
    scene = coach()
    stall(scene, 14.0)
    seq = scene.seq
    scene.put(14.2, NextWanted())
    scene.until(17.0)
    assert len(murmured(scene)) == 1
    scene.put(17.1, CueEnded(seq, 14.0, 17.0, "spoken"))
    scene.until(18.0)
    assert murmured(scene)[1:] == [(17.1, "next: hardest part")]


def test_a_cue_that_nobody_answers_for_is_given_up() -> None:
    scene = coach()
    stall(scene, 14.0)
    scene.put(35.0, NextWanted())
    scene.until(50.0)
    assert [at_s for at_s, _ in murmured(scene)] == [14.0, 36.0]


def test_a_cue_that_never_began_may_come_again() -> None:
    scene = coach(cue_budget=1)
    stall(scene, 14.0)
    over(scene, "expired", took_s=12.0)
    stall(scene, 80.0)
    assert [text for _, text in murmured(scene)] == ["ask: career path"] * 2


def test_a_cue_cut_as_it_began_was_not_heard_and_may_come_again() -> None:
    scene = coach(cue_budget=1)
    stall(scene, 14.0)
    over(scene, "cut", took_s=0.3)
    stall(scene, 80.0)
    assert [text for _, text in murmured(scene)] == ["ask: career path"] * 2


def test_a_cue_cut_near_its_end_was_heard() -> None:
    scene = coach()
    stall(scene, 14.0)
    over(scene, "cut", took_s=1.2)
    stall(scene, 80.0)
    assert [text for _, text in murmured(scene)] == ["ask: career path", "ask: hardest part"]


def cut_at_once(scene: Scene, at_s: float) -> None:
    """Let them speak just as a cue begins, for nine seconds."""
    seq = scene.seq
    scene.put(at_s, CueStarted(seq, at_s))
    scene.put(at_s + 0.2, SpeechStarted(THEM, at_s + 0.1))
    scene.put(at_s + 0.2, CueEnded(seq, at_s, at_s + 0.2, "cut"))
    scene.put(at_s + 9.4, SpeechEnded(THEM, at_s + 0.1, at_s + 9.0))


def test_what_can_not_wait_for_a_stall_is_tried_once_more_in_a_longer_pause() -> None:
    scene = coach()
    scene.put(900.0, TimeShort(300.0, 3))
    cut_at_once(scene, 900.0)
    scene.until(911.0)
    assert [at_s for at_s, _ in murmured(scene)] == [900.0, 910.0]
    cut_at_once(scene, 910.0)
    scene.until(1000.0)
    assert len(murmured(scene)) == 2


def test_a_stall_is_not_tried_again() -> None:
    scene = coach()
    stall(scene, 14.0)
    cut_at_once(scene, 14.0)
    scene.until(60.0)
    assert len(murmured(scene)) == 1


def test_nothing_is_said_in_a_pause_or_after_the_end() -> None:
    scene = coach()
    scene.put(11.0, Paused())
    stall(scene, 14.0)
    scene.put(15.0, NextWanted())
    scene.put(40.0, Resumed())
    scene.until(60.0)
    assert murmured(scene) == []


# ---------------------------------------------------------------- hush


@pytest.mark.parametrize("hush", [Hushed(), Hushed(300.0), MarkHeard(1, "hush", "hush")])
def test_hush_means_hush(hush: Hushed | MarkHeard) -> None:
    scene = coach()
    scene.put(11.0, hush)
    stall(scene, 14.0)
    scene.put(20.0, NextWanted())
    scene.put(30.0, TimeShort(300.0, 1))
    scene.put(40.0, Farewell(1))
    scene.put(50.0, MarkHeard(1, "time", "time"))
    assert not murmured(scene.until(200.0))


def test_hush_ends_when_it_was_for_a_while_or_is_taken_back() -> None:
    scene = coach()
    scene.put(11.0, Hushed(30.0))
    stall(scene, 42.0)
    assert len(murmured(scene)) == 1
    over(scene)
    scene.put(50.0, Hushed())
    scene.put(51.0, Hushed(0.0))
    scene.put(52.0, NextWanted())
    assert len(murmured(scene)) == 2


# ---------------------------------------------------------------- the next one


def test_next_comes_at_once_whatever_the_distance() -> None:
    scene = coach()
    stall(scene, 14.0)
    over(scene)
    scene.put(16.0, NextWanted())
    assert murmured(scene)[1:] == [(16.0, "next: hardest part")]
    over(scene)
    scene.put(17.5, MarkHeard(1, "next", "sottovoce next"))
    assert murmured(scene)[2:] == [(17.5, "next: typical day")]


def test_next_waits_for_a_pause_and_then_is_only_shown_with_a_tone() -> None:
    scene = coach()
    scene.put(12.0, SpeechStarted(THEM, 12.0))
    scene.put(13.0, NextWanted())
    scene.until(60.0)
    assert [(at_s, f.tone) for at_s, f in scene.found if isinstance(f, Cue)] == [(25.0, True)]


def test_next_goes_round_all_that_is_open() -> None:
    scene = coach()
    for number in range(7):
        scene.put(20.0 + number * 5, NextWanted())
        over(scene)
    assert [text.removeprefix("next: ") for _, text in murmured(scene)] == [
        "career path",
        "hardest part",
        "typical day",
        "skills",
        "who else to talk to",
        "keep in touch",
        "career path",
    ]


def test_next_with_nothing_open_says_so() -> None:
    scene = coach()
    for question_id in ALL:
        scene.put(12.0, Asked(question_id, 1, 0.9))
    scene.put(14.0, NextWanted())
    assert murmured(scene) == [(14.0, "all asked: thank them")]


def test_what_the_user_wants_uses_up_no_budget() -> None:
    scene = coach(cue_budget=1)
    scene.put(14.0, NextWanted())
    over(scene)
    stall(scene, 90.0)
    assert len(murmured(scene)) == 2


# ---------------------------------------------------------------- the time


@pytest.mark.parametrize(
    ("left_s", "asked", "text"),
    [
        (600.0, (), "half time, 3 must-asks open"),
        (300.0, ("career-path",), "5 minutes left, 2 must-asks open"),
        (300.0, ("career-path", "who-else"), "5 minutes left, one must-ask open"),
        (300.0, ("career-path", "hardest-part"), "5 minutes left: who else to talk to"),
        (300.0, ("career-path", "hardest-part", "who-else"), "5 minutes left"),
        (60.0, (), "one minute left: who else to talk to"),
        (60.0, ("career-path", "hardest-part", "who-else"), "one minute left"),
        (0.0, (), "that's your 20; thank them"),
        (-300.0, (), "5 minutes over"),
    ],
)
def test_the_time_is_told_with_what_matters_most(
    left_s: float, asked: tuple[str, ...], text: str
) -> None:
    scene = coach()
    for question_id in asked:
        scene.put(12.0, Asked(question_id, 1, 0.9))
    scene.put(1200.0 - left_s, TimeShort(left_s, 3))
    assert murmured(scene) == [(1200.0 - left_s, text)]
    assert last(scene).kind == "time"
    assert last(scene).expires_s == 1205.0 - left_s


def test_a_warning_waits_for_a_pause() -> None:
    scene = coach()
    scene.put(890.0, SpeechStarted(THEM, 890.0))
    scene.put(900.0, TimeShort(300.0, 3))
    scene.put(920.4, SpeechEnded(THEM, 890.0, 920.0))
    scene.until(1000.0)
    assert [at_s for at_s, _ in murmured(scene)] == [920.4]
    assert not last(scene).tone


def test_no_warning_comes_between_my_question_and_their_answer() -> None:
    scene = coach()
    scene.say(ME, 890.0, 901.0, "so which skills matter the most for you")
    scene.put(902.0, TimeShort(300.0, 3))
    scene.say(THEM, 902.5, 910.0, "most of all it is writing")
    scene.until(1000.0)
    assert [at_s for at_s, _ in murmured(scene)] == [910.4]


def test_but_it_comes_when_they_do_not_answer() -> None:
    scene = coach()
    scene.say(ME, 890.0, 901.0, "so which skills matter the most for you")
    scene.put(902.0, TimeShort(300.0, 3))
    scene.until(1000.0)
    assert [at_s for at_s, _ in murmured(scene)] == [903.0]


def test_a_warning_nobody_pauses_for_becomes_a_tone() -> None:
    scene = coach()
    scene.put(890.0, SpeechStarted(THEM, 890.0))
    scene.put(900.0, TimeShort(300.0, 3))
    for at_s in range(900, 1000, 10):
        scene.put(float(at_s), Heard(THEM, at_s - 9.0, at_s - 1.0, "and so on"))
    assert [at_s for at_s, _ in murmured(scene)] == [945.0]
    assert last(scene).tone


def test_time_cues_use_up_neither_budget_nor_distance() -> None:
    scene = coach(cue_budget=1)
    scene.put(600.0, TimeShort(600.0, 3))
    over(scene)
    stall(scene, 610.0)
    assert len(murmured(scene)) == 2


def test_an_extension_takes_back_a_warning_that_still_waits() -> None:
    scene = coach()
    scene.put(890.0, SpeechStarted(THEM, 890.0))
    scene.put(900.0, TimeShort(300.0, 3))
    scene.put(905.0, Extended(600.0))
    scene.put(910.4, SpeechEnded(THEM, 890.0, 910.0))
    scene.until(1000.0)
    assert not murmured(scene)


@pytest.mark.parametrize(
    ("at_s", "text"),
    [
        (15.0, "20 minutes left"),
        (1100.0, "2 minutes left"),
        (1150.0, "one minute left"),
        (1210.0, "that's your 20; thank them"),
        (1260.0, "one minute over"),
        (1500.0, "5 minutes over"),
    ],
)
def test_the_time_is_told_on_demand(at_s: float, text: str) -> None:
    scene = coach()
    scene.put(at_s, MarkHeard(1, "time", "sottovoce time"))
    assert murmured(scene) == [(at_s, text)]


# ---------------------------------------------------------------- the end


def test_at_a_farewell_whom_else_to_talk_to_is_the_only_cue() -> None:
    scene = coach()
    stall(scene, 900.0)
    over(scene)
    scene.put(910.0, Farewell(1, 2.0))
    scene.put(930.0, Farewell(2))
    scene.until(1000.0)
    assert murmured(scene)[1:] == [(910.0, "ask: who else to talk to")]
    assert last(scene).why == "they want to end"


def test_when_that_was_asked_only_the_thanks_are_left() -> None:
    scene = coach()
    scene.put(800.0, Asked("who-else", 1, 0.8))
    scene.put(900.0, Farewell(1))
    assert murmured(scene) == [(900.0, "thank them")]


def test_who_was_just_thanked_is_not_thanked_again_but_still_asked_whom_else() -> None:
    scene = coach()
    scene.put(900.0, Farewell(1, thanked=True))
    assert murmured(scene) == [(900.0, "ask: who else to talk to")]
    scene = coach()
    scene.put(800.0, Asked("who-else", 1, 0.8))
    scene.put(900.0, Farewell(1, thanked=True))
    scene.until(1000.0)
    assert not murmured(scene)


def test_a_later_farewell_may_be_cued_again() -> None:
    scene = coach()
    scene.put(900.0, Farewell(1))
    over(scene)
    scene.put(1090.0, Farewell(2))
    assert len(murmured(scene)) == 2


def test_a_referral_that_was_cued_a_moment_ago_is_not_said_again() -> None:
    scene = coach()
    for question_id in ALL[:4]:
        scene.put(12.0, Asked(question_id, 1, 0.9))
    stall(scene, 900.0)
    over(scene)
    scene.put(930.0, Farewell(1))
    scene.until(1000.0)
    assert len(murmured(scene)) == 1


def test_near_the_end_must_asks_come_first_and_then_the_closing_ones() -> None:
    scene = coach(cue_spacing_s=0.0)
    for at_s in (910.0, 930.0, 950.0, 970.0):
        stall(scene, at_s)
        over(scene)
    assert [text for _, text in murmured(scene)] == [
        "ask: career path",
        "ask: hardest part",
        "ask: who else to talk to",
        "ask: keep in touch",
    ]


def test_in_the_last_minutes_closing_comes_first() -> None:
    scene = coach()
    stall(scene, 1100.0)
    assert murmured(scene) == [(1100.0, "ask: who else to talk to")]


def test_a_dead_line_is_asked_about_and_not_again_soon() -> None:
    scene = coach()
    scene.put(40.0, DeadLine(10.0))
    over(scene)
    scene.put(100.0, DeadLine(70.0))
    scene.until(150.0)
    assert murmured(scene) == [(40.0, "is the line dead?")]
    assert (last(scene).kind, last(scene).why) == ("line", "nothing heard for 30 s")


# ---------------------------------------------------------------- while nobody was there


def test_nothing_is_murmured_of_a_time_in_which_the_program_was_gone() -> None:
    scene = coach()
    scene.put(12.0, Recovered(12.0, 60.0))
    stall(scene, 14.0)
    scene.put(30.0, TimeShort(300.0, 2))
    scene.until(60.0)
    stall(scene, 60.0)
    scene.until(61.0)
    assert murmured(scene) == []
    stall(scene, 70.0)
    assert [at_s for at_s, _ in murmured(scene)] == [70.0]


def test_what_was_said_while_the_program_was_gone_is_not_acted_on_afterwards() -> None:
    scene = coach()
    scene.put(12.0, Recovered(12.0, 60.0))
    bye = scene.put(61.0, Heard(THEM, 40.0, 42.0, "i have to go now"))
    scene.put(61.0, Farewell(bye))
    late = scene.put(61.1, Heard(ME, 43.0, 44.0, "sottovoce next"))
    scene.put(61.1, MarkHeard(late, "next", "sottovoce next"))
    scene.until(90.0)
    assert murmured(scene) == []
    now = scene.put(100.0, Heard(THEM, 97.0, 99.0, "i have to go now"))
    scene.put(100.0, Farewell(now))
    assert [text for _, text in murmured(scene.until(110.0))] == ["ask: who else to talk to"]


def test_a_murmur_that_was_on_its_way_died_with_the_program() -> None:
    scene = coach()
    stall(scene, 14.0)
    scene.put(14.1, Recovered(14.1, 20.0))
    scene.put(21.0, NextWanted())
    assert [at_s for at_s, _ in murmured(scene)] == [14.0, 21.0]


# ---------------------------------------------------------------- leave to take notes


def asking(**dials: float) -> Scene:
    """Return a coach in a call in which leave is to be asked; both spoke until second 7.

    Two seconds later the user has been reminded.
    """
    dialled = msgspec.convert(dials, Dials)
    scene = Scene(Coach(msgspec.structs.replace(PLAN, consent="ask", dials=dialled)))
    return scene.voice(ME, 1.0, 3.0).voice(THEM, 4.0, 7.0).until(9.0)


def test_the_user_is_reminded_to_ask_in_the_first_good_moment() -> None:
    scene = asking()
    assert murmured(scene) == [(9.0, "ask: may I take notes?")]
    assert (last(scene).kind, last(scene).why) == (
        "opening",
        "nobody was asked about the notes yet",
    )


def test_with_one_voice_only_the_reminder_waits_ten_seconds() -> None:
    scene = Scene(Coach(msgspec.structs.replace(PLAN, consent="ask")))
    scene.say(THEM, 1.0, 3.0, "hello")
    assert murmured(scene.until(30.0)) == [(10.0, "ask: may I take notes?")]


def test_once_more_some_minutes_later_and_then_never() -> None:
    scene = asking()
    over(scene)
    for at_s in range(20, 590, 10):
        told = len(murmured(scene))
        scene.voice(THEM, at_s, at_s + 4.0)
        if len(murmured(scene)) > told:
            over(scene)
    assert [at_s for at_s, _ in murmured(scene)] == [9.0, 189.0]


def test_no_reminder_once_the_asking_was_heard() -> None:
    scene = Scene(Coach(msgspec.structs.replace(PLAN, consent="ask")))
    seq = scene.say(ME, 1.0, 3.0, "hello may i take notes")
    scene.put(3.7, Consent(seq, "asked"))
    scene.say(THEM, 4.0, 5.0, "well")
    scene.say(THEM, 200.0, 205.0, "and so on")
    assert murmured(scene.until(400.0)) == []


def test_a_stall_keeps_its_distance_from_the_reminder_but_loses_nothing_of_the_budget() -> None:
    scene = asking(cue_budget=1)
    over(scene)
    stall(scene, 30.0)
    stall(scene, 70.0)
    assert [at_s for at_s, _ in murmured(scene)] == [9.0, 70.0]


def test_a_refusal_is_told_once() -> None:
    scene = asking()
    over(scene)
    seq = scene.say(THEM, 12.0, 13.0, "i'd rather not")
    scene.put(13.7, Consent(seq, "refused"))
    over(scene)
    seq = scene.say(THEM, 60.0, 61.0, "please stop recording")
    scene.put(61.7, Consent(seq, "refused"))
    scene.until(90.0)
    assert murmured(scene)[1:] == [(13.7, "they'd rather not: pause the notes")]
    assert last(scene).kind == "opening"


def test_what_the_user_said_themselves_is_not_told_them() -> None:
    scene = asking()
    over(scene)
    scene.put(20.0, Consented("refused"))
    assert len(murmured(scene.until(60.0))) == 1


def test_no_refusal_is_told_to_who_has_paused() -> None:
    scene = asking()
    over(scene)
    scene.put(12.0, SpeechStarted(THEM, 12.0))
    scene.put(12.5, Consent(1, "refused"))
    scene.put(12.6, Paused())
    scene.put(20.0, Resumed())
    assert len(murmured(scene.until(60.0))) == 1


# ---------------------------------------------------------------- what stopped working


@pytest.mark.parametrize(
    ("part", "at_s", "text"),
    [
        ("microphone", 22.0, "your microphone stopped"),
        ("far side", 22.0, "their sound stopped"),
        ("disk", 20.0, "disk almost full"),
        ("hearing", 28.0, "I can't hear right now"),
    ],
)
def test_what_stopped_working_is_murmured_in_a_pause(part: str, at_s: float, text: str) -> None:
    scene = coach()
    scene.put(20.0, Trouble(part, "It stopped."))
    scene.put(26.0, Trouble(part, "It still is."))
    scene.until(100.0)
    assert murmured(scene) == [(at_s, text)]
    assert (last(scene).kind, last(scene).why) == ("line", "It stopped.")


@pytest.mark.parametrize("part", ["headset", "voice", "journal", "call"])
def test_other_troubles_are_only_shown(part: str) -> None:
    scene = coach()
    scene.put(20.0, Trouble(part, "It stopped."))
    assert murmured(scene.until(100.0)) == []


def test_a_trouble_that_came_and_went_is_not_murmured() -> None:
    scene = coach()
    scene.put(20.0, Trouble("microphone", "It stopped."))
    scene.put(21.5, Trouble("microphone", "It is back.", over=True))
    scene.put(29.0, SpeechStarted(THEM, 29.0))
    scene.put(30.0, Trouble("far side", "It stopped."))
    scene.put(50.0, Trouble("far side", "It is back.", over=True))
    scene.put(51.0, SpeechEnded(THEM, 29.0, 50.5))
    assert murmured(scene.until(100.0)) == []


def test_flapping_is_murmured_once_in_three_minutes() -> None:
    scene = coach()
    for n in range(60):
        told = len(murmured(scene))
        scene.put(20.0 + 6 * n, Trouble("microphone", "It stopped."))
        if len(murmured(scene.until(22.5 + 6 * n))) > told:
            over(scene)
        scene.put(24.5 + 6 * n, Trouble("microphone", "It is back.", over=True))
    assert [at_s for at_s, _ in murmured(scene)] == [22.0, 202.0]


def test_one_that_lasts_is_murmured_even_soon_after_another() -> None:
    scene = coach()
    scene.put(20.0, Trouble("microphone", "It stopped."))
    over(scene.until(23.0))
    scene.put(30.0, Trouble("microphone", "It is back.", over=True))
    scene.put(100.0, Trouble("microphone", "It stopped."))
    assert [at_s for at_s, _ in murmured(scene.until(300.0))] == [22.0, 202.0]


def test_trouble_needs_no_distance_and_keeps_none() -> None:
    scene = coach()
    stall(scene, 14.0)
    over(scene)
    scene.put(20.0, Trouble("disk", "Almost full."))
    over(scene)
    stall(scene, 74.0)
    assert [at_s for at_s, _ in murmured(scene)] == [14.0, 20.0, 74.0]


@pytest.mark.parametrize(("part", "count"), [("microphone", 1), ("disk", 0)])
def test_hush_is_no_reason_to_keep_quiet_about_a_lost_side(part: str, count: int) -> None:
    before, after = coach(), coach()
    before.put(15.0, Hushed())
    before.put(20.0, Trouble(part, "It stopped."))
    after.put(19.9, SpeechStarted(THEM, 19.9))
    after.put(20.0, Trouble(part, "It stopped."))
    after.put(20.5, Hushed())
    after.put(23.0, SpeechEnded(THEM, 19.9, 22.6))
    assert len(murmured(before.until(60.0))) == count
    assert len(murmured(after.until(60.0))) == count


def test_when_nobody_pauses_a_lost_side_comes_as_a_tone() -> None:
    scene = coach()
    scene.put(15.0, SpeechStarted(THEM, 15.0))
    scene.put(20.0, Trouble("microphone", "It stopped."))
    scene.put(20.0, Trouble("hearing", "It stopped."))
    scene.until(60.0)
    assert [(at_s, f.tone) for at_s, f in scene.found if isinstance(f, Cue)] == [(52.0, True)]


# ---------------------------------------------------------------- what they just talked about


def tell(scene: Scene, start_s: float, *, topic: str = "", **near: float) -> None:
    """Let them say something for three seconds that comes near to questions."""
    seq = scene.say(THEM, start_s, start_s + 3.0, "and that is how it goes")
    scores = {name.replace("_", "-"): score for name, score in near.items()}
    scene.put(start_s + 3.8, Understood(seq, near=scores, topic=topic, theme=0.7))


def test_what_they_just_mentioned_is_asked_first_and_the_reason_says_so() -> None:
    scene = coach()
    tell(scene, 11.0, topic="course in python", skills=0.8, typical_day=0.4)
    stall(scene, 18.0)
    assert murmured(scene) == [(18.0, "ask: skills")]
    assert last(scene).why == "silent for 4 s, they mentioned course in python"


def test_where_no_word_of_theirs_stands_out_none_is_put_in_their_mouth() -> None:
    scene = coach()
    tell(scene, 11.0, skills=0.8)
    stall(scene, 18.0)
    assert last(scene).why == "silent for 4 s, close to what they said"


def test_what_they_mentioned_long_ago_or_only_faintly_changes_nothing() -> None:
    faint, late = coach(), coach()
    tell(faint, 11.0, skills=0.25)
    stall(faint, 18.0)
    tell(late, 11.0, skills=0.8)
    stall(late, 90.0)
    assert last(faint).question_id == last(late).question_id == "career-path"
    assert last(late).why == "silent for 4 s"


def test_with_little_time_for_the_must_asks_these_come_first_and_the_reason_says_so() -> None:
    scene = coach()
    tell(scene, 853.0, skills=0.9)
    stall(scene, 860.0)
    assert last(scene).question_id == "career-path"
    assert last(scene).why == "silent for 4 s, 6 minutes for 3 must-asks"


def all_handed_out() -> Scene:
    scene = coach()
    for question_id in ("career-path", "typical-day", "hardest-part", "skills"):
        scene.put(12.0, Asked(question_id, 1, 0.9))
    return scene


def test_when_no_question_fits_their_last_point_is_followed_up_once() -> None:
    scene = all_handed_out()
    tell(scene, 20.0, topic="reorg")
    stall(scene, 28.0)
    assert last(scene) == Cue(
        "question", "more about: reorg", None, "silent for 4 s, their last point was reorg", 40.0
    )
    over(scene)
    tell(scene, 100.0, topic="reorg")
    stall(scene, 108.0)
    assert murmured(scene)[1:] == [(108.0, "ask: who else to talk to")]


def test_near_the_end_there_is_no_follow_up() -> None:
    scene = all_handed_out()
    tell(scene, 950.0, topic="reorg")
    stall(scene, 958.0)
    assert last(scene).question_id == "who-else"


def test_who_asks_for_the_next_one_gets_what_fits_as_well() -> None:
    scene = coach()
    tell(scene, 11.0, skills=0.8)
    scene.put(16.0, NextWanted())
    assert murmured(scene) == [(16.0, "next: skills")]


# ---------------------------------------------------------------- the talk is elsewhere


def test_a_talk_that_drifted_is_led_back_in_a_pause() -> None:
    scene = coach()
    scene.put(190.0, SpeechStarted(THEM, 190.0))
    scene.put(200.0, Drifted(100.0))
    scene.put(205.4, SpeechEnded(THEM, 190.0, 205.0))
    scene.until(300.0)
    assert murmured(scene) == [(206.0, "back to: career path")]
    cue = last(scene)
    assert (cue.kind, cue.question_id) == ("drift", "career-path")
    assert cue.why == "away from your themes for 106 s"


def test_it_is_not_led_back_when_it_came_back_by_itself() -> None:
    back, asked = coach(), coach()
    for scene in (back, asked):
        scene.put(190.0, SpeechStarted(THEM, 190.0))
        scene.put(200.0, Drifted(100.0))
    back.put(203.0, Understood(3, theme=0.8))
    asked.put(203.0, Asked("skills", 3, 0.9))
    for scene in (back, asked):
        scene.put(205.4, SpeechEnded(THEM, 190.0, 205.0))
        assert not murmured(scene.until(300.0))


def test_it_is_led_back_rarely_and_within_the_budget() -> None:
    scene = coach(cue_budget=2)
    for at_s in (100.0, 250.0, 420.0, 800.0):
        scene.put(at_s, Drifted(at_s - 90.0))
        if len(murmured(scene)) < 3 and at_s in (100.0, 420.0):
            over(scene)
    assert [at_s for at_s, _ in murmured(scene)] == [100.0, 420.0]


def test_there_is_nothing_to_lead_back_to_when_all_was_asked() -> None:
    scene = coach()
    for question_id in ALL:
        scene.put(12.0, Asked(question_id, 1, 0.9))
    scene.put(200.0, Drifted(100.0))
    assert not murmured(scene.until(300.0))


# ---------------------------------------------------------------- a slip, and talking too much


def test_asking_for_a_job_is_warned_of_at_once_in_few_words() -> None:
    scene = coach()
    stall(scene, 14.0)
    over(scene)
    seq = scene.say(ME, 16.0, 18.0, "do you have a job for me")
    scene.put(18.7, JobAsked(seq))
    assert murmured(scene)[1:] == [(18.7, "ask about work")]
    assert (last(scene).kind, last(scene).why) == ("caution", "you asked for a job")


def test_the_warning_comes_once_a_minute_and_uses_up_nothing() -> None:
    scene = coach(cue_budget=1)
    for at_s in (20.0, 50.0, 90.0):
        scene.put(at_s, JobAsked(1))
        if at_s != 50.0:
            over(scene)
    stall(scene, 95.0)
    assert [(at_s, f.kind) for at_s, f in scene.found if isinstance(f, Cue)] == [
        (20.0, "caution"),
        (90.0, "caution"),
        (95.0, "question"),
    ]


def test_a_warning_nobody_pauses_for_is_a_tone() -> None:
    scene = coach()
    scene.put(19.0, SpeechStarted(THEM, 19.0))
    scene.put(20.0, JobAsked(1))
    scene.until(60.0)
    assert [(at_s, f.tone) for at_s, f in scene.found if isinstance(f, Cue)] == [(28.0, True)]


def test_who_talks_for_very_long_is_told_once_in_a_breath() -> None:
    scene = coach()
    scene.put(100.0, SpeechStarted(ME, 100.0))
    scene.put(110.0, Monologue(ME, 20.0))
    scene.put(115.4, SpeechEnded(ME, 100.0, 115.0))
    assert murmured(scene) == [(115.4, "let them talk")]
    assert (last(scene).kind, last(scene).why) == ("talk", "you have talked for 95 s")
    over(scene)
    scene.put(600.0, Monologue(ME, 500.0))
    assert len(murmured(scene.until(700.0))) == 1


def test_not_when_it_is_they_who_talk_or_when_they_have_begun() -> None:
    scene, begun = coach(), coach()
    scene.put(110.0, Monologue(THEM, 20.0))
    assert not murmured(scene.until(200.0))
    begun.put(100.0, SpeechStarted(ME, 100.0))
    begun.put(110.0, Monologue(ME, 20.0))
    begun.put(111.0, SpeechStarted(THEM, 111.0))
    begun.put(112.0, SpeechEnded(ME, 100.0, 111.6))
    begun.put(114.0, SpeechEnded(THEM, 111.0, 113.6))
    assert not murmured(begun.until(200.0))


def test_hush_and_a_time_in_which_the_program_was_gone_spare_these_as_well() -> None:
    hushed, gone = coach(), coach()
    hushed.put(15.0, Hushed())
    gone.put(15.0, Recovered(15.0, 100.0))
    late = gone.put(101.0, Heard(ME, 40.0, 42.0, "do you have a job for me"))
    gone.put(101.0, JobAsked(late))
    for event in (JobAsked(1), Drifted(10.0), Monologue(ME, 10.0)):
        hushed.put(20.0, event)
    assert not murmured(hushed.until(100.0))
    assert not murmured(gone.until(140.0))


def test_who_wanders_off_and_never_pauses_is_led_back_by_a_tone_within_the_budget() -> None:
    scene, spent = coach(), coach(cue_budget=0)
    for each in (scene, spent):
        each.put(190.0, SpeechStarted(THEM, 190.0))
        each.put(200.0, Drifted(100.0))
        for at_s in range(200, 260, 10):
            each.put(float(at_s), Heard(THEM, at_s - 9.0, at_s - 1.0, "and so on"))
        each.until(300.0)
    assert [(at_s, f.tone) for at_s, f in scene.found if isinstance(f, Cue)] == [(245.0, True)]
    assert murmured(spent) == []
