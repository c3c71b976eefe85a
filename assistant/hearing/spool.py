"""The sound of one channel on disk, as plain as it can be.

Raw 16-bit mono at 16 kHz, little-endian, no header: a frame's place in the file
is its time in the call. Law: the file only grows, and what was not captured is
zeros, so that offset is time even after a crash. Readers may follow a growing
file; what they have seen changes only when the user has a stretch forgotten.
"""

import contextlib
import os
from collections.abc import Generator
from pathlib import Path
from typing import Self

from assistant.errors import DiskError

RATE_HZ = 16000
FRAME_BYTES = 2

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
_ZEROS = bytes(1 << 16)


class Spool:
    """One channel's file, open for appending; one thread appends."""

    def __init__(self, path: Path) -> None:
        """Open the file, make it if it is not there, go on at its end. Raises DiskError."""
        self.path = path
        self.frames = 0
        """Whole frames in the file."""
        with _telling(path):
            is_new = not path.exists()
            self._file = os.open(path, _FLAGS, 0o600)
            size = os.fstat(self._file).st_size
            self.frames = size // FRAME_BYTES
            if size % FRAME_BYTES:
                # A write was torn when the power went: half a frame would shift all that follows.
                os.ftruncate(self._file, self.frames * FRAME_BYTES)
            if is_new:
                _sync_folder(path.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, pcm: bytes) -> None:
        """Write whole frames at the end, all of them. Raises DiskError; what fitted stays."""
        if len(pcm) % FRAME_BYTES:
            raise ValueError(f"{len(pcm)} bytes are not whole frames")
        left = memoryview(pcm)
        with _telling(self.path):
            try:
                while left:
                    left = left[os.write(self._file, left) :]
            finally:
                written = len(pcm) - len(left)
                self.frames += written // FRAME_BYTES
                if written % FRAME_BYTES:
                    os.ftruncate(self._file, self.frames * FRAME_BYTES)

    def pad_to(self, frames: int) -> None:
        """Fill with zeros up to that many frames; nothing if there are as many. DiskError."""
        if frames > self.frames:
            with _telling(self.path):
                os.ftruncate(self._file, frames * FRAME_BYTES)
                self.frames = frames

    def zero(self, from_frame: int, to_frame: int) -> None:
        """Overwrite a stretch with zeros, on the disk itself, for forgetting. Raises DiskError.

        May be called from another thread than the one that appends.
        """
        from_frame, to_frame = max(0, from_frame), min(to_frame, self.frames)
        left = (to_frame - from_frame) * FRAME_BYTES
        # Not through the file that appends: there, every write lands at the end.
        with _telling(self.path), self.path.open("r+b", buffering=0) as file:
            file.seek(from_frame * FRAME_BYTES)
            while left > 0:
                left -= file.write(_ZEROS[:left])
            os.fsync(file.fileno())

    def sync(self) -> None:
        """Return once everything appended would survive a power cut. Raises DiskError."""
        with _telling(self.path):
            # macOS and Windows have only fsync.
            getattr(os, "fdatasync", os.fsync)(self._file)

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        if self._file >= 0:
            file, self._file = self._file, -1
            with _telling(self.path):
                os.close(file)


def read(path: Path, from_frame: int, frames: int) -> bytes:
    """Read up to that many whole frames; fewer at the end of the file. Raises DiskError."""
    with _telling(path), path.open("rb", buffering=0) as file:
        file.seek(from_frame * FRAME_BYTES)
        pcm = file.read(frames * FRAME_BYTES) or b""
    return pcm[: len(pcm) // FRAME_BYTES * FRAME_BYTES]


@contextlib.contextmanager
def _telling(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise DiskError(
            f"The sound at {path} can not be kept: {error.strerror}.",
            "Make room, or choose another place with SOTTOVOCE_HOME.",
        ) from error


def _sync_folder(folder: Path) -> None:
    """Make sure that the file's name, too, survives a power cut; POSIX only."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
