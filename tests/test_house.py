"""What a verb prints is read by people: nothing that somebody said or named steers the terminal."""

import re
from pathlib import Path

import msgspec
import pytest

from assistant import cli
from assistant.cli.house import print_json, say, show_json, show_text, tell
from assistant.events import CallStarted, Entry, to_line
from assistant.keeping.journal import seal
from assistant.plan import Plan, to_json

pytestmark = pytest.mark.edge

HOSTILE = "Dana\x1b[2J\x1b]0;title\x07\x9b31m\r\x08\x00\u202egnp.exe\u2028\U000e0001"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def test_nothing_that_is_printed_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_text(f"{HOSTILE}\n\tnext line")
    tell(HOSTILE)
    show_text(say("new.written", path=Path(HOSTILE)))
    said = capsys.readouterr()
    assert not OBEYED.search(said.out + said.err)
    assert "\n\tnext line\n" in said.out
    assert "Dana" in said.err


def test_json_says_the_same_to_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": HOSTILE})
    show_json(msgspec.json.encode({"text": HOSTILE}).decode())
    out = capsys.readouterr().out
    assert not OBEYED.search(out)
    assert msgspec.json.decode(out.rpartition("\n{")[2].join(["{", ""]))["text"] == HOSTILE


def test_verbs_print_only_by_the_house() -> None:
    direct = re.compile(
        r"click\.s?echo\((?!\s*say\(|\))|(?<![\w.])print\(|sys\.std(out|err)\.write"
    )
    verbs = Path(cli.__file__).parent.glob("*.py")
    found = [v.name for v in verbs if v.name != "house.py" and direct.search(v.read_text())]
    assert found == []


HEARD_FOR_EVER = b"".join(
    seal(line) + b"\n"
    for line in (
        b'{"seq":1,"at_s":0,"is":"CallStarted","call_id":"x","wall":"x","version":"","engines":{}}',
        b'{"seq":2,"at_s":1,"is":"Heard","channel":"me","start_s":-1e308,"end_s":1e308,"text":"a"}',
        b'{"seq":3,"at_s":2,"is":"Forgotten","from_s":-1e308,"to_s":1e308}',
        b'{"seq":4,"at_s":3,"is":"AudioLost","channel":"me","start_s":0,"end_s":1e308,"why":""}',
        b'{"seq":5,"at_s":4,"is":"CallEnded","reason":"stopped"}',
    )
)


def given(home: Path, name: str = "given") -> Path:
    """Lay a folder that somebody made to do harm among the calls."""
    folder = home / "calls" / name
    folder.mkdir(parents=True)
    (folder / "plan.json").write_bytes(to_json(Plan(person=HOSTILE)))
    started = Entry(1, 0.0, CallStarted(HOSTILE, HOSTILE, HOSTILE, {HOSTILE: HOSTILE}))
    (folder / "journal.jsonl").write_bytes(seal(to_line(started)) + b"\n")
    # A file with a zero byte is no text, and refused.
    (folder / "summary.md").write_text(HOSTILE.replace("\0", ""))
    (folder / "notes.json").write_text(HOSTILE.replace("\0", ""))
    return folder


@pytest.mark.parametrize("verb", [["list"], ["list", "--json"], ["show"], ["show", "--json"]])
def test_a_folder_that_somebody_made_is_shown_and_does_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    verb: list[str],
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    given(tmp_path)
    assert cli.run(verb) == 0
    said = capsys.readouterr()
    assert not OBEYED.search(said.out + said.err)
    assert "Dana" in said.out


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.json", b"\xff\xfe"),
        ("plan.json", b'{"questions":' + b"[" * 200_000),
        ("plan.json", b'{"person":1e999}'),
        ("journal.jsonl", b"\xff\0" * 1000),
        ("journal.jsonl", seal(b'{"seq":1,"at_s":0,"x":' + b"[" * 100_000 + b"}") + b"\n"),
        ("journal.jsonl", seal(b'{"seq":1,"at_s":1e308,"is":"NoteTaken","text":""}') + b"\n"),
        ("journal.jsonl", seal(b'{"seq":1,"at_s":-1e308,"is":"NoteTaken","text":""}') + b"\n"),
        ("journal.jsonl", seal(b'{"seq":1,"at_s":1,"is":"Extended","by_s":1e308}') + b"\n"),
        ("journal.jsonl", HEARD_FOR_EVER),
        ("summary.md", b"\xff\xfe"),
        ("summary.md", b"x\0y"),
    ],
)
@pytest.mark.parametrize("verb", ["list", "show", "wrap"])
def test_a_folder_that_is_damaged_is_one_sentence_at_most(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: bytes,
    verb: str,
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    (given(tmp_path) / name).write_bytes(content)
    assert cli.run([verb]) in {0, 6, 7}
    said = capsys.readouterr()
    assert not OBEYED.search(said.out + said.err)
    assert len(said.err) < 2000
