"""Recordings at once, each in a process of its own: none of them can hold up or harm another."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from told_recording import job

from assistant.importing.crew import MOST_DEATHS, WORKER_BYTES, Crew, fitting
from assistant.importing.job import Heard, Job, Result

pytestmark = pytest.mark.edge

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the children find the fake worker."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), str(HERE.parent)]))


@pytest.fixture
def jobs(tmp_path: Path) -> Callable[..., list[Job]]:
    def make(*names: str) -> list[Job]:
        return [job(tmp_path, (tmp_path / f"{name}.wav",)) for name in names]

    return make


def done(jobs: list[Job], workers: int = 2) -> tuple[dict[str, Result], dict[int, list[float]]]:
    """Do all jobs; return their results by name, and how far each was said to be."""
    crew = Crew(jobs, workers, module="fake_importer")
    results: dict[str, Result] = {}
    far: dict[int, list[float]] = {}
    try:
        for number, what in crew.work():
            if isinstance(what, Result):
                results[Path(jobs[number].files[0]).stem] = what
            else:
                assert isinstance(what, Heard)
                far.setdefault(number, []).append(what.at_s)
    finally:
        crew.close()
    return results, far


def lives(jobs: list[Job], number: int) -> int:
    return len(Path(jobs[number].files[0]).with_suffix(".started").read_text())


def test_one_that_fails_or_dies_stops_no_other(jobs: Callable[..., list[Job]]) -> None:
    todo = jobs("fine", "fails", "dies", "fine too", "raves")
    results, far = done(todo)
    assert {name: result.state for name, result in results.items()} == {
        "fine": "imported",
        "fails": "failed",
        "dies": "failed",
        "fine too": "imported",
        "raves": "imported",
    }
    assert results["fails"].exit_code == 6
    assert results["dies"].exit_code == 1
    assert "failed 3 times" in results["dies"].why
    assert all(result.files == todo[0].files for result in [results["fine"]])
    assert far[0] == [1.5, 60.0]


def test_one_that_died_is_started_again(jobs: Callable[..., list[Job]]) -> None:
    todo = jobs("dies once", "dies")
    results, _ = done(todo, 1)
    assert results["dies once"].state == "imported"
    assert (lives(todo, 0), lives(todo, 1)) == (2, MOST_DEATHS)


def test_closing_ends_every_worker_and_those_that_wait_never_begin(
    jobs: Callable[..., list[Job]],
) -> None:
    todo = jobs("hangs", "hangs too", "hangs as well")
    crew = Crew(todo, 2, module="fake_importer")
    told = crew.work()
    assert {next(told)[0], next(told)[0]} == {0, 1}
    pids = [int(Path(one.files[0]).with_suffix(".pid").read_text()) for one in todo[:2]]
    crew.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert not Path(todo[2].files[0]).with_suffix(".started").exists()
    assert not [t for t in threading.enumerate() if t.name.startswith("import")]


@pytest.mark.parametrize(
    ("jobs", "cores", "free_bytes", "workers"),
    [
        (1, 8, None, 1),
        (9, 4, None, 4),
        (9, 8, 3 * WORKER_BYTES, 3),
        (9, 8, 1000, 1),
    ],
)
def test_there_are_as_many_workers_as_cores_and_memory_hold(
    jobs: int, cores: int, free_bytes: int | None, workers: int
) -> None:
    assert fitting(jobs, cores, free_bytes) == workers
