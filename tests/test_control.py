"""What a verb says to the running call, and what it hears."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from assistant import control
from assistant.control import Answers, Follow, Followers, Request, Status
from assistant.door import Server
from assistant.errors import Refused
from assistant.events import Entry, Extended, Marked, NoteTaken

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


def test_a_follower_sees_what_comes_and_one_that_sleeps_is_let_go() -> None:
    followers = Followers()
    asleep, awake = followers.join(), followers.join()
    heard = range(1, 3 * control.MOST_BEHIND + 1)
    read: list[int] = []
    for seq in heard:
        followers.tell(Entry(seq, 0.0, Marked()))
        if (entry := awake.get(timeout=5)) is not None:
            read.append(entry.seq)
    followers.tell(None)
    assert read == list(heard)
    assert awake.get(timeout=5) is None
    # Whoever wakes up later reads on without a gap, and is then told that it is over.
    late = [asleep.get(timeout=5) for _ in range(control.MOST_BEHIND)]
    assert [entry.seq for entry in late if entry] == list(heard[: control.MOST_BEHIND])
    assert asleep.get(timeout=5) is None
    assert asleep.empty()


def test_follow_yields_lines_until_the_end(tmp_path: Path) -> None:
    def answer(_: Request) -> Answers:
        yield from (b'{"seq":1}', b'{"seq":2}')

    server = Server(tmp_path / "control.sock", answer)
    server.open()
    assert list(control.follow(server.path, Follow())) == ['{"seq":1}', '{"seq":2}']
    server.close()
