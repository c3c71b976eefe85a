"""Ending by a signal as by an error: what a verb opened is closed, what it wrote for itself goes.

For verbs that put sound on disk which nobody asked to keep. A terminal that is
closed and a machine that shuts down would else leave it there.
"""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def tidy_end() -> Generator[None]:
    """Make TERM and HUP raise SystemExit in here, once; its code is the shells' 128 + number."""
    numbers = signal.SIGTERM, signal.SIGHUP

    def on_signal(number: int, _frame: FrameType | None) -> None:
        # A second one must not break off the tidying.
        for other in numbers:
            signal.signal(other, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
