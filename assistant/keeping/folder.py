"""The folder of a call: its name, what lies where, who may read it.

Law: folders are 0700 and files 0600; a folder's name is never used twice;
names sort as the calls came.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant import plan as plans
from assistant.errors import DiskError, InputError
from assistant.events import Channel
from assistant.plan import Plan
from assistant.textfile import slug


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

    def spool(self, channel: Channel) -> Path:
        """Return where the raw sound of a channel lies."""
        return self.path / f"{channel.value}.s16"

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file whole or not at all: never half of it under its name. Raises DiskError."""
        target = self.path / name
        half = target.with_name(f".{name}.half")
        body = text.encode() if isinstance(text, str) else text
        try:
            with open(half, "wb", opener=private) as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            half.replace(target)
        except OSError as error:
            raise DiskError(
                f"{target} can not be written: {error.strerror}.", "Is the disk full?"
            ) from error
        finally:
            half.unlink(missing_ok=True)
        return target

    def append(self, name: str, text: str) -> None:
        """Add text to a file that grows. Raises DiskError."""
        try:
            with open(self.path / name, "a", encoding="utf-8", opener=private) as file:
                file.write(text)
        except OSError as error:
            raise DiskError(
                f"{self.path / name} can not be written: {error.strerror}.", "Is the disk full?"
            ) from error

    def read_plan(self) -> Plan:
        """Read the frozen plan. Raises InputError."""
        try:
            return plans.from_json(self.plan.read_bytes())
        except (OSError, ValueError) as error:
            raise InputError(
                f"The plan of {self.name} can not be read: {error}.",
                "Without plan.json a call can not be replayed; is this the folder of a call?",
            ) from error

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        shutil.rmtree(self.path)


def private(path: str, flags: int) -> int:
    """Open a file for this user only."""
    return os.open(path, flags, 0o600)


def make_private(path: Path) -> Path:
    """Make a directory for this user only, and its parents. Raises DiskError."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DiskError(
            f"The folder {path} can not be made: {error.strerror}.",
            "Set SOTTOVOCE_HOME to a folder you may write to.",
        ) from error
    return path


def new_folder(calls: Path, person: str, at: datetime) -> CallFolder:
    """Make the folder of a new call: `2026-12-01-1500-dana-ruiz`. Raises DiskError."""
    make_private(calls)
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
    return [CallFolder(path) for path in sorted(calls.iterdir()) if (path / "plan.json").is_file()]


def find_folder(calls: Path, wanted: str, fits: Callable[[CallFolder], bool]) -> CallFolder:
    """Find a call by its name, a part of it, its path, or `last`. Raises InputError.

    `fits` tells which calls are meant at all, such as those that are over.
    """
    direct = CallFolder(Path(wanted).expanduser())
    if "/" in wanted and direct.plan.is_file():
        return direct
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
        raise InputError(f"There is no call {wanted!r}.", "`sottovoce list` shows the calls.")
    names = ", ".join(folder.name for folder in found[-5:])
    raise InputError(f"{wanted!r} fits more than one call.", f"Say which: {names}")
