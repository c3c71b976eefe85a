"""All channels of a call on one line of time.

The clock channel is the microphone: its frames are the time. The other one is
kept beside it: cards drift, streams die and come back. Reads blocks and the
capture's clock as an argument; writes spools; tells AudioLost and Trouble. Law:
whatever fails, every channel goes on with the time, as zeros where it must.
"""

from collections.abc import Callable, Mapping

from assistant.events import Channel, Fact, Trouble
from assistant.hearing.lane import BUSY, Lane
from assistant.hearing.spool import RATE_HZ, Spool
from assistant.hearing.stream import DIED, Block, Ended, Opened

APART_S = 0.04
"""Channels that differ by more are put right: a listener notices from about here."""
STEP_S = 0.25
"""So much missing at once is a loss even where the device does not admit it."""
FILL_BEHIND_S = 0.1
"""A dead channel's zeros stay so far behind the time: a new stream's sound reaches back."""
TICKS_APART_S = 0.4
"""Ticks further apart mean that the machine slept, not that a stream died."""
CALM_S = 3.0
"""A stream that came back counts as back after so long."""
MUTE_S = 5.0
"""A microphone that gives nothing but zeros for so long is muted; a real one has noise."""
NEVER_HEARD_S = 30.0
"""The far side is silent while nobody speaks, but not from the beginning on."""

_PARTS = {Channel.ME: "microphone", Channel.UNCLEAR: "microphone", Channel.THEM: "far side"}
_STOPPED = {
    "microphone": "The microphone stopped; it is being looked for.",
    "far side": "The sound of the other side stopped; it is being looked for.",
}
_BACK = {
    "microphone": "The microphone is back.",
    "far side": "The sound of the other side is back.",
}
_HEARD_AGAIN = {
    "microphone": "The microphone gives sound again.",
    "far side": "The other side is heard.",
}
_MUTE = {
    "microphone": "The microphone gives only silence; is it muted, or not allowed by the system?",
    "far side": "Nothing was heard from the other side yet; does the call play on this device?",
}


class Tape:
    """The lanes of one call. One thread calls everything but the properties."""

    def __init__(self, spools: Mapping[Channel, Spool], tell: Callable[[Fact], None]) -> None:
        self.clock = Channel.ME if Channel.ME in spools else Channel.UNCLEAR
        self.lanes = {channel: Lane(channel, spool, tell) for channel, spool in spools.items()}
        self._tell = tell
        self._ticked_s = 0.0
        self._in_trouble: set[Channel] = set()
        self._runs_since_s: dict[Channel, float] = {}
        self._mute: set[Channel] = set()

    @property
    def now_s(self) -> float:
        """The call's time: frames of the clock channel, as seconds."""
        return self.lanes[self.clock].frames / RATE_HZ

    @property
    def has_begun(self) -> bool:
        """Tell whether the clock channel ever gave sound: time runs from there."""
        return self.lanes[self.clock].origin.s < float("inf")

    def take(self, block: Block) -> None:
        """Take what a callback brought."""
        lane = self.lanes[block.channel]
        lane.take(block)
        if lane.channel == self.clock and lane.is_coming and not self.has_begun:
            lane.begin_clock()
        elif self.has_begun:
            lane.settle(self._origin_s())

    def expect(self, opened: Opened, now_s: float) -> None:
        """Know that a new stream takes the place of the one before."""
        self.lanes[opened.channel].expect(now_s, opened.source_number)

    def end(self, ended: Ended) -> bool:
        """End a stream; tell whether it died just now and must be opened again."""
        lane = self.lanes[ended.channel]
        if not lane.is_awaited or ended.source_number < lane.awaited:
            return False
        if ended.why == DIED:
            self._die(lane)
            return True
        lane.end(ended.why)
        return False

    def tick(self, now_s: float) -> list[Channel]:
        """Let time pass to `now_s`; return whose stream was found dead, each once."""
        if (more_s := now_s - self._ticked_s - TICKS_APART_S) > 0:
            for lane in self.lanes.values():
                lane.excuse(more_s, now_s)
        self._ticked_s = now_s
        dead = [lane for lane in self.lanes.values() if lane.is_overdue(now_s)]
        for lane in dead:
            self._die(lane)
        for lane in self.lanes.values():
            self._notice_return(lane, now_s)
            self._notice_silence(lane)
        if self.has_begun:
            self._fill(now_s)
            self._align()
        return [lane.channel for lane in dead]

    def finish(self) -> None:
        """Close the line: no channel shorter than the clock's, every loss told."""
        clock = self.lanes[self.clock]
        for lane in self.lanes.values():
            if self.has_begun:
                lane.settle(self._origin_s(), at_once=True)
            lane.pad_to(clock.frames)
            lane.tell_rest()

    def _origin_s(self) -> float:
        return self.lanes[self.clock].origin.s

    def _die(self, lane: Lane) -> None:
        lane.end(DIED)
        if lane.channel not in self._in_trouble:
            self._in_trouble.add(lane.channel)
            part = _PARTS[lane.channel]
            self._tell(Trouble(part, _STOPPED[part]))

    def _notice_return(self, lane: Lane, now_s: float) -> None:
        if not lane.is_placed:
            self._runs_since_s.pop(lane.channel, None)
            return
        since_s = self._runs_since_s.setdefault(lane.channel, now_s)
        # A stream that comes and goes is one episode.
        if lane.channel in self._in_trouble and now_s - since_s >= CALM_S:
            self._in_trouble.discard(lane.channel)
            part = _PARTS[lane.channel]
            self._tell(Trouble(part, _BACK[part]))

    def _fill(self, now_s: float) -> None:
        """Write the zeros of dead channels: that of the clock by the time, then the rest."""
        clock = self.lanes[self.clock]
        if not (clock.is_placed or clock.is_coming):
            clock.pad_to(round((now_s - self._origin_s() - FILL_BEHIND_S) * RATE_HZ))
        for lane in self.lanes.values():
            if not (lane is clock or lane.is_placed or lane.is_coming):
                lane.pad_to(clock.frames - round(FILL_BEHIND_S * RATE_HZ))

    def _align(self) -> None:
        """Put right what was lost unseen, and the drift of the second card."""
        clock = self.lanes[self.clock]
        if not clock.is_placed:
            return
        jump_s = clock.origin.jump_s
        if jump_s > (APART_S if clock.overflowed else STEP_S):
            clock.mend(round(jump_s * RATE_HZ))
        for lane in self.lanes.values():
            if lane is clock or not (lane.is_placed and lane.origin.is_settled):
                continue
            behind_s = lane.origin.s - clock.origin.s
            if abs(behind_s) > APART_S and clock.origin.is_settled:
                is_loss = lane.overflowed or behind_s > STEP_S
                lane.move(round(behind_s * RATE_HZ), BUSY if is_loss else "clock drift")

    def _notice_silence(self, lane: Lane) -> None:
        part = _PARTS[lane.channel]
        limit_s = MUTE_S
        if part == "far side":
            limit_s = float("inf") if lane.level.was_heard else NEVER_HEARD_S
        if lane.level.zeros_s > limit_s and lane.channel not in self._mute:
            self._mute.add(lane.channel)
            self._tell(Trouble(part, _MUTE[part]))
        elif lane.level.zeros_s == 0 and lane.channel in self._mute:
            self._mute.discard(lane.channel)
            self._tell(Trouble(part, _HEARD_AGAIN[part]))
