"""I am asking for a job.

Reads Heard of my side (or of the one microphone for both) and what Understood says of it; finds
JobAsked. Law: how people are hired is a fine question, so only the dial's likelihood counts; what
was prepared was thought about before; never an echo; not more than once a minute, as one ask may
take several lines.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from assistant.events import Channel, Entry, Finding, Heard, JobAsked, Kinds, Understood
from assistant.minds.waiting import Waiting
from assistant.plan import Plan

APART_S = 60.0
SURER = 0.1
"""What is so much surer an ask for a job than a prepared question is none; `Coverage` says the
same."""


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
            case Understood(heard_seq, likeness, job_ask=score) if heard_seq in self._waiting:
                at_s = self._waiting.take(heard_seq)
                surest = max(likeness.values(), default=0.0)
                is_prepared = surest >= self.plan.dials.asked_at and score < surest + SURER
                return [] if is_prepared else self._weigh(heard_seq, at_s, score)
            case _:
                pass
        return []

    def _weigh(self, seq: int, at_s: float, score: float) -> list[Finding]:
        if score < self.plan.dials.job_ask_at:
            return []
        if self._told_s is not None and at_s - self._told_s < APART_S:
            return []
        self._told_s = at_s
        return [JobAsked(seq)]
