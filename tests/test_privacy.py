"""Nothing leaves the machine: a call is heard, murmured and summed up without one network address.

Two proofs. Everywhere: every Python process of the program, children too, reports what it connects
to or looks up. Where the system lets us make one: the same in a network namespace without any
interface, whose own counters tell of what those reports can not see, a library that connects by
itself. `test_device_privacy` has the same for a live call.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from encoded import encode, interview
from watched import MAY_UNSHARE, Watch, asked, cut_off

pytestmark = [pytest.mark.model, pytest.mark.alone]

SAMPLE = Path(__file__).parent.parent / "scripts" / "sample"
HEARD_S = 30


@pytest.fixture
def short_interview(tmp_path: Path) -> Path:
    sound, rate_hz = soundfile.read(SAMPLE / "interview.ogg", dtype="int16", always_2d=True)
    soundfile.write(tmp_path / "short.wav", sound[: HEARD_S * rate_hz], rate_hz)
    return tmp_path / "short.wav"


def rehearsed(tmp_path: Path, sound: Path, *, is_cut_off: bool) -> str:
    """Rehearse a recording with everything that a call does, watched; return what stderr said."""
    env = {
        **os.environ,
        **Watch(tmp_path / "watch").env(),
        "SOTTOVOCE_HOME": str(tmp_path / "home"),
    }
    command = [sys.executable, "-m", "assistant", "rehearse", "--plan", str(SAMPLE / "sheet.md")]
    command += ["--stereo", str(sound), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        cut_off(*command) if is_cut_off else command,
        env=env,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_no_process_looks_up_or_connects_to_any_address(
    tmp_path: Path, short_interview: Path
) -> None:
    rehearsed(tmp_path, short_interview, is_cut_off=False)
    assert (tmp_path / "out" / "summary.md").exists()
    watch = Watch(tmp_path / "watch")
    # The verb itself, the ear and the voice: all were watched.
    assert watch.processes() >= 3
    assert watch.seen() == []


def test_an_import_asks_no_network_either(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, 15)
    path = encode(tmp_path / "talk.m4a", sound, rate_hz)
    watch = Watch(tmp_path / "watch")
    env = {**os.environ, **watch.env(), "SOTTOVOCE_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "assistant", "import", str(path)]
    subprocess.run(command, env=env, capture_output=True, timeout=240, check=True)
    # The verb, the worker and the ear.
    assert watch.processes() >= 3
    assert watch.seen() == []


ASKS = (
    "socket.socket().connect_ex(('127.0.0.1', 9))",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))",
    "socket.gethostbyname('localhost')",
)


@pytest.mark.parametrize("ask", [*ASKS, "socket.create_server(('', 0))"])
def test_the_watch_sees_what_is_asked(tmp_path: Path, ask: str) -> None:
    watch = Watch(tmp_path / "watch")
    asks = f"import socket\n{ask}"
    # By a child, as the ear is one.
    begins = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {asks!r}])"
    env = {**os.environ, **watch.env()}
    subprocess.run([sys.executable, "-c", begins], env=env, check=True)
    assert watch.processes() == 2
    assert watch.seen()


def test_the_watch_does_not_mind_the_local_socket(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "watch")
    local = "import socket; a = socket.socket(socket.AF_UNIX); a.bind('s'); a.listen(); "
    local += "socket.socket(socket.AF_UNIX).connect('s'); socket.socketpair()"
    env = {**os.environ, **watch.env()}
    subprocess.run([sys.executable, "-c", local], env=env, cwd=tmp_path, check=True)
    assert watch.seen() == []


needs_namespace = pytest.mark.skipif(
    not MAY_UNSHARE,
    reason="this system lets nobody make a network namespace; "
    "test_no_process_looks_up_or_connects_to_any_address is the proof here",
)


@needs_namespace
@pytest.mark.parametrize("ask", ASKS[:2])
def test_who_is_cut_off_reaches_nothing_and_is_counted(ask: str) -> None:
    quiet, loud = (
        subprocess.run(
            cut_off(sys.executable, "-c", code), capture_output=True, text=True, check=False
        ).stderr
        for code in ("pass", f"import socket\n{ask}")
    )
    assert asked(quiet) == 0
    assert asked(loud) == 1


@needs_namespace
def test_a_call_needs_no_network_interface(tmp_path: Path, short_interview: Path) -> None:
    said = rehearsed(tmp_path, short_interview, is_cut_off=True)
    assert "**Them:**" in (tmp_path / "out" / "notes.md").read_text()
    assert Watch(tmp_path / "watch").seen() == []
    assert asked(said) == 0
