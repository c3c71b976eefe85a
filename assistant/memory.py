"""How much memory a process takes, whether it grew too much, and when to look for garbage.

A library that leaks takes the whole machine down with it; a child that is started again takes
nothing but a second. What a large model needs from the start is no leak, so only growth counts.
"""

import contextlib
import gc
import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY_S = 5.0


def resident_bytes(pid: int) -> int | None:
    """Return the memory a process really takes; None where it is gone or the system keeps it back.

    Linux tells of every process; elsewhere it would take another library, and nothing is watched.
    """
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_bytes().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def nothing_collected() -> Generator[None]:
    """Let Python look for no garbage while a great many values are made that all stay.

    Telling a call of three hours again takes a sixth less time so. Whatever else ran meanwhile
    is looked through afterwards.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(slots=True)
class Growth:
    """How much one process after another grew since it was first looked at."""

    most_bytes: int
    every_s: float = LOOK_EVERY_S
    _pid: int = 0
    _first_bytes: int = 0
    _looked_s: float = float("-inf")

    def is_too_much(self, pid: int | None, now_s: float) -> bool:
        """Look at a process that has loaded what it needs; tell whether it grew by more than that.

        May be asked as often as one likes; it looks every `every_s`.
        """
        if pid is None or (pid == self._pid and now_s - self._looked_s < self.every_s):
            return False
        self._looked_s = now_s
        size = resident_bytes(pid)
        if pid != self._pid or size is None:
            self._pid, self._first_bytes = pid, size or 0
            return False
        return size - self._first_bytes > self.most_bytes
