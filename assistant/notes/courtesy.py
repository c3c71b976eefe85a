"""What is owed to who gives their time, and whether it was done.

Reads the lines, the questions that were asked and how the call ended. Law: done only where it was
heard; of a call with one microphone for both, whoever said it.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, TypeAlias

import msgspec

from assistant.events import Channel, Entry, Heard
from assistant.minds.spoken import find, phrases_of, words_of
from assistant.notes.talk import Line, Quote, quote
from assistant.notes.words import CourtesyWords

OPENING_S = 75.0
"""Who one is, is said so early."""
CLOSING_S = 120.0
"""Thanks for the call come so late; those at the opening are for picking up."""
GRACE_S = 60.0
"""A minute over the time is on time."""
EARLY = 0.6
"""A call that was over before this share of the agreed time ended early: it was cut off, or
time was given back."""
LONGEST_QUOTE = 30

CourtesyKind: TypeAlias = Literal[
    "introduced",
    "asked what was missed",
    "asked whom else",
    "asked to keep in touch",
    "thanked",
    "ended on time",
]


class Courtesy(msgspec.Struct, frozen=True):
    """One courtesy, and whether it was done."""

    kind: CourtesyKind
    was_done: bool
    quote: Quote | None
    """The words it was done with; none for the time."""
    seqs: tuple[int, ...]
    was_early: bool = False
    """Of the time: it was over well before what was agreed."""


def courtesies(
    said: Sequence[Line],
    entries: Sequence[Entry],
    asked_in: Collection[int],
    planned_s: float,
    words: CourtesyWords,
) -> tuple[Courtesy, ...]:
    """Tell of each; lines in `asked_in` asked for others to talk to."""
    end_s = max((line.end_s for line in said), default=0.0)
    others = next((line for line in said if line.seq in asked_in), None)
    done: dict[CourtesyKind, Line | None] = {
        "introduced": _first(said, words.introduced, to_s=OPENING_S),
        "asked what was missed": _first(said, words.missed, from_s=OPENING_S),
        "asked whom else": others,
        "asked to keep in touch": _first(said, words.keep_in_touch, from_s=OPENING_S),
        "thanked": _first(said, words.thanked, from_s=max(end_s / 2, end_s - CLOSING_S)),
    }
    if not said:
        return ()
    return (*(_told(kind, line) for kind, line in done.items()), _on_time(entries, planned_s))


def asked_for_others(said: Sequence[Line], words: CourtesyWords) -> Line | None:
    """Return where the user asked for others to talk to, in their own words."""
    return _first(said, words.whom_else, from_s=OPENING_S)


def _first(
    said: Sequence[Line], texts: Iterable[str], from_s: float = 0.0, to_s: float = float("inf")
) -> Line | None:
    """Return the first line of the user's in that time with one of the phrases."""
    book = phrases_of(texts)
    mine = (line for line in said if Channel.THEM not in (line.channel, line.probably))
    return next(
        (
            line
            for line in mine
            if from_s <= line.start_s <= to_s and find(words_of(line.text), book)
        ),
        None,
    )


def _told(kind: CourtesyKind, line: Line | None) -> Courtesy:
    if line is None:
        return Courtesy(kind, False, None, ())
    return Courtesy(kind, True, quote(line.channel, line.words, LONGEST_QUOTE), (line.seq,))


def _on_time(entries: Sequence[Entry], planned_s: float) -> Courtesy:
    """Tell whether the talk was over in the time that was agreed, by its last words."""
    last = max(
        (entry for entry in entries if isinstance(entry.event, Heard)),
        key=lambda entry: entry.event.end_s if isinstance(entry.event, Heard) else 0.0,
        default=None,
    )
    ended_s = last.event.end_s if last and isinstance(last.event, Heard) else 0.0
    seqs = (last.seq,) if last else ()
    is_early = ended_s < planned_s * EARLY
    return Courtesy("ended on time", ended_s <= planned_s + GRACE_S, None, seqs, is_early)
