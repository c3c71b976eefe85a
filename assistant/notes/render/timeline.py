"""What a call looks like along its time: who spoke when, and what happened.

Reads the notes and the lines. Law: pure; nothing is placed outside the call, and every sign
names the line of the page that it stands for.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from assistant.events import Channel
from assistant.notes.notes import Notes
from assistant.notes.talk import Line, clean

SMALLEST_GAP = 0.002
"""Part of the call, 0 to 1: a pause in speech that is shorter can not be seen on a page."""

MarkKind = Literal["question", "promise", "note", "mark", "cue"]
StretchKind = Literal["stall", "paused", "lost", "forgotten"]


class Span(msgspec.Struct, frozen=True):
    """From one second of the call to another."""

    start_s: float
    end_s: float


class Lane(msgspec.Struct, frozen=True):
    """When one voice spoke."""

    channel: Channel
    spans: tuple[Span, ...]


class Mark(msgspec.Struct, frozen=True):
    """Something that happened at one second."""

    kind: MarkKind
    at_s: float
    text: str
    place: str
    """The id of its line on the page."""
    number: int | None = None
    """Of a question: the one it has on the page."""


class Stretch(msgspec.Struct, frozen=True):
    """Something that lasted."""

    kind: StretchKind
    span: Span
    place: str


class Timeline(msgspec.Struct, frozen=True):
    """A call along its time."""

    length_s: float
    lanes: tuple[Lane, ...]
    """One for each voice: two, or one where one microphone heard both."""
    marks: tuple[Mark, ...]
    """In the order of time."""
    stretches: tuple[Stretch, ...]
    """In the order of time."""


def timeline(notes: Notes, said: Iterable[Line]) -> Timeline:
    """Lay a call out along its time; `said` as `talk.lines` returns it."""
    said = tuple(said)
    ends_s = max([notes.header.length_s, *(line.end_s for line in said)], default=0.0)
    marks = [_within(mark, ends_s) for mark in _marks(notes)]
    return Timeline(
        length_s=ends_s,
        lanes=_lanes(said, ends_s),
        marks=tuple(sorted(marks, key=lambda mark: mark.at_s)),
        stretches=tuple(sorted(_stretches(notes, ends_s), key=lambda s: s.span.start_s)),
    )


def _lanes(said: Sequence[Line], ends_s: float) -> tuple[Lane, ...]:
    voices = {line.channel for line in said}
    # Both sides have their lane, though one of them said nothing.
    shown = {Channel.ME, Channel.THEM, *voices} if voices != {Channel.UNCLEAR} else voices
    return tuple(
        Lane(channel, _joined([line for line in said if line.channel is channel], ends_s))
        for channel in Channel
        if channel in shown
    )


def _joined(own: Sequence[Line], ends_s: float) -> tuple[Span, ...]:
    spans: list[Span] = []
    for line in own:
        start_s, end_s = max(0.0, line.start_s), min(ends_s, line.end_s)
        if spans and start_s - spans[-1].end_s < SMALLEST_GAP * ends_s:
            spans[-1] = Span(spans[-1].start_s, max(end_s, spans[-1].end_s))
        else:
            spans.append(Span(start_s, end_s))
    return tuple(spans)


def _marks(notes: Notes) -> Iterable[Mark]:
    for number, asked in enumerate(notes.asked, 1):
        yield Mark("question", asked.start_s, asked.text, f"question-{number}", number)
    for promise in (one for one in notes.promises if one.state != "dropped"):
        yield Mark("promise", promise.start_s, promise.what, f"promise-{promise.number}")
    for number, moment in enumerate(notes.moments, 1):
        text = moment.text or (moment.context.text if moment.context else "")
        kind = "note" if moment.kind == "note" else "mark"
        yield Mark(kind, moment.start_s, text, f"moment-{number}")
    for number, cue in enumerate(notes.delivery.cues, 1):
        yield Mark("cue", cue.start_s, cue.text, f"cue-{number}")


def _stretches(notes: Notes, ends_s: float) -> Iterable[Stretch]:
    went = notes.delivery
    for number, stall in enumerate(went.stalls, 1):
        yield _stretch("stall", stall.start_s, stall.length_s, ends_s, number)
    for number, pause in enumerate(went.pauses, 1):
        yield _stretch("paused", pause.start_s, pause.length_s, ends_s, number)
    for number, loss in enumerate(went.lost_otherwise, 1):
        yield _stretch("lost", loss.start_s, loss.length_s, ends_s, number)
    for number, gone in enumerate(went.gone, 1):
        # What was heard afterwards was captured, though nobody was there.
        if gone.lost_s or not gone.was_heard_out:
            span = _span(gone.start_s, gone.length_s, ends_s)
            yield Stretch("lost", span, f"gone-{number}")
    for number, forgot in enumerate(went.forgotten, 1):
        yield _stretch("forgotten", forgot.start_s, forgot.length_s, ends_s, number)


def _stretch(
    kind: StretchKind, start_s: float, length_s: float, ends_s: float, number: int
) -> Stretch:
    return Stretch(kind, _span(start_s, length_s, ends_s), f"{kind}-{number}")


def _span(start_s: float, length_s: float, ends_s: float) -> Span:
    from_s = min(max(0.0, start_s), ends_s)
    return Span(from_s, min(max(from_s, start_s + length_s), ends_s))


def _within(mark: Mark, ends_s: float) -> Mark:
    at_s = min(max(0.0, mark.at_s), ends_s)
    return msgspec.structs.replace(mark, at_s=at_s, text=clean(mark.text))
