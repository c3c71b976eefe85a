"""The only door to sounddevice's output: what can play, and streams that ask for sound.

Imports sounddevice when it is first needed. Laws: a stream's callback copies and returns;
whatever PortAudio fails with leaves here as DeviceError.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, cast

import msgspec
import numpy as np

from assistant.errors import DeviceError
from assistant.speaking.samples import Floats

BLOCK_S = 0.02
"""Seconds per block of the callback."""

LATENCY_S = 0.06
"""Asked of the device. On two cores with four busy processes 0.04 s ran dry and 0.06 s did not;
from `play` to the first sample it took 0.09 s, p95 0.11 s."""

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


def open_stream(device: str, fill: Fill) -> Stream:
    """Open a stream on a device, empty for the default. Raises DeviceError."""
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
