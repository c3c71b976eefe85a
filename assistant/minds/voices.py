"""Whose voice is to be heard right now, and for how long there has been none.

Reads SpeechStarted, SpeechEnded, Heard, Paused, Resumed and CallEnded. Any
voice counts here, a cough as well: this says when it is quiet, not who holds
the floor.
"""

from dataclasses import dataclass, field

from assistant.events import (
    CallEnded,
    Channel,
    Entry,
    Heard,
    Paused,
    Resumed,
    SpeechEnded,
    SpeechStarted,
)

BELIEVED_S = 60.0
"""A voice that neither ends nor brings words for so long is a lost end, not a voice: the
hearing cuts long talk every quarter of a minute or so."""


@dataclass(slots=True)
class Voices:
    """The open voices, and where the last one ended."""

    ended_s: float = 0.0
    _open: dict[Channel, float] = field(default_factory=dict[Channel, float])
    """channel -> the last sign of that voice, as an entry's time."""

    def take(self, entry: Entry) -> None:
        """Take the next entry; most change nothing."""
        match entry.event:
            case SpeechStarted(channel):
                self._open[channel] = entry.at_s
            case SpeechEnded(channel, _, end_s):
                self._open.pop(channel, None)
                self._end(end_s, entry.at_s)
            case Heard(channel, _, end_s):
                if channel in self._open:
                    self._open[channel] = entry.at_s
                self._end(end_s, entry.at_s)
            case Paused() | Resumed() | CallEnded():
                self._open.clear()
                self._end(entry.at_s, entry.at_s)
            case _:
                pass

    def speaking(self, now_s: float) -> tuple[Channel, ...]:
        """Return who speaks."""
        return tuple(c for c, sign_s in self._open.items() if now_s - sign_s < BELIEVED_S)

    def silent_s(self, now_s: float) -> float:
        """Return for how long nobody has spoken; 0 while somebody does."""
        return 0.0 if self.speaking(now_s) else max(0.0, now_s - self.ended_s)

    def _end(self, end_s: float, now_s: float) -> None:
        # No voice ends later than now, whatever a fact says: silence is never below 0.
        self.ended_s = max(self.ended_s, min(end_s, now_s))
