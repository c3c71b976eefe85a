"""What stays and what goes: by age, never what was not heard, never what lies elsewhere."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest

from assistant.errors import Refused
from assistant.events import CallEnded, CallStarted, Entry, Fact, NoteTaken
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.keeping.lock import only_hand
from assistant.keeping.retention import (
    expire_sound,
    has_sound,
    older_than,
    removal_of,
    remove,
)
from assistant.keeping.unfinished import NOT_HEARD

pytestmark = pytest.mark.edge

NOW = datetime(2026, 12, 31, 12, 0)  # noqa: DTZ001
STARTED = CallStarted("call", "2026-12-01T15:00:00+01:00", "0", {})
OVER: tuple[Fact, ...] = (STARTED, NoteTaken("hello"), CallEnded("stopped"))
SOUND = ("me.flac", "them.flac")


def called(
    calls: Path, name: str, facts: Iterable[Fact] = OVER, sound: Iterable[str] = SOUND
) -> CallFolder:
    folder = CallFolder(calls / name)
    folder.path.mkdir(parents=True)
    folder.write("plan.json", "{}")
    folder.write("summary.md", "# A call\n")
    journal = Journal.open(folder.journal)
    journal.append([Entry(seq, float(seq), fact) for seq, fact in enumerate(facts, 1)])
    journal.close()
    for file in sound:
        folder.write(file, b"x" * 100)
    return folder


def names(folder: CallFolder) -> set[str]:
    return {path.name for path in folder.path.iterdir()}


def expired(calls: Path, days: float = 30, running: str | None = None) -> list[str]:
    done = expire_sound(calls, days, NOW, running)
    assert done.failed == ()
    return [removal.name for removal in done.removed]


def test_only_what_is_older_goes_and_the_notes_stay(tmp_path: Path) -> None:
    old = called(tmp_path, "2026-12-01-1159-dana")
    new = called(tmp_path, "2026-12-01-1200-dana")
    assert expired(tmp_path) == ["2026-12-01-1159-dana"]
    assert names(old) == {"plan.json", "journal.jsonl", "summary.md"}
    assert names(new) >= set(SOUND)
    assert not has_sound(old)
    assert has_sound(new)
    assert expired(tmp_path) == []


def test_every_trace_of_the_sound_goes(tmp_path: Path) -> None:
    parts = ("me.s16", "me.000000480000.s16", ".me.flac.half", ".them.s16.rest", "unclear.flac")
    old = called(tmp_path, "2026-01-01-1500", sound=parts)
    assert len(expire_sound(tmp_path, 30, NOW, None).removed[0].files) == len(parts)
    assert names(old) == {"plan.json", "journal.jsonl", "summary.md"}


def test_no_days_keep_it_for_good(tmp_path: Path) -> None:
    called(tmp_path, "2020-01-01-1500-dana")
    assert expired(tmp_path, days=0) == []


@pytest.mark.parametrize(
    "facts",
    [
        (STARTED, NoteTaken("hello")),
        (STARTED, NOT_HEARD, CallEnded("signal")),
        (),
    ],
)
def test_sound_that_nobody_heard_stays_however_old(tmp_path: Path, facts: tuple[Fact, ...]) -> None:
    folder = called(tmp_path, "2020-01-01-1500-dana", facts)
    assert expired(tmp_path) == []
    assert has_sound(folder)


def test_a_call_that_was_never_summed_up_keeps_its_sound(tmp_path: Path) -> None:
    called(tmp_path, "2020-01-01-1500-dana").summary.unlink()
    assert expired(tmp_path) == []


def test_what_runs_or_is_worked_on_is_left_alone(tmp_path: Path) -> None:
    running = called(tmp_path, "2020-01-01-1500-dana")
    assert expired(tmp_path, running=running.name) == []
    with only_hand(running.path):
        done = expire_sound(tmp_path, 30, NOW, None)
    assert (done.removed, done.failed) == ((), (running.name,))
    assert has_sound(running)


@pytest.mark.parametrize("name", ["my notes", "2026-13-99", "20260101-1500", ".2020-01-01-1500"])
def test_a_folder_whose_name_is_no_time_has_no_age(tmp_path: Path, name: str) -> None:
    called(tmp_path, name)
    assert older_than(tmp_path, 30, NOW) == []
    assert expired(tmp_path) == []


def test_where_there_are_no_calls_nothing_is_old(tmp_path: Path) -> None:
    assert older_than(tmp_path / "none", 0, NOW) == []


def test_a_whole_call_is_removed_with_all_that_is_in_it(tmp_path: Path) -> None:
    folder = called(tmp_path / "calls", "2026-01-01-1500-dana")
    (folder.path / "mine").mkdir()
    (folder.path / "mine" / "photo.jpg").write_bytes(b"12345")
    removal = removal_of(tmp_path / "calls", folder, sound_only=False)
    assert {file.name for file in removal.files} >= {"me.flac", "mine/photo.jpg", "plan.json"}
    assert removal.bytes == sum(f.stat().st_size for f in folder.path.rglob("*") if f.is_file())
    remove(removal)
    assert list((tmp_path / "calls").iterdir()) == []


def test_a_link_in_a_call_is_removed_and_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "photo.jpg").write_bytes(b"12345")
    folder = called(tmp_path / "calls", "2026-01-01-1500-dana")
    (folder.path / "link").symlink_to(mine)
    removal = removal_of(tmp_path / "calls", folder, sound_only=False)
    assert "link" in [file.name for file in removal.files]
    assert "link/photo.jpg" not in [file.name for file in removal.files]
    remove(removal)
    assert (mine / "photo.jpg").exists()


def test_nothing_outside_the_calls_home_is_removed(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    called(calls, "2026-12-30-1500-dana")
    elsewhere = called(tmp_path / "elsewhere", "2020-01-01-1500-tim")
    (calls / "2020-01-01-1500-link").symlink_to(elsewhere.path)
    for path in (
        elsewhere.path,
        calls / "2020-01-01-1500-link",
        calls / ".." / "elsewhere" / elsewhere.name,
        calls,
        calls / "..",
        calls / "2026-12-30-1500-dana" / "..",
    ):
        for sound_only in (True, False):
            with pytest.raises(Refused):
                removal_of(calls, CallFolder(path), sound_only=sound_only)
    assert expired(calls) == []
    assert has_sound(elsewhere)


def test_a_calls_home_that_is_itself_a_link_is_no_reason_to_refuse(tmp_path: Path) -> None:
    called(tmp_path / "disk", "2020-01-01-1500-dana")
    (tmp_path / "calls").symlink_to(tmp_path / "disk")
    assert expired(tmp_path / "calls") == ["2020-01-01-1500-dana"]


def test_removal_and_another_hand_do_not_meet(tmp_path: Path) -> None:
    folder = called(tmp_path, "2026-01-01-1500-dana")
    removal = removal_of(tmp_path, folder, sound_only=False)
    with only_hand(folder.path), pytest.raises(Refused, match="at work"):
        remove(removal)
    assert has_sound(folder)
