"""What failed during a call: sound that was not captured, parts in trouble, the program gone.

Reads AudioLost, Trouble and Recovered. Law: what two channels lost at once was
lost once, and a trouble is one line from its beginning to its end.
"""

from collections.abc import Sequence

import msgspec

from assistant.events import AudioLost, Channel, Entry, Recovered, Trouble
from assistant.minds.stretches import LEAST_LOST_S, merged
from assistant.notes.talk import Line

JOIN_S = 2.0
"""Two losses so near are told as one."""


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


def absences(entries: Sequence[Entry], said: Sequence[Line]) -> tuple[Gone, ...]:
    """Return when the program was not there, and how much was heard of it afterwards."""
    return tuple(
        Gone(
            gone.from_s,
            round(gone.to_s - gone.from_s, 3),
            sum(gone.from_s < line.end_s and line.start_s < gone.to_s for line in said),
            (entry.seq,),
        )
        for entry in entries
        if isinstance(gone := entry.event, Recovered)
    )
