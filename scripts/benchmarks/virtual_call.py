"""A real call at its own pace: the daemon, the virtual sound card, and two sides that talk."""

import os
import subprocess
import sys
import tempfile
import threading
import time
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import watching
from figures import Cost
from numpy.typing import NDArray

from assistant.events import (
    CallStarted,
    Cue,
    CueStarted,
    Entry,
    Heard,
    SpeechEnded,
    Stalled,
)
from assistant.keeping import journal
from assistant.recording import to_spool
from tests.sound_card import RATE_HZ, SoundCard

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "scripts" / "sample"
_PAUSE_S = 7.0

Pcm = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call left behind, and what it cost."""

    entries: list[Entry]
    late_p99_s: float
    cost: Cost

    @property
    def engine(self) -> str:
        """What heard the call."""
        started = (e.event for e in self.entries if isinstance(e.event, CallStarted))
        return next(started).engines["hearing"]

    def heard_after_s(self) -> list[float]:
        """From the end of each turn to its words in the journal, in seconds of the call."""
        ends = {
            (e.event.channel, e.event.end_s)
            for e in self.entries
            if isinstance(e.event, SpeechEnded)
        }
        return [
            e.at_s - e.event.end_s
            for e in self.entries
            if isinstance(e.event, Heard)
            and any(c == e.event.channel and abs(s - e.event.end_s) < 0.3 for c, s in ends)
        ]

    def cue_after_s(self) -> list[float]:
        """From each stall that brought a cue to the cue's first sample, in seconds."""
        stalled_s = 0.0
        cues: dict[int, float] = {}
        after_s: list[float] = []
        for entry in self.entries:
            match entry.event:
                case Stalled():
                    stalled_s = entry.at_s
                case Cue():
                    cues[entry.seq] = stalled_s
                case CueStarted(cue_seq, start_s):
                    after_s.append(start_s - cues[cue_seq])
                case _:
                    pass
        return after_s


def hold_interview(engine: str) -> Outcome:
    """Hold the sample interview."""
    with tempfile.TemporaryDirectory() as folder:
        me, them = (
            _read(SAMPLE / "interview.ogg", side, Path(folder) / f"{side}.s16") for side in (0, 1)
        )
        return hold(me, them, SAMPLE / "sheet.md", engine, "interview")


def hold_stalls(engine: str, count: int) -> Outcome:
    """Hold a call in which they say a sentence and then nobody speaks, again and again."""
    with tempfile.TemporaryDirectory() as folder:
        sound = _read(SAMPLE / "interview.ogg", 1, Path(folder) / "them.s16")
    lines = [
        msgspec.json.decode(line) for line in (SAMPLE / "interview.jsonl").read_bytes().splitlines()
    ]
    theirs = [line for line in lines if line["channel"] == "them"]
    theirs = [line for line in theirs if 1.5 <= line["end_s"] - line["start_s"] <= 6.0]
    silence = np.zeros(int(_PAUSE_S * RATE_HZ), np.int16)
    parts: list[Pcm] = []
    for n in range(count):
        line = theirs[n % len(theirs)]
        first, last = int(line["start_s"] * RATE_HZ), int(line["end_s"] * RATE_HZ)
        parts += [sound[first:last], silence]
    them = np.concatenate(parts)
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "stalls.md"
        dials = "cue_spacing_s: 1\n  cue_budget: 1000\n  adaptive_factor: 0\n"
        questions = "\n".join(f"- {_QUESTIONS[n % len(_QUESTIONS)]} ({n})?" for n in range(count))
        sheet.write_text(
            f"---\nwith: Nobody\nminutes: 60\nconsent: given\ndials:\n  {dials}---\n\n"
            f"## Questions\n\n{questions}\n"
        )
        return hold(np.zeros(len(them), np.int16), them, sheet, engine, "stalls")


_QUESTIONS = ("Where does the river begin", "Who painted the old bridge", "When do swans leave")


def hold(me: Pcm, them: Pcm, sheet: Path, engine: str, call: str) -> Outcome:
    """Hold one call with these two sides, at their own pace."""
    load_before = round(os.getloadavg()[0], 2)
    with SoundCard() as card, tempfile.TemporaryDirectory(prefix="bench-") as home:
        environ = {**os.environ, **card.env, "SOTTOVOCE_HOME": home}
        devices = ["--microphone", "vmic", "--far-side", "loopback", "--headset", "headset"]
        started = run(environ, "start", str(sheet), "--engine", engine, "--json", *devices)
        meter = Meter(started["pid"])
        with meter:
            players = [
                card.start_playing("micfeed", _write(Path(home) / "me.wav", me)),
                card.start_playing("callee", _write(Path(home) / "them.wav", them)),
            ]
            for player in players:
                player.wait()
        late_p99_s = run(environ, "status", "--json")["callback_late_p99_s"]
        stopped = run(environ, "stop", "--json")
        entries = journal.read(Path(stopped["folder"]) / "journal.jsonl").entries
    cost = Cost(
        call=call,
        length_s=round(meter.length_s, 1),
        cores=os.cpu_count() or 1,
        load_before=load_before,
        others_cores=meter.others_cores,
        cpu_per_s=meter.cpu_per_s(),
        peak_mb=meter.peak_mb,
    )
    return Outcome(entries, late_p99_s, cost)


class Meter:
    """Watches what a process and its children use, from their own figures in /proc."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._first_s: dict[int, float] = {}
        self._last_s: dict[int, float] = {}
        self._names: dict[int, str] = {}
        self._begun_s = self._machine_s = 0.0
        self.length_s = 0.0
        self.others_cores = 0.0
        self.peak_mb: dict[str, float] = {}

    def __enter__(self) -> None:
        self._begun_s, self._machine_s = time.monotonic(), watching.machine_s()
        self._look()
        self._first_s = dict(self._last_s)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._look()
        self.length_s = time.monotonic() - self._begun_s
        busy = (watching.machine_s() - self._machine_s) / self.length_s
        self.others_cores = round(max(0.0, busy - sum(self.cpu_per_s().values())), 2)

    def cpu_per_s(self) -> dict[str, float]:
        """Return the processor seconds per second that each used, user and system."""
        used: dict[str, float] = {}
        for pid, last_s in self._last_s.items():
            name = self._names[pid]
            used[name] = used.get(name, 0.0) + last_s - self._first_s.get(pid, 0.0)
        return {name: round(used_s / self.length_s, 3) for name, used_s in used.items()}

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            self._look()

    def _look(self) -> None:
        mb: dict[str, float] = {}
        for name, seen in watching.look(self._pid).items():
            self._names[seen.pid] = name
            self._last_s[seen.pid] = seen.cpu_s
            mb[name] = seen.memory_mb
        if sum(mb.values()) > sum(self.peak_mb.values()):
            self.peak_mb = {name: round(size, 1) for name, size in mb.items()}


def run(environ: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Run a verb, and return what it prints as JSON."""
    command = [sys.executable, "-m", "assistant", *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        log = Path(environ["SOTTOVOCE_HOME"]) / "sottovoce.log"
        said = log.read_text()[-2000:] if log.exists() else ""
        raise SystemExit(f"sottovoce {arguments[0]} failed: {done.stderr}{said}")
    return msgspec.json.decode(done.stdout)


def _read(path: Path, side: int, spool: Path) -> Pcm:
    to_spool(path, side, spool)
    return np.fromfile(spool, "<i2")


def _write(path: Path, pcm: Pcm) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(pcm.tobytes())
    return path
