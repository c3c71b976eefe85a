"""A zip from far away, laid out in a directory, and nothing outside it.

Refused whole, before the first byte is written: paths that lead out, links,
devices, encrypted members, two members of one name, a file where a directory
should be, names and depths no model has, and bombs. Modes in the archive are
ignored: what is unpacked is for this user only.
"""

import hashlib
import os
import stat
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from assistant.errors import DiskError, ModelError

MOST_BYTES = 4_000_000_000
"""Unpacked; the largest public Vosk model is about 2.7 GB."""
MOST_MEMBERS = 10_000
"""The public Vosk models have some twenty."""
MOST_RATIO = 100
"""Unpacked bytes per byte of the archive; models come to about 2."""
HARMLESS_BYTES = 10_000_000
"""Up to here the ratio does not matter."""
MOST_DEPTH = 16
"""Directories in each other; models have four."""
LONGEST_NAME = 200
"""In bytes; file systems take 255 and little devices fewer."""

_CHUNK_BYTES = 1 << 20
_MOST_LIST_BYTES = MOST_MEMBERS * 400
"""Of the list of members."""


def unpack(archive: Path, into: Path) -> dict[str, str]:
    """Unpack into a directory that need not exist; return each file's path and sha256.

    One directory around everything is left away. Raises ModelError, DiskError;
    then `into` may hold a part, which is the caller's to remove.
    """
    with (
        _reading(),
        archive.open("rb") as file,
        zipfile.ZipFile(cast(BinaryIO, _Sparing(file))) as opened,
    ):
        return _unpack(opened, into, archive.stat().st_size)


@dataclass(frozen=True, slots=True)
class _Sparing:
    """The archive, for zipfile, which reads the list of its members whole, however long it is."""

    file: BinaryIO

    def read(self, size: int = -1) -> bytes:
        """Read a piece. Raises ModelError for more than any honest archive needs."""
        if size > _MOST_LIST_BYTES:
            raise _unsound("it holds too many files")
        return self.file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self.file.tell()

    def seekable(self) -> bool:
        """Tell that one may go to a place."""
        return True


def _unpack(opened: zipfile.ZipFile, into: Path, archive_bytes: int) -> dict[str, str]:
    members = opened.infolist()
    total_bytes = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS:
        raise _unsound(f"it holds {len(members)} files")
    if total_bytes > min(MOST_BYTES, max(HARMLESS_BYTES, MOST_RATIO * archive_bytes)):
        raise _unsound(f"it would grow to {total_bytes / 1e6:.0f} MB")
    paths = {member.filename: _inside(member) for member in members}
    if len({str(path).casefold() for path in paths.values()}) < len(members):
        raise _unsound("two of its files have one name")
    files = [member for member in members if not member.is_dir()]
    names = {str(paths[member.filename]).casefold() for member in files}
    around_files = {str(above).casefold() for path in paths.values() for above in path.parents}
    if names & around_files:
        raise _unsound("one of its files is a directory as well")
    tops = {paths[member.filename].parts[0] for member in files}
    around = len(tops) == 1 and all(len(paths[member.filename].parts) > 1 for member in files)
    with _writing(into):
        into.mkdir(parents=True)
        into.chmod(0o700)
    sums: dict[str, str] = {}
    for member in files:
        path = PurePosixPath(*paths[member.filename].parts[around:])
        sums[str(path)] = _copy(opened, member, into, path)
    return sums


def _inside(member: zipfile.ZipInfo) -> PurePosixPath:
    """Return a member's path when it stays inside and is a plain file or a directory."""
    path = PurePosixPath(member.filename)
    # Backslash and colon mean a drive or another directory on other systems.
    odd = any(letter in member.filename for letter in "\\:") or not member.filename.isprintable()
    if path.is_absolute() or ".." in path.parts or not path.parts or odd:
        raise _unsound(f"the path {member.filename[:100]!r} leads out of it")
    if len(path.parts) > MOST_DEPTH or any(len(os.fsencode(p)) > LONGEST_NAME for p in path.parts):
        raise _unsound(f"the path {member.filename[:100]!r}... is longer than any of a model")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _unsound(f"{member.filename!r} is a link or a device")
    return path


def _copy(opened: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path, path: PurePosixPath) -> str:
    sha256 = hashlib.sha256()
    with opened.open(member) as source, _opened(into, path) as target:
        # zipfile stops at the announced size and checks the CRC, so the sum above holds.
        while chunk := source.read(_CHUNK_BYTES):
            sha256.update(chunk)
            with _writing(into):
                while chunk:
                    chunk = chunk[target.write(chunk) :]
    return sha256.hexdigest()


def _opened(into: Path, path: PurePosixPath) -> BinaryIO:
    with _writing(into):
        for above in reversed(path.parents):
            (into / above).mkdir(mode=0o700, exist_ok=True)
        return open(into / path, "xb", buffering=0, opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def _writing(into: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise DiskError(
            f"{into.parent} can not be written: {error.strerror}.", "Free some room there."
        ) from error


@contextmanager
def _reading() -> Generator[None]:
    try:
        yield
    except (DiskError, ModelError):
        raise
    except Exception as error:
        # zipfile and what it unpacks with raise a dozen kinds, and now and then a new one.
        raise _unsound("it is damaged") from error


def _unsound(why: str) -> ModelError:
    return ModelError(f"The archive was not unpacked: {why}.", "Get the model from another place.")
