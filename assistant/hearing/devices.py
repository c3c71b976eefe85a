"""Which device is the microphone, which one carries the other side.

Values and choices only: a list of devices goes in, one comes out, or a
DeviceError that names what is there. Nothing here touches a sound card.
"""

import difflib
import re
from collections.abc import Sequence

import msgspec

from assistant.errors import DeviceError
from assistant.hearing.spool import RATE_HZ

# Monitors of PulseAudio and PipeWire, and the virtual cables of the other systems.
_FAR_SIDE = re.compile(
    r"monitor of|\.monitor\b|loopback|far[ _]side|blackhole|soundflower|stereo mix|wave out mix"
    r"|what u hear|vb-?cable|cable output|voicemeeter out",
    re.IGNORECASE,
)

LEAST_LATENCY_S = 0.06
MOST_LATENCY_S = 0.12

_LINUX_HINT = """\
On Linux the sound that the other side makes can be captured once it has a name in ALSA.
Put these lines into ~/.asoundrc (they need the package libasound2-plugins):

    pcm.far_side {
        type pulse
        device "@DEFAULT_MONITOR@"
        hint { show on description "far side" }
    }"""
_MAC_HINT = """\
On macOS a virtual cable carries the other side, BlackHole for instance. In Audio MIDI Setup make \
a multi-output device of your headset and the cable, and choose it as the output."""
_WINDOWS_HINT = """\
On Windows switch on "Stereo Mix" among the recording devices, or install a virtual cable such as \
VB-Cable and let the call play into it."""


class Device(msgspec.Struct, frozen=True):
    """Something that sound can be captured from."""

    index: int
    """PortAudio's number; it holds only until devices are looked for anew."""
    name: str
    host: str
    """The system's sound interface: ALSA, Core Audio, Windows WASAPI, ..."""
    channels: int
    rate_hz: int
    """The rate it likes best."""
    high_latency_s: float
    """What PortAudio calls safe for recording."""
    is_default: bool = False
    is_far_side: bool = False
    """Its name says that it carries what the computer plays."""


def looks_like_far_side(name: str) -> bool:
    """Tell whether a device of that name carries what the computer plays."""
    return _FAR_SIDE.search(name) is not None


def choose_microphone(devices: Sequence[Device], wanted: str | int | None) -> Device:
    """Return the microphone: the one named, else the default. Raises DeviceError."""
    if not devices:
        raise DeviceError(
            "No microphone was found.",
            "Plug one in, or allow this program to use it in the system's privacy settings.",
        )
    if wanted is not None and wanted != "":
        return _named(devices, wanted, "microphone")
    for device in devices:
        if device.is_default:
            return device
    return min(devices, key=lambda device: device.is_far_side)


def choose_far_side(devices: Sequence[Device], wanted: str | int, hint: str) -> Device | None:
    """Return the far side: `auto` the first that looks like it, `none` none, else the one named.

    Raises DeviceError with the hint where the one named is not there.
    """
    if wanted == "none":
        return None
    if wanted in ("auto", ""):
        return next((device for device in devices if device.is_far_side), None)
    try:
        return _named(devices, wanted, "device for the far side")
    except DeviceError as error:
        raise DeviceError(str(error), f"{error.hint}\n{hint}") from error


def far_side_hint_for(platform: str) -> str:
    """Say how the other side's sound can be had; `platform` as in `sys.platform`."""
    if platform == "darwin":
        return _MAC_HINT
    return _WINDOWS_HINT if platform == "win32" else _LINUX_HINT


def formats(device: Device) -> list[tuple[int, int]]:
    """Return the (rate_hz, channels) to try, best first.

    Mono at 16 kHz where the system converts; else the device's own rate, and where a raw device
    refuses mono, its stereo or all its channels.
    """
    tries = [(RATE_HZ, 1), (device.rate_hz, 1)]
    # ALSA's plugins say 32 channels and mean "any": the few first are the real ones.
    tries += [(device.rate_hz, count) for count in (2, device.channels) if 1 < count <= 8]
    return list(dict.fromkeys(tries))


def latency_s(device: Device) -> float:
    """Return the latency to ask for, in seconds.

    PortAudio's `high` is 35 ms on ALSA, too little for a raw card when the machine is busy, and
    beyond 120 ms what is heard comes too late to cut a murmur in time. On PulseAudio 60 ms is
    20 ms blocks at an even pace; 100 ms comes in bursts.
    """
    return min(max(device.high_latency_s, LEAST_LATENCY_S), MOST_LATENCY_S)


def _named(devices: Sequence[Device], wanted: str | int, what: str) -> Device:
    """Find by number, exact name, beginning or part of the name, in this order."""
    if isinstance(wanted, int) or wanted.isdecimal():
        found = [device for device in devices if device.index == int(wanted)]
    else:
        name = wanted.casefold()
        found = sorted(
            (device for device in devices if name in device.name.casefold()),
            key=lambda device: (
                device.name.casefold() != name,
                not device.name.casefold().startswith(name),
            ),
        )
    if found:
        return found[0]
    names = list(dict.fromkeys(device.name for device in devices))
    near = difflib.get_close_matches(str(wanted), names, n=1, cutoff=0.5)
    there = ", ".join(names) if names else "none"
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise DeviceError(f"There is no {what} {str(wanted)!r}.", f"{hint}There are: {there}.")
