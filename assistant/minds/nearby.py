"""What they just talked about: which questions it came near to, and what their last point was.

Reads Heard and Understood of their side; finds nothing. Law: what they said fades, half of it in
half a minute, and is gone after a minute and a half; the present only counts.
"""

from dataclasses import dataclass, field

from assistant.events import Channel, Entry, Forgotten, Heard, Understood
from assistant.minds.waiting import Waiting

HALVED_S = 30.0
"""In so long what was said is worth half."""
GONE_S = 90.0


@dataclass(frozen=True, slots=True)
class Near:
    """How near the talk is to a question, and by which of their words."""

    score: float
    """0 to 1."""
    topic: str
    """At most three of their words; empty where none stood out."""


@dataclass(frozen=True, slots=True)
class _Said:
    end_s: float
    near: dict[str, float]
    topic: str


@dataclass(slots=True)
class Nearby:
    """Their last lines, as far as they mean something."""

    _waiting: Waiting[float] = field(default_factory=Waiting[float])
    """When each of theirs ended."""
    _said: list[_Said] = field(default_factory=list[_Said])

    def take(self, entry: Entry) -> None:
        """Take the next entry; most change nothing."""
        match entry.event:
            case Heard(channel=Channel.THEM | Channel.UNCLEAR, end_s=end_s, echo=False):
                self._waiting.add(entry.seq, min(end_s, entry.at_s))
            case Understood(heard_seq, near=near, topic=topic) if heard_seq in self._waiting:
                said = _Said(self._waiting.take(heard_seq), near, topic)
                self._said = [s for s in self._said if said.end_s - s.end_s <= GONE_S]
                if near or topic:
                    self._said.append(said)
            case Forgotten():
                self._said.clear()
            case _:
                pass

    def near(self, now_s: float) -> dict[str, Near]:
        """Return question id -> how near the talk is to it now."""
        found: dict[str, Near] = {}
        for said in self._lately(now_s):
            fade = 0.5 ** (max(0.0, now_s - said.end_s) / HALVED_S)
            for question_id, score in said.near.items():
                was = found.get(question_id)
                if was is None or score * fade > was.score:
                    found[question_id] = Near(score * fade, said.topic)
        return found

    def topic(self, now_s: float) -> str:
        """Return their last point; empty where none stood out lately."""
        return next((s.topic for s in reversed(self._lately(now_s)) if s.topic), "")

    def _lately(self, now_s: float) -> list[_Said]:
        return [said for said in self._said if now_s - said.end_s <= GONE_S]
