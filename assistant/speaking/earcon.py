"""The soft tones before a murmur, made here and not played from a file.

Law: pure; 150 ms each, and easy to tell apart: a calm one that rises, a warning that falls twice.
"""

from typing import Literal

import numpy as np

from assistant.speaking.samples import Samples

Kind = Literal["calm", "warning"]

LENGTH_S = 0.15
"""Tones under a quarter of a second are told apart and remembered (Microsounds)."""

_PITCHES_HZ: dict[Kind, tuple[float, ...]] = {
    "calm": (523.25, 659.25),
    "warning": (440.0, 311.13, 440.0, 311.13),
}
"""C5 E5, a major third up; A4 E-flat4 twice, a tritone down."""

_OVERTONE = 0.2
_PEAK = 0.3


def earcon(kind: Kind, rate_hz: int) -> Samples:
    """Return the tone: each pitch swells and fades, so that nothing clicks."""
    pitches_hz = _PITCHES_HZ[kind]
    bounds = np.linspace(0, round(LENGTH_S * rate_hz), len(pitches_hz) + 1).astype(int)
    notes = [
        _note(pitch_hz, int(end - start), rate_hz)
        for pitch_hz, start, end in zip(pitches_hz, bounds, bounds[1:], strict=False)
    ]
    return Samples(np.concatenate(notes).astype(np.float32), rate_hz)


def _note(
    pitch_hz: float, count: int, rate_hz: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    phase = 2 * np.pi * pitch_hz * np.arange(count) / rate_hz
    wave = (np.sin(phase) + _OVERTONE * np.sin(2 * phase)) / (1 + _OVERTONE)
    return _PEAK * wave * np.hanning(count)
