"""One kind of fault: what is done, how often, and what must hold each time.

A topic's module has `FAULTS`, a tuple of these. Law: a try that can not be made
counts as not held; nothing is skipped in silence.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal


@dataclass(slots=True)
class Tally:
    """What came of the tries of one fault."""

    tried: int = 0
    held: int = 0
    worst: float | None = None
    """The worst figure of all tries, in the fault's unit."""
    broken: list[str] = field(default_factory=list[str])
    """One sentence for each try that did not hold; no word of a call in it."""
    tell: "Callable[[Tally], None]" = lambda _: None
    """Called after each try, for who watches."""

    def add(self, *, held: bool, figure: float | None = None, why: str = "") -> None:
        """Count one try."""
        self.tried += 1
        self.held += held
        if not held:
            self.broken.append(why or "did not hold")
        if figure is not None:
            self.worst = figure if self.worst is None else max(self.worst, figure)
        self.tell(self)


Try = Callable[[int, Random, Tally], None]
"""Make so many tries, with chance from there, and count each at once."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault to try."""

    name: str
    """As in the table: "the daemon is killed at a random moment"."""
    promise: str
    """What must hold: "no acknowledged line lost, at most 20 ms of sound for each channel"."""
    means: Literal["real", "simulated"]
    unit: str
    """Of the worst figure: `s lost`, `s to recover`, `lines lost`; empty where there is none."""
    short: int
    """Tries in the short form, part of the tests: all faults together take under four minutes."""
    full: int
    """Tries in the full form."""
    make: Try
    needs_card: bool = False
    """Whether it needs the virtual sound card; where there is none, the short form leaves it out
    and says so."""
