"""Who holds the floor, and since when: the other's backchannels are no turn.

Is told of turns by the floor; finds Monologue, once per monologue. Law: where one
microphone hears both nobody is known to go on and on.
"""

import math
from dataclasses import dataclass

from assistant.events import Channel, Finding, Monologue
from assistant.plan import Dials


@dataclass(slots=True)
class Turns:
    """The side that holds the floor."""

    dials: Dials
    _channel: Channel | None = None
    _since_s: float = 0.0
    _until_s: float = 0.0
    _is_told: bool = False

    @property
    def due_s(self) -> float:
        """Return when this turn is a monologue, if it goes on."""
        if self._channel is None or self._is_told:
            return math.inf
        return self._since_s + self.dials.monologue_s

    def begin_anew(self) -> None:
        """Let nobody hold the floor."""
        self._channel, self._is_told = None, False

    def take(self, channel: Channel, start_s: float, end_s: float) -> None:
        """Take what somebody said."""
        is_new = channel is not self._channel
        if channel is Channel.UNCLEAR:
            self.begin_anew()
        elif is_new or start_s - self._until_s > self.dials.stall_s:
            # Words that came late may begin before the other's last ones ended.
            since_s = max(start_s, self._until_s) if is_new and self._channel else start_s
            self._channel, self._since_s, self._until_s = channel, since_s, end_s
            self._is_told = False
        else:
            self._until_s = max(self._until_s, end_s)

    def look(self, now_s: float, speaking: tuple[Channel, ...]) -> list[Finding]:
        """Find a monologue of whoever speaks."""
        if self._is_told or self._channel not in speaking or self._channel is None:
            return []
        if now_s - self._since_s < self.dials.monologue_s:
            return []
        self._is_told = True
        return [Monologue(self._channel, self._since_s)]
