"""The archive kept as the folders are: what is new is read, what is gone is taken out.

Reads the folders of calls; writes the archive. Which calls are new is told by what their folders
look like from outside, some ten microseconds for each. Law: the folder is the truth, the archive
only follows it, and is made again from nothing by the same steps. A call that runs is not looked
into; of one that was cut short no word is taken in before `wrap` has finished it, for until then it
may go on, and be told to forget.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.across.digesting import Digesting, marks_of, stamp_of
from assistant.errors import DiskError
from assistant.keeping import filing
from assistant.keeping.archive import Archive
from assistant.keeping.digest import Digest
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import is_held
from assistant.keeping.retention import has_sound
from assistant.keeping.unfinished import state_of
from assistant.wording import Wording

MANY = 200
"""From so many new calls on the indexes are settled afterwards: they are read faster then."""
_AT_ONCE = 40
"""Calls that are written together: a death in the middle costs no more than these."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Where the archive does not say what the folders do."""

    new: tuple[tuple[str, str], ...]
    """Name and stamp of calls to be read, the newest last."""
    touched: tuple[tuple[str, str], ...]
    """... of those of which only other files have changed."""
    gone: tuple[str, ...]
    """Calls that are in the archive and have no folder any more."""

    def __bool__(self) -> bool:
        return bool(self.new or self.touched or self.gone)


def changes(archive: Archive, calls: Path, running: str | None) -> Changes:
    """Compare the archive with the folders. Raises DiskError, ArchiveLost."""
    known = filing.stamps(archive)
    new: list[tuple[str, str]] = []
    touched: list[tuple[str, str]] = []
    there = _names(calls)
    for name in there:
        stamp = stamp_of(calls / name)
        before = known.get(name)
        if name == running or (before and before[0] == stamp):
            continue
        folder = CallFolder(calls / name)
        if is_held(folder.path):
            # Another process is at work on it, and it will look otherwise afterwards.
            continue
        if before and before[1] == marks_of(folder):
            touched.append((name, stamp))
        elif folder.is_call:
            new.append((name, stamp))
    gone = [name for name in known if name not in there]
    return Changes(tuple(new), tuple(touched), tuple(gone))


def follow(
    archive: Archive,
    calls: Path,
    wording: Wording,
    found: Changes,
    step: Callable[[Digest], object] = lambda _: None,
) -> None:
    """Bring the archive up to the folders; `step` is called after each call that was read.

    Raises DiskError, ArchiveLost, Refused; what was written until then stays.
    """
    for name, stamp in found.touched:
        folder = CallFolder(calls / name)
        filing.touch(archive, name, stamp, state_of(folder), has_sound=has_sound(folder))
    if found.gone:
        filing.remove(archive, found.gone)
    digesting = Digesting(wording)
    for at in range(0, len(found.new), _AT_ONCE):
        with archive.writing():
            for name, stamp in found.new[at : at + _AT_ONCE]:
                folder = CallFolder(calls / name)
                if not folder.is_call:
                    # It was removed since it was looked at.
                    continue
                digest = digesting.digest(folder, stamp)
                filing.put(archive, digest)
                step(digest)
    if len(found.new) >= MANY:
        archive.settle()


def take_in(archive: Archive, folder: CallFolder, wording: Wording) -> None:
    """Take one call in that has just ended, or was changed. Raises DiskError, ArchiveLost."""
    filing.put(archive, Digesting(wording).digest(folder, stamp_of(folder.path)))


def _names(calls: Path) -> dict[str, None]:
    """Return the names of the folders there, in their order; bytes that are no text are no name."""
    try:
        with os.scandir(calls) as there:
            names = sorted(
                entry.name
                for entry in there
                if not entry.name.startswith(".")
                and _is_text(entry.name)
                and entry.is_dir(follow_symlinks=False)
            )
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DiskError(f"{calls} can not be read: {error.strerror}.") from error
    return dict.fromkeys(names)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
