"""Recordings imported with a real recogniser: the words, the folder, a death in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jiwer
import pytest
import soundfile
from encoded import encode, interview

from assistant.call import replay
from assistant.events import (
    AudioLost,
    CallEnded,
    Channel,
    Cue,
    Entry,
    Heard,
    Imported,
    TimeShort,
    Trouble,
)
from assistant.importing.staging import PREFIX
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder, all_folders

pytestmark = pytest.mark.model

SAMPLE = Path(__file__).parent.parent / "scripts" / "sample"
LENGTH_S = 50.0
POINTS = 0.08
"""So much may the words of a phone's codec differ from those of the original."""


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "assistant", "import", "--json", *map(str, arguments)]


def environ(home: Path) -> dict[str, str]:
    return {**os.environ, "SOTTOVOCE_HOME": str(home)}


def imported(home: Path, *arguments: object, code: int = 0) -> list[dict[str, Any]]:
    done = subprocess.run(
        command(*arguments),
        env=environ(home),
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def entries(result: dict[str, Any]) -> list[Entry]:
    return journal.read(Path(result["folder"]) / "journal.jsonl").entries


def words(found: list[Entry], channel: Channel) -> str:
    texts = [
        e.event.text for e in found if isinstance(e.event, Heard) and e.event.channel is channel
    ]
    return " ".join("".join(c for c in " ".join(texts).lower() if c.isalnum() or c == " ").split())


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, Any]]]:
    """Import one stretch of the sample as it is, as m4a, as 3gp of both voices, and as no sound."""
    place = tmp_path_factory.mktemp("phone")
    sound, rate_hz = interview(0, LENGTH_S)
    soundfile.write(place / "original.wav", sound, rate_hz)
    encode(place / "talk.m4a", sound, rate_hz, {"creation_time": "2026-11-20T14:03:00Z"})
    encode(place / "Call 20261121_090500.3gp", sound, rate_hz)
    (place / "none.m4a").write_text("none")
    results = imported(place / "home", "--plan", SAMPLE / "sheet.md", place, code=6)
    return place / "home", {Path(result["files"][0]).name: result for result in results}


def test_every_recording_is_told_and_one_that_is_none_stops_no_other(
    phone: tuple[Path, dict[str, dict[str, Any]]],
) -> None:
    home, results = phone
    assert {name: result["state"] for name, result in results.items()} == {
        "original.wav": "imported",
        "talk.m4a": "imported",
        "Call 20261121_090500.3gp": "imported",
        "none.m4a": "failed",
    }
    listed = {folder.name for folder in all_folders(home / "calls")}
    assert listed == {result["call"] for result in results.values()} - {""}
    assert not list((home / "calls").glob(f"{PREFIX}*"))


@pytest.mark.parametrize("name", ["original.wav", "talk.m4a", "Call 20261121_090500.3gp"])
def test_its_journal_is_of_a_call_where_nobody_was_there(
    phone: tuple[Path, dict[str, dict[str, Any]]], name: str
) -> None:
    result = phone[1][name]
    found = entries(result)
    folder = CallFolder(Path(result["folder"]))
    assert replay(folder.read_plan(), found) == found
    assert isinstance(found[1].event, Imported)
    assert found[1].event.files == (name,)
    assert found[-1].event == CallEnded("end of file")
    assert found[-1].at_s == pytest.approx(LENGTH_S, abs=0.1)
    assert not any(isinstance(e.event, Cue | TimeShort | AudioLost | Trouble) for e in found)
    assert folder.summary.exists()


def test_the_words_of_a_phones_recording_are_those_of_the_original(
    phone: tuple[Path, dict[str, dict[str, Any]]],
) -> None:
    _, results = phone
    original, m4a = entries(results["original.wav"]), entries(results["talk.m4a"])
    for channel in (Channel.ME, Channel.THEM):
        assert len(words(original, channel).split()) > 30
        assert jiwer.wer(words(original, channel), words(m4a, channel)) <= POINTS


def test_both_voices_in_one_are_unclear_with_whose_it_probably_is(
    phone: tuple[Path, dict[str, dict[str, Any]]],
) -> None:
    heard = [e.event for e in entries(phone[1]["Call 20261121_090500.3gp"])]
    lines = [event for event in heard if isinstance(event, Heard)]
    assert {line.channel for line in lines} == {Channel.UNCLEAR}
    assert {line.probably for line in lines if line.probably} == {Channel.ME, Channel.THEM}


def test_when_it_was_is_known_by_the_best_there_is(
    phone: tuple[Path, dict[str, dict[str, Any]]],
) -> None:
    def wall_from(name: str) -> str:
        return next(
            e.event.wall_from for e in entries(phone[1][name]) if isinstance(e.event, Imported)
        )

    assert wall_from("talk.m4a") == "file"
    assert wall_from("Call 20261121_090500.3gp") == "name"
    assert phone[1]["Call 20261121_090500.3gp"]["call"].startswith("2026-11-21-0905-")


def test_again_nothing_is_imported_twice(phone: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    home, results = phone
    before = {folder.name for folder in all_folders(home / "calls")}
    again = imported(home, home.parent / "talk.m4a", home.parent / "original.wav")
    assert [result["state"] for result in again] == ["skipped", "skipped"]
    assert {result["call"] for result in again} <= {result["call"] for result in results.values()}
    assert {folder.name for folder in all_folders(home / "calls")} == before


def heard_lines(home: Path) -> int:
    staged = list((home / "calls").glob(f"{PREFIX}*/journal.jsonl"))
    return sum(path.read_bytes().count(b'"is":"Heard"') for path in staged)


def test_killed_in_the_middle_it_goes_on_where_it_was(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, 60)
    path, home = encode(tmp_path / "a b.mp3", sound, rate_hz), tmp_path / "home"
    process = subprocess.Popen(
        command(path), env=environ(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline_s = time.monotonic() + 300
    while heard_lines(home) < 4 and process.poll() is None and time.monotonic() < deadline_s:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = heard_lines(home)
    assert before >= 4
    assert all_folders(home / "calls") == []
    # The kernel ends its children with it: nobody writes on, and nobody holds the folder.
    (result,) = imported(home, path)
    assert result["state"] == "imported"
    assert [folder.name for folder in all_folders(home / "calls")] == [result["call"]]
    assert not list((home / "calls").glob(f"{PREFIX}*"))
    found = entries(result)
    lines = [e.event for e in found if isinstance(e.event, Heard)]
    spans = sorted((line.channel, line.start_s, line.end_s) for line in lines)
    assert len(set(spans)) == len(spans)
    folder = CallFolder(Path(result["folder"]))
    assert replay(folder.read_plan(), found) == found
    (whole,) = imported(tmp_path / "other", path)
    for channel in (Channel.ME, Channel.THEM):
        assert jiwer.wer(words(entries(whole), channel), words(found, channel)) <= POINTS
