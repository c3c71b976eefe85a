"""Nothing leaves the machine: a call is heard, murmured and summed up without one network address.

Two proofs. Everywhere: every Python process of the program, children too, reports what it connects
to or looks up. Where the system lets us make one: the same in a network namespace without any
interface, where what those reports can not see (a library that connects by itself) fails too.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

pytestmark = pytest.mark.model

UNSHARE = ["unshare", "--net", *(() if os.geteuid() == 0 else ("--map-root-user",))]
MAY_UNSHARE = shutil.which("unshare") is not None and (
    subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0
)
SAMPLE = Path(__file__).parent.parent / "scripts" / "sample"
HEARD_S = 30

WATCH = """
import os, sys

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request"):
        address = arguments[1] if event == "socket.connect" else arguments[0]
        if event != "socket.connect" or isinstance(address, tuple):
            with open(os.environ["WATCHED"], "a") as file:
                print(event, address, file=file)

sys.addaudithook(watch)
with open(os.environ["STARTED"], "a") as file:
    print(os.getpid(), file=file)
"""


@pytest.fixture
def short_interview(tmp_path: Path) -> Path:
    sound, rate_hz = soundfile.read(SAMPLE / "interview.ogg", dtype="int16", always_2d=True)
    soundfile.write(tmp_path / "short.wav", sound[: HEARD_S * rate_hz], rate_hz)
    return tmp_path / "short.wav"


def rehearsed(tmp_path: Path, sound: Path, *before: str) -> subprocess.CompletedProcess[str]:
    """Rehearse a recording with everything that a call does, watched."""
    (tmp_path / "watch").mkdir(exist_ok=True)
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    env = {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "watch"),
        "WATCHED": str(tmp_path / "watched"),
        "STARTED": str(tmp_path / "started"),
        "SOTTOVOCE_HOME": str(tmp_path / "home"),
    }
    command = ["rehearse", "--plan", str(SAMPLE / "sheet.md"), "--stereo", str(sound)]
    command += ["--out", str(tmp_path / "out")]
    return subprocess.run(
        [*before, sys.executable, "-m", "assistant", *command],
        env=env,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_no_process_looks_up_or_connects_to_any_address(
    tmp_path: Path, short_interview: Path
) -> None:
    done = rehearsed(tmp_path, short_interview)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "summary.md").exists()
    # The verb itself, the ear and the voice: all were watched.
    assert len((tmp_path / "started").read_text().split()) >= 3
    assert not (tmp_path / "watched").exists()


def test_the_watch_sees_a_connection(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    connect = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    env |= {"WATCHED": str(tmp_path / "watched"), "STARTED": str(tmp_path / "started")}
    subprocess.run([sys.executable, "-c", connect], env=env, check=True)
    assert "127.0.0.1" in (tmp_path / "watched").read_text()


@pytest.mark.skipif(
    not MAY_UNSHARE,
    reason="this system lets nobody make a network namespace; "
    "test_no_process_looks_up_or_connects_to_any_address is the proof here",
)
def test_a_call_needs_no_network_interface(tmp_path: Path, short_interview: Path) -> None:
    reach = "import socket; socket.create_connection(('127.0.0.1', 9), 5)"
    cut_off = subprocess.run(
        [*UNSHARE, sys.executable, "-c", reach], capture_output=True, text=True, check=False
    )
    assert "Network is unreachable" in cut_off.stderr
    done = rehearsed(tmp_path, short_interview, *UNSHARE)
    assert done.returncode == 0, done.stderr
    assert "**Them:**" in (tmp_path / "out" / "notes.md").read_text()
    assert not (tmp_path / "watched").exists()
