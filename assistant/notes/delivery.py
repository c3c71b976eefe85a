"""How it went: who spoke how much, what stalled, what the murmurs came to.

Reads speech, stalls and cues; what failed is in `mishaps`. Law: numbers of this
call only; nothing is judged.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from assistant.events import (
    CallEnded,
    Channel,
    Cue,
    CueEnded,
    Entry,
    Forgotten,
    Paused,
    Resumed,
    SpeechEnded,
    Stalled,
)
from assistant.minds.balance import Balance
from assistant.minds.stretches import total_s
from assistant.notes.answers import AskedQuestion
from assistant.notes.manner import (
    Interruption,
    Minute,
    Style,
    by_minute,
    interruptions,
    pace_per_min,
)
from assistant.notes.mishaps import (
    Gone,
    Loss,
    Lost,
    Told,
    absences,
    losses,
    lost,
    lost_with,
    troubles,
)
from assistant.notes.talk import Line, Quote

FOLLOWED_WITHIN_S = 60.0
"""A question asked so soon after its cue followed it."""

Became = Literal["spoken", "cut", "stopped", "call_ended", "tone", "shown", "expired", "unknown"]


class Share(msgspec.Struct, frozen=True):
    """What one voice spoke."""

    channel: Channel
    spoken_s: float
    share: float
    """Of all speech, 0 to 1."""


class Longest(msgspec.Struct, frozen=True):
    """The longest stretch one voice held the floor."""

    channel: Channel
    start_s: float
    length_s: float
    seqs: tuple[int, ...]


class Stall(msgspec.Struct, frozen=True):
    """A silence that was a stall, and who ended it."""

    start_s: float
    length_s: float
    ended_by: Channel | None
    """None: nobody spoke again."""
    cue: str
    """What was murmured in it, or nothing."""
    seqs: tuple[int, ...]


class CueStory(msgspec.Struct, frozen=True):
    """One cue and what became of it."""

    start_s: float
    kind: str
    text: str
    why: str
    question_id: str | None
    became: Became
    """`unknown` where the call was cut short before that was told."""
    was_followed: bool | None
    """Whether its question was heard to be asked soon after; None for a cue with no question."""
    seqs: tuple[int, ...]
    was_ticked: bool = False
    """It was not heard, but the user ticked that it was asked then."""


class Pause(msgspec.Struct, frozen=True):
    """A stretch in which the user had nothing heard or kept."""

    start_s: float
    length_s: float
    seqs: tuple[int, ...]


class Forgot(msgspec.Struct, frozen=True):
    """A stretch the user had the program forget."""

    start_s: float
    length_s: float
    seqs: tuple[int, ...]


class Delivery(msgspec.Struct, frozen=True):
    """How it went."""

    shares: tuple[Share, ...]
    longest: tuple[Longest, ...]
    """One for each side that spoke."""
    stalls: tuple[Stall, ...]
    cues: tuple[CueStory, ...]
    losses: tuple[Loss, ...]
    """Channel by channel."""
    lost: tuple[Lost, ...]
    """The same, joined over the channels."""
    lost_otherwise: tuple[Lost, ...]
    """Those of them that no stretch of `gone` tells of."""
    lost_s: float
    """Seconds in which something was not captured."""
    gone: tuple[Gone, ...]
    """Stretches in which the program was not there."""
    pauses: tuple[Pause, ...]
    paused_s: float
    forgotten: tuple[Forgot, ...]
    troubles: tuple[Told, ...]
    by_minute: tuple[Minute, ...] = ()
    pace_per_min: dict[str, float] = {}
    """Voice -> words a minute, while it speaks; of a voice that spoke enough to tell."""
    open_questions: int = 0
    """The user's questions that let the other side tell."""
    closed_questions: int = 0
    """Those that a yes answers."""
    closed_at: tuple[Quote, ...] = ()
    """These, as they were asked."""
    interruptions: tuple[Interruption, ...] = ()
    """Where the user began while the other side still spoke."""


def delivery(
    entries: Sequence[Entry],
    said: Sequence[Line],
    asked: Sequence[AskedQuestion],
    end_s: float,
    asking: Style,
) -> Delivery:
    """Tell how it went."""
    balance = _balance(entries, said)
    missing = losses(entries)
    gone = absences(entries, said, missing)
    with_gone = lost_with(gone)
    pauses = _pauses(entries, end_s)
    return Delivery(
        shares=_shares(balance),
        longest=_longest(balance),
        stalls=_stalls(entries, said, end_s),
        cues=_cues(entries, asked),
        losses=missing,
        lost=lost(missing),
        lost_otherwise=lost([loss for loss in missing if not with_gone.issuperset(loss.seqs)]),
        lost_s=round(total_s((loss.start_s, loss.end_s) for loss in missing), 3),
        gone=gone,
        pauses=pauses,
        paused_s=round(sum(pause.length_s for pause in pauses), 3),
        forgotten=_forgotten(entries),
        troubles=troubles(entries),
        by_minute=by_minute(entries),
        pace_per_min=pace_per_min(said),
        open_questions=len(asking.open),
        closed_questions=len(asking.closed),
        closed_at=asking.closed,
        interruptions=tuple(i for i in interruptions(said) if i.channel is Channel.ME),
    )


def _balance(entries: Sequence[Entry], said: Sequence[Line]) -> Balance:
    balance = Balance()
    for entry in entries:
        if isinstance(event := entry.event, SpeechEnded):
            balance.turn(event.channel, event.start_s, event.end_s)
    for line in said:
        balance.line(line.channel, line.start_s, line.end_s, line.seq, is_filler=line.is_filler)
    return balance


def _shares(balance: Balance) -> tuple[Share, ...]:
    return tuple(
        Share(channel, round(spoken_s, 3), round(balance.share(channel) or 0.0, 4))
        for channel, spoken_s in balance.spoken_s.items()
    )


def _longest(balance: Balance) -> tuple[Longest, ...]:
    best = (balance.longest(channel) for channel in Channel)
    return tuple(
        Longest(run.channel, run.start_s, round(run.length_s, 3), tuple(run.seqs))
        for run in best
        if run
    )


def _stalls(entries: Sequence[Entry], said: Sequence[Line], end_s: float) -> tuple[Stall, ...]:
    """Tell each stall to the words that ended it: a cough or a "mhm" does not."""
    found: list[Stall] = []
    for n, entry in enumerate(entries):
        if not isinstance(entry.event, Stalled):
            continue
        since_s = entry.event.since_s
        spoken = next((s for s in said if s.start_s > since_s and not s.is_filler), None)
        until_s = spoken.start_s if spoken else end_s
        later = [e for e in entries[n + 1 :] if e.at_s <= until_s]
        cue = next(((e.seq, e.event.text) for e in later if isinstance(e.event, Cue)), None)
        ended = spoken or next((e for e in later if isinstance(e.event, CallEnded)), None)
        found.append(
            Stall(
                start_s=since_s,
                length_s=round(until_s - since_s, 3),
                ended_by=spoken.channel if spoken else None,
                cue=cue[1] if cue else "",
                seqs=(entry.seq, *((cue[0],) if cue else ()), *((ended.seq,) if ended else ())),
            )
        )
    return tuple(found)


def _cues(entries: Sequence[Entry], asked: Sequence[AskedQuestion]) -> tuple[CueStory, ...]:
    by_id = {question.question_id: question for question in asked}
    ends = {e.event.cue_seq: (e.seq, e.event) for e in entries if isinstance(e.event, CueEnded)}
    found: list[CueStory] = []
    for entry in entries:
        if not isinstance(cue := entry.event, Cue):
            continue
        end_seq, ended = ends.get(entry.seq, (None, None))
        became: Became = ended.how if ended else "unknown"
        start_s = entry.at_s if ended is None or became == "expired" else ended.start_s
        question = by_id.get(cue.question_id or "")
        is_soon = question is not None and 0 <= question.start_s - start_s <= FOLLOWED_WITHIN_S
        was_ticked = is_soon and question is not None and question.found == "ticked"
        found.append(
            CueStory(
                start_s,
                cue.kind,
                cue.text,
                cue.why,
                cue.question_id,
                became,
                None if cue.question_id is None else is_soon and not was_ticked,
                (entry.seq,) if end_seq is None else (entry.seq, end_seq),
                was_ticked,
            )
        )
    return tuple(found)


def _forgotten(entries: Sequence[Entry]) -> tuple[Forgot, ...]:
    return tuple(
        Forgot(gone.from_s, round(gone.to_s - gone.from_s, 3), (entry.seq,))
        for entry in entries
        if isinstance(gone := entry.event, Forgotten)
    )


def _pauses(entries: Sequence[Entry], end_s: float) -> tuple[Pause, ...]:
    found: list[Pause] = []
    begun: Entry | None = None
    for entry in entries:
        match entry.event:
            case Paused() if begun is None:
                begun = entry
            case Resumed() if begun is not None:
                length_s = round(entry.at_s - begun.at_s, 3)
                found.append(Pause(begun.at_s, length_s, (begun.seq, entry.seq)))
                begun = None
            case _:
                pass
    if begun is not None:
        found.append(Pause(begun.at_s, round(end_s - begun.at_s, 3), (begun.seq,)))
    return tuple(found)
