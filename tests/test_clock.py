"""The clock that stamps sound: never back, and on while the machine sleeps."""

import sys
import time

import pytest

from assistant.hearing.clock import clock_for, real_clock

pytestmark = pytest.mark.unit


def test_it_goes_on_at_the_pace_of_the_world() -> None:
    began_s, real_s = real_clock(), time.monotonic()
    while time.monotonic() < real_s + 0.05:
        pass
    assert real_clock() - began_s == pytest.approx(time.monotonic() - real_s, abs=0.05)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_every_system_has_one(platform: str) -> None:
    clock = clock_for(platform)
    assert clock() <= clock()


def test_on_linux_it_counts_the_time_the_machine_slept() -> None:
    if sys.platform == "linux":
        assert real_clock() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=1.0)
