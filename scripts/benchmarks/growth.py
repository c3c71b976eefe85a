"""What grows while a call goes on, from figures that were taken now and then.

Law: one odd figure in a series, or several, changes no verdict: slopes are the
median of all slopes between two figures, levels are medians.
"""

from collections.abc import Sequence

import numpy as np

_MOST_FIGURES = 1500
"""All pairs of so many are a million slopes; of a longer series every n-th is taken."""


def slope_per_hour(at_s: Sequence[float], values: Sequence[float]) -> float | None:
    """Return by how much the values rise in an hour (Theil and Sen); None for fewer than three."""
    if len(values) < 3:
        return None
    step = -(-len(values) // _MOST_FIGURES)
    times, levels = np.asarray(at_s[::step]), np.asarray(values[::step])
    first, second = np.triu_indices(len(levels), k=1)
    apart_s = times[second] - times[first]
    is_apart = apart_s > 0
    if not is_apart.any():
        return None
    slopes = (levels[second] - levels[first])[is_apart] / apart_s[is_apart]
    return float(np.median(slopes)) * 3600.0


def risen(values: Sequence[float]) -> float | None:
    """Return by how much the last quarter lies above the first; None for fewer than four."""
    quarter = len(values) // 4
    if quarter == 0:
        return None
    return float(np.median(values[-quarter:]) - np.median(values[:quarter]))


def per_minute(at_s: Sequence[float], values: Sequence[float]) -> float | None:
    """Return the mean rise in a minute, over all."""
    if len(values) < 2 or at_s[-1] <= at_s[0]:
        return None
    return (values[-1] - values[0]) / (at_s[-1] - at_s[0]) * 60.0


def bend(at_s: Sequence[float], values: Sequence[float]) -> float | None:
    """Return how fast the second half grows against the first: 1 is linear; None if it can't be."""
    half = len(values) // 2
    before = per_minute(at_s[: half + 1], values[: half + 1])
    after = per_minute(at_s[half:], values[half:])
    if before is None or after is None or before <= 0:
        return None
    return after / before
