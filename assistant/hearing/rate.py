"""From a device's own rate to the spool's.

Law: over a whole stream, frames out are frames in times the ratio of the rates;
frame k out sounded k / 16000 s after the first frame in.
"""

import numpy as np
import numpy.typing as npt

from assistant.recording import FULL_SCALE, RATE_HZ, resampler, to_pcm


class ToSpool:
    """Turns one stream of 16-bit interleaved sound into the spool's mono 16 kHz."""

    def __init__(self, rate_hz: float, channels: int) -> None:
        self._channels = channels
        self._resampler = None
        if rate_hz != RATE_HZ:
            self._resampler = resampler(rate_hz)

    def feed(self, pcm: bytes, *, last: bool = False) -> bytes:
        """Take the next frames; return those that are ready, all of them after the `last`."""
        if self._channels == 1 and self._resampler is None:
            return pcm
        samples = np.frombuffer(pcm, np.int16)
        if self._channels > 1:
            samples = _mixed(samples.reshape(-1, self._channels))
        if self._resampler is None:
            return samples.tobytes()
        full_scale = samples.astype(np.float32) / np.float32(FULL_SCALE)
        return to_pcm(self._resampler.resample_chunk(full_scale, last=last))


def _mixed(frames: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    mean: npt.NDArray[np.float64] = frames.mean(axis=1)
    return np.rint(mean).astype(np.int16)
