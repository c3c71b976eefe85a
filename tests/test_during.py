"""What `status` shows of a running call, as a user reads it."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from played import STARTED
from scene import PLAN

from assistant.cli import run
from assistant.control import Request
from assistant.door import Server
from assistant.events import AudioLost, Channel, Entry, Heard
from assistant.keeping.lock import only_call
from assistant.settings import places
from assistant.view import View

pytestmark = pytest.mark.edge


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
    view = View(PLAN)
    view.take(Entry(1, 0.0, STARTED))
    view.take(Entry(2, 9.0, AudioLost(Channel.ME, 1.0, 1.0 + lost_s, "unplugged")))
    view.take(Entry(3, 9.5, Heard(Channel.ME, 8.0, 9.0, "hello there")))

    def answer(_: Request) -> Iterator[bytes]:
        yield msgspec.json.encode(view.seen(10.0))

    server = Server(places(os.environ).socket, answer)
    with only_call(places(os.environ).lock) as claim:
        claim("call")
        server.open()
        assert run(["status"]) == 0
        server.close()
    rows = capsys.readouterr().out.splitlines()
    assert "  00:08 You: hello there" in rows
    told = [line for line in rows if "lost" in line]
    assert [line[: len(shown)] for line in told] == [shown] * bool(shown)
