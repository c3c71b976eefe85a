"""Whether the microphone hears the murmurs: told once, and once that it no longer does.

A murmur that is cut by a voice on our own side right after it began was probably that voice. Law:
one such cut is chance; several in a row, with no murmur heard out in between, are a leak.
"""

from dataclasses import dataclass

from assistant.events import Channel, Trouble

LEAK_S = 0.6
"""A voice on our microphone that begins so soon after a cue did may be the cue itself."""

LEAKS = 3
"""So many cues in a row cut like that: say so."""

LEAKING = Trouble("headset", "The microphone seems to hear the murmurs; use a headset.")
DRY = Trouble("headset", "The microphone no longer hears the murmurs.", over=True)


@dataclass(slots=True)
class Leaks:
    """Counts the cues that may have cut themselves."""

    _in_a_row: int = 0

    def heard(self, channel: Channel, voice_s: float, cue_s: float) -> Trouble | None:
        """Take a voice that began while the cue from `cue_s` on sounded; return what to tell."""
        if channel is Channel.THEM or not cue_s <= voice_s <= cue_s + LEAK_S:
            return None
        self._in_a_row += 1
        return LEAKING if self._in_a_row == LEAKS else None

    def heard_out(self) -> Trouble | None:
        """Know that a cue was spoken to its end; return what to tell."""
        was_leaking, self._in_a_row = self._in_a_row >= LEAKS, 0
        return DRY if was_leaking else None
