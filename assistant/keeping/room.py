"""Whether the disk has room: for a call before it begins, for its sound while it goes on.

Reads how much is free; decides by figures alone. Law: the journal comes first: long before nothing
more fits, sound is not kept any more, so that what is said can still be written down.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DiskError
from assistant.events import Trouble

SOUND_BYTES_PER_S = 64_000
"""Two channels of 16-bit sound at 16 kHz."""
RESERVE_BYTES = 16_000_000
"""Kept free of sound, for the journal and what is written after the call ..."""
RESERVE_SHARE = 0.05
"""... or this share of the disk, where that is less."""
LONGEST_S = 3 * 3600.0
"""With room for a call of three hours nothing is said."""
SHORTEST_S = 5 * 60.0
"""Without room for so much there is no call."""
LOW_BYTES = 500_000_000
LOW_NO_MORE_BYTES = 600_000_000
FULL_NO_MORE = 2.0
"""Sound is kept again when so many times the reserve are free: half a minute, or minutes."""

HINT = "Free some space, or set SOTTOVOCE_HOME to a place that has more."
FULL = "The disk is full: the sound of the call is not kept any more, notes still are."
KEPT_AGAIN = "There is room on the disk again; sound is kept."
LOW_NO_MORE = "There is enough room on the disk again."


@dataclass(frozen=True, slots=True)
class Space:
    """How large a disk is, and what of it is free for this user."""

    total_bytes: int
    free_bytes: int
    where: str = ""

    @property
    def reserve_bytes(self) -> int:
        """What is not for sound."""
        return int(min(RESERVE_BYTES, self.total_bytes * RESERVE_SHARE))

    @property
    def sound_s(self) -> float:
        """How much sound fits, in seconds of a call with two channels."""
        return max(0.0, (self.free_bytes - self.reserve_bytes) / SOUND_BYTES_PER_S)


def space_at(place: Path) -> Space:
    """Look at the disk that holds a place, or will, where it is not there yet. DiskError."""
    there = next(path for path in (place, *place.absolute().parents) if path.is_dir())
    try:
        usage = shutil.disk_usage(there)
    except OSError as error:
        raise DiskError(f"The disk at {there} can not be looked at: {error.strerror}.") from error
    return Space(usage.total, usage.free, str(there))


def needed_bytes(minutes: float, space: Space) -> int:
    """Return what a call of that length needs."""
    return round(minutes * 60 * SOUND_BYTES_PER_S) + space.reserve_bytes


def need(minutes: float, space: Space) -> str:
    """State in words what a call of that length needs, and what is there."""
    return (
        f"A call of {minutes:g} minutes needs {size(needed_bytes(minutes, space))} in "
        f"{space.where}; {size(space.free_bytes)} are free."
    )


def is_ample(space: Space) -> bool:
    """Tell whether even a long call has room."""
    return space.sound_s >= LONGEST_S


def is_enough(space: Space) -> bool:
    """Tell whether a call can begin at all."""
    return space.sound_s >= SHORTEST_S


def before_call(minutes: float, space: Space) -> str:
    """Return what to say before a call, empty where there is plenty of room. Raises DiskError."""
    if not is_enough(space):
        raise DiskError(f"There is no room for a call. {need(minutes, space)}", HINT)
    return "" if is_ample(space) else need(minutes, space)


def size(size_bytes: int) -> str:
    """Spell a size as people read it."""
    if size_bytes >= 1_000_000_000:
        return f"{size_bytes / 1e9:.1f} GB"
    return f"{size_bytes / 1e6:.0f} MB"


@dataclass(slots=True)
class RoomWatch:
    """The room on the disk while a call goes on; each change is told once."""

    is_full: bool = False
    """Whether sound is not to be kept."""
    _is_low: bool = False

    def look(self, space: Space) -> list[Trouble]:
        """Take how much is free now; return what is to be told."""
        told: list[Trouble] = []
        free_bytes = space.free_bytes
        if not self.is_full and free_bytes <= space.reserve_bytes:
            self.is_full = self._is_low = True
            return [Trouble("disk", FULL)]
        if self.is_full and free_bytes >= FULL_NO_MORE * space.reserve_bytes:
            self.is_full = False
            told.append(Trouble("disk", KEPT_AGAIN, over=True))
        if not self._is_low and free_bytes < LOW_BYTES:
            self._is_low = True
            told.append(Trouble("disk", _low(space)))
        elif self._is_low and not self.is_full and free_bytes > LOW_NO_MORE_BYTES:
            self._is_low = False
            if not told:
                told.append(Trouble("disk", LOW_NO_MORE, over=True))
        return told


def _low(space: Space) -> str:
    minutes = space.sound_s / 60
    return (
        f"Only {size(space.free_bytes)} are left on the disk, enough for {minutes:.0f} minutes "
        "of sound."
    )
