"""When a recording began, and how that is known.

Reads what the user said, the file's name, what its recorder wrote into it, the sheet, and when the
file was last changed; the first that tells counts, for each later one is wrong more often. Law:
a moment comes with how it is known; one that can not be, such as 1904 or next year, is none, and
neither is one of the sheet that is still to come.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

WallFrom = Literal["said", "name", "file", "sheet", "changed"]

_IN_A_NAME = re.compile(
    r"(?<!\d)(?P<year>20\d\d)[-_.]?(?P<month>[01]\d)[-_.]?(?P<day>[0-3]\d)"
    r"(?:[-_ T.,]+|\s+at\s+|\s*um\s*)(?P<hour>[0-2]\d)[-_.:h ]?(?P<minute>[0-5]\d)"
    r"(?:[-_.:m ]?(?P<second>[0-5]\d))?(?!\d)"
)
"""As phones and recorders name their files: Call_20260503_142201.amr, 2026-05-03 14.22.01.m4a."""
_TAGS = ("com.apple.quicktime.creationdate", "creation_time", "date")
"""The first one has the recorder's own time zone."""
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
"""Clocks of phones go wrong by hours; by more, it is no time of a recording."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the wall clock, with its time zone, and how it is known."""

    wall: datetime
    wall_from: WallFrom


@dataclass(frozen=True, slots=True)
class Clues:
    """What tells when a recording began."""

    name: str
    """The file's."""
    tags: Mapping[str, str]
    length_s: float
    changed: datetime
    """When the file was last changed: at the end of the recording, or when it was copied."""
    said: datetime | None = None
    """By the user; local where it has no time zone."""
    sheet: str = ""
    """When the sheet had planned it, ISO 8601, or empty."""


Local = Callable[[datetime], datetime]
"""Gives a moment the time zone that is kept here on its day; one without a zone is meant so."""


def moment(clues: Clues, now: datetime, local: Local = datetime.astimezone) -> Moment:
    """Return when it began, in the time of this place."""
    if clues.said is not None:
        return Moment(local(clues.said), "said")
    found: dict[WallFrom, datetime | None] = {
        "name": _in_name(clues.name, local),
        "file": next(filter(None, (_read(clues.tags.get(tag, ""), local) for tag in _TAGS)), None),
        "sheet": _read(clues.sheet, local),
    }
    for wall_from, wall in found.items():
        # A clock of a recorder may go wrong; a plan that is still to come is of another call.
        latest = now if wall_from == "sheet" else now + _AHEAD
        if wall is not None and _OLDEST < wall < latest:
            return Moment(wall, wall_from)
    return Moment(local(clues.changed - timedelta(seconds=clues.length_s)), "changed")


def is_still_to_come(sheet: str, now: datetime, local: Local = datetime.astimezone) -> bool:
    """Tell whether a sheet plans its call for later than now; never where it says no time."""
    planned = _read(sheet, local)
    return planned is not None and planned >= now


def _in_name(name: str, local: Local) -> datetime | None:
    found = _IN_A_NAME.search(name)
    if found is None:
        return None
    parts = [f"{found[part] or 0:0>2}" for part in found.groupdict()]
    return _read("{}-{}-{}T{}:{}:{}".format(*parts), local)


def _read(text: str, local: Local) -> datetime | None:
    # A day alone is no moment: it would pass for midnight.
    if len(text.strip()) <= len("2026-12-01"):
        return None
    try:
        return local(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError, OSError):
        return None
