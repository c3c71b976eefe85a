"""A call lived again from text: the same minds, the sound's own time, murmurs in their places."""

from pathlib import Path

import pytest
from scene import by_words

from assistant.call import replay
from assistant.errors import InputError
from assistant.events import (
    Asked,
    CallEnded,
    CallStarted,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Heard,
    SpeechEnded,
    SpeechStarted,
    Stalled,
)
from assistant.hearing.transcript import Line, facts_of, read_transcript
from assistant.plan import Plan, Question
from assistant.rehearsal import Rehearsal, started

pytestmark = pytest.mark.unit

ME, THEM = Channel.ME, Channel.THEM
PLAN = Plan(
    minutes=20,
    consent="given",
    questions=(
        Question("typical-day", "What does a typical day look like?", must=True, cue="typical day"),
        Question("hardest-part", "What is the hardest part of the job?", cue="hardest part"),
    ),
)
OPENING = [
    Line(ME, 0.5, 3.0, "hello dana thank you for making the time"),
    Line(THEM, 3.4, 8.0, "of course i am happy to tell you about my work"),
]
STALL = [*OPENING, Line(ME, 20.0, 23.0, "so what does a typical day look like for you")]


def live(lines: list[Line], cue_length_s: float = 1.5) -> list[Entry]:
    rehearsal = Rehearsal(PLAN, lambda _: cue_length_s, by_words(PLAN))
    return list(rehearsal.live(started("c", "w", "transcript", "nobody"), facts_of(lines)))


def test_a_stall_is_murmured_in_the_middle_of_the_silence() -> None:
    entries = live(STALL)
    stalled = next(e for e in entries if isinstance(e.event, Stalled))
    cue = next(e for e in entries if isinstance(e.event, Cue))
    begun = next(e.event for e in entries if isinstance(e.event, CueStarted))
    ended = next(e.event for e in entries if isinstance(e.event, CueEnded))
    assert 12.0 <= stalled.at_s <= 12.25
    assert isinstance(cue.event, Cue)
    assert cue.event.question_id == "typical-day"
    assert begun == CueStarted(cue.seq, cue.at_s)
    # The words come after a short tone.
    assert ended.how == "spoken"
    assert 1.5 < ended.end_s - ended.start_s < 2.0


def test_time_has_not_run_ahead_of_a_murmur() -> None:
    times = [entry.at_s for entry in live(STALL)]
    assert times == sorted(times)


def test_a_murmur_is_cut_when_someone_speaks() -> None:
    entries = live(STALL, cue_length_s=30.0)
    spoken = [e for e in entries if isinstance(e.event, SpeechStarted)]
    ended = [e.event for e in entries if isinstance(e.event, CueEnded)]
    assert [(end.how, end.end_s) for end in ended] == [("cut", spoken[-1].at_s)]


def test_a_rehearsed_call_is_the_call_its_facts_make() -> None:
    entries = live(STALL)
    assert replay(PLAN, entries) == entries
    assert isinstance(entries[0].event, CallStarted)
    assert isinstance(entries[-1].event, CallEnded)


def test_the_words_stand_on_their_own_side() -> None:
    heard = [e.event for e in live(STALL) if isinstance(e.event, Heard)]
    assert [(h.channel, h.text) for h in heard] == [(line.channel, line.text) for line in STALL]


def test_sentences_close_together_are_one_speech() -> None:
    lines = [
        Line(THEM, 1.0, 3.0, "one"),
        Line(THEM, 3.3, 5.0, "two"),
        Line(THEM, 6.0, 7.0, "three"),
    ]
    facts = facts_of(lines)
    ended = [fact for _, fact in facts if isinstance(fact, SpeechEnded)]
    started = [fact for _, fact in facts if isinstance(fact, SpeechStarted)]
    assert started == [SpeechStarted(THEM, 1.0), SpeechStarted(THEM, 6.0)]
    assert ended == [SpeechEnded(THEM, 1.0, 5.0), SpeechEnded(THEM, 6.0, 7.0)]
    assert [fact.text for _, fact in facts if isinstance(fact, Heard)] == ["one", "two", "three"]
    assert [known_s for known_s, _ in facts] == sorted(known_s for known_s, _ in facts)


def test_nothing_said_is_still_a_call() -> None:
    assert [type(e.event) for e in live([])] == [CallStarted, CallEnded]


def test_a_transcript_is_read(tmp_path: Path) -> None:
    path = tmp_path / "call.jsonl"
    path.write_text('{"channel":"me","start_s":1,"end_s":2.5,"text":"hi"}\n\n')
    assert read_transcript(path) == [Line(ME, 1.0, 2.5, "hi")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            '{"channel":"you","start_s":1,"end_s":2,"text":"hi"}',
            "line 2: 'channel' can not be",
        ),
        ('{"channel":"me","start_s":2,"end_s":1,"text":"hi"}', "line 2: it ends before it starts"),
        ("hello", "line 2: it is broken off, or not in the form"),
        ('{"channel":"me","start_s":2,"end_s":1e300,"text":"hi"}', "line 2: no call is as long"),
        ('{"channel":' * 50_000, "line 2"),
        ('{"channel":"me","start_s":1,"end_s":2}', "line 2: 'text' is missing"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "call.jsonl"
    path.write_text('{"channel":"me","start_s":1,"end_s":2,"text":"hi"}\n' + row + "\n")
    with pytest.raises(InputError, match=said):
        read_transcript(path)


def test_a_transcript_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can not be read"):
        read_transcript(tmp_path / "no.jsonl")


def test_a_murmur_that_the_microphone_heard_is_not_the_users_question() -> None:
    (murmur,) = [e for e in live(STALL) if isinstance(e.event, CueStarted)]
    echo = Line(ME, murmur.at_s + 0.5, murmur.at_s + 0.9, "typical day")
    entries = live([*OPENING, echo])
    heard = [e.event for e in entries if isinstance(e.event, Heard)]
    assert [h.echo for h in heard] == [False, False, True]
    assert not any(isinstance(e.event, Asked) for e in entries)


def test_a_tone_sounds_although_someone_speaks() -> None:
    talk = [Line(THEM, at_s, at_s + 10.0, "and then we went on") for at_s in range(1, 700, 10)]
    tone = next(e for e in live(talk) if isinstance(e.event, Cue))
    during = Line(ME, tone.at_s + 0.05, tone.at_s + 2.0, "i see")
    ended = next(e.event for e in live([*talk, during]) if isinstance(e.event, CueEnded))
    assert ended.how == "tone"
    assert ended.end_s > during.start_s
