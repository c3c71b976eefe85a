"""What signals end: the call gracefully at the first, the process at the second.

Law: a second signal waits for nothing that may hang; what was placed by then is
in the journal, and the next `wrap` does what was left.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

INTERRUPTED = 130
FORCED_WITHIN_S = 0.3
"""So long a journal gets to be closed when nobody wants to wait any more."""


class Endable(Protocol):
    """What a signal asks to end; the spine."""

    def end(self, reason: str) -> None:
        """Ask for the end; asked twice, it hurries."""
        ...


@dataclass(slots=True)
class Ending:
    """What a signal ends: the call, or, as long as there is none, its start."""

    call: Endable | None = field(default=None, repr=False)
    """Not spelled out: Python does so with whose method took a signal, when another one is to take
    it, and a whole call costs seconds in which its lock is still held."""
    is_closed: bool = False
    """The journal is closed: nothing is lost by ending the process now."""
    signals: int = 0

    @property
    def is_forced(self) -> bool:
        """Tell whether nobody wants to wait any more."""
        return self.signals > 1

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal, on the main thread."""
        self.signals += 1
        if self.is_forced and (self.call is None or self.is_closed):
            leave()
        if self.is_forced:
            timer = threading.Timer(FORCED_WITHIN_S, leave)
            timer.daemon = True
            timer.start()
        if self.call is None:
            raise KeyboardInterrupt
        self.call.end("signal")


def leave() -> None:
    """End this process at once, and with it its children."""
    os._exit(INTERRUPTED)


@contextlib.contextmanager
def signals_end() -> Generator[Ending]:
    """Have TERM, INT and HUP taken by an Ending."""
    ending = Ending()
    numbers = signal.SIGTERM, signal.SIGINT, signal.SIGHUP
    before = {number: signal.signal(number, ending.on_signal) for number in numbers}
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
