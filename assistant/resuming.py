"""A call that broke off goes on, in the same folder: what it was, and where it is now.

Law: time went on while nobody listened, by the wall clock and never backwards;
what was not captured is zeros and is told as lost; the rest of the sound is
heard by the ear of the call that goes on.
"""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.errors import Refused
from assistant.events import (
    AudioLost,
    CallStarted,
    Channel,
    Entry,
    Fact,
    Paused,
    Recovered,
    Resumed,
)
from assistant.forgetting import blank
from assistant.hearing.retold import Retold, told_in
from assistant.hearing.spool import RATE_HZ
from assistant.keeping import journal, sound
from assistant.keeping.folder import CallFolder
from assistant.keeping.unfinished import RESUMABLE_S, ending_of
from assistant.parts import frames_in
from assistant.recovery import Past, read_past
from assistant.wording import Wording

GONE = "Sottovoce was not running"


@dataclass(frozen=True, slots=True)
class Onward:
    """A call that is to go on: what it was, and where its sound ends."""

    past: Past
    ends_s: Mapping[Channel, float]
    began: datetime | None
    """Wall time of second 0."""

    @property
    def end_s(self) -> float:
        """The last moment of which there is a line or sound."""
        return max(self.past.at_s, *self.ends_s.values(), 0.0)

    def now_s(self, wall: datetime) -> float:
        """Return the call's time at a wall time: it went on while nobody listened."""
        passed_s = 0.0 if self.began is None else (wall - self.began).total_seconds()
        return round(max(self.end_s, passed_s), 3)

    def first_facts(self, start_s: float, channels: Iterable[Channel]) -> tuple[Fact, ...]:
        """Return what is to be told first when these channels go on at that second."""
        lost = (
            AudioLost(channel, round(self.ends_s.get(channel, 0.0), 3), start_s, GONE)
            for channel in channels
        )
        return (Recovered(self.past.at_s, start_s), *(f for f in lost if f.end_s > f.start_s))

    @property
    def known(self) -> Mapping[Channel, Retold]:
        """What was told of every channel that has sound: the ear begins after it."""
        told = told_in(self.past.entries)
        return {channel: told.get(channel) or Retold(channel) for channel in self.ends_s}

    @property
    def pause(self) -> Entry | None:
        """The pause in which it broke off, and in which it goes on."""
        states = [e for e in self.past.entries if isinstance(e.event, Paused | Resumed)]
        return states[-1] if states and isinstance(states[-1].event, Paused) else None


def reopen(folder: CallFolder, wording: Wording, wall: datetime) -> Onward:
    """Make a call ready to go on; hold the folder meanwhile. Raises Refused, DiskError."""
    if ending_of(folder) != "none":
        raise Refused(
            f"{folder.name} was ended; it can not go on.", f"`sottovoce wrap {folder.name}` wraps."
        )
    past = read_past(folder, wording)
    blank(folder, past.entries)
    for channel in Channel:
        sound.unpack_for_good(folder.spool(channel))
    sounds = {c: folder.spool(c) for c in Channel if sound.is_raw(folder.spool(c))}
    ends_s = {channel: frames_in(path) / RATE_HZ for channel, path in sounds.items()}
    onward = Onward(past, ends_s, _began(past.entries))
    if onward.now_s(wall) - onward.end_s > RESUMABLE_S:
        raise Refused(
            f"{folder.name} broke off more than {RESUMABLE_S / 3600:.0f} hours ago.",
            f"`sottovoce wrap {folder.name}` hears the rest and writes its summary.",
        )
    if past.is_mended:
        journal.rewrite(folder.journal, past.entries)
    return onward


def _began(entries: list[Entry]) -> datetime | None:
    started = next((e.event for e in entries if isinstance(e.event, CallStarted)), None)
    with contextlib.suppress(ValueError):
        wall = datetime.fromisoformat(started.wall if started else "")
        return wall if wall.tzinfo else wall.astimezone()
    return None
