"""The headset: samples in, sound out, with the exact moments it began and ended.

One stream stays open and plays silence, because opening one takes longer than a cue may wait. Laws:
the callback only copies and stamps; what it has to tell is told on a thread of this file, which no
fault ends; what was not played to its end was not spoken; a headset that fails is one sentence per
episode, and one when it is over, and never an error for who wants to play.
"""

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assistant.errors import DeviceError
from assistant.speaking.outputs import OpenStream, Stream, open_stream
from assistant.speaking.samples import Floats, Samples

FADE_S = 0.01
"""A cut fades out over this, so that it does not click."""

DEAD_S = 0.5
"""No callback for so long: the stream is dead. PortAudio raises nothing when a device goes away."""

LOOK_S = 0.25
"""So often it is looked whether the headset still asks for sound, and whether it is back."""

FIRST_BLOCK_S = 3.0
"""A wireless headset may take so long to ask for its first block."""

REOPEN_S = (0.0, 1.0, 3.0, 5.0)
"""Waits before the first, second, ... try to open it again: at most four in ten seconds."""

CALM_S = 2.0
"""A headset that comes and goes is one episode: it is back when it has asked for so long."""

CLOSE_WITHIN_S = 1.0
"""A device that does not let itself be closed within this is left to the system."""

AWAY = "The headset went away; cues are only shown until it is back."
BACK = "The headset is back; cues are murmured again."


@dataclass(slots=True)
class _Job:
    """One sound on its way out; the callback owns all but `cut`."""

    sound: Floats
    rate_hz: int
    on_started: Callable[[float], None]
    on_ended: Callable[[float, bool], None]
    cut: bool = False
    at: int = 0
    is_over: bool = False
    """Its end was told; the callback and a device that goes away may both report it."""
    unheard: int = 0
    """All of it is with the device, which still has so many samples to play."""


@dataclass(slots=True)
class _Told:
    """What the callback has to tell, and when it stamped that."""

    job: _Job
    stamp_s: float
    sounds_in_s: float
    ended: bool
    whole: bool = False


class Playback:
    """One output device, kept open.

    `device` is a name or a part of it, empty for the default. `on_trouble(sentence, over)` is
    called once when the headset goes away and once, then with True, when it is back.
    """

    def __init__(
        self,
        device: str,
        on_trouble: Callable[[str, bool], None],
        *,
        open_stream: OpenStream = open_stream,
    ) -> None:
        """`open_stream` opens the device; sounddevice does, if nothing else is given."""
        self._device = device
        self._on_trouble = on_trouble
        self._open_stream = open_stream
        self._care = threading.Lock()
        self._lock = threading.Lock()
        self._stream: Stream | None = None
        self._job: _Job | None = None
        self._unheard: deque[_Job] = deque()
        self._told: queue.SimpleQueue[_Told | None] = queue.SimpleQueue()
        self._teller: threading.Thread | None = None
        self._opened_s = 0.0
        self._asked_s: float | None = None
        self._was_open = False
        self._is_held = True
        self._tries = 0
        self._next_try_s = 0.0
        self._is_away = False

    def open(self) -> None:
        """Open the device; nothing if it is open. Raises DeviceError.

        Once it was open, it is opened again by itself whenever it went away.
        """
        with self._lock:
            self._is_held = False
            try:
                self._open()
            finally:
                if self._was_open and self._teller is None:
                    self._teller = threading.Thread(target=self._tell, name="headset", daemon=True)
                    self._teller.start()

    def close(self) -> None:
        """Close the device; what plays ends here, and nothing plays until `open`.

        So all of PortAudio may be started anew in between, to find devices that came or went.
        """
        with self._lock:
            self._is_held = True
        self._drop_stream()
        teller, self._teller = self._teller, None
        if teller:
            self._told.put(None)
            if teller is not threading.current_thread():
                teller.join(CLOSE_WITHIN_S)

    def play(
        self,
        samples: Samples,
        on_started: Callable[[float], None],
        on_ended: Callable[[float, bool], None],
    ) -> bool:
        """Play samples; tell at once whether that is possible: False while something plays.

        `on_started(in_s)` and `on_ended(in_s, whole)` are called on another thread, each once and
        in this order (a cut before the first sample brings only `on_ended`). `in_s` is when that
        sample sounds, in seconds from the call, mostly a little ahead or a little ago; `whole` is
        False if it was cut or the device went away before it had played the last sample.
        """
        if self._job is not None or not self._is_ready():
            return False
        with self._lock:
            if self._stream is None:
                return False
            rate_hz = self._stream.rate_hz
            self._job = _Job(samples.at_rate(rate_hz).sound, rate_hz, on_started, on_ended)
            return True

    def cut(self) -> None:
        """Fade out what plays, within one block."""
        job = self._job
        if job is not None:
            job.cut = True

    # ------------------------------------------------------------ the device

    def _is_ready(self) -> bool:
        """Tell whether the device asks for sound; open it again if it is time for that."""
        with self._care:
            stream = self._stream
            if stream is not None:
                if stream.active and self._asks():
                    return True
                self._lose()
            return time.monotonic() >= self._next_try_s and self._reopen()

    def _asks(self) -> bool:
        if self._asked_s is None:
            return time.monotonic() - self._opened_s < FIRST_BLOCK_S
        return time.monotonic() - self._asked_s < DEAD_S

    def _reopen(self) -> bool:
        try:
            with self._lock:
                if self._is_held:
                    return False
                self._open()
        except DeviceError as error:
            self._wait_for_next_try()
            self._say_away(str(error))
            return False
        return True

    def _open(self) -> None:
        """Open the stream, with the lock held."""
        if self._stream is None:
            self._opened_s, self._asked_s = time.monotonic(), None
            self._stream = self._open_stream(self._device, self._fill)
            self._was_open = True

    def _lose(self) -> None:
        self._drop_stream()
        self._wait_for_next_try()
        self._say_away(AWAY)

    def _wait_for_next_try(self) -> None:
        wait_s = REOPEN_S[min(self._tries, len(REOPEN_S) - 1)]
        self._tries, self._next_try_s = self._tries + 1, time.monotonic() + wait_s

    def _say_away(self, sentence: str) -> None:
        if not self._is_away:
            self._is_away = True
            self._on_trouble(sentence, False)

    def _drop_stream(self) -> None:
        with self._lock:
            stream, self._stream = self._stream, None
            jobs = [*self._unheard, *filter(None, (self._job,))]
            self._job = None
            self._unheard.clear()
        for job in jobs:
            self._told.put(_Told(job, time.monotonic(), 0.0, ended=True))
        if stream is not None:
            # Some drivers never return from closing a device that is gone.
            closer = threading.Thread(target=stream.close, daemon=True)
            closer.start()
            closer.join(CLOSE_WITHIN_S)

    # ------------------------------------------------------------ its callback

    def _fill(self, block: Floats, sounds_in_s: float) -> None:
        """Write the next block. Runs in PortAudio's callback: copy, stamp, return."""
        self._asked_s = now_s = time.monotonic()
        block[:] = 0.0
        self._hear_out(len(block), now_s)
        job = self._job
        if job is None:
            return
        piece = job.sound[job.at : job.at + len(block)]
        count = len(piece)
        if job.cut:
            count = min(count, round(FADE_S * job.rate_hz)) if job.at else 0
            piece = piece[:count] * np.linspace(1.0, 0.0, count, dtype=np.float32)
        if job.at == 0 and count:
            self._told.put(_Told(job, now_s, sounds_in_s, ended=False))
        block[:count] = piece
        job.at += count
        if job.cut or job.at >= len(job.sound):
            self._job = None
            if job.cut:
                self._told.put(_Told(job, now_s, sounds_in_s + count / job.rate_hz, ended=True))
            else:
                job.unheard = round(sounds_in_s * job.rate_hz) + count
                self._unheard.append(job)

    def _hear_out(self, frames: int, now_s: float) -> None:
        """Know that the device has played so much more: it asks for as much as it plays."""
        for job in list(self._unheard):
            job.unheard -= frames
        while self._unheard and self._unheard[0].unheard <= 0:
            job = self._unheard.popleft()
            self._told.put(_Told(job, now_s, job.unheard / job.rate_hz, ended=True, whole=True))

    # ------------------------------------------------------------ its thread

    def _tell(self) -> None:
        """Tell what the callback saw, and look after the device; no fault ends this."""
        while True:
            try:
                told = self._told.get(timeout=LOOK_S)
            except queue.Empty:
                with contextlib.suppress(Exception):
                    self._look()
                continue
            if told is None:
                return
            # One cue's fault must not silence all that come after it.
            with contextlib.suppress(Exception):
                _tell(told)

    def _look(self) -> None:
        if self._is_held or not self._is_ready() or not self._is_away:
            return
        if self._asked_s is not None and time.monotonic() - self._opened_s >= CALM_S:
            self._is_away, self._tries = False, 0
            self._on_trouble(BACK, True)


def _tell(told: _Told) -> None:
    in_s = told.stamp_s + told.sounds_in_s - time.monotonic()
    if told.job.is_over:
        return
    if told.ended:
        told.job.is_over = True
        told.job.on_ended(in_s, told.whole)
    else:
        told.job.on_started(in_s)
