"""A zip from far away, laid out in a directory, and nothing outside it.

Refused whole, before the first byte is written: paths that lead out, links,
devices, encrypted members, two members of one name, and bombs. Modes in the
archive are ignored: files get the user's own default.
"""

import hashlib
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from assistant.errors import DiskError, ModelError

MOST_BYTES = 4_000_000_000
"""Unpacked; the largest public Vosk model is about 2.7 GB."""
MOST_MEMBERS = 10_000
"""The public Vosk models have some twenty."""
MOST_RATIO = 100
"""Unpacked bytes per byte of the archive; models come to about 2."""
HARMLESS_BYTES = 10_000_000
"""Up to here the ratio does not matter."""

_CHUNK_BYTES = 1 << 20


def unpack(archive: Path, into: Path) -> dict[str, str]:
    """Unpack into a directory that need not exist; return each file's path and sha256.

    One directory around everything is left away. Raises ModelError, DiskError;
    then `into` may hold a part, which is the caller's to remove.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            return _unpack(opened, into, archive.stat().st_size)
    except OSError as error:
        raise DiskError(
            f"{into.parent} can not be written: {error.strerror}.", "Free some room there."
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        # RuntimeError covers NotImplementedError, an unknown way of packing.
        raise _unsound(f"it is damaged ({error})") from error


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
    tops = {paths[member.filename].parts[0] for member in files}
    around = len(tops) == 1 and all(len(paths[member.filename].parts) > 1 for member in files)
    into.mkdir(parents=True)
    sums: dict[str, str] = {}
    for member in files:
        path = PurePosixPath(*paths[member.filename].parts[around:])
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        sums[str(path)] = _copy(opened, member, target)
    return sums


def _inside(member: zipfile.ZipInfo) -> PurePosixPath:
    """Return a member's path when it stays inside and is a plain file or a directory."""
    path = PurePosixPath(member.filename)
    # Backslash and colon mean a drive or another directory on other systems.
    odd = any(letter in member.filename for letter in "\\:") or not member.filename.isprintable()
    if path.is_absolute() or ".." in path.parts or not path.parts or odd:
        raise _unsound(f"the path {member.filename!r} leads out of it")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _unsound(f"{member.filename!r} is a link or a device")
    return path


def _copy(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> str:
    sha256 = hashlib.sha256()
    with opened.open(member) as source, target.open("xb") as file:
        # zipfile stops at the announced size and checks the CRC, so the sum above holds.
        while chunk := source.read(_CHUNK_BYTES):
            file.write(chunk)
            sha256.update(chunk)
    return sha256.hexdigest()


def _unsound(why: str) -> ModelError:
    return ModelError(f"The archive was not unpacked: {why}.", "Get the model from another place.")
