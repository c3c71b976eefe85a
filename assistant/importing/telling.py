"""A recording's raw sound made into the journal of a call.

Live calls, recoveries and this use the same ear, the same marks and the same minds; Imported, right
after the beginning, says that nobody was there. Law: `replay(plan, journal) == journal`; what was
told before an interruption stays told, and the rest is told after it, or all of it anew where it
was told by something else.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.call import Call
from assistant.errors import InputError
from assistant.events import (
    FACTS,
    AudioLost,
    CallEnded,
    CallStarted,
    Channel,
    Entry,
    Fact,
    Heard,
    Imported,
    Trouble,
)
from assistant.hearer import Hearer
from assistant.hearing.rest import Timed
from assistant.hearing.retold import Retold, told_in
from assistant.importing.decoding import DAMAGED, Decoded
from assistant.keeping import journal
from assistant.keeping.journal import Journal
from assistant.memory import nothing_collected
from assistant.plan import Plan
from assistant.understanding.meaning import Understand

ENDED = CallEnded("end of file")

Hear = Callable[[Mapping[Channel, Retold]], Iterable[Timed]]
"""Hears the sound, but for what was told of it; the facts come in the order of their times."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first facts of an imported call."""

    started: CallStarted
    imported: Imported

    def fits(self, entries: list[Entry]) -> bool:
        """Tell whether entries are of the same call, taken and heard alike."""
        started = next((e.event for e in entries if isinstance(e.event, CallStarted)), None)
        imported = next((e.event for e in entries if isinstance(e.event, Imported)), None)
        return (
            started is not None
            and imported is not None
            and started.engines == self.started.engines
            and started.version == self.started.version
            and started.wall == self.started.wall
            and imported.sha256 == self.imported.sha256
            and imported.sides == self.imported.sides
        )


def tell(
    path: Path,
    plan: Plan,
    beginning: Beginning,
    end_s: float,
    decoded: Decoded,
    hear: Hear,
    understand: Callable[[], Understand],
) -> list[Entry]:
    """Write the journal of a recording that ends there, or the rest of it; return all its entries.

    `understand` loads what tells the meaning, where anything was heard. Raises ModelError,
    DiskError.
    """
    telling = _Telling(plan, understand)
    written = _written(path, beginning)
    if not written or not telling.take_up(written):
        telling = _Telling(plan, understand)
        written = []
        path.unlink(missing_ok=True)
    if any(isinstance(entry.event, CallEnded) for entry in written):
        return written
    keep = Journal.open(path)
    try:
        telling.keep = keep
        keep.append(telling.entries[len(written) :])
        if not written:
            telling.place(beginning.started, 0.0)
            telling.place(beginning.imported, 0.0)
        telling.understand_waiting()
        known = {entry.event for entry in written if isinstance(entry.event, AudioLost)}
        lost = [timed for timed in _losses(decoded) if timed[1] not in known]
        heard = hear(told_in(written))
        for known_s, fact in heapq.merge(lost, heard, key=lambda timed: timed[0]):
            telling.hear(fact, known_s)
        trouble = Trouble("recording", decoded.broke_off)
        if decoded.broke_off and all(entry.event != trouble for entry in written):
            telling.place(trouble, end_s)
        telling.place(ENDED, end_s)
    finally:
        keep.close()
    return telling.entries


def _written(path: Path, beginning: Beginning) -> list[Entry]:
    """Return what an interrupted import has told of the same call; mend a torn line."""
    try:
        reading = journal.read(path)
    except InputError:
        return []
    if not beginning.fits(reading.entries):
        return []
    if reading.damaged:
        journal.rewrite(path, reading.entries)
    return reading.entries


def _losses(decoded: Decoded) -> Iterator[Timed]:
    lost = sorted(decoded.lost, key=lambda one: one[2])
    for channel, start_s, end_s in lost:
        yield end_s, AudioLost(channel, start_s, end_s, DAMAGED)


@dataclass(slots=True)
class _Telling:
    """A call that grows from a recording."""

    plan: Plan
    open_meaning: Callable[[], Understand]
    entries: list[Entry] = field(default_factory=list[Entry])
    keep: Journal | None = None
    """Where new entries go."""
    _call: Call = field(init=False)
    _hearer: Hearer = field(init=False)
    _understand: Understand | None = None

    def __post_init__(self) -> None:
        self._call = Call(self.plan)
        self._hearer = Hearer(self.plan)

    def take_up(self, written: list[Entry]) -> bool:
        """Live again what was told; tell whether it is what these facts bring now."""
        with nothing_collected():
            for entry in written:
                if isinstance(entry.event, FACTS):
                    self._take(self._call.receive(entry.event, entry.at_s))
                else:
                    self._take(self._call.wait(entry.at_s))
        # It may break off between a fact and what follows from it; that is found again.
        return self.entries[: len(written)] == written

    def place(self, fact: Fact, at_s: float) -> int:
        """Place a fact; return its number."""
        entries = self._call.receive(fact, round(at_s, 3))
        self._take(entries)
        if self.keep is not None:
            self.keep.append(entries)
        return next(entry.seq for entry in entries if entry.event is fact)

    def hear(self, fact: Fact, known_s: float) -> None:
        """Place what the ear brought, and what it means."""
        if not isinstance(fact, Heard):
            self.place(fact, known_s)
            return
        seq = self.place(self._hearer.mark(fact), known_s)
        for utterance in self._hearer.waiting(seq):
            self.place(self._meaning()(utterance), known_s)

    def understand_waiting(self) -> None:
        """Place what the last lines mean, where an interruption came before that was told."""
        for utterance in self._hearer.waiting():
            self.place(self._meaning()(utterance), self.entries[-1].at_s)

    def _meaning(self) -> Understand:
        if self._understand is None:
            self._understand = self.open_meaning()
        return self._understand

    def _take(self, entries: list[Entry]) -> None:
        self.entries += entries
        for entry in entries:
            self._hearer.take(entry)
