"""The streams of one capture: opened, and opened again when they died or give nothing.

One keeper thread per stream; what it opens calls back into the capture's queue. Law: a
dead stream never stops the other, no device is besieged, and a stream that gives
sound is closed only to look for devices anew.
"""

import contextlib
import queue
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from assistant.errors import DeviceError
from assistant.events import Channel
from assistant.hearing.clock import Clock
from assistant.hearing.health import CALM_S, MUTE_S
from assistant.hearing.lane import OPENING_S
from assistant.hearing.stream import (
    DIED,
    Ended,
    Inlet,
    InputStream,
    Item,
    Opened,
    Quiet,
    SoundInput,
    Source,
)
from assistant.hearing.tape import Tape

BACK_OFF_S = (0.25, 0.75, 2.25, 5.0)
"""Waits before a dead stream is opened again; at most four times in ten seconds."""
END_WITHIN_S = 2.0
"""A device that does not let itself be closed within this is left to the system."""
SCOUT_S = 0.6
"""So long a second stream from the same device is listened to, when the first gives only zeros."""
SCOUT_AGAIN = 2.0
"""After a scout that heard nothing the next one comes when the zeros are so many times as long."""
LOOKED = "devices were looked for"
MOVED = "the device's sound was to be had only anew"

LetGo = Callable[[], AbstractContextManager[object]]
"""A context in which nothing else in this process holds a sound stream."""


@dataclass(slots=True)
class _Side:
    """One stream, over all its openings."""

    channel: Channel
    wanted: str | int | None
    stream: InputStream | None = None
    number: int = 0
    opened_s: float = 0.0
    failures: int = 0
    scout_at_s: float = MUTE_S
    """A scout goes when there have been zeros for so long."""
    is_doubted: bool = False
    lost: threading.Event = field(default_factory=threading.Event)
    called: threading.Event = field(default_factory=threading.Event)
    """Its keeper has something to do: it is lost, or doubted, or all closes."""
    hurried: threading.Event = field(default_factory=threading.Event)
    """Another side came back, so this one may as well."""

    def lose(self) -> None:
        """Have it opened again."""
        self.lost.set()
        self.called.set()

    def doubt(self) -> None:
        """Have it looked whether its device gives more than its stream."""
        self.is_doubted = True
        self.called.set()

    def let_go(self) -> None:
        """Have its keeper end."""
        self.called.set()
        self.hurried.set()


class Streams:
    """A stream for each channel, for as long as a capture lasts."""

    def __init__(
        self,
        sources: Mapping[Channel, str | int | None],
        sound: SoundInput,
        tape: Tape,
        items: queue.SimpleQueue[Item],
        clock: Clock,
        let_go: LetGo | None,
    ) -> None:
        """Prepare; of the tape only figures are read."""
        self._sound = sound
        self._tape = tape
        self._items = items
        self._clock = clock
        self._let_go = let_go
        self._sides = {channel: _Side(channel, wanted) for channel, wanted in sources.items()}
        self._quiet = Quiet()
        self._doors = threading.Lock()
        self._numbers = 0
        self._closing = threading.Event()
        self._keepers: list[threading.Thread] = []

    def open(self) -> None:
        """Open and start every stream. Raises DeviceError."""
        for side in self._sides.values():
            self._connect(side)

    def keep(self) -> None:
        """From here on, open each again by itself."""
        for side in self._sides.values():
            keeper = threading.Thread(target=self._keep, args=(side,), daemon=True)
            self._keepers.append(keeper)
            keeper.start()

    def pause(self) -> None:
        """Keep nothing from this moment on."""
        self._quiet.until_s = float("inf")

    def resume(self) -> None:
        """Keep sound again, but nothing that sounded before this moment."""
        streams = [side.stream for side in self._sides.values() if side.stream is not None]
        latency_s = max((stream.latency_s for stream in streams), default=0.0)
        self._quiet.until_s = self._clock() + latency_s

    def lose(self, channel: Channel, number: int | None = None) -> None:
        """Have a channel's stream opened again, unless another than that number was since."""
        side = self._sides[channel]
        if number in (None, side.number):
            side.lose()

    def look(self) -> None:
        """Have those looked after that give nothing but zeros."""
        for channel, side in self._sides.items():
            zeros_s = self._tape.zeros_s(channel)
            if zeros_s < MUTE_S:
                side.scout_at_s = MUTE_S
            elif zeros_s >= side.scout_at_s:
                side.scout_at_s = zeros_s * SCOUT_AGAIN
                side.doubt()

    def close(self) -> None:
        """Close them all and open none again."""
        self._closing.set()
        for side in self._sides.values():
            side.let_go()
        # Some drivers never return from closing a device that is gone.
        closer = threading.Thread(target=self._close_all, daemon=True)
        closer.start()
        closer.join(END_WITHIN_S)

    def join(self) -> None:
        """Wait for the keepers, but not for long."""
        for keeper in self._keepers:
            keeper.join(END_WITHIN_S)

    def _close_all(self) -> None:
        with self._doors:
            for side in self._sides.values():
                self._disconnect(side)

    def _connect(self, side: _Side) -> None:
        """Open and start a new stream for a side. Raises DeviceError."""
        self._numbers += 1
        side.number, side.opened_s = self._numbers, self._clock()
        inlet = Inlet(
            side.channel, Source(side.number, 0, 1), self._items, self._quiet, self._clock
        )
        stream = self._sound.open(side.wanted, inlet.take, inlet.end)
        inlet.source = Source(side.number, stream.rate_hz, stream.channels)
        self._items.put(Opened(side.channel, side.number))
        side.stream = stream
        stream.start()

    def _disconnect(self, side: _Side) -> None:
        stream, side.stream = side.stream, None
        if stream is not None:
            stream.close()

    def _keep(self, side: _Side) -> None:
        """Open a side's stream again, each time it died; look for its sound when it gives none."""
        while True:
            side.called.wait()
            side.called.clear()
            if self._closing.is_set():
                return
            if side.lost.is_set():
                self._bring_back(side)
            elif side.is_doubted:
                side.is_doubted = False
                # What a scout fails with is no fault of the stream that runs.
                with contextlib.suppress(Exception), self._doors:
                    self._scout(side)

    def _bring_back(self, side: _Side) -> None:
        """Make one attempt, when its time has come."""
        if self._clock() - side.opened_s > CALM_S + OPENING_S:
            side.failures = 0
        side.hurried.clear()
        if self._closing.is_set():
            return
        side.hurried.wait(BACK_OFF_S[min(side.failures, len(BACK_OFF_S) - 1)])
        side.failures += 1
        with self._doors:
            if self._closing.is_set():
                return
            # The keeper of the other side may have brought back both, or it came back by itself.
            if not side.lost.is_set() or self._tape.runs(side.channel):
                side.lost.clear()
                return
            try:
                self._try_again(side)
            except Exception:
                # An attempt that failed, whatever the reason: the next one comes later.
                side.lose()

    def _try_again(self, side: _Side) -> None:
        # First simply again: most streams come back under the same name.
        if side.failures > 1 and self._let_go is not None and self._sound.has_changed():
            self._look_again(self._let_go)
        else:
            self._reconnect(side)

    def _scout(self, side: _Side) -> None:
        """Open the device a second time: a default that changed, or a sink, is met only anew."""
        if self._closing.is_set() or side.lost.is_set():
            return
        if self._sounds_anew(side):
            self._items.put(Ended(side.channel, side.number, MOVED))
            self._reconnect(side)
            return
        # To look costs a fifth of a second of one core, so only for what was told as a trouble.
        if self._let_go is None or not self._tape.ails(side.channel):
            return
        if self._sound.has_changed():
            self._look_again(self._let_go)

    def _sounds_anew(self, side: _Side) -> bool:
        """Tell whether a new stream from the side's device gives sound while its own does not."""
        heard = threading.Event()

        def take(pcm: bytes, _overflowed: bool) -> None:
            if pcm.count(0) < len(pcm):
                heard.set()

        stream = self._sound.open(side.wanted, take, lambda: None)
        try:
            stream.start()
            is_heard = heard.wait(SCOUT_S)
            # Somebody may just have begun to speak: then its own stream brings it as well.
            return is_heard and not self._closing.wait(SCOUT_S) and self._zeros_go_on(side)
        finally:
            stream.close()

    def _zeros_go_on(self, side: _Side) -> bool:
        return self._tape.zeros_s(side.channel) >= MUTE_S

    def _look_again(self, let_go: LetGo) -> None:
        """Look for devices anew: the streams that still run make way for a moment."""
        with let_go():
            try:
                for side in self._sides.values():
                    self._items.put(Ended(side.channel, side.number, LOOKED))
                    self._disconnect(side)
                # Who can not come back after a failed look is lost, and leads to the next one.
                with contextlib.suppress(DeviceError):
                    self._sound.rescan()
            finally:
                for side in self._sides.values():
                    self._reconnect(side)

    def _reconnect(self, side: _Side) -> None:
        side.lost.clear()
        try:
            self._disconnect(side)
            self._connect(side)
        except Exception:
            # A stream that made way and does not come back has died as well, and is told so.
            self._items.put(Opened(side.channel, side.number))
            self._items.put(Ended(side.channel, side.number, DIED))
            side.lose()
            return
        for other in self._sides.values():
            other.hurried.set()
