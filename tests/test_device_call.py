"""A whole call on the virtual sound card: the real daemon, ear, voice and headset, at its own pace.

Two sides of the sample interview are played, up to a little after its long silence, while verbs
come from another terminal. What was played, recorded and written is compared.
"""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import jiwer
import msgspec
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from sound_card import RATE_HZ, SoundCard

from assistant.call import replay
from assistant.events import (
    CallEnded,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Heard,
    NoteTaken,
    SpeechStarted,
    Stalled,
    from_line,
)
from assistant.hearing.transcript import Line
from assistant.keeping import journal
from assistant.plan import from_json
from assistant.recording import to_spool

pytestmark = pytest.mark.device

SAMPLE = Path(__file__).parent.parent / "scripts" / "sample"
AFTER_THE_SILENCE_S = 12.0
NOISE = 200
"""Samples above this are more than the sample's own faint noise."""
DEVICES = ("--microphone", "vmic", "--far-side", "loopback", "--headset", "headset")

Pcm = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Terminal:
    """Somebody who types verbs."""

    env: dict[str, str]

    def type(self, *words: str, code: int = 0) -> str:
        """Run a verb to its end; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *words],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def json(self, *words: str) -> Any:
        """Run a verb with --json; return what it printed."""
        return json.loads(self.type(*words, "--json"))


@dataclass(frozen=True, slots=True)
class Held:
    """A call that was held, and what the devices and terminals saw of it."""

    folder: Path
    entries: list[Entry]
    lines: list[Line]
    """What was really said."""
    on_headset: Pcm
    on_far_side: Pcm
    """What was played into the far side's sink, from the same moment on."""
    direct: list[Entry]
    """The same two sides, heard from files by the same engine."""
    status: dict[str, Any]
    watched: list[str]
    refused: str


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Generator[Held]:
    """Hold the call once, for all tests here."""
    folder = tmp_path_factory.mktemp("call")
    lines, sides = _scene(folder)
    with SoundCard() as card:
        home = tmp_path_factory.mktemp("home")
        terminal = Terminal({**os.environ, **card.env, "SOTTOVOCE_HOME": str(home)})
        terminal.type("start", str(SAMPLE / "sheet.md"), *DEVICES)
        watching = subprocess.Popen(
            [sys.executable, "-m", "assistant", "watch"],
            env=terminal.env,
            stdout=subprocess.PIPE,
            text=True,
        )
        with card.recording("headset") as headset, card.recording("callee") as callee:
            playing = [
                card.start_playing("micfeed", sides[Channel.ME]),
                card.start_playing("callee", sides[Channel.THEM]),
            ]
            terminal.type("note", "ask", "about", "Ana")
            terminal.type("mark")
            terminal.type("extend", "5m")
            terminal.type("tick", "changing", "answered")
            refused = terminal.type("start", code=3)
            for player in playing:
                assert player.wait(240) == 0
        status = terminal.json("status")
        stopped = terminal.json("stop")
        watched, _ = watching.communicate(timeout=60)
        direct = _rehearsed(terminal, folder, sides)
        yield Held(
            Path(stopped["folder"]),
            journal.read(Path(stopped["folder"]) / "journal.jsonl").entries,
            lines,
            headset.samples,
            callee.samples,
            direct,
            status,
            watched.splitlines(),
            refused,
        )


def _scene(folder: Path) -> tuple[list[Line], dict[Channel, Pcm]]:
    """Cut the sample interview a little after its longest silence."""
    rows = (SAMPLE / "interview.jsonl").read_bytes().splitlines()
    lines = [msgspec.json.decode(row, type=Line) for row in rows]
    gaps_s = [after.start_s - before.end_s for before, after in pairwise(lines)]
    silence = int(np.argmax(gaps_s))
    end_s = lines[silence + 1].start_s + AFTER_THE_SILENCE_S
    lines = [line for line in lines if line.end_s < end_s]
    sides: dict[Channel, Pcm] = {}
    for side, channel in enumerate((Channel.ME, Channel.THEM)):
        spool = folder / f"{channel.value}.s16"
        to_spool(SAMPLE / "interview.ogg", side, spool)
        sides[channel] = np.fromfile(spool, "<i2")[: int((lines[-1].end_s + 1.0) * RATE_HZ)]
    return lines, sides


def _rehearsed(terminal: Terminal, folder: Path, sides: dict[Channel, Pcm]) -> list[Entry]:
    both = np.stack([sides[Channel.ME], sides[Channel.THEM]], axis=1)
    soundfile.write(folder / "both.wav", both, RATE_HZ)
    sheet, stereo = str(SAMPLE / "sheet.md"), str(folder / "both.wav")
    journal_lines = terminal.type("rehearse", "--plan", sheet, "--stereo", stereo, "--json")
    return [from_line(line) for line in journal_lines.splitlines()]


def words_of(entries: list[Entry], channel: Channel) -> str:
    heard = [entry.event for entry in entries if isinstance(entry.event, Heard)]
    return " ".join(h.text for h in heard if h.channel is channel and not h.echo)


def error_rate(said: str, heard: str) -> float:
    """Return the word error rate, letter case and punctuation apart."""
    plain = jiwer.Compose(
        [
            jiwer.ToLowerCase(),
            jiwer.RemovePunctuation(),
            jiwer.RemoveMultipleSpaces(),
            jiwer.Strip(),
            jiwer.ReduceToListOfListOfWords(),
        ]
    )
    return jiwer.wer(said, heard, reference_transform=plain, hypothesis_transform=plain)


@pytest.mark.parametrize("channel", [Channel.ME, Channel.THEM])
def test_the_words_stand_on_their_own_side_as_if_heard_from_files(
    held: Held, channel: Channel
) -> None:
    said = " ".join(line.text for line in held.lines if line.channel is channel)
    live = error_rate(said, words_of(held.entries, channel))
    direct = error_rate(said, words_of(held.direct, channel))
    assert live <= direct + 0.02
    assert live <= 0.25


def test_the_stall_is_murmured(held: Held) -> None:
    events = [entry.event for entry in held.entries]
    stall = next(n for n, event in enumerate(events) if isinstance(event, Stalled))
    cue = events[stall + 1]
    assert isinstance(cue, Cue)
    assert cue.question_id is not None
    started = next(event for event in events[stall:] if isinstance(event, CueStarted))
    ended = next(event for event in events[stall:] if isinstance(event, CueEnded))
    assert 0.0 <= started.start_s - held.entries[stall].at_s <= 0.5
    assert ended.how == "spoken"
    again = next(event for event in events[stall:] if isinstance(event, SpeechStarted))
    assert ended.end_s < again.start_s


def test_the_murmur_is_heard_on_the_headset_and_nowhere_else(held: Held) -> None:
    (cue,) = (e.event for e in held.entries if isinstance(e.event, CueEnded))
    assert cue.how == "spoken"
    sounding = np.flatnonzero(np.abs(held.on_headset) > NOISE)
    first, last = sounding[0], sounding[-1]
    assert (last - first) / RATE_HZ == pytest.approx(cue.end_s - cue.start_s, abs=0.3)
    # The far side heard its own line then, and not a trace of the murmur.
    far = held.on_far_side[first:last].astype(float)
    murmur = held.on_headset[first:last].astype(float)
    assert np.abs(far).max() < NOISE
    shifts = range(-RATE_HZ // 10, RATE_HZ // 10, 4)
    likeness = [abs(np.corrcoef(np.roll(murmur, shift), far)[0, 1]) for shift in shifts]
    assert max(likeness) < 0.3


def test_no_word_of_the_murmur_is_in_the_transcript(held: Held) -> None:
    events = [entry.event for entry in held.entries]
    for cue in (event for event in events if isinstance(event, CueEnded)):
        heard = [e for e in events if isinstance(e, Heard) and not e.echo]
        assert not [h for h in heard if h.start_s < cue.end_s and h.end_s > cue.start_s]


def test_verbs_from_another_terminal_are_in_the_journal(held: Held) -> None:
    events = [entry.event for entry in held.entries]
    assert NoteTaken("ask about Ana") in events
    assert held.status["notes"] == 1
    assert held.status["marks"] == 1
    assert held.status["length_s"] == 4 * 60 + 300
    standing = {question["text"]: question["standing"] for question in held.status["questions"]}
    assert standing["How is the field changing?"] == "answered"
    assert "already running" in held.refused


def test_who_watches_sees_the_talk_and_the_murmur(held: Held) -> None:
    assert any("Them: " in line for line in held.watched)
    assert any("murmur: ask: " in line for line in held.watched)
    assert "The call is over" in held.watched[-1]


def test_the_call_that_was_held_is_the_call_its_facts_make(held: Held) -> None:
    plan = from_json((held.folder / "plan.json").read_bytes())
    assert replay(plan, held.entries) == held.entries
    assert isinstance(held.entries[-1].event, CallEnded)


def test_the_folder_holds_everything_for_this_user_alone(held: Held) -> None:
    names = {path.name for path in held.folder.iterdir()}
    assert names == {
        "plan.md", "plan.json", "journal.jsonl", "notes.md", "summary.md", "notes.json",
        "summary.html", "transcript.md", "transcript.srt", "transcript.vtt", "follow-ups.ics",
        "thank-you.eml", "me.flac", "them.flac",
    }  # fmt: skip
    assert held.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in held.folder.iterdir()} == {0o600}


def test_the_log_holds_no_word_of_the_call(held: Held) -> None:
    log = (held.folder.parent.parent / "sottovoce.log").read_text().lower()
    assert "biology" not in log
    assert "ana" not in log.split()
