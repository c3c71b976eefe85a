"""Microphone and far side to their spools, for as long as a call lasts.

The callback stamps, enqueues and returns; one writer thread keeps the tape;
one thread syncs; one keeper per stream opens it again when it died. Law: a
dead stream never stops the other, and time goes on whatever happens; no fault
ends a thread of this file.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from assistant.errors import DeviceError, DiskError
from assistant.events import Channel, Fact, Trouble
from assistant.hearing.clock import Clock, real_clock
from assistant.hearing.lane import OPENING_S
from assistant.hearing.portaudio import PortAudio, find_far_side, find_microphone, inputs
from assistant.hearing.spool import Spool
from assistant.hearing.stream import (
    DIED,
    Block,
    Ended,
    Inlet,
    InputStream,
    Item,
    Opened,
    Quiet,
    SoundInput,
    Source,
)
from assistant.hearing.tape import CALM_S, Tape

__all__ = ["Capture", "find_far_side", "find_microphone", "inputs"]

BEAT_S = 0.02
"""The writer wakes so often and writes what came: to wake costs more than to write."""
TICK_S = 0.05
SYNC_S = 1.0
BACK_OFF_S = (0.25, 0.75, 2.25, 5.0)
"""Waits before a dead stream is opened again; at most four times in ten seconds."""
END_WITHIN_S = 2.0
"""A device that does not let itself be closed within this is left to the system."""

LOOKED = "devices were looked for"


@dataclass(slots=True)
class _Side:
    """One stream, over all its openings."""

    channel: Channel
    wanted: str | int | None
    stream: InputStream | None = None
    number: int = 0
    opened_s: float = 0.0
    failures: int = 0
    lost: threading.Event = field(default_factory=threading.Event)


class Capture:
    """Captures every channel of a call until `close`."""

    def __init__(
        self,
        sources: Mapping[Channel, str | int | None],
        spools: Mapping[Channel, Spool],
        tell: Callable[[Fact], None],
        *,
        let_go: Callable[[], AbstractContextManager[object]] | None = None,
        sound: SoundInput | None = None,
        clock: Clock = real_clock,
    ) -> None:
        """Prepare; `open` begins.

        A source is a device's name or number, or None for the default. `tell` is called from this
        capture's own threads and must return at once. New devices can only be looked for while
        nothing in this process holds a sound stream: inside the context `let_go` returns, no one
        else does. Without `let_go` they are never looked for; a device that comes back is found.
        `clock` stamps every block; a fast one, with a `sound` as fast, makes a long call short.
        """
        self._tape = Tape(spools, tell)
        self._spools = spools
        self._tell = tell
        self._let_go = let_go
        self._clock = clock
        self._sound: SoundInput = sound if sound is not None else PortAudio()
        self._sides = {channel: _Side(channel, wanted) for channel, wanted in sources.items()}
        self._items: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._quiet = Quiet()
        self._doors = threading.Lock()
        self._numbers = 0
        self._has_failed = False
        self._begun = threading.Event()
        self._closing = threading.Event()
        self._written = threading.Event()
        self._threads: list[threading.Thread] = []

    def open(self) -> None:
        """Open every stream; return when the microphone gives sound. Raises DeviceError."""
        try:
            for side in self._sides.values():
                self._connect(side)
            self._run(self._write)
            self._wait_for_sound()
        except BaseException:
            self.close()
            raise
        self._run(self._sync)
        for side in self._sides.values():
            self._run(lambda side=side: self._keep(side))

    def now_s(self) -> float:
        """Return the call's time: frames of the clock channel on disk, in seconds."""
        return self._tape.now_s

    def pause(self) -> None:
        """Keep nothing from this moment on; time goes on."""
        self._quiet.until_s = float("inf")

    def resume(self) -> None:
        """Keep sound again, but nothing that sounded before this moment."""
        streams = [side.stream for side in self._sides.values() if side.stream is not None]
        self._quiet.until_s = self._clock() + max(
            (stream.latency_s for stream in streams), default=0.0
        )

    def level_db(self, channel: Channel) -> float:
        """Return how loud the channel is now, in dBFS; -100 is silence."""
        return self._tape.lanes[channel].level.level_db

    def speech_db(self, channel: Channel) -> float | None:
        """Return how loud speech on it was lately, in dBFS; None before there was any."""
        return self._tape.lanes[channel].level.speech_db

    def lateness_s(self, channel: Channel) -> tuple[float, ...]:
        """Return how late the callbacks of about the last minute came, in seconds."""
        return tuple(self._tape.lanes[channel].lateness_s)

    def close(self) -> None:
        """Stop, write what was captured, sync; more than once does no harm."""
        if self._closing.is_set():
            return
        self._closing.set()
        for side in self._sides.values():
            side.lost.set()
        # Some drivers never return from closing a device that is gone.
        closer = threading.Thread(target=self._close_streams, daemon=True)
        closer.start()
        closer.join(END_WITHIN_S)
        self._written.set()
        for thread in self._threads:
            thread.join(END_WITHIN_S)
        self._sync_once()

    def _wait_for_sound(self) -> None:
        if not self._begun.wait(OPENING_S):
            raise DeviceError(
                "The microphone was opened but gives no sound.",
                "Plug it in again, or choose another one: `sottovoce devices` lists them.",
            )

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    # ------------------------------------------------------------ writing

    def _write(self) -> None:
        """Keep the tape, until everything that came is written."""
        tick_at_s = 0.0
        while not (self._written.is_set() and self._items.empty()):
            time.sleep(BEAT_S)
            while not self._items.empty():
                with self._surviving():
                    self._put(self._items.get())
            now_s = self._clock()
            if now_s >= tick_at_s:
                tick_at_s = now_s + TICK_S
                with self._surviving():
                    for channel in self._tape.tick(now_s):
                        self._sides[channel].lost.set()
        with self._surviving():
            self._tape.finish()

    @contextlib.contextmanager
    def _surviving(self) -> Generator[None]:
        """Go on after any fault; told once, for what fails once may fail with every block."""
        try:
            yield
        except Exception as error:
            if not self._has_failed:
                self._has_failed = True
                part = "disk" if isinstance(error, OSError | DiskError) else "microphone"
                self._tell(Trouble(part, "Some sound could not be kept; the call goes on."))

    def _put(self, item: Item) -> None:
        if isinstance(item, Block):
            self._tape.take(item)
            if self._tape.has_begun:
                self._begun.set()
        elif isinstance(item, Opened):
            self._tape.expect(item, self._clock())
        elif not self._closing.is_set() and self._tape.end(item):
            side = self._sides[item.channel]
            # Another one may have been opened since.
            if side.number == item.source_number:
                side.lost.set()

    def _sync(self) -> None:
        while not self._closing.wait(SYNC_S):
            if not self._sync_once():
                return

    def _sync_once(self) -> bool:
        try:
            for spool in self._spools.values():
                spool.sync()
        except DiskError as error:
            # What a failed sync lost is gone, and a second one would say that all is well.
            self._tell(Trouble("disk", str(error)))
            return False
        return True

    # ------------------------------------------------------------ opening

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

    def _close_streams(self) -> None:
        with self._doors:
            for side in self._sides.values():
                self._disconnect(side)

    def _keep(self, side: _Side) -> None:
        """Open a side's stream again, each time it died."""
        while True:
            side.lost.wait()
            if self._clock() - side.opened_s > CALM_S + OPENING_S:
                side.failures = 0
            wait_s = BACK_OFF_S[min(side.failures, len(BACK_OFF_S) - 1)]
            side.failures += 1
            if self._closing.wait(wait_s):
                return
            with self._doors:
                if self._closing.is_set():
                    return
                try:
                    self._try_again(side)
                except Exception:
                    # An attempt that failed, whatever the reason: the next one comes later.
                    side.lost.set()

    def _try_again(self, side: _Side) -> None:
        side.lost.clear()
        # First simply again: most streams come back under the same name.
        if side.failures > 1 and self._let_go is not None and self._sound.has_changed():
            self._look_again(self._let_go)
        else:
            self._reconnect(side)

    def _look_again(self, let_go: Callable[[], AbstractContextManager[object]]) -> None:
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
            side.lost.set()
