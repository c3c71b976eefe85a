"""The real daemon, and a count of what its sound callbacks brought and what its spools took.

    python counted_daemon.py COUNTS < ORDER

The counts lie in a file that outlives the process: for each channel, in seconds, what was brought,
what was kept, and what of the difference is no loss: what the resampler still holds, and what was
left out to keep the sides together. Law: nothing else is changed.
"""

import mmap
import struct
import sys
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(Path(__file__).parents[1])]

from assistant import daemon  # noqa: E402
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ, Spool  # noqa: E402
from assistant.hearing.stream import Inlet  # noqa: E402

COUNTS = struct.Struct("<ddd")
CHANNELS = ("me", "them", "unclear")
_LATELY = 50
"""So many writes tell what is no loss: a second's."""


class Counter:
    """One channel's count, in the file."""

    def __init__(self, file: mmap.mmap, channel: str) -> None:
        self._file = file
        self._at = CHANNELS.index(channel) * COUNTS.size
        self.brought_s = 0.0
        self.kept_s = 0.0
        self._between_s: deque[float] = deque(maxlen=_LATELY)

    def bring(self, length_s: float) -> None:
        """Count what a callback brought."""
        self.brought_s += length_s
        self._write()

    def keep(self, length_s: float) -> None:
        """Count what was written."""
        self.kept_s += length_s
        self._between_s.append(self.brought_s - self.kept_s)
        self._write()

    def _write(self) -> None:
        least_s = min(self._between_s, default=0.0)
        COUNTS.pack_into(self._file, self._at, self.brought_s, self.kept_s, least_s)


def count(path: Path) -> None:
    """Count from here on, into that file."""
    path.write_bytes(bytes(COUNTS.size * len(CHANNELS)))
    with path.open("r+b") as file:
        counts = mmap.mmap(file.fileno(), 0)
    counters = {channel: Counter(counts, channel) for channel in CHANNELS}
    take, append = Inlet.take, Spool.append

    def counted_take(self: Inlet, pcm: bytes, overflowed: bool) -> None:
        take(self, pcm, overflowed)
        frames = len(pcm) // (FRAME_BYTES * self.source.channels)
        counters[self.channel.value].bring(frames / self.source.rate_hz)

    def counted_append(self: Spool, pcm: bytes) -> None:
        append(self, pcm)
        counters[self.path.stem].keep(len(pcm) / FRAME_BYTES / RATE_HZ)

    Inlet.take, Spool.append = counted_take, counted_append


def lost_s(path: Path) -> float:
    """Return how much the worst channel had been brought and did not keep, in seconds."""
    rows = [*COUNTS.iter_unpack(path.read_bytes())]
    return max(brought_s - kept_s - least_s for brought_s, kept_s, least_s in rows)


if __name__ == "__main__":
    count(Path(sys.argv[1]))
    sys.exit(daemon.main())
