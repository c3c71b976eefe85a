"""How long an ear may be silent before it counts as hung.

Law: time is an argument, and only time that passed counts: a jump of it, as after the machine
slept, is not held against the ear.
"""

from dataclasses import dataclass, field

LOAD_WITHIN_S = 90.0
"""A large model on a slow disk takes long to load."""

HUNG_S = 10.0
"""An ear without a line for so long hangs: it says something about once a second."""

HUNG_AT_ONCE_S = 15.0
"""The same, by real time, for one that hears complete files: it is silent while a piece is heard,
a few seconds on a slow machine."""

STUCK_S = 120.0
"""An ear that speaks but said nothing final for so long hangs in its engine: a piece lasts at most
25 s, and an engine that takes four times as long is of no use."""

LOOK_EVERY_S = 1.0

_STEP_S = 2.0


@dataclass(slots=True)
class Patience:
    """How much time has passed since the ear gave each sign of life."""

    _now_s: float | None = None
    _signs: dict[str, int] = field(default_factory=dict[str, int])
    _passed_s: dict[str, float] = field(default_factory=dict[str, float])

    def is_over(self, now_s: float, hung_s: float, *, lines: int, steps: int) -> bool:
        """Take how many lines and final words came so far; tell whether the ear hangs by now."""
        passed_s = self._pass(now_s, lines=lines, steps=steps)
        return passed_s["lines"] >= hung_s or passed_s["steps"] >= STUCK_S

    def _pass(self, now_s: float, **signs: int) -> dict[str, float]:
        """Return since when each sign was not given."""
        step_s = min(max(0.0, now_s - (now_s if self._now_s is None else self._now_s)), _STEP_S)
        self._now_s = now_s
        self._passed_s = {
            name: self._passed_s.get(name, 0.0) + step_s if self._signs.get(name) == count else 0.0
            for name, count in signs.items()
        }
        self._signs = signs
        return self._passed_s
