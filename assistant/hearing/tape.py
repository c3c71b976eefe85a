"""All channels of a call on one line of time.

The clock channel is the microphone: its frames are the time. All of them are
kept to the capture's clock: cards drift, streams die and come back, machines
sleep. Reads blocks and that clock as an argument; writes spools; tells AudioLost
and Trouble. Law: whatever fails, every channel goes on with the time, as zeros
where it must.
"""

from collections.abc import Callable, Mapping

from assistant.events import Channel, Fact
from assistant.hearing.health import Health
from assistant.hearing.lane import Lane
from assistant.hearing.spool import RATE_HZ, Spool
from assistant.hearing.stream import DIED, Block, Ended, Opened

FILL_BEHIND_S = 0.1
"""A dead channel's zeros stay so far behind the time: a new stream's sound reaches back."""
TICKS_APART_S = 0.4
"""Ticks further apart mean that this program was held up, not that a stream died."""
ASLEEP_S = 5.0
"""Neither a tick nor a block for so long: the machine slept."""


class Tape:
    """The lanes of one call. One thread calls everything but the properties."""

    def __init__(self, spools: Mapping[Channel, Spool], tell: Callable[[Fact], None]) -> None:
        self.clock = Channel.ME if Channel.ME in spools else Channel.UNCLEAR
        self.lanes = {channel: Lane(channel, spool, tell) for channel, spool in spools.items()}
        self._healths = {
            channel: Health(channel, lane.level, tell) for channel, lane in self.lanes.items()
        }
        self._zero_s: float | None = None
        self._ticked_s: float | None = None
        self._alive_s: float | None = None

    @property
    def now_s(self) -> float:
        """The call's time: frames of the clock channel, as seconds."""
        return self.lanes[self.clock].frames / RATE_HZ

    @property
    def has_begun(self) -> bool:
        """Tell whether the clock channel ever gave sound: time runs from there."""
        return self._origin_s() < float("inf")

    def zeros_s(self, channel: Channel) -> float:
        """Return for how long a channel's stream has given nothing but zeros."""
        lane = self.lanes[channel]
        return lane.level.zeros_s if lane.is_placed else 0.0

    def runs(self, channel: Channel) -> bool:
        """Tell whether a channel's stream gives blocks."""
        lane = self.lanes[channel]
        return lane.is_placed or lane.is_coming

    def ails(self, channel: Channel) -> bool:
        """Tell whether a trouble of that channel was told and is not over."""
        return self._healths[channel].ailment is not None

    def take(self, block: Block) -> None:
        """Take what a callback brought."""
        self._live_on(block.stamp_s)
        lane = self.lanes[block.channel]
        lane.take(block)
        if lane.channel == self.clock and lane.is_coming and not self.has_begun:
            lane.begin_clock()
        elif self.has_begun:
            lane.settle(self._origin_s())
            self._fix_zero()

    def expect(self, opened: Opened, now_s: float) -> None:
        """Know that a new stream takes the place of the one before."""
        self.lanes[opened.channel].expect(now_s, opened.source_number)

    def end(self, ended: Ended) -> bool:
        """End a stream; tell whether it died just now and must be opened again."""
        lane = self.lanes[ended.channel]
        if not lane.is_awaited or ended.source_number < lane.awaited:
            return False
        self._end(lane, ended.why)
        return ended.why == DIED

    def tick(self, now_s: float) -> list[Channel]:
        """Let time pass to `now_s`; return whose stream was found dead, each once."""
        self._live_on(now_s)
        if self._ticked_s is not None and (late_s := now_s - self._ticked_s - TICKS_APART_S) > 0:
            for lane in self.lanes.values():
                lane.excuse(late_s, now_s)
        self._ticked_s = now_s
        dead = [lane for lane in self.lanes.values() if lane.is_overdue(now_s)]
        for lane in dead:
            self._end(lane, DIED)
        if self.has_begun:
            self._fill(now_s)
            for lane in self.lanes.values():
                lane.keep_to(self._origin_s())
        own = self.lanes[self.clock].level
        for channel, health in self._healths.items():
            health.look(now_s, runs=self.lanes[channel].is_placed, own=own)
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
        """Return when second 0 was, by the capture's clock; infinite before there was one."""
        return self.lanes[self.clock].origin.s if self._zero_s is None else self._zero_s

    def _fix_zero(self) -> None:
        """Hold on to second 0 once it is well known: from there on the clock is the measure."""
        if self._zero_s is None and self.lanes[self.clock].origin.is_settled:
            self._zero_s = self._origin_s()

    def _live_on(self, now_s: float) -> None:
        """Notice that the machine slept: what comes now belongs behind the time that passed."""
        if self._alive_s is not None and now_s - self._alive_s > ASLEEP_S and self.has_begun:
            for lane in self.lanes.values():
                self._part_with(lane)
                lane.sleep(now_s)
        self._alive_s = now_s if self._alive_s is None else max(self._alive_s, now_s)

    def _end(self, lane: Lane, why: str) -> None:
        self._part_with(lane)
        lane.end(why)
        if why == DIED:
            self._healths[lane.channel].stop()

    def _part_with(self, lane: Lane) -> None:
        """Keep all that a stream gave before it ends, and the time as it was known."""
        if self.has_begun:
            self._zero_s = self._origin_s()
            lane.settle(self._zero_s, at_once=True)

    def _fill(self, now_s: float) -> None:
        """Write the zeros of dead channels: that of the clock by the time, then the rest."""
        clock = self.lanes[self.clock]
        if not (clock.is_placed or clock.is_coming):
            clock.pad_to(round((now_s - self._origin_s() - FILL_BEHIND_S) * RATE_HZ))
        for lane in self.lanes.values():
            if not (lane is clock or lane.is_placed or lane.is_coming):
                lane.pad_to(clock.frames - round(FILL_BEHIND_S * RATE_HZ))
