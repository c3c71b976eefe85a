"""What a verb says to the running call, and what it hears."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from assistant import control
from assistant.control import Answers, Follow, Request, Status
from assistant.door import Server
from assistant.errors import Refused
from assistant.events import Extended, NoteTaken

pytestmark = pytest.mark.edge


def echo(request: Request) -> Answers:
    """Answer with what was understood; refuse an extension."""
    if isinstance(request, Extended):
        raise Refused("Not now.", "Later.")
    yield msgspec.json.encode({"ok": True, "was": msgspec.to_builtins(request)})


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    server = Server(tmp_path / "run" / "control.sock", echo)
    server.open()
    yield server.path
    server.close()


def test_a_verb_arrives_as_the_fact_it_is(path: Path) -> None:
    (answer,) = control.ask(path, NoteTaken("ask about Ana"))
    assert answer["was"] == {"is": "NoteTaken", "text": "ask about Ana"}


def test_what_the_call_refuses_is_raised_at_the_client(path: Path) -> None:
    with pytest.raises(Refused, match="Not now") as refused:
        list(control.ask(path, Extended(60.0)))
    assert refused.value.hint == "Later."


def test_no_call_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No call is running"):
        list(control.ask(tmp_path / "control.sock", Status()))


def test_follow_yields_lines_until_the_end(tmp_path: Path) -> None:
    def answer(_: Request) -> Answers:
        yield from (b'{"seq":1}', b'{"seq":2}')

    server = Server(tmp_path / "control.sock", answer)
    server.open()
    assert list(control.follow(server.path, Follow())) == ['{"seq":1}', '{"seq":2}']
    server.close()
