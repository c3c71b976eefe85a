"""What importing an hour of recordings costs: wall time, processor and memory, by workers at once.

Input: the sample interview, over and over, as m4a files of some minutes each, each a little
different, so that each is a recording of its own. Every process of the import is counted by what
the system tells of it.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from figures import Figure

from assistant.memory import resident_bytes
from tests.encoded import encode, interview

LOOK_EVERY_S = 0.25


@dataclass(slots=True)
class Tree:
    """The processes of one import, looked at now and then."""

    root: int
    peak_bytes: int = 0

    def look(self) -> None:
        """Add up what all of them take now."""
        pids = {self.root}
        grew = True
        parents = _parents()
        while grew:
            more = {pid for pid, parent in parents.items() if parent in pids} - pids
            pids |= more
            grew = bool(more)
        total = sum(resident_bytes(pid) or 0 for pid in pids)
        self.peak_bytes = max(self.peak_bytes, total)


def _parents() -> dict[int, int]:
    found: dict[int, int] = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                stat = (process / "stat").read_text()
            except OSError:
                continue
            found[int(process.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


@dataclass(slots=True)
class Measured:
    """One import."""

    workers: int
    hours: float
    wall_s: float
    cpu_s: float
    peak_bytes: int
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 1))


def measure(workers: int, files: int, minutes: float) -> Measured:
    """Import so many recordings of that length with so many workers."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sound, rate_hz = interview(0, 203)
        length = round(minutes * 60 * rate_hz)
        long = np.tile(sound, (-(-length // len(sound)), 1))[:length]
        for n in range(files):
            encode(place / f"{n}.m4a", long[n * rate_hz :], rate_hz)
        hours = sum(minutes * 60 - n for n in range(files)) / 3600
        return _import(place, workers, hours)


def _import(place: Path, workers: int, hours: float) -> Measured:
    before, begun_s = os.times(), time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "import", str(place), "--jobs", str(workers)],
        env={**os.environ, "SOTTOVOCE_HOME": str(place / "home")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    tree = Tree(process.pid)
    while process.poll() is None:
        tree.look()
        time.sleep(LOOK_EVERY_S)
    after = os.times()
    if process.returncode:
        raise RuntimeError(f"The import ended with {process.returncode}.")
    cpu_s = after.children_user + after.children_system
    cpu_s -= before.children_user + before.children_system
    return Measured(workers, hours, time.monotonic() - begun_s, cpu_s, tree.peak_bytes)


def figures(measured: Measured) -> list[Figure]:
    """Return what an hour of recording took."""
    what = f"an hour of recording, workers: {measured.workers} (load {measured.load:.1f})"
    return [
        Figure(what, "wall_s", round(measured.wall_s / measured.hours, 1), 1),
        Figure(what, "cpu_s", round(measured.cpu_s / measured.hours, 1), 1),
        Figure(
            "  memory of all processes at the worst moment",
            "mb",
            round(measured.peak_bytes / 1e6, 1),
            1,
        ),
    ]
