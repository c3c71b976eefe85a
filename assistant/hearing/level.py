"""How loud a channel is: now, and when someone speaks.

Reads blocks of sound; knows nothing of time but their length. Law: paused and
lost stretches are never fed, so that zeros here are zeros of the device.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.hearing.spool import RATE_HZ

SILENT_DB = -100.0
"""What a block of zeros counts as, in dBFS."""
SPEECH_FLOOR_DB = -50.0
"""Blocks below this are room, not voice: a quiet room is near -60, a soft voice near -40."""
SPEECH_AVERAGE_S = 5.0
"""How much speech the speech level looks back on."""
SPEECH_LEAST_S = 0.5
"""No level is told before so much speech."""

CLIPPING_SHARE = 0.01
"""So many samples at full scale are heard as distortion, and recognisers lose words."""
CLIPPING_WITHIN_S = 5
"""Over so long they are counted."""
CLIPPING_LEAST_DB = -23.0
"""A block with a hundredth of its samples at full scale is at least at -20 dBFS."""
_FULL_SCALE = 32767
_BLOCK_FRAMES = RATE_HZ // 50


@dataclass(slots=True)
class Level:
    """The level of one channel."""

    level_db: float = SILENT_DB
    """RMS of the last block in dBFS: 0 is a full-scale square wave."""
    zeros_s: float = 0.0
    """For how long there has been nothing but zeros."""
    was_heard: bool = False
    """Whether there ever was anything but zeros."""
    _clipped: deque[int] = field(default_factory=lambda: deque([0], maxlen=CLIPPING_WITHIN_S))
    """Samples at full scale in each of the last seconds of sound."""
    _second_frames: int = 0
    _speech_power: float = 0.0
    _speech_s: float = 0.0

    def feed(self, pcm: bytes) -> None:
        """Take the next block."""
        samples = np.frombuffer(pcm, np.int16)
        length_s = len(samples) / RATE_HZ
        self._second_frames += len(samples)
        if self._second_frames >= RATE_HZ:
            self._second_frames = 0
            self._clipped.append(0)
        if not samples.any():
            self.level_db = SILENT_DB
            self.zeros_s += length_s
            return
        self.zeros_s, self.was_heard = 0.0, True
        scaled = samples.astype(np.float32) / 32768
        power = float(np.dot(scaled, scaled)) / len(scaled)
        self.level_db = 10 * float(np.log10(power))
        if self.level_db > CLIPPING_LEAST_DB:
            self._clipped[-1] += _at_full_scale(samples)
        if self.level_db > SPEECH_FLOOR_DB:
            self._speech_s = min(self._speech_s + length_s, SPEECH_AVERAGE_S)
            self._speech_power += (power - self._speech_power) * length_s / self._speech_s

    @property
    def clipped_share(self) -> float:
        """Which part of the last five seconds stood at full scale, 0 to 1."""
        return sum(self._clipped) / (CLIPPING_WITHIN_S * RATE_HZ)

    @property
    def speech_db(self) -> float | None:
        """How loud speech was lately, in dBFS; None before there was enough of it."""
        if self._speech_s < SPEECH_LEAST_S:
            return None
        return 10 * float(np.log10(self._speech_power))


def loudness_db(pcm: bytes) -> float | None:
    """Return how loud the speech in this sound is, in dBFS; None where there is but room."""
    samples = np.frombuffer(pcm, np.int16).astype(np.float32) / 32768
    blocks = samples[: len(samples) // _BLOCK_FRAMES * _BLOCK_FRAMES].reshape(-1, _BLOCK_FRAMES)
    powers = np.mean(np.square(blocks), axis=1)
    voiced = powers[powers > 10 ** (SPEECH_FLOOR_DB / 10)]
    return round(10 * float(np.log10(voiced.mean())), 1) if len(voiced) else None


def _at_full_scale(samples: npt.NDArray[np.int16]) -> int:
    return int(np.count_nonzero((samples >= _FULL_SCALE) | (samples <= -_FULL_SCALE)))
