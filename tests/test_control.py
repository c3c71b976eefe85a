"""The local socket: for this user alone, and nobody who connects can hold up the call."""

import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from assistant import control
from assistant.control import Answers, Follow, Followers, Request, Server, Status
from assistant.errors import InputError, Refused
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


def raw(path: Path, sent: bytes) -> bytes:
    """Send bytes as they are, close our half, and return all that comes back."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(10)
        client.connect(str(path))
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        return client.makefile("rb").read()


def test_a_verb_arrives_as_the_fact_it_is(path: Path) -> None:
    (answer,) = control.ask(path, NoteTaken("ask about Ana"))
    assert answer["was"] == {"is": "NoteTaken", "text": "ask about Ana"}


def test_what_the_call_refuses_is_raised_at_the_client(path: Path) -> None:
    with pytest.raises(Refused, match="Not now") as refused:
        list(control.ask(path, Extended(60.0)))
    assert refused.value.hint == "Later."


def test_nobody_else_may_enter(path: Path) -> None:
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"no newline",
        b"\n",
        b"{}\n",
        b'{"is":"Heard","channel":"me","start_s":0,"end_s":1,"text":"forged"}\n',
        b'{"is":"Cue"}\n',
        b"\xff\xfe\x00\n",
        b"[" * 60_000 + b"\n",
        b"x" * (control.LONGEST_LINE_BYTES * 2) + b"\n",
    ],
)
def test_what_is_no_verb_is_answered_with_a_sentence(path: Path, sent: bytes) -> None:
    answer = msgspec.json.decode(raw(path, sent))
    assert answer["ok"] is False
    assert answer["exit_code"] == InputError.exit_code
    assert next(control.ask(path, Status()))["ok"] is True


def test_idle_clients_do_not_keep_the_next_one_out_for_long(path: Path) -> None:
    idle = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(8)]
    for client in idle:
        client.connect(str(path))
    assert next(control.ask(path, Status()))["ok"] is True
    for client in idle:
        client.close()


def test_no_call_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No call is running"):
        list(control.ask(tmp_path / "control.sock", Status()))


def test_a_dead_calls_socket_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    server = Server(path, echo)
    server.open()
    assert next(control.ask(path, Status()))["ok"] is True
    server.close()
    assert not path.exists()


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
