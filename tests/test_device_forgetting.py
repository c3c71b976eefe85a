"""Forgetting on the virtual sound card: the real daemon and ear, in the middle of a sentence."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import soundfile
from sound_card import SoundCard

from assistant.call import replay
from assistant.events import Entry, Heard, NoteTaken, SpeechStarted, Trouble
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder

pytestmark = pytest.mark.device

SAMPLE = Path(__file__).parent.parent / "scripts" / "sample"
DEVICES = ("--microphone", "vmic", "--far-side", "loopback", "--headset", "headset")
TALK_S = 4
WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Machine:
    """A home of its own, and the virtual sound card."""

    card: SoundCard
    env: dict[str, str]
    home: Path
    talk: Path
    """A sound file of somebody who speaks."""

    def type(self, *words: str) -> str:
        """Run a verb to its end; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *words],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.type(*words, "--json"))

    @property
    def folder(self) -> CallFolder:
        (path,) = (self.home / "calls").iterdir()
        return CallFolder(path)

    def entries(self) -> list[Entry]:
        return journal.read(self.folder.journal).entries

    def speeches(self) -> int:
        return sum(isinstance(entry.event, SpeechStarted) for entry in self.entries())

    def wait_until(self, holds: Callable[[], object]) -> None:
        until_s = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < until_s

    def play(self) -> None:
        """Let the other side speak, and wait until it was heard."""
        before = len(heard(self.entries()))
        self.card.play("callee", self.talk)
        self.wait_until(lambda: len(heard(self.entries())) > before)


def heard(entries: list[Entry]) -> list[Heard]:
    return [entry.event for entry in entries if isinstance(entry.event, Heard)]


@pytest.fixture
def machine(sound_card: SoundCard, tmp_path: Path) -> Generator[Machine]:
    lines = (SAMPLE / "interview.jsonl").read_text().splitlines()
    first_s = next(json.loads(line) for line in lines if '"them"' in line)["start_s"]
    sound, rate_hz = soundfile.read(SAMPLE / "interview.ogg", dtype="int16", always_2d=True)
    first = int(first_s * rate_hz)
    soundfile.write(tmp_path / "talk.wav", sound[first : first + TALK_S * rate_hz, 1], rate_hz)
    home = tmp_path / "home"
    env = {**os.environ, **sound_card.env, "SOTTOVOCE_HOME": str(home)}
    machine = Machine(sound_card, env, home, tmp_path / "talk.wav")
    yield machine
    subprocess.run([sys.executable, "-m", "assistant", "cancel", "--yes"], env=env, check=False)


def test_all_so_far_is_gone_and_what_comes_is_heard(machine: Machine) -> None:
    machine.type("start", "--json", *DEVICES)
    machine.type("note", "zanzibar")
    playing = machine.card.start_playing("callee", machine.talk)
    machine.wait_until(lambda: machine.speeches() > 0)
    gone = machine.json("forget", "all", "--yes")
    assert gone["notes"] == 1
    assert heard(machine.entries()) == []
    playing.wait()
    machine.play()
    machine.type("stop")
    entries = machine.entries()
    assert replay(machine.folder.read_plan(), entries) == entries
    assert heard(entries) != []
    assert all(event.start_s >= gone["to_s"] for event in heard(entries))
    assert not any(isinstance(e.event, NoteTaken) for e in entries)
    # The ear began anew, and that is no fault of it.
    assert "hearing" not in [e.event.part for e in entries if isinstance(e.event, Trouble)]
    samples, rate_hz = soundfile.read(machine.folder.path / "them.flac", dtype="int16")
    assert not samples[: int(gone["to_s"] * rate_hz)].any()
    assert samples[int(gone["to_s"] * rate_hz) :].any()
    files = [path for path in machine.home.rglob("*") if path.is_file()]
    assert [path.name for path in files if b"zanzibar" in path.read_bytes()] == []
