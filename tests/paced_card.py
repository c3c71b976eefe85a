"""A sound card that is not there: real threads that call back at the real pace."""

import threading
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from assistant.errors import DeviceError
from assistant.hearing.spool import RATE_HZ
from assistant.hearing.stream import OnBlock

BLOCK_S = 0.02

Samples = npt.NDArray[np.int16]


class PacedStream:
    """Calls back every 20 ms with its own value, and takes the time of every call."""

    def __init__(
        self, card: "PacedCard", name: str, on_block: OnBlock, on_end: Callable[[], None]
    ) -> None:
        self.rate_hz, self.channels = card.formats.get(name, (RATE_HZ, 1))
        self.latency_s = 0.04
        self.name = name
        self._card, self._on_block, self._on_end = card, on_block, on_end
        self.is_cut = False
        """It never calls back again, though its device may."""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    @property
    def is_running(self) -> bool:
        """Whether it calls back."""
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        frames = round(self.rate_hz * BLOCK_S)
        value = np.full(frames * self.channels, self._card.values[self.name], np.int16)
        due_s = self._card.now_s() + BLOCK_S
        while not self._over.wait(self._card.wait_s(due_s)):
            # A machine that sleeps plays nothing: what would have sounded never comes.
            due_s = max(due_s, self._card.awake_s)
            due_s += BLOCK_S
            self._card.sounded(self.name, frames)
            if not self.is_cut and self.name not in self._card.stuck:
                pcm = self._card.numbers(self.name, frames, value).tobytes()
                begin_s = time.thread_time()
                self._on_block(pcm + self._card.excess(self.name), False)
                self._card.called(self.name, time.thread_time() - begin_s)
        self._on_end()


class PacedCard:
    """Devices by name; they can be stuck, unplugged, and plugged in."""

    def __init__(self, **values: int) -> None:
        self.values = values
        self.formats: dict[str, tuple[int, int]] = {}
        self.stuck: set[str] = set()
        self.known = set(values)
        self.plugged = set(values)
        self.opened: list[tuple[str, float]] = []
        self.streams: list[PacedStream] = []
        self.half_frames: dict[str, int] = {}
        """So many of a device's next blocks end within a sample; no real one does that."""
        self.look_faults = 0
        """So many looks for devices fail, and leave no device that could be opened."""
        self.looks = 0
        self.is_blind = False
        self.blocks = dict.fromkeys(values, 0)
        self.numbered = False
        """Samples are frame numbers, 1 to 30000 over and over; else the device's own value."""
        self.delivered: dict[str, list[Samples]] = {name: [] for name in values}
        """What was called back while samples were frame numbers."""
        self._frames = dict.fromkeys(values, 0)
        self.slowest_s = 0.0
        self.speed = 1.0
        """So many seconds of this card go by in one of the world."""
        self.awake_s = 0.0
        self._slept_s = 0.0
        self._more = threading.Condition()

    def now_s(self) -> float:
        """Return the time of the machine that this card is in."""
        return time.monotonic() * self.speed + self._slept_s

    def skip(self, asleep_s: float) -> None:
        """Let the machine sleep for so long, at once."""
        self._slept_s += asleep_s
        self.awake_s = self.now_s()

    def wait_s(self, due_s: float) -> float:
        """Return how long it is, in the world, until that time of the machine."""
        return max(0.0, due_s - self.now_s()) / self.speed

    def open(
        self, wanted: str | int | None, on_block: OnBlock, on_end: Callable[[], None]
    ) -> PacedStream:
        name = str(wanted)
        self.opened.append((name, time.monotonic()))
        if self.is_blind or name not in self.known & self.plugged:
            raise DeviceError("No microphone was found.", "Plug one in.")
        self.streams.append(PacedStream(self, name, on_block, on_end))
        return self.streams[-1]

    def has_changed(self) -> bool:
        return self.is_blind or self.known != self.plugged

    def rescan(self) -> None:
        assert not any(stream.is_running for stream in self.streams)
        self.looks += 1
        self.is_blind = self.looks <= self.look_faults
        if self.is_blind:
            raise DeviceError("The sound devices can not be looked for: Internal error.")
        self.known = set(self.plugged)

    def unplug(self, name: str) -> None:
        """End what is open on a device for good, and let it be found only by a look."""
        for stream in self.streams:
            stream.is_cut |= stream.name == name
        self.known.discard(name)

    def excess(self, name: str) -> bytes:
        if not self.half_frames.get(name):
            return b""
        self.half_frames[name] -= 1
        return b"\0"

    def sounded(self, name: str, frames: int) -> None:
        self._frames[name] += frames

    def numbers(self, name: str, frames: int, value: Samples) -> Samples:
        if not self.numbered:
            return value
        end = self._frames[name]
        numbers = (np.arange(end - frames, end) % 30000 + 1).astype(np.int16)
        self.delivered[name].append(numbers)
        return numbers

    def called(self, name: str, took_s: float) -> None:
        with self._more:
            self.blocks[name] += 1
            self.slowest_s = max(self.slowest_s, took_s)
            self._more.notify_all()

    def wait_for(self, name: str, blocks: int) -> None:
        """Wait until a device has called back so many times more."""
        with self._more:
            enough = self.blocks[name] + blocks
            assert self._more.wait_for(lambda: self.blocks[name] >= enough, 10.0)
