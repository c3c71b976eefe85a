"""Recordings heard by a real Dask scheduler's workers: the same call, and nothing left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from encoded import encode, interview

from assistant.events import Entry, Imported
from assistant.importing.staging import PREFIX
from assistant.keeping import journal
from assistant.keeping.folder import all_folders

pytestmark = pytest.mark.model

LENGTH_S = 26.0
Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def dask(*arguments: str, home: Path, log: Path) -> subprocess.Popen[bytes]:
    program = str(Path(sys.executable).with_name("dask"))
    with log.open("ab") as out:
        return subprocess.Popen(
            [program, *arguments, "--no-dashboard"],
            env={**os.environ, "SOTTOVOCE_HOME": str(home)},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def scheduler(place: Path, workers: int) -> Generator[tuple[str, Path]]:
    """Run a scheduler and its workers on this machine; yield its address and the workers' log."""
    address = f"tcp://127.0.0.1:{free_port()}"
    logs = place / "scheduler.log", place / "workers.log"
    # Another home than that of the importing machine: workers share nothing with it.
    theirs = place / "theirs"
    started = [dask("scheduler", "--host", address, "--no-jupyter", home=theirs, log=logs[0])]
    try:
        if workers:
            more = ("--nworkers", str(workers), "--nthreads", "1")
            places = ("--local-directory", str(place / "local"))
            started.append(dask("worker", address, *more, *places, home=theirs, log=logs[1]))
            until(lambda: logs[1].exists() and logs[1].read_bytes().count(b"Registered") >= workers)
        else:
            until(lambda: logs[0].exists() and b"Scheduler at" in logs[0].read_bytes())
        yield address, logs[1]
    finally:
        for process in reversed(started):
            stop(process)


def until(is_so: Callable[[], Found], within_s: float = 240.0) -> Found:
    """Wait until something is there; return it."""
    deadline_s = time.monotonic() + within_s
    while not (found := is_so()):
        assert time.monotonic() < deadline_s
        time.sleep(0.1)
    return found


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "assistant", "import", "--json", *map(str, arguments)]


def imported(home: Path, *arguments: object, code: int = 0) -> tuple[list[dict[str, Any]], str]:
    done = subprocess.run(
        command(*arguments),
        env={**os.environ, "SOTTOVOCE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def entries(folder: str) -> list[Entry]:
    found = journal.read(Path(folder) / "journal.jsonl").entries
    return [entry for entry in found if not isinstance(entry.event, Imported)]


def ears_of(home: Path) -> list[int]:
    """Return the ears that were started by the workers whose home that is."""
    return [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and _is_ear(process, home)
    ]


def _is_ear(process: Path, home: Path) -> bool:
    try:
        is_ear = b"assistant.hearing.ear" in (process / "cmdline").read_bytes()
        return (
            is_ear and os.fsencode(f"SOTTOVOCE_HOME={home}") in (process / "environ").read_bytes()
        )
    except OSError:
        return False


@pytest.fixture
def recordings(tmp_path: Path) -> list[Path]:
    sound, rate_hz = interview(0, 2 * LENGTH_S)
    half = round(LENGTH_S * rate_hz)
    return [
        encode(tmp_path / "one.m4a", sound[:half], rate_hz),
        encode(tmp_path / "two.amr", sound[half:], rate_hz),
    ]


def test_two_workers_bring_the_same_calls_as_this_machine_alone(
    tmp_path: Path, recordings: list[Path]
) -> None:
    with scheduler(tmp_path, 2) as (address, _):
        there, said = imported(tmp_path / "home", *recordings, "--scheduler", address)
    assert f"are sent to {address}" in said
    here, _ = imported(tmp_path / "alone", *recordings, "--jobs", 1)
    assert {one["state"] for one in there + here} == {"imported"}
    folders = {Path(one["files"][0]).name: one["folder"] for one in there}
    for one in here:
        theirs = folders[Path(one["files"][0]).name]
        assert entries(theirs) == entries(one["folder"])
        names = sorted(path.name for path in Path(theirs).iterdir())
        assert names == sorted(path.name for path in Path(one["folder"]).iterdir())
        flac = next(name for name in names if name.endswith(".flac"))
        assert (Path(theirs) / flac).read_bytes() == (Path(one["folder"]) / flac).read_bytes()
    # Nothing of it stays with the workers.
    assert not [
        p for p in (tmp_path / "local").rglob("*") if p.suffix in (".s16", ".flac", ".jsonl")
    ]
    assert not (tmp_path / "theirs" / "calls").exists()


def test_ctrl_c_takes_the_work_back_from_the_workers(
    tmp_path: Path, recordings: list[Path]
) -> None:
    home = tmp_path / "home"
    with scheduler(tmp_path, 1) as (address, _):
        process = subprocess.Popen(
            command(*recordings, "--scheduler", address),
            env={**os.environ, "SOTTOVOCE_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until(lambda: ears_of(tmp_path / "theirs"))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        assert "Stopped. Done: 0, left: 2." in err
        assert "Traceback" not in err
        assert out == ""
        until(lambda: not ears_of(tmp_path / "theirs"), 30.0)
        assert all_folders(home / "calls") == []
        # The same command again goes on.
        again, _ = imported(home, recordings[1], "--scheduler", address)
    assert [one["state"] for one in again] == ["imported"]


def test_a_recording_whose_worker_is_killed_is_done_by_another(
    tmp_path: Path, recordings: list[Path]
) -> None:
    home = tmp_path / "home"
    with scheduler(tmp_path, 2) as (address, log):
        process = subprocess.Popen(
            command(recordings[0], "--scheduler", address),
            env={**os.environ, "SOTTOVOCE_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        ear = until(lambda: ears_of(tmp_path / "theirs"))[0]
        worker = int(Path(f"/proc/{ear}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(worker, signal.SIGKILL)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        assert "Traceback" not in err
        assert len(re.findall(rb"Registered to", log.read_bytes())) >= 2
    assert json.loads(out)["state"] == "imported"
    assert len(all_folders(home / "calls")) == 1
    assert not list((home / "calls").glob(f"{PREFIX}*"))


def test_a_scheduler_without_workers_is_told(tmp_path: Path, recordings: list[Path]) -> None:
    with scheduler(tmp_path, 0) as (address, _):
        out, err = imported(tmp_path / "home", recordings[0], "--scheduler", address, code=3)
    assert out == []
    assert "has no worker" in err
    assert f"dask worker {address}" in err
