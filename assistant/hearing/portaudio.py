"""The only door to sounddevice input: devices, and streams from them.

Imports sounddevice when it is first needed, so that all else works without
PortAudio. Laws: no stream here is ever asked for more than it says it can do;
what the device can not give (mono, 16 kHz) is made of what it gives. Whatever
PortAudio fails with leaves here as DeviceError.
"""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Protocol, cast

import msgspec

from assistant.errors import DeviceError
from assistant.hearing import devices
from assistant.hearing.devices import Device

BLOCK_S = 0.02
_LOOK_WITHIN_S = 2.0
_LIST = "from assistant.hearing import portaudio; portaudio.print_inputs()"

_NO_PORTAUDIO_HINT = {
    "linux": "Install it: `sudo apt-get install libportaudio2` or your system's likeness of it.",
    "darwin": "Install it: `brew install portaudio`.",
}
_SERVER_HINT = "Is the system's sound server running?"


_Named = tuple[str, str, bool]
"""Host, name, and whether it is the default: what a device is known by."""


class _Stream(Protocol):
    samplerate: float
    channels: int
    latency: float

    def start(self) -> None: ...
    def close(self) -> None: ...


class _Flags(Protocol):
    input_overflow: bool


class _Module(Protocol):
    """What is used of sounddevice, which has no types."""

    PortAudioError: type[Exception]
    _initialized: int

    def query_devices(self) -> Sequence[Mapping[str, object]]: ...
    def query_hostapis(self) -> Sequence[Mapping[str, object]]: ...
    def RawInputStream(self, **settings: object) -> _Stream: ...  # noqa: N802
    def _terminate(self) -> None: ...
    def _initialize(self) -> None: ...


class _Row(msgspec.Struct):
    """A device as sounddevice tells it."""

    index: int
    name: str
    hostapi: int
    max_input_channels: int
    default_samplerate: float
    default_high_input_latency: float


class _Host(msgspec.Struct):
    name: str
    default_input_device: int


def inputs() -> tuple[Device, ...]:
    """Return everything that sound can be captured from. Raises DeviceError."""
    module = _sounddevice()
    with _telling(module, "The sound devices can not be listed"):
        hosts = msgspec.convert(module.query_hostapis(), list[_Host])
        rows = msgspec.convert(list(module.query_devices()), list[_Row])
    # The first host is the one PortAudio itself takes its default from.
    default = next((h.default_input_device for h in hosts if h.default_input_device >= 0), -1)
    return tuple(
        Device(
            index=row.index,
            name=row.name,
            host=hosts[row.hostapi].name,
            channels=row.max_input_channels,
            rate_hz=round(row.default_samplerate),
            high_latency_s=row.default_high_input_latency,
            is_default=row.index == default,
            is_far_side=devices.looks_like_far_side(row.name),
        )
        for row in rows
        if row.max_input_channels > 0
    )


def find_microphone(wanted: str | int | None = None) -> Device:
    """Return the microphone: the one named, else the default. Raises DeviceError."""
    return devices.choose_microphone(inputs(), wanted)


def find_far_side(wanted: str | int = "auto") -> Device | None:
    """Return where the other side is heard: `auto`, `none` or a name. Raises DeviceError."""
    return devices.choose_far_side(inputs(), wanted, far_side_hint())


def far_side_hint() -> str:
    """Say how the other side's sound can be had on this system; changes nothing by itself."""
    return devices.far_side_hint_for(sys.platform)


def print_inputs() -> None:
    """Print what a fresh PortAudio sees: it looks for devices only when it begins."""
    sys.stdout.buffer.write(msgspec.json.encode(inputs()))


class PortAudio:
    """Streams from the devices of this machine."""

    def __init__(self) -> None:
        self._has_refused = False
        """A device that was listed could not be opened: its number may be an old one."""
        self._looked: dict[int, _Named] | None = None
        """What there was, by its number, when devices were looked for the last time."""

    def open(
        self,
        wanted: str | int | None,
        on_block: Callable[[bytes, bool], None],
        on_end: Callable[[], None],
    ) -> "OpenStream":
        """Open a stream in the first format the device takes. Raises DeviceError."""
        module = _sounddevice()
        device = find_microphone(wanted)

        def call_back(sound: object, frames: int, times: object, flags: _Flags) -> None:
            on_block(bytes(cast("bytes", sound)), flags.input_overflow)

        why = ""
        for rate_hz, channels in devices.formats(device):
            try:
                stream = module.RawInputStream(
                    device=device.index,
                    samplerate=rate_hz,
                    channels=channels,
                    dtype="int16",
                    blocksize=round(rate_hz * BLOCK_S),
                    latency=devices.latency_s(device),
                    callback=call_back,
                    finished_callback=on_end,
                )
            except (module.PortAudioError, ValueError) as error:
                why = why or _reason(error)
                continue
            return OpenStream(stream, module.PortAudioError, device.name)
        self._has_refused = True
        raise DeviceError(
            f"{device.name!r} can not be opened: {why}.",
            "Another program may hold it, or the system may not allow this one to use it.",
        )

    def has_changed(self) -> bool:
        """Tell whether to look for devices anew would bring one: a new one, another default.

        What is only gone is no reason: a sound server that restarts brings back the same. It
        costs 0.2 s of one core in a process of its own, so that the streams here go on.
        """
        fresh = _fresh_inputs()
        if not fresh:
            return False
        try:
            known = inputs()
        except DeviceError:
            # This process sees none any more because PortAudio could not begin anew.
            return True
        if not {_named(device) for device in fresh} <= {_named(device) for device in known}:
            return True
        # The same device may have come back under another number; that is tried once.
        return self._has_refused and _numbered(fresh) != self._looked

    def rescan(self) -> None:
        """Begin PortAudio anew. Every stream of this process, in or out, must be closed.

        Raises DeviceError; it may be called again then.
        """
        module = _sounddevice()
        with _telling(module, "The sound devices can not be looked for"):
            # After a failure it has ended and not begun.
            if module._initialized:  # pyright: ignore[reportPrivateUsage]
                module._terminate()  # pyright: ignore[reportPrivateUsage]
            module._initialize()  # pyright: ignore[reportPrivateUsage]
        self._has_refused, self._looked = False, _numbered(inputs())


class OpenStream:
    """One stream of PortAudio."""

    def __init__(self, stream: _Stream, error: type[Exception], name: str) -> None:
        self._stream = stream
        self._error = error
        self._name = name
        self.rate_hz = round(stream.samplerate)
        self.channels = stream.channels
        self.latency_s = stream.latency

    def start(self) -> None:
        """Let it call back. Raises DeviceError."""
        try:
            self._stream.start()
        except self._error as error:
            raise DeviceError(
                f"{self._name!r} does not begin: {_reason(error)}.", "Plug it in again."
            ) from error

    def close(self) -> None:
        """End it, also when its device is gone."""
        # What is already ended, by itself or with all of PortAudio, needs no end.
        with contextlib.suppress(self._error):
            self._stream.close()


def _fresh_inputs() -> tuple[Device, ...]:
    """Return what a fresh PortAudio sees; nothing if that could not be found out."""
    try:
        fresh = subprocess.run(
            # -P: a file in the user's current folder must not pass for a module of ours.
            [sys.executable, "-P", "-c", _LIST],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=_LOOK_WITHIN_S,
            check=True,
        ).stdout
        return msgspec.json.decode(fresh, type=tuple[Device, ...])
    except (OSError, subprocess.SubprocessError, msgspec.MsgspecError):
        return ()


def _named(device: Device) -> _Named:
    return device.host, device.name, device.is_default


def _numbered(there: Sequence[Device]) -> dict[int, _Named]:
    return {device.index: _named(device) for device in there}


@contextlib.contextmanager
def _telling(module: _Module, what: str) -> Generator[None]:
    try:
        yield
    except (module.PortAudioError, OSError, msgspec.ValidationError) as error:
        raise DeviceError(f"{what}: {_reason(error)}.", _SERVER_HINT) from error


def _sounddevice() -> _Module:
    try:
        import sounddevice  # pyright: ignore[reportMissingTypeStubs]
    except OSError as error:
        hint = _NO_PORTAUDIO_HINT.get(sys.platform, "Install it, then try again.")
        raise DeviceError("PortAudio is not installed.", hint) from error
    except Exception as error:
        # Its own kind of error, which can not be had from a module that can not be imported.
        raise DeviceError(f"PortAudio does not begin: {_reason(error)}.", _SERVER_HINT) from error
    return cast("_Module", sounddevice)


def _reason(error: Exception) -> str:
    """Return PortAudio's own words without its numbers: "Device unavailable"."""
    words = str(error.args[0]) if error.args and not isinstance(error, OSError) else str(error)
    return words.rpartition(": ")[2].partition(" [")[0].rstrip(".")
