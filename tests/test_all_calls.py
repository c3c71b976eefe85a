"""The verbs over all calls, as a user meets them: list, search, actions, compare, people, index."""

import csv
import io
import json
import resource
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from held import held
from told import PLAN

from assistant.cli import run
from assistant.events import Channel, Corrected, PromiseChange
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import only_call, only_hand
from assistant.plan import Person, Plan, Question, to_json

pytestmark = pytest.mark.edge

Said = pytest.CaptureFixture[str]
GREETED = ["hello this is me speaking", "what does a typical day look like for you"]
OLD, NEW = "2026-11-03T15:00:00+01:00", "2026-11-05T10:00:00+01:00"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make every path of the program lie in a folder of the test's own."""
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def dana(home: Path) -> CallFolder:
    day = "mostly i repair the warehouse pipelines before the shop opens at nine"
    said = [*GREETED, day, "right", "i will send you the reading list by friday", "thank you"]
    return held(home, "Dana Ruiz, data engineer at Acme", OLD, said)


@pytest.fixture
def tim(home: Path) -> CallFolder:
    day = "i spend half of my day in meetings about the hospital merger with everybody"
    said = [*GREETED, day, "i'll send you my notes by tuesday", "please do that", "thank you"]
    return held(home, "Tim Okafor, nurse", NEW, said)


def told(capsys: Said, *arguments: str) -> str:
    """Run a verb that does what it is for; return what it printed."""
    capsys.readouterr()
    assert run([*arguments]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def data(capsys: Said, *arguments: str) -> Any:
    return json.loads(told(capsys, *arguments, "--json"))


def refused(capsys: Said, *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = run([*arguments])
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return code, said


# ---------------------------------------------------------------- list


def test_list_knows_its_filters(
    home: Path, dana: CallFolder, tim: CallFolder, capsys: Said
) -> None:
    def names(*arguments: str) -> list[str]:
        return [call["name"] for call in data(capsys, "list", *arguments)]

    assert names() == [dana.name, tim.name]
    assert names("--person", "oka") == names("--person", "NURSE") == [tim.name]
    assert names("--person", "uiz") == []
    assert names("--since", "2026-11-04") == names("--last", "1") == [tim.name]
    assert names("--until", "2026-11-03") == [dana.name]
    assert names("--state", "unfinished") == []
    assert names("--question", "typical-day") == [dana.name, tim.name]
    assert names("--question", "Typical") == [dana.name, tim.name]
    assert names("--question", "typical", "--person", "oka") == [tim.name]
    assert names("--question", "hardest") == names("--question", "") == []
    code, said = refused(capsys, "list", "--since", "last week")
    assert code == 2
    assert "try 2026-12-01, yesterday, 30d" in said


@pytest.mark.parametrize(
    "flags",
    [
        ("people", "--vcard", "--csv"),
        ("people", "--json", "--tree"),
        ("compare", "--csv", "--markdown"),
        ("actions", "--mine", "--theirs"),
    ],
)
def test_two_flags_that_rule_one_another_out_are_named(
    home: Path, capsys: Said, flags: tuple[str, ...]
) -> None:
    code, said = refused(capsys, *flags)
    assert code == 2
    assert all(flag in said for flag in flags[1:])
    assert "only one of" in said


def test_list_shows_a_call_that_runs_though_the_archive_knows_nothing_of_it(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    now = datetime.now().astimezone()
    live = held(home, "Ana Lopez", now.isoformat(timespec="seconds"), GREETED, is_over=False)
    with only_call(home / "call.lock") as claim:
        claim(live.name)
        calls = data(capsys, "list")
        assert [(call["name"], call["state"]) for call in calls] == [
            (dana.name, "done"),
            (live.name, "running"),
        ]
        assert [c["name"] for c in data(capsys, "list", "--state", "running")] == [live.name]
        assert "running" in told(capsys, "list")
        assert data(capsys, "search", "typical")["calls"] == 1


def test_list_of_a_home_nobody_has_called_from_writes_nothing(home: Path, capsys: Said) -> None:
    assert told(capsys, "list") == ""
    assert not home.exists()


# ---------------------------------------------------------------- search


def test_search_shows_the_call_the_second_and_the_words(
    home: Path, dana: CallFolder, tim: CallFolder, capsys: Said
) -> None:
    said = told(capsys, "search", "hospital merger")
    assert said.splitlines()[0] == f"{tim.name}  Tim Okafor, nurse"
    assert "00:00:21 Tim: " in said
    assert dana.name not in said
    hits = data(capsys, "search", "pipe*")["hits"]
    assert [(hit["call"], hit["kind"]) for hit in hits] == [(dana.name, "them")]
    [hit] = hits
    assert [hit["text"][a:b] for a, b in hit["marks"]] == ["pipe"]
    assert data(capsys, "search", '"merger hospital"')["calls"] == 0
    assert data(capsys, "search", "day", "--person", "tim")["calls"] == 1
    assert data(capsys, "search", "thank", "--channel", "them")["calls"] == 0
    assert data(capsys, "search", "list", "--channel", "notes")["calls"] == 1


def test_search_finds_a_call_laid_there_by_hand(home: Path, dana: CallFolder, capsys: Said) -> None:
    assert data(capsys, "search", "merger")["calls"] == 0
    day = "i spend half of my day in meetings about the hospital merger"
    held(home, "Tim Okafor", NEW, [*GREETED, day], is_wrapped=False)
    assert data(capsys, "search", "merger")["calls"] == 1


@pytest.mark.parametrize("typed", ['"open', "*", "a*b", "x OR y", "--", "''"])
def test_what_can_not_be_searched_is_one_sentence(home: Path, capsys: Said, typed: str) -> None:
    code, said = refused(capsys, "search", "--", typed)
    assert code == 6
    assert "SQL" not in said
    assert "fts" not in said


def test_what_a_strange_call_says_steers_no_terminal(home: Path, capsys: Said) -> None:
    held(home, "Eve \x1b[31m", OLD, [*GREETED, "red \x1b[2J salt \u202e evil"])
    for verb in (["search", "salt"], ["list"], ["people"], ["actions"], ["compare", "typical-day"]):
        assert "\x1b" not in told(capsys, *verb)
        assert "\u202e" not in told(capsys, *verb)


# ---------------------------------------------------------------- actions


def test_actions_come_overdue_first_then_by_day_then_without_one(home: Path, capsys: Said) -> None:
    days_ago = [(datetime.now().astimezone() - timedelta(days=n)) for n in (1, 9)]
    for person, began in zip(("Ana", "Ben"), days_ago, strict=True):
        said = [*GREETED, "i will send you the list by tomorrow", "i'll send you my outline"]
        held(home, person, began.isoformat(timespec="seconds"), said)
    actions = data(capsys, "actions")
    dues = [action["due"] for action in actions]
    assert dues == sorted(due for due in dues if due) + [""] * dues.count("")
    assert dues.count("") == 2
    today = datetime.now().astimezone().date().isoformat()
    assert [action["is_overdue"] for action in actions] == [bool(d) and d < today for d in dues]
    assert {a["owner"] for a in data(capsys, "actions", "--mine")} == {"me"}
    assert {a["owner"] for a in data(capsys, "actions", "--theirs")} == {"them"}
    assert [action["number"] for action in actions] == [*range(1, len(actions) + 1)]


def test_a_number_means_the_same_though_a_call_came_in_between(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    [shown] = [a for a in data(capsys, "actions", "--all") if "list" in a["what"]]
    # Its day is sooner, so it would have been the first.
    earlier = "2026-11-01T09:00:00+01:00"
    held(home, "Ana Lopez", earlier, [*GREETED, "i will send you a map by monday"])
    assert told(capsys, "actions", "--all")
    told(capsys, "actions", "done", str(shown["number"]))
    by_what = {a["what"]: a for a in data(capsys, "actions", "--all")}
    assert by_what[shown["what"]]["state"] == "done"
    assert by_what[shown["what"]]["number"] == shown["number"]
    assert [what for what, action in by_what.items() if action["state"] == "done"] == [
        shown["what"]
    ]


def test_a_number_is_never_taken_for_the_task_beside_it(home: Path, capsys: Said) -> None:
    said = "i will send you the reading list by friday and i will introduce you to sam on monday"
    dana = held(home, "Dana Ruiz", OLD, [*GREETED, "mostly tables", "right", said, "thank you"])
    shown = {a["what"][:9]: a["number"] for a in data(capsys, "actions", "--theirs", "--all")}
    assert set(shown) == {"send you ", "introduce"}
    told(capsys, "correct", "promise", dana.name, "2", "--what", "introduce me to Sam Okafor")
    told(capsys, "correct", "line", dana.name, "0:41", said.partition(" and ")[2], "--whole")
    [left] = data(capsys, "actions", "--theirs", "--all")
    assert left["what"] == "introduce me to Sam Okafor"
    assert left["number"] == shown["introduce"]
    code, why = refused(capsys, "actions", "done", str(shown["send you "]))
    assert code == 6
    assert "no more found" in why


def test_a_number_means_the_same_task_however_a_name_in_it_is_spelled(
    home: Path, capsys: Said
) -> None:
    said = "you should talk to laura chen about the merger"
    dana = held(home, "Dana Ruiz", OLD, [*GREETED, "mostly tables", "right", said, "thank you"])
    [shown] = [a for a in data(capsys, "actions") if "laura" in a["what"].lower()]
    for was, name in (("Laura Chen", "Chen"), ("Chen", "Lara Chén")):
        told(capsys, "correct", "name", dana.name, was, name)
        [now] = [a for a in data(capsys, "actions") if name in a["what"]]
        assert now["number"] == shown["number"]
    told(capsys, "actions", "done", str(shown["number"]))
    told(capsys, "correct", "undo", dana.name, "1")
    told(capsys, "correct", "undo", dana.name, "2")
    [last] = [a for a in data(capsys, "actions", "--all") if "laura" in a["what"].lower()]
    assert (last["number"], last["state"]) == (shown["number"], "done")


def test_what_is_done_stands_in_the_journal_and_outlives_the_archive(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    actions = data(capsys, "actions", "--all")
    told(capsys, "actions", "done", *(str(action["number"]) for action in actions))
    changes = [
        entry.event.change
        for entry in journal.read(dana.journal).entries
        if isinstance(entry.event, Corrected)
    ]
    assert len(changes) == len(actions)
    assert all(isinstance(c, PromiseChange) and c.state == "done" for c in changes)
    for path in home.glob("archive.db*"):
        path.unlink()
    assert data(capsys, "actions") == []
    corrections = told(capsys, "correct", "list", dana.name)
    assert "the thank-you note" in corrections
    assert "a line that is gone" not in corrections
    again = data(capsys, "actions", "--all")
    assert {action["state"] for action in again} == {"done"}
    told(capsys, "actions", "reopen", str(again[0]["number"]))
    assert [a["what"] for a in data(capsys, "actions", "--all") if a["state"] == "open"] == [
        again[0]["what"]
    ]
    told(capsys, "actions", "drop", str(again[0]["number"]))
    assert data(capsys, "actions") == []


def test_a_number_that_nobody_could_have_been_shown_is_one_sentence(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    told(capsys, "actions")
    code, said = refused(capsys, "actions", "done", "9" * 30)
    assert code == 6
    assert f"No action {'9' * 30} was shown." in said


def test_a_number_that_was_never_shown_changes_nothing(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    before = dana.journal.read_bytes()
    code, said = refused(capsys, "actions", "done", "1")
    assert code == 6
    assert "No action 1 was shown." in said
    data(capsys, "actions", "--all")
    code, _ = refused(capsys, "actions", "done", "1", "99")
    assert code == 6
    assert dana.journal.read_bytes() == before


def test_a_thank_you_is_asked_for_for_two_weeks(home: Path, capsys: Said) -> None:
    for person, days in (("Ana Lopez", 10), ("Ben Old", 20)):
        began = datetime.now().astimezone() - timedelta(days=days)
        held(home, person, began.isoformat(timespec="seconds"), [*GREETED, "nice to meet you"])
    [thanks] = [a for a in data(capsys, "actions") if a["kind"] == "thanks"]
    assert "thank Ana" in thanks["what"]
    assert thanks["is_overdue"]
    told(capsys, "actions", "done", str(thanks["number"]))
    assert [a for a in data(capsys, "actions") if a["kind"] == "thanks"] == []
    assert sum(a["kind"] == "thanks" for a in data(capsys, "actions", "--all")) == 2


# ---------------------------------------------------------------- compare


def test_compare_puts_the_same_question_side_by_side(
    home: Path, dana: CallFolder, tim: CallFolder, capsys: Said
) -> None:
    # The same question under another id, in nearly the same words.
    other = Question("my-day", "What would a typical day look like for me?", cue="my day")
    questions = (*PLAN.questions[:1], other, *PLAN.questions[2:])
    held(
        home,
        "Ana Lopez",
        "2026-11-07T10:00:00+01:00",
        [*GREETED, "there is no typical day in a theatre, every evening is another one"],
        plan=msgspec.structs.replace(PLAN, questions=questions),
        asked="my-day",
    )
    [asked] = [one for one in data(capsys, "compare") if one["people"] == 3]
    assert asked["question_id"] == "typical-day"
    topic = data(capsys, "compare", "typical-day")
    assert [reply["person"] for reply in topic["replies"]] == [
        "Dana Ruiz",
        "Tim Okafor",
        "Ana Lopez",
    ]
    for reply, word in zip(topic["replies"], ("pipelines", "merger", "theatre"), strict=True):
        assert any(word in quote["text"] for quote in reply["quotes"])
    shown = told(capsys, "compare", "typical")
    assert "00:00:21" in shown
    # Which spellings are one question hangs on all calls, also where only one is listed.
    listed = data(capsys, "list", "--question", "typical-day", "--person", "lopez")
    assert [call["person"] for call in listed] == ["Ana Lopez"]
    assert "merger" in shown
    assert told(capsys, "compare", "typical", "--markdown").startswith("# What does a typical day")
    code, said = refused(capsys, "compare", "salary")
    assert code == 6
    assert "Nobody was asked 'salary'" in said


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        (
            "patience with grumpy customers, a strong memory for prices, clean handwriting, "
            "strong shoulders, and counting boxes early every morning without complaint",
            "yes",
        ),
        ("patience with grumpy customers, clean handwriting", "partly"),
        ("well, patience", "hardly"),
        ("", "no"),
    ],
)
def test_a_comparison_says_as_the_page_how_far_a_question_was_answered(
    home: Path, capsys: Said, said: str, answered: str
) -> None:
    talk = [*GREETED, "half past six", "and what should one be good at", *filter(None, [said])]
    call = held(home, "Tim Okafor, nurse", NEW, talk)
    assert run(["correct", "question", call.name, "skills", "asked", "--at", "0:31"]) == 0
    rows = csv.DictReader(io.StringIO(told(capsys, "compare", "skills", "--csv")))
    assert {row["answered"] for row in rows} == {answered}
    [topic] = [one for one in data(capsys, "compare") if one["question_id"] == "skills"]
    assert topic["answered"] == (answered in ("yes", "partly"))


def test_a_comparison_that_may_be_handed_on_says_what_is_off_the_record(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    secret = "half of the day i hide the delays from the board of the hospital"
    held(home, "Tim Okafor, nurse", NEW, [*GREETED, secret, "right", "that stays between us"])
    shared = [told(capsys, "compare", "typical-day", *f) for f in ([], ["--csv"], ["--markdown"])]
    for table in shared:
        [line] = [line for line in table.splitlines() if "hide the delays" in line]
        assert "off the record" in line
        assert not [li for li in table.splitlines() if "pipelines" in li and "off the record" in li]
    quotes = [q for r in data(capsys, "compare", "typical-day")["replies"] for q in r["quotes"]]
    assert {"delays" in quote["text"] or "between us" in quote["text"] for quote in quotes
            if quote["is_off_record"]} == {True}  # fmt: skip


def test_somebody_asked_in_two_calls_is_one_of_those_asked(
    home: Path, dana: CallFolder, tim: CallFolder, capsys: Said
) -> None:
    said = [*GREETED, "this week i only wrote a plan for the new warehouse"]
    held(home, "dana ruiz, data engineer", "2026-11-09T15:00:00+01:00", said)
    [asked] = [one for one in data(capsys, "compare") if one["question_id"] == "typical-day"]
    assert (asked["people"], asked["calls"]) == (2, 3)
    capsys.readouterr()
    assert run(["compare", "typical-day"]) == 0
    assert "People asked: 2. Calls: 3." in capsys.readouterr().err


@pytest.mark.parametrize("sign", ["=", "@", "+", "-", "\uff1d", "\uff20"])
def test_a_cell_of_a_spreadsheet_is_never_a_formula(home: Path, capsys: Said, sign: str) -> None:
    formula = f'{sign}HYPERLINK("http://x","y") is what i type all day long in my sheets'
    held(home, f"{sign}Ren\u00e9e", OLD, [*GREETED, formula])
    tables = [
        told(capsys, "compare", "typical-day", "--csv"),
        told(capsys, "people", "--csv"),
    ]
    # Without this mark Excel shows every accent as two other letters.
    assert all(table.startswith("\ufeff") for table in tables)
    rows = [row for table in tables for row in csv.reader(io.StringIO(table[1:]))]
    cells = [cell for row in rows for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert f"'{sign}Ren\u00e9e" in cells
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\uff1d", "\uff20")]


# ---------------------------------------------------------------- people


def test_people_knows_who_was_called_named_and_referred(home: Path, capsys: Said) -> None:
    plan = msgspec.structs.replace(PLAN, people=(Person("Sam Okafor", "lead at Beta"),))
    said = [
        *GREETED,
        "sam okafor knows more about it and my address is dana dot ruiz at acme dot com",
        "who else should i talk to",
        "you should talk to Laura Keller she leads the platform team",
    ]
    held(home, "Dana Ruiz, data engineer", OLD, said, plan=plan)
    people = {person["name"]: person for person in data(capsys, "people")}
    assert [talk["day"] for talk in people["Dana Ruiz"]["talks"]] == ["2026-11-03"]
    assert people["Sam Okafor"]["about"] == "lead at Beta"
    assert [m["by"] for m in people["Laura Keller"]["mentions"]] == ["Dana Ruiz"]
    assert people["Laura Keller"]["mentions"][0]["is_referral"]
    tree = told(capsys, "people", "--tree").splitlines()
    assert "Laura Keller" in tree[tree.index(next(r for r in tree if "Dana Ruiz" in r)) + 1]
    [row] = [r for r in told(capsys, "people").splitlines() if r.startswith("Laura Keller")]
    assert "call Laura Keller" in row
    # Once she was called, the next step is another one.
    held(home, "Laura Keller, platform lead", NEW, [*GREETED, "nice to meet you"])
    [row] = [r for r in told(capsys, "people").splitlines() if r.startswith("Laura Keller")]
    assert "call Laura Keller" not in row
    cards = told(capsys, "people", "--vcard").split("BEGIN:VCARD")
    [card] = [card for card in cards if "FN:Dana Ruiz" in card]
    assert "EMAIL;TYPE=INTERNET:dana.ruiz@acme.com" in card
    assert "VERSION:3.0" in card
    assert told(capsys, "people", "--vcard") == "BEGIN:VCARD".join(cards)
    assert [person["name"] for person in data(capsys, "people", "laura")] == ["Laura Keller"]


def test_what_one_of_both_promised_is_nobody_s_task_alone(home: Path, capsys: Said) -> None:
    said = [*GREETED, "i will send you the reading list by friday"]
    held(home, "Dana Ruiz", OLD, said, voices=(Channel.UNCLEAR,))
    [dana] = data(capsys, "people")
    assert dana["to_do"] == []
    assert [what[:9] for what in dana["unclear"]] == ["send you "]
    assert "one of you: send you the reading list" in told(capsys, "people")


def test_whoever_was_not_named_is_not_called_them(home: Path, capsys: Said) -> None:
    held(home, "", OLD, [*GREETED, "mostly i repair the warehouse pipelines", "thank you"])
    [thanks] = [a for a in data(capsys, "actions", "--all") if a["kind"] == "thanks"]
    assert thanks["what"].startswith("thank the other side:")
    assert "somebody" in told(capsys, "list")


# ---------------------------------------------------------------- the archive itself


def test_purge_leaves_no_trace_in_the_archive(
    home: Path, dana: CallFolder, tim: CallFolder, capsys: Said
) -> None:
    assert data(capsys, "search", "warehouse")["calls"] == 1
    data(capsys, "actions", "--all")
    # As a death leaves it.
    (home / "call.lock").write_text(dana.name)
    told(capsys, "purge", dana.name, "--yes")
    words = (b"warehouse", b"rehouse", b"dana", b"Dana", b"pipelines")
    files = [path for path in home.glob("*") if path.is_file()]
    assert home / "archive.db" in files
    assert [path.name for path in files if any(w in path.read_bytes() for w in words)] == []
    assert data(capsys, "search", "merger")["calls"] == 1


def test_purge_leaves_no_trace_in_an_archive_that_is_damaged(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    assert data(capsys, "actions", "--all")
    with closing(sqlite3.connect(home / "archive.db")) as file:
        file.execute("DROP TABLE call_words")
    told(capsys, "purge", dana.name, "--yes")
    files = [path for path in home.glob("archive.db*") if path.is_file()]
    assert [path.name for path in files if b"dana" in path.read_bytes()] == []


def test_purge_leaves_no_trace_of_one_where_another_can_not_be_removed(
    home: Path, dana: CallFolder, tim: CallFolder, capsys: Said
) -> None:
    told(capsys, "search", "warehouse")
    with only_hand(tim.path):
        code, said = refused(capsys, "purge", dana.name, tim.name, "--yes")
    assert code == 3
    assert tim.name in said
    assert (dana.path.exists(), tim.path.exists()) == (False, True)
    files = [path for path in home.glob("archive.db*") if path.is_file()]
    assert [path.name for path in files if b"warehouse" in path.read_bytes()] == []


def test_a_damaged_archive_is_made_again_and_that_is_said(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    number = data(capsys, "actions", "--all")[0]["number"]
    with closing(sqlite3.connect(home / "archive.db")) as file:
        file.execute("DROP TABLE call_words")
    capsys.readouterr()
    assert run(["search", "warehouse"]) == 0
    said = capsys.readouterr()
    assert dana.name in said.out
    assert "made again" in said.err
    assert data(capsys, "actions", "--all")[0]["number"] == number


@pytest.mark.parametrize(
    ("table", "verb"), [("tasks", "actions"), ("questions", "compare"), ("people", "people")]
)
def test_what_was_put_in_and_makes_no_sense_any_more_is_made_again(
    home: Path, dana: CallFolder, capsys: Said, table: str, verb: str
) -> None:
    first = told(capsys, verb)
    with closing(sqlite3.connect(home / "archive.db")) as file, file:
        file.execute(f"UPDATE {table} SET body = x'7b7d'")
    capsys.readouterr()
    assert run([verb]) == 0
    said = capsys.readouterr()
    assert "made again" in said.err
    assert said.out == first != ""


def test_without_a_place_to_write_the_calls_are_read_all_the_same(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    (home / "archive.db" / "in the way").mkdir(parents=True)
    capsys.readouterr()
    assert run(["search", "warehouse"]) == 0
    said = capsys.readouterr()
    assert dana.name in said.out
    assert "for this once" in said.err
    assert [call["name"] for call in data(capsys, "list")] == [dana.name]
    # A number that can not be kept is none.
    assert {action["number"] for action in data(capsys, "actions", "--all")} <= {1, 2, 3}


@pytest.mark.parametrize("harm", [b"x" * 9000, b""])
def test_an_archive_that_is_none_is_made_again_and_that_is_said(
    home: Path, dana: CallFolder, capsys: Said, harm: bytes
) -> None:
    (home / "archive.db").write_bytes(harm)
    assert run(["search", "warehouse"]) == 0
    said = capsys.readouterr()
    assert dana.name in said.out
    assert "made again" in said.err
    assert run(["search", "warehouse"]) == 0
    assert capsys.readouterr().err == ""


def test_on_a_full_disk_a_damaged_archive_is_done_without(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    told(capsys, "search", "warehouse")
    path = home / "archive.db"
    body = bytearray(path.read_bytes())
    body[4096:] = b"\xff" * (len(body) - 4096)
    path.write_bytes(body)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        code = run(["search", "warehouse"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    said = capsys.readouterr()
    assert code == 0, said.err
    assert dana.name in said.out
    assert "for this once" in said.err


def test_calls_that_somebody_removed_by_hand_leave_no_trace_either(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    told(capsys, "search", "warehouse")
    shutil.rmtree(home / "calls")
    assert data(capsys, "search", "warehouse")["calls"] == 0
    words = (b"warehouse", b"rehouse", b"dana", b"Dana")
    files = [path for path in home.glob("archive.db*") if path.is_file()]
    assert [p.name for p in files if any(word in p.read_bytes() for word in words)] == []


def test_index_says_what_it_holds_and_rebuild_gives_the_same(
    home: Path, dana: CallFolder, tim: CallFolder, capsys: Said
) -> None:
    first = data(capsys, "index")
    assert first["calls"] == 2
    found = data(capsys, "search", "day")
    again = data(capsys, "index", "--rebuild")
    assert (again["calls"], again["lines"]) == (first["calls"], first["lines"])
    assert data(capsys, "search", "day") == found


def test_damage_in_a_journal_is_told_once_and_shown_in_the_list(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    body = dana.journal.read_bytes()
    dana.journal.write_bytes(body.replace(b"warehouse pipelines", b"warehouse pipe\xffnes"))
    capsys.readouterr()
    assert run(["list"]) == 0
    said = capsys.readouterr()
    assert f"{dana.name}: 1 lines" in said.err
    assert "1 damaged lines" in said.out
    assert run(["list"]) == 0
    assert dana.name not in capsys.readouterr().err


def test_wrap_brings_what_was_wrapped_into_the_archive(
    home: Path, dana: CallFolder, capsys: Said
) -> None:
    data(capsys, "index")
    plan: Plan = msgspec.structs.replace(dana.read_plan(), person="Danielle Ruiz")
    dana.write("plan.json", to_json(plan))
    told(capsys, "wrap", dana.name)
    with closing(sqlite3.connect(home / "archive.db")) as file:
        assert file.execute("SELECT person FROM calls").fetchall() == [("Danielle Ruiz",)]
