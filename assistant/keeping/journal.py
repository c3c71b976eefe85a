"""The journal on disk: entries appended, one line each, and read back.

Law: a line once written is never rewritten; there is one writer. Entries are
written all or not at all. Every line carries a check sum, so that a torn or
damaged one is known and skipped, and the rest is read.
"""

import contextlib
import os
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from assistant.errors import DiskError, InputError
from assistant.events import Entry, from_line, to_line

_SUM = b',"crc":"'
_SUM_LENGTH = len(_SUM) + 8 + len(b'"}')


def seal(line: bytes) -> bytes:
    """Add its check sum (CRC-32 of the line without it) to a line; no newline."""
    return line[:-1] + _SUM + b"%08x" % zlib.crc32(line) + b'"}'


def unseal(sealed: bytes) -> bytes:
    """Return the line without its check sum. Raises ValueError where the sum does not fit."""
    line = sealed[:-_SUM_LENGTH] + b"}"
    if seal(line) != sealed:
        raise ValueError("The line does not match its check sum.")
    return line


@dataclass(slots=True)
class Journal:
    """The open journal of a running call."""

    path: Path
    _file: int = -1
    _is_synced: bool = True
    _is_torn: bool = False
    """The last line has no end, and could not be taken back."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal to append; make it, with mode 0600, where there is none."""
        try:
            is_new = not path.exists()
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            size = os.fstat(file).st_size
            is_torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
            if is_new:
                _sync_folder(path.parent)
        except OSError as error:
            raise _disk_error(path, error) from error
        return cls(path, file, _is_torn=is_torn)

    def append(self, entries: list[Entry]) -> None:
        """Write the entries. They survive the death of this process, not yet a power cut.

        Raises DiskError; then none of them is written, and the same may be appended again.
        """
        if not entries:
            return
        # A torn line must not swallow the first of these.
        rest = b"\n" * self._is_torn
        rest += b"".join(_sealed(entry) for entry in entries)
        try:
            size = os.fstat(self._file).st_size
            try:
                while rest:
                    rest = rest[os.write(self._file, rest) :]
            except OSError:
                self._take_back(size)
                raise
        except OSError as error:
            raise _disk_error(self.path, error) from error
        self._is_torn, self._is_synced = False, False

    def _take_back(self, size: int) -> None:
        """Cut off what was written past that size, in bytes."""
        try:
            os.ftruncate(self._file, size)
        except OSError:
            self._is_torn = True

    def sync(self) -> None:
        """Make all that was appended survive a power cut; cheap when nothing is new."""
        if self._is_synced:
            return
        try:
            os.fsync(self._file)
        except OSError as error:
            raise _disk_error(self.path, error) from error
        self._is_synced = True

    def close(self) -> None:
        """Sync and close; more than once does no harm."""
        if self._file < 0:
            return
        try:
            self.sync()
        finally:
            os.close(self._file)
            self._file = -1


@dataclass(frozen=True, slots=True)
class Reading:
    """What a journal's file held."""

    entries: list[Entry] = field(default_factory=list[Entry])
    damaged: int = 0
    """Lines that were torn or did not match their sum, and were skipped."""


def read(path: Path) -> Reading:
    """Read a journal; damaged lines are skipped and counted. Raises InputError, DiskError."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError as error:
        raise InputError(
            f"There is no journal at {path}.", "`sottovoce list` shows the calls."
        ) from error
    except OSError as error:
        raise _disk_error(path, error) from error
    entries: list[Entry] = []
    damaged = 0
    # A line that could not be taken back, and was then written again, is there twice.
    for line in dict.fromkeys(filter(None, lines)):
        try:
            entries.append(from_line(unseal(line)))
        except ValueError:
            damaged += 1
    return Reading(entries, damaged)


def rewrite(path: Path, entries: Iterable[Entry]) -> None:
    """Put these entries in place of what the journal held: all of them or none. Raises DiskError.

    Not while a `Journal` has it open: that one would go on writing to the old file.
    """
    try:
        os.close(_renew(path, b"".join(_sealed(entry) for entry in entries)))
    except OSError as error:
        raise _disk_error(path, error) from error


def _renew(path: Path, body: bytes) -> int:
    """Write a new file, sync it, and give it the name of the old one; return it, open to append."""
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    file = os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    try:
        rest = memoryview(body)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
        half.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        os.close(file)
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise
    return file


def _sealed(entry: Entry) -> bytes:
    return seal(to_line(entry)) + b"\n"


def _sync_folder(folder: Path) -> None:
    """Make a new file's name in its folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _disk_error(path: Path, error: OSError) -> DiskError:
    return DiskError(
        f"The journal {path} can not be used: {error.strerror}.",
        "Is the disk full, or the folder not yours?",
    )
