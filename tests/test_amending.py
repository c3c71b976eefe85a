"""What is said of a call when it is over is placed after its end, and nothing else changes."""

from pathlib import Path

import pytest
from told import PLAN, Told

from assistant.amending import amend
from assistant.call import replay
from assistant.errors import Refused
from assistant.events import (
    CallEnded,
    Channel,
    Corrected,
    Fact,
    HeardAgain,
    LineChange,
    QuestionChange,
    Undo,
)
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.keeping.unfinished import ending_of
from assistant.plan import to_json

pytestmark = pytest.mark.edge

WALL = "2026-12-01T16:00:00+01:00"
WORDS = Corrected(WALL, LineChange(3, "we start at ten"))


def over(path: Path, *, is_over: bool = True) -> CallFolder:
    told = Told()
    told.them(1.0, "we start at nine")
    if is_over:
        told.put(5.0, CallEnded("stopped"))
    folder = CallFolder(path)
    path.mkdir(parents=True)
    folder.write("plan.json", to_json(PLAN))
    book = Journal.open(folder.journal)
    book.append(replay(PLAN, told.entries))
    book.close()
    return folder


def read(folder: CallFolder) -> list[object]:
    return [entry.event for entry in journal.read(folder.journal).entries]


def test_corrections_stand_after_the_end_and_replay(tmp_path: Path) -> None:
    folder = over(tmp_path / "call")
    before = read(folder)
    [first] = amend(folder, PLAN, [WORDS])
    [second] = amend(folder, PLAN, [Corrected(WALL, Undo(1))])
    assert (first.seq, second.seq) == (len(before) + 1, len(before) + 2)
    assert first.at_s == second.at_s == 5.0
    assert read(folder) == [*before, WORDS, Corrected(WALL, Undo(1))]
    entries = journal.read(folder.journal).entries
    assert replay(PLAN, entries) == entries


def test_a_call_that_was_cut_short_is_finished_first(tmp_path: Path) -> None:
    folder = over(tmp_path / "call", is_over=False)
    before = folder.journal.read_bytes()
    with pytest.raises(Refused, match="cut short") as refused:
        amend(folder, PLAN, [WORDS])
    assert "wrap call" in refused.value.hint
    assert folder.journal.read_bytes() == before


def test_what_is_refused_changes_nothing(tmp_path: Path) -> None:
    folder = over(tmp_path / "call")
    before = folder.journal.read_bytes()
    facts: list[Fact] = [WORDS, Corrected(WALL, QuestionChange("no-such", "asked"))]
    with pytest.raises(Refused, match="no-such"):
        amend(folder, PLAN, facts)
    assert folder.journal.read_bytes() == before


def test_how_a_call_ended_is_known_behind_all_that_came_later(tmp_path: Path) -> None:
    folder = over(tmp_path / "call")
    again = HeardAgain((3,), Channel.THEM, 1.0, 2.0, "we start at nine " * 200, engine="y")
    amend(folder, PLAN, [again] * 20)
    assert folder.journal.stat().st_size > 60_000
    assert ending_of(folder) == "heard out"


def test_damaged_lines_are_put_right_with_it(tmp_path: Path) -> None:
    folder = over(tmp_path / "call")
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    lines[1] = b"x" + lines[1][2:]
    folder.journal.write_bytes(b"".join(lines))
    amend(folder, PLAN, [Corrected(WALL, LineChange(3, "we start at ten"))])
    reading = journal.read(folder.journal)
    assert reading.damaged == 0
    assert replay(PLAN, reading.entries) == reading.entries
