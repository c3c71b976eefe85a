"""How much longer everything takes here and now than on the machine whose figures are the limits.

Law: it is one number, measured by a piece of work that never changes, that a limit in seconds is
multiplied with; nothing else excuses a fault. Ask before the clock of what is measured runs.
"""

import os
import time

_PIECE_STEPS = 150_000
_PIECE_S = 0.051
"""What the piece of work takes on the machine of `docs/reliability.md` when it is quiet
(2026-11-30)."""


def slower() -> float:
    """Return by what a limit is longer: for a slower core, and for programs that wait for it."""
    waiting = os.getloadavg()[0] / (os.cpu_count() or 1)
    return max(1.0, waiting) * slower_core()


def slower_core() -> float:
    """Return by what a limit of processor time is longer; 1 at least, and takes 0.05 s or more."""
    return max(1.0, _piece_s() / _PIECE_S)


def _piece_s() -> float:
    """Return how long this machine takes just now for what any interpreter does most."""
    begun_s = time.process_time()
    seen: dict[tuple[int, str], int] = {}
    for n in range(_PIECE_STEPS):
        key = n % 97, str(n % 1013)
        seen[key] = seen.get(key, 0) + len(key[1])
    return time.process_time() - begun_s
