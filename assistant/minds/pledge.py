"""A promise or a request, by either side.

Reads Heard and what Understood says of it; finds Promised, for the line as it was said. Law: who
is to do what, and until when, is for the notes; a line is marked once; never an echo.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from assistant.events import Channel, Entry, Finding, Heard, Kinds, Promised, Understood
from assistant.minds.waiting import Waiting
from assistant.plan import Plan


@dataclass(slots=True)
class Pledges:
    """The lines that wait for what they mean."""

    READS: ClassVar[Kinds] = (Heard, Understood)
    plan: Plan
    _waiting: Waiting[Channel] = field(default_factory=Waiting[Channel])

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        match entry.event:
            case Heard(channel=channel, echo=False):
                self._waiting.add(entry.seq, channel)
            case Understood(heard_seq, promise=score) if heard_seq in self._waiting:
                channel = self._waiting.take(heard_seq)
                if score >= self.plan.dials.promise_at:
                    return [Promised(channel, heard_seq, score)]
            case _:
                pass
        return []
