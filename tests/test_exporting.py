"""`export` and `show --open`, as a user meets them."""

import csv
import email
import io
import json
import os
import subprocess
import sys
import zipfile
from email.policy import default
from pathlib import Path

import jsonschema
import pytest
from ical.calendar_stream import IcsCalendarStream

from assistant.cli import run
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import only_call
from assistant.notes.render.files import BY_FORMAT, IN_FOLDER

pytestmark = pytest.mark.edge

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "scripts" / "sample"
NAME = "2026-12-01-1500-dana-ruiz"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Live the sample interview again from its transcript, in a home of its own."""
    home = tmp_path_factory.mktemp("home")
    out = home / "calls" / NAME
    done = subprocess.run(
        [
            *(sys.executable, "-m", "assistant", "rehearse", "--out", str(out)),
            *("--plan", str(SAMPLE / "sheet.md"), "--transcript", str(SAMPLE / "interview.jsonl")),
        ],
        env={**os.environ, "SOTTOVOCE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(sample))
    monkeypatch.chdir(tmp_path)
    return sample


def failed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run([*arguments])
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return code, said


def poured(capfdbinary: pytest.CaptureFixture[bytes], name: str) -> bytes:
    assert run(["export", "dana", "--format", name, "--out", "-"]) == 0
    return capfdbinary.readouterr().out


def test_every_format_lands_beside_the_others_under_a_name_that_tells(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = [part for name in BY_FORMAT for part in ("--format", name)]
    assert run(["export", *wanted]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {f"{NAME}-{file}" for file in BY_FORMAT.values()}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert capsys.readouterr().err.count("Wrote ") == len(BY_FORMAT)


def test_what_was_exported_is_told_as_json(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "talk.txt"
    assert run(["export", "--format", "txt", "--out", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == [{"format": "txt", "path": str(out), "size_bytes": out.stat().st_size}]


def test_a_file_that_is_there_is_only_written_over_when_asked(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / f"{NAME}-transcript.md"
    mine.write_text("mine")
    code, said = failed(capsys, "export", "--format", "txt", "--format", "md")
    assert code == 6
    assert "--force" in said
    assert [path.name for path in tmp_path.iterdir()] == [mine.name]
    assert mine.read_text() == "mine"
    assert run(["export", "--format", "md", "--force"]) == 0
    assert mine.read_text().startswith("---\ntitle: ")
    assert [path.name for path in tmp_path.iterdir()] == [mine.name]


def test_a_link_that_leads_nowhere_counts_as_there(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.md").symlink_to(tmp_path / "elsewhere")
    assert failed(capsys, "export", "--format", "md", "--out", "out.md")[0] == 6
    assert not (tmp_path / "elsewhere").exists()


def test_to_stdout_goes_the_file_itself(
    home: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert poured(capfdbinary, "md").startswith(b"---\n")
    rows = list(csv.DictReader(io.StringIO(poured(capfdbinary, "csv").decode("utf-8-sig"))))
    assert rows[0]["speaker"] == "Me"
    assert zipfile.ZipFile(io.BytesIO(poured(capfdbinary, "odt"))).testzip() is None
    assert poured(capfdbinary, "srt") == (home / "calls" / NAME / "transcript.srt").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--format", "md", "--format", "txt", "--out", "-"], 2),
        (["--format", "md", "--out", "-", "--json"], 2),
        (["--format", "md", "--format", "txt", "--out", "one.txt"], 2),
        (["--format", "pdf"], 2),
        ([], 2),
        (["nobody", "--format", "md"], 6),
        (["--format", "md", "--out", "no/such/folder/x.md"], 6),
    ],
)
def test_what_can_not_be_is_one_sentence(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert failed(capsys, "export", *arguments)[0] == code
    assert list(tmp_path.iterdir()) == []


def test_a_call_that_runs_is_not_exported(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with only_call(home / "call.lock") as claim:
        claim(NAME)
        code, said = failed(capsys, "export", "--format", "md")
    assert code == 3
    assert "sottovoce stop" in said


def test_nobody_to_thank_means_no_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    transcript = tmp_path / "me.jsonl"
    transcript.write_text('{"channel":"me","start_s":0.5,"end_s":3.0,"text":"can you hear me"}\n')
    out = tmp_path / "calls" / "one"
    assert run(["rehearse", "--transcript", str(transcript), "--out", str(out)]) == 0
    assert not (out / "thank-you.eml").exists()
    code, said = failed(capsys, "export", "--format", "eml")
    assert code == 6
    assert "nobody was talked with" in said


# ---------------------------------------------------------------- the sample, in other hands


def test_the_sample_has_every_file_and_they_belong_together(home: Path) -> None:
    folder = home / "calls" / NAME
    assert {path.name for path in folder.iterdir()} >= set(IN_FOLDER)
    assert {(folder / name).stat().st_mode & 0o777 for name in IN_FOLDER} == {0o600}


def test_the_notes_of_the_sample_are_as_the_schema_says(home: Path) -> None:
    notes = json.loads((home / "calls" / NAME / "notes.json").read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs" / "notes.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(notes, schema)


def test_the_letter_of_the_sample_says_what_was_said(home: Path) -> None:
    raw = (home / "calls" / NAME / "thank-you.eml").read_bytes()
    letter = str(email.message_from_bytes(raw, policy=default).get_content())
    assert letter.startswith("Dear Dana,")
    assert "send you my notes by next Tuesday" in letter
    assert "Laura Chen" in letter
    assert "send me the list of groups by Friday" in letter


def test_the_calendar_of_the_sample_is_read_by_another_library(home: Path) -> None:
    text = (home / "calls" / NAME / "follow-ups.ics").read_text(encoding="utf-8")
    todos = IcsCalendarStream.calendar_from_ics(text).todos
    assert any("Thank Dana" in (todo.summary or "") for todo in todos)
    assert all(todo.uid and todo.dtstamp for todo in todos)


# ---------------------------------------------------------------- show --open


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program in the place of the system's opener; it writes down what it was to open."""
    told = tmp_path / "opened"
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("xdg-open", "open"):
        (programs / name).write_text(f'#!/bin/sh\nprintf "%s" "$*" > {told}\n')
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return told


def test_the_page_is_opened_and_its_place_told(home: Path, opener: Path) -> None:
    page = CallFolder(home / "calls" / NAME).page
    # The opener holds the pipes too: this is over when both are.
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "show", NAME, "--open"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(page)
    assert opener.read_text() == str(page)


def test_a_page_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    (tmp_path / "calls" / "one").mkdir(parents=True)
    (tmp_path / "calls" / "one" / "plan.json").write_text("{}")
    code, said = failed(capsys, "show", "--open")
    assert code == 6
    assert "sottovoce wrap" in said
    assert failed(capsys, "show", "--open", "--json")[0] == 2
