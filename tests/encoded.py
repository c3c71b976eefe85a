"""Recordings as phones make them, encoded for the tests from the sample interview."""

from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt
import soundfile

SAMPLE = Path(__file__).parent.parent / "scripts" / "sample"
Sound = npt.NDArray[np.float32]

CODECS = {
    ".m4a": ("aac", 44100),
    ".mp4": ("aac", 48000),
    ".3gp": ("libopencore_amrnb", 8000),
    ".amr": ("libopencore_amrnb", 8000),
    ".mp3": ("libmp3lame", 44100),
    ".opus": ("libopus", 48000),
    ".mkv": ("libopus", 48000),
}
_FORMATS = {".m4a": "ipod", ".mkv": "matroska"}


def interview(from_s: float = 0.0, to_s: float = 30.0) -> tuple[Sound, int]:
    """Return a stretch of the sample, shape (frames, 2), and its rate."""
    read = cast("Any", soundfile).read
    sound, rate_hz = read(SAMPLE / "interview.ogg", dtype="float32", always_2d=True)
    return sound[round(from_s * rate_hz) : round(to_s * rate_hz)], rate_hz


def encode(path: Path, sound: Sound, rate_hz: int, tags: dict[str, str] | None = None) -> Path:
    """Write sound, shape (frames, sides), as its file's name says."""
    codec, out_hz = CODECS[path.suffix]
    sides = 1 if "amr" in codec else sound.shape[1]
    layout = "mono" if sides == 1 else "stereo"
    if sides < sound.shape[1]:
        sound = sound.mean(axis=1, keepdims=True, dtype=np.float32)
    library = cast("Any", av)
    with library.open(str(path), "w", format=_FORMATS.get(path.suffix)) as out:
        out.metadata.update(tags or {})
        stream = out.add_stream(codec, rate=out_hz, layout=layout)
        frame = library.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound.T), format="fltp", layout=layout
        )
        frame.sample_rate = rate_hz
        size = stream.codec_context.frame_size or None
        change = library.AudioResampler(
            stream.codec_context.format, layout, out_hz, frame_size=size
        )
        for part in [*change.resample(frame), *change.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path
