"""How a call begins and ends on the virtual sound card: verbs, signals, missing devices."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from model_server import ModelServer, text
from sound_card import SoundCard

from assistant.events import CallEnded, CueEnded, Entry, Paused, Resumed
from assistant.keeping import journal

pytestmark = pytest.mark.device

DEVICES = ("--microphone", "vmic", "--far-side", "loopback", "--headset", "headset")


@dataclass(frozen=True, slots=True)
class Machine:
    """A home of its own, and the virtual sound card."""

    env: dict[str, str]
    home: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a verb to its end."""
        command = [sys.executable, "-m", "assistant", *words]
        return subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=120, check=False
        )

    def start(self, *words: str) -> dict[str, Any]:
        """Start a call in the background; return what `start --json` says."""
        done = self.run("start", "--json", *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def entries(self) -> list[Entry]:
        """Read the journal of the only call."""
        (folder,) = (self.home / "calls").iterdir()
        return journal.read(folder / "journal.jsonl").entries

    def cue_end(self, within_s: float = 20) -> CueEnded:
        """Wait until the only cue of the running call has ended."""
        until_s = time.monotonic() + within_s
        while not (ends := [e.event for e in self.entries() if isinstance(e.event, CueEnded)]):
            assert time.monotonic() < until_s
        (ended,) = ends
        return ended

    def wait_until_over(self, within_s: float) -> None:
        """Wait until no call is running any more."""
        until_s = time.monotonic() + within_s
        while self.run("status").returncode == 0:
            assert time.monotonic() < until_s
        (folder,) = (self.home / "calls").iterdir()
        while not (folder / "summary.md").exists():
            assert time.monotonic() < until_s


@pytest.fixture
def machine(sound_card: SoundCard, tmp_path: Path) -> Generator[Machine]:
    machine = Machine({**os.environ, **sound_card.env, "SOTTOVOCE_HOME": str(tmp_path)}, tmp_path)
    yield machine
    machine.run("cancel", "--yes")


def test_pause_resume_and_stop(machine: Machine) -> None:
    machine.start(*DEVICES)
    assert machine.run("pause").returncode == 0
    again = machine.run("pause")
    assert again.returncode == 3
    assert "paused already" in again.stderr
    assert machine.run("resume").returncode == 0
    assert machine.run("stop").returncode == 0
    kinds = [type(entry.event) for entry in machine.entries()]
    assert kinds.index(Paused) < kinds.index(Resumed) < kinds.index(CallEnded)
    shown = machine.run("show")
    assert shown.returncode == 0
    assert "Nothing was heard" in shown.stdout


def test_a_language_model_is_asked_by_itself_and_not_before_the_call_is_over(
    machine: Machine,
) -> None:
    with ModelServer(text("")) as server:
        settings = f'[polish]\nurl = "{server.url}"\nafter_call = true\n'
        (machine.home / "settings.toml").write_text(settings)
        machine.start(*DEVICES)
        assert server.asked == []
        stopped = machine.run("stop")
        assert "A language model goes over it now" in stopped.stderr
        (folder,) = (machine.home / "calls").iterdir()
        until_s = time.monotonic() + 60
        while not (folder / "polished.json").exists():
            assert time.monotonic() < until_s
    assert server.asked[0].path == "/v1/models"
    assert json.loads((folder / "polished.json").read_bytes())["status"] == "partial"


def test_a_cancelled_call_leaves_nothing(machine: Machine) -> None:
    machine.start(*DEVICES)
    assert machine.run("cancel", "--yes").returncode == 0
    assert list((machine.home / "calls").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_call_with_its_summary(machine: Machine, number: int) -> None:
    started = machine.start(*DEVICES)
    os.kill(started["pid"], number)
    machine.wait_until_over(20)
    assert machine.entries()[-1].event == CallEnded("signal")


def test_no_process_stays_when_the_call_is_over(machine: Machine) -> None:
    started = machine.start(*DEVICES)
    tasks = Path(f"/proc/{started['pid']}/task").glob("*/children")
    children = [child for task in tasks for child in task.read_text().split()]
    # What hears, what speaks, what understands.
    assert len(children) == 3
    assert machine.run("stop").returncode == 0
    until_s = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in (started["pid"], *children)):
        assert time.monotonic() < until_s


def test_without_a_headset_cues_are_shown_and_the_call_goes_on(machine: Machine) -> None:
    started = machine.start(*DEVICES[:-1], "no such headset")
    assert any("shown" in notice for notice in started["notices"])
    assert machine.run("next").returncode == 0
    assert machine.cue_end().how == "shown"
    assert machine.run("stop").returncode == 0


def test_one_microphone_alone_is_enough(machine: Machine) -> None:
    started = machine.start("--microphone", "vmic", "--far-side", "none", "--headset", "headset")
    assert machine.run("next").returncode == 0
    # A voice that is still starting leaves it shown.
    assert machine.cue_end().how in ("spoken", "shown")
    assert machine.run("stop").returncode == 0
    assert Path(started["folder"], "unclear.flac").exists()


def test_a_damaged_model_is_found_before_the_call(machine: Machine, tmp_path: Path) -> None:
    model = tmp_path / "models" / "vosk-model-broken"
    (model / "am").mkdir(parents=True)
    (model / "am" / "final.mdl").write_bytes(b"nothing like a model")
    done = machine.run("start", *DEVICES, "--engine", "vosk", "--model", str(model))
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert list((machine.home / "calls").iterdir()) == []


def test_many_starts_at_once_make_one_call(machine: Machine) -> None:
    command = [sys.executable, "-m", "assistant", "start", *DEVICES]
    starts = [
        subprocess.Popen(
            command, env=machine.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(6)
    ]
    codes = sorted(start.wait(120) for start in starts)
    assert codes == [0, 3, 3, 3, 3, 3]
    assert machine.run("stop").returncode == 0
    assert len(list((machine.home / "calls").iterdir())) == 1


def test_the_foreground_shows_the_call_and_ends_on_an_interrupt(machine: Machine) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "start", "--foreground", *DEVICES],
        env=machine.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as call:
        assert call.stdout is not None
        for line in call.stdout:
            if "The call begins" in line:
                call.send_signal(signal.SIGINT)
                break
        said, errors = call.communicate(timeout=60)
    assert call.returncode == 0, errors
    assert "Summary: " in said


def test_check_says_in_words_whether_a_call_could_start(machine: Machine) -> None:
    done = machine.run("check", "--seconds", "1", "--json")
    proofs = {proof["part"]: proof for proof in json.loads(done.stdout)}
    # Nobody speaks into the virtual microphone.
    assert done.returncode == 4
    assert "silence" in proofs["microphone"]["sentence"]
    assert proofs["model"]["good"]
    assert proofs["voice"]["good"]
    assert "GB free" in proofs["disk"]["sentence"]
