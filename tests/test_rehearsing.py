"""The verb `rehearse` as a user meets it: murmurs told in words, a folder for one user only."""

import re
import stat
from pathlib import Path

import msgspec
import pytest

from assistant.cli import run

pytestmark = pytest.mark.edge

SHEET = """\
---
minutes: 20
consent: given
---
# Questions

- What does a typical day look like?
- What is the hardest part of the job?
"""
OPENING = [("me", 0.5, 3.0, "hello dana"), ("them", 3.4, 8.0, "of course i am happy to tell you")]
LISTED = re.compile(r"^  \d+:\d\d  .+\((.+); (.+)\)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path / "home"))


def transcript(folder: Path, *lines: tuple[str, float, float, str]) -> str:
    rows = [
        msgspec.json.encode({"channel": channel, "start_s": start_s, "end_s": end_s, "text": text})
        for channel, start_s, end_s, text in lines
    ]
    path = folder / "call.jsonl"
    path.write_bytes(b"\n".join(rows))
    return str(path)


def outcomes(folder: Path, capsys: pytest.CaptureFixture[str], path: str) -> list[str]:
    """Return how each murmur went, as the list at the end says it."""
    (folder / "sheet.md").write_text(SHEET)
    assert run(["rehearse", "--plan", str(folder / "sheet.md"), "--transcript", path]) == 0
    return [how for _, how in LISTED.findall(capsys.readouterr().out)]


@pytest.mark.parametrize(
    ("last_s", "outcome"),
    [
        (20.0, ["murmured"]),
        (12.6, ["cut off, for someone spoke"]),
        (11.0, []),
    ],
)
def test_each_murmur_is_listed_with_how_it_went(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], last_s: float, outcome: list[str]
) -> None:
    path = transcript(tmp_path, *OPENING, ("me", last_s, last_s + 1.0, "well"))
    assert outcomes(tmp_path, capsys, path) == outcome


def test_a_murmur_that_the_end_leaves_open_is_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = [("them", float(s), s + 10.0, "and so on") for s in range(1, 641, 10)]
    # The warning of half time has waited for a pause, and its tone has just begun.
    path = transcript(tmp_path, *talk, ("them", 641.0, 644.55, "and on"))
    assert outcomes(tmp_path, capsys, path) == ["not over when the recording ended"]


def test_what_they_want_kept_off_the_record_is_shown_as_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wish = "Please keep that off the record."
    path = transcript(tmp_path, *OPENING, ("them", 12.0, 14.0, wish))
    assert run(["rehearse", "--transcript", path]) == 0
    assert f"Them, off the record: {wish}" in capsys.readouterr().out


def test_a_folder_that_was_open_to_all_is_closed(tmp_path: Path) -> None:
    (tmp_path / "sheet.md").write_text(SHEET)
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o755)
    path = transcript(tmp_path, *OPENING)
    words = ["--plan", str(tmp_path / "sheet.md"), "--transcript", path, "--out", str(out)]
    assert run(["rehearse", *words]) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert (out / "summary.md").exists()
