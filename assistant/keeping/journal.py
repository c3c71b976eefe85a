"""The journal on disk: entries appended, one line each, and read back.

Law: a line once written is never rewritten in its file; there is one writer. Entries are
written all or not at all. Every line carries a check sum, so that a torn or
damaged one is known and skipped, and the rest is read. A file that could not be
synced is never trusted again: the journal goes on in a new one of the same name.
"""

import contextlib
import errno
import os
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Self

from assistant import durable
from assistant.errors import DiskError, InputError
from assistant.events import Entry, from_line, to_line

UNSYNCED_BYTES = 1 << 20
"""So much is held in memory for a new file; it is synced long before there is as much."""

_BEGIN = b'{"seq":'
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


# ---------------------------------------------------------------- writing


@dataclass(slots=True)
class Journal:
    """The open journal of a running call."""

    path: Path
    _file: int = -1
    _is_synced: bool = True
    _is_torn: bool = False
    """The last line has no end, and could not be taken back."""
    _is_lost: bool = False
    """What was written since the last sync may be gone, though it can still be read."""
    _safe_bytes: int = 0
    """So much of the file is synced ..."""
    _unsynced: list[bytes] = field(default_factory=list[bytes])
    """... and these lines are not."""
    _sync_file: Callable[[int], None] = durable.sync

    @classmethod
    def open(cls, path: Path, sync_file: Callable[[int], None] = durable.sync) -> Self:
        """Open the journal to append; make it, with mode 0600, where there is none."""
        try:
            is_new = not path.exists()
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            size = os.fstat(file).st_size
            is_torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
            # Left by a death in the middle of a rewriting; the journal itself is whole.
            _half(path).unlink(missing_ok=True)
            if is_new:
                durable.sync_folder(path.parent)
        except OSError as error:
            raise _disk_error(path, error) from error
        return cls(path, file, size == 0, is_torn, False, size, [], sync_file)

    def append(self, entries: list[Entry]) -> None:
        """Write the entries. They survive the death of this process, not yet a power cut.

        Raises DiskError; then none of them is written, and the same may be appended again.
        """
        if not entries:
            return
        body = b"".join(map(_sealed, entries))
        if sum(map(len, self._unsynced)) + len(body) > UNSYNCED_BYTES:
            self.sync()
        try:
            size = os.fstat(self._file).st_size
            try:
                # A torn line must not swallow the first of these.
                durable.write_all(self._file, b"\n" * self._is_torn + body)
            except OSError as error:
                self._take_back(size)
                if error.errno == errno.EIO:
                    # Not for want of room: the place is bad.
                    self._is_synced, self._is_lost = False, True
                raise
        except OSError as error:
            raise _disk_error(self.path, error) from error
        self._unsynced.append(body)
        self._is_torn, self._is_synced = False, False

    def sync(self) -> bool:
        """Make all that was appended survive a power cut; cheap when nothing is new.

        Returns True if the disk failed and all of it is safe in a new file. Raises DiskError
        where that failed too; the next call tries a new file again.
        """
        if self._is_synced:
            return False
        if not self._is_lost:
            try:
                self._sync_file(self._file)
                self._know_safe()
            except OSError:
                self._is_lost = True
            else:
                return False
        try:
            self._put(self._read_safe() + b"".join(self._unsynced))
        except OSError as error:
            raise _disk_error(self.path, error) from error
        return True

    def replace(self, entries: Iterable[Entry]) -> None:
        """Put these entries in place of all there were, and go on after them.

        Raises DiskError; then the journal either is as it was, or holds the new entries and only
        `sync` can tell when they are safe: nothing else is ever seen.
        """
        try:
            self._put(b"".join(map(_sealed, entries)))
        except OSError as error:
            raise _disk_error(self.path, error) from error

    def close(self) -> None:
        """Sync and close; more than once does no harm."""
        if self._file < 0:
            return
        try:
            self.sync()
        finally:
            file, self._file = self._file, -1
            os.close(file)

    def _take_back(self, size: int) -> None:
        """Cut off what was written past that size, in bytes."""
        try:
            os.ftruncate(self._file, size)
        except OSError:
            self._is_torn = True

    def _know_safe(self) -> None:
        self._safe_bytes = os.fstat(self._file).st_size
        self._unsynced.clear()
        self._is_synced, self._is_lost = True, False

    def _read_safe(self) -> bytes:
        """Read what was synced of the old file, up to the end of a line."""
        safe = b""
        while len(safe) < self._safe_bytes:
            more = os.pread(self._file, self._safe_bytes - len(safe), len(safe))
            if not more:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            safe += more
        return safe if safe.endswith(b"\n") or not safe else safe + b"\n"

    def _put(self, body: bytes) -> None:
        """Go on in a new file that begins with this. Raises OSError."""
        file = _renew(self.path, body, self._sync_file)
        with contextlib.suppress(OSError):
            os.close(self._file)
        self._file, self._unsynced, self._is_torn = file, [], False
        self._safe_bytes = len(body)
        # Until the folder is synced, a power cut may bring back the file of before.
        self._is_synced, self._is_lost = False, True
        durable.sync_folder(self.path.parent)
        self._know_safe()


def rewrite(path: Path, entries: Iterable[Entry]) -> None:
    """Put these entries in place of what the journal held: all of them or none. Raises DiskError.

    Not while a `Journal` has it open: that one would go on writing to the old file.
    """
    try:
        os.close(_renew(path, b"".join(map(_sealed, entries)), durable.sync))
        durable.sync_folder(path.parent)
    except OSError as error:
        raise _disk_error(path, error) from error


def _renew(path: Path, body: bytes, sync_file: Callable[[int], None]) -> int:
    """Write a new file, sync it, and give it the name of the old one; return it, open to append."""
    half = _half(path)
    half.unlink(missing_ok=True)
    file = os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    try:
        durable.write_all(file, body)
        sync_file(file)
        half.replace(path)
    except BaseException:
        os.close(file)
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise
    return file


def _half(path: Path) -> Path:
    return path.with_name(f".{path.name}.half")


def _sealed(entry: Entry) -> bytes:
    return seal(to_line(entry)) + b"\n"


# ---------------------------------------------------------------- reading


LONGEST_CALL_S = 86_400.0
"""A line of a later time is no call's: to live up to it again would take for ever."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a journal's file held."""

    entries: list[Entry] = field(default_factory=list[Entry])
    """In their order, each once, wherever in the file they lay."""
    damaged: int = 0
    """Lines that were torn or did not match their sum; what was whole in them is among the
    entries."""


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
        if (entry := _entry(line)) is not None:
            entries.append(entry)
        else:
            entries += _whole_ones(line)
            damaged += 1
    return Reading(_in_order(entries), damaged)


def _entry(sealed: bytes) -> Entry | None:
    line = sealed[:-_SUM_LENGTH] + b"}"
    if seal(line) != sealed:
        return None
    try:
        entry = from_line(line)
    except (ValueError, RecursionError):
        # Sealed, but by no program that wrote journals.
        return None
    return entry if 0.0 <= entry.at_s <= LONGEST_CALL_S else None


def _whole_ones(damaged: bytes) -> list[Entry]:
    """Find the lines that are whole inside of a damaged one: its neighbours, or after junk."""
    found: list[Entry] = []
    for piece in damaged.split(_BEGIN)[1:]:
        # Neither mark can be within a text: there, quotes are escaped.
        end = piece.find(_SUM) + _SUM_LENGTH
        line = _BEGIN + piece[:end]
        if end > _SUM_LENGTH and line != damaged and (entry := _entry(line)) is not None:
            found.append(entry)
    return found


def _in_order(entries: list[Entry]) -> list[Entry]:
    if all(one.seq < next_one.seq for one, next_one in pairwise(entries)):
        return entries
    first: dict[int, Entry] = {}
    for entry in entries:
        first.setdefault(entry.seq, entry)
    return [first[seq] for seq in sorted(first)]


def _disk_error(path: Path, error: OSError) -> DiskError:
    return DiskError(
        f"The journal {path} can not be used: {error.strerror}.",
        "Is the disk full, or the folder not yours?",
    )
