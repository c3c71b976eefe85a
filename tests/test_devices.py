"""Which device is the microphone, which one carries the other side."""

import pytest

from assistant.errors import DeviceError
from assistant.hearing.devices import (
    Device,
    choose_far_side,
    choose_microphone,
    far_side_hint_for,
    formats,
    latency_s,
    looks_like_far_side,
)

pytestmark = pytest.mark.unit


def device(index: int, name: str, *, is_default: bool = False, channels: int = 1) -> Device:
    return Device(
        index, name, "ALSA", channels, 48000, 0.035, is_default, looks_like_far_side(name)
    )


BUILT_IN = device(0, "Built-in Microphone")
USB = device(1, "USB Headset: Audio (hw:1,0)", is_default=True)
MONITOR = device(2, "Monitor of Built-in Audio")
ALL = (BUILT_IN, USB, MONITOR)


@pytest.mark.parametrize("wanted", [None, ""])
def test_unnamed_the_microphone_is_the_default(wanted: str | None) -> None:
    assert choose_microphone(ALL, wanted) is USB


def test_without_a_default_it_is_one_that_is_not_the_far_side() -> None:
    assert choose_microphone((MONITOR, BUILT_IN), None) is BUILT_IN


@pytest.mark.parametrize("wanted", ["built-in microphone", "Built", "crophone", "0", 0])
def test_a_microphone_is_found_by_name_part_or_number(wanted: str | int) -> None:
    assert choose_microphone(ALL, wanted) is BUILT_IN


def test_the_whole_name_wins_over_a_part() -> None:
    extra = device(7, "USB")
    assert choose_microphone((USB, extra), "usb") is extra


def test_no_microphone_says_what_to_do() -> None:
    with pytest.raises(DeviceError, match=r"No microphone was found\.") as caught:
        choose_microphone((), None)
    assert "Plug one in" in caught.value.hint


def test_a_wrong_name_names_the_nearest_and_what_is_there() -> None:
    with pytest.raises(DeviceError, match="'Bilt-in Micrphone'") as caught:
        choose_microphone(ALL, "Bilt-in Micrphone")
    assert "Did you mean 'Built-in Microphone'?" in caught.value.hint
    assert "USB Headset" in caught.value.hint


@pytest.mark.parametrize(
    "name",
    [
        "Monitor of Built-in Audio",
        "alsa_output.pci-0000.analog-stereo.monitor",
        "Loopback: PCM (hw:2,1)",
        "BlackHole 2ch",
        "Stereo Mix (Realtek Audio)",
        "CABLE Output (VB-Audio Virtual Cable)",
        "Speakers (Realtek) [Loopback]",
        "far_side",
    ],
)
def test_far_sides_are_known_by_name(name: str) -> None:
    assert looks_like_far_side(name)


@pytest.mark.parametrize("name", ["Built-in Microphone", "default", "pulse", "HD Webcam C270"])
def test_microphones_are_no_far_sides(name: str) -> None:
    assert not looks_like_far_side(name)


def test_auto_takes_the_first_far_side_and_none_none() -> None:
    assert choose_far_side(ALL, "auto", "") is MONITOR
    assert choose_far_side((BUILT_IN, USB), "auto", "") is None
    assert choose_far_side(ALL, "none", "") is None


def test_any_device_may_be_named_as_the_far_side() -> None:
    assert choose_far_side(ALL, "Built-in Mic", "") is BUILT_IN


def test_a_far_side_that_is_not_there_says_how_to_have_one() -> None:
    with pytest.raises(DeviceError) as caught:
        choose_far_side(ALL, "BlackHole", far_side_hint_for("linux"))
    assert 'device "@DEFAULT_MONITOR@"' in caught.value.hint


def test_every_system_has_its_own_way_to_the_far_side() -> None:
    assert len({far_side_hint_for(system) for system in ("linux", "darwin", "win32")}) == 3


def test_mono_at_16_khz_is_tried_first_and_stereo_at_its_own_rate_last() -> None:
    assert formats(device(0, "x", channels=2)) == [(16000, 1), (48000, 1), (48000, 2)]
    assert formats(device(0, "x", channels=32)) == [(16000, 1), (48000, 1), (48000, 2)]


def test_latency_leaves_room_for_a_late_thread_and_for_cutting_a_murmur() -> None:
    def asking(high_latency_s: float) -> float:
        return latency_s(Device(0, "x", "ALSA", 1, 48000, high_latency_s))

    assert (asking(0.01), asking(0.1), asking(0.18)) == (0.06, 0.1, 0.12)
