"""When to remind the user to ask for leave to take notes.

Reads voices and, through Permission, what was asked and answered. Law: only in
a call whose sheet says `ask`, and only as long as nobody was asked: in the first
good moment after both have spoken, once more some minutes later, then never. In
the first minute, while they greet and the user may be about to ask, a good moment
is a real pause; after that any breath is one.
"""

from dataclasses import dataclass, field

from assistant.events import Channel, Entry, SpeechEnded, SpeechStarted
from assistant.minds.permission import Permission
from assistant.minds.voices import Voices
from assistant.plan import Plan

AFTER_S = 10.0
"""So long into the call one voice is enough: the other one may be on the same microphone."""
GREETING_S = 60.0
"""So long they greet and say who they are; who means to ask mostly does so in it ..."""
PAUSE_S = 2.0
"""... and a reminder before that waits for a pause of this length."""
AGAIN_AFTER_S = 180.0
MOST = 2
LATEST_S = 600.0
"""Who was not asked in the first ten minutes will not be, and the sound is not kept."""
WAITS_S = 60.0
"""The reminder waits so long for a pause; then the next turn's end brings it again."""


@dataclass(slots=True)
class Opening:
    """Who has spoken, and how often the user was reminded."""

    plan: Plan
    permission: Permission = field(init=False)
    _spoke: set[Channel] = field(default_factory=set[Channel])
    _voices: Voices = field(default_factory=Voices)
    _told: int = 0
    _next_s: float = 0.0
    _is_pause_over: bool = False
    """The last entry was a voice that began."""

    def __post_init__(self) -> None:
        self.permission = Permission(self.plan)

    @property
    def is_open(self) -> bool:
        """Tell whether nobody was asked yet, and the pause for it lasts."""
        return self.permission.standing == "unasked" and not self._is_pause_over

    def take(self, entry: Entry) -> float | None:
        """Take the next entry; return from when on the user is to be reminded, if at all."""
        self.permission.take(entry)
        if self.permission.standing != "unasked":
            # It never is again; who speaks does not matter any more.
            return None
        self._voices.take(entry)
        self._is_pause_over = isinstance(entry.event, SpeechStarted)
        if not isinstance(entry.event, SpeechEnded) or not self.is_open:
            return None
        self._spoke.add(entry.event.channel)
        if self._told >= MOST or entry.at_s > LATEST_S or self._voices.speaking(entry.at_s):
            return None
        is_talk = {Channel.ME, Channel.THEM} <= self._spoke
        pause_s = min(entry.event.end_s + PAUSE_S, max(entry.at_s, GREETING_S))
        return max(self._next_s, pause_s if is_talk else max(AFTER_S, pause_s))

    def told(self, now_s: float) -> None:
        """Know that the user was reminded."""
        self._told += 1
        self._next_s = now_s + AGAIN_AFTER_S
