"""Transcripts that other programs wrote: who said what when, and a call made of it."""

import json
from pathlib import Path

import msgspec
import pytest
from scene import PLAN

from assistant.call import replay
from assistant.cli import run
from assistant.errors import InputError
from assistant.events import CallEnded, Channel, Heard, Imported
from assistant.hearing.transcript import Line
from assistant.importing.recordings import look_at
from assistant.importing.transcripts import lines_of
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder

pytestmark = pytest.mark.edge

ME, THEM, UNCLEAR = Channel.ME, Channel.THEM, Channel.UNCLEAR
DANA = msgspec.structs.replace(PLAN, person="Dana Ruiz")

SRT = """\
1
00:00:01,000 --> 00:00:02,500
Sam: What does a typical day
look like for you?

2
00:00:03,000 --> 00:00:05,000
Dana: We start at nine with a short

3
00:00:05,200 --> 00:00:09,000
Dana: meeting, and then: queries until noon.

4
01:00:10,000 --> 01:00:12,000
Sam: <i>Thank you.</i>
"""
VTT = """\
WEBVTT
Kind: captions

NOTE made by hand

intro
00:01.000 --> 00:02.500 align:start
<v Dana Ruiz>Hello, this is <b>Dana</b>.</v>

00:03.000 --> 00:04.000
<v.loud You>Hi Dana.

00:05.000 --> 00:06.000
Somebody coughs: twice.
"""


def read(tmp_path: Path, name: str, text: str) -> list[Line]:
    (tmp_path / name).write_text(text)
    return lines_of(tmp_path / name, DANA)


def test_subtitles_with_names_are_lines_of_both_sides(tmp_path: Path) -> None:
    assert read(tmp_path, "talk.srt", SRT) == [
        Line(ME, 1.0, 2.5, "What does a typical day look like for you?"),
        Line(
            THEM, 3.0, 9.0, "We start at nine with a short meeting, and then: queries until noon."
        ),
        Line(ME, 3610.0, 3612.0, "Thank you."),
    ]


def test_voices_of_web_subtitles_are_told_and_who_is_not_named_is_unclear(tmp_path: Path) -> None:
    assert read(tmp_path, "talk.vtt", VTT) == [
        Line(THEM, 1.0, 2.5, "Hello, this is Dana."),
        Line(ME, 3.0, 4.0, "Hi Dana."),
        Line(UNCLEAR, 5.0, 6.0, "Somebody coughs: twice."),
    ]


def test_without_a_name_that_is_known_nobody_is_given_anothers_words(tmp_path: Path) -> None:
    lines = read(tmp_path, "talk.srt", SRT.replace("Dana:", "Kim:"))
    assert {line.channel for line in lines} == {UNCLEAR}
    assert lines[1].text.startswith("We start at nine")


def test_our_own_lines_are_read_as_they_are(tmp_path: Path) -> None:
    row = {"channel": "them", "start_s": 1.0, "end_s": 2.0, "text": "So: hello"}
    assert read(tmp_path, "a.jsonl", json.dumps(row)) == [Line(THEM, 1.0, 2.0, "So: hello")]


def test_lines_that_name_who_speaks_are_told_apart_as_subtitles_are(tmp_path: Path) -> None:
    row = {"start_s": 1.0, "end_s": 2.0, "text": "hello"}
    rows = [{**row, "speaker": who} for who in ("me", "Dana Ruiz", "Kim")]
    lines = read(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows)))
    assert [line.channel for line in lines] == [ME, THEM, UNCLEAR]
    with pytest.raises(InputError, match="nobody is said to speak"):
        read(tmp_path, "a.jsonl", json.dumps(row))


def test_a_text_without_times_is_told_from_a_damaged_recording(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("Me: hello\nDana: hello\n")
    with pytest.raises(InputError, match="text without times") as told:
        look_at([path])
    assert "srt, vtt" in told.value.hint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", ""),
        ("a.srt", "only words, and no time"),
        ("a.vtt", "WEBVTT\n\n00:05.000 --> 00:03.000\nbackwards\n"),
        ("a.srt", "1\n99:00:00,000 --> 99:00:01,000\nfor ever\n"),
        ("a.jsonl", "[]"),
    ],
)
def test_what_holds_no_line_is_told(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(InputError):
        read(tmp_path, name, text)


def test_it_becomes_a_call_without_sound_and_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path / "home"))
    (tmp_path / "2026-11-20 14.03 talk.srt").write_text(SRT)
    command = [
        "import",
        str(tmp_path / "2026-11-20 14.03 talk.srt"),
        "--who",
        "Dana Ruiz",
        "--json",
    ]
    assert run(command) == 0
    (line,) = capsys.readouterr().out.splitlines()
    result = json.loads(line)
    assert (result["state"], result["lines"]) == ("imported", 3)
    assert result["call"] == "2026-11-20-1403-dana-ruiz"
    folder = CallFolder(Path(result["folder"]))
    assert not list(folder.path.glob("*.flac"))
    entries = journal.read(folder.journal).entries
    assert replay(folder.read_plan(), entries) == entries
    assert isinstance(entries[1].event, Imported)
    assert entries[-1].event == CallEnded("end of file")
    heard = [entry.event for entry in entries if isinstance(entry.event, Heard)]
    assert [event.channel for event in heard] == [ME, THEM, ME]
    assert "What does a typical day look like for you?" in folder.summary.read_text()
    assert run(command) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "skipped"
