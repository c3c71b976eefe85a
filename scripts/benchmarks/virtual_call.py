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
_CLK_TCK = os.sysconf("SC_CLK_TCK")

Pcm = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call left behind, and what it cost."""

    entries: list[Entry]
    length_s: float
    cpu_per_s: float
    peak_mb: float
    late_p99_s: float
    load_before: float

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
        return hold(me, them, SAMPLE / "sheet.md", engine)


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
            f"---\nwith: Nobody\nminutes: 60\ndials:\n  {dials}---\n\n## Questions\n\n{questions}\n"
        )
        return hold(np.zeros(len(them), np.int16), them, sheet, engine)


_QUESTIONS = ("Where does the river begin", "Who painted the old bridge", "When do swans leave")


def hold(me: Pcm, them: Pcm, sheet: Path, engine: str) -> Outcome:
    """Hold one call with these two sides, at their own pace."""
    load_before = round(os.getloadavg()[0], 2)
    with SoundCard() as card, tempfile.TemporaryDirectory(prefix="bench-") as home:
        environ = {**os.environ, **card.env, "SOTTOVOCE_HOME": home}
        devices = ["--microphone", "vmic", "--far-side", "loopback", "--headset", "headset"]
        started = _run(environ, "start", str(sheet), "--engine", engine, "--json", *devices)
        pids = _family(started["pid"])
        meter = Meter(pids)
        begun_s, cpu_s = time.monotonic(), meter.cpu_s()
        players = [
            card.start_playing("micfeed", _write(Path(home) / "me.wav", me)),
            card.start_playing("callee", _write(Path(home) / "them.wav", them)),
        ]
        with meter:
            for player in players:
                player.wait()
        length_s = time.monotonic() - begun_s
        cpu_s = meter.cpu_s() - cpu_s
        late_p99_s = _run(environ, "status", "--json")["callback_late_p99_s"]
        stopped = _run(environ, "stop", "--json")
        entries = journal.read(Path(stopped["folder"]) / "journal.jsonl").entries
    return Outcome(
        entries, length_s, round(cpu_s / length_s, 3), round(meter.peak_mb, 1), late_p99_s,
        load_before,
    )  # fmt: skip


class Meter:
    """Watches what some processes use, from their own figures in /proc."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.peak_mb = 0.0

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def cpu_s(self) -> float:
        """Return the processor seconds they have used, user and system."""
        fields = [
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self._pids
        ]
        return sum(int(f[11]) + int(f[12]) for f in fields) / _CLK_TCK

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self._pids]
            self.peak_mb = max(self.peak_mb, sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6)


def _family(pid: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return [pid, *(int(child) for file in children for child in file.read_text().split())]


def _run(environ: dict[str, str], *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "assistant", *arguments]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"sottovoce {arguments[0]} failed: {done.stderr}")
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
