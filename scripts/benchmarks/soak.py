"""A long call, and what grows while it goes on.

Everything is seen from outside: memory, files, threads and children in /proc,
the journal's size on disk, the rest by asking the call for its status. Law:
whatever happens to the call or to who watches it, what was seen is shown.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import growth
import msgspec
import watching
from figures import Figure
from long_call import LongCall
from watching import Use

from assistant.errors import SottovoceError
from assistant.events import AudioLost, Cue, CueStarted, Entry, Heard, Trouble
from assistant.hearing.lane import BUSY, DRIFT
from assistant.keeping import journal

WARM_S = 600.0
"""Of the call: until then everything is filled for the first time."""
LEAST_S = 1200.0
"""Of the call, after that: over less, nothing can be said of an hour."""
LOOK_EVERY_S = 5.0
"""Of the call."""
LEAST_APART_S = 0.5
"""Of the world: to look costs the call something too."""
PROGRESS_S = 30.0

BY_CHANCE = "headset"
"""Talk that comes by chance begins now and then just when a murmur does, as an echo would."""
_KEPT = 400
"""Moments kept in the JSON."""


class Moment(msgspec.Struct, frozen=True):
    """What was seen at one moment of the call."""

    at_s: float
    processes: dict[str, Use]
    journal_bytes: int
    behind_s: float
    """How far behind the ear was; the words of a piece come when it has ended."""
    late_p99_s: float
    ticks_missed: int


class End(msgspec.Struct, frozen=True):
    """How the call ended, and what its journal holds."""

    took_s: float
    """From `stop` to its answer: the sound is packed by then."""
    summary_s: float
    """From `stop` to the summary on disk."""
    words: int
    cues: int
    sounded: int
    overflows: int
    lost_s: float
    drift_steps: int
    troubles: tuple[str, ...]


class Soak(msgspec.Struct, frozen=True):
    """A whole run."""

    how: str
    speed: float
    moments: list[Moment]
    end: End | None
    verbs: int
    verbs_failed: int
    world_s: float
    """How long it took in the real world."""
    cut_short: str = ""
    """Why it was shorter than it should have been."""

    @property
    def length_s(self) -> float:
        """The call's length."""
        return self.moments[-1].at_s if self.moments else 0.0


# ---------------------------------------------------------------- what to say of it


def figures(soak: Soak) -> list[Figure]:
    """Say what was seen in figures."""
    if not soak.moments:
        return [Figure("moments seen of the call", "", None, 0, 0.0).explained([soak.cut_short])]
    warm_s = min(WARM_S, soak.length_s / 3)
    moments = [moment for moment in soak.moments if moment.at_s >= warm_s]
    is_long = soak.length_s - warm_s >= LEAST_S
    return [
        *_grown(moments, is_long=is_long),
        *_timely(moments),
        *_ended(soak),
    ]


def _grown(moments: Sequence[Moment], *, is_long: bool) -> Iterator[Figure]:
    at_s = [moment.at_s for moment in moments]
    count = len(moments)
    for name in dict.fromkeys(name for moment in moments for name in moment.processes):
        there = [moment for moment in moments if name in moment.processes]
        memory = [moment.processes[name].memory_mb for moment in there]
        slope = growth.slope_per_hour([moment.at_s for moment in there], memory)
        most = 1.0 if is_long else None
        yield Figure(f"{name}: memory, slope", "MB/h", _round(slope), count, most).explained(
            [f"from {memory[0]:.1f} to {memory[-1]:.1f} MB"]
        )
        yield Figure(f"{name}: memory, most", "MB", _round(max(memory)), count)
        for what, values in (
            ("open files", [moment.processes[name].files for moment in there]),
            ("threads", [moment.processes[name].threads for moment in there]),
        ):
            risen = _round(growth.risen(values))
            yield Figure(f"{name}: {what}, risen", "", risen, count, 0.0 if is_long else None)
    children = [len(moment.processes) - 1 for moment in moments]
    risen = _round(growth.risen(children))
    yield Figure("children, risen", "", risen, count, 0.0 if is_long else None)
    sizes = [float(moment.journal_bytes) for moment in moments]
    rate = growth.per_minute(at_s, sizes)
    yield Figure("journal, per minute", "kB", _round(None if rate is None else rate / 1e3), count)
    bend = growth.bend(at_s, sizes)
    most = 1.25 if is_long else None
    yield Figure("journal, second half against first", "x", _round(bend), count, most)


def _timely(moments: Sequence[Moment]) -> Iterator[Figure]:
    late_s = [moment.late_p99_s for moment in moments]
    behind_s = [moment.behind_s for moment in moments]
    yield Figure.of("sound callbacks late, p99, median", "s", late_s, 50)
    yield Figure.of("sound callbacks late, p99, most", "s", late_s, 100)
    missed = float(moments[-1].ticks_missed - moments[0].ticks_missed)
    yield Figure("ticks of 0.25 s that the spine missed", "", missed, len(moments))
    yield Figure.of("ear behind, median", "s", behind_s, 50)
    yield Figure.of("ear behind, most", "s", behind_s, 100)


def _ended(soak: Soak) -> Iterator[Figure]:
    failed = float(soak.verbs_failed)
    yield Figure("verbs that failed", "", failed, soak.verbs, 0.0)
    reached = soak.length_s / soak.world_s if soak.world_s else None
    yield Figure("seconds of the call in one of the world", "s", _round(reached), 1)
    end = soak.end
    if end is None:
        why = soak.cut_short or "the call was not stopped"
        yield Figure("stop to summary", "s", None, 0, 10.0).explained([why])
        return
    told = [text for text in dict.fromkeys(end.troubles) if text]
    yield Figure("overflows", "", float(end.overflows), 1, 0.0).explained(told)
    yield Figure("other sound lost", "s", _round(end.lost_s), 1, 0.0).explained(told)
    yield Figure("steps for the drift of two cards", "", float(end.drift_steps), 1)
    yield Figure("troubles told", "", float(len(end.troubles)), 1, 0.0).explained(told)
    yield Figure("words heard", "", float(end.words), 1)
    yield Figure("cues, of which began", "", float(end.cues), end.sounded)
    yield Figure("stop to summary", "s", _round(end.summary_s), 1, 10.0)
    yield Figure("stop to everything written, sound packed", "s", _round(end.took_s), 1, 10.0)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def series(moments: Sequence[Moment]) -> list[dict[str, Any]]:
    """Return some of the moments, evenly spread, for the JSON."""
    step = -(-len(moments) // _KEPT) or 1
    return [
        {
            "at_s": moment.at_s,
            "memory_mb": {name: round(u.memory_mb, 2) for name, u in moment.processes.items()},
            "files": {name: use.files for name, use in moment.processes.items()},
            "threads": {name: use.threads for name, use in moment.processes.items()},
            "journal_bytes": moment.journal_bytes,
            "behind_s": moment.behind_s,
            "callbacks_late_p99_s": moment.late_p99_s,
        }
        for moment in moments[::step]
    ]


# ---------------------------------------------------------------- to hold and to watch it


def doings(chance: Random) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield what a user does during a call: seconds of it to wait, and a verb."""
    while True:
        wait_s = chance.uniform(15.0, 60.0)
        kind = chance.random()
        if kind < 0.40:
            yield wait_s, ("note", "ask about", chance.choice(("the team", "the tools", "money")))
        elif kind < 0.58:
            yield wait_s, ("mark",)
        elif kind < 0.72:
            state = chance.choice(("asked", "answered", "open"))
            yield wait_s, ("tick", str(chance.randint(1, 5)), state)
        elif kind < 0.82:
            yield wait_s, ("next",)
        elif kind < 0.94:
            yield wait_s, ("pause",)
            yield chance.uniform(3.0, 15.0), ("resume",)
        else:
            yield wait_s, chance.choice((("hush", "1m"), ("hush", "--off"), ("extend", "1m")))


@dataclass(slots=True)
class Doing:
    """Does what a user does, by real verbs, on a thread of its own."""

    call: LongCall
    chance: Random
    at_s: float = 0.0
    """The call's time, as it was seen last."""
    done: int = 0
    failed: int = 0
    _is_over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> "Doing":
        self._thread = threading.Thread(target=self._do)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()

    def _do(self) -> None:
        due_s = 0.0
        for wait_s, verb in doings(self.chance):
            due_s = max(due_s, self.at_s) + wait_s
            while self.at_s < due_s:
                if self._is_over.wait(0.1):
                    return
            if self._is_over.is_set():
                return
            self.done += 1
            self.failed += not self.call.verb(*verb)


def hold(
    call: LongCall, length_s: float, speed: float, seed: int, say: Callable[[str], None]
) -> Soak:
    """Watch a call for so many seconds of its own, then stop it; an interrupt stops it earlier."""
    moments: list[Moment] = []
    begun_s, cut_short = time.monotonic(), ""
    with Doing(call, Random(seed)) as doing:  # noqa: S311
        try:
            _watch(call, length_s, speed, moments, doing, say)
        except KeyboardInterrupt:
            cut_short = "it was interrupted"
        except SottovoceError as error:
            cut_short = f"the call ended by itself: {error}"
    world_s = time.monotonic() - begun_s
    say("stopping")
    end = None
    if not cut_short.startswith("the call"):
        with contextlib.suppress(KeyboardInterrupt):
            end = stop(call)
    done, failed = doing.done, doing.failed
    return Soak(call.how, speed, moments, end, done, failed, world_s, cut_short)


def _watch(
    call: LongCall,
    length_s: float,
    speed: float,
    moments: list[Moment],
    doing: Doing,
    say: Callable[[str], None],
) -> None:
    said_s = time.monotonic()
    while True:
        looked_s = time.monotonic()
        moment = look(call)
        moments.append(moment)
        doing.at_s = moment.at_s
        if moment.at_s >= length_s:
            return
        if looked_s - said_s >= PROGRESS_S:
            said_s = looked_s
            say(progress(moment, length_s))
        apart_s = max(LEAST_APART_S, LOOK_EVERY_S / speed)
        time.sleep(max(0.0, looked_s + apart_s - time.monotonic()))


def look(call: LongCall) -> Moment:
    """Look at a call from outside. Raises SottovoceError where there is none any more."""
    status = call.status()
    heard_to_s = status["heard_to_s"].values()
    return Moment(
        at_s=status["at_s"],
        processes=watching.look(call.pid),
        journal_bytes=(call.folder / "journal.jsonl").stat().st_size,
        behind_s=round(max(0.0, status["at_s"] - min(heard_to_s)), 2),
        late_p99_s=status["callback_late_p99_s"],
        ticks_missed=status["ticks_missed"],
    )


def progress(moment: Moment, length_s: float) -> str:
    """Say in a line how it goes."""
    memory = "  ".join(f"{name} {use.memory_mb:.1f}" for name, use in moment.processes.items())
    return (
        f"{_clock(moment.at_s)} of {_clock(length_s)}   MB: {memory}   "
        f"journal {moment.journal_bytes / 1e3:.0f} kB   ear {moment.behind_s:.1f} s behind"
    )


def _clock(at_s: float) -> str:
    minutes, seconds = divmod(int(at_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def stop(call: LongCall) -> End | None:
    """Stop a call and read what it left; None where it could not be stopped."""
    begun_s, wall_s = time.monotonic(), time.time()
    if not call.verb("stop"):
        return None
    took_s = time.monotonic() - begun_s
    summary = call.folder / "summary.md"
    summary_s = summary.stat().st_mtime - wall_s if summary.exists() else took_s
    return ended(journal.read(call.folder / "journal.jsonl").entries, took_s, summary_s)


def ended(entries: Sequence[Entry], took_s: float, summary_s: float) -> End:
    """Read from a call's journal how it went."""
    lost = [entry.event for entry in entries if isinstance(entry.event, AudioLost)]
    others = [it for it in lost if it.why not in (BUSY, DRIFT)]
    return End(
        took_s,
        summary_s,
        words=sum(len(e.event.text.split()) for e in entries if isinstance(e.event, Heard)),
        cues=sum(isinstance(entry.event, Cue) for entry in entries),
        sounded=sum(isinstance(entry.event, CueStarted) for entry in entries),
        overflows=sum(it.why == BUSY for it in lost),
        lost_s=sum(it.end_s - it.start_s for it in others),
        drift_steps=sum(it.why == DRIFT for it in lost),
        troubles=tuple(
            f"{entry.event.part}: {entry.event.text}"
            for entry in entries
            if isinstance(entry.event, Trouble) and entry.event.part != BY_CHANCE
        ),
    )
