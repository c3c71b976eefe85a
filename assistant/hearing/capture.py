"""Microphone and far side to their spools, for as long as a call lasts.

The callback stamps, enqueues and returns; one writer thread keeps the tape;
one thread syncs; one keeper per stream opens it again when it died. Law: a
dead stream never stops the other, and time goes on whatever happens; no fault
ends a thread of this file.
"""

import contextlib
import queue
import threading
from collections.abc import Callable, Generator, Mapping

from assistant.errors import DeviceError, DiskError
from assistant.events import Channel, Fact, Trouble
from assistant.hearing.clock import Clock, real_clock
from assistant.hearing.health import CALM_S
from assistant.hearing.lane import OPENING_S
from assistant.hearing.portaudio import PortAudio, find_far_side, find_microphone, inputs
from assistant.hearing.spool import RATE_HZ, Spool
from assistant.hearing.stream import Block, Item, Opened, SoundInput
from assistant.hearing.streams import END_WITHIN_S, LetGo, Streams
from assistant.hearing.tape import Tape

__all__ = ["Capture", "find_far_side", "find_microphone", "inputs"]

BEAT_S = 0.02
"""The writer writes a block as soon as it comes, and looks about so often when none does: whoever
kills this process takes no more with it than a block that was just brought."""
TICK_S = 0.05
SYNC_S = 0.7
"""With what a slow disk takes to sync both channels, a power cut costs less than a second."""

MOVED = "The disk failed to keep some sound; it was written anew, and nothing was lost."
SAFE_AGAIN = "The sound is safe on the disk again."


class Capture:
    """Captures every channel of a call until `close`."""

    def __init__(
        self,
        sources: Mapping[Channel, str | int | None],
        spools: Mapping[Channel, Spool],
        tell: Callable[[Fact], None],
        *,
        let_go: LetGo | None = None,
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
        self._clock = clock
        self._items: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._streams = Streams(
            sources,
            sound if sound is not None else PortAudio(),
            self._tape,
            self._items,
            clock,
            let_go,
        )
        self._failed_part = ""
        self._failed_s = 0.0
        self._is_unsafe = False
        self._has_moved = False
        self._begun = threading.Event()
        self._closing = threading.Event()
        self._written = threading.Event()
        self._threads: list[threading.Thread] = []

    def open(self) -> None:
        """Open every stream; return when the microphone gives sound. Raises DeviceError."""
        try:
            self._streams.open()
            self._run(self._write)
            self._wait_for_sound()
        except BaseException:
            self.close()
            raise
        self._run(self._sync)
        self._streams.keep()

    def skip_to(self, start_s: float) -> None:
        """Begin at that second of the call, before `open`; what is missing up to it is zeros."""
        for lane in self._tape.lanes.values():
            lane.skip_to(round(start_s * RATE_HZ))

    def now_s(self) -> float:
        """Return the call's time: frames of the clock channel on disk, in seconds."""
        return self._tape.now_s

    def pause(self) -> None:
        """Keep nothing from this moment on; time goes on."""
        self._streams.pause()

    def resume(self) -> None:
        """Keep sound again, but nothing that sounded before this moment."""
        self._streams.resume()

    def hold_back(self, *, is_full: bool) -> None:
        """Keep zeros instead of sound while there is no room on the disk; time goes on."""
        for lane in self._tape.lanes.values():
            lane.is_held_back = is_full

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
        self._streams.close()
        self._written.set()
        for thread in self._threads:
            thread.join(END_WITHIN_S)
        self._streams.join()
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
            for item in self._arrived():
                with self._surviving():
                    self._put(item)
            now_s = self._clock()
            if now_s >= tick_at_s:
                tick_at_s = now_s + TICK_S
                with self._surviving():
                    self._look(now_s)
        with self._surviving():
            self._tape.finish()

    def _arrived(self) -> Generator[Item]:
        """Wait a beat for the next item; yield it and all that came with it."""
        with contextlib.suppress(queue.Empty):
            yield self._items.get(timeout=BEAT_S)
            while True:
                yield self._items.get_nowait()

    def _look(self, now_s: float) -> None:
        """Let time pass, and have streams that died or give nothing looked after."""
        for channel in self._tape.tick(now_s):
            self._streams.lose(channel)
        self._streams.look()
        if not self._failed_part or self._tape.ails(self._tape.clock):
            return
        if now_s - self._failed_s > CALM_S:
            self._tell(Trouble(self._failed_part, "All sound is kept again.", over=True))
            self._failed_part = ""

    @contextlib.contextmanager
    def _surviving(self) -> Generator[None]:
        """Go on after any fault; told once, for what fails once may fail with every block."""
        try:
            yield
        except Exception as error:
            self._failed_s = self._clock()
            if not self._failed_part:
                is_disk = isinstance(error, OSError | DiskError)
                self._failed_part = "disk" if is_disk else "microphone"
                text = "Some sound could not be kept; the call goes on."
                self._tell(Trouble(self._failed_part, text))

    def _put(self, item: Item) -> None:
        if isinstance(item, Block):
            self._tape.take(item)
            if self._tape.has_begun:
                self._begun.set()
        elif isinstance(item, Opened):
            self._tape.expect(item, self._clock())
        elif not self._closing.is_set() and self._tape.end(item):
            self._streams.lose(item.channel, item.source_number)

    def _sync(self) -> None:
        while not self._closing.wait(SYNC_S):
            self._sync_once()

    def _sync_once(self) -> None:
        """Make every channel safe, whatever becomes of the other; tell once when that fails."""
        has_moved, why = False, ""
        for spool in self._spools.values():
            try:
                has_moved |= spool.sync()
            except DiskError as error:
                why = str(error)
            except Exception as error:
                # Whatever it is: the next second tries again.
                why = f"Some sound may not be safe: {type(error).__name__}."
        if bool(why) is not self._is_unsafe:
            self._is_unsafe = bool(why)
            self._tell(Trouble("disk", why or SAFE_AGAIN, over=not why))
        elif has_moved and not self._has_moved:
            self._has_moved = True
            self._tell(Trouble("disk", MOVED, over=True))
