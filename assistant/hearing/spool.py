"""The sound of one channel on disk, as plain as it can be.

Raw 16-bit mono at 16 kHz, little-endian, no header: a frame's place in the file
is its time in the call. Law: the file only grows, and what was not captured is
zeros, so that offset is time even after a crash. Readers may follow a growing
file; what they have seen changes only when the user has a stretch forgotten.
A file that could not be synced is not trusted again: the sound goes on in a
further part, which begins with what may have been lost.
"""

import contextlib
import errno
import os
import threading
from collections import deque
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Self

from assistant import durable
from assistant.errors import DiskError
from assistant.parts import FRAME_BYTES, Part, part_path, parts_of, read, remove_halves

__all__ = ["FRAME_BYTES", "RATE_HZ", "Spool", "read"]

RATE_HZ = 16000
UNSYNCED_BYTES = 3 * RATE_HZ * FRAME_BYTES
"""So much sound that is not synced yet is held in memory, for a new file: three seconds."""

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
_ZEROS = bytes(1 << 16)


class Spool:
    """One channel's files, open for appending; one thread appends."""

    def __init__(self, path: Path, sync_data: Callable[[int], None] = durable.sync_data) -> None:
        """Open the file, make it if it is not there, go on at its end. Raises DiskError."""
        self.path = path
        self.frames = 0
        """Whole frames of this channel."""
        self._sync_data = sync_data
        self._writing = threading.Lock()
        self._syncing = threading.Lock()
        self._unsynced: deque[bytes | int] = deque()
        """What was appended since the last sync: sound, or a number of frames that are zeros."""
        self._unsynced_bytes = 0
        self._is_lost = False
        """What was written since the last sync may be gone, though it can still be read."""
        self._begins = 0
        """The first frame of the open part."""
        with _telling(path):
            self._file = self._open()
        self._safe = self.frames
        """What comes from this frame on is held in memory."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, pcm: bytes) -> None:
        """Write whole frames at the end, all of them. Raises DiskError; what fitted stays."""
        if len(pcm) % FRAME_BYTES:
            raise ValueError(f"{len(pcm)} bytes are not whole frames")
        left = memoryview(pcm)
        with self._writing:
            try:
                while left:
                    left = left[os.write(self._file, left) :]
            except OSError as error:
                raise _disk_error(self.path, error) from error
            finally:
                if whole := (len(pcm) - len(left)) // FRAME_BYTES:
                    self.frames += whole
                    self._hold(pcm if not left else pcm[: whole * FRAME_BYTES])
                if len(left) % FRAME_BYTES:
                    with _telling(self.path):
                        os.ftruncate(self._file, (self.frames - self._begins) * FRAME_BYTES)

    def pad_to(self, frames: int) -> None:
        """Fill with zeros up to that many frames; nothing if there are as many. DiskError."""
        if frames > self.frames:
            with _telling(self.path), self._writing:
                os.ftruncate(self._file, (frames - self._begins) * FRAME_BYTES)
                zeros, self.frames = frames - self.frames, frames
                self._hold(zeros)

    def zero(self, from_frame: int, to_frame: int) -> None:
        """Overwrite a stretch with zeros, on the disk itself, for forgetting. Raises DiskError.

        May be called from another thread than the one that appends.
        """
        with _telling(self.path):
            with self._writing:
                from_frame, to_frame = max(0, from_frame), min(to_frame, self.frames)
                self._blank(from_frame, to_frame)
                parts = parts_of(self.path)
            # Wherever a copy of it lies: also where a later part is read instead.
            for part in parts:
                first, last = max(from_frame, part.from_frame), min(to_frame, part.to_frame)
                if first < last:
                    _write_zeros(part, first, last)

    def sync(self) -> bool:
        """Return once everything appended would survive a power cut.

        Returns True if the disk failed and the sound goes on in a new file. Raises DiskError
        where that failed too; the next call tries a new file again.
        """
        with _telling(self.path), self._syncing:
            if not self._is_lost:
                with self._writing:
                    file, upto = self._opened(), self.frames
                try:
                    self._sync_data(file)
                except OSError:
                    self._is_lost = True
                else:
                    self._know_safe(upto)
                    return False
            self._know_safe(self._move_on())
            self._is_lost = False
            return True

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        with _telling(self.path), self._writing:
            file, self._file = self._file, -1
            if file >= 0:
                os.close(file)

    def _open(self) -> int:
        """Open the last part at its end, or begin a new one where it does not reach the end."""
        remove_halves(self.path)
        parts = parts_of(self.path)
        self.frames = max((part.to_frame for part in parts), default=0)
        path = self.path
        if parts:
            path, self._begins = parts[-1].path, parts[-1].from_frame
            if parts[-1].to_frame < self.frames:
                path, self._begins = part_path(self.path, self.frames), self.frames
        is_new = not path.exists()
        file = os.open(path, _FLAGS, 0o600)
        size = (self.frames - self._begins) * FRAME_BYTES
        if os.fstat(file).st_size > size:
            # A write was torn when the power went: half a frame would shift all that follows.
            os.ftruncate(file, size)
        if is_new:
            durable.sync_folder(path.parent)
        return file

    def _opened(self) -> int:
        if self._file < 0:
            raise OSError(errno.EBADF, "it was closed before it was safe")
        return self._file

    def _hold(self, item: bytes | int) -> None:
        """Keep what was appended until it is synced, or there is too much of it."""
        self._unsynced.append(item)
        self._unsynced_bytes += 0 if isinstance(item, int) else len(item)
        while self._unsynced_bytes > UNSYNCED_BYTES:
            self._let_go()

    def _let_go(self) -> None:
        item = self._unsynced.popleft()
        self._safe += _frames(item)
        self._unsynced_bytes -= 0 if isinstance(item, int) else len(item)

    def _know_safe(self, frames: int) -> None:
        with self._writing:
            while self._unsynced and self._safe + _frames(self._unsynced[0]) <= frames:
                self._let_go()

    def _move_on(self) -> int:
        """Go on in a new part, and sync it; return up to which frame it is. Raises OSError."""
        with self._writing:
            old = self._opened()
            target = part_path(self.path, self._safe)
            half = target.with_name(f".{target.name}.half")
            file = os.open(half, _FLAGS | os.O_TRUNC, 0o600)
            try:
                size = 0
                for item in self._unsynced:
                    size += _frames(item) * FRAME_BYTES
                    if isinstance(item, int):
                        os.ftruncate(file, size)
                    else:
                        durable.write_all(file, item)
                # At once whole, for who reads it meanwhile; also in place of one that failed.
                half.replace(target)
            except BaseException:
                os.close(file)
                with contextlib.suppress(OSError):
                    half.unlink(missing_ok=True)
                raise
            self._file, self._begins, upto = file, self._safe, self.frames
            with contextlib.suppress(OSError):
                os.close(old)
        self._sync_data(file)
        durable.sync_folder(self.path.parent)
        return upto

    def _blank(self, from_frame: int, to_frame: int) -> None:
        """Forget a stretch of what is held in memory, too."""
        at = self._safe
        for n, item in enumerate(self._unsynced):
            begin, at = at, at + _frames(item)
            first, last = max(from_frame, begin) - begin, min(to_frame, at) - begin
            if isinstance(item, bytes) and first < last:
                first, last = first * FRAME_BYTES, last * FRAME_BYTES
                self._unsynced[n] = item[:first] + bytes(last - first) + item[last:]


def _frames(item: bytes | int) -> int:
    return item if isinstance(item, int) else len(item) // FRAME_BYTES


def _write_zeros(part: Part, from_frame: int, to_frame: int) -> None:
    # Not through the file that appends: there, every write lands at the end.
    file = os.open(part.path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
    try:
        at = (from_frame - part.from_frame) * FRAME_BYTES
        left = (to_frame - from_frame) * FRAME_BYTES
        while left > 0:
            written = os.pwrite(file, _ZEROS[:left], at)
            at, left = at + written, left - written
        durable.sync(file)
    finally:
        os.close(file)


@contextlib.contextmanager
def _telling(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise _disk_error(path, error) from error


def _disk_error(path: Path, error: OSError) -> DiskError:
    return DiskError(
        f"The sound at {path} can not be kept: {error.strerror}.",
        "Make room, or choose another place with SOTTOVOCE_HOME.",
    )
