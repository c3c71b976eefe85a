"""The clock that stamps sound: seconds that go on whatever the user sets the time to.

Law: it never goes back, knows nothing of the wall, and counts the time that the machine slept:
minutes that were agreed on are real minutes.
"""

import sys
import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since some moment; a test's own may run faster than the world."""


def clock_for(platform: str) -> Clock:
    """Return the clock of a system; `platform` as in `sys.platform`.

    Python's own monotonic clock stops while Linux or macOS sleeps, and goes on on Windows.
    """
    number = getattr(time, "CLOCK_BOOTTIME", None)
    if platform == "darwin":
        # There, unlike on Linux, this one counts the sleep.
        number = getattr(time, "CLOCK_MONOTONIC", None)
    if number is None:
        return time.monotonic
    return lambda: time.clock_gettime(number)


real_clock: Clock = clock_for(sys.platform)
"""The clock of this machine."""
