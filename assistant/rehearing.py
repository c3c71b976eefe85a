"""A call that is over, heard again: what is still to be heard, and how it gets into the journal.

Reads a call's entries and its kept sound; writes HeardAgain, behind the call's end. Law: both
hearings stay; a stretch that an engine has heard it does not hear again, so whoever is interrupted
goes on where it stopped; what was heard is on disk a quarter of a minute later at the latest.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import msgspec

from assistant.amending import amend
from assistant.errors import Refused
from assistant.events import Channel, Entry, Heard, HeardAgain, NameChange, SpeechEnded
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.second import PAD_S, PRE_ROLL_S, Second, hear
from assistant.keeping.folder import CallFolder
from assistant.keeping.unfinished import ending_of
from assistant.notes.revised import corrections
from assistant.plan import Plan
from assistant.understanding.spelling import Speller

KEPT_EVERY_S = 15.0
"""To place facts in a call costs a replay of it, a tenth of a second for half an hour; so not for
each line."""
LEAST_UNHEARD_S = 0.6
"""A shorter stretch of speech in which nothing was heard is a breath or a click."""

Read = Callable[[Path, float, float], bytes]
"""A stretch of raw sound, from second to second."""
Progress = Callable[[float], None]
"""Told how many seconds of speech were heard just now."""


class Stretch(msgspec.Struct, frozen=True):
    """Speech that is heard by itself."""

    instead_of: tuple[int, ...]
    """The line that was heard of it; none where nothing was."""
    channel: Channel
    start_s: float
    end_s: float
    engine: str
    """What heard it in the call; empty where nothing was heard."""
    from_s: float = 0.0
    """The sound from here on is the engine's, the last speech before it is not."""

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s


def need_heard_out(folder: CallFolder) -> None:
    """Raise Refused for a call that was not heard to its end a first time."""
    if ending_of(folder) != "heard out":
        raise Refused(
            f"{folder.name} was not heard to its end yet, so it can not be heard again.",
            f"`sottovoce wrap {folder.name}` hears the rest first.",
        )


def stretches(entries: Sequence[Entry]) -> tuple[Stretch, ...]:
    """Return all speech of a call as it was heard, and where nothing was; as it was spoken."""
    heard = [
        Stretch((entry.seq,), line.channel, line.start_s, line.end_s, line.engine)
        for entry in entries
        if isinstance(line := entry.event, Heard) and not line.echo and line.end_s > line.start_s
    ]
    found: list[Stretch] = []
    for channel in Channel:
        lines = sorted(
            (stretch for stretch in heard if stretch.channel == channel),
            key=lambda stretch: stretch.start_s,
        )
        speech = [
            (e.event.start_s, e.event.end_s)
            for e in entries
            if isinstance(e.event, SpeechEnded) and e.event.channel == channel
        ]
        # An echo is no speech of anybody: it is left out as if it had been heard.
        spans = sorted(
            (e.event.start_s, e.event.end_s)
            for e in entries
            if isinstance(e.event, Heard) and e.event.channel == channel
        )
        unheard = [
            Stretch((), channel, start_s, end_s, "")
            for start_s, end_s in _between(speech, spans)
            if end_s - start_s >= LEAST_UNHEARD_S
        ]
        own = sorted([*lines, *unheard], key=lambda stretch: stretch.start_s)
        ends_s = [float("-inf"), *(stretch.end_s for stretch in own)]
        found += [
            msgspec.structs.replace(
                stretch, from_s=max(0.0, stretch.start_s - PRE_ROLL_S, min(end_s, stretch.start_s))
            )
            for stretch, end_s in zip(own, ends_s, strict=False)
        ]
    return tuple(sorted(found, key=lambda stretch: (stretch.start_s, stretch.channel)))


def still_to_hear(entries: Sequence[Entry], label: str) -> tuple[Stretch, ...]:
    """Return the stretches that an engine has not heard, neither in the call nor after it."""
    done = {
        _key(e.event)
        for e in entries
        if isinstance(e.event, HeardAgain) and e.event.engine == label
    }
    return tuple(
        stretch
        for stretch in stretches(entries)
        if stretch.engine != label and _key(stretch) not in done
    )


def with_corrected_names(plan: Plan, entries: Sequence[Entry]) -> Plan:
    """Return the plan with the names that the user put right in this call among its terms."""
    names = (
        c.change.text
        for c in corrections(entries)
        if c.is_active and isinstance(c.change, NameChange)
    )
    return msgspec.structs.replace(plan, terms=tuple(dict.fromkeys((*plan.terms, *names))))


@dataclass(slots=True)
class Rehearing:
    """One call that is heard again; hold its folder meanwhile."""

    folder: CallFolder
    plan: Plan
    speller: Speller
    """Knows the names that the user put right, too."""
    second: Second
    engine: Recogniser
    read: Read
    rates: Mapping[str, float]
    """What heard the call -> the share of words it mishears."""
    _unkept: list[HeardAgain] = field(default_factory=list[HeardAgain])

    def hear(
        self, wanted: Iterable[Stretch], sounds: Mapping[Channel, Path], progress: Progress
    ) -> None:
        """Hear the stretches of which there is sound; what was heard stays, whatever ends it."""
        kept_s = time.monotonic()
        try:
            for stretch in wanted:
                if (raw := sounds.get(stretch.channel)) is not None:
                    self._unkept += filter(None, (self.again(stretch, raw),))
                progress(stretch.length_s)
                if time.monotonic() - kept_s >= KEPT_EVERY_S:
                    self._keep()
                    kept_s = time.monotonic()
        finally:
            self._keep()

    def again(self, stretch: Stretch, raw: Path) -> HeardAgain | None:
        """Hear one stretch; None where there is no sound of it."""
        pcm = self.read(raw, stretch.from_s, stretch.end_s + PAD_S)
        if not pcm:
            return None
        words = hear(self.engine, pcm, stretch.from_s, stretch.start_s, stretch.end_s)
        text = " ".join(word.text for word in words)
        heard = self.speller.put_right(
            Heard(stretch.channel, stretch.start_s, stretch.end_s, text, tuple(words))
        )
        return HeardAgain(
            instead_of=stretch.instead_of,
            channel=stretch.channel,
            start_s=stretch.start_s,
            end_s=stretch.end_s,
            text=heard.text,
            words=heard.words,
            engine=self.second.label,
            as_heard=heard.as_heard,
            word_errors=self.second.word_errors,
            first_word_errors=self.rates.get(stretch.engine),
        )

    def _keep(self) -> None:
        facts, self._unkept = self._unkept, []
        if facts:
            amend(self.folder, self.plan, facts)


def _key(of: Stretch | HeardAgain) -> tuple[object, ...]:
    return of.instead_of or (of.channel, of.start_s, of.end_s)


def _between(
    speech: Sequence[tuple[float, float]], heard: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return the parts of speech that lie in no line."""
    rest: list[tuple[float, float]] = []
    for start_s, end_s in speech:
        inside = [(a, b) for a, b in heard if a < end_s and b > start_s]
        edges = [(start_s, start_s), *inside, (end_s, end_s)]
        rest += [(b, a) for (_, b), (a, _) in pairwise(edges) if a > b]
    return rest
