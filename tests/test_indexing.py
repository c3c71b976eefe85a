"""The archive follows the folders: what is new, changed or gone in them is so in it."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from held import held
from told import PLAN, WORDING

from assistant.across import indexing
from assistant.across.digesting import Digesting, stamp_of
from assistant.across.indexing import changes, follow
from assistant.amending import amend
from assistant.events import Channel, Corrected, Heard, LineChange, NoteTaken, PromiseChange
from assistant.keeping import filing, journal
from assistant.keeping.archive import Archive, open_archive
from assistant.keeping.digest import Digest
from assistant.keeping.filing import EVERYTHING
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import only_hand
from assistant.keeping.query import read_query
from assistant.keeping.searching import search

pytestmark = pytest.mark.edge

WALL = "2026-12-01T15:00:00+01:00"
SAID = [
    "hello this is dana speaking to you today",
    "what does a typical day look like for you",
    "most mornings i repair the zanzibar pipeline before anybody notices it",
    "thank you that was great",
]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "archive.db") as opened:
        yield opened


def followed(archive: Archive, home: Path, running: str | None = None) -> list[str]:
    """Bring the archive up; return the names of the calls that were read for it."""
    read: list[Digest] = []
    calls = home / "calls"
    follow(archive, calls, WORDING, changes(archive, calls, running), read.append)
    return [digest.name for digest in read]


def found(archive: Archive, typed: str) -> list[str]:
    return [one.call.name for one in search(archive, read_query(typed), EVERYTHING).calls]


def state(archive: Archive) -> dict[str, str]:
    return {call.name: call.state for call in filing.calls(archive, EVERYTHING)}


def test_a_call_is_read_once_and_again_only_when_it_changed(
    archive: Archive, tmp_path: Path
) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    assert followed(archive, tmp_path) == [dana.name]
    assert found(archive, "zanzibar") == [dana.name]
    assert followed(archive, tmp_path) == []
    amend(dana, PLAN, [Corrected(WALL, LineChange(_seq(dana, "zanzibar"), "i repair the kettle"))])
    assert followed(archive, tmp_path) == [dana.name]
    assert found(archive, "zanzibar") == []
    assert found(archive, "kettle") == [dana.name]


def _seq(folder: CallFolder, word: str) -> int:
    entries = journal.read(folder.journal).entries
    return next(e.seq for e in entries if word in getattr(e.event, "text", ""))


def test_a_call_that_was_copied_in_by_hand_is_found(archive: Archive, tmp_path: Path) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    followed(archive, tmp_path)
    copy = tmp_path / "calls" / "2020-01-01-0900-from-the-old-machine"
    shutil.copytree(dana.path, copy)
    assert followed(archive, tmp_path) == [copy.name]
    # As it began at the same time, by its journal, it lies behind the other.
    assert set(found(archive, "zanzibar")) == {dana.name, copy.name}


def test_a_folder_that_is_gone_is_gone_from_the_archive(archive: Archive, tmp_path: Path) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    tim = held(tmp_path, "Tim Okafor", "2026-12-02T10:00:00+01:00", SAID)
    followed(archive, tmp_path)
    shutil.rmtree(dana.path)
    followed(archive, tmp_path)
    assert found(archive, "zanzibar") == [tim.name]


def test_a_call_that_is_removed_while_others_are_read_is_not_taken_in(
    archive: Archive, tmp_path: Path
) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    tim = held(tmp_path, "Tim Okafor", "2026-12-02T15:00:00+01:00", SAID)
    meant = changes(archive, tmp_path / "calls", None)
    tim.remove()
    follow(archive, tmp_path / "calls", WORDING, meant)
    assert list(state(archive)) == [dana.name]


def test_other_files_of_a_call_cost_no_reading(archive: Archive, tmp_path: Path) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    dana.write("me.flac", b"sound")
    followed(archive, tmp_path)
    assert filing.calls(archive, EVERYTHING)[0].has_sound
    (dana.path / "me.flac").unlink()
    assert followed(archive, tmp_path) == []
    assert not filing.calls(archive, EVERYTHING)[0].has_sound
    assert found(archive, "zanzibar") == [dana.name]


def test_a_call_that_runs_or_is_worked_on_is_left_alone(archive: Archive, tmp_path: Path) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    assert followed(archive, tmp_path, running=dana.name) == []
    with only_hand(dana.path):
        assert followed(archive, tmp_path) == []
    assert followed(archive, tmp_path) == [dana.name]


def test_of_a_call_that_was_cut_short_no_word_is_taken_in(archive: Archive, tmp_path: Path) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID, is_over=False)
    followed(archive, tmp_path)
    assert state(archive) == {dana.name: "unfinished"}
    assert found(archive, "zanzibar") == []
    assert filing.counts(archive) == (1, 0)


def test_a_damaged_journal_is_taken_in_as_far_as_it_can_be_read(
    archive: Archive, tmp_path: Path
) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    lines = dana.journal.read_bytes().split(b"\n")
    place = next(n for n, line in enumerate(lines) if b"zanzibar" in line)
    lines[place] = lines[place].replace(b"zanzibar", b"zan\xff")
    dana.journal.write_bytes(b"\n".join(lines))
    followed(archive, tmp_path)
    assert found(archive, "zanzibar") == []
    assert found(archive, "thank you") == [dana.name]
    assert filing.calls(archive, EVERYTHING)[0].damaged_lines == 1


@pytest.mark.parametrize("name", ["plan.json", "journal.jsonl"])
def test_a_folder_with_a_file_lost_is_still_listed(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    (dana.path / name).unlink()
    followed(archive, tmp_path)
    [call] = filing.calls(archive, EVERYTHING)
    assert call.wrong == {"plan.json": "no_plan", "journal.jsonl": "no_journal"}[name]
    assert call.day == "2026-12-01"
    assert bool(found(archive, "zanzibar")) == (name == "plan.json")


def _without_a_line(notes: dict[str, Any]) -> None:
    for promise in notes["promises"]:
        promise["seqs"] = []


def _without_an_end(notes: dict[str, Any]) -> None:
    notes["header"]["length_s"] = 1e300


@pytest.mark.parametrize("harm", [_without_a_line, _without_an_end])
def test_notes_that_make_no_sense_are_not_believed(
    tmp_path: Path, harm: Callable[[dict[str, Any]], None]
) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, [*SAID, "i will send you the list by friday"])
    digesting = Digesting(WORDING)
    right = digesting.digest(dana, "")
    record = json.loads((dana.path / "notes.json").read_bytes())
    harm(record["notes"])
    dana.write("notes.json", json.dumps(record))
    assert _read_anew(digesting, dana) == _unmarked(right)


def test_a_call_that_can_not_be_understood_keeps_no_other_out(
    archive: Archive, tmp_path: Path
) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    # A second of no calendar: nobody can tell the day it was said on.
    never = Heard(Channel.THEM, 1e15, 1e15, "i will send it by friday")
    last = held(tmp_path, "Tim Okafor", WALL, SAID, facts=(never,))
    (last.path / "notes.json").unlink(missing_ok=True)
    # A name in the letters of an old machine.
    shutil.copytree(dana.path, tmp_path / "calls" / os.fsdecode(b"2026-caf\xe9"))
    followed(archive, tmp_path)
    wrong = {call.name: call.wrong for call in filing.calls(archive, EVERYTHING)}
    assert wrong == {dana.name: "", last.name: "no_words"}
    assert found(archive, "zanzibar") == [dana.name]


def test_what_follows_from_the_journal_and_from_fresh_notes_is_the_same(tmp_path: Path) -> None:
    said = [*SAID, "i will send you the list by friday", "you should talk to laura chen"]
    dana = held(tmp_path, "Dana Ruiz", WALL, said, facts=(NoteTaken("ask about wombats"),))
    digesting = Digesting(WORDING)
    from_notes = digesting.digest(dana, "")
    assert {task.kind for task in from_notes.tasks} >= {"promise", "thanks"}
    assert [q.question_id for q in from_notes.questions] == ["typical-day"]
    # Notes that are older than the journal, or somebody's, are not believed.
    os.utime(dana.path / "notes.json", (0, 0))
    assert _read_anew(digesting, dana) == _unmarked(from_notes)
    dana.write("notes.json", b'{"format":1,"notes":{}}')
    assert _read_anew(digesting, dana) == _unmarked(from_notes)
    (dana.path / "notes.json").unlink()
    assert _read_anew(digesting, dana) == _unmarked(from_notes)


def test_notes_that_are_older_than_a_correction_are_not_believed(tmp_path: Path) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, [*SAID, "i will send you the list by friday"])
    digesting = Digesting(WORDING)
    [promise] = [task for task in digesting.digest(dana, "").tasks if task.kind == "promise"]
    assert promise.state == "open"
    change = PromiseChange(promise.heard_seq, promise.was, state="done")
    amend(dana, dana.read_plan(), [Corrected(WALL, change)])
    # The pages of before are still there.
    [promise] = [task for task in digesting.digest(dana, "").tasks if task.kind == "promise"]
    assert promise.state == "done"


def _read_anew(digesting: Digesting, folder: CallFolder) -> dict[str, object]:
    return _unmarked(digesting.digest(folder, ""))


def _unmarked(digest: Digest) -> dict[str, object]:
    return {name: getattr(digest, name) for name in Digest.__struct_fields__ if name != "marks"}


def test_notes_marks_and_promises_are_found_too(archive: Archive, tmp_path: Path) -> None:
    said = [*SAID, "i will send you the list by friday"]
    dana = held(tmp_path, "Dana Ruiz", WALL, said, facts=(NoteTaken("ask about wombats"),))
    followed(archive, tmp_path)
    kinds: dict[str, set[str]] = {}
    for typed in ("wombats", "list"):
        [one] = search(archive, read_query(typed), EVERYTHING).calls
        kinds[typed] = {line.kind for line in one.lines}
    assert kinds == {"wombats": {"note"}, "list": {"them", "promise"}}
    assert dana.name in found(archive, "wom*")


def test_reading_that_is_broken_off_goes_on_where_it_was(tmp_path: Path) -> None:
    names = [
        held(tmp_path, f"Person {n}", f"2026-12-{n:02}T10:00:00+01:00", SAID, is_wrapped=False).name
        for n in range(1, 4)
    ]
    calls = tmp_path / "calls"

    def stopped(digest: Digest) -> None:
        if digest.name == names[1]:
            raise KeyboardInterrupt

    with open_archive(tmp_path / "archive.db") as archive:
        indexing.take_in(archive, CallFolder(calls / names[0]), WORDING)
        with pytest.raises(KeyboardInterrupt):
            follow(archive, calls, WORDING, changes(archive, calls, None), stopped)
    with open_archive(tmp_path / "archive.db") as archive:
        # What was begun together is there together, or not.
        assert list(state(archive)) == names[:1]
        assert followed(archive, tmp_path) == names[1:]


def test_a_stamp_tells_that_the_journal_grew(tmp_path: Path) -> None:
    dana = held(tmp_path, "Dana Ruiz", WALL, SAID)
    before = stamp_of(dana.path)
    with dana.journal.open("ab") as file:
        file.write(b"x")
    assert stamp_of(dana.path) != before
