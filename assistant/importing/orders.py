"""What is to be done with the recordings a user named: a job for each, and what is told at once.

Law: nothing is written; a recording that is a call already, or was named twice, makes no job; what
the disk has no room for is said before anything begins.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

import msgspec

from assistant.errors import DiskError
from assistant.events import Imported
from assistant.importing.decoding import Sides
from assistant.importing.job import Job, Result
from assistant.importing.moment import Clues, Moment, moment
from assistant.importing.recordings import Recording
from assistant.keeping.room import Space, size
from assistant.plan import Plan
from assistant.recording import RATE_HZ
from assistant.settings import Settings
from assistant.textfile import slug

RAW_BYTES_PER_S = 2 * RATE_HZ
"""Of one channel, while it is heard."""
PACKED_SHARE = 0.7
"""Of that stays as FLAC, at most: talk takes half."""
CALL_BYTES = 2_000_000
"""Of the journal and all pages of a call of an hour, generously."""

Prepared: TypeAlias = tuple[Plan, str]
"""A plan, and the text of its sheet."""


@dataclass(frozen=True, slots=True)
class Order:
    """How recordings are to be imported."""

    plan: Plan
    sheet: str
    has_sheet: bool
    """Whether the user named it: then its minutes were agreed."""
    sides: Sides
    settings: Settings
    home: Path
    now: datetime
    """With its time zone."""
    said: datetime | None = None
    """When it began, as the user says."""


def job_of(recording: Recording, order: Order, taken: set[str]) -> Job:
    """Return the job for a recording; its name joins `taken`."""
    first, length_s = recording.files[0], recording.length_s
    began = moment(
        Clues(
            first.name, recording.tags, length_s, recording.changed, order.said, order.plan.starts
        ),
        order.now,
    )
    imported = Imported(
        tuple(path.name for path in recording.files),
        recording.sha256,
        order.now.isoformat(timespec="seconds"),
        began.wall_from,
        order.sides,
    )
    plan = order.plan
    if not order.has_sheet:
        # Nobody had agreed on a time: it took what it took.
        minutes = min(480.0, max(1.0, math.ceil(length_s / 60)))
        plan = msgspec.structs.replace(plan, minutes=minutes)
    return Job(
        files=tuple(str(path.absolute()) for path in recording.files),
        sides=order.sides,
        length_s=round(length_s, 3),
        name=_name(began, plan.person or first.stem, taken),
        wall=began.wall.isoformat(timespec="seconds"),
        imported=imported,
        plan=plan,
        sheet=order.sheet,
        settings=order.settings,
        home=str(order.home),
    )


def _name(began: Moment, who: str, taken: set[str]) -> str:
    """Return the name of a call's folder as a live call's would be."""
    stem = "-".join(filter(None, (began.wall.strftime("%Y-%m-%d-%H%M"), slug(who))))
    name, n = stem, 1
    while name in taken:
        n += 1
        name = f"{stem}-{n}"
    taken.add(name)
    return name


def skipped(recording: Recording, call: str, calls: Path) -> Result:
    """Return what is told of a recording that is a call already."""
    files = tuple(str(path.absolute()) for path in recording.files)
    return Result(files, "skipped", call, str(calls / call), round(recording.length_s, 3))


def check_room(recordings: Sequence[Recording], at_once: int, space: Space) -> None:
    """See that all fits: what stays of each, and what is raw meanwhile. Raises DiskError."""
    raw = sorted((r.length_s * r.channels * RAW_BYTES_PER_S for r in recordings), reverse=True)
    stays = sum(raw) * PACKED_SHARE + CALL_BYTES * len(raw)
    needed = round(stays + sum(raw[:at_once]) + space.reserve_bytes)
    if needed > space.free_bytes:
        raise DiskError(
            f"Importing this needs about {size(needed)} in {space.where}; "
            f"{size(space.free_bytes)} are free.",
            "Free some space, import fewer at once, or set SOTTOVOCE_HOME to a place with more.",
        )


def worst_code(results: Iterable[Result]) -> int:
    """Return the exit code of the worst of several results: a fault of ours, else the highest."""
    codes = {result.exit_code for result in results}
    return 1 if 1 in codes else max(codes, default=0)
