"""What a death leaves behind is found: calls that were cut short, and rubbish."""

import os
from pathlib import Path

import pytest
from told import PLAN, Told

from assistant.events import CallEnded, Entry, NoteTaken
from assistant.keeping.folder import REMOVED, CallFolder
from assistant.keeping.journal import Journal
from assistant.keeping.lock import only_hand
from assistant.keeping.unfinished import (
    LOOKED_AT,
    NOT_HEARD,
    broke_off_s,
    state_of,
    sweep,
    unfinished,
)
from assistant.plan import to_json

pytestmark = pytest.mark.edge


def told(*, reason: str = "", is_heard: bool = True) -> list[Entry]:
    call = Told()
    call.them(1.0, "we start at nine")
    if not is_heard:
        call.put(5.0, NOT_HEARD)
    if reason:
        call.put(5.0, CallEnded(reason))
    return call.entries


def called(
    calls: Path, name: str, entries: list[Entry] | None = None, *, summary: bool = False
) -> CallFolder:
    folder = CallFolder(calls / name)
    folder.path.mkdir(parents=True)
    folder.write("plan.json", to_json(PLAN))
    journal = Journal.open(folder.journal)
    journal.append(told() if entries is None else entries)
    journal.close()
    if summary:
        folder.write("summary.md", "# Summary\n")
    return folder


def test_a_call_without_an_end_or_without_a_summary_is_unfinished(tmp_path: Path) -> None:
    cut = called(tmp_path, "2026-12-01-1500-cut")
    no_page = called(tmp_path, "2026-12-01-1600-no-page", told(reason="stopped"))
    called(tmp_path, "2026-12-01-1700-done", told(reason="stopped"), summary=True)
    stale = called(tmp_path, "2026-12-01-1800-stale", summary=True)
    assert unfinished(tmp_path, None) == [cut, no_page, stale]


def test_the_call_that_runs_is_not_unfinished(tmp_path: Path) -> None:
    running = called(tmp_path, "2026-12-01-1500-dana")
    assert unfinished(tmp_path, running.name) == []
    with only_hand(running.path):
        assert unfinished(tmp_path, None) == []
    assert unfinished(tmp_path, None) == [running]


def test_a_torn_line_after_the_end_hides_nothing(tmp_path: Path) -> None:
    folder = called(tmp_path, "done", told(reason="stopped"), summary=True)
    with folder.journal.open("ab") as file:
        file.write(b'{"seq":99,"at_s":9.0,"is":"Heard","chan')
    assert state_of(folder) == "done"


def test_an_end_that_is_torn_is_none(tmp_path: Path) -> None:
    folder = called(tmp_path, "cut", told(reason="stopped"), summary=True)
    os.truncate(folder.journal, folder.journal.stat().st_size - 5)
    assert state_of(folder) == "unfinished"


def test_a_note_that_quotes_the_end_is_no_end(tmp_path: Path) -> None:
    call = Told()
    call.put(1.0, NoteTaken('{"seq":9,"at_s":1.0,"is":"CallEnded","reason":"stopped"}'))
    assert state_of(called(tmp_path, "cut", call.entries, summary=True)) == "unfinished"


def test_last_words_that_were_not_heard_are_known(tmp_path: Path) -> None:
    folder = called(tmp_path, "hurried", told(reason="signal", is_heard=False), summary=True)
    assert state_of(folder) == "unheard"
    assert unfinished(tmp_path, None) == []


def test_a_call_whose_plan_is_lost_does_not_vanish(tmp_path: Path) -> None:
    folder = called(tmp_path, "cut")
    folder.plan.unlink()
    only_sound = CallFolder(tmp_path / "sound")
    only_sound.path.mkdir()
    only_sound.write("them.s16", b"\1\2" * 100)
    assert unfinished(tmp_path, None) == [folder, only_sound]


def test_only_the_newest_calls_are_looked_at(tmp_path: Path) -> None:
    called(tmp_path, "2020-old")
    for n in range(LOOKED_AT):
        called(tmp_path, f"2026-{n:02}", told(reason="stopped"), summary=True)
    assert unfinished(tmp_path, None) == []


def test_where_there_is_no_call_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert unfinished(tmp_path / "nowhere", None) == []
    sweep(tmp_path / "nowhere")


def test_when_it_broke_off_is_when_its_last_sound_was_written(tmp_path: Path) -> None:
    folder = called(tmp_path, "cut")
    folder.write("me.s16", b"\0\0")
    os.utime(folder.journal, (1000.0, 1000.0))
    os.utime(folder.path / "me.s16", (1500.0, 1500.0))
    assert broke_off_s(folder) == 1500.0


def test_a_start_that_died_before_it_listened_is_swept_away(tmp_path: Path) -> None:
    never = CallFolder(tmp_path / "never")
    never.path.mkdir()
    for name in ("plan.json", "plan.md"):
        never.write(name, "x")
    for name in ("journal.jsonl", "me.s16", "them.s16"):
        never.write(name, b"")
    rubbish = tmp_path / f"{REMOVED}0123"
    (rubbish / "deep").mkdir(parents=True)
    cut = called(tmp_path, "cut")
    assert unfinished(tmp_path, None) == [cut]
    with only_hand(never.path):
        sweep(tmp_path)
        assert never.path.exists()
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cut"]


def test_a_folder_with_anything_else_in_it_is_never_swept_away(tmp_path: Path) -> None:
    for name, content in (("me.s16", b"\1\0"), ("my own file", b""), ("journal.jsonl", b"{")):
        path = tmp_path / f"call with {name}"
        path.mkdir()
        (path / "plan.json").write_bytes(b"{}")
        (path / name).write_bytes(content)
    (tmp_path / "empty").mkdir()
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
