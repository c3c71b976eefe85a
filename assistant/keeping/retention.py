"""How long a call stays: which ones are old, what lies in them, and its removal.

A call's age is told by its folder's name, so that only old ones are looked into: some 20
microseconds for each. A folder whose name is no time has no age. Law: nothing is removed that does
not lie in the calls' home itself; sound goes on its own only where every word of it was heard, and
nobody is at work on it.
"""

import contextlib
import os
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from assistant.errors import DiskError, Refused, SottovoceError
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import only_hand
from assistant.keeping.origin import imported_at
from assistant.keeping.unfinished import state_of

_NAME_TIME = "%Y-%m-%d-%H%M"
_NAMED = re.compile(r"\d{4}-\d{2}-\d{2}-\d{4}(?=-|$)")
_SOUND = re.compile(r"\.?(me|them|unclear)(\.\d+)?\.(s16|flac)(\.half|\.rest)?")
"""Raw and packed, every part, and what a death left of packing it."""


class File(msgspec.Struct, frozen=True):
    """A file of a call."""

    name: str
    bytes: int


class Removal(msgspec.Struct, frozen=True):
    """What is removed of one call, or was."""

    name: str
    folder: str
    files: tuple[File, ...]
    is_whole: bool
    """The call itself, and not only its sound."""

    @property
    def bytes(self) -> int:
        """How much room it takes."""
        return sum(file.bytes for file in self.files)


class Expired(msgspec.Struct, frozen=True):
    """What retention did on its own."""

    removed: tuple[Removal, ...]
    failed: tuple[str, ...]
    """The calls whose sound is old and could not be removed."""


def older_than(calls: Path, days: float, now: datetime) -> list[CallFolder]:
    """Return the calls that began longer ago than that, oldest first; `now` is local time."""
    before = (now - timedelta(days=days)).strftime(_NAME_TIME)
    try:
        with os.scandir(calls) as there:
            old = sorted(
                entry.name
                for entry in there
                # Names sort as the calls came.
                if entry.name < before
                and _NAMED.match(entry.name)
                and entry.is_dir(follow_symlinks=False)
            )
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DiskError(f"{calls} can not be read: {error.strerror}.") from error
    return [CallFolder(calls / name) for name in old]


def removal_of(calls: Path, folder: CallFolder, *, sound_only: bool) -> Removal:
    """Return what would be removed of a call. Raises Refused, DiskError."""
    path = folder.path
    try:
        is_here = not path.is_symlink() and path.resolve().parent == calls.resolve()
    except (OSError, RuntimeError):
        is_here = False
    if not is_here:
        raise Refused(
            f"{path} does not lie in {calls} itself, so it is not removed.",
            "Remove it by hand, if you are sure.",
        )
    # By its own name: a path may have led here over a link, or end in `..`.
    here = calls / path.resolve().name
    files = _files(here, sound_only=sound_only)
    return Removal(here.name, str(here), tuple(files), not sound_only)


def remove(removal: Removal) -> None:
    """Remove it. Raises Refused where another process is at work on the call, and DiskError."""
    folder = CallFolder(Path(removal.folder))
    with only_hand(folder.path):
        if removal.is_whole:
            folder.remove()
            return
        try:
            for file in removal.files:
                (folder.path / file.name).unlink(missing_ok=True)
        except OSError as error:
            raise DiskError(
                f"The sound of {folder.name} can not be removed: {error.strerror}."
            ) from error


def expire_sound(calls: Path, days: float, now: datetime, running: str | None) -> Expired:
    """Remove the sound of calls that began longer ago than that; 0 days keep it for good.

    Only of calls that are over and heard to their end; never of the one that runs. What was
    imported counts from then on.
    """
    removed: list[Removal] = []
    failed: list[str] = []
    with contextlib.suppress(DiskError):
        for folder in older_than(calls, days, now) if days > 0 else ():
            if not has_sound(folder):
                continue
            try:
                removal = removal_of(calls, folder, sound_only=True)
                if not removal.files or folder.name == running or state_of(folder) != "done":
                    continue
                if _came_lately(folder, days, now):
                    continue
                remove(removal)
            except SottovoceError:
                failed.append(folder.name)
            else:
                removed.append(removal)
    return Expired(tuple(removed), tuple(failed))


def _came_lately(folder: CallFolder, days: float, now: datetime) -> bool:
    """Tell whether it was imported not so long ago, however old the recording is."""
    came = imported_at(folder)
    return came is not None and came >= now - timedelta(days=days)


def has_sound(folder: CallFolder) -> bool:
    """Tell whether any sound of a call is there; some ten microseconds."""
    # Only the names: thousands of old calls are asked at every `list`.
    with contextlib.suppress(OSError), os.scandir(folder.path) as there:
        return any(_SOUND.fullmatch(entry.name) for entry in there)
    return False


def _files(folder: Path, *, sound_only: bool) -> list[File]:
    try:
        return [
            File(str(path.relative_to(folder)), path.lstat().st_size)
            for path in _inside(folder)
            if not sound_only or (path.parent == folder and _SOUND.fullmatch(path.name))
        ]
    except OSError as error:
        raise DiskError(f"{folder} can not be read: {error.strerror}.") from error


def _inside(folder: Path) -> Iterable[Path]:
    """Return all that is no folder in a folder and those in it; links are not followed."""
    for place, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (Path(place) / name for name in sorted([*links, *names]))
