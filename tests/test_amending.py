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
    Cue,
    CueStarted,
    Entry,
    Fact,
    Heard,
    HeardAgain,
    LineChange,
    QuestionChange,
    Undo,
    to_line,
)
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.keeping.unfinished import ending_of
from assistant.notes.revised import revised
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


def test_where_a_line_is_damaged_a_correction_is_still_of_the_line_it_names(tmp_path: Path) -> None:
    folder = over(tmp_path / "call")
    lines = folder.journal.read_bytes().splitlines(keepends=True)
    assert b'"is":"SpeechStarted"' in lines[1]
    lines[1] = b"x" + lines[1][2:]
    folder.journal.write_bytes(b"".join(lines))
    [heard] = [e.seq for e in journal.read(folder.journal).entries if isinstance(e.event, Heard)]
    amend(folder, PLAN, [Corrected(WALL, LineChange(heard, "we start at ten"))])
    reading = journal.read(folder.journal)
    said = [e.event.text for e in revised(reading.entries) if isinstance(e.event, Heard)]
    assert said == ["we start at ten"]
    assert reading.damaged == 1


def test_what_another_version_wrote_stays_as_it_is(tmp_path: Path) -> None:
    folder = over(tmp_path / "call")
    entries = journal.read(folder.journal).entries
    # What this version would not find, a murmur of it, and a word that it does not know.
    murmured = [Cue("question", "ask: hardest part", None, "so", 9.0), CueStarted(9, 6.0)]
    later = [Entry(9 + n, 5.0, event) for n, event in enumerate(murmured)]
    folder.journal.unlink()
    book = Journal.open(folder.journal)
    book.append([*entries[:-1], *later, Entry(11, 5.0, entries[-1].event)])
    book.close()
    unknown = journal.seal(b'{"seq":12,"at_s":5.0,"is":"Sighed"}') + b"\n"
    folder.journal.write_bytes(folder.journal.read_bytes() + unknown)
    before = folder.journal.read_bytes()
    [entry] = amend(folder, PLAN, [WORDS])
    assert folder.journal.read_bytes() == before + journal.seal(to_line(entry)) + b"\n"
