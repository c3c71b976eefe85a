"""Stretches of speech, from how likely a voice is in each window of sound.

Knows nothing of sound or engines: one probability per window of 32 ms goes in,
what it means for the talk comes out. A *turn* lasts from the onset of a voice to
a real silence. A long turn is cut into several *pieces* at short pauses, so
that its words come while it goes on.

Law: no clock and no state but what was fed; the same probabilities give the
same stretches, fed one by one or all at once.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, TypeAlias

WINDOW_SAMPLES: Final = 512
"""What Silero's voice activity takes at 16 kHz."""

WINDOW_S: Final = 0.032


@dataclass(frozen=True, slots=True)
class Dials:
    """When speech begins, pauses, and ends."""

    onset: float = 0.5
    """From this probability on a window is voiced, while nobody speaks; Silero's own default."""
    go_on: float = 0.35
    """The same once speech has begun; Silero's own is 0.15 below the onset, too."""
    onset_windows: int = 3
    onset_within_windows: int = 4
    """So many of so many windows must be voiced: a click is one or two. An onset is known 0.096 to
    0.128 s after it, which leaves room for a murmur to stop within 0.2 s."""
    endpoint_s: float = 0.45
    """Silence that ends a turn. Pauses inside turns are mostly below 0.4 s; words are due 0.8 s
    after the end."""
    pause_s: float = 0.16
    """Silence in which a piece may be cut, and its words be made ready. Closures of plosives are
    mostly below 0.1 s; with 0.19 s Moonshine made as many errors, and words came later."""
    pre_roll_s: float = 0.25
    """Sound before the onset that the recogniser gets: soft first consonants lie there."""
    pad_s: float = 0.1
    """Sound after the last voiced window that the recogniser gets."""
    soft_cut_s: float = 12.0
    """A piece this long is cut at its next pause: its words are due while the turn goes on."""
    urgent_cut_s: float = 18.0
    urgent_pause_s: float = 0.064
    """A piece this long is cut at a dip this short: the breath it wants may not come."""
    hard_cut_s: float = 25.0
    """A piece this long is cut wherever it is; Moonshine's quality falls off beyond 30 s."""


FOR_WHOLE_PIECES: Final = Dials(soft_cut_s=5.0, urgent_cut_s=7.0)
"""For an engine that hears a piece only as a whole, and so takes the longer the longer it is. In a
phone call of 245 s, 95 % of Moonshine's words came within 0.72 s of the voice's end, against 1.01 s
with cuts at 8 and 12 s (0.075 s of work per second); word errors rose from 14.7 % to 15.3 %."""


@dataclass(frozen=True, slots=True)
class Began:
    """A voice began at `start_s`."""

    start_s: float


@dataclass(frozen=True, slots=True)
class Paused:
    """The voice has been silent for `pause_s`; it may go on or have ended."""

    end_s: float
    """The end of the last voiced window."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A piece is complete: its words can be asked for. The turn may go on."""

    start_s: float
    end_s: float
    """First and last voiced window."""
    from_window: int
    to_window: int
    """The sound that belongs to it, with pre-roll and pad, in windows counted from the first one
    fed; pieces never share sound."""
    voiced_s: float
    """How much of it was voiced."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The turn that began at `start_s` is over; the voice ended at `end_s`."""

    start_s: float
    end_s: float


SegmentEvent: TypeAlias = Began | Paused | Spoken | Ended


@dataclass(slots=True)
class _Piece:
    """In windows counted from the first one fed."""

    first: int
    from_window: int
    voiced: int
    last: int


@dataclass(slots=True)
class Segmenter:
    """The stretches of speech of one channel."""

    from_s: float = 0.0
    """The time of the first window."""
    dials: Dials = Dials()
    _recent: deque[bool] = field(init=False)
    _windows: int = 0
    _turn_first: int | None = None
    _last_voiced: int = 0
    _piece: _Piece | None = None
    _used: int = 0
    """Sound before this window belongs to an earlier piece."""
    _paused: bool = False

    def __post_init__(self) -> None:
        self._recent = deque(maxlen=self.dials.onset_within_windows)

    @property
    def now_s(self) -> float:
        """How far this channel was fed, in seconds."""
        return self._at(self._windows)

    @property
    def windows(self) -> int:
        """How many windows were fed."""
        return self._windows

    @property
    def open_windows(self) -> tuple[int, int] | None:
        """The sound that belongs to the open piece so far, from and to; None where none is open."""
        piece = self._piece
        return piece and (piece.from_window, self._to_window(piece))

    @property
    def safe_s(self) -> float:
        """Where hearing could begin anew without losing words of what is still open."""
        if self._piece is not None:
            return self._at(self._piece.from_window)
        reach = _windows(self.dials.pre_roll_s) + self.dials.onset_within_windows
        return self._at(max(self._used, self._windows - reach))

    def feed(self, probability: float) -> list[SegmentEvent]:
        """Take the next window's probability of a voice; return what it brings, in order."""
        window = self._windows
        self._windows += 1
        if self._turn_first is None:
            return self._wait_for_onset(window, probability >= self.dials.onset)
        if probability >= self.dials.go_on:
            return self._go_on(window)
        return self._fall_silent(window, self._turn_first)

    def flush(self) -> list[SegmentEvent]:
        """End what is open, as at the end of a call."""
        return [] if self._turn_first is None else self._end(self._turn_first)

    def _wait_for_onset(self, window: int, voiced: bool) -> list[SegmentEvent]:
        self._recent.append(voiced)
        if sum(self._recent) < self.dials.onset_windows:
            return []
        first = window - len(self._recent) + 1 + list(self._recent).index(True)
        self._turn_first = first
        self._last_voiced = window
        self._paused = False
        self._open(first, sum(self._recent), window)
        self._recent.clear()
        return [Began(self._at(first))]

    def _go_on(self, window: int) -> list[SegmentEvent]:
        self._paused = False
        self._last_voiced = window
        piece = self._piece or self._open(window, 0, window)
        piece.voiced += 1
        piece.last = window
        if window + 1 - piece.first >= _windows(self.dials.hard_cut_s):
            return [self._close(piece)]
        return []

    def _fall_silent(self, window: int, turn_first: int) -> list[SegmentEvent]:
        silent = window - self._last_voiced
        if silent >= _windows(self.dials.endpoint_s):
            return self._end(turn_first)
        piece = self._piece
        if piece is None:
            return []
        events: list[SegmentEvent] = []
        if not self._paused and silent >= _windows(self.dials.pause_s):
            self._paused = True
            events.append(Paused(self._at(piece.last + 1)))
        if silent >= self._cut_after(piece.last + 1 - piece.first):
            events.append(self._close(piece))
        return events

    def _cut_after(self, length: int) -> int:
        """How many silent windows cut a piece of so many windows."""
        dials = self.dials
        if length >= _windows(dials.urgent_cut_s):
            return _windows(dials.urgent_pause_s)
        long_enough = length >= _windows(dials.soft_cut_s)
        return _windows(dials.pause_s if long_enough else dials.endpoint_s)

    def _open(self, first: int, voiced: int, last: int) -> _Piece:
        from_window = max(first - _windows(self.dials.pre_roll_s), self._used)
        self._piece = _Piece(first, from_window, voiced, last)
        return self._piece

    def _close(self, piece: _Piece) -> Spoken:
        to_window = self._to_window(piece)
        self._piece = None
        self._used = to_window
        return Spoken(
            start_s=self._at(piece.first),
            end_s=self._at(piece.last + 1),
            from_window=piece.from_window,
            to_window=to_window,
            voiced_s=round(piece.voiced * WINDOW_S, 3),
        )

    def _end(self, turn_first: int) -> list[SegmentEvent]:
        ended = Ended(self._at(turn_first), self._at(self._last_voiced + 1))
        self._turn_first = None
        return [ended] if self._piece is None else [ended, self._close(self._piece)]

    def _to_window(self, piece: _Piece) -> int:
        return min(piece.last + 1 + _windows(self.dials.pad_s), self._windows)

    def _at(self, window: int) -> float:
        return round(self.from_s + window * WINDOW_S, 3)


def _windows(length_s: float) -> int:
    """How many whole windows cover a length."""
    return -int(-length_s // WINDOW_S)
