"""Whose voice is to be heard right now, and for how long there has been none.

Reads SpeechStarted, SpeechEnded, Heard, Paused, Resumed, Recovered and CallEnded. Any
voice counts here, a cough as well: this says when it is quiet, not who holds
the floor. Law: the end of a voice is noticed late, so it ends that voice and
not one that began since.
"""

import math
from dataclasses import dataclass, field

from assistant.events import (
    CallEnded,
    Channel,
    Entry,
    Heard,
    Paused,
    Recovered,
    Resumed,
    SpeechEnded,
    SpeechStarted,
)

BELIEVED_S = 60.0
"""A voice that neither ends nor brings words for so long is a lost end, not a voice: the
hearing cuts long talk every quarter of a minute or so."""


@dataclass(slots=True)
class _Voice:
    """A voice that has not ended."""

    start_s: float
    sign_s: float
    """The time of the last entry that told of it."""


@dataclass(slots=True)
class Voices:
    """The open voices, and where the last one ended."""

    ended_s: float = 0.0
    last: Channel | None = None
    """Whose voice ended last."""
    _open: dict[Channel, _Voice] = field(default_factory=dict[Channel, _Voice])

    def take(self, entry: Entry) -> None:
        """Take the next entry; most change nothing."""
        match entry.event:
            case SpeechStarted(channel, start_s):
                self._open[channel] = _Voice(start_s, entry.at_s)
            case SpeechEnded(channel, _, end_s):
                voice = self._open.get(channel)
                if voice and voice.start_s < end_s:
                    del self._open[channel]
                self._end(end_s, entry.at_s, channel)
            case Heard(channel, _, end_s):
                if voice := self._open.get(channel):
                    voice.sign_s = entry.at_s
                self._end(end_s, entry.at_s, channel)
            case Paused() | Resumed() | CallEnded():
                self._open.clear()
                self._end(entry.at_s, entry.at_s, None)
            case Recovered(_, to_s):
                # Who spoke on while the program was gone, nobody knows.
                self._open.clear()
                self.ended_s, self.last = max(self.ended_s, to_s), None
            case _:
                pass

    @property
    def is_open(self) -> bool:
        """Tell whether a voice began and did not end, believed or not."""
        return bool(self._open)

    @property
    def believed_until_s(self) -> float:
        """Return when the first of the open voices is believed no more, if nothing tells of it."""
        return min((v.sign_s + BELIEVED_S for v in self._open.values()), default=math.inf)

    def speaking(self, now_s: float) -> tuple[Channel, ...]:
        """Return who speaks."""
        if not self._open:
            return ()
        return tuple(c for c, v in self._open.items() if now_s - v.sign_s < BELIEVED_S)

    def silent_s(self, now_s: float) -> float:
        """Return for how long nobody has spoken; 0 while somebody does."""
        return 0.0 if self.speaking(now_s) else max(0.0, now_s - self.ended_s)

    def _end(self, end_s: float, now_s: float, channel: Channel | None) -> None:
        # No voice ends later than now, whatever a fact says: silence is never below 0.
        end_s = min(end_s, now_s)
        if end_s >= self.ended_s:
            self.ended_s, self.last = end_s, channel
