"""What one import is to do and what came of it, as they travel between processes."""

from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from assistant.events import CallStarted, Imported
from assistant.importing.decoding import Sides
from assistant.plan import Plan
from assistant.settings import Settings


class Job(msgspec.Struct, frozen=True):
    """One recording, and the call it becomes."""

    files: tuple[str, ...]
    """One, or my side and theirs."""
    sides: Sides
    length_s: float
    """What its head says; 0 where it says nothing."""
    name: str
    """Of the call's folder, if nobody takes it meanwhile."""
    wall: str
    """ISO 8601 with offset: when it began."""
    imported: Imported
    plan: Plan
    sheet: str
    """The text of the prep sheet."""
    settings: Settings
    home: str

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return where the files lie."""
        return tuple(map(Path, self.files))

    def started(self, version: str, hearing: str) -> CallStarted:
        """Return the first line of its journal."""
        return CallStarted(self.name, self.wall, version, {"hearing": hearing})


class Result(msgspec.Struct, frozen=True):
    """What came of one recording."""

    files: tuple[str, ...]
    state: Literal["imported", "skipped", "failed"]
    """`skipped`: it was imported before."""
    call: str = ""
    """The name of its call; empty where there is none."""
    folder: str = ""
    seconds: float = 0.0
    """How long the recording is."""
    lines: int = 0
    """How many lines were heard in it."""
    notices: tuple[str, ...] = ()
    """What the user should know of it, in sentences."""
    why: str = ""
    """Why it failed, in a sentence."""
    hint: str = ""
    exit_code: int = 0


class Heard(msgspec.Struct, frozen=True):
    """How far one recording is heard."""

    at_s: float


Told: TypeAlias = tuple[int, Heard | Result]
"""The number of a job in its list, and what is told of it."""
