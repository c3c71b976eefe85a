"""A spool, read window by window, each byte once; it may still grow.

Law: never waits, never reads behind itself; a file that is not there yet is an
empty one.
"""

from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final

from assistant.errors import DiskError
from assistant.hearing.segments import WINDOW_SAMPLES
from assistant.hearing.spool import FRAME_BYTES

_WINDOW_BYTES: Final = WINDOW_SAMPLES * FRAME_BYTES
_READ_BYTES: Final = 64 * _WINDOW_BYTES


@dataclass(slots=True)
class Windows:
    """The windows of one spool from a frame on."""

    path: Path
    from_frame: int
    _file: FileIO | None = None
    _ahead: bytes = b""

    def next(self) -> bytes | None:
        """Return the next whole window, None while the file does not have it. Raises DiskError."""
        if len(self._ahead) < _WINDOW_BYTES:
            self._ahead += self._read()
        if len(self._ahead) < _WINDOW_BYTES:
            return None
        window, self._ahead = self._ahead[:_WINDOW_BYTES], self._ahead[_WINDOW_BYTES:]
        return window

    def next_or_zeros(self) -> bytes:
        """Return the next window of a file that grows no more: after its end, zeros. DiskError."""
        window = self.next()
        if window is None:
            window, self._ahead = self._ahead.ljust(_WINDOW_BYTES, b"\0"), b""
        return window

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        if self._file is not None:
            self._file.close()

    def _read(self) -> bytes:
        try:
            if self._file is None:
                self._file = FileIO(self.path)
                self._file.seek(self.from_frame * FRAME_BYTES)
            return self._file.read(_READ_BYTES) or b""
        except FileNotFoundError:
            # The microphone is not open yet.
            return b""
        except OSError as error:
            raise DiskError(
                f"The sound at {self.path} can not be read: {error.strerror}."
            ) from error
