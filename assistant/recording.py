"""Sound files as people have them, and the rate of our own: the door to soundfile and soxr.

Law: constant memory, whatever the length; frames are counted exactly, so that
a second of the file is a second of the call.
"""

import os
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, Self, cast, overload

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from assistant.errors import DiskError, InputError

RATE_HZ = 16000
"""Of everything that is heard and kept: mono, 16 bit."""

_BLOCK_FRAMES = 65536
FULL_SCALE = 32767

Samples = NDArray[np.float32]
Pcm = NDArray[np.int16]


class Resampler(Protocol):
    """Turns a stream of one rate into a stream of another, block by block."""

    def resample_chunk(self, x: Samples, last: bool = False) -> Samples:
        """Take the next block; `last` lets out what is still held back."""
        ...


class _File(Protocol):
    """The part of soundfile's SoundFile that is used here."""

    channels: int
    samplerate: int
    frames: int
    format: str

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    @overload
    def read(self, frames: int, dtype: Literal["int16"]) -> Pcm: ...
    @overload
    def read(self, frames: int, dtype: Literal["float32"], always_2d: Literal[True]) -> Samples: ...
    def write(self, data: Pcm) -> None: ...
    def copy_metadata(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A sound file that libsndfile reads, open."""

    rate_hz: int
    sides: int
    """Channels: 1 for mono, 2 for stereo."""
    length_s: float
    """What its head says; the sound may be shorter where the file was cut off."""
    tags: Mapping[str, str]
    """What stands beside the sound: `date`, `title`, ..."""
    blocks: Iterator[Samples]
    """Shape (frames, sides); raises InputError where the file is damaged."""


@contextmanager
def open_sound(path: Path) -> Generator[Opened]:
    """Open a sound file to be read once. Raises InputError."""
    with _open(path) as file:
        length_s = file.frames / file.samplerate
        tags = file.copy_metadata()
        yield Opened(file.samplerate, file.channels, length_s, tags, _blocks(file, path))


def _blocks(file: _File, path: Path) -> Iterator[Samples]:
    try:
        # Not its own `blocks`: of a file that is shorter than its head says, it gives the last
        # sound again and again until that length is full.
        while len(block := file.read(_BLOCK_FRAMES, "float32", True)):
            yield block
    except soundfile.LibsndfileError as error:
        raise InputError(f"{path} is damaged: {error.error_string}") from error


def resampler(from_hz: float, to_hz: float = RATE_HZ) -> Resampler:
    """Make a resampler for one mono stream of float32."""
    return cast(Resampler, soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="HQ"))


def to_pcm(samples: Samples) -> bytes:
    """Spell samples of -1 to 1 as raw 16 bit; louder ones are clipped."""
    clipped = np.clip(samples, -1.0, 1.0) * FULL_SCALE
    return np.rint(clipped).astype("<i2").tobytes()


def channels_of(path: Path) -> int:
    """Count a sound file's channels. Raises InputError."""
    with _open(path) as file:
        return file.channels


def to_spool(path: Path, side: int | None, spool: Path) -> float:
    """Write one side of a sound file (None: all sides mixed) as raw sound; return its seconds.

    The raw sound is for this user only, whoever may read the file. Raises InputError, DiskError.
    """
    frames = 0
    try:
        with open(spool, "wb", opener=private_opener) as out:
            for block in _resampled(path, side):
                frames += len(block)
                out.write(to_pcm(block))
    except OSError as error:
        raise DiskError(f"{spool} can not be written: {error.strerror}.") from error
    return frames / RATE_HZ


def private_opener(path: str, flags: int) -> int:
    """Open a file for this user only."""
    return os.open(path, flags, 0o600)


def write_flac(path: Path, blocks: Iterable[Pcm]) -> None:
    """Write our own sound as FLAC, which loses nothing, for this user only. Raises DiskError."""
    try:
        # libsndfile would let everybody read it; it keeps what is there.
        os.close(private_opener(str(path), os.O_WRONLY | os.O_CREAT))
        file = soundfile.SoundFile(path, "w", RATE_HZ, 1, format="FLAC", subtype="PCM_16")
        with cast(_File, file) as out:
            for block in blocks:
                out.write(block)
    except (soundfile.LibsndfileError, OSError) as error:
        raise DiskError(f"{path} can not be written.", "Is the disk full?") from error


def read_flac(path: Path, block_frames: int) -> Iterator[Pcm]:
    """Read our own sound back, block by block. Raises InputError."""
    with _open(path) as file:
        try:
            while (block := file.read(block_frames, dtype="int16")).size:
                yield block
        except soundfile.LibsndfileError as error:
            raise InputError(f"{path} is damaged: {error.error_string}") from error


def _resampled(path: Path, side: int | None) -> Iterator[Samples]:
    with _open(path) as file:
        if side is not None and side >= file.channels:
            raise InputError(
                f"{path} has only {file.channels} channel{'s' * (file.channels > 1)}.",
                "--stereo wants a file with one side on each; --mono takes any.",
            )
        stream = None if file.samplerate == RATE_HZ else resampler(file.samplerate)
        for block in _blocks(file, path):
            mono = cast(Samples, block.mean(axis=1) if side is None else block[:, side])
            mono = np.ascontiguousarray(mono)
            yield mono if stream is None else stream.resample_chunk(mono)
        if stream is not None:
            yield stream.resample_chunk(np.zeros(0, np.float32), last=True)


def _open(path: Path) -> _File:
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    try:
        return cast(_File, soundfile.SoundFile(path))
    except (soundfile.LibsndfileError, OSError) as error:
        raise InputError(
            f"{path} is not a sound file that can be read.",
            "WAV, FLAC, OGG and MP3 can; `sottovoce import` reads what phones record, too.",
        ) from error
