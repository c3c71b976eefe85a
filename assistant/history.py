"""A call's entries so far, the older ones packed.

Three hours of talk are some 40,000 entries and, as values, 20 MB; packed they
take less than 1 MB. Law: it gives back exactly what it was given, in order; one
thread adds, any thread reads, and who reads sees what was there when it began.
"""

import threading
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from assistant.events import Entry, from_line, to_line

PACK = 200
"""So many entries are packed at once: a few milliseconds, every few minutes."""
_LEVEL = 3


@dataclass(slots=True)
class History:
    """All entries of a call, in order."""

    _packs: list[bytes] = field(default_factory=list[bytes])
    _fresh: list[Entry] = field(default_factory=list[Entry])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "History":
        """Return the history of a call that has these entries."""
        history = cls()
        history.add(entries)
        return history

    def add(self, entries: Iterable[Entry]) -> None:
        """Take the next entries."""
        with self._lock:
            self._fresh += entries
            while len(self._fresh) >= 2 * PACK:
                old, self._fresh = self._fresh[:PACK], self._fresh[PACK:]
                lines = b"\n".join(to_line(entry) for entry in old)
                self._packs.append(zlib.compress(lines, _LEVEL))

    def __iter__(self) -> Iterator[Entry]:
        """Yield what is there now; what comes meanwhile is not seen."""
        with self._lock:
            packs, fresh = tuple(self._packs), tuple(self._fresh)
        for pack in packs:
            yield from map(from_line, zlib.decompress(pack).split(b"\n"))
        yield from fresh

    def __len__(self) -> int:
        with self._lock:
            return len(self._packs) * PACK + len(self._fresh)
