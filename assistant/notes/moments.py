"""What the user marked and noted, and how the talk stood just then.

Reads Marked, NoteTaken, MarkHeard, Farewell, JobAsked and the lines. Law: a
spoken command ("next question") is no note.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from assistant.events import Channel, Entry, Farewell, JobAsked, Marked, MarkHeard, NoteTaken
from assistant.notes.talk import Line, Quote, clean, quote

CONTEXT_S = 45.0
"""What was said no longer ago than this may be what a mark is about."""
LONGEST_CONTEXT = 30
"""Words."""


class Moment(msgspec.Struct, frozen=True):
    """A note, a marked moment, or a name to look up."""

    kind: Literal["note", "moment", "name"]
    start_s: float
    text: str
    """The note's words; for a mark what the user said with it, often nothing."""
    spoken: bool
    """Said aloud, rather than typed."""
    context: Quote | None
    """The line before, theirs if there is one."""
    seqs: tuple[int, ...]


class Goodbye(msgspec.Struct, frozen=True):
    """They wanted to end."""

    quote: Quote
    minutes_left: float | None
    """The minutes they named, if they named any."""
    seqs: tuple[int, ...]


def moments(entries: Sequence[Entry], said: Sequence[Line]) -> tuple[Moment, ...]:
    """Return notes and marks in their order; `entries` as `talk.kept` returns them."""
    found: list[Moment] = []
    for entry in entries:
        match entry.event:
            case NoteTaken(text):
                found.append(_moment("note", entry, text, None, said))
            case Marked(text):
                found.append(_moment("moment", entry, text, None, said))
            case MarkHeard(heard_seq, "note" | "moment" | "name" as kind, text):
                line = next((line for line in said if line.seq == heard_seq), None)
                # The words that made the mark ("let me write that down") say nothing more.
                found.append(_moment(kind, entry, text if kind == "note" else "", line, said))
            case _:
                pass
    return tuple(sorted(found, key=lambda moment: (moment.start_s, moment.seqs)))


def goodbyes(entries: Sequence[Entry], said: Sequence[Line]) -> tuple[Goodbye, ...]:
    """Return where they wanted to end."""
    by_seq = {line.seq: line for line in said}
    found: list[Goodbye] = []
    for entry in entries:
        match entry.event:
            case Farewell(heard_seq, minutes_left) if line := by_seq.get(heard_seq):
                words = quote(line.channel, line.words, LONGEST_CONTEXT)
                found.append(Goodbye(words, minutes_left, (heard_seq, entry.seq)))
            case _:
                pass
    return tuple(found)


def job_asks(entries: Sequence[Entry], said: Sequence[Line]) -> tuple[Quote, ...]:
    """Return where the user asked for a job."""
    seqs = {entry.event.heard_seq for entry in entries if isinstance(entry.event, JobAsked)}
    return tuple(quote(li.channel, li.words, LONGEST_CONTEXT) for li in said if li.seq in seqs)


def _moment(
    kind: Literal["note", "moment", "name"],
    entry: Entry,
    text: str,
    line: Line | None,
    said: Sequence[Line],
) -> Moment:
    start_s = line.start_s if line else entry.at_s
    context = _context(start_s, line, said)
    seqs = (
        *((line.seq,) if line else ()),
        entry.seq,
        *(context.seqs if context else ()),
    )
    return Moment(kind, start_s, clean(text), line is not None, context, seqs)


def _context(start_s: float, line: Line | None, said: Sequence[Line]) -> Quote | None:
    before = [
        other
        for other in said
        if start_s - CONTEXT_S <= other.start_s <= start_s
        and not other.is_filler
        and other is not line
    ]
    theirs = [other for other in before if other.channel != Channel.ME]
    nearest = (theirs or before)[-1:]
    return quote(nearest[0].channel, nearest[0].words, LONGEST_CONTEXT) if nearest else None
