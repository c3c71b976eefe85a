"""The notes that grow while people speak."""

import frontmatter
import pytest
from told import PLAN, WORDS, Told, interview

from assistant.events import (
    AudioLost,
    CallEnded,
    Channel,
    Consent,
    Consented,
    Cue,
    Entry,
    Fact,
    Finding,
    Forgotten,
    Heard,
    Marked,
    MarkHeard,
    NoteTaken,
    Paused,
    Promised,
    Recovered,
    Resumed,
    SpeechStarted,
    Ticked,
    Trouble,
)
from assistant.notes.live import lines, whole
from assistant.notes.words import words_of
from assistant.plan import Plan

pytestmark = pytest.mark.unit


def added(event: Fact | Finding, at_s: float = 751.5, plan: Plan = PLAN) -> str:
    return lines(plan, Entry(7, at_s, event), WORDS)


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Heard(Channel.THEM, 751.2, 753.0, "hello there"), "[00:12:31] **Them:** hello there"),
        (Heard(Channel.ME, 1.0, 2.0, "1. *hi*"), "[00:00:01] **Me:** 1. \\*hi\\*"),
        (Heard(Channel.UNCLEAR, 3.0, 4.0, "hm yes"), "[00:00:03] **Someone:** hm yes"),
        (NoteTaken("ask about dbt"), "[00:12:31] **Note:** ask about dbt"),
        (MarkHeard(3, "note", "ask about dbt"), "[00:12:31] **Note:** ask about dbt"),
        (Marked(), "[00:12:31] **Marked**"),
        (Marked("gold"), "[00:12:31] **Marked:** gold"),
        (MarkHeard(3, "moment", "let me write that down"), "[00:12:31] **Marked**"),
        (MarkHeard(3, "name", "how is that spelled"), "[00:12:31] **Name to look up**"),
        (Promised(Channel.ME, 3, 0.8), "[00:12:31] **A promise or a request**"),
        (Ticked("skills", "answered"), "### Ticked as answered: Which skills matter most?"),
        (Paused(), "[00:12:31] *Paused: nothing is heard or kept.*"),
        (Resumed(), "[00:12:31] *Resumed.*"),
        (Forgotten(600.0, 720.0), "[00:12:31] *Forgotten: 00:10:00 to 00:12:00.*"),
        (AudioLost(Channel.THEM, 700.0, 712.4, "x"), "[00:11:40] *Not captured: Them, 12 s.*"),
        (Trouble("disk", "The disk is slow."), "[00:12:31] *The disk is slow.*"),
        (CallEnded("stopped"), "[00:12:31] *Ended (stopped).*"),
        (
            CallEnded("cut short"),
            "[00:12:31] *The call broke off here: the program was killed or the machine stopped. "
            "What came later was not captured.*",
        ),
        (Consent(3, "asked"), "[00:12:31] *Asked for leave to take notes.*"),
        (Consent(3, "given"), "[00:12:31] *They gave leave to take notes.*"),
        (Consented("refused"), "[00:12:31] *You said: they refused leave to take notes.*"),
        (
            Recovered(751.0, 778.4),
            "[00:12:31] *The program was gone from 00:12:31 on; "
            "what was captured by 00:12:58 was heard afterwards.*",
        ),
    ],
)
def test_an_entry_becomes_a_line(event: Fact | Finding, line: str) -> None:
    assert added(event) == line + "\n\n"


@pytest.mark.parametrize(
    "event",
    [
        SpeechStarted(Channel.ME, 1.0),
        Heard(Channel.ME, 1.0, 2.0, "ask typical day", echo=True),
        Heard(Channel.THEM, 1.0, 2.0, "the"),
        Heard(Channel.THEM, 1.0, 2.0, ""),
        MarkHeard(3, "next", "next question"),
        AudioLost(Channel.THEM, 700.0, 700.02, "clock drift"),
        Cue("time", "half time", None, "half", 99.0),
    ],
)
def test_what_is_no_note_adds_nothing(event: Fact | Finding) -> None:
    assert added(event) == ""


def test_the_page_begins_with_whom_and_when() -> None:
    call = Told()
    page = lines(PLAN, call.entries[0], WORDS)
    front = frontmatter.loads(page)
    assert front.metadata["title"] == "Call with Dana Ruiz"
    assert front.metadata["date"] == call.wall
    assert front.content.startswith(
        "# Call with Dana Ruiz\n\ndata engineer at Acme\n\nStarted 1 December 2026, 15:00. "
    )
    assert front.content.endswith("Consent to notes and recording: given.")


def test_the_first_lines_stay_true_whatever_is_answered_later() -> None:
    plan = Plan(consent="ask")
    page = lines(plan, Told(wall="2026-11-23T02:24:46.476+00:00").entries[0], WORDS)
    assert page.endswith(
        "Started 23 November 2026, 02:24. Remember to ask for leave to take notes.\n\n"
    )
    assert "Started yesterday." in lines(plan, Told(wall="yesterday").entries[0], WORDS)


def test_without_a_person_the_page_has_a_title_too() -> None:
    assert "# Call\n" in lines(Plan(), Told().entries[0], WORDS)


def test_an_asked_question_is_a_heading_below_the_words_that_asked_it() -> None:
    page = whole(PLAN, interview().entries, WORDS)
    assert (
        "what does your day to day look like\n\n"
        "### Asked: What does a typical day look like for you?\n\n"
        "[00:00:37] **Them:**"
    ) in page


def test_a_prepared_question_is_not_in_the_page_before_it_is_asked() -> None:
    page = whole(PLAN, interview().entries, WORDS)
    assert "Which skills matter most?" not in page


def test_piece_by_piece_is_the_same_as_whole() -> None:
    entries = interview().entries
    assert "".join(lines(PLAN, entry, WORDS) for entry in entries) == whole(PLAN, entries, WORDS)


def test_the_whole_page_leaves_out_what_was_forgotten() -> None:
    call = Told()
    call.them(10.0, "the merger is secret")
    call.put(30.0, Forgotten(9.0, 30.0))
    page = whole(PLAN, call.end(40.0).entries, WORDS)
    assert "merger" not in page
    assert "*Forgotten: 00:00:09 to 00:00:30.*" in page


def test_what_they_want_kept_off_the_record_is_marked_at_once() -> None:
    heard = Heard(Channel.THEM, 61.0, 62.0, "That's off the record.")
    assert added(heard) == (
        "[00:01:01] **Them:** That's off the record.\n\n"
        "[00:01:01] *Off the record: it will stand apart.*\n\n"
    )


def test_the_labels_are_the_language_s_own() -> None:
    words = words_of({"voices": {"them": "Sie"}, "live": {"note": "Notiz"}})
    heard = Entry(1, 5.0, Heard(Channel.THEM, 1.0, 2.0, "hallo"))
    assert lines(PLAN, heard, words) == "[00:00:01] **Sie:** hallo\n\n"
    assert "**Notiz:**" in lines(PLAN, Entry(1, 5.0, NoteTaken("x")), words)


def test_with_one_microphone_a_guess_of_who_spoke_stands_as_a_guess() -> None:
    heard = Heard(Channel.UNCLEAR, 1.0, 2.0, "And you?", probably=Channel.ME, certainty=0.9)
    assert added(heard) == "[00:00:01] **Someone (probably me):** And you?\n\n"
