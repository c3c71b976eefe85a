"""What `status` shows of a running call, as a user reads it."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from played import STARTED
from scene import PLAN

from assistant.cli import run
from assistant.control import Request
from assistant.door import Server
from assistant.events import AudioLost, CallEnded, Channel, Entry, Fact, Heard
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.keeping.lock import only_call
from assistant.settings import places
from assistant.spine import OVER
from assistant.view import View

pytestmark = pytest.mark.edge


def status_of(
    at_s: float, *entries: Entry, capsys: pytest.CaptureFixture[str], minutes: float = 20.0
) -> list[str]:
    """Return what `status` prints at `at_s` of a call in which this came to pass."""
    view = View(replace(PLAN, minutes=minutes))
    for entry in (Entry(1, 0.0, STARTED), *entries):
        view.take(entry)

    def answer(_: Request) -> Iterator[bytes]:
        yield msgspec.json.encode(view.seen(at_s))

    server = Server(places(os.environ).socket, answer)
    with only_call(places(os.environ).lock) as claim:
        claim("call")
        server.open()
        assert run(["status"]) == 0
        server.close()
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("at_s", "head", "left"),
    [
        (23.4, "00:23 of 02:30", "02:07 left"),
        (23.0, "00:23 of 02:30", "02:07 left"),
        (149.6, "02:29 of 02:30", "00:01 left"),
        (161.9, "02:41 of 02:30", "00:11 over"),
    ],
)
def test_what_was_and_what_is_left_add_up_as_they_are_shown(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    at_s: float,
    head: str,
    left: str,
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    first, second, *_ = status_of(at_s, capsys=capsys, minutes=2.5)
    assert head in first
    assert second == left


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((), "A call is just starting."),
        ((STARTED, CallEnded("stopped")), "The call is just ending."),
        (None, "The call is just ending."),
    ],
    ids=["starting", "ended", "cancelled"],
)
@pytest.mark.parametrize("verb", ["note", "mark", "stop"])
def test_a_call_that_can_not_be_spoken_to_says_which_end_it_is_at(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    events: tuple[Fact, ...] | None,
    said: str,
    verb: str,
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    if events is not None:
        (tmp_path / "calls" / "dana").mkdir(parents=True)
        written = Journal.open(CallFolder(tmp_path / "calls" / "dana").journal)
        written.append([Entry(seq, float(seq), event) for seq, event in enumerate(events, 1)])
        written.close()
    with only_call(places(os.environ).lock) as claim:
        claim("dana")
        assert run([verb, *(("words",) if verb == "note" else ())]) == 3
    told = capsys.readouterr().err
    assert said in told
    assert ("The note was not kept." in told) == (verb == "note")


def test_a_note_that_comes_while_the_summary_is_written_is_told_to_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))

    def answer(_: Request) -> Iterator[bytes]:
        raise OVER

    server = Server(places(os.environ).socket, answer)
    with only_call(places(os.environ).lock) as claim:
        claim("call")
        server.open()
        assert run(["note", "one more thing"]) == 3
        server.close()
    assert "The call is over. The note was not kept." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lost_s", "shown"), [(0.0, ""), (0.049, ""), (0.12, "0.1 s of sound"), (2.0, "2.0 s of sound")]
)
def test_lost_sound_is_shown_only_where_it_is_more_than_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lost_s: float,
    shown: str,
) -> None:
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    lost = AudioLost(Channel.ME, 1.0, 1.0 + lost_s, "unplugged")
    heard = Heard(Channel.ME, 8.0, 9.0, "hello there")
    rows = status_of(10.0, Entry(2, 9.0, lost), Entry(3, 9.5, heard), capsys=capsys)
    assert "  00:08 You: hello there" in rows
    told = [line for line in rows if "lost" in line]
    assert [line[: len(shown)] for line in told] == [shown] * bool(shown)
