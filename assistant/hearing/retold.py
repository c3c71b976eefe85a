"""One channel's facts, told once, though several ears one after the other brought them.

An ear that is started again begins where the one before had said everything, so it hears a
stretch a second time whose speech, but not whose words, were told. Its windows do not fall quite
as those of the first did: times differ a little. Law: speech that was told is not told again, a
speech that was open when an ear died goes on or ends, no words come twice, none are lost.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from assistant.events import Channel, Entry, Fact, Heard, SpeechEnded, SpeechStarted

SLACK_S = 0.4
"""Two ears place the same speech up to so much apart; two speeches lie further apart, for a shorter
silence ends none."""

GONE_S = 0.6
"""A speech that another ear does not hear within this is over."""


@dataclass(slots=True)
class Retold:
    """What was told of one channel."""

    channel: Channel
    from_s: float = 0.0
    """Everything up to there was said."""
    _open_s: float | None = None
    """Where the speech began that has not ended."""
    _ended_s: float = float("-inf")
    """Where the last speech ended."""
    _doubted_s: float | None = None
    """From here on another ear must hear the open speech, or it has ended."""

    def begin_again(self) -> float:
        """Know that another ear begins; return from where it is to hear."""
        if self._open_s is not None:
            self._doubted_s = max(self._open_s, self.from_s)
        return self.from_s

    def said_to(self, to_s: float) -> list[Fact]:
        """Know that everything up to there was said; return what follows from that."""
        self.from_s = max(self.from_s, to_s)
        return self._end_if_gone(to_s)

    def end(self) -> list[Fact]:
        """Know that nothing more will come; return what follows from that."""
        return self._end_if_gone(float("inf"))

    def forget(self, from_s: float, to_s: float) -> None:
        """Know that a stretch that reaches to now is forgotten, and that another ear begins.

        Speech that went on into it has ended there; what was still to be said of the time before it
        still is.
        """
        if self._open_s is not None or self._ended_s > from_s:
            self._ended_s = from_s
        self._open_s = self._doubted_s = None
        if self.from_s >= from_s:
            self.from_s = max(self.from_s, to_s)

    def take(self, fact: Fact) -> list[Fact]:
        """Take what an ear told; return what is new of it."""
        match fact:
            case SpeechStarted():
                return self._started(fact)
            case SpeechEnded():
                return self._ended(fact)
            case Heard():
                return self._heard(fact)
            case _:
                return [fact]

    def _started(self, fact: SpeechStarted) -> list[Fact]:
        if fact.start_s < self._ended_s + SLACK_S:
            return []
        gone = self._end_if_gone(fact.start_s)
        self._doubted_s = None
        if self._open_s is not None:
            return []
        self._open_s = fact.start_s
        return [*gone, fact]

    def _ended(self, fact: SpeechEnded) -> list[Fact]:
        if fact.end_s <= self._ended_s + SLACK_S:
            return []
        if self._open_s is not None and fact.end_s < self._open_s:
            # No end of this speech: it would end before it began.
            return []
        facts: list[Fact] = []
        if self._open_s is None:
            # It was taken for one that was told, but went on for longer.
            self._open_s = max(fact.start_s, self._ended_s)
            facts.append(SpeechStarted(self.channel, self._open_s))
        facts.append(msgspec.structs.replace(fact, start_s=self._open_s))
        self._open_s, self._doubted_s, self._ended_s = None, None, fact.end_s
        return facts

    def _heard(self, fact: Heard) -> list[Fact]:
        if fact.end_s <= self.from_s:
            return []
        self.from_s = fact.end_s
        return [fact]

    def _end_if_gone(self, at_s: float) -> list[Fact]:
        doubted_s, open_s = self._doubted_s, self._open_s
        if doubted_s is None or open_s is None or at_s < doubted_s + GONE_S:
            return []
        self._open_s, self._doubted_s, self._ended_s = None, None, doubted_s
        return [SpeechEnded(self.channel, open_s, doubted_s)]


def told_in(entries: Iterable[Entry]) -> dict[Channel, Retold]:
    """Know again from a call's entries what was told of every channel that has any."""
    told: dict[Channel, Retold] = {}
    for entry in entries:
        match entry.event:
            case SpeechStarted(channel) | SpeechEnded(channel) | Heard(channel):
                told.setdefault(channel, Retold(channel)).take(entry.event)
            case _:
                pass
    return told
