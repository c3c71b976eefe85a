"""How much of the agreed time is left.

Reads Extended, Recovered, Imported, Tick and the minutes they name in a Farewell, and through
the agenda how the questions stand; finds TimeShort at half time, at the dial's times
left, at the end, and then every few minutes over. Law: the other one's time runs on
while we pause, and a warning is due once, when its moment passes; time that is added
moves the moments, so those that lie ahead again come again. What was due while the
program was gone is told once, as the time that is left by then, and only when it
is known again who speaks.
"""

import math
from dataclasses import dataclass, field
from typing import ClassVar

from assistant.events import (
    Entry,
    Extended,
    Farewell,
    Finding,
    Imported,
    Kinds,
    Recovered,
    Tick,
    TimeShort,
)
from assistant.minds.agenda import Agenda
from assistant.plan import Plan

LOOKED_S = 0.25
"""So much before a moment it is looked for: sums of seconds are not exact."""
APART_S = 60.0
"""Half time is not told when another warning is this near."""
BACK_S = 2.0
"""So long after the program was gone nobody knows who is speaking; a warning would be cut."""
EARLIEST_S = 30.0
"""A call that has just begun needs no warning, however short it is to be."""


@dataclass(slots=True)
class Timekeeper:
    """The length of the call, and what is still open."""

    READS: ClassVar[Kinds] = (*Agenda.READS, Extended, Farewell, Imported, Recovered, Tick)
    plan: Plan
    _agenda: Agenda = field(init=False)
    _length_s: float = field(init=False)
    _told: list[float] = field(init=False)
    """The times left that are told, as the length is now."""
    _seen_s: float = 0.0
    """The last tick: what was due by then has been told."""
    _next_s: float = 0.0
    """Before this nothing is due."""
    _late_until_s: float = 0.0
    """Nobody is there to be told anything before this; 0 when all that was due is told."""

    def __post_init__(self) -> None:
        self._agenda = Agenda(self.plan)
        self._length_s = self.plan.length_s
        self._told = self._warnings_s()

    @property
    def due_s(self) -> float:
        """Return before when no tick brings anything."""
        return max(self._next_s, self._late_until_s)

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        match entry.event:
            case Tick():
                return self._look(entry.at_s)
            case Extended(by_s):
                self._length_s += by_s
                self._told = self._warnings_s()
                self._next_s = 0.0
            case Farewell(minutes_left=float(minutes)):
                self._count_down(entry.at_s + minutes * 60.0)
            case Imported():
                # It was over long ago: there is nobody to warn.
                self._late_until_s = math.inf
            case Recovered(_, to_s):
                self._late_until_s = max(self._late_until_s, to_s + BACK_S)
            case _:
                self._agenda.take(entry)
        return []

    def _count_down(self, end_s: float) -> None:
        """Let the call end when they have to go, where that is before the agreed time."""
        if end_s < self._length_s:
            self._length_s = end_s
            # Half of it is no news; warnings whose moment is past by this are not made up for.
            self._told = [left_s for left_s in self._warnings_s() if left_s != end_s / 2]
            self._next_s = 0.0

    def _look(self, now_s: float) -> list[Finding]:
        if now_s <= self._late_until_s:
            return []
        if now_s < self._next_s:
            self._seen_s = now_s
            return []
        due = [
            left_s
            for left_s in (*self._told, *self._over_s(now_s))
            if self._seen_s < self._length_s - left_s <= now_s
        ]
        ahead_s = [s for left_s in self._told if (s := self._length_s - left_s) > now_s]
        self._seen_s, self._next_s = now_s, min((*ahead_s, self._next_over_s(now_s)))
        is_late, self._late_until_s = self._late_until_s > 0, 0.0
        if not due:
            return []
        left_s = round(self._length_s - now_s, 3) if is_late else min(due)
        return [TimeShort(left_s, self._agenda.open_musts())]

    def _warnings_s(self) -> list[float]:
        """Return the times left at which to warn before the end, and the end."""
        told = {0.0, *(s for s in self.plan.dials.warnings_left_s if s > 0)}
        half_s = self._length_s / 2
        told = {s for s in told if s == 0 or self._length_s - s >= EARLIEST_S}
        # After "5 minutes left" half time is no news.
        if half_s - max(told) >= APART_S and half_s >= EARLIEST_S:
            told.add(half_s)
        return list(told)

    def _next_over_s(self, now_s: float) -> float:
        """Return the first moment after this at which it is told how much over time it is."""
        every_s = self.plan.dials.over_every_s
        if every_s <= 0:
            return math.inf
        times = max(1, math.floor((now_s - self._length_s) / every_s) + 1)
        return self._length_s + times * every_s - LOOKED_S

    def _over_s(self, now_s: float) -> list[float]:
        every_s, over_s = self.plan.dials.over_every_s, now_s - self._length_s
        if every_s <= 0 or over_s <= 0:
            return []
        # The nearest one; whether it has passed is for the caller to say.
        times = round(over_s / every_s)
        return [-times * every_s] if times else []
