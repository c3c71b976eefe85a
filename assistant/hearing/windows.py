"""A spool, read window by window, each byte once; it may still grow.

Law: never waits, never reads behind itself; a file that is not there yet is an
empty one. A sound of several parts is read as the one it is, also when it goes
on in a new part while it is read.
"""

import sys
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final

from assistant.errors import DiskError
from assistant.hearing.segments import WINDOW_SAMPLES
from assistant.hearing.spool import FRAME_BYTES
from assistant.parts import parts_of, stretches

_WINDOW_BYTES: Final = WINDOW_SAMPLES * FRAME_BYTES
_READ_BYTES: Final = 64 * _WINDOW_BYTES
_LOOK_EVERY: Final = 40
"""So many reads that gave nothing, about a second, before a new part is looked for."""


@dataclass(slots=True)
class Windows:
    """The windows of one spool from a frame on."""

    path: Path
    from_frame: int
    _file: FileIO | None = None
    _ahead: bytes = b""
    _at: int = -1
    """The next byte of the sound to read; -1 before a file was opened."""
    _zeros_to: int = -1
    """Up to this byte no part has the sound."""
    _reads_to: int = sys.maxsize
    """Up to this byte the open part is the one to read."""
    _reads_in_vain: int = 0

    def next(self) -> bytes | None:
        """Return the next whole window, None while the file does not have it. Raises DiskError."""
        if len(self._ahead) < _WINDOW_BYTES:
            self._fill(grows=True)
        if len(self._ahead) < _WINDOW_BYTES:
            return None
        window, self._ahead = self._ahead[:_WINDOW_BYTES], self._ahead[_WINDOW_BYTES:]
        return window

    def next_or_zeros(self) -> bytes:
        """Return the next window of a file that grows no more: after its end, zeros. DiskError."""
        while len(self._ahead) < _WINDOW_BYTES and self._fill(grows=False):
            pass
        window = self._ahead[:_WINDOW_BYTES].ljust(_WINDOW_BYTES, b"\0")
        self._ahead = self._ahead[_WINDOW_BYTES:]
        return window

    def close(self) -> None:
        """Close the file; a second time does nothing."""
        if self._file is not None:
            self._file.close()

    def _fill(self, *, grows: bool) -> bool:
        """Read on; tell whether there was anything."""
        try:
            held = self._read()
            if not held and self._is_to_look(grows=grows):
                self._open()
                held = self._read()
        except FileNotFoundError:
            # The microphone is not open yet.
            held = b""
        except OSError as error:
            raise DiskError(
                f"The sound at {self.path} can not be read: {error.strerror}."
            ) from error
        self._ahead += held
        self._at += len(held)
        self._reads_in_vain = 0 if held else self._reads_in_vain + 1
        return bool(held)

    def _read(self) -> bytes:
        if self._zeros_to > self._at:
            return bytes(min(_READ_BYTES, self._zeros_to - self._at))
        if self._file is None:
            return b""
        return self._file.read(min(_READ_BYTES, self._reads_to - self._at)) or b""

    def _is_to_look(self, *, grows: bool) -> bool:
        """Tell whether the sound may go on in another file than the open one."""
        if not grows or self._file is None or self._at >= self._reads_to:
            return True
        return self._reads_in_vain % _LOOK_EVERY == _LOOK_EVERY - 1

    def _open(self) -> None:
        """Open the part that has the next byte, or, at the end of the sound, is to get it."""
        parts = parts_of(self.path)
        if self._at < 0:
            self._at = self.from_frame * FRAME_BYTES
        elif self._at % FRAME_BYTES:
            # Half a frame, at the torn end of a part.
            self._at, self._ahead = self._at - 1, self._ahead[:-1]
        self.close()
        self._file = None
        held = stretches(parts)
        here = next((it for it in held if it.to_frame * FRAME_BYTES > self._at), None)
        if here is not None and here.part is None:
            self._zeros_to = here.to_frame * FRAME_BYTES
            return
        ends_here = here is not None and here is not held[-1]
        self._reads_to = here.to_frame * FRAME_BYTES if here and ends_here else sys.maxsize
        part = here.part if here is not None else parts[-1] if parts else None
        self._file = FileIO(self.path if part is None else part.path)
        self._file.seek(self._at - (0 if part is None else part.from_frame * FRAME_BYTES))
