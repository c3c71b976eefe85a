"""A call whose every part dies on the virtual sound card, and that is finished, or goes on.

Ear, voice and daemon are killed one after the other while two people talk.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from sound_card import RATE_HZ, SoundCard
from test_device_call import error_rate, words_of

from assistant.call import replay
from assistant.events import (
    AudioLost,
    CallEnded,
    CallStarted,
    Channel,
    Entry,
    NoteTaken,
    Recovered,
    Trouble,
)
from assistant.hearing.transcript import Line
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.recording import to_spool

pytestmark = pytest.mark.device

SAMPLE = Path(__file__).parent.parent / "scripts" / "sample"
DEVICES = ("--microphone", "vmic", "--far-side", "loopback", "--headset", "headset")
SAID_S = 21.0
"""So much of the sample is played: four turns."""
WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Machine:
    """A home of its own, and the virtual sound card."""

    card: SoundCard
    env: dict[str, str]

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a verb to its end."""
        command = [sys.executable, "-m", "assistant", *words]
        return subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=240, check=False
        )

    def json(self, *words: str) -> Any:
        """Run a verb with --json; return what it printed."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def machine(sound_card: SoundCard, tmp_path: Path) -> Generator[Machine]:
    env = {**os.environ, **sound_card.env, "SOTTOVOCE_HOME": str(tmp_path)}
    machine = Machine(sound_card, env)
    yield machine
    machine.run("cancel", "--yes")


def children(pid: int) -> dict[str, int]:
    """Return a process's children by the last word of their module."""
    found: dict[str, int] = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
            if "-m" in words:
                found[words[words.index("-m") + 1].rpartition(".")[2]] = int(child)
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    until_s = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < until_s
        time.sleep(0.01)


def entries_of(folder: CallFolder) -> list[Entry]:
    return journal.read(folder.journal).entries


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{pid}").exists() or " Z " in state(pid))


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return " Z "


def sides(folder: Path) -> tuple[dict[Channel, NDArray[np.int16]], list[Line]]:
    """Return the beginning of the sample interview, and what is said in it."""
    sounds: dict[Channel, NDArray[np.int16]] = {}
    for side, channel in enumerate((Channel.ME, Channel.THEM)):
        to_spool(SAMPLE / "interview.ogg", side, folder / "side")
        sounds[channel] = np.fromfile(folder / "side", "<i2")[: round(SAID_S * RATE_HZ)]
    rows = (SAMPLE / "interview.jsonl").read_bytes().splitlines()
    lines = [msgspec.json.decode(row, type=Line) for row in rows]
    return sounds, [line for line in lines if line.end_s < SAID_S]


def test_ear_voice_and_daemon_die_and_every_word_is_there(machine: Machine, tmp_path: Path) -> None:
    sounds, lines = sides(tmp_path)
    started = machine.json("start", str(SAMPLE / "sheet.md"), *DEVICES)
    folder = CallFolder(Path(started["folder"]))
    playing = [
        machine.card.start_playing("micfeed", sounds[Channel.ME]),
        machine.card.start_playing("callee", sounds[Channel.THEM]),
    ]
    begun_s = time.monotonic()
    for name, after_s in (("ear", 4.0), ("voice", 8.0)):
        wait_until(lambda after_s=after_s: time.monotonic() - begun_s >= after_s)
        wait_until(lambda name=name: name in children(started["pid"]))
        kill(children(started["pid"])[name])
    machine.run("note", "before the end")
    for player in playing:
        player.wait()
    # The last turn was said, and hardly heard yet.
    family = children(started["pid"])
    kill(started["pid"])
    wait_until(lambda: all(" Z " in state(pid) for pid in family.values()))
    frames = {c: folder.spool(c).stat().st_size // 2 for c in (Channel.ME, Channel.THEM)}

    assert "was cut short" in machine.run("list").stderr
    machine.json("wrap", folder.name)
    assert machine.run("list").stderr == ""

    entries = entries_of(folder)
    plan = folder.read_plan()
    assert replay(plan, entries) == entries
    assert entries[-1].event == CallEnded("cut short")
    events = [entry.event for entry in entries]
    assert NoteTaken("before the end") in events
    assert {e.part for e in events if isinstance(e, Trouble)} >= {"hearing", "voice"}
    for channel in (Channel.ME, Channel.THEM):
        said = " ".join(line.text for line in lines if line.channel is channel)
        assert error_rate(said, words_of(entries, channel)) <= 0.3
        flac = soundfile.info(folder.path / f"{channel.value}.flac")
        assert flac.frames == frames[channel]
    assert "# " in folder.summary.read_text()


def test_a_call_goes_on_in_its_folder_and_its_time(machine: Machine) -> None:
    started = machine.json("start", *DEVICES)
    folder = CallFolder(Path(started["folder"]))
    machine.run("note", "before")
    kill(started["pid"])
    refused = machine.run("start", "--resume", "nobody")
    assert refused.returncode == 6
    again = machine.json("start", "--resume", *DEVICES)
    assert again["folder"] == started["folder"]
    status = machine.json("status")
    machine.run("note", "after")
    assert machine.run("start", "--resume").returncode == 3
    machine.json("stop")
    entries = entries_of(folder)
    assert replay(folder.read_plan(), entries) == entries
    events = [entry.event for entry in entries]
    notes = [event.text for event in events if isinstance(event, NoteTaken)]
    assert notes == ["before", "after"]
    assert sum(isinstance(event, CallStarted) for event in events) == 1
    (recovered,) = (event for event in events if isinstance(event, Recovered))
    lost = [e for e in events if isinstance(e, AudioLost) and e.end_s == recovered.to_s]
    assert {loss.channel for loss in lost} == {Channel.ME, Channel.THEM}
    assert status["at_s"] >= recovered.to_s
    assert status["left_s"] == pytest.approx(status["length_s"] - status["at_s"], abs=0.01)
    length_s = soundfile.info(folder.path / "me.flac").frames / RATE_HZ
    # What was still on its way when the call was ended is kept as well.
    assert recovered.to_s < entries[-1].at_s - 0.2 <= length_s
    assert events[-1] == CallEnded("stopped")
