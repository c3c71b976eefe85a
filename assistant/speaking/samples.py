"""Sound as a value: mono samples and their rate.

Law: pure; a Samples never changes.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

SILENT_DB = -120.0
"""The level of digital silence, as far as anybody here cares."""

SILENT_PEAK = 0.003
"""A loudest sample below this (-50 dBFS) is no voice. Whispered words reach 0.3."""

_FRAME_S = 0.02
_HEARD_DB = -40.0
"""Frames this far under the loudest one belong to the pauses, not to the voice."""
_MARGIN_S = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Mono sound; full scale is 1.0."""

    sound: Floats
    rate_hz: int

    def __post_init__(self) -> None:
        self.sound.flags.writeable = False

    @property
    def length_s(self) -> float:
        """How long it sounds."""
        return len(self.sound) / self.rate_hz

    @property
    def peak(self) -> float:
        """The largest sample's size."""
        return float(np.abs(self.sound).max(initial=0.0))

    @property
    def voice_db(self) -> float:
        """The RMS level in dBFS of the frames that sound, pauses apart."""
        power = _frame_power(self)
        heard = power[power > _top(power)]
        return 10 * math.log10(float(heard.mean())) if len(heard) else SILENT_DB

    def scaled(self, gain: float) -> "Samples":
        """Return it times `gain`, clipped at full scale."""
        return Samples(np.clip(self.sound * np.float32(gain), -1.0, 1.0), self.rate_hz)

    def at_rate(self, rate_hz: int) -> "Samples":
        """Return it at another rate; linear between samples, which is enough for a murmur."""
        if rate_hz == self.rate_hz or not len(self.sound):
            return Samples(self.sound, rate_hz)
        count = round(len(self.sound) * rate_hz / self.rate_hz)
        places = np.arange(count) * (self.rate_hz / rate_hz)
        between = np.interp(places, np.arange(len(self.sound)), self.sound)
        return Samples(between.astype(np.float32), rate_hz)

    def trimmed(self) -> "Samples":
        """Return it without the silence before and after the voice."""
        power = _frame_power(self)
        heard = np.flatnonzero(power > _top(power))
        if not len(heard):
            return Samples(self.sound[:0], self.rate_hz)
        frame, margin = round(_FRAME_S * self.rate_hz), round(_MARGIN_S * self.rate_hz)
        start, end = max(0, int(heard[0]) * frame - margin), (int(heard[-1]) + 1) * frame + margin
        return Samples(self.sound[start:end].copy(), self.rate_hz)


def from_pcm(pcm: bytes, rate_hz: int) -> Samples:
    """Read 16-bit little-endian mono; half a sample at the end is dropped."""
    whole = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2")
    return Samples(whole.astype(np.float32) / np.float32(32768), rate_hz)


def joined(first: Samples, pause_s: float, then: Samples) -> Samples:
    """Return one sound after the other, at the rate of the second."""
    pause = np.zeros(round(pause_s * then.rate_hz), np.float32)
    return Samples(
        np.concatenate([first.at_rate(then.rate_hz).sound, pause, then.sound]), then.rate_hz
    )


def _frame_power(samples: Samples) -> npt.NDArray[np.float64]:
    frame = max(1, round(_FRAME_S * samples.rate_hz))
    count = -(-len(samples.sound) // frame)
    padded = np.zeros(count * frame)
    padded[: len(samples.sound)] = samples.sound
    return (padded.reshape(count, frame) ** 2).mean(axis=1)


def _top(power: npt.NDArray[np.float64]) -> float:
    """Return the power above which a frame sounds."""
    floor = 10 ** (SILENT_DB / 10)
    return max(floor, float(power.max(initial=0.0)) * 10 ** (_HEARD_DB / 10))
