"""One call: facts in, entries out. The only place where the minds meet.

Live call, rehearsal, recovery and tests run this same code; the daemon adds
nothing but the clock. The law, a property test:

    replay(plan, facts of the journal) == journal
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from assistant.errors import Refused
from assistant.events import (
    AFTERWARDS,
    EVERY,
    FACTS,
    CallEnded,
    CallStarted,
    Corrected,
    Entry,
    Extended,
    Fact,
    Finding,
    HeardAgain,
    Kinds,
    Paused,
    QuestionChange,
    Recovered,
    Resumed,
    Tick,
    Ticked,
)
from assistant.minds.caution import Caution
from assistant.minds.coach import Coach
from assistant.minds.consent import Consents
from assistant.minds.coverage import Coverage
from assistant.minds.drift import Drift
from assistant.minds.farewell import Farewells
from assistant.minds.floor import Floor
from assistant.minds.markers import Markers
from assistant.minds.pledge import Pledges
from assistant.minds.timekeeper import Timekeeper
from assistant.plan import Plan

TICK_S = 0.25
"""How finely the minds feel time pass, in seconds."""

LONGEST_EXTENSION_S = 4 * 3600.0

FEEL_TIME = Floor, Timekeeper, Coach
"""The minds that read Tick; to the others it is nothing."""
_TICK = Tick()


class Mind(Protocol):
    """Entry in, findings out; nothing else."""

    READS: ClassVar[Kinds]
    """What it is fed; all else is nothing to it. Three hours must be told again in a moment."""

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        ...


class Clocked(Mind, Protocol):
    """A mind that feels time pass."""

    @property
    def due_s(self) -> float:
        """Return before when no tick brings anything or counts, unless an entry comes first."""
        ...


@dataclass(slots=True)
class Call:
    """The state of one call, built from its facts and nothing else."""

    plan: Plan
    _readers: dict[type[Fact | Finding | Tick], tuple[Mind, ...]] = field(init=False)
    """What may come -> the minds that read it, in their order."""
    _clocked: tuple[Clocked, ...] = field(init=False)
    _seq: int = 0
    _ticks: int = 0
    _at_s: float = 0.0
    _state: str = "waiting"

    def __post_init__(self) -> None:
        plan = self.plan
        minds = Floor(plan), Timekeeper(plan), Markers(plan), Coverage(plan), Farewells(plan)
        # The coach comes last: it reads what the others find.
        told = Consents(plan), Drift(plan), Caution(plan), Pledges(plan)
        all_: tuple[Mind, ...] = (*minds, *told, Coach(plan))
        self._readers = {kind: tuple(m for m in all_ if kind in m.READS) for kind in EVERY}
        self._clocked = tuple(mind for mind in all_ if isinstance(mind, FEEL_TIME))

    @property
    def is_open(self) -> bool:
        """Tell whether the call has started and not ended."""
        return self._state in ("open", "paused")

    def receive(self, fact: Fact, at_s: float) -> list[Entry]:
        """Take one fact; return its entry and every entry that follows from it.

        A time before the last entry's counts as the last entry's. Raises Refused, and changes
        nothing, if the call is not in a state that allows the fact.
        """
        state = self._allow(fact)
        before = self.wait(at_s)
        if isinstance(fact, CallStarted):
            # Nobody felt the time before the call pass.
            self._ticks = max(0, math.floor(at_s / TICK_S))
        if isinstance(fact, Recovered):
            # Nor that in which the program was gone; so it is to be placed where it went.
            self._ticks = max(self._ticks, math.floor(fact.to_s / TICK_S))
        self._state = state
        return before + self._place(fact, max(at_s, self._at_s))

    def wait(self, until_s: float) -> list[Entry]:
        """Let time pass to `until_s`; return the entries that time alone brings."""
        if not self.is_open:
            return []
        entries: list[Entry] = []
        last = math.floor(until_s / TICK_S)
        while self._ticks < last:
            self._ticks = self._next_tick(last)
            self._at_s = max(self._at_s, self._ticks * TICK_S)
            tick = Entry(self._seq, self._ticks * TICK_S, _TICK)
            found = [finding for mind in self._clocked for finding in mind.feed(tick)]
            entries += [e for finding in found for e in self._place(finding, tick.at_s)]
        return entries

    def _next_tick(self, last: int) -> int:
        """Return the next tick that may count; three hours of them must be felt in a moment.

        The one before an entry is always felt, so that every mind knows how late it is.
        """
        due_s = min([mind.due_s for mind in self._clocked])
        if due_s >= last * TICK_S:
            return last
        return max(self._ticks + 1, math.ceil(due_s / TICK_S))

    def _allow(self, fact: Fact) -> str:
        """Return the state after the fact; raise Refused if it may not come now."""
        if isinstance(fact, CallStarted) and self._state == "waiting":
            return "open"
        if isinstance(fact, CallStarted):
            raise Refused("This call has already started.")
        if isinstance(fact, AFTERWARDS):
            return self._afterwards(fact)
        if not self.is_open:
            raise Refused("No call is running.", "Start one with `sottovoce start`.")
        return self._after(fact)

    def _afterwards(self, fact: Corrected | HeardAgain) -> str:
        """Let a fact come that follows a call; it never opens one again."""
        if self._state != "ended":
            raise Refused(
                "Only a call that is over can be corrected.",
                "`sottovoce stop` ends the one that runs.",
            )
        match fact:
            case Corrected(change=QuestionChange(question_id)):
                self._known(question_id)
            case _:
                pass
        return "ended"

    def _known(self, question_id: str) -> None:
        if self.plan.question(question_id) is None:
            known = ", ".join(question.id for question in self.plan.questions)
            raise Refused(f"There is no question {question_id!r}.", f"Questions: {known}")

    def _after(self, fact: Fact) -> str:
        match fact:
            case CallEnded():
                return "ended"
            case Paused() if self._state == "paused":
                raise Refused("The call is paused already.", "`sottovoce resume` goes on.")
            case Paused():
                return "paused"
            case Resumed() if self._state != "paused":
                raise Refused("The call is not paused.", "`sottovoce pause` pauses it.")
            case Resumed():
                return "open"
            case Ticked(question_id):
                self._known(question_id)
                return self._state
            case Recovered(from_s, to_s) if not (math.isfinite(from_s) and math.isfinite(to_s)):
                raise Refused("Nobody can be gone for ever.")
            case Extended(by_s) if not (math.isfinite(by_s) and 0 < by_s <= LONGEST_EXTENSION_S):
                raise Refused("A call can be extended by up to four hours.", "Try `extend 5m`.")
            case _:
                return self._state

    def _place(self, event: Fact | Finding, at_s: float) -> list[Entry]:
        self._seq += 1
        self._at_s = at_s
        entry = Entry(self._seq, at_s, event)
        return [entry, *self._follow(entry)]

    def _follow(self, entry: Entry) -> list[Entry]:
        findings = [
            finding for mind in self._readers[type(entry.event)] for finding in mind.feed(entry)
        ]
        return [e for finding in findings for e in self._place(finding, entry.at_s)]


def replay(plan: Plan, journal: Iterable[Entry]) -> list[Entry]:
    """Live the call again from its facts; equal to the journal, or the code has changed."""
    call = Call(plan)
    entries: list[Entry] = []
    for entry in journal:
        if isinstance(entry.event, FACTS):
            entries += call.receive(entry.event, entry.at_s)
        else:
            # A journal that was cut short may end with what time alone brought.
            entries += call.wait(entry.at_s)
    return entries
