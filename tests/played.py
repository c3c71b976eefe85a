"""Calls played through the whole spine, with hands that answer every cue."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from scene import PLAN, by_words

from assistant.call import TICK_S, Call
from assistant.events import (
    CallEnded,
    CallStarted,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Fact,
    Heard,
    SpeechEnded,
    SpeechStarted,
)
from assistant.plan import Plan
from assistant.understanding.meaning import BEFORE, Understand, Utterance

STARTED = CallStarted("2026-12-01-1500-dana", "2026-12-01T15:00:00+01:00", "0", {"hearing": "x"})

How: TypeAlias = Literal["spoken", "cut", "stopped", "call_ended", "tone", "shown", "expired"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody says something after a while."""

    channel: Channel
    gap_s: float
    length_s: float
    text: str
    late_s: float = 0.3
    """How long the words take to come."""
    echo: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A fact from elsewhere, after a while."""

    gap_s: float
    fact: Fact


Act: TypeAlias = Turn | Wish


@dataclass(slots=True)
class Played:
    """A call, its journal so far, and what is still to come of the cues."""

    plan: Plan = PLAN
    hows: tuple[How | None, ...] = ("spoken",)
    """What becomes of the cues, one after the other and over again; None for no answer."""
    journal: list[Entry] = field(default_factory=list[Entry])
    _call: Call = field(init=False)
    _now_s: float = 0.0
    _due: list[tuple[float, Fact]] = field(default_factory=list[tuple[float, Fact]])
    _cues: int = 0
    _heard: list[Heard] = field(default_factory=list[Heard])
    _understand: Understand = field(init=False)

    def __post_init__(self) -> None:
        self._understand = by_words(self.plan)
        self._call = Call(self.plan)
        self._take(self._call.receive(STARTED, 0.0))

    def play(self, acts: Iterable[Act]) -> "Played":
        """Play one act after the other."""
        for act in acts:
            if isinstance(act, Wish):
                self.place(self._now_s + act.gap_s, act.fact)
            else:
                self._say(act)
        return self

    def end(self) -> list[Entry]:
        """End the call and return its journal."""
        self.place(self._now_s + 1.0, CallEnded("stopped"))
        return self.journal

    def place(self, at_s: float, fact: Fact) -> list[Entry]:
        """Let time pass, and place a fact; a refused one changes nothing."""
        self._until(at_s)
        entries = self._call.receive(fact, round(at_s, 3))
        self._take(entries)
        return entries

    def _say(self, turn: Turn) -> None:
        start_s = round(self._now_s + turn.gap_s, 3)
        end_s = round(start_s + turn.length_s, 3)
        self.place(start_s + 0.1, SpeechStarted(turn.channel, start_s))
        self.place(end_s + 0.4, SpeechEnded(turn.channel, start_s, end_s))
        heard = Heard(turn.channel, start_s, end_s, turn.text, echo=turn.echo)
        seq = next(e.seq for e in self.place(end_s + 0.4 + turn.late_s, heard) if e.event is heard)
        if not heard.echo:
            utterance = Utterance(seq, heard, tuple(self._heard[-BEFORE:]))
            self.place(self._now_s, self._understand(utterance))
            self._heard.append(heard)

    def _until(self, at_s: float) -> None:
        while self._now_s < at_s:
            self._now_s = min(at_s, self._now_s + TICK_S)
            self._take(self._call.wait(self._now_s))
            while self._due and self._due[0][0] <= self._now_s:
                self._take(self._call.receive(self._due.pop(0)[1], round(self._now_s, 3)))

    def _take(self, entries: list[Entry]) -> None:
        self.journal += entries
        for entry in entries:
            if isinstance(entry.event, Cue):
                how = self.hows[self._cues % len(self.hows)]
                self._cues += 1
                if how:
                    self._answer(entry, how)

    def _answer(self, cue: Entry, how: How) -> None:
        start_s, end_s = cue.at_s, cue.at_s + 1.5
        if how != "expired":
            self._due.append((start_s, CueStarted(cue.seq, start_s)))
        self._due.append((end_s, CueEnded(cue.seq, start_s, end_s, how)))
