"""Stretches of time laid over one another: what two channels lost at once was lost once.

Law: a stretch is (from_s, to_s) in seconds of the call; one that is empty or the wrong way round
counts for nothing.
"""

from collections.abc import Iterable
from typing import TypeAlias

Stretch: TypeAlias = tuple[float, float]

LEAST_LOST_S = 0.1
"""Less sound than this is no word: what a drifting card gains or loses is not worth telling."""


def merged(stretches: Iterable[Stretch], apart_s: float = 0.0) -> list[Stretch]:
    """Return the stretches in order, those joined that overlap or lie at most `apart_s` apart."""
    joined: list[Stretch] = []
    for from_s, to_s in sorted(stretches):
        if not from_s < to_s:
            continue
        if joined and from_s - joined[-1][1] <= apart_s:
            joined[-1] = joined[-1][0], max(joined[-1][1], to_s)
        else:
            joined.append((from_s, to_s))
    return joined


def total_s(stretches: Iterable[Stretch]) -> float:
    """Return the seconds that lie in any of the stretches."""
    return sum(to_s - from_s for from_s, to_s in merged(stretches))
