"""The talk left the prepared themes.

Reads Heard and Understood of their side, Asked, MaybeAsked and Ticked; finds Drifted, once until
the talk was back. Law: what was not looked at, and what is too short to be about anything, tells
nothing; a prepared question brings the talk back, and so does a pause; where nothing tells what
is elsewhere nobody is ever said to be there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from assistant.events import (
    Asked,
    Channel,
    Drifted,
    Entry,
    Finding,
    Forgotten,
    Heard,
    Kinds,
    MaybeAsked,
    Paused,
    Recovered,
    Resumed,
    Ticked,
    Understood,
)
from assistant.minds.spoken import Utterances, utterances_of
from assistant.minds.waiting import Waiting
from assistant.plan import Plan

LINES = 4
"""Over so many of their last lines the nearness is taken."""
MOST_LINES = 40
"""What was said before these is long ago."""
SHORTEST_WORDS = 5
"""A shorter line is about nothing."""


@dataclass(frozen=True, slots=True)
class _Line:
    start_s: float
    end_s: float
    theme: float = 0.0


@dataclass(slots=True)
class Drift:
    """Their last lines, and since when they are about something else."""

    READS: ClassVar[Kinds] = (
        Heard,
        Understood,
        Asked,
        MaybeAsked,
        Ticked,
        Paused,
        Resumed,
        Forgotten,
        Recovered,
    )
    plan: Plan
    _utterances: Utterances = field(init=False)
    _waiting: Waiting[_Line] = field(default_factory=Waiting[_Line])
    _lines: list[_Line] = field(default_factory=list[_Line])
    _gone_until_s: float = -1.0
    """The program was gone until then."""
    _is_told: bool = False

    def __post_init__(self) -> None:
        self._utterances = utterances_of(self.plan.phrases)

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        match entry.event:
            case Heard(end_s=end_s) if end_s <= self._gone_until_s:
                # It was said while nobody was there.
                pass
            case Heard(channel=Channel.THEM | Channel.UNCLEAR, echo=False) as heard:
                if len(self._utterances.content(heard.text)) >= SHORTEST_WORDS:
                    line = _Line(heard.start_s, min(heard.end_s, entry.at_s))
                    self._waiting.add(entry.seq, line)
            case Understood(heard_seq, theme=theme) if heard_seq in self._waiting:
                line = self._waiting.take(heard_seq)
                return self._weigh(_Line(line.start_s, line.end_s, theme)) if theme > 0 else []
            case Asked() | MaybeAsked() | Ticked() | Paused() | Resumed() | Forgotten():
                self._begin_anew()
            case Recovered(_, to_s):
                self._gone_until_s = to_s
                self._waiting.clear()
                self._begin_anew()
            case _:
                pass
        return []

    def _weigh(self, line: _Line) -> list[Finding]:
        least = self._least
        self._lines = [*self._lines, line][-MOST_LINES:]
        if len(self._lines) < LINES:
            return []
        if _mean(self._lines[-LINES:]) >= least:
            self._is_told = False
            return []
        since_s = self._away_since_s()
        if self._is_told or since_s is None or line.end_s - since_s < self.plan.dials.drift_s:
            return []
        self._is_told = True
        return [Drifted(round(since_s, 3))]

    @property
    def _least(self) -> float:
        # What can not be told is in the middle: nobody is said to be elsewhere for that.
        return min(self.plan.dials.drift_below, 0.5)

    def _away_since_s(self) -> float | None:
        """Return the start of the first line from which on, taken together, they are elsewhere."""
        least = self._least
        for at, line in enumerate(self._lines[: 1 - LINES]):
            if line.theme < least and _mean(self._lines[at:]) < least:
                return line.start_s
        return None

    def _begin_anew(self) -> None:
        self._lines.clear()
        self._is_told = False


def _mean(lines: Sequence[_Line]) -> float:
    return sum(line.theme for line in lines) / len(lines)
