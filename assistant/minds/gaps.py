"""How long a silence may last in this talk before it is a stall.

Knows the dials and the silences so far. Law: a talk's own pace makes it wait
longer, never shorter, and the time they take to answer is no measure of the
other silences.
"""

import math
from bisect import insort
from dataclasses import dataclass, field

from assistant.plan import Dials

ENOUGH_GAPS = 20
"""Of fewer gaps the 95th percentile would be the longest one, and that says nothing yet."""


@dataclass(slots=True)
class Gaps:
    """The silences between two turns that were no stalls."""

    dials: Dials
    _gaps_s: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})
    """The shortest first: those in which an answer was thought about (True) and the others."""

    def add(self, gap_s: float, *, is_asked: bool) -> None:
        """Take a silence that was ordinary in this talk."""
        insort(self._gaps_s[is_asked], gap_s)

    def base_s(self, *, is_asked: bool) -> float:
        """Return how long such a silence may last in any talk."""
        return self.dials.thinking_s if is_asked else self.dials.stall_s

    def patience_s(self, *, is_asked: bool, is_hesitating: bool) -> float:
        """Return how long a silence may last in this one."""
        dials, gaps_s = self.dials, self._gaps_s[is_asked]
        base_s = self.base_s(is_asked=is_asked)
        wait_s = base_s * dials.hesitation_factor if is_hesitating else base_s
        if len(gaps_s) >= ENOUGH_GAPS:
            wait_s = max(wait_s, dials.adaptive_factor * _p95(gaps_s))
        # The cap is that of the longest silence, while they think; of others in proportion.
        cap_s = dials.stall_cap_s * min(1.0, base_s / max(dials.thinking_s, 0.1))
        return max(base_s, min(wait_s, cap_s))


def _p95(values: list[float]) -> float:
    """Return the 95th percentile of sorted values, by nearest rank."""
    return values[math.ceil(0.95 * len(values)) - 1]
