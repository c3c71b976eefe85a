"""How loud a channel is: now, and when someone speaks.

Reads blocks of sound; knows nothing of time but their length. Law: paused and
lost stretches are never fed, so that zeros here are zeros of the device.
"""

from dataclasses import dataclass

import numpy as np

from assistant.hearing.spool import RATE_HZ

SILENT_DB = -100.0
"""What a block of zeros counts as, in dBFS."""
SPEECH_FLOOR_DB = -50.0
"""Blocks below this are room, not voice: a quiet room is near -60, a soft voice near -40."""
SPEECH_AVERAGE_S = 5.0
"""How much speech the speech level looks back on."""
SPEECH_LEAST_S = 0.5
"""No level is told before so much speech."""


@dataclass(slots=True)
class Level:
    """The level of one channel."""

    level_db: float = SILENT_DB
    """RMS of the last block in dBFS: 0 is a full-scale square wave."""
    zeros_s: float = 0.0
    """For how long there has been nothing but zeros."""
    was_heard: bool = False
    """Whether there ever was anything but zeros."""
    _speech_power: float = 0.0
    _speech_s: float = 0.0

    def feed(self, pcm: bytes) -> None:
        """Take the next block."""
        samples = np.frombuffer(pcm, np.int16)
        length_s = len(samples) / RATE_HZ
        if not samples.any():
            self.level_db = SILENT_DB
            self.zeros_s += length_s
            return
        self.zeros_s, self.was_heard = 0.0, True
        scaled = samples.astype(np.float32) / 32768
        power = float(np.dot(scaled, scaled)) / len(scaled)
        self.level_db = 10 * float(np.log10(power))
        if self.level_db > SPEECH_FLOOR_DB:
            self._speech_s = min(self._speech_s + length_s, SPEECH_AVERAGE_S)
            self._speech_power += (power - self._speech_power) * length_s / self._speech_s

    @property
    def speech_db(self) -> float | None:
        """How loud speech was lately, in dBFS; None before there was enough of it."""
        if self._speech_s < SPEECH_LEAST_S:
            return None
        return 10 * float(np.log10(self._speech_power))
