"""A stretch of a running call forgotten: what the wish is, and what the call is without it.

Law: first the wish is safe on disk, then the sound is zeros, then the journal
and the notes are written without it. Each step may be repeated, so whoever
finds a wish on disk after a death can finish it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from assistant.call import Call
from assistant.errors import InputError
from assistant.events import CallStarted, Channel, Entry, Forgotten, Heard, Marked, NoteTaken
from assistant.hearer import Hearer
from assistant.hearing.spool import RATE_HZ, Spool
from assistant.keeping import sound
from assistant.keeping.folder import CallFolder
from assistant.memory import nothing_collected
from assistant.plan import Plan
from assistant.retelling import tell_again
from assistant.view import View

REACH_S = 0.5
"""A stretch reaches so far beyond the wish: sound takes a while from the air to the disk, by
Bluetooth the longest, and the last word before the wish is the one that was meant."""


class Gone(msgspec.Struct, frozen=True):
    """What was forgotten: the answer of the verb."""

    from_s: float
    to_s: float
    lines: int
    """So many lines that were heard are gone."""
    notes: int
    """So many notes and marks are gone."""
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Anew:
    """A call that never heard what is forgotten, ready to go on."""

    call: Call
    view: View
    hearer: Hearer
    entries: list[Entry]


def wish(for_s: float | None, now_s: float) -> Forgotten:
    """Return the fact for a wish to forget so much, None for all of it. Raises InputError."""
    if for_s is not None and not (math.isfinite(for_s) and for_s > 0):
        raise InputError("That is no length of time to forget.", "Try `sottovoce forget 2m`.")
    from_s = 0.0 if for_s is None else max(0.0, now_s - for_s)
    return Forgotten(round(from_s, 3), round(now_s + REACH_S, 3))


def told_anew(plan: Plan, entries: Sequence[Entry]) -> Anew:
    """Live a whole call again without what its wishes name."""
    started = next(e.event for e in entries if isinstance(e.event, CallStarted))
    with nothing_collected():
        call, told, *_ = tell_again(plan, entries, started)
        view, hearer = View(plan), Hearer(plan)
        for entry in told:
            view.take(entry)
            hearer.take(entry)
    return Anew(call, view, hearer, told)


def gone(forgotten: Forgotten, before: Iterable[Entry], after: Iterable[Entry]) -> Gone:
    """Count what a call lost by forgetting."""
    return Gone(
        forgotten.from_s,
        forgotten.to_s,
        _count(before, Heard) - _count(after, Heard),
        _count(before, NoteTaken, Marked) - _count(after, NoteTaken, Marked),
    )


def blank(folder: CallFolder, entries: Iterable[Entry]) -> None:
    """Blank what was to be forgotten in a call's raw sound, where that was not done. DiskError."""
    wishes = [entry.event for entry in entries if isinstance(entry.event, Forgotten)]
    if not wishes:
        return
    for raw in (folder.spool(channel) for channel in Channel):
        if sound.is_raw(raw):
            with Spool(raw) as spool:
                for it in wishes:
                    spool.zero(round(it.from_s * RATE_HZ), round(it.to_s * RATE_HZ))


def _count(entries: Iterable[Entry], *kinds: type[object]) -> int:
    return sum(isinstance(entry.event, kinds) for entry in entries)
