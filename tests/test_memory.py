"""How much memory a process takes, and whether it grew too much."""

import contextlib
import gc
import mmap
import os
import subprocess
import sys

import pytest

from assistant.memory import LOOK_EVERY_S, Growth, nothing_collected, resident_bytes

pytestmark = pytest.mark.edge

MB = 2**20


def test_our_own_size_grows_with_what_we_take() -> None:
    before = resident_bytes(os.getpid())
    assert before is not None
    with mmap.mmap(-1, 64 * MB) as taken:
        taken.write(b"x" * len(taken))
        after = resident_bytes(os.getpid())
    assert after is not None
    assert after - before > 60 * MB


def test_a_process_that_is_gone_has_no_size() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert resident_bytes(process.pid) is None
    assert not Growth(0).is_too_much(process.pid, 0.0)


def test_growth_beyond_the_bound_is_seen() -> None:
    growth, pid = Growth(32 * MB), os.getpid()
    assert not growth.is_too_much(pid, 0.0)
    assert not growth.is_too_much(pid, LOOK_EVERY_S)
    with mmap.mmap(-1, 64 * MB) as taken:
        taken.write(b"x" * len(taken))
        assert not growth.is_too_much(pid, LOOK_EVERY_S + 1.0), "it looks now and then only"
        assert growth.is_too_much(pid, 2 * LOOK_EVERY_S)


def test_a_large_process_is_not_held_against_its_size() -> None:
    growth = Growth(32 * MB)
    with mmap.mmap(-1, 64 * MB) as taken:
        taken.write(b"x" * len(taken))
        assert not growth.is_too_much(os.getpid(), 0.0)
        assert not growth.is_too_much(os.getpid(), LOOK_EVERY_S)


def test_the_next_process_is_measured_from_its_own_start() -> None:
    growth = Growth(0)
    small = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert not growth.is_too_much(small.pid, 0.0)
    assert not growth.is_too_much(os.getpid(), LOOK_EVERY_S)
    small.communicate()


def test_nobody_is_no_size() -> None:
    assert not Growth(0).is_too_much(None, 0.0)


def test_nothing_is_collected_for_a_while_and_then_as_before() -> None:
    assert gc.isenabled()
    with nothing_collected():
        with nothing_collected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with contextlib.suppress(ValueError), nothing_collected():
        raise ValueError
    assert gc.isenabled()
