"""Several recordings imported at once on this machine, each by a process of its own.

Law: one recording's failure stops no other; a worker that dies is started again, and goes on where
it was; closing the crew ends every worker.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

import msgspec

from assistant.errors import SottovoceError
from assistant.importing.job import Heard, Job, Result, Told
from assistant.importing.work import failed
from assistant.parent import KeptChild, Restarts

WORKER_BYTES = 1_000_000_000
"""What one worker and its ear take at most with the small models; 0.6 GB were measured."""
MOST_DEATHS = 3
"""A worker that dies so often over one recording is not started again."""
_MODULE = "assistant.importing.worker"


class _Line(msgspec.Struct, frozen=True):
    at_s: float | None = None
    result: Result | None = None


_read = msgspec.json.Decoder(_Line).decode


def fitting(jobs: int, cores: int, free_bytes: int | None) -> int:
    """Return how many workers to have: one a core, as many as memory holds, at least one."""
    room = jobs if free_bytes is None else free_bytes // WORKER_BYTES
    return max(1, min(jobs, cores, room))


def cores() -> int:
    """Count the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def free_bytes() -> int | None:
    """Return how much memory is free; None where the system does not tell."""
    try:
        rows = Path("/proc/meminfo").read_text().splitlines()
        return next(int(row.split()[1]) * 1024 for row in rows if row.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return None


@dataclass(slots=True)
class Crew:
    """The workers, and what they tell."""

    jobs: Sequence[Job]
    workers: int
    module: str = _MODULE
    log: Path | None = None
    _told: "SimpleQueue[Told]" = field(default_factory=SimpleQueue[Told])
    _waiting: "SimpleQueue[int]" = field(default_factory=SimpleQueue[int])
    _children: dict[int, KeptChild] = field(default_factory=dict[int, KeptChild])
    _closing: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list[threading.Thread])

    def work(self) -> Iterator[Told]:
        """Do all jobs; yield how far each is and what came of it, until each has a result."""
        for number in range(len(self.jobs)):
            self._waiting.put(number)
        for _ in range(min(self.workers, len(self.jobs))):
            thread = threading.Thread(target=self._serve, daemon=True)
            self._threads.append(thread)
            thread.start()
        left = len(self.jobs)
        while left:
            number, what = self._told.get()
            left -= isinstance(what, Result)
            yield number, what

    def close(self) -> None:
        """End every worker that still is at work."""
        self._closing.set()
        for child in [*self._children.values()]:
            child.close(0.0)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        """Do one job after the other."""
        while not self._closing.is_set():
            try:
                number = self._waiting.get_nowait()
            except Empty:
                return
            self._told.put((number, self._do(number)))

    def _do(self, number: int) -> Result:
        job = self.jobs[number]
        results: list[Result] = []
        why: list[str] = []

        def on_line(raw: bytes) -> None:
            line = _read(raw)
            if line.result is not None:
                results.append(msgspec.structs.replace(line.result, files=job.files))
            elif line.at_s is not None:
                self._told.put((number, Heard(line.at_s)))

        child = KeptChild(
            "import",
            self.module,
            lambda: msgspec.json.encode(job),
            on_line,
            lambda sentence, _gave_up: why.append(sentence),
            may_end=lambda: bool(results),
            longest_line=2**24,
            restarts=Restarts(MOST_DEATHS, 3600.0),
            log=self.log,
        )
        self._children[number] = child
        if not self._closing.is_set():
            child.start()
            # It ends by itself: with a result, or when it was given up.
            while not child.wait(1.0):
                pass
        del self._children[number]
        if results:
            return results[0]
        return failed(job.files, SottovoceError(why[-1] if why else "It was stopped."))
