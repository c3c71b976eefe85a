"""One channel on its way from blocks to its spool: every frame in its place.

Reads blocks and the stamps their callbacks took; writes the spool; tells what
was lost. A stream's own count of frames says where sound belongs, the stamps
only say where the stream began. Law: time is an argument; nothing here reads a
clock or waits.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.errors import DiskError
from assistant.events import AudioLost, Channel, Fact, Trouble
from assistant.hearing.level import Level
from assistant.hearing.rate import ToSpool
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ, Spool
from assistant.hearing.stream import Block, Source

HOLD_S = 0.25
"""A new stream is watched for so long before it is placed: its first blocks may come in a burst."""
WINDOW_S = 0.5
"""Stamps are late, never early: the least late of half a second tells the truth."""
PATIENCE_S = 0.5
"""No block for so long: the stream is dead; no exception ever comes."""
OPENING_S = 2.5
"""A stream just opened may take so long to its first block; Bluetooth takes one to two seconds."""
START_SLACK_S = 0.5
"""The second stream may begin so much later than the first; that is not a loss to tell."""

BUSY = "the machine was too busy"
_KEPT_LATENESS = 3000
_NONE = Source(0, RATE_HZ, 1)


@dataclass(slots=True)
class Origin:
    """When frame 0 sounded, as the stamps of one stream tell it, in the clock's seconds."""

    _least: deque[float] = field(default_factory=lambda: deque[float](maxlen=2))
    _now: float = float("inf")
    _until_s: float = 0.0

    def feed(self, stamp_s: float, end_frame: int) -> None:
        """Take the next block's stamp, and where the block ends."""
        if stamp_s >= self._until_s:
            if self._now < float("inf"):
                self._least.append(self._now)
            self._now, self._until_s = float("inf"), stamp_s + WINDOW_S
        self._now = min(self._now, stamp_s - end_frame / RATE_HZ)

    def shift(self, frames: int) -> None:
        """Allow for all frames being placed so much later than they were."""
        self._least = deque((s - frames / RATE_HZ for s in self._least), maxlen=2)
        self._now -= frames / RATE_HZ

    def mend_jump(self, frames: int) -> None:
        """Allow for frames since the last jump being placed so much later."""
        self._least[-1] -= frames / RATE_HZ
        self._now -= frames / RATE_HZ

    @property
    def s(self) -> float:
        """The best estimate."""
        return min(*self._least, self._now) if self._least else self._now

    @property
    def is_settled(self) -> bool:
        """Tell whether there are two whole windows behind the estimate."""
        return len(self._least) == 2

    @property
    def jump_s(self) -> float:
        """By how much the last window lies after the one before: frames that never came."""
        return self._least[1] - self._least[0] if self.is_settled else 0.0


@dataclass(slots=True)
class Lane:
    """One channel: its place in time, its level, its spool."""

    channel: Channel
    spool: Spool
    tell: Callable[[Fact], None]
    level: Level = field(default_factory=Level)
    origin: Origin = field(default_factory=Origin)
    frames: int = 0
    """Written up to here; the file may be shorter while the disk is failing."""
    is_placed: bool = False
    """Its stream runs, and where its frames belong is known."""
    source: Source = _NONE
    awaited: int = 0
    """The number of the stream that was opened last."""
    overflowed: bool = False
    """The device told of a loss that has not been made good."""
    lateness_s: deque[float] = field(default_factory=lambda: deque[float](maxlen=_KEPT_LATENESS))
    """By how much the latest callbacks came later than the timeliest."""
    _to_spool: ToSpool = field(init=False)
    _expected: int = 0
    _next: int = 0
    _held: list[tuple[bytes, float, bool, bool]] = field(
        default_factory=list[tuple[bytes, float, bool, bool]]
    )
    _heard_s: float | None = None
    _patience_s: float = OPENING_S
    _lost_from: int = 0
    _why: str = ""
    _unwritten_from: int | None = None

    def __post_init__(self) -> None:
        self.frames = self._lost_from = self.spool.frames
        self._to_spool = ToSpool(RATE_HZ, 1)

    @property
    def is_coming(self) -> bool:
        """Tell whether a new stream gives blocks but is not placed yet."""
        return not self.is_placed and bool(self._held)

    @property
    def is_awaited(self) -> bool:
        """Tell whether blocks should be coming."""
        return self._heard_s is not None

    def expect(self, now_s: float, source_number: int) -> None:
        """Take blocks of the stream that was opened now, and of no stream before it."""
        self.awaited = source_number
        self._heard_s, self._patience_s = now_s, OPENING_S

    def excuse(self, by_s: float, now_s: float) -> None:
        """So long nobody could have noticed blocks: do not hold it against the stream."""
        if self._heard_s is not None:
            self._heard_s = min(self._heard_s + by_s, max(self._heard_s, now_s))

    def is_overdue(self, now_s: float) -> bool:
        """Tell whether blocks were expected and stopped, or never, came."""
        return self._heard_s is not None and now_s - self._heard_s > self._patience_s

    def end(self, why: str) -> None:
        """Its stream is over; from here on it is zeros, until a new stream is placed."""
        self._displace(why)
        self._heard_s = None

    def take(self, block: Block) -> None:
        """Take a block; it is written by `settle`, or at once when the stream is placed."""
        if not self.is_awaited or block.source.number < self.awaited:
            # The last gasp of a stream that was given up.
            return
        if block.source.number > self.source.number:
            self._displace("it was opened anew")
            self.source, self._expected = block.source, 0
            self._to_spool = ToSpool(block.source.rate_hz, block.source.channels)
        frame_bytes = FRAME_BYTES * block.source.channels
        if missing := block.first_frame - self._expected:
            self._place(self._to_spool.feed(bytes(missing * frame_bytes)), block.stamp_s, lost=True)
        self._expected = block.first_frame + block.frames
        pcm = block.pcm if block.pcm is not None else bytes(block.frames * frame_bytes)
        self.overflowed |= block.overflowed
        self._place(self._to_spool.feed(pcm), block.stamp_s, audible=block.pcm is not None)
        # Last, so that a stream of which no block can be kept is overdue, as a dead one.
        self._heard_s = max(self._heard_s or 0.0, block.stamp_s)
        self._patience_s = PATIENCE_S

    def begin_clock(self) -> None:
        """Place the stream where the spool ends: this is the channel that makes the time."""
        self._begin_at(self.frames)

    def settle(self, clock_origin_s: float, *, at_once: bool = False) -> bool:
        """Place a new stream once it was watched for long enough; tell whether this is now."""
        if not self.is_coming:
            return False
        if not at_once and self._held[-1][1] - self._held[0][1] < HOLD_S:
            return False
        came, began_s = 0, float("inf")
        for pcm, stamp_s, _, _ in self._held:
            came += len(pcm) // FRAME_BYTES
            began_s = min(began_s, stamp_s - came / RATE_HZ)
        start = round((began_s - clock_origin_s) * RATE_HZ)
        # Told when it was placed once before, or when it is late beyond what openings take.
        if self._why or start - self._lost_from > START_SLACK_S * RATE_HZ:
            self._tell_lost(self._lost_from, max(start, self.frames), self._why or "late to begin")
        self._begin_at(start)
        return True

    def pad_to(self, frame: int) -> None:
        """Write zeros up to that frame."""
        if frame > self.frames:
            self._write(frame - self.frames, b"")

    def move(self, frames: int, why: str) -> None:
        """Place what comes later, behind zeros, or earlier (below 0), leaving some out."""
        self.origin.shift(frames)
        self._step(frames, why)

    def mend(self, frames: int) -> None:
        """Make good for frames that the device lost."""
        self.origin.mend_jump(frames)
        self._step(frames, BUSY)

    def tell_rest(self) -> None:
        """At the end: tell what was lost and never came back."""
        if not self.is_placed and self.frames > self._lost_from:
            self._tell_lost(self._lost_from, self.frames, self._why or "never began")
            self._lost_from = self.frames

    def _displace(self, why: str) -> None:
        if self.is_placed:
            self._lost_from, self._why = self.frames, why
        self.is_placed = False
        self._held.clear()

    def _step(self, frames: int, why: str) -> None:
        self._tell_lost(self._next, self._next + max(0, frames), why)
        self._next += frames
        self.overflowed = False

    def _begin_at(self, frame: int) -> None:
        self.is_placed, self._next, self._why = True, frame, ""
        self.origin, self.overflowed = Origin(), False
        held, self._held = self._held, []
        for pcm, stamp_s, audible, lost in held:
            self._place(pcm, stamp_s, audible=audible, lost=lost)

    def _place(
        self, pcm: bytes, stamp_s: float, *, audible: bool = False, lost: bool = False
    ) -> None:
        if not self.is_placed:
            self._held.append((pcm, stamp_s, audible, lost))
            return
        start, self._next = self._next, self._next + len(pcm) // FRAME_BYTES
        if lost:
            self._tell_lost(start, self._next, BUSY)
        else:
            self.origin.feed(stamp_s, self._next)
            self.lateness_s.append(stamp_s - self._next / RATE_HZ - self.origin.s)
        # What belongs before the end of the file is there already, as zeros.
        pcm = pcm[max(0, self.frames - start) * FRAME_BYTES :]
        self._write(max(0, start - self.frames), pcm)
        if audible and pcm:
            self.level.feed(pcm)

    def _write(self, zeros: int, pcm: bytes) -> None:
        begin = self.frames + zeros
        self.frames = begin + len(pcm) // FRAME_BYTES
        try:
            self.spool.pad_to(begin)
            self.spool.append(pcm)
        except DiskError as error:
            if self._unwritten_from is None:
                self._unwritten_from = self.spool.frames
                self.tell(Trouble("disk", str(error)))
            return
        if self._unwritten_from is not None:
            self._tell_lost(self._unwritten_from, begin, "the disk failed")
            self._unwritten_from = None
            self.tell(Trouble("disk", "The sound can be kept again."))

    def _tell_lost(self, start: int, end: int, why: str) -> None:
        self.tell(AudioLost(self.channel, max(0, start) / RATE_HZ, max(0, end) / RATE_HZ, why))
