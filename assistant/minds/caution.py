"""I am asking for a job.

Reads Heard of my side (or of the one microphone for both) and what Understood says of it; finds
JobAsked. Law: how people are hired is a fine question, so only the dial's likelihood counts; what
was prepared was thought about before; never an echo; not more than once a minute, as one ask may
take several lines.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from assistant.events import Channel, Entry, Finding, Heard, JobAsked, Kinds, Understood
from assistant.minds.slip import is_slip
from assistant.minds.waiting import Waiting
from assistant.plan import Plan

APART_S = 60.0


@dataclass(slots=True)
class Caution:
    """My lines that wait for what they mean, and when I was last warned."""

    READS: ClassVar[Kinds] = (Heard, Understood)
    plan: Plan
    _waiting: Waiting[float] = field(default_factory=Waiting[float])
    """When each was heard."""
    _told_s: float | None = None

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        match entry.event:
            case Heard(channel=Channel.ME | Channel.UNCLEAR, echo=False, probably=who) if (
                who is not Channel.THEM
            ):
                self._waiting.add(entry.seq, entry.at_s)
            case Understood(heard_seq) as understood if heard_seq in self._waiting:
                at_s = self._waiting.take(heard_seq)
                return self._warn(heard_seq, at_s) if is_slip(understood, self.plan.dials) else []
            case _:
                pass
        return []

    def _warn(self, seq: int, at_s: float) -> list[Finding]:
        if self._told_s is not None and at_s - self._told_s < APART_S:
            return []
        self._told_s = at_s
        return [JobAsked(seq)]
