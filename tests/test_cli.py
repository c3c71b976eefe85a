"""The verbs as a user meets them: what they print, and the exit code of all that can go wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.cli import run, sottovoce
from assistant.cli.house import tell_done
from assistant.errors import DiskError
from assistant.keeping.lock import only_call

pytestmark = pytest.mark.edge

TRANSCRIPT = """\
{"channel":"me","start_s":0.5,"end_s":3.0,"text":"hi dana thanks for making the time"}
{"channel":"them","start_s":3.4,"end_s":6.0,"text":"sure happy to help"}
{"channel":"me","start_s":7.0,"end_s":9.0,"text":"what does a typical day look like for you"}
{"channel":"them","start_s":9.5,"end_s":20.0,\
"text":"most mornings i fix what broke over night and then we plan the next week together"}
{"channel":"them","start_s":40.0,"end_s":44.0,"text":"i will send you our reading list by friday"}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make every path of the program lie in a folder of the test's own."""
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    return tmp_path / "home"


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    path = tmp_path / "call.jsonl"
    path.write_text(TRANSCRIPT)
    return path


def failed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run a verb that should fail; return its exit code and what it said, which is no traceback."""
    code = run([*arguments])
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "sottovoce: " in said or said.startswith("Usage: ")
    return code, said


def terminal(*arguments: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a verb in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_verb_explains_itself() -> None:
    context = sottovoce.make_context("sottovoce", ["--help"], resilient_parsing=True)
    for name in sottovoce.list_commands(context):
        verb = sottovoce.get_command(context, name)
        assert verb is not None
        assert verb.help


def test_the_list_of_verbs_says_what_each_says_of_itself(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = sottovoce.make_context("sottovoce", ["--help"], resilient_parsing=True)
    found = {item.value: item.help for item in sottovoce.shell_complete(context, "")}
    monkeypatch.setenv("COLUMNS", "100")
    assert run(["--help"]) == 0
    listed = capsys.readouterr().out.partition("Commands:")[2]
    for name in sottovoce.list_commands(context):
        verb = sottovoce.get_command(context, name)
        assert verb is not None
        assert found[name] == verb.get_short_help_str()
        assert f"{name:<10}  {verb.get_short_help_str(85)}\n" in listed


@pytest.mark.parametrize("module", ["assistant.cli", "assistant.cli.during"])
def test_who_asks_for_help_or_notes_something_waits_for_no_more_than_that(module: str) -> None:
    slow = ("numpy", "sounddevice", "rich", "assistant.notes", "assistant.understanding")
    seen = f"import sys, {module}; print(*sys.modules, sep='\\n')"
    loaded = subprocess.run(
        [sys.executable, "-c", seen], capture_output=True, text=True, timeout=60, check=True
    ).stdout.splitlines()
    assert not [name for name in loaded if name.startswith(slow)]


def test_the_call_to_go_on_with_may_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["start", "--help"]) == 0
    assert "--resume [CALL] " in capsys.readouterr().out


def test_every_verb_stands_in_the_readme() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    context = sottovoce.make_context("sottovoce", ["--help"], resilient_parsing=True)
    missing = [name for name in sottovoce.list_commands(context) if f"`{name}" not in readme]
    assert missing == []


def test_a_new_sheet_is_ready_to_use(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    who = "Dana Ruiz, data engineer at Acme"
    assert run(["new", who, "--minutes", "25", "--when", "2026-12-01 15:00", "--json"]) == 0
    path = Path(json.loads(capsys.readouterr().out)["path"])
    assert path == home / "sheets" / "2026-12-01-1500-dana-ruiz.md"
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert "with: Dana Ruiz" in text
    assert "minutes: 25" in text
    assert "- ! " in text


def test_a_sheet_is_found_by_a_name_as_it_is_written(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "Zoë Müller-Ångström, baker", "--when", "2026-12-01 15:00"]) == 0
    capsys.readouterr()
    run(["check", "Zoë"])
    assert "There is no sheet" not in capsys.readouterr().err


def test_a_prepared_question_that_asks_for_a_job_is_told_of_once(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "mine.txt"
    questions.write_text("What do you do all day?\nWould you hire me?\nHow does hiring work?\n")
    assert run(["new", "Dana Ruiz", "--questions", str(questions)]) == 0
    said = capsys.readouterr().err
    assert said.count("asks for a job") == said.count("Would you hire me?") == 1
    assert "How does hiring work?" not in said
    assert run(["new", "Kim Lee"]) == 0
    assert "asks for a job" not in capsys.readouterr().err


def test_a_sheet_is_never_written_over_by_accident(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "Dana Ruiz"]) == 0
    capsys.readouterr()
    code, said = failed(capsys, "new", "Dana Ruiz")
    assert code == 6
    assert "--force" in said
    assert run(["new", "Dana Ruiz", "--force"]) == 0


def test_the_name_that_new_told_is_enough_though_others_begin_so(
    home: Path, transcript: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for who in ("Tim", "Timo", "Tim Eleven"):
        assert run(["new", who, "--when", "2026-12-01"]) == 0
    assert run(["rehearse", "--plan", "tim", "--transcript", str(transcript)]) == 0
    # Another sheet for him, without a day: its name is the end of the other one's.
    capsys.readouterr()
    assert run(["new", "Tim"]) == 0
    assert "sottovoce start tim\n" in capsys.readouterr().err
    assert run(["rehearse", "--plan", "tim", "--transcript", str(transcript)]) == 0
    code, said = failed(capsys, "rehearse", "--plan", "ti", "--transcript", str(transcript))
    assert code == 6
    assert "more than one sheet" in said


def test_a_rehearsal_from_text_needs_no_engine_and_gives_a_whole_call(
    home: Path, transcript: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(["rehearse", "--transcript", str(transcript), "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "You: hi dana" in shown
    assert "asked: What does a typical day look like for you?" in shown
    assert "murmur: " in shown
    names = {path.name for path in out.iterdir()}
    assert names >= {
        "plan.md", "plan.json", "journal.jsonl", "notes.md", "summary.md", "notes.json",
        "transcript.srt", "transcript.vtt", "follow-ups.ics",
    }  # fmt: skip
    summary = (out / "summary.md").read_text()
    assert "reading list" in summary
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}


def test_a_rehearsal_prints_its_journal_as_json(
    home: Path, transcript: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The journal goes out as bytes, past what capsys replaces.
    done = terminal(
        "rehearse", "--transcript", str(transcript), "--json", env={"SOTTOVOCE_HOME": str(home)}
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0]["is"] == "CallStarted"
    assert lines[-1]["is"] == "CallEnded"


def test_a_finished_call_is_listed_and_shown(
    home: Path, transcript: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = home / "calls" / "2026-12-01-1500-dana"
    assert run(["rehearse", "--transcript", str(transcript), "--out", str(out)]) == 0
    capsys.readouterr()
    assert run(["list", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["name"], listed["state"]) == ("2026-12-01-1500-dana", "done")
    assert run(["show"]) == 0
    assert capsys.readouterr().out == (out / "summary.md").read_text()
    assert run(["show", "dana", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_subtitles_are_rehearsed_as_well(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = tmp_path / "talk.vtt"
    talk.write_text("WEBVTT\n\n00:01.000 --> 00:03.000\nMe: hello\n")
    assert run(["rehearse", "--transcript", str(talk)]) == 0
    assert "You: hello" in capsys.readouterr().out


def test_wrap_writes_the_same_again(
    home: Path, transcript: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = home / "calls" / "2026-12-01-1500-dana"
    run(["rehearse", "--transcript", str(transcript), "--out", str(out)])
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    for name in ("summary.md", "notes.json", "transcript.srt", "follow-ups.ics"):
        (out / name).unlink()
    assert run(["wrap", "dana"]) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.parametrize(
    "verb",
    [
        ("stop",), ("status",), ("watch",), ("note", "x"), ("mark",), ("next",), ("tick", "1"),
        ("pause",), ("resume",), ("extend",), ("hush",), ("consent", "yes"), ("cancel", "--yes"),
    ],
)  # fmt: skip
def test_a_verb_with_no_call_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]
) -> None:
    code, said = failed(capsys, *verb)
    assert code == 3
    assert "No call is running." in said
    assert "sottovoce start" in said


def test_a_second_start_is_refused_with_the_first_ones_name(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with only_call(home / "call.lock") as claim:
        claim("2026-12-01-1500-dana")
        code, said = failed(capsys, "start")
    assert code == 3
    assert "2026-12-01-1500-dana" in said
    # Nothing was begun for it.
    assert "Getting ready" not in said
    assert not (home / "sottovoce.log").exists()


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("sheet.md", b"---\nminutes: twenty\n---\n", "line 2"),
        ("sheet.md", b"---\nwiht: Dana\n---\n", "with"),
        ("sheet.md", b"\0\1\2" * 1000, "sheet.md"),
        ("sheet.md", b"\xff\xfe\xfd", "sheet.md"),
        ("sheet.md", b"- a question\n" * 1_000_000, "sheet.md"),
    ],
)
def test_a_malformed_sheet_says_where_and_what_was_expected(
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    body: bytes,
    expected: str,
) -> None:
    (tmp_path / name).write_bytes(body)
    code, said = failed(capsys, "start", str(tmp_path / name))
    assert code == 6
    assert expected in said
    assert not (home / "calls").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("start", "nobody"), 6, "There is no sheet 'nobody'."),
        (("start", "--model", "/no/such/model"), 5, "/no/such/model"),
        (("rehearse", "--mono", "/no/such/file.wav"), 6, "There is no file"),
        (("rehearse", "--stereo", __file__), 6, "not a sound file"),
        (("rehearse",), 2, "Name either sound"),
        (("rehearse", "--mono", "a.wav", "--me", "b.wav"), 2, "Give --me with --them"),
        (("rehearse", "--transcript", __file__), 6, "line 1"),
        (("new", "Dana", "--questions", "/no/such/file"), 6, "/no/such/file"),
        (("new", "Dana", "--set", "nonsense"), 6, "nonsense"),
        (("show", "nobody"), 6, "There is no call"),
        (("models", "pull", "nonsense"), 5, "no model called nonsense"),
        (("models", "verify", "nonsense"), 5, "nonsense"),
        (("start", "--engine", "magic"), 2, "magic"),
        (("extend", "much"), 2, "no length of time"),
        (("start", "--engine", "moonshine", "--model", "x"), 2, "names a Vosk model"),
        (("extend", "0"), 2, "between a second and four hours"),
        (("note", ""), 2, "needs some words"),
        (("hush", "5m", "--off"), 2, "not both"),
        (("dance",), 2, "No such command"),
        (("forgt", "2m"), 2, "did you mean `forget`?"),
        (("extend", "9h"), 2, "four hours."),
        (("extend", "999"), 2, "plain numbers are minutes"),
    ],
)
def test_what_can_go_wrong_is_one_sentence_with_its_exit_code(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    assert failed(capsys, *arguments)[0] == code or pytest.fail(str(arguments))
    run([*arguments])
    assert said in capsys.readouterr().err


def test_broken_settings_are_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('engine = "magic"\n')
    code, said = failed(capsys, "list")
    assert code == 6
    assert "settings.toml" in said


def test_a_sheet_into_no_folder_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = failed(capsys, "new", "Dana", "--out", str(home / "no" / "such" / "sheet.md"))
    assert code == 6
    assert "There is no folder" in said


@pytest.mark.parametrize(
    "typed",
    ["friday 15:00", "2026-13-01", "01/12/2026 15:00", "2026-12-01 25:00", "1.12. 15:00", "15"],
)
def test_a_moment_that_is_none_is_told_as_people_write_it(
    home: Path, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    code, said = failed(capsys, "new", "Dana Ruiz", "--when", typed)
    assert code == 2
    assert "%" not in said
    assert "2026-12-01 15:00" in said


def test_a_moment_that_is_past_is_told_of_and_the_sheet_is_written(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["new", "Dana Ruiz", "--when", "01.12.2020 15:00"]) == 0
    assert "2020-12-01 15:00 is past already" in capsys.readouterr().err
    assert (home / "sheets" / "2020-12-01-1500-dana-ruiz.md").exists()
    assert run(["new", "Kim Lee", "--when", "tomorrow 15:00"]) == 0
    assert run(["new", "Tim Lee", "--when", "today"]) == 0
    assert "is past" not in capsys.readouterr().err


def test_every_verb_is_told_whole_in_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    for group in ("", "correct", "models", "actions"):
        assert run([*filter(None, (group, "--help"))]) == 0
        rows = capsys.readouterr().out.partition("Commands:")[2].splitlines()
        assert [row for row in rows if row.endswith("...")] == []


def test_a_home_that_can_not_be_made_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path / "file" / "home"))
    for verb in (("new", "Dana"), ("start",), ("start", "--foreground")):
        code, said = failed(capsys, *verb)
        assert code == 7
        assert "SOTTOVOCE_HOME" in said


def test_a_missing_microphone_is_said_and_leaves_nothing(home: Path) -> None:
    env = {"SOTTOVOCE_HOME": str(home), "PULSE_SERVER": "unix:/nowhere"}
    done = terminal("start", "--microphone", "no such thing", env=env)
    assert done.returncode == 4
    assert "microphone" in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert list((home / "calls").iterdir()) == []


def test_a_reader_who_has_seen_enough_is_no_error(home: Path, transcript: Path) -> None:
    command = f"{sys.executable} -m assistant rehearse --json --transcript {transcript} | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env={**os.environ, "SOTTOVOCE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert json.loads(done.stdout)["is"] == "CallStarted"


def test_what_could_not_be_written_at_the_end_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("/calls/one")
    tell_done(folder, {})
    assert "/calls/one/summary.md" in capsys.readouterr().out
    with pytest.raises(DiskError, match=r"me\.flac could not be written: no room"):
        tell_done(folder, {"me.flac": "no room"})
    assert "/calls/one/summary.md" in capsys.readouterr().out
    with pytest.raises(
        DiskError, match=r"summary.md could not .* journal.jsonl could not"
    ) as error:
        tell_done(folder, {"summary.md": "no room", "journal.jsonl": "no room"})
    assert error.value.exit_code == 7
    assert "wrap" in error.value.hint
    assert capsys.readouterr().out == ""
