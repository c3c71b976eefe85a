"""Corrections as a user makes them: named by what the pages print, told, undone, and never lost."""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from test_recovery import STARTED
from test_recovery import folder_of as folder_with_sound
from told import PLAN, WORDS, Told

from assistant.call import replay
from assistant.cli import run
from assistant.cli.days import local_time
from assistant.cli.house import open_house
from assistant.cli.preparing import bare, prepared
from assistant.correcting import day_of
from assistant.events import (
    CallEnded,
    Channel,
    Entry,
    Fact,
    Finding,
    Heard,
    SpeechEnded,
    SpeechStarted,
)
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import only_call, only_hand
from assistant.keeping.retention import has_sound
from assistant.notes.notes import Notes
from assistant.notes.render.record import from_json
from assistant.plan import to_json
from assistant.recounting import Subject

pytestmark = pytest.mark.edge

NAME = "2026-12-01-1500-dana-ruiz"
ME, THEM = Channel.ME, Channel.THEM
SAID = [
    (ME, 1.0, 4.0, "hello this is sam"),
    (THEM, 5.0, 9.0, "hello sam this is dana ruis"),
    (ME, 10.0, 14.0, "what does a typical day look like for you"),
    (THEM, 15.0, 22.0, "we start at nine then i ask ana ruis for the numbers"),
    (THEM, 30.0, 33.0, "i'll send you the list of groups by friday"),
    (ME, 30.5, 31.1, "that is kind"),
]


def lived(*more: Fact, ends: bool = True) -> list[Entry]:
    facts: list[tuple[float, Fact | Finding]] = [(0.0, STARTED)]
    for channel, start_s, end_s, text in SAID:
        facts += [
            (start_s, SpeechStarted(channel, start_s)),
            (end_s, SpeechEnded(channel, start_s, end_s)),
            (end_s, Heard(channel, start_s, end_s, text, (), "told")),
        ]
    facts += [(40.0, fact) for fact in more]
    facts += [(40.0, CallEnded("stopped"))] * ends
    return replay(PLAN, [Entry(0, at_s, fact) for at_s, fact in facts])


def folder_of(path: Path, entries: list[Entry]) -> CallFolder:
    folder = folder_with_sound(path, entries)
    folder.write("plan.json", to_json(PLAN))
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    (tmp_path / "calls").mkdir()
    return tmp_path


@pytest.fixture
def call(home: Path, capsys: pytest.CaptureFixture[str]) -> CallFolder:
    folder = folder_of(home / "calls" / NAME, lived())
    assert run(["wrap", NAME]) == 0
    capsys.readouterr()
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Run `correct`; return all it printed."""
    assert run(["correct", *arguments]) == code
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    return out.out + out.err


def with_line(home: Path, capsys: pytest.CaptureFixture[str], text: str) -> CallFolder:
    """Finish a call in which they said one line more."""
    facts: list[Fact] = [
        SpeechStarted(THEM, 34.0), SpeechEnded(THEM, 34.0, 37.0),
        Heard(THEM, 34.0, 37.0, text, (), "told"),
    ]  # fmt: skip
    folder = folder_of(home / "calls" / NAME, lived(*facts))
    assert run(["wrap", NAME]) == 0
    capsys.readouterr()
    return folder


def pages(folder: CallFolder) -> str:
    names = ("summary.md", "notes.json", "transcript.srt", "transcript.vtt")
    return "\n".join((folder.path / name).read_text() for name in names)


def notes(folder: CallFolder) -> Notes:
    return from_json((folder.path / "notes.json").read_bytes())


def test_a_corrected_line_is_told_and_stands_on_every_page(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    live = call.notes.read_bytes()
    out = said(capsys, "line", "dana", "0:15", "We start at ten. Then I ask Ana.")
    assert "[00:00:15] Them" in out
    assert "was: we start at nine then I ask ana ruis for the numbers" in out
    assert "now: We start at ten. Then I ask Ana." in out
    assert f"sottovoce correct undo {NAME} 1" in out
    assert "We start at ten." in (call.path / "transcript.srt").read_text()
    assert "nine" not in pages(call)
    assert call.notes.read_bytes() == live


def test_another_speaker_a_name_and_a_question(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "now: Me" in said(capsys, "speaker", "dana", "0:05", "me")
    out = said(capsys, "name", "dana", "ruis", "Ruiz")
    assert "in lines: 2" in out
    assert "is spelled so wherever" in said(capsys, "name", "dana", "ruis", "Ruiz", code=3)
    out = said(capsys, "name", "dana", "Nonsense", "Ruiz", code=3)
    assert "'Nonsense' was not heard" in out
    assert "ruis" not in pages(call)
    assert "ana Ruiz" in pages(call)
    out = said(capsys, "question", "dana", PLAN.questions[-1].id, "asked", "--at", "0:10")
    assert PLAN.questions[-1].text in out
    assert "now: asked" in out
    assert PLAN.questions[-1].id in [question.question_id for question in notes(call).asked]


def test_a_question_that_was_asked_may_be_said_to_be_asked_elsewhere(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "question", "dana", "typical", "asked", "--at", "0:30.5")
    out = said(capsys, "question", "dana", "typical", "asked", "--at", "0:10")
    assert "was: asked [00:00:30]" in out
    assert "now: asked [00:00:10]" in out
    (asked,) = notes(call).asked
    assert (asked.start_s, [quote.start_s for quote in asked.best]) == (10.0, [15.0])
    out = said(capsys, "question", "dana", "typical", "asked", "--at", "0:10", code=3)
    assert "typical-day stands as asked already" in out
    said(capsys, "undo", "dana")
    assert notes(call).asked[0].start_s == 30.5


def test_promises_are_changed_done_dropped_and_added(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, "promise", "dana", "1", "--due", "2026-12-07", "--what", "send the list")
    assert "promise 1" in out
    assert "now: send the list" in out
    assert "2026-12-07" in out
    out = said(capsys, "promise", "dana", "new", "--what", "ask for the numbers", "--owner", "me")
    assert "promise 2" in out
    assert "was: (nothing)" in out
    said(capsys, "promise", "dana", "2", "--done")
    said(capsys, "promise", "dana", "1", "--drop")
    states = [(promise.what, promise.state) for promise in notes(call).promises]
    assert states == [("send the list", "dropped"), ("ask for the numbers", "done")]
    assert "send the list" not in call.summary.read_text()
    said(capsys, "promise", "dana", "1", "--reopen")
    assert "send the list" in call.summary.read_text()


def test_without_a_number_the_promises_are_listed_with_theirs(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "promise", "dana", "1", "--what", "send the list", "--due", "none")
    before = call.journal.read_bytes()
    listed = said(capsys, "promise", "dana")
    assert listed.splitlines()[0].startswith("1  send the list (")
    assert call.journal.read_bytes() == before
    assert run(["correct", "promise", "dana", "--done"]) == 2


def test_with_another_day_the_words_of_the_first_one_go(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "by Friday" in said(capsys, "promise", "dana")
    out = said(capsys, "promise", "dana", "1", "--due", "2026-12-10")
    assert "now: send you the list of groups (Dana, 2026-12-10)" in out.replace(" Ruiz", "")
    assert "riday" not in call.summary.read_text().partition("## To do")[2].partition("##")[0]
    said(capsys, "undo", "dana")
    assert "by Friday" in said(capsys, "promise", "dana")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("5.12.", "2026-12-05"),
        ("20.11.", "2027-11-20"),
        ("29.2.", "2028-02-29"),
        ("31. 12. 2025", "2025-12-31"),
        ("2026-11-27", "2026-11-27"),
        ("friday", "2026-12-04"),
        ("Next week", "2026-12-11"),
        ("tomorrow", "2026-12-02"),
        ("none", ""),
    ],
)
def test_a_day_is_meant_from_when_it_is_typed(typed: str, day: str) -> None:
    long_ago = Subject(PLAN, tuple(Told("2026-11-20T15:00:00+01:00").end(9.0).entries), WORDS)
    assert day_of(long_ago, typed, date(2026, 12, 1)) == day


def test_a_day_that_is_typed_counts_from_today_and_one_that_stands_so_is_named(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    tomorrow = (local_time().date() + timedelta(days=1)).isoformat()
    assert tomorrow in said(capsys, "promise", "dana", "1", "--due", "tomorrow")
    out = said(capsys, "promise", "dana", "1", "--due", tomorrow, code=3)
    assert "Promise 1 stands so already" in out
    assert tomorrow in out


def test_the_part_of_the_day_goes_with_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = with_line(home, capsys, "i'll email you a scan by thursday evening")
    number = next(p.number for p in notes(folder).promises if "scan" in p.what)
    out = said(capsys, "promise", "dana", str(number), "--due", "2026-12-20")
    assert "now: email you a scan (Dana" in out


def test_a_day_that_was_to_be_checked_may_be_said_to_be_right(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = with_line(home, capsys, "i'll call you by next tuesday")
    [doubtful] = [p for p in notes(folder).promises if p.due and not p.due.is_sure]
    assert doubtful.due
    day = doubtful.due.day or ""
    said(capsys, "promise", "dana", str(doubtful.number), "--due", day)
    assert "check the day" not in folder.summary.read_text()
    assert "stands so already" in said(
        capsys, "promise", "dana", str(doubtful.number), "--due", day, code=3
    )


def test_the_list_tells_all_and_undo_takes_back_the_newest_first(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    before = pages(call)
    said(capsys, "line", "dana", "0:15", "we start at ten")
    said(capsys, "name", "dana", "ruis", "Ruiz")
    assert "correction 2 is taken back" in said(capsys, "undo", "dana")
    out = said(capsys, "undo", "dana")
    assert "was: we start at ten" in out
    assert "now: we start at nine" in out
    assert pages(call) == before
    rows = json.loads(said(capsys, "list", "dana", "--json"))
    assert [(row["number"], row["told"]["kind"], row["is_active"]) for row in rows] == [
        (1, "line", False),
        (2, "name", False),
        (3, "undo", True),
        (4, "undo", True),
    ]
    shown = said(capsys, "list", "dana")
    assert shown.count("(taken back)") == 2
    said(capsys, "undo", "dana", "4")
    assert "we start at ten" in pages(call)
    assert "no correction to take back" not in said(capsys, "undo", "dana")
    assert "There is no correction to take back" in said(capsys, "undo", "dana", code=3)
    assert "does not count any more" in said(capsys, "undo", "dana", "1", code=3)
    assert "There is no correction 44" in said(capsys, "undo", "dana", "44", code=3)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["line", "dana", "9:59", "x"], 3, "Nothing was heard at 9:59."),
        (["line", "dana", "0:25", "x"], 3, "[00:00:15] Them"),
        (["line", "dana", "0:30", "x"], 3, "More than one"),
        (["line", "dana", "tea", "x"], 3, "'tea' is no time"),
        (["line", "dana", "0:05"], 2, "Say what was said"),
        (["line", "dana", "0:05", "hello Sam this is Dana ruis"], 3, "reads so already"),
        (["speaker", "dana", "0:05", "them"], 3, "of Them already"),
        (["speaker", "dana", "0:05", "unclear"], 2, "unclear"),
        (["name", "dana", "ruiss", "Ruiz"], 3, "Heard were: ruis"),
        (["name", "dana", "ruis", " "], 3, "at least one letter"),
        (["question", "dana", "no-such", "asked"], 6, "no question 'no-such'"),
        (["promise", "dana", "7", "--done"], 3, "1  send you the list of groups by Friday"),
        (["promise", "dana", "1"], 2, "Say what is otherwise"),
        (["promise", "dana", "x", "--done"], 2, "by its number"),
        (["promise", "dana", "new"], 2, "--what"),
        (["promise", "dana", "new", "--what", "zzz"], 3, "in which line"),
        (["promise", "dana", "1", "--due", "soonish"], 3, "no day that is known"),
        (["promise", "dana", "1", "--due", "31.11."], 3, "no day that is known"),
        (["promise", "dana", "1", "--due", "4/12"], 3, "no day that is known"),
        (["promise", "dana", "1", "--due", "10.30"], 3, "no day that is known"),
        (["promise", "dana", "1", "--done", "--drop"], 2, "only one of --done, --drop"),
        (["promise", "dana", "1", "--what", ""], 3, "A promise is something to do."),
        (["promise", "dana", "1", "--what", " . "], 3, "A promise is something to do."),
        (["promise", "dana", "1", "--reopen"], 3, "stands so already"),
        (["undo", "dana"], 3, "no correction to take back"),
        (["line", "tim", "0:05", "x"], 6, "There is no call"),
    ],
)
def test_what_is_not_clear_is_refused_with_the_choices_and_changes_nothing(
    call: CallFolder,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    told: str,
) -> None:
    before = {path.name: path.read_bytes() for path in call.path.iterdir()}
    assert told in said(capsys, *arguments, code=code)
    assert {path.name: path.read_bytes() for path in call.path.iterdir()} == before


def test_a_tenth_of_a_second_says_which_of_two_lines(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, "line", "dana", "0:30.5", "That is very kind")
    assert "was: that is kind" in out


def test_a_call_that_runs_is_unfinished_held_or_another_s_is_left_alone(
    home: Path, call: CallFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ("line", "dana", "0:15", "x")
    with only_call(home / "call.lock") as claim:
        claim(NAME)
        assert "still running" in said(capsys, *wanted, code=3)
    with only_hand(call.path):
        assert "at work" in said(capsys, *wanted, code=3)
    cut = folder_of(home / "calls" / "cut", lived(ends=False))
    assert "cut short" in said(capsys, "line", "cut", "0:15", "x", code=3)
    assert not cut.summary.exists()
    elsewhere = folder_of(tmp_path / "elsewhere", lived())
    assert "does not lie in" in said(capsys, "line", str(elsewhere.path), "0:15", "x", code=3)


def test_pages_that_a_death_left_behind_their_journal_say_so(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "line", "dana", "0:15", "We start at ten.")
    assert run(["show", "dana"]) == 0
    assert capsys.readouterr().err == ""
    # The journal has a correction, and the pages are of an hour before.
    for page in (call.summary, call.page, call.path / "notes.json"):
        written_s = call.journal.stat().st_mtime - 3600
        os.utime(page, (written_s, written_s))
    for how in ([], ["--json"]):
        assert run(["show", "dana", *how]) == 0
        assert f"sottovoce wrap {NAME}" in capsys.readouterr().err
    assert run(["wrap", "dana"]) == 0
    capsys.readouterr()
    assert run(["show", "dana"]) == 0
    assert capsys.readouterr().err == ""


def test_a_rebuild_loses_no_correction_and_leaves_the_sound(
    call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "line", "dana", "0:15", "we start at ten")
    said(capsys, "promise", "dana", "1", "--drop")
    after = pages(call)
    for name in ("summary.md", "notes.json", "transcript.srt", "transcript.vtt"):
        (call.path / name).unlink()
    assert run(["wrap", "dana"]) == 0
    assert pages(call) == after
    assert has_sound(call)
    entries = journal.read(call.journal).entries
    assert replay(PLAN, entries) == entries


def test_a_corrected_name_is_known_in_a_call_with_that_person_though_no_sheet_is_named(
    home: Path, call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "name", "last", "ana ruis", "Ana Ruiz-Gallego")
    plan, sheet = prepared(open_house(), None, None, PLAN.person)
    assert plan.terms[-1] == "Ana Ruiz-Gallego"
    assert "Ana Ruiz-Gallego" in sheet
    assert bare(open_house(), PLAN.person)[0].terms[-1] == "Ana Ruiz-Gallego"
    assert "Ana Ruiz-Gallego" not in prepared(open_house(), None, None, "Tim Other")[0].terms


def test_a_corrected_name_is_a_term_of_the_next_sheet_until_its_call_goes(
    home: Path, call: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    person = PLAN.person
    said(capsys, "name", "last", "ana ruis", "Ana Ruiz-Gallego")
    sheet = home / "sheets" / "dana-ruiz.md"
    assert run(["new", f"{person}, engineer"]) == 0
    told = capsys.readouterr().err
    assert "Ana Ruiz-Gallego" in told
    assert "terms: Ana Ruiz-Gallego" in sheet.read_text()
    said(capsys, "undo", "last")
    assert run(["new", person, "--force"]) == 0
    assert "Ana" not in capsys.readouterr().err + sheet.read_text()
    said(capsys, "undo", "last", "2")
    assert run(["new", "Tim Other"]) == 0
    assert "Ana" not in capsys.readouterr().err
    assert run(["purge", "last", "--yes"]) == 0
    assert run(["new", person, "--force"]) == 0
    assert "Ana" not in capsys.readouterr().err + sheet.read_text()
