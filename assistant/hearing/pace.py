"""What the stamps of one stream tell: when it began, what it lost, how fast it really runs.

A stamp is late, never early, so of many the least late tells the truth. Law: frames
and stamps go in, numbers come out; nothing here knows of a device or a file.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise, permutations
from typing import NamedTuple

from assistant.hearing.spool import RATE_HZ

WINDOW_S = 0.5
"""The least late stamp of so long is taken."""
STEADY_WINDOWS = 12
"""Cards drift slowly: six seconds of windows tell it whatever the machine is busy with."""
OFF_SHARE = 0.03
"""A window in which so much more or less came than should is looked at."""
NEAR_SHARE = 0.01
"""As near must a measured rate be to one that devices have ..."""
ALIKE_SHARE = 0.05
"""... and as near to it each of the windows it was measured in: what is lost, is lost at once."""
LEAST_OFF_WINDOWS = 3
"""So many windows measure a rate; in the first of them it may have changed."""
MOST_OFF_WINDOWS = 6
"""Off for so many windows and no rate that devices have: frames are being lost."""

_RATES_HZ = (8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000)
_RATIOS = sorted({to / of for of, to in permutations(_RATES_HZ, 2)})


@dataclass(slots=True)
class Origin:
    """When frame 0 of the spool sounded, as one stream tells it, in the clock's seconds."""

    _windows: deque[float] = field(default_factory=lambda: deque[float](maxlen=STEADY_WINDOWS))
    _now: float = float("inf")
    _until_s: float = 0.0

    def feed(self, stamp_s: float, end_frame: int) -> None:
        """Take the next block's stamp, and where in the spool the block ends."""
        if stamp_s >= self._until_s:
            if self._now < float("inf"):
                self._windows.append(self._now)
            self._now, self._until_s = float("inf"), stamp_s + WINDOW_S
        self._now = min(self._now, stamp_s - end_frame / RATE_HZ)

    def shift(self, frames: int) -> None:
        """Allow for all frames being placed so much later than they were."""
        by_s = frames / RATE_HZ
        self._windows = deque((s - by_s for s in self._windows), maxlen=STEADY_WINDOWS)
        self._now -= by_s

    @property
    def s(self) -> float:
        """The estimate of the last second."""
        lately = list(self._windows)[-2:]
        return min(*lately, self._now) if lately else self._now

    @property
    def steady_s(self) -> float:
        """The estimate of the last six seconds, or of as many as there are, in whole windows.

        Infinite before there was one.
        """
        return min(self._windows, default=float("inf"))

    @property
    def is_settled(self) -> bool:
        """Tell whether there are two whole windows behind the estimate."""
        return len(self._windows) >= 2


class Missing(NamedTuple):
    """Frames never came."""

    s: float
    """How many seconds of them; below 0: more came than should."""


class Stale(NamedTuple):
    """The stream does not run at the rate it was opened with."""

    rate_hz: float
    """What it runs at."""
    behind_s: float
    """How far what was placed lies behind where it belongs; below 0: ahead of it."""
    since_s: float
    """For how long, in seconds as placed, it may have been so."""


class _Point(NamedTuple):
    stamp_s: float
    frames: int
    """Of the stream, up to that moment."""


@dataclass(slots=True)
class Pace:
    """The frames of one stream against the clock, from where it was placed."""

    rate_hz: float
    is_off: bool = False
    """It came too slowly or too fast lately; why is not known yet."""
    _best: _Point | None = None
    _until_s: float = 0.0
    _last: _Point | None = None
    _good: _Point | None = None
    _off: list[_Point] = field(default_factory=list[_Point])

    def feed(self, stamp_s: float, frames: int) -> Missing | Stale | None:
        """Take the next block's stamp and the stream's frames up to its end."""
        found = None
        if self._best is not None and stamp_s >= self._until_s:
            found = self._judge(self._best, frames)
            self._best = None
        point = _Point(stamp_s, frames)
        if self._best is None:
            self._best, self._until_s = point, stamp_s + WINDOW_S
        elif self._lateness_s(point) < self._lateness_s(self._best):
            self._best = point
        return found

    def _lateness_s(self, point: _Point) -> float:
        return point.stamp_s - point.frames / self.rate_hz

    def _judge(self, best: _Point, frames: int) -> Missing | Stale | None:
        """Judge the window that is over; `frames` came up to now."""
        last, self._last = self._last, best
        if last is None or self._good is None:
            self._good = best
            return None
        if abs(_rate_hz(last, best) / self.rate_hz - 1) <= OFF_SHARE:
            return self._anchor(best) if self.is_off else self._go_on(best)
        self.is_off = True
        self._off.append(best)
        if ratio := self._ratio():
            return self._change(best, ratio, frames)
        return self._anchor(best) if len(self._off) >= MOST_OFF_WINDOWS else None

    def _go_on(self, best: _Point) -> None:
        self._good = best

    def _anchor(self, best: _Point) -> Missing:
        """Give up on what did not come since all was well."""
        good = self._good or best
        self._good, self.is_off = best, False
        self._off.clear()
        return Missing(self._lateness_s(best) - self._lateness_s(good))

    def _ratio(self) -> float | None:
        """Return by what the rate is off, if the windows agree on what devices do."""
        if len(self._off) < LEAST_OFF_WINDOWS:
            return None
        ratio = _rate_hz(self._off[0], self._off[-1]) / self.rate_hz
        nearest = min(_RATIOS, key=lambda known: abs(known / ratio - 1))
        if abs(nearest / ratio - 1) > NEAR_SHARE:
            return None
        each = (_rate_hz(*pair) / self.rate_hz for pair in pairwise(self._off))
        return nearest if all(abs(r / nearest - 1) <= ALIKE_SHARE for r in each) else None

    def _change(self, best: _Point, ratio: float, frames: int) -> Stale:
        good = self._good or best
        placed_s = (frames - good.frames) / self.rate_hz
        self.rate_hz *= ratio
        sounded_s = best.stamp_s - good.stamp_s + (frames - best.frames) / self.rate_hz
        self._good, self._last, self.is_off = best, best, False
        self._off.clear()
        return Stale(self.rate_hz, sounded_s - placed_s, placed_s)


def _rate_hz(first: _Point, last: _Point) -> float:
    return (last.frames - first.frames) / (last.stamp_s - first.stamp_s)
