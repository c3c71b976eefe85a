"""Lines that wait for what they mean: heard now, understood a moment later, perhaps never.

Knows what a mind keeps of each line, by its number in the journal. Law: each is taken once; where
too many wait, the oldest goes.
"""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST = 32
"""More than are heard in a minute, which is longer than anything is understood late."""

Kept = TypeVar("Kept")


@dataclass(slots=True)
class Waiting(Generic[Kept]):
    """What is kept of each line, the oldest first."""

    most: int = MOST
    _lines: dict[int, Kept] = field(default_factory=dict[int, Kept])

    def __contains__(self, seq: int) -> bool:
        """Tell whether a line waits."""
        return seq in self._lines

    def add(self, seq: int, kept: Kept) -> None:
        """Let a line wait."""
        self._lines[seq] = kept
        if len(self._lines) > self.most:
            del self._lines[next(iter(self._lines))]

    def take(self, seq: int) -> Kept:
        """Return what was kept of a line, which waits no longer. It must be one that waits."""
        return self._lines.pop(seq)

    def clear(self) -> None:
        """Wait for nothing."""
        self._lines.clear()
