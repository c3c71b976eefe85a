"""What failed during a call: sound that was not captured, parts in trouble, the program gone.

Reads AudioLost, Trouble, Recovered and CallEnded. Law: what two channels lost at
once was lost once, a trouble is one line from its beginning to its end, and what
was lost because the program was gone is told with that.
"""

from collections.abc import Sequence

import msgspec

from assistant.events import AudioLost, CallEnded, Channel, Entry, Recovered, Trouble
from assistant.minds.stretches import LEAST_LOST_S, merged, total_s
from assistant.notes.talk import Line

JOIN_S = 2.0
"""Two losses so near are told as one."""
CUT_SHORT = "cut short"
"""How a call ended that broke off and did not go on: the reason of its CallEnded."""


class Loss(msgspec.Struct, frozen=True):
    """A stretch that was not captured."""

    channel: Channel
    start_s: float
    length_s: float
    why: str
    seqs: tuple[int, ...]

    @property
    def end_s(self) -> float:
        """Where it ended."""
        return self.start_s + self.length_s


class Lost(msgspec.Struct, frozen=True):
    """A stretch in which something was not captured, on one channel or several."""

    start_s: float
    length_s: float
    channels: tuple[Channel, ...]
    why: tuple[str, ...]
    seqs: tuple[int, ...]


class Told(msgspec.Struct, frozen=True):
    """A sentence some part of the program told the user."""

    start_s: float
    part: str
    text: str
    seqs: tuple[int, ...]
    until_s: float | None = None
    """When the part worked again, if it said so."""


class Gone(msgspec.Struct, frozen=True):
    """A stretch in which the program was not there."""

    start_s: float
    length_s: float
    heard_lines: int
    """What was heard of it afterwards."""
    seqs: tuple[int, ...]
    lost_s: float = 0.0
    """Seconds of it that were not captured, on whichever channel."""
    was_back: bool = True
    """False where the call did not go on: it was heard to the end of its sound, and ended there."""
    was_heard_out: bool = True
    """False where what was captured until that end could not be heard afterwards either."""


def losses(entries: Sequence[Entry]) -> tuple[Loss, ...]:
    """Return what was not captured, channel by channel, as long as it may have been a word."""
    return tuple(
        Loss(e.channel, e.start_s, round(e.end_s - e.start_s, 3), e.why, (entry.seq,))
        for entry in entries
        if isinstance(e := entry.event, AudioLost) and e.end_s - e.start_s >= LEAST_LOST_S
    )


def lost(missing: Sequence[Loss]) -> tuple[Lost, ...]:
    """Join what was not captured over the channels."""
    return tuple(
        _joined(from_s, to_s, [loss for loss in missing if from_s <= loss.start_s < to_s])
        for from_s, to_s in merged(((loss.start_s, loss.end_s) for loss in missing), JOIN_S)
    )


def _joined(from_s: float, to_s: float, parts: Sequence[Loss]) -> Lost:
    return Lost(
        start_s=from_s,
        length_s=round(to_s - from_s, 3),
        channels=tuple(c for c in Channel if any(part.channel is c for part in parts)),
        why=tuple(dict.fromkeys(part.why for part in parts)),
        seqs=tuple(seq for part in parts for seq in part.seqs),
    )


def troubles(entries: Sequence[Entry]) -> tuple[Told, ...]:
    """Return what the parts told, each trouble with its end."""
    told: list[Told] = []
    open_at: dict[str, int] = {}
    for entry in entries:
        match entry.event:
            case Trouble(part, over=True) if part in open_at:
                at = open_at.pop(part)
                seqs = (*told[at].seqs, entry.seq)
                told[at] = msgspec.structs.replace(told[at], until_s=entry.at_s, seqs=seqs)
            case Trouble(part, text, over):
                if not over:
                    open_at[part] = len(told)
                told.append(Told(entry.at_s, part, text, (entry.seq,)))
            case Recovered():
                # What was in trouble then is another one now.
                open_at.clear()
            case _:
                pass
    return tuple(told)


def absences(
    entries: Sequence[Entry], said: Sequence[Line], missing: Sequence[Loss]
) -> tuple[Gone, ...]:
    """Return when the program was not there, what was lost by it and what heard afterwards."""
    return tuple(
        _absence(entry, gone, entries[n + 1 :], said, missing)
        for n, entry in enumerate(entries)
        if isinstance(gone := entry.event, Recovered)
    )


def lost_with(absent: Sequence[Gone]) -> set[int]:
    """Return the entries of the losses that are told with the absence they belong to."""
    return {seq for gone in absent for seq in gone.seqs[1:]}


def _absence(
    entry: Entry,
    gone: Recovered,
    later: Sequence[Entry],
    said: Sequence[Line],
    missing: Sequence[Loss],
) -> Gone:
    after = {e.seq for e in later}
    # A side that was lost long before has a line of its own.
    own = [
        loss
        for loss in missing
        if after.issuperset(loss.seqs)
        and gone.from_s - JOIN_S <= loss.start_s < gone.to_s
        and abs(loss.end_s - gone.to_s) < LEAST_LOST_S
    ]
    was_back = not _ends_there(gone, later)
    return Gone(
        start_s=gone.from_s,
        length_s=round(gone.to_s - gone.from_s, 3),
        heard_lines=sum(gone.from_s < li.end_s and li.start_s < gone.to_s for li in said),
        seqs=(entry.seq, *(seq for loss in own for seq in loss.seqs)),
        lost_s=round(total_s((loss.start_s, loss.end_s) for loss in own), 3),
        was_back=was_back,
        was_heard_out=was_back
        or not any(
            isinstance(e.event, Trouble) and e.event.part == "hearing" and not e.event.over
            for e in later
        ),
    )


def _ends_there(gone: Recovered, later: Sequence[Entry]) -> bool:
    if any(isinstance(e.event, Recovered) for e in later):
        return False
    ended = next((e for e in later if isinstance(e.event, CallEnded)), None)
    return ended is not None and ended.at_s <= gone.to_s
