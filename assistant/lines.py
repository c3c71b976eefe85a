"""Lines between two processes: cut from a stream of bytes, and waiting to be written.

Law: memory is bounded, whatever the other side sends or fails to read.
"""

import threading
from collections import deque
from dataclasses import dataclass, field

LONGEST_LINE = 1_000_000
"""Bytes; a longer line is dropped."""

LINES_WAITING = 1000
"""So many lines may wait for somebody who does not read; further ones are refused."""


@dataclass(slots=True)
class LineCutter:
    """Cuts a stream of bytes into lines, in bounded memory."""

    longest: int = LONGEST_LINE
    _rest: bytes = b""
    _skipping: bool = False

    def feed(self, chunk: bytes) -> list[bytes | None]:
        """Take the next bytes; return the lines they complete, None for a dropped one.

        A line that never ends counts as one dropped line for every `longest` bytes of it.
        """
        *whole, rest = (self._rest + chunk).split(b"\n")
        lines: list[bytes | None] = []
        for line in whole:
            if not self._skipping:
                lines.append(line if len(line) <= self.longest else None)
            self._skipping = False
        if len(rest) > self.longest:
            lines.append(None)
            self._skipping, rest = True, b""
        self._rest = rest
        return lines


@dataclass(slots=True)
class Outbox:
    """Lines that wait for one reader."""

    _lines: deque[bytes] = field(default_factory=deque[bytes])
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _closed: bool = False

    def put(self, line: bytes) -> bool:
        """Have a line wait; False where too many do, or it is closed."""
        with self._changed:
            if self._closed or len(self._lines) >= LINES_WAITING:
                return False
            self._lines.append(line)
            self._changed.notify()
            return True

    def close(self, *, drop: bool) -> None:
        """Take no more lines; with `drop`, forget those that wait."""
        with self._changed:
            self._closed = True
            if drop:
                self._lines.clear()
            self._changed.notify()

    def take(self) -> bytes | None:
        """Wait for the next line; None when there will be none any more."""
        with self._changed:
            while not self._lines and not self._closed:
                self._changed.wait()
            return self._lines.popleft() if self._lines else None
