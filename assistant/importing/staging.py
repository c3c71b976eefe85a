"""Where a recording becomes a call: a hidden folder beside the calls, until it is whole.

Law: a call is in the list whole or not at all, and each recording once. What a death leaves is
known again by the recording's own sum, and is gone on with or swept away; it holds nothing that
is not in the recording.
"""

import contextlib
import shutil
import time
from collections.abc import Generator
from pathlib import Path

from assistant.errors import DiskError, Refused
from assistant.events import CallStarted, Entry
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder, all_folders, close_to_others, make_private
from assistant.keeping.lock import is_held, only_hand
from assistant.keeping.origin import imported_in

PREFIX = ".importing-"
STALE_S = 7 * 86_400.0
"""What was left so long ago is not gone on with; the recording itself is where it was."""


@contextlib.contextmanager
def staged(calls: Path, sha256: str) -> Generator[CallFolder]:
    """Hold the hidden folder of a recording; it is there already where one was interrupted.

    Raises Refused where another process is importing the same, and DiskError.
    """
    close_to_others(calls)
    folder = CallFolder(make_private(calls / f"{PREFIX}{sha256[:24]}"))
    try:
        with only_hand(folder.path):
            yield folder
    except Refused as error:
        if is_held(folder.path):
            raise Refused(
                "Another `sottovoce import` is at work on this recording.",
                "Try again when it is done.",
            ) from error
        raise


def empty(folder: CallFolder) -> None:
    """Remove all that lies in a staged folder. Raises DiskError."""
    try:
        for path in folder.path.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    except OSError as error:
        raise DiskError(f"{folder.path} can not be emptied: {error.strerror}.") from error


def remove_staged(folder: CallFolder) -> None:
    """Remove a staged folder and all that lies in it. Raises DiskError."""
    empty(folder)
    try:
        folder.path.rmdir()
    except OSError as error:
        raise DiskError(f"{folder.path} can not be removed: {error.strerror}.") from error


def put_in_list(calls: Path, folder: CallFolder, name: str) -> CallFolder | None:
    """Give a staged folder its name among the calls; None where that is taken. Raises DiskError."""
    target = calls / name
    try:
        target.mkdir(mode=0o700)
    except FileExistsError:
        return None
    except OSError as error:
        raise DiskError(f"{target} can not be made: {error.strerror}.") from error
    try:
        # In place of the empty one: at no moment is half of it there.
        folder.path.rename(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            target.rmdir()
        raise DiskError(f"{target} can not be put in place: {error.strerror}.") from error
    return CallFolder(target)


def rename_call(folder: CallFolder, name: str) -> None:
    """Have a staged call's journal say another name. Raises DiskError, InputError."""
    entries = [
        Entry(e.seq, e.at_s, CallStarted(name, e.event.wall, e.event.version, e.event.engines))
        if isinstance(e.event, CallStarted)
        else e
        for e in journal.read(folder.journal).entries
    ]
    journal.rewrite(folder.journal, entries)


def imported_before(calls: Path) -> dict[str, str]:
    """Return the sum of every recording that was imported, and the name of its call.

    Reads the first lines of every call's journal: some fifty microseconds for each call.
    """
    found: dict[str, str] = {}
    for folder in all_folders(calls):
        imported = imported_in(folder)
        if imported is not None:
            found.setdefault(imported.sha256, folder.name)
    return found


def left_behind(calls: Path) -> list[Path]:
    """Return what imports that were interrupted left, and nobody is at work on."""
    return [path for path in sorted(calls.glob(f"{PREFIX}*")) if not is_held(path)]


def sweep_stale(calls: Path, now_s: float | None = None) -> int:
    """Remove what was left long ago; return how many. `now_s` is Unix time."""
    now_s = time.time() if now_s is None else now_s
    swept = 0
    for path in left_behind(calls):
        with contextlib.suppress(OSError):
            newest_s = max(file.stat().st_mtime for file in (path, *path.iterdir()))
            if now_s - newest_s > STALE_S:
                shutil.rmtree(path)
                swept += 1
    return swept
