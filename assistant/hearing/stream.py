"""One stream, from its device to the queue.

What a callback touches, and what it brings. Law: a callback stamps, enqueues
and returns; it never waits, writes or decides.
"""

import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from assistant.events import Channel
from assistant.hearing.clock import Clock, real_clock
from assistant.hearing.spool import FRAME_BYTES

QUEUE_BLOCKS = 1500
"""Half a minute of one stream: what a stuck disk may cost in memory, about a megabyte."""
DIED = "the device stopped"
"""Why a stream ended that nobody closed."""

OnBlock = Callable[[bytes, bool], None]
"""16-bit interleaved sound; whether the device lost something before it."""


class InputStream(Protocol):
    """An open stream. It calls back only between `start` and `close`."""

    @property
    def rate_hz(self) -> int:
        """Frames per second."""
        ...

    @property
    def channels(self) -> int:
        """Samples per frame."""
        ...

    @property
    def latency_s(self) -> float:
        """How old a sound is when it is called back."""
        ...

    def start(self) -> None:
        """Let it call back. Raises DeviceError."""
        ...

    def close(self) -> None:
        """End it, also when its device is gone."""
        ...


class SoundInput(Protocol):
    """Where streams come from: PortAudio, or a test's own."""

    def open(
        self, wanted: str | int | None, on_block: OnBlock, on_end: Callable[[], None]
    ) -> InputStream:
        """Open a stream, not yet running. Raises DeviceError."""
        ...

    def has_changed(self) -> bool:
        """Tell whether other devices are there than it knows of; may take a second."""
        ...

    def rescan(self) -> None:
        """Look for devices anew; every stream must be closed."""
        ...


class Source(NamedTuple):
    """One stream, from its opening to its end."""

    number: int
    """1, 2, 3, ... over all streams of a capture."""
    rate_hz: int
    channels: int


class Block(NamedTuple):
    """What one callback brought."""

    channel: Channel
    source: Source
    first_frame: int
    """Counted from the stream's beginning, at its own rate."""
    frames: int
    stamp_s: float
    """When the callback came, by the capture's clock."""
    pcm: bytes | None
    """None while paused: the sound was not even kept."""
    overflowed: bool
    """The device says that it lost something before this block."""


class Opened(NamedTuple):
    """A stream was opened; blocks should come."""

    channel: Channel
    source_number: int


class Ended(NamedTuple):
    """A stream called back for the last time."""

    channel: Channel
    source_number: int
    why: str
    """`DIED`, or why it was closed on purpose."""


@dataclass(slots=True)
class Quiet:
    """Until when, by the clock, nothing may be kept; shared with the callbacks."""

    until_s: float = 0.0


Item = Block | Opened | Ended


@dataclass(slots=True)
class Inlet:
    """All that one stream's callback touches."""

    channel: Channel
    source: Source
    items: queue.SimpleQueue[Item]
    quiet: Quiet
    clock: Clock = real_clock
    frames: int = 0

    def take(self, pcm: bytes, overflowed: bool) -> None:
        """Stamp, enqueue, return. What finds no room is counted: the count shows the gap."""
        stamp_s = self.clock()
        first, count = self.frames, len(pcm) // (FRAME_BYTES * self.source.channels)
        self.frames = first + count
        if self.items.qsize() < QUEUE_BLOCKS:
            kept = pcm if stamp_s >= self.quiet.until_s else None
            self.items.put(
                Block(self.channel, self.source, first, count, stamp_s, kept, overflowed)
            )

    def end(self) -> None:
        """Say that the stream called back for the last time."""
        self.items.put(Ended(self.channel, self.source.number, DIED))
