"""Those who follow the journal of a running call, each at its own pace.

Every follower has a queue, and who falls too far behind is let go. Law: a
follower reads the journal without a gap and each line once; when a stretch of
the call is forgotten it reads the new journal from its first line, and from
that moment on no line of the old one.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from assistant.events import Entry, to_line

MOST_BEHIND = 10_000
"""A follower that has so many entries still to read is let go."""
PULSE_S = 1.0
"""A follower for whom nothing comes is looked after so often: is it still there?"""

ANEW: Final = "anew"
Told: TypeAlias = Entry | Literal["anew"] | None
"""An entry, that the journal begins anew, or its end."""
Waiting: TypeAlias = "queue.SimpleQueue[Told]"


@dataclass(slots=True)
class Followers:
    """Who follows. One thread tells, any thread follows."""

    _queues: set[Waiting] = field(default_factory=set[Waiting])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, entry: Entry | None) -> None:
        """Give every follower an entry; None when the journal is over."""
        with self._lock:
            for waiting in tuple(self._queues):
                if waiting.qsize() < MOST_BEHIND:
                    waiting.put(entry)
                else:
                    # It reads what it has, without a gap, and then its end: it waits for nothing.
                    self._queues.discard(waiting)
                    waiting.put(None)

    def begin_anew(self) -> None:
        """Tell that the journal is another one now; what still waits is read by nobody."""
        with self._lock:
            for waiting in self._queues:
                _empty(waiting)
                waiting.put(ANEW)

    def join(self) -> Waiting:
        """Begin to follow: what is told from now on is in this queue, and None at the end."""
        waiting: Waiting = queue.SimpleQueue()
        with self._lock:
            self._queues.add(waiting)
        return waiting

    def leave(self, waiting: Waiting) -> None:
        """Stop following."""
        with self._lock:
            self._queues.discard(waiting)

    def follow(self, journal: Callable[[], Iterable[Entry]], after_seq: int) -> Iterator[bytes]:
        """Yield the lines after `after_seq`, then those that come, until the end.

        `journal` returns all entries so far, as a thing that grows, and is another thing once the
        journal has begun anew. An empty line comes whenever nothing else did for a while.
        """
        waiting = self.join()
        try:
            while True:
                now = journal()
                for entry in now:
                    if journal() is not now:
                        break
                    if entry.seq > after_seq:
                        after_seq = entry.seq
                        yield to_line(entry)
                for told in _told(waiting):
                    if told == ANEW:
                        break
                    # What was told while the past was read would come twice.
                    if journal() is now and (told is None or told.seq > after_seq):
                        yield b"" if told is None else to_line(told)
                else:
                    return
                after_seq = 0
        finally:
            self.leave(waiting)


def _told(waiting: Waiting) -> Iterator[Told]:
    """Yield what is told until the end; None whenever nothing was for a while."""
    while True:
        try:
            told = waiting.get(timeout=PULSE_S)
        except queue.Empty:
            yield None
            continue
        if told is None:
            return
        yield told


def _empty(waiting: Waiting) -> None:
    try:
        while True:
            waiting.get_nowait()
    except queue.Empty:
        pass
