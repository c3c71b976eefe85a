"""The verb `import` as a user meets it, as far as nothing has to be heard."""

import json
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import soundfile
from encoded import encode, interview
from msgspec.structs import replace
from told_recording import hearing, job, recording

from assistant.cli import run
from assistant.importing.recordings import sum_of
from assistant.importing.work import import_one

pytestmark = pytest.mark.edge


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def said(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> tuple[str, str]:
    assert run(["import", *map(str, arguments)]) == code
    out = capsys.readouterr()
    assert "Traceback" not in out.err
    return out.out, out.err


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def had(home: Path, path: Path) -> None:
    """Have a recording imported before."""
    given = job(home, (path,))
    sha256 = sum_of((path,))
    imported = replace(given.imported, files=(path.name,), sha256=sha256)
    assert import_one(replace(given, imported=imported), hearing()).state == "imported"


def test_what_was_imported_before_is_left_out_under_any_name(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    had(home, recording(tmp_path / "call.wav"))
    shutil.copy(tmp_path / "call.wav", tmp_path / "a copy 🎤 of it.wav")
    out, _ = said(capsys, tmp_path / "call.wav", tmp_path / "a copy 🎤 of it.wav", "--json")
    assert [(line["state"], line["call"]) for line in lines(out)] == [
        ("skipped", "2026-12-01-1500-dana")
    ] * 2
    out, err = said(capsys, tmp_path / "call.wav")
    assert "call.wav: imported before as 2026-12-01-1500-dana" in out
    assert "Importing" not in err


def test_a_transcript_needs_no_engine_and_what_is_there_is_not_changed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talk.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nMe: hello Dana\n")
    _, err = said(capsys, tmp_path / "talk.srt")
    assert "hears this call" not in err
    [began] = re.findall(r"it began on (\S+) at (\S+)\. Is that wrong\?", err)
    assert datetime.fromisoformat("T".join(began))
    _, err = said(capsys, tmp_path / "talk.srt")
    assert "purge" not in err
    out, err = said(capsys, tmp_path / "talk.srt", "--when", "2026-11-20 10:00")
    assert "left as it is" in out
    assert "`sottovoce purge` the call first" in err


def test_a_sheet_for_a_call_to_come_does_not_date_a_recording(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talk.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nMe: hello Dana\n")
    planned = datetime.now().astimezone() + timedelta(hours=11)
    (tmp_path / "dana.md").write_text(
        f"---\nwith: Dana\nstarts: {planned:%Y-%m-%d %H:%M}\n---\n## Questions\n- Why?\n"
    )
    _, err = said(capsys, tmp_path / "talk.srt", "--plan", tmp_path / "dana.md")
    assert f"{planned:%Y-%m-%d} at {planned:%H:%M}, which is still to come" in err
    [began] = re.findall(r"it began on (\S+) at (\S+)\. Is that wrong\?", err)
    changed = datetime.fromtimestamp((tmp_path / "talk.srt").stat().st_mtime).astimezone()
    assert datetime.fromisoformat("T".join(began)).astimezone() <= changed
    [call] = (home / "calls").iterdir()
    assert call.name <= f"{changed:%Y-%m-%d-%H%M}-dana"
    assert "when the file was last changed" in (call / "summary.md").read_text()


def test_its_length_is_told_alike_wherever_it_stands(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talk.srt").write_text("1\n00:04:40,000 --> 00:04:48,400\nMe: hello Dana\n")
    out, _ = said(capsys, tmp_path / "talk.srt")
    [call] = (home / "calls").iterdir()
    told = (out, *((call / name).read_text() for name in ("summary.md", "summary.html")))
    assert ["4 min 49 s" in text for text in told] == [True] * 3
    assert not any("4 min 48 s" in text for text in told)


def test_each_failure_is_a_sentence_and_the_worst_is_the_exit_code(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    had(home, recording(tmp_path / "good.wav"))
    (tmp_path / "empty.m4a").touch()
    (tmp_path / "notes.mp3").write_text("these are notes")
    named = [tmp_path / name for name in ("good.wav", "empty.m4a", "notes.mp3", "nowhere.wav")]
    out, _ = said(capsys, *named, "--json", code=6)
    found = {Path(line["files"][0]).name: (line["state"], line["exit_code"]) for line in lines(out)}
    assert found == {
        "good.wav": ("skipped", 0),
        "empty.m4a": ("failed", 6),
        "notes.mp3": ("failed", 6),
        "nowhere.wav": ("failed", 6),
    }
    out, err = said(capsys, *named, code=6)
    assert "empty.m4a: not imported." in err
    assert "is empty" in err
    assert "There is no file" in err
    # The libraries' own remarks are not for the user.
    assert "Illegal" not in err
    assert "Imported: 0, there already: 1, failed: 3." in err


def test_a_folder_stands_for_the_recordings_in_it(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = tmp_path / "My recordings"
    (inside / "older").mkdir(parents=True)
    had(home, recording(inside / "b.wav"))
    shutil.copy(inside / "b.wav", inside / "older" / "a.WAV")
    (inside / "notes.txt").write_text("no recording, and not named")
    (inside / ".hidden.wav").write_bytes(b"x")
    out, _ = said(capsys, inside, "--json")
    assert [Path(line["files"][0]).name for line in lines(out)] == ["b.wav", "a.WAV"]
    (tmp_path / "none").mkdir()
    _, err = said(capsys, tmp_path / "none", code=6)
    assert "There is no recording in" in err
    # The sound of one's own calls is no recording to import.
    _, err = said(capsys, tmp_path / "home" / "sheets", code=6)
    assert "There is no file" in err


def test_the_programs_own_home_is_left_out_of_a_folder(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    had(home, recording(tmp_path / "call.wav"))
    assert list(home.rglob("*.flac"))
    out, _ = said(capsys, tmp_path, "--json")
    assert [Path(line["files"][0]).name for line in lines(out)] == ["call.wav"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "Name a recording"),
        (("--me", "a.wav"), "--me and --them belong together"),
        (("x.wav", "--me", "a.wav", "--them", "b.wav"), "are one call"),
        (("x.wav", "--plan", "dana", "--who", "Dana"), "--plan brings its own"),
        (("x.wav", "--sides", "left"), "--sides"),
        (("x.wav", "--engine", "moonshine", "--model", "big"), "--model names a Vosk model"),
    ],
)
def test_what_makes_no_sense_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    assert why in said(capsys, *arguments, code=2)[1]


def test_a_time_is_of_one_recording(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound, rate_hz = interview(0, 1)
    for name in ("a.wav", "b.wav"):
        soundfile.write(tmp_path / name, sound * (0.5 if name == "a.wav" else 1.0), rate_hz)
    named = tmp_path / "a.wav", tmp_path / "b.wav"
    _, err = said(capsys, *named, "--when", "2026-12-01 15:00", code=2)
    assert "--when is when one recording began" in err


def test_without_a_scheduler_that_answers_nothing_is_sent(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound, rate_hz = interview(0, 1)
    encode(tmp_path / "a.m4a", sound, rate_hz)
    _, err = said(capsys, tmp_path / "a.m4a", "--scheduler", "nonsense://", code=3)
    assert "No Dask scheduler answers at nonsense://" in err


def test_too_little_room_is_said_before_anything_begins(tmp_path: Path) -> None:
    from assistant.errors import DiskError
    from assistant.importing.orders import check_room
    from assistant.importing.recordings import look_at
    from assistant.keeping.room import Space

    one = look_at((recording(tmp_path / "call.wav"),))
    plenty = Space(10**12, 10**11, "/home")
    check_room([one] * 5, 2, plenty)
    # Five minutes of two channels, two raw at once: 5 * 60 s * 64 kB * 0.7 + 2 * 60 s * 64 kB ...
    check_room([one] * 5, 2, Space(10**12, 50_000_000, "/home"))
    with pytest.raises(DiskError, match=r"needs about 47 MB in /home; 40 MB are free"):
        check_room([one] * 5, 2, Space(10**12, 40_000_000, "/home"))
