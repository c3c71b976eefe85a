"""One channel on its way from blocks to its spool: every frame in its place.

Reads blocks and the stamps their callbacks took; writes the spool; tells what
was lost. A stream's own count of frames says where sound belongs, the stamps
only say where the stream began, and whether it keeps its pace. Law: time is an
argument; nothing here reads a clock or waits.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from assistant.errors import DiskError
from assistant.events import AudioLost, Channel, Fact, Trouble
from assistant.hearing.level import SPEECH_FLOOR_DB, Level
from assistant.hearing.pace import Missing, Origin, Pace, Stale
from assistant.hearing.rate import ToSpool
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ, Spool
from assistant.hearing.stream import DIED, Block, Source

HOLD_S = 0.25
"""A new stream is watched for so long before it is placed: its first blocks may come in a burst."""
PATIENCE_S = 0.5
"""No block for so long: the stream is dead; no exception ever comes."""
OPENING_S = 2.5
"""A stream just opened may take so long to its first block; Bluetooth takes one to two seconds."""
START_SLACK_S = 0.5
"""The second stream may begin so much later than the first; that is not a loss to tell."""

STEP_S = 0.08
"""So much missing at once is a loss even where the device does not admit it."""
APART_S = 0.02
"""A lane that is so far from the clock is put right: two of them are then never 50 ms apart."""
QUIET_APART_S = 0.01
"""While nobody speaks on it, already then: there a few frames more or less harm no word."""

BUSY = "the machine was too busy"
NO_ROOM = "the disk is full"
FAILED = "the disk failed"
DRIFT = "clock drift"
RATE = "the device changed its sample rate"
SLEPT = "the machine slept"
_KEPT_LATENESS = 3000
_NONE = Source(0, RATE_HZ, 1)


class _Piece(NamedTuple):
    """Sound on its way to its place."""

    pcm: bytes
    """As the spool keeps it."""
    stamp_s: float
    stream_frames: int
    """How many the stream had given at its end."""
    audible: bool = False
    lost: bool = False
    """Zeros, in place of what was lost on the way."""


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
    _pace: Pace = field(default_factory=lambda: Pace(RATE_HZ))
    _held: list[_Piece] = field(default_factory=list[_Piece])
    _heard_s: float | None = None
    _may_revive: bool = False
    """Its stream was found dead, but was not closed: should it give sound again, it lives."""
    _patience_s: float = OPENING_S
    _lost_from: int = 0
    _why: str = ""
    is_held_back: bool = False
    """There is no room for sound: it is written as zeros, which take none."""
    _unwritten_from: int | None = None
    _unwritten_why: str = ""

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
        self._heard_s, self._may_revive = None, why == DIED

    def sleep(self, now_s: float) -> None:
        """Know that the machine slept up to now: a stream that still lives is placed anew."""
        self._displace(SLEPT)
        if self._heard_s is not None:
            self._heard_s, self._patience_s = now_s, OPENING_S

    def take(self, block: Block) -> None:
        """Take a block; it is written by `settle`, or at once when the stream is placed."""
        if block.source.number < self.awaited or not (self.is_awaited or self._may_revive):
            # The last gasp of a stream that was given up.
            return
        if block.source.number > self.source.number:
            self._displace("it was opened anew")
            self.source, self._expected = block.source, 0
            self._set_rate(block.source.rate_hz)
        frame_bytes = FRAME_BYTES * block.source.channels
        if missing := block.first_frame - self._expected:
            zeros = self._to_spool.feed(bytes(missing * frame_bytes))
            self._place(_Piece(zeros, block.stamp_s, block.first_frame, lost=True))
        self._expected = block.first_frame + block.frames
        pcm = block.pcm if block.pcm is not None else bytes(block.frames * frame_bytes)
        self.overflowed |= block.overflowed
        piece = _Piece(self._to_spool.feed(pcm), block.stamp_s, self._expected)
        self._place(piece._replace(audible=block.pcm is not None))
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
        if not at_once and self._held[-1].stamp_s - self._held[0].stamp_s < HOLD_S:
            return False
        came, began_s = 0, float("inf")
        for piece in self._held:
            came += len(piece.pcm) // FRAME_BYTES
            began_s = min(began_s, piece.stamp_s - came / RATE_HZ)
        start = round((began_s - clock_origin_s) * RATE_HZ)
        # A stream that lived on may only have held its blocks back: then nothing is lost.
        slack_s = {"": START_SLACK_S, SLEPT: APART_S}.get(self._why)
        if slack_s is None or start - self._lost_from > slack_s * RATE_HZ:
            self._tell_lost(self._lost_from, max(start, self.frames), self._why or "late to begin")
        self._begin_at(start)
        return True

    def skip_to(self, frame: int) -> None:
        """Begin there, behind zeros that are no loss to tell: a call that broke off goes on."""
        self.pad_to(frame)
        self._lost_from = self.frames

    def pad_to(self, frame: int) -> None:
        """Write zeros up to that frame."""
        if frame > self.frames:
            self._write(frame - self.frames, b"")

    def keep_to(self, clock_origin_s: float) -> None:
        """Place what comes later, behind zeros, or earlier, leaving some out, as the card drifts.

        `clock_origin_s` is when frame 0 of the call sounded.
        """
        if not self.is_placed or self._pace.is_off or not self.origin.is_settled:
            return
        behind_s = self.origin.steady_s - clock_origin_s
        is_quiet = self.level.level_db < SPEECH_FLOOR_DB
        if abs(behind_s) > (QUIET_APART_S if is_quiet else APART_S):
            frames = round(behind_s * RATE_HZ)
            self.origin.shift(frames)
            self._step(frames, BUSY if behind_s > STEP_S else DRIFT)

    def tell_rest(self) -> None:
        """At the end: tell what was lost and never came back."""
        if not self.is_placed and self.frames > self._lost_from:
            self._tell_lost(self._lost_from, self.frames, self._why or "never began")
            self._lost_from = self.frames
        self._tell_unwritten(self.frames)

    def _set_rate(self, rate_hz: float) -> None:
        self._to_spool = ToSpool(rate_hz, self.source.channels)
        self._pace = Pace(rate_hz)

    def _keep_pace(self, stamp_s: float, stream_frames: int) -> None:
        """Make good for frames that never came; follow a device that changed its rate."""
        match self._pace.feed(stamp_s, stream_frames):
            case Missing(missing_s):
                if missing_s > (APART_S if self.overflowed else STEP_S):
                    self._restart(missing_s, BUSY)
                self.overflowed = False
            case Stale(rate_hz, behind_s, since_s):
                self._put(self._to_spool.feed(b"", last=True), audible=False)
                self._to_spool = ToSpool(rate_hz, self.source.channels)
                # What came at a rate that was not known to be another one can not be understood.
                self._restart(behind_s, RATE, since_s)
            case None:
                pass

    def _restart(self, behind_s: float, why: str, since_s: float = 0.0) -> None:
        self.origin = Origin()
        self._step(round(behind_s * RATE_HZ), why, round(since_s * RATE_HZ))

    def _displace(self, why: str) -> None:
        if self.is_placed:
            self._lost_from, self._why = self.frames, why
        self.is_placed = False
        self._held.clear()

    def _step(self, frames: int, why: str, since: int = 0) -> None:
        self._tell_lost(self._next - since, self._next + max(0, frames), why)
        self._next += frames
        self.overflowed = False

    def _begin_at(self, frame: int) -> None:
        self.is_placed, self._next, self._why = True, frame, ""
        self.origin, self.overflowed = Origin(), False
        self._pace = Pace(self._pace.rate_hz)
        held, self._held = self._held, []
        for piece in held:
            self._place(piece)

    def _place(self, piece: _Piece) -> None:
        if not self.is_placed:
            self._held.append(piece)
            return
        start = self._next
        self._put(piece.pcm, audible=piece.audible)
        if piece.lost:
            self._tell_lost(start, self._next, BUSY)
            return
        self.origin.feed(piece.stamp_s, self._next)
        self.lateness_s.append(piece.stamp_s - self._next / RATE_HZ - self.origin.s)
        self._keep_pace(piece.stamp_s, piece.stream_frames)

    def _put(self, pcm: bytes, *, audible: bool) -> None:
        start, self._next = self._next, self._next + len(pcm) // FRAME_BYTES
        # What belongs before the end of the file is there already, as zeros.
        pcm = pcm[max(0, self.frames - start) * FRAME_BYTES :]
        self._write(max(0, start - self.frames), pcm)
        if audible and pcm:
            self.level.feed(pcm)

    def _write(self, zeros: int, pcm: bytes) -> None:
        begin = self.frames + zeros
        self.frames = begin + len(pcm) // FRAME_BYTES
        try:
            if self.is_held_back and pcm:
                self._lose_from(begin, NO_ROOM)
                self.spool.pad_to(self.frames)
                return
            self.spool.pad_to(begin)
            self.spool.append(pcm)
        except DiskError as error:
            if self._lose_from(self.spool.frames, FAILED):
                self.tell(Trouble("disk", str(error)))
            return
        if pcm and self._tell_unwritten(begin) == FAILED:
            self.tell(Trouble("disk", "The sound can be kept again.", over=True))

    def _lose_from(self, frame: int, why: str) -> bool:
        """Know that from there on sound is not kept; tell whether that is new."""
        if self._unwritten_from is not None:
            return False
        self._unwritten_from, self._unwritten_why = frame, why
        return True

    def _tell_unwritten(self, end: int) -> str:
        """Tell what was not kept up to there, if anything; return why."""
        if self._unwritten_from is None:
            return ""
        self._tell_lost(self._unwritten_from, end, self._unwritten_why)
        self._unwritten_from = None
        return self._unwritten_why

    def _tell_lost(self, start: int, end: int, why: str) -> None:
        self.tell(AudioLost(self.channel, max(0, start) / RATE_HZ, max(0, end) / RATE_HZ, why))
