"""The verbs that leave nothing behind, as a user meets them; and sound that goes by itself."""

import json
import os
import pty
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from assistant.cli import run
from assistant.control import Answers, Forget, Request
from assistant.door import Server
from assistant.events import CallEnded, CallStarted, Entry, Fact, NoteTaken
from assistant.forgetting import Gone
from assistant.keeping.folder import REMOVED, CallFolder
from assistant.keeping.journal import Journal
from assistant.keeping.lock import only_call
from assistant.plan import Plan, to_json

pytestmark = pytest.mark.edge

SOUND = ("me.flac", "them.flac")
GONE = Gone(602.0, 722.5, 14, 2)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make every path of the program lie in a folder of the test's own."""
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def called(home: Path, person: str, days_ago: int, *, is_over: bool = True) -> CallFolder:
    """Put a call there that was held so many days ago."""
    at = datetime.now() - timedelta(days=days_ago)  # noqa: DTZ005
    folder = CallFolder(home / "calls" / f"{at:%Y-%m-%d-%H%M}-{person}")
    folder.path.mkdir(parents=True)
    folder.write("plan.json", to_json(Plan(person=person)))
    folder.write("summary.md", "# A call\n")
    facts: list[Fact] = [CallStarted(folder.name, "", "0", {}), NoteTaken("zanzibar")]
    journal = Journal.open(folder.journal)
    journal.append([Entry(n, float(n), f) for n, f in enumerate(facts, 1)])
    journal.append([Entry(3, 3.0, CallEnded("stopped"))] * is_over)
    journal.close()
    for name in SOUND:
        folder.write(name, b"x" * 1000)
    return folder


def names(folder: CallFolder) -> set[str]:
    return {path.name for path in folder.path.iterdir()} if folder.path.exists() else set()


def test_purge_lists_what_goes_asks_and_leaves_no_trace(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dana, tim = called(home, "dana", 3), called(home, "tim", 2)
    assert run(["purge", "dana", "--yes"]) == 0
    said = capsys.readouterr().out
    for name in ("journal.jsonl", "plan.json", "me.flac  1 kB", "them.flac", str(dana.path)):
        assert name in said
    assert names(dana) == set()
    assert list((home / "calls").iterdir()) == [tim.path]
    assert not any(b"zanzibar" in p.read_bytes() for p in home.glob("*") if p.is_file())


def test_who_does_not_say_yes_loses_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dana = called(home, "dana", 3)
    (tmp_path / "answer").write_text("n\n")
    with (tmp_path / "answer").open() as answer:
        monkeypatch.setattr("sys.stdin", answer)
        assert run(["purge", "dana"]) == 0
    assert "Nothing was removed." in capsys.readouterr().err
    assert names(dana) >= set(SOUND)


def test_an_input_at_its_end_says_no(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dana = called(home, "dana", 3)
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        assert run(["purge", "dana"]) == 130
    assert capsys.readouterr().err.endswith("\nNothing was removed.\n")
    monkeypatch.setattr("sys.stdin", None)
    assert run(["purge", "dana"]) == 130
    assert names(dana) >= set(SOUND)


def test_a_dry_run_removes_nothing_and_lists_all(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dana, _ = called(home, "dana", 40, is_over=False), called(home, "tim", 2)
    assert run(["purge", "--older-than", "30d", "--dry-run"]) == 0
    first, lost, last = capsys.readouterr().err.splitlines()[-3:]
    assert "nothing is removed" in first
    assert "This would remove:" in first
    assert "what was not heard would be lost with its sound" in lost
    assert last == "Nothing was removed."
    assert run(["purge", "--older-than", "30d", "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (removal,) = told["removed"]
    assert (removal["name"], told["dry_run"]) == (dana.name, True)
    assert told["bytes"] == sum(file["bytes"] for file in removal["files"]) > 2000
    assert names(dana) >= set(SOUND)


@pytest.mark.parametrize("name", ["", " ", "\t"])
def test_an_empty_name_is_not_the_only_call_there_is(
    home: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    dana = called(home, "dana", 15)
    assert run(["purge", name, "--yes"]) == 6
    assert "There is no call" in capsys.readouterr().err
    assert names(dana)


def test_only_the_sound_of_old_calls(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dana, tim = called(home, "dana", 15), called(home, "tim", 13)
    assert run(["purge", "--older-than", "2w", "--sound-only", "--yes"]) == 0
    assert names(dana) == {"plan.json", "journal.jsonl", "summary.md"}
    assert names(tim) >= set(SOUND)
    capsys.readouterr()
    assert run(["purge", "--older-than", "2w", "--sound-only", "--yes"]) == 0
    assert "nothing to remove" in capsys.readouterr().err


def test_sound_that_was_not_heard_goes_only_with_a_warning(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dana = called(home, "dana", 3, is_over=False)
    assert run(["purge", "dana", "--sound-only", "--yes"]) == 0
    told = capsys.readouterr()
    assert f"Removed: the sound of {dana.name}" in told.out
    assert f"{dana.name} was not heard to its end" in told.err
    assert not names(dana) & set(SOUND)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("purge",), 2, "Name the calls, or give --older-than"),
        (("purge", "dana", "--older-than", "3d"), 2, "Name the calls, or give --older-than"),
        (("purge", "--older-than", "long"), 2, "no number of days"),
        (("purge", "nobody", "--yes"), 6, "There is no call"),
        (("purge", "dana", "nobody", "--yes"), 6, "There is no call"),
        (("purge", "link", "--yes"), 3, "does not lie in"),
        (("purge", "{outside}", "--yes"), 3, "does not lie in"),
        (("forget",), 2, "LENGTH"),
        (("forget", "much"), 2, "no length of time"),
        (("forget", "30"), 2, "30s or 30m?"),
        (("forget", "1.5", "--yes"), 2, "1.5s or 1.5m?"),
        (("forget", "9h"), 2, "four hours."),
        (("forget", "2m"), 3, "No call is running."),
        (("forget", "all"), 3, "sottovoce purge"),
    ],
)
def test_what_can_go_wrong_is_said_and_removes_nothing(
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    dana, outside = called(home, "dana", 3), called(tmp_path / "outside", "zoe", 3)
    (home / "calls" / "link").symlink_to(outside.path)
    asked = [argument.format(outside=outside.path) for argument in arguments]
    assert run(asked) == code
    assert said in capsys.readouterr().err
    assert names(dana) >= set(SOUND)
    assert names(outside) >= set(SOUND)


def test_the_running_call_is_never_removed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dana = called(home, "dana", 40)
    with only_call(home / "call.lock") as claim:
        claim(dana.name)
        assert run(["purge", "dana", "--yes"]) == 3
        assert "is still running" in capsys.readouterr().err
        assert run(["purge", "--older-than", "30d", "--yes"]) == 0
    assert names(dana) >= set(SOUND)


# ---------------------------------------------------------------- forget


@contextmanager
def call_that_forgets(home: Path, asked: list[Request], gone: Gone = GONE) -> Generator[None]:
    def answer(request: Request) -> Answers:
        asked.append(request)
        yield msgspec.json.encode(gone)

    server = Server(home / "run" / "control.sock", answer)
    with only_call(home / "call.lock") as claim:
        claim("call")
        server.open()
        try:
            yield
        finally:
            server.close()


@pytest.mark.parametrize(("length", "for_s"), [("2m", 120.0), ("30s", 30.0), ("all", None)])
def test_forget_tells_what_is_gone(
    home: Path, capsys: pytest.CaptureFixture[str], length: str, for_s: float | None
) -> None:
    asked: list[Request] = []
    with call_that_forgets(home, asked):
        assert run(["forget", length, "--yes"]) == 0
        said = capsys.readouterr().out
        assert run(["forget", length, "--yes", "--json"]) == 0
    assert asked == [Forget(for_s), Forget(for_s)]
    assert "10:02 to 12:02" in said
    assert "lines heard 14, notes and marks 2" in said
    told = json.loads(capsys.readouterr().out)
    assert (told["from_s"], told["to_s"], told["lines"], told["notes"]) == (602.0, 722.5, 14, 2)


def test_of_an_empty_stretch_nothing_is_counted(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with call_that_forgets(home, [], Gone(602.0, 722.5, 0, 0)):
        assert run(["forget", "2m"]) == 0
    said = capsys.readouterr().out
    assert "Nothing was heard or noted in it." in said
    assert "0" not in said.splitlines()[-1]


@contextmanager
def typing(monkeypatch: pytest.MonkeyPatch, answer: str) -> Generator[None]:
    """Let a person sit at a terminal and type an answer."""
    person, terminal = pty.openpty()
    os.write(person, answer.encode())
    with os.fdopen(terminal) as keyboard, monkeypatch.context() as patched:
        patched.setattr("sys.stdin", keyboard)
        yield
    os.close(person)


@pytest.mark.parametrize(
    ("length", "answer", "for_s"),
    [
        ("all", "n\n", ()),
        ("301s", "\n", ()),
        ("all", "y\n", (None,)),
        ("1h", "y\n", (3600.0,)),
        ("5m", "", (300.0,)),
    ],
)
def test_much_is_forgotten_only_by_who_is_sure(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    length: str,
    answer: str,
    for_s: tuple[float | None, ...],
) -> None:
    asked: list[Request] = []
    with call_that_forgets(home, asked), typing(monkeypatch, answer):
        assert run(["forget", length]) == 0
    assert asked == [Forget(it) for it in for_s]
    said = capsys.readouterr().err
    assert ("can not be undone" in said) == bool(answer)
    assert ("Nothing was forgotten" in said) == (not for_s)


@pytest.mark.parametrize("length", ["all", "6m"])
def test_much_is_not_forgotten_where_nobody_can_be_asked(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, length: str
) -> None:
    asked: list[Request] = []
    with call_that_forgets(home, asked), Path(os.devnull).open() as nothing:
        for stdin in (nothing, None):
            monkeypatch.setattr("sys.stdin", stdin)
            assert run(["forget", length]) == 3
            assert "Add --yes" in capsys.readouterr().err
    assert asked == []


# ---------------------------------------------------------------- retention


@pytest.mark.parametrize("verb", [("list",), ("wrap", "tim"), ("start", "--model", "/no/such")])
def test_old_sound_goes_by_itself_and_that_is_told_once(
    home: Path, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]
) -> None:
    dana, tim = called(home, "dana", 31), called(home, "tim", 29)
    run([*verb])
    assert "Sound older than 30 days was removed (calls: 1, 2 kB)" in capsys.readouterr().err
    assert names(dana) == {"plan.json", "journal.jsonl", "summary.md"}
    assert names(tim) >= set(SOUND)
    run([*verb])
    assert "was removed" not in capsys.readouterr().err


def test_what_a_death_left_of_a_removal_goes_with_the_next_list(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dana = called(home, "dana", 1)
    half_removed = dana.path.rename(home / "calls" / f"{REMOVED}0123")
    assert run(["list"]) == 0
    assert not half_removed.exists()


def test_the_settings_say_how_long_sound_is_kept(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dana = called(home, "dana", 400)
    (home / "settings.toml").write_text("[keep]\nsound_days = 0\n")
    assert run(["list", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert listed["sound"] is True
    (home / "settings.toml").write_text("[keep]\nsound_days = 365\n")
    assert run(["list", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert listed["sound"] is False
    assert not names(dana) & set(SOUND)
