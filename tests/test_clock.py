"""The clock that stamps sound: never back, and on while the machine sleeps."""

import ast
import sys
import time
from pathlib import Path

import pytest

import assistant
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


WALL = {"time", "localtime", "gmtime", "ctime", "now", "utcnow", "today"}
"""What asks for the wall's time, of `time`, `datetime` and `date`."""
MAY_ASK = {
    "holding.py": "the one moment that a journal keeps: CallStarted.wall",
    "cli/rehearsing.py": "the same, of a call that is lived again",
    "cli/acting.py": "what is overdue today",
    "cli/days.py": "which day was yesterday",
    "cli/forgetting.py": "how many days old a call is",
    "cli/importing.py": "when a recording was imported",
    "importing/staging.py": "how long ago an import was interrupted",
    "cli/retaining.py": "how many days old a call is",
    "cli/correcting.py": "when a correction was made: Corrected.wall",
    "cli/unfinished.py": "how long ago a call broke off",
}


def test_nothing_in_a_call_asks_the_wall_for_the_time() -> None:
    house = Path(assistant.__file__).parent
    asking = {
        str(path.relative_to(house))
        for path in house.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in {"time", "datetime", "date"}
        and node.attr in WALL
    }
    assert asking <= MAY_ASK.keys()
