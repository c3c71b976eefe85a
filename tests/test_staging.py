"""A recording becomes a call whole or not at all, and once, whatever comes between."""

import os
import stat
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from scene import PLAN
from told_recording import IMPORTED, hearing, job, recording

from assistant import plan as plans
from assistant.call import replay
from assistant.cli import run
from assistant.errors import ModelError
from assistant.events import CallEnded, CallStarted, Heard
from assistant.importing.job import Result
from assistant.importing.staging import (
    PREFIX,
    STALE_S,
    imported_before,
    put_in_list,
    staged,
    sweep_stale,
)
from assistant.importing.work import Sound, import_one
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder, all_folders
from assistant.keeping.retention import expire_sound
from assistant.notes.render.files import IN_FOLDER

pytestmark = pytest.mark.edge

NAME = "2026-12-01-1500-dana"
OF_A_CALL = {
    "plan.md",
    "plan.json",
    "journal.jsonl",
    "me.flac",
    "them.flac",
    "notes.md",
    *IN_FOLDER,
}
"""What a live call leaves; the README names them."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def call_wav(tmp_path: Path) -> Path:
    return recording(tmp_path / "call.wav")


def names(home: Path) -> list[str]:
    return [folder.name for folder in all_folders(home / "calls")]


def hidden(home: Path) -> list[Path]:
    return sorted((home / "calls").glob(f"{PREFIX}*"))


def imported(home: Path, path: Path) -> Result:
    result = import_one(job(home, (path,)), hearing())
    assert result.state == "imported", result.why
    return result


def test_it_has_the_files_of_a_live_call_for_this_user_only(home: Path, call_wav: Path) -> None:
    result = imported(home, call_wav)
    folder = CallFolder(Path(result.folder))
    assert {path.name for path in folder.path.iterdir()} >= OF_A_CALL
    assert folder.name == result.call == NAME
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.path.iterdir())
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert hidden(home) == []
    entries = journal.read(folder.journal).entries
    assert replay(folder.read_plan(), entries) == entries
    assert "imported from call" in folder.summary.read_text()
    assert (result.seconds, result.lines) == (60.0, 7)


def test_nothing_is_in_the_list_before_it_is_whole(home: Path, call_wav: Path) -> None:
    seen: list[list[str]] = []

    def heard(sound: Sound, progress: object) -> list[object]:
        seen.append(names(home))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_one(job(home, (call_wav,)), heard)  # pyright: ignore[reportArgumentType]
    assert seen == [[]]
    assert names(home) == []
    assert len(hidden(home)) == 1


@pytest.mark.parametrize("after", [0, 1, 5, 11, 20])
def test_interrupted_it_goes_on_and_is_there_once(home: Path, call_wav: Path, after: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_one(job(home, (call_wav,)), hearing(after))
    result = imported(home, call_wav)
    assert names(home) == [NAME]
    assert hidden(home) == []
    entries = journal.read(Path(result.folder) / "journal.jsonl").entries
    assert sum(isinstance(entry.event, Heard) for entry in entries) == 7
    assert sum(isinstance(entry.event, CallEnded) for entry in entries) == 1


def test_with_another_sheet_it_begins_anew(home: Path, call_wav: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_one(job(home, (call_wav,)), hearing(11))
    other = plans.from_json(plans.to_json(PLAN))
    result = import_one(job(home, (call_wav,), other, "2026-12-01-1500-other"), hearing())
    assert result.call == "2026-12-01-1500-other"
    assert names(home) == ["2026-12-01-1500-other"]


def test_a_name_that_was_taken_meanwhile_is_left_to_its_call(home: Path, call_wav: Path) -> None:
    other = CallFolder(home / "calls" / NAME)
    other.path.mkdir(parents=True)
    other.write("plan.json", plans.to_json(PLAN))
    result = imported(home, call_wav)
    assert result.call == f"{NAME}-2"
    assert {path.name for path in other.path.iterdir()} == {"plan.json"}
    first = journal.read(Path(result.folder) / "journal.jsonl").entries[0].event
    assert isinstance(first, CallStarted)
    assert first.call_id == f"{NAME}-2"


@pytest.mark.parametrize("file", ["", "plan.json"])
def test_a_name_that_is_taken_at_the_last_moment_is_left_too(home: Path, file: str) -> None:
    # Empty is what a call is that begins just now.
    taken = home / "calls" / NAME
    taken.mkdir(parents=True)
    if file:
        (taken / file).write_text("theirs")
    before = taken.stat().st_ino
    with staged(home / "calls", IMPORTED.sha256) as folder:
        folder.write("plan.json", "ours")
        assert put_in_list(home / "calls", folder, NAME) is None
        assert (folder.path / "plan.json").read_text() == "ours"
    assert taken.stat().st_ino == before
    assert [path.name for path in taken.iterdir()] == [file] * bool(file)


def test_what_fails_leaves_no_call(home: Path, tmp_path: Path, call_wav: Path) -> None:
    def no_engine(_sound: Sound, _progress: object) -> list[object]:
        raise ModelError("Nothing here can hear.", "Get a model.")

    result = import_one(job(home, (call_wav,)), no_engine)  # pyright: ignore[reportArgumentType]
    assert (result.state, result.why, result.hint) == (
        "failed",
        "Nothing here can hear.",
        "Get a model.",
    )
    assert result.exit_code == ModelError.exit_code
    (tmp_path / "none.wav").write_bytes(b"none")
    broken = import_one(job(home, (tmp_path / "none.wav",)), hearing())
    assert (broken.state, broken.exit_code) == ("failed", 6)
    assert names(home) == []
    assert hidden(home) == []


def test_a_recording_is_known_again_by_what_is_in_it(home: Path, call_wav: Path) -> None:
    assert imported_before(home / "calls") == {}
    imported(home, call_wav)
    assert imported_before(home / "calls") == {IMPORTED.sha256: NAME}


def test_two_at_once_are_one_and_a_sentence(home: Path, call_wav: Path) -> None:
    with staged(home / "calls", IMPORTED.sha256):
        result = import_one(job(home, (call_wav,)), hearing())
    assert (result.state, result.exit_code) == ("failed", 3)
    assert "Another `sottovoce import`" in result.why


def test_one_that_another_import_finished_meanwhile_is_left_out(home: Path, call_wav: Path) -> None:
    # Both had looked at the recording before either had begun with it.
    both = [job(home, (call_wav,)), job(home, (call_wav,))]
    first, second = (import_one(one, hearing()) for one in both)
    assert (first.state, second.state) == ("imported", "skipped")
    assert second.call == first.call
    assert names(home) == [NAME]
    assert hidden(home) == []


def test_what_was_left_is_told_and_goes_after_a_week(
    home: Path, call_wav: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        import_one(job(home, (call_wav,)), hearing(11))
    assert run(["list"]) == 0
    said = capsys.readouterr()
    assert "Imports that were interrupted: 1" in said.err
    assert NAME not in said.out
    assert sweep_stale(home / "calls", time.time() + STALE_S - 60) == 0
    assert sweep_stale(home / "calls", time.time() + STALE_S + 60) == 1
    assert hidden(home) == []


def test_what_is_at_work_is_no_leftover(home: Path) -> None:
    with staged(home / "calls", IMPORTED.sha256) as folder:
        os.utime(folder.path, (1e9, 1e9))
        assert sweep_stale(home / "calls") == 0
        assert folder.path.is_dir()


def test_old_recordings_keep_their_sound_as_long_as_new_ones(home: Path, call_wav: Path) -> None:
    folder = CallFolder(Path(imported(home, call_wav).folder))
    # It came on the second of December, and began the day before.
    came = datetime(2026, 12, 2, 9, 0)  # noqa: DTZ001 - local time, as folders' names are
    within, after = came + timedelta(days=29), came + timedelta(days=32)
    assert expire_sound(home / "calls", 30, within, None).removed == ()
    old = folder.path.rename(home / "calls" / "2024-01-05-1200-dana")
    assert expire_sound(home / "calls", 30, within, None).removed == ()
    assert (old / "me.flac").exists()
    assert len(expire_sound(home / "calls", 30, after, None).removed) == 1
    assert not (old / "me.flac").exists()
