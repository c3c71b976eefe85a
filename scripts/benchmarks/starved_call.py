"""A call that gets too little of the machine, and what becomes of it.

Either four busy processes run beside the daemon, or its ear is stopped as a
debugger would stop it. People talk all the while; then they fall silent, the
machine is free again, and the ear catches up with what lies on disk.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence

import msgspec
import soak
from figures import Figure
from long_call import LongCall, real_call
from soak import End, Moment

from assistant.events import Cue, CueStarted, Entry, NextWanted
from assistant.keeping import journal

HOGS = 4
WARM_S = 4.0
"""Talk before: every part of the call has worked once."""
LOOK_EVERY_S = 0.5
CUE_EVERY_S = 4.0
ON_ITS_WAY_S = 1.0
"""Sound that waits for the virtual sound card when the talk ends."""
CAUGHT_UP_S = 2.0
"""An ear that is no further behind has caught up: it tells how far it is about once a second."""
CATCH_UP_WITHIN_S = 60.0
MOST_GROWN_MB = 10.0


class Starved(msgspec.Struct, frozen=True):
    """What came of one call."""

    what: str
    length_s: float
    """Of the starvation, in seconds of the world."""
    captured_s: float
    """By how much the call's time went on meanwhile."""
    grown_mb: float
    """The daemon's memory at its worst, above what it was before."""
    behind_s: float
    """How far the ear was behind at the worst."""
    caught_up_s: float | None
    """How long that took once the machine was free; None if it never did."""
    late_p99_s: float
    stale_cues: int
    """Cues that began after they had expired."""
    end: End

    def faults(self) -> list[str]:
        """Say what did not hold."""
        found: list[str] = []
        if self.end.overflows or self.end.lost_s:
            found.append(f"{self.end.overflows} overflows, {self.end.lost_s:.2f} s of sound lost")
        if self.captured_s < self.length_s - 1.0:
            found.append(f"{self.captured_s:.1f} s captured in {self.length_s:.1f} s")
        if self.grown_mb > MOST_GROWN_MB:
            found.append(f"the daemon grew by {self.grown_mb:.1f} MB")
        if self.caught_up_s is None:
            found.append(f"the ear did not catch up in {CATCH_UP_WITHIN_S:.0f} s")
        if self.stale_cues:
            found.append(f"{self.stale_cues} cues began after they had expired")
        return found

    def figures(self) -> list[Figure]:
        """Say what came of it in figures."""
        what, end = self.what, self.end
        return [
            Figure(f"{what}: overflows", "", float(end.overflows), 1, 0.0),
            Figure(f"{what}: sound lost", "s", round(end.lost_s, 3), 1, 0.0),
            Figure(f"{what}: daemon's memory grown", "MB", self.grown_mb, 1, MOST_GROWN_MB),
            Figure(f"{what}: ear behind, most", "s", self.behind_s, 1),
            Figure(f"{what}: caught up after", "s", self.caught_up_s, 1, CATCH_UP_WITHIN_S),
            Figure(f"{what}: cues begun too late", "", float(self.stale_cues), end.cues, 0.0),
            Figure(f"{what}: sound callbacks late, p99", "s", self.late_p99_s, 1),
        ]


def hold_beside_busy(length_s: float, engine: str = "auto", seed: int = 1) -> Starved:
    """Hold a call beside four busy processes."""
    return _hold("busy machine", lambda _: _busy(), length_s, engine, seed)


def hold_with_stopped_ear(length_s: float, engine: str = "auto", seed: int = 1) -> Starved:
    """Hold a call whose ear is stopped."""
    return _hold("stopped ear", _stopped_ear, length_s, engine, seed)


def stale_cues(entries: Sequence[Entry]) -> int:
    """Count the cues that began after they had expired."""
    expires_s = {e.seq: e.event.expires_s for e in entries if isinstance(e.event, Cue)}
    began = [entry.event for entry in entries if isinstance(entry.event, CueStarted)]
    return sum(it.start_s > expires_s.get(it.cue_seq, float("inf")) for it in began)


_Starve = Callable[[LongCall], contextlib.AbstractContextManager[None]]


def _hold(what: str, starve: _Starve, length_s: float, engine: str, seed: int) -> Starved:
    with real_call(60, engine, seed) as call:
        before = _watch(call, WARM_S)
        with starve(call):
            during = _watch(call, length_s, with_cues=True)
        call.silence()
        begun_s = time.monotonic()
        after = _catch_up(call)
        caught_up_s = time.monotonic() - begun_s if after[-1].behind_s <= CAUGHT_UP_S else None
        end = soak.stop(call)
        if end is None:
            raise RuntimeError("The call could not be stopped.")
        entries = journal.read(call.folder / "journal.jsonl").entries
    most_mb = max(moment.processes["daemon"].memory_mb for moment in during + after)
    return Starved(
        what,
        length_s,
        round(during[-1].at_s - before[-1].at_s, 2),
        round(max(0.0, most_mb - before[-1].processes["daemon"].memory_mb), 2),
        max(moment.behind_s for moment in during + after),
        None if caught_up_s is None else round(caught_up_s, 2),
        max(moment.late_p99_s for moment in during),
        stale_cues(entries),
        end,
    )


def _watch(call: LongCall, length_s: float, *, with_cues: bool = False) -> list[Moment]:
    """Look again and again for so long; ask for a cue now and then, where cues are wanted."""
    moments = [soak.look(call)]
    begun_s, asked = time.monotonic(), 0
    while (passed_s := time.monotonic() - begun_s) < length_s:
        if with_cues and passed_s >= asked * CUE_EVERY_S:
            asked += 1
            call.ask(NextWanted())
        time.sleep(LOOK_EVERY_S)
        moments.append(soak.look(call))
    return moments


def _catch_up(call: LongCall) -> list[Moment]:
    """Watch until the ear has caught up; what was on its way to the card is heard first."""
    moments = _watch(call, ON_ITS_WAY_S)
    until_s = time.monotonic() + CATCH_UP_WITHIN_S
    while moments[-1].behind_s > CAUGHT_UP_S and time.monotonic() < until_s:
        time.sleep(LOOK_EVERY_S)
        moments.append(soak.look(call))
    return moments


@contextlib.contextmanager
def _busy() -> Generator[None]:
    command = [sys.executable, "-c", "while True: pass"]
    hogs = [subprocess.Popen(command, start_new_session=True) for _ in range(HOGS)]
    try:
        yield
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()


@contextlib.contextmanager
def _stopped_ear(call: LongCall) -> Generator[None]:
    ear = soak.look(call).processes["ear"].pid
    os.kill(ear, signal.SIGSTOP)
    try:
        yield
    finally:
        # The call may have taken it for one that hangs, and have started another.
        with contextlib.suppress(ProcessLookupError):
            os.kill(ear, signal.SIGCONT)
