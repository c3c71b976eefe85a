"""One call at a time, whoever dies."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.errors import DiskError, Refused
from assistant.keeping.lock import is_held, only_call, only_hand, refuse_second, running_call

pytestmark = pytest.mark.edge

_HOLDER = """
import sys
from pathlib import Path
from assistant.keeping.lock import only_call
with only_call(Path(sys.argv[1])) as claim:
    claim("2026-12-01-1500-dana")
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_call_is_refused_with_the_first_ones_name(tmp_path: Path) -> None:
    path = tmp_path / "home" / "call.lock"
    with hold(path) as holder:
        assert running_call(path) == "2026-12-01-1500-dana"
        with pytest.raises(Refused, match="already running: 2026-12-01-1500-dana"), only_call(path):
            pytest.fail("two calls at a time")
        holder.communicate("")
    assert running_call(path) is None
    with only_call(path):
        pass


def test_another_call_waits_a_moment_for_one_that_ends(tmp_path: Path) -> None:
    path = tmp_path / "call.lock"
    with hold(path) as holder:
        with pytest.raises(Refused, match="already running: 2026-12-01-1500-dana"):
            refuse_second(path, 0.0)
        ending = threading.Timer(0.1, holder.communicate, [""])
        ending.start()
        refuse_second(path, 60.0)
        ending.join()
    assert running_call(path) is None
    refuse_second(tmp_path / "none.lock", 0.0)


def test_the_death_of_a_call_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "call.lock"
    with hold(path) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with only_call(path) as claim:
            claim("next")
            assert running_call(path) == "next"


def test_who_only_looks_whether_a_call_runs_does_not_keep_one_from_starting(
    tmp_path: Path,
) -> None:
    path = tmp_path / "call.lock"
    with path.open("w") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        done = threading.Timer(0.05, fcntl.flock, (looking, fcntl.LOCK_UN))
        done.start()
        with only_call(path, patience_s=30.0) as claim:
            claim("next")
        done.join()
        fcntl.flock(looking, fcntl.LOCK_SH)
        with pytest.raises(Refused, match="just starting"), only_call(path):
            pytest.fail("two at a time")


_HAND = """
import sys
from pathlib import Path
from assistant.keeping.lock import only_hand
with only_hand(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_hand_at_a_call_and_its_death_lets_go(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HAND, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as hand:
        assert hand.stdout is not None
        assert hand.stdout.readline() == "held\n"
        assert is_held(tmp_path)
        with pytest.raises(Refused, match=f"at work on {tmp_path.name}"), only_hand(tmp_path):
            pytest.fail("two at a time")
        hand.kill()
        hand.wait()
        with only_hand(tmp_path):
            assert is_held(tmp_path)
    assert not is_held(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="can not be opened"), only_hand(tmp_path / "gone"):
        pytest.fail("held nothing")
