"""A call that was cut short, as a user meets it: every verb says so once, and wrap finishes it."""

import json
import os
from pathlib import Path

import pytest
from test_recovery import THEM, cut, events, folder_of, lived

from assistant.cli import run
from assistant.events import CallEnded, Channel
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import only_call, only_hand
from assistant.keeping.unfinished import NOT_HEARD

pytestmark = pytest.mark.edge

NAME = "call"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make every path of the program lie in a folder of the test's own, and let no engine be."""
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('engine = "vosk"\nmodel = "vosk-model-of-nobody"\n')
    (tmp_path / "calls").mkdir()
    return tmp_path


@pytest.fixture
def broken_off(home: Path) -> CallFolder:
    """Return a call that was cut short, with sound that nobody heard."""
    return cut(home / "calls")


def without_sound(folder: CallFolder) -> CallFolder:
    for channel in Channel:
        folder.spool(channel).unlink(missing_ok=True)
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    """Run a verb; return what it printed and what it told."""
    assert run([*arguments]) == code
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    return out.out, out.err


def test_the_next_verb_says_once_what_can_be_done(
    broken_off: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    out, told = said(capsys, "list", "--json")
    assert json.loads(out)[0]["state"] == "unfinished"
    assert told.count("was cut short") == 1
    assert f"`sottovoce start --resume {NAME}`" in told
    assert f"`sottovoce wrap {NAME}`" in told
    for verb in (("status",), ("note", "x")):
        assert said(capsys, *verb, code=3)[1].count("was cut short") == 1


@pytest.mark.parametrize(
    "verb",
    [("status",), ("stop",), ("watch",), ("note", "x"), ("forget", "all"), ("consent", "yes")],
)
def test_where_none_runs_the_one_to_go_on_with_is_named(
    broken_off: CallFolder, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]
) -> None:
    last = said(capsys, *verb, code=3)[1].splitlines()[-2:]
    assert "No call is running." in last[0]
    assert last[1] == f"`sottovoce start --resume {NAME}` goes on with it."
    assert ("The note was not kept." in last[0]) == (verb[0] == "note")


def test_where_the_last_is_too_old_to_go_on_it_is_finished_or_another_begins(
    broken_off: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in broken_off.path.iterdir():
        os.utime(path, (1e9, 1e9))
    hint = said(capsys, "status", code=3)[1].splitlines()[-1]
    assert f"`sottovoce wrap {NAME}`" in hint
    assert "`sottovoce start`" in hint
    assert "--resume" not in hint


def test_of_several_that_fit_the_only_unfinished_one_is_wrapped(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = home / "calls"
    for name in ("1-dana", "3-dana"):
        done = folder_of(calls / name, lived(5.0, [(5.0, CallEnded("stopped"))]))
        done.write("summary.md", "# A call\n")
    cut_short = without_sound(folder_of(calls / "2-dana", lived(5.0)))
    out, told = said(capsys, "wrap", "dana")
    assert "2-dana is the only one of them that was cut short" in told
    assert str(cut_short.path) in out
    assert cut_short.summary.exists()
    assert "fits more than one call" in said(capsys, "wrap", "dana", code=6)[1]
    folder_of(calls / "4-dana", lived(5.0))
    folder_of(calls / "5-dana", lived(5.0))
    assert "fits more than one call" in said(capsys, "wrap", "dana", code=6)[1]
    assert "There is no call" in said(capsys, "wrap", "tim", code=6)[1]


def test_of_an_old_one_only_its_summary_is_left(
    broken_off: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in broken_off.path.iterdir():
        os.utime(path, (1e9, 1e9))
    _, told = said(capsys, "list")
    assert "--resume" not in told
    assert f"`sottovoce wrap {NAME}`" in told


def test_while_a_call_runs_nobody_hears_of_another(
    home: Path, broken_off: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    with only_call(home / "call.lock") as claim:
        claim("another")
        assert "cut short" not in said(capsys, "list")[1]


def test_several_are_told_as_one_and_a_number(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "abc":
        folder_of(home / "calls" / name, lived(5.0))
    told = said(capsys, "list")[1]
    assert "c was cut short" in told
    assert "2 more" in told


def test_wrap_finishes_a_call_of_which_all_was_heard(
    broken_off: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    without_sound(broken_off)
    out, told = said(capsys, "wrap")
    assert "summary.md" in out
    assert told.count("was cut short") == 1
    assert events(broken_off)[-1] == CallEnded("cut short")
    assert broken_off.summary.exists()
    assert said(capsys, "list")[1] == ""
    before = {path.name: path.read_bytes() for path in broken_off.path.iterdir()}
    assert "cut short" not in said(capsys, "wrap")[1]
    assert {path.name: path.read_bytes() for path in broken_off.path.iterdir()} == before


def test_without_a_model_wrap_finishes_and_keeps_the_sound(
    home: Path, broken_off: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    with (home / "settings.toml").open("a") as settings:
        settings.write('keep.sound = "never"\n')
    _, told = said(capsys, "wrap")
    assert "vosk-model-of-nobody" in told
    assert "could not be heard now" in told
    assert broken_off.summary.exists()
    assert NOT_HEARD in events(broken_off)
    kept = {path.stem for path in broken_off.path.iterdir() if path.suffix in (".s16", ".flac")}
    assert kept == {"me", "them"}
    out, told = said(capsys, "list")
    assert "last words not heard" in out
    assert told == ""


def test_a_call_at_which_somebody_is_at_work_is_left_alone(
    broken_off: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    before = broken_off.journal.read_bytes()
    with only_hand(broken_off.path):
        _, told = said(capsys, "wrap", code=3)
    assert "Another sottovoce is at work" in told
    assert broken_off.journal.read_bytes() == before


def test_a_call_whose_plan_is_lost_is_listed_and_wrapped(
    broken_off: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    without_sound(broken_off).plan.unlink()
    out, _ = said(capsys, "list")
    assert "its plan is lost" in out
    assert json.loads(said(capsys, "list", "--json")[0])[0]["wrong"]
    _, told = said(capsys, "wrap")
    assert "without its questions" in told
    assert broken_off.summary.exists()


def test_sound_alone_is_a_call_that_can_be_finished(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = CallFolder(home / "calls" / NAME)
    folder.path.mkdir()
    folder.spool(THEM).write_bytes(b"\1\2" * 16000)
    assert "its journal is lost" in said(capsys, "list")[0]
    said(capsys, "wrap")
    assert folder.summary.exists()
    assert (folder.path / "them.flac").exists()


def test_nothing_to_go_on_with_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "No call was cut short" in said(capsys, "start", "--resume", code=3)[1]
    refused = said(capsys, "start", "sheets/Dana Ruiz.md", "--resume", code=2)[1]
    assert "no sheet" in refused
    assert "`sottovoce start --resume dana-ruiz`" in refused
    refused = said(capsys, "start", "--resume", "--minutes", "5", code=2)[1]
    assert "`sottovoce start --resume`" in refused
    assert "There is no call" in said(capsys, "start", "--resume", "nobody", code=6)[1]


def test_a_call_that_is_over_does_not_go_on(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = folder_of(home / "calls" / NAME, lived(39.0, [(39.0, CallEnded("stopped"))]))
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    assert "can not go on" in said(capsys, "start", "--resume", NAME, code=3)[1]
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before


def test_a_call_that_could_not_go_on_is_still_there(
    broken_off: CallFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in broken_off.path.iterdir()}
    # There is no model; or, by the clock of its first line, it is too long ago.
    assert run(["start", "--resume"]) in (3, 5)
    assert "Traceback" not in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in broken_off.path.iterdir()} == before
