"""What a person sees while a call goes on: one line for what matters, nothing for the rest."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from assistant.events import (
    Asked,
    AudioLost,
    CallEnded,
    Channel,
    Consent,
    Consented,
    Cue,
    CueEnded,
    Entry,
    Finding,
    Forgotten,
    Heard,
    Hushed,
    JobAsked,
    MaybeAsked,
    Monologue,
    NoteTaken,
    Promised,
    Recovered,
    SpeechEnded,
    SpeechStarted,
    Ticked,
    TimeShort,
    Touched,
    Trouble,
    Understood,
)
from assistant.events import Fact as FactType
from assistant.notes.words import words_of
from assistant.screen import Screen
from assistant.settings import texts
from assistant.view import clock
from assistant.wording import Wording

pytestmark = pytest.mark.unit


def shown(*events: FactType | Finding) -> list[str]:
    wording = Wording("en", (Path(texts("prompts")),))
    words, answers = wording.words("screen"), words_of(wording.words("notes")).answers
    out = io.StringIO()
    console = Console(file=out, width=100, soft_wrap=True, highlight=False)
    questions = {"typical-day": "What does a typical day look like?"}
    screen = Screen(words, questions, console, answers=answers)
    for seq, event in enumerate(events, 1):
        screen.show(Entry(seq, 65.0, event))
    return out.getvalue().splitlines()


def test_what_was_said_stands_with_its_speaker_and_its_own_time() -> None:
    assert shown(Heard(Channel.THEM, 61.2, 64.0, "I build pipelines.")) == [
        "  01:01   Them: I build pipelines."
    ]


def test_with_one_microphone_a_guess_is_shown_as_a_guess() -> None:
    unknown = Heard(Channel.UNCLEAR, 61.2, 64.0, "About nine.")
    guessed = Heard(Channel.UNCLEAR, 61.2, 64.0, "And you?", probably=Channel.ME, certainty=0.9)
    assert shown(unknown, guessed) == [
        "  01:01   Someone: About nine.",
        "  01:01   Someone (probably you): And you?",
    ]


def test_what_they_ask_to_keep_off_the_record_is_seen_to_be_understood() -> None:
    theirs = Heard(Channel.THEM, 61.2, 64.0, "Please keep that off the record.")
    mine = Heard(Channel.ME, 61.2, 64.0, "Is that off the record?")
    assert shown(theirs, mine) == [
        "  01:01   Them, off the record: Please keep that off the record.",
        "  01:01   You: Is that off the record?",
    ]


def test_a_murmur_says_why_it_came_and_what_became_of_it() -> None:
    cue = Cue("question", "ask: typical day", "typical-day", "silent for 4 s", 77.0)
    assert shown(cue, CueEnded(1, 65.1, 65.9, "cut")) == [
        "  01:05 ~ murmur: ask: typical day  (silent for 4 s)",
        "  01:05 ~ murmur cut off: someone spoke",
    ]


def test_a_murmur_that_ends_with_the_call_was_cut_by_nobody() -> None:
    cue = Cue("question", "ask: typical day", "typical-day", "silent for 4 s", 80.0)
    assert shown(cue, CueEnded(1, 65.1, 65.9, "call_ended"), CallEnded("stopped"))[1:] == [
        "  01:05 ~ murmur cut off: the call ended",
        "  01:05 > The call is over.",
    ]
    assert shown(cue, CueEnded(1, 65.1, 65.9, "stopped"))[1] == "  01:05 ~ murmur cut off"


def test_a_question_is_shown_in_its_own_words() -> None:
    assert shown(Asked("typical-day", 3, 0.9)) == [
        "  01:05 + asked: What does a typical day look like?"
    ]


def test_what_only_the_program_reads_and_echoes_are_not_shown() -> None:
    echo = Heard(Channel.ME, 1.0, 2.0, "ask typical day", echo=True)
    assert shown(SpeechStarted(Channel.ME, 1.0), Understood(1), echo) == []


def test_words_can_not_play_tricks_on_the_terminal() -> None:
    said = shown(Heard(Channel.ME, 1.0, 2.0, "[red]hi\x1b[2J\x07"), Trouble("disk", "[bold]full"))
    assert "\x1b" not in "".join(said)
    assert "\x07" not in "".join(said)
    assert "[red]hi" in said[0]
    assert "[bold]full" in said[1]


def test_a_break_in_a_note_is_a_space() -> None:
    assert shown(NoteTaken("two lines\nof note\r\n\tand a third")) == [
        "  01:05 * noted: two lines of note and a third"
    ]


def test_hushed_is_shown_with_for_how_long() -> None:
    rows = shown(Hushed(300.0), Hushed(90.0), Hushed(), Hushed(0.0))
    assert [row[10:] for row in rows] == [
        "hushed for 5 min", "hushed for 90 s", "hushed", "murmurs may come again",
    ]  # fmt: skip


def forgotten_on(console: Console, out: io.StringIO) -> str:
    """Show two lines, then the journal anew without the second; return all that was printed."""
    screen = Screen(Wording("en", (Path(texts("prompts")),)).words("screen"), {}, console)
    hello, secret = Heard(Channel.ME, 1.0, 2.0, "hello"), Heard(Channel.ME, 3.0, 4.0, "zanzibar")
    for seq, event in [(1, hello), (2, secret), (3, Forgotten(3.0, 5.0)), (1, hello)]:
        screen.show(Entry(seq, 5.0, event))
    screen.show(Entry(2, 3.0, Forgotten(3.0, 5.0)))
    return out.getvalue()


def test_what_is_forgotten_vanishes_from_the_terminal_and_what_it_kept() -> None:
    out = io.StringIO()
    console = Console(file=out, width=100, soft_wrap=True, highlight=False, force_terminal=True)
    before, wipe, after = forgotten_on(console, out).partition("\x1b[H\x1b[2J\x1b[3J")
    assert "zanzibar" in before
    assert wipe
    assert "hello" in after
    assert "forgotten: 00:03 to 00:05" in after
    assert "zanzibar" not in after


def test_where_nothing_can_be_taken_back_it_says_what_follows() -> None:
    out = io.StringIO()
    console = Console(file=out, width=100, soft_wrap=True, highlight=False)
    printed = forgotten_on(console, out)
    assert "\x1b" not in printed
    assert "without what was forgotten" in printed


@pytest.mark.parametrize(("at_s", "text"), [(0, "00:00"), (751.9, "12:31"), (3600, "1:00:00")])
def test_a_clock_reads_as_people_read_it(at_s: float, text: str) -> None:
    assert clock(at_s) == text


def test_a_promise_and_an_ask_for_a_job_are_shown_as_they_are_said() -> None:
    assert shown(Promised(Channel.THEM, 1, 0.8), JobAsked(1)) == [
        "  01:05 * a promise or a request",
        "  01:05 ! careful: that asked for a job",
    ]


def test_leave_to_take_notes_and_a_time_without_us_are_shown() -> None:
    assert shown(Consent(3, "asked"), Consented("refused"), Recovered(65.0, 90.0)) == [
        "  01:05 + leave to take notes: asked",
        "  01:05 + leave to take notes: refused",
        "  01:05 ! the program was gone until 01:30",
    ]


def test_a_loss_is_shown_at_the_second_the_summary_gives() -> None:
    (row,) = shown(AudioLost(Channel.THEM, 12.0, 14.5, "unplugged"))
    assert row == "  00:12 ! Them: 2.5 s of sound lost (unplugged)"


def test_what_they_may_have_answered_unasked_is_shown_as_that() -> None:
    assert shown(Touched("typical-day", 1, 0.6)) == []
    (line,) = shown(Touched("typical-day", 1, 0.6, probably_answered=True))
    assert line == (
        "  01:05 ? answered, perhaps, though nobody asked: What does a typical day look like?"
    )


@pytest.mark.parametrize(
    ("after", "choice"),
    [
        ((), ("typical-day", "skills")),
        ((Ticked("career-path", "asked"),), ("typical-day", "skills")),
        ((Ticked("skills", "asked"),), ()),
        ((Asked("typical-day", 4, 0.9),), ()),
        ((MaybeAsked(("career-path",), 4),), ("career-path",)),
    ],
)
def test_the_newest_doubt_can_be_settled_until_it_is(
    after: tuple[FactType | Finding, ...], choice: tuple[str, ...]
) -> None:
    words = Wording("en", (Path(texts("prompts")),)).words("screen")
    screen = Screen(words, {}, Console(file=io.StringIO()))
    for seq, event in enumerate((MaybeAsked(("typical-day", "skills"), 1), *after), 1):
        screen.show(Entry(seq, 65.0, event))
    assert screen.choice == choice
    screen.show(Entry(1, 0.0, SpeechStarted(Channel.ME, 0.0)))
    assert screen.choice == (), "the journal began anew"


def test_when_the_time_is_told_so_is_how_the_talk_is_shared() -> None:
    mine, theirs = SpeechEnded(Channel.ME, 0.0, 20.0), SpeechEnded(Channel.THEM, 21.0, 61.0)
    said = Heard(Channel.ME, 0.0, 20.0, "So tell me.")
    assert shown(said, mine, theirs, TimeShort(600.0, 2))[1:] == [
        "  01:05 = so far you spoke 33% of the time, 00:20 at most on end"
    ]
    assert shown(TimeShort(600.0, 2)) == []


def test_a_long_stretch_of_either_is_shown() -> None:
    assert shown(Monologue(Channel.ME, 5.0)) == ["  01:05 = You: 01:00 on end"]


def test_a_choice_is_open_for_a_minute() -> None:
    screen = Screen(Wording("en", (Path(texts("prompts")),)).words("screen"), {})
    screen.show(Entry(1, 10.0, MaybeAsked(("a", "b"), 1)))
    screen.show(Entry(2, 69.0, Heard(Channel.ME, 60.0, 68.0, "hello")))
    assert screen.choice == ("a", "b")
    screen.show(Entry(3, 71.0, Heard(Channel.ME, 69.0, 70.0, "hello")))
    assert screen.choice == ()
