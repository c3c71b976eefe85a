"""The headset: samples in, sound out, with the exact moments it began and ended.

The only door to sounddevice's output. One stream stays open and plays silence, because opening one
takes longer than a cue may wait. Laws: the callback only copies and stamps; what it has to tell is
told on a thread of this file; a headset that fails is one sentence per episode and never an error
for who wants to play, and it is tried again only when something is to be played.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

import msgspec
import numpy as np

from assistant.errors import DeviceError
from assistant.speaking.samples import Floats, Samples

BLOCK_S = 0.02
"""Seconds per block of the callback."""

LATENCY_S = 0.06
"""Asked of the device. On two cores with four busy processes 0.04 s ran dry and 0.06 s did not;
from `play` to the first sample it took 0.09 s, p95 0.11 s."""

FADE_S = 0.01
"""A cut fades out over this, so that it does not click."""

DEAD_S = 0.5
"""No callback for so long: the stream is dead. PortAudio raises nothing when a device goes away."""

FIRST_BLOCK_S = 3.0
"""A wireless headset may take so long to ask for its first block."""

REOPEN_S = (0.5, 1.0, 2.0, 5.0)
"""Seconds that must pass before the first, second, ... try to open again."""

_HINT = "`sottovoce devices` lists what is there; without a headset cues are only shown."
_SERVER_HINT = "Is the system's sound server running?"


class Output(msgspec.Struct, frozen=True):
    """A device that can play."""

    index: int
    name: str
    channels: int
    rate_hz: int
    is_default: bool


class Stream(Protocol):
    """An open stream that asks for sound."""

    @property
    def rate_hz(self) -> int:
        """Samples per second and channel."""
        ...

    @property
    def active(self) -> bool:
        """Whether it still asks."""
        ...

    def close(self) -> None:
        """End it at once."""
        ...


Fill = Callable[[Floats, float], None]
"""fill(block, sounds_in_s): write the next mono block; its first sample sounds in so many s."""

OpenStream = Callable[[str, Fill], Stream]
"""Open a stream on the device of that name, empty for the default. Raises DeviceError."""


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

    `device` is a name or a part of it, empty for the default. `on_trouble(sentence)` is called
    once when the headset goes away and once when it is back.
    """

    def __init__(
        self,
        device: str,
        on_trouble: Callable[[str], None],
        *,
        open_stream: OpenStream | None = None,
    ) -> None:
        """`open_stream` opens the device; sounddevice does, if nothing else is given."""
        self._device = device
        self._on_trouble = on_trouble
        self._open_stream = open_stream or _open_stream
        self._lock = threading.Lock()
        self._stream: Stream | None = None
        self._job: _Job | None = None
        self._told: queue.SimpleQueue[_Told | None] = queue.SimpleQueue()
        self._teller: threading.Thread | None = None
        self._last_block_s = 0.0
        self._is_held = True
        self._tries = 0
        self._next_try_s = 0.0
        self._is_away = False

    def open(self) -> None:
        """Open the device; nothing if it is open. Raises DeviceError.

        From here on `play` tries again by itself when the device is not there.
        """
        with self._lock:
            self._is_held = False
            self._open()

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
                teller.join(1.0)

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
        False if it was cut or the device went away.
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

    def _is_ready(self) -> bool:
        stream = self._stream
        if stream is not None:
            if stream.active and time.monotonic() - self._last_block_s < DEAD_S:
                return True
            self._lose()
        if time.monotonic() < self._next_try_s:
            return False
        try:
            with self._lock:
                if self._is_held:
                    return False
                self._open()
        except DeviceError as error:
            wait_s = REOPEN_S[min(self._tries, len(REOPEN_S) - 1)]
            self._tries, self._next_try_s = self._tries + 1, time.monotonic() + wait_s
            self._say_away(str(error))
            return False
        self._tries = 0
        if self._is_away:
            self._is_away = False
            self._on_trouble("The headset is back; cues are murmured again.")
        return True

    def _open(self) -> None:
        """Open the stream, with the lock held."""
        if self._stream is not None:
            return
        self._last_block_s = time.monotonic() + FIRST_BLOCK_S - DEAD_S
        self._stream = self._open_stream(self._device, self._fill)
        if self._teller is None:
            self._teller = threading.Thread(target=self._tell, name="headset", daemon=True)
            self._teller.start()

    def _lose(self) -> None:
        self._drop_stream()
        self._say_away("The headset went away; cues are only shown until it is back.")

    def _say_away(self, sentence: str) -> None:
        if not self._is_away:
            self._is_away = True
            self._on_trouble(sentence)

    def _drop_stream(self) -> None:
        with self._lock:
            stream, self._stream = self._stream, None
            job, self._job = self._job, None
        if stream is not None:
            stream.close()
        if job is not None:
            self._told.put(_Told(job, time.monotonic(), 0.0, ended=True))

    def _fill(self, block: Floats, sounds_in_s: float) -> None:
        """Write the next block. Runs in PortAudio's callback: copy, stamp, return."""
        self._last_block_s = now_s = time.monotonic()
        block[:] = 0.0
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
            whole = job.at >= len(job.sound) and not job.cut
            self._told.put(_Told(job, now_s, sounds_in_s + count / job.rate_hz, True, whole))

    def _tell(self) -> None:
        """Tell what the callback saw, and notice when it falls silent while something plays."""
        while True:
            try:
                told = self._told.get(timeout=DEAD_S)
            except queue.Empty:
                if self._job is not None and time.monotonic() - self._last_block_s > DEAD_S:
                    self._lose()
                continue
            if told is None:
                return
            in_s = told.stamp_s + told.sounds_in_s - time.monotonic()
            if told.job.is_over:
                continue
            if told.ended:
                told.job.is_over = True
                told.job.on_ended(in_s, told.whole)
            else:
                told.job.on_started(in_s)


# ---------------------------------------------------------------- sounddevice


class _Times(Protocol):
    currentTime: float  # noqa: N815
    outputBufferDacTime: float  # noqa: N815


class _SdStream(Protocol):
    active: bool
    latency: float

    def start(self) -> None: ...
    def close(self, ignore_errors: bool = True) -> None: ...


class _Sd(Protocol):
    """The part of sounddevice that is used here."""

    PortAudioError: type[Exception]
    OutputStream: Callable[..., _SdStream]
    query_devices: Callable[..., Any]


@dataclass(slots=True)
class _Open:
    """A stream of sounddevice's as a `Stream`."""

    stream: _SdStream
    rate_hz: int
    error: type[Exception]

    @property
    def active(self) -> bool:
        try:
            return self.stream.active
        except self.error:
            # All of PortAudio may have ended meanwhile.
            return False

    def close(self) -> None:
        self.stream.close()


def outputs() -> tuple[Output, ...]:
    """List the devices that can play. Raises DeviceError."""
    sd = _sounddevice()
    try:
        default = int(sd.query_devices(kind="output")["index"])
    except (sd.PortAudioError, ValueError):
        default = -1
    try:
        devices = tuple(sd.query_devices())
    except (sd.PortAudioError, OSError) as error:
        raise DeviceError("The sound outputs can not be listed.", _SERVER_HINT) from error
    return tuple(
        Output(
            index=int(device["index"]),
            name=str(device["name"]),
            channels=int(device["max_output_channels"]),
            rate_hz=round(device["default_samplerate"]),
            is_default=int(device["index"]) == default,
        )
        for device in devices
        if device["max_output_channels"] > 0
    )


def chosen(wanted: str, devices: tuple[Output, ...]) -> Output:
    """Return the output meant by a name or a part of it. Raises DeviceError."""
    if not devices:
        raise DeviceError("There is no sound output.", _HINT)
    if not wanted:
        return next((device for device in devices if device.is_default), devices[0])
    exact = [device for device in devices if device.name == wanted]
    part = [device for device in devices if wanted.casefold() in device.name.casefold()]
    if not exact + part:
        raise DeviceError(f"There is no sound output called {wanted!r}.", _HINT)
    return (exact + part)[0]


def _open_stream(device: str, fill: Fill) -> Stream:
    sd = _sounddevice()
    output = chosen(device, outputs())
    rate_hz, channels = output.rate_hz, min(2, output.channels)
    latency_s = [0.0]

    def callback(out: Floats, frames: int, times: _Times, status: object) -> None:
        sounds_in_s = times.outputBufferDacTime - times.currentTime
        # Some drivers leave the times empty.
        if not 0.0 < sounds_in_s < 2.0:
            sounds_in_s = latency_s[0]
        mono = np.empty(frames, np.float32)
        fill(mono, sounds_in_s)
        out[:] = mono[:, None]

    stream: _SdStream | None = None
    try:
        stream = sd.OutputStream(
            device=output.index,
            samplerate=rate_hz,
            channels=channels,
            dtype="float32",
            blocksize=round(BLOCK_S * rate_hz),
            latency=LATENCY_S,
            callback=callback,
        )
        latency_s[0] = stream.latency
        stream.start()
    except (sd.PortAudioError, OSError, ValueError) as error:
        if stream is not None:
            stream.close()
        raise DeviceError(f"The sound output {output.name!r} can not be opened.", _HINT) from error
    return _Open(stream, rate_hz, sd.PortAudioError)


def _sounddevice() -> _Sd:
    try:
        import sounddevice  # pyright: ignore[reportMissingTypeStubs]
    except OSError as error:
        raise DeviceError(
            "PortAudio is missing, so no sound device can be used.",
            "Install it: `apt install libportaudio2`, or your system's package of that name.",
        ) from error
    except Exception as error:
        # Its own kind of error, which can not be had from a module that can not be imported.
        raise DeviceError("PortAudio does not begin.", _SERVER_HINT) from error
    return cast(_Sd, sounddevice)
