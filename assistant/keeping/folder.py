"""The folder of a call: its name, what lies where, who may read it.

Law: folders are 0700 and files 0600; a folder's name is never used twice;
names sort as the calls came. What writes to a folder that was there before
asks `own_folder`: nothing outside the calls' home is ever written.
"""

import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant import plan as plans
from assistant.errors import DiskError, InputError, Refused
from assistant.events import Channel
from assistant.plan import Plan
from assistant.textfile import quoted, slug

REMOVED = ".removed-"
"""How the name of a folder begins that is being removed."""


@dataclass(frozen=True, slots=True)
class CallFolder:
    """One call's folder."""

    path: Path

    @property
    def name(self) -> str:
        """The call's id: the folder's own name."""
        return self.path.name

    @property
    def journal(self) -> Path:
        """The truth."""
        return self.path / "journal.jsonl"

    @property
    def plan(self) -> Path:
        """The frozen plan."""
        return self.path / "plan.json"

    @property
    def sheet(self) -> Path:
        """The prep sheet as it was."""
        return self.path / "plan.md"

    @property
    def notes(self) -> Path:
        """The notes that grow while people speak."""
        return self.path / "notes.md"

    @property
    def summary(self) -> Path:
        """The summary, once the call is over."""
        return self.path / "summary.md"

    @property
    def page(self) -> Path:
        """The summary as a page for a browser, once the call is over."""
        return self.path / "summary.html"

    def spool(self, channel: Channel) -> Path:
        """Return where the raw sound of a channel lies."""
        return self.path / f"{channel.value}.s16"

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file whole or not at all: never half of it under its name. Raises DiskError."""
        target = self.path / name
        half = target.with_name(f".{name}.half")
        body = text.encode() if isinstance(text, str) else text
        try:
            # One that was left behind, or is a link to somewhere else.
            half.unlink(missing_ok=True)
            with open(half, "xb", opener=private) as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            half.replace(target)
        except OSError as error:
            raise DiskError(
                f"{target} can not be written: {error.strerror}.", "Is the disk full?"
            ) from error
        finally:
            with contextlib.suppress(OSError):
                half.unlink(missing_ok=True)
        return target

    def drop(self, name: str) -> None:
        """Remove a file, if it is there. Raises DiskError."""
        target = self.path / name
        try:
            target.unlink(missing_ok=True)
        except OSError as error:
            raise DiskError(f"{target} can not be removed: {error.strerror}.") from error

    def append(self, name: str, text: str) -> None:
        """Add text to a file that grows. Raises DiskError."""
        try:
            with open(self.path / name, "a", encoding="utf-8", opener=_not_through_links) as file:
                file.write(text)
        except OSError as error:
            raise DiskError(
                f"{self.path / name} can not be written: {error.strerror}.", "Is the disk full?"
            ) from error

    def read_plan(self) -> Plan:
        """Read the frozen plan. Raises InputError."""
        try:
            return plans.from_json(self.plan.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            raise InputError(
                f"The plan of {self.name} can not be read: {error}.",
                "Without plan.json a call can not be replayed; is this the folder of a call?",
            ) from error

    @property
    def is_call(self) -> bool:
        """Tell whether a call lies here, though some of its files may be lost."""
        sound = (f"{channel.value}.{kind}" for channel in Channel for kind in ("s16", "flac"))
        names = (self.plan.name, self.journal.name, *sound)
        return not self.name.startswith(".") and any((self.path / n).is_file() for n in names)

    def remove(self) -> None:
        """Remove the folder and all that is in it. Raises DiskError.

        It is gone under its name at once; what a death then leaves is hidden, and swept away.
        """
        hidden = self.path.with_name(f"{REMOVED}{secrets.token_hex(8)}")
        try:
            self.path.rename(hidden)
            # Where a part of it is gone already, another one sweeps it away.
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(hidden)
        except OSError as error:
            raise DiskError(
                f"{self.path} can not be removed: {error.strerror}.", "Is the folder yours?"
            ) from error


def private(path: str, flags: int) -> int:
    """Open a file for this user only."""
    return os.open(path, flags, 0o600)


def _not_through_links(path: str, flags: int) -> int:
    return private(path, flags | os.O_NOFOLLOW)


def make_private(path: Path) -> Path:
    """Make a directory for this user only, and its parents. Raises DiskError.

    One that was there stays as open as it is: `close_to_others` is for those that are ours.
    """
    try:
        # `parents=True` would leave the ones above to the user's umask.
        for missing in reversed(
            [folder for folder in (path, *path.parents) if not folder.exists()]
        ):
            missing.mkdir(mode=0o700, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise DiskError(
            f"The folder {path} can not be made: {error.strerror}.",
            "Set SOTTOVOCE_HOME to a folder you may write to.",
        ) from error
    return path


def close_to_others(path: Path) -> Path:
    """Make a directory, or take the rights of others from one that was there. Raises DiskError."""
    make_private(path)
    # Some file systems know no rights, and then nothing can be taken.
    with contextlib.suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    return path


def new_folder(calls: Path, person: str, at: datetime) -> CallFolder:
    """Make the folder of a new call: `2026-12-01-1500-dana-ruiz`. Raises DiskError."""
    close_to_others(calls)
    stem = "-".join(filter(None, (at.strftime("%Y-%m-%d-%H%M"), slug(person))))
    names = (stem if n == 1 else f"{stem}-{n}" for n in range(1, 1000))
    for name in names:
        try:
            (calls / name).mkdir(mode=0o700)
        except FileExistsError:
            continue
        except OSError as error:
            raise DiskError(
                f"No folder for the call can be made in {calls}: {error.strerror}.",
                "Set SOTTOVOCE_HOME to a folder you may write to.",
            ) from error
        return CallFolder(calls / name)
    raise DiskError(f"A thousand calls of that name and minute lie in {calls}.")


def all_folders(calls: Path) -> list[CallFolder]:
    """Return every call's folder, oldest first."""
    if not calls.is_dir():
        return []
    return [folder for path in sorted(calls.iterdir()) if (folder := CallFolder(path)).is_call]


def find_folder(calls: Path, wanted: str, fits: Callable[[CallFolder], bool]) -> CallFolder:
    """Find a call by its name, a part of it, its path, or `last`. Raises InputError.

    `fits` tells which calls are meant at all, such as those that are over.
    """
    no_such = InputError(f"There is no call {quoted(wanted)}.", "`sottovoce list` shows the calls.")
    if not wanted.strip():
        # A part of every name: an empty variable of a script must not mean the only call there is.
        raise no_such
    if "/" in wanted:
        if direct := _at(wanted):
            return direct
        raise no_such
    folders = [folder for folder in all_folders(calls) if fits(folder)]
    if not folders:
        raise InputError("There is no call yet.", "`sottovoce start` begins one.")
    if wanted == "last":
        return folders[-1]
    exact = [folder for folder in folders if folder.name == wanted]
    part = slug(wanted) or wanted.lower()
    found = exact or [folder for folder in folders if part in folder.name]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"There is no call {quoted(wanted)}.", "`sottovoce list` shows the calls.")
    names = ", ".join(folder.name for folder in found[-5:])
    raise InputError(f"{quoted(wanted)} fits more than one call.", f"Say which: {names}")


def _at(wanted: str) -> CallFolder | None:
    """Return the call that lies at a path, if one does."""
    # A name that is too long, has a zero byte, or begins with the `~` of nobody.
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        folder = CallFolder(Path(wanted).expanduser())
        if folder.is_call:
            return folder
    return None


def own_folder(calls: Path, folder: CallFolder) -> CallFolder:
    """Return a folder to write to: it lies in the calls' home and leads nowhere else.

    A folder that came from somebody may be looked at, but nothing is written to it. Raises Refused.
    """
    path = folder.path
    try:
        is_here = not path.is_symlink() and path.resolve().parent == calls.resolve()
        odd = next((file for file in path.rglob("*") if not _is_plain(file)), None)
    except (OSError, ValueError, RuntimeError):
        is_here, odd = False, None
    if not is_here:
        raise Refused(
            f"{path} does not lie in {calls}, so nothing is written there.",
            "Copy the folder there to work on it.",
        )
    if odd is not None:
        raise Refused(
            f"{odd} is a link or no file at all, so nothing is written to {folder.name}.",
            "Remove it, or put the file itself in its place.",
        )
    return CallFolder(calls / path.resolve().name)


def _is_plain(path: Path) -> bool:
    mode = path.lstat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)
