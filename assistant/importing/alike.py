"""Whether the two sides of a stereo recording are two voices' lines, or one room heard twice.

Reads both sides in step, 20 ms at a time. On a call's two lines one is loud while the other is
not; a phone on a table, or a mono recording in a stereo file, has the same in both. Law: a fold
over the sound; the same sound gives the same answer.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.recording import RATE_HZ, Samples

FRAME = RATE_HZ // 50
LOUD = 10 ** (-45 / 20)
"""A frame below this (RMS, of full scale) on both sides says nothing."""
NEAR_DB = 6.0
"""One room's sides differ by less; a call's lines, with an echo on each, by more than 10 dB."""
ALIKE_SHARE = 0.75
"""So many of the loud frames near one another are one room."""
LONE_SHARE = 0.01
"""A side that is loud so seldom, beside the other, is no voice's line: the other has both."""


@dataclass(slots=True)
class Alike:
    """How often both sides were loud, and how often equally."""

    _loud: int = 0
    _near: int = 0
    _sides: NDArray[np.int64] = field(default_factory=lambda: np.zeros(2, np.int64))
    """How often each was loud."""
    _rest: NDArray[np.float32] = field(default_factory=lambda: np.zeros((2, 0), np.float32))

    def take(self, left: Samples, right: Samples) -> None:
        """Take the next samples at 16 kHz of both sides, as many of each."""
        both = np.concatenate([self._rest, np.stack([left, right])], axis=1)
        count = both.shape[1] // FRAME
        self._rest = both[:, count * FRAME :]
        frames = both[:, : count * FRAME].reshape(2, count, FRAME)
        rms = np.sqrt(np.mean(frames * frames, axis=2)) + 1e-9
        loud = rms > LOUD
        self._sides += loud.sum(axis=1)
        either = loud.any(axis=0)
        apart_db = np.abs(20 * np.log10(rms[0] / rms[1]))
        self._loud += int(either.sum())
        self._near += int((either & (apart_db < NEAR_DB)).sum())

    @property
    def is_one_room(self) -> bool:
        """Tell whether both sides hold the same; also where there is nothing to tell by."""
        if self._loud == 0:
            return True
        is_lone = int(self._sides.min()) < LONE_SHARE * int(self._sides.max())
        return is_lone or self._near >= ALIKE_SHARE * self._loud
