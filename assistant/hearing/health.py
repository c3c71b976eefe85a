"""What ails a channel, told once when it begins and once when it is over.

Reads levels and what became of streams; tells Trouble. Laws: a channel has one
ailment at a time, the worst; each is told once per episode, and so is its end; time is an
argument.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.events import Channel, Fact, Trouble
from assistant.hearing.level import CLIPPING_SHARE, SPEECH_FLOOR_DB, Level

CALM_S = 3.0
"""A stream that came back counts as back after so long."""
MUTE_S = 5.0
"""A microphone that gives nothing but zeros for so long is muted; a real one has noise."""
NEVER_HEARD_S = 30.0
"""The far side is silent while nobody speaks, but not from the beginning on."""
LEFT_S = 30.0
"""A far side may be digital silence between its words, but not for so long ..."""
TALKED_S = 2.0
"""... when the user has spoken for so long in it ..."""
WAITED_S = 6.0
"""... and has then, in all, waited for so long: to listen in silence is not to be gone."""
UNCLIPPED_S = 60.0
"""So long without a clipped stretch: it was put right."""
_BOTH_S = 60.0
"""With a muted microphone nobody can tell whether the user waits for an answer."""

Ailment = Literal["stopped", "mute", "left", "clipping"]

PARTS = {Channel.ME: "microphone", Channel.UNCLEAR: "microphone", Channel.THEM: "far side"}
_BEGINS: Mapping[tuple[str, Ailment], str] = {
    ("microphone", "stopped"): "The microphone stopped; it is being looked for.",
    ("far side", "stopped"): "The sound of the other side stopped; it is being looked for.",
    ("microphone", "mute"): (
        "The microphone gives only silence; is it muted, or not allowed by the system?"
    ),
    ("far side", "mute"): (
        "Nothing was heard from the other side yet; does the call play on this device?"
    ),
    ("far side", "left"): (
        "Nothing has come from the other side for 30 s; does the call still play on this device?"
    ),
    ("microphone", "clipping"): "The microphone is too loud and distorts; turn its level down.",
    ("far side", "clipping"): (
        "The sound of the other side is too loud and distorts; turn the call's volume down."
    ),
}
_ENDS: Mapping[tuple[str, Ailment], str] = {
    ("microphone", "stopped"): "The microphone is back.",
    ("far side", "stopped"): "The sound of the other side is back.",
    ("microphone", "mute"): "The microphone gives sound again.",
    ("far side", "mute"): "The other side is heard.",
    ("far side", "left"): "The other side is heard again.",
    ("microphone", "clipping"): "The microphone does not distort any more.",
    ("far side", "clipping"): "The sound of the other side does not distort any more.",
}


@dataclass(slots=True)
class Health:
    """How one channel does."""

    channel: Channel
    level: Level
    tell: Callable[[Fact], None]
    ailment: Ailment | None = None
    _runs_since_s: float | None = None
    _looked_s: float | None = None
    _clipped_s: float = float("-inf")
    _talked_s: float = 0.0
    _waited_s: float = 0.0

    @property
    def part(self) -> str:
        """What the user knows it as."""
        return PARTS[self.channel]

    def stop(self) -> None:
        """Know that its stream died."""
        self._runs_since_s = None
        self._falls_ill("stopped")

    def look(self, now_s: float, *, runs: bool, own: Level) -> None:
        """Look at it; `runs` tells whether its stream does, `own` is the user's level."""
        since_s = now_s - (now_s if self._looked_s is None else self._looked_s)
        self._looked_s = now_s
        if not runs:
            self._runs_since_s = None
            return
        if self._runs_since_s is None:
            self._runs_since_s = now_s
        if self.level.clipped_share > CLIPPING_SHARE:
            self._clipped_s = now_s
        self._listen_for_the_user(own, since_s)
        match self.ailment:
            case "stopped":
                # A stream that comes and goes is one episode.
                if now_s - self._runs_since_s >= CALM_S:
                    self._recovers()
            case "mute" | "left":
                if self.level.zeros_s == 0:
                    self._recovers()
            case "clipping" if now_s - self._clipped_s > UNCLIPPED_S:
                self._recovers()
            case _:
                self._examine(own, now_s)

    def _examine(self, own: Level, now_s: float) -> None:
        zeros_s = self.level.zeros_s
        if self.part == "microphone":
            if zeros_s > MUTE_S:
                self._falls_ill("mute")
        elif not self.level.was_heard:
            if zeros_s > NEVER_HEARD_S:
                self._falls_ill("mute")
        elif zeros_s > LEFT_S:
            is_waited_for = self._talked_s >= TALKED_S and self._waited_s >= WAITED_S
            if is_waited_for or (zeros_s > _BOTH_S and own.zeros_s > _BOTH_S):
                self._falls_ill("left")
        if self.ailment is None and self._clipped_s == now_s:
            self._falls_ill("clipping")

    def _listen_for_the_user(self, own: Level, since_s: float) -> None:
        """Count, while this channel is digital silence, how long the user spoke and waited."""
        if self.level.zeros_s == 0:
            self._talked_s = self._waited_s = 0.0
        elif own.level_db > SPEECH_FLOOR_DB:
            self._talked_s += since_s
        elif self._talked_s >= TALKED_S:
            self._waited_s += since_s

    def _falls_ill(self, ailment: Ailment) -> None:
        if self.ailment == "clipping" != ailment:
            self._recovers()
        if self.ailment != ailment:
            self.ailment = ailment
            self.tell(Trouble(self._told_as(ailment), _BEGINS[self.part, ailment]))

    def _recovers(self) -> None:
        if self.ailment is not None:
            ailment, self.ailment = self.ailment, None
            self.tell(Trouble(self._told_as(ailment), _ENDS[self.part, ailment], over=True))

    def _told_as(self, ailment: Ailment) -> str:
        """Return the part that is in trouble: what distorts is still heard."""
        return f"{self.part} level" if ailment == "clipping" else self.part
