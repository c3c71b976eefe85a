"""Down a slope, step by step: Adam (Kingma and Ba, 2015).

Law: no chance here; the same start and slopes give the same end.
"""

from collections.abc import Callable, Mapping

import numpy as np

from assistant.understanding.shared_words import Rows

FORGET, FORGET_SQUARES = 0.9, 0.99
"""What a step keeps of the mean slope, and of its mean square."""
CLOSE = 1e-9

Parts = Mapping[str, Rows]
"""What is learned, by name; a slope has the same shapes."""


def descended(
    start: Parts,
    slopes_of: Callable[[Parts], Parts],
    steps: int,
    rate: float | Callable[[int], float],
) -> dict[str, Rows]:
    """Return where so many steps lead, each of about `rate` in every number.

    A rate that changes is told the step, from 1 on.
    """
    held = dict(start)
    means = {name: (np.zeros_like(part), np.zeros_like(part)) for name, part in held.items()}
    for step in range(1, steps + 1):
        for name, slope in slopes_of(held).items():
            mean, square = means[name]
            mean = FORGET * mean + (1 - FORGET) * slope
            square = FORGET_SQUARES * square + (1 - FORGET_SQUARES) * slope**2
            means[name] = mean, square
            speed = np.sqrt(square / (1 - FORGET_SQUARES**step)) + CLOSE
            stride = rate(step) if callable(rate) else rate
            held[name] = held[name] - stride * mean / (1 - FORGET**step) / speed
    return held
