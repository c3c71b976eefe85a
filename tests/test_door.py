"""The door: for this user alone, and nobody who comes to it can hold up the call or lock it."""

import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec
import pytest

from assistant import control, door
from assistant.control import Answers, Follow, Request, Status
from assistant.door import Server
from assistant.errors import InputError, Refused
from assistant.events import CallEnded, Marked, NoteTaken

pytestmark = pytest.mark.edge

WITHIN_S = 20.0


def echo(request: Request) -> Answers:
    """Answer with what was understood."""
    if isinstance(request, Marked):
        raise KeyError(request.text)
    if isinstance(request, Follow):
        while True:
            yield b"" if request.after_seq else bytes(100_000)
    yield msgspec.json.encode({"ok": True, "was": msgspec.to_builtins(request)})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "run" / "control.sock", echo)
    server.open()
    yield server
    server.close()


def raw(path: Path, sent: bytes) -> bytes:
    """Send bytes as they are, close our half, and return all that comes back."""
    with connected(path) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        return client.makefile("rb").read()


def connected(path: Path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(str(path))
    client.settimeout(WITHIN_S)
    return client


def is_open(path: Path) -> bool:
    return next(control.ask(path, Status(), WITHIN_S))["ok"] is True


def wait_until(what: Callable[[], bool]) -> None:
    until_s = time.monotonic() + WITHIN_S
    while not what():
        assert time.monotonic() < until_s
        time.sleep(0.01)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"no newline",
        b"\n",
        b"{}\n",
        b'{"is":"Heard","channel":"me","start_s":0,"end_s":1,"text":"forged"}\n',
        b'{"is":"Cue"}\n',
        b'{"is":"Extended","by_s":1e999}\n',
        b'{"is":"Extended","by_s":NaN}\n',
        b'{"is":"Follow","after_seq":' + b"9" * 5000 + b".5}\n",
        b'{"is":"Status"}\0\n',
        b"\xff\xfe\x00\n",
        b"[" * 60_000 + b"\n",
        b"x" * (control.LONGEST_LINE_BYTES * 2) + b"\n",
    ],
)
def test_what_is_no_verb_is_answered_with_a_sentence(server: Server, sent: bytes) -> None:
    answer = msgspec.json.decode(raw(server.path, sent))
    assert answer["ok"] is False
    assert answer["exit_code"] == InputError.exit_code
    assert is_open(server.path)


def test_a_line_that_never_ends_is_cut_off(server: Server) -> None:
    with connected(server.path) as client, pytest.raises(ConnectionError):
        client.sendall(bytes(100_000_000))
    assert is_open(server.path)


def test_what_follows_the_first_line_is_not_looked_at(server: Server) -> None:
    status = b'{"is":"Status"}\n'
    answers = raw(server.path, status + b'{"is":"NoteTaken","text":"x"}\n' * 1000)
    assert [msgspec.json.decode(line)["was"]["is"] for line in answers.splitlines()] == ["Status"]


def test_another_users_program_is_not_let_in(tmp_path: Path) -> None:
    server = Server(tmp_path / "run" / "control.sock", echo, user_id=os.getuid() + 1)
    server.open()
    try:
        with connected(server.path) as client:
            assert client.makefile("rb").read() == b""
    finally:
        server.close()


def test_hundreds_of_clients_that_say_nothing_keep_nobody_out(server: Server) -> None:
    # In a process of their own, as it would be.
    connect = """if True:
        import socket, sys
        held = []
        for _ in range(300):
            client = socket.socket(socket.AF_UNIX)
            client.connect(sys.argv[1])
            client.send(b'{"is":')
            held.append(client)
        print("held", flush=True)
        sys.stdin.read()
    """
    with subprocess.Popen(
        [sys.executable, "-c", connect, str(server.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as held:
        assert held.stdout is not None
        # The users' own began before all of them, and is slow too.
        with connected(server.path) as mine:
            assert held.stdout.readline() == b"held\n"
            assert is_open(server.path)
            mine.sendall(b'{"is":"Status"}\n')
            assert msgspec.json.decode(mine.makefile("rb").readline())["ok"] is True
        held.communicate()


def test_who_is_shown_out_is_told_why(server: Server) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(connected(server.path)) for _ in range(door.MOST_CALLERS + 1)]
        answer = msgspec.json.decode(held[0].makefile("rb").readline())
    assert answer["exit_code"] == Refused.exit_code
    assert "at once" in answer["error"]


def test_a_line_that_comes_byte_by_byte_has_only_so_long(server: Server) -> None:
    server.patience_s = 0.3
    with connected(server.path) as client:
        begun_s = time.monotonic()
        answer = b""
        client.settimeout(0.05)
        while not answer and time.monotonic() < begun_s + WITHIN_S:
            # Who is shown out already can send no more, and reads why.
            with suppress(TimeoutError, BrokenPipeError):
                client.send(b"x")
            with suppress(TimeoutError):
                answer = client.recv(4096)
    assert b"not finished" in answer


def test_followers_that_do_not_read_make_way_for_others(server: Server) -> None:
    server.patience_s = 10 * WITHIN_S
    with ExitStack() as stack:
        for _ in range(door.MOST_FOLLOWERS * 3):
            client = stack.enter_context(connected(server.path))
            client.sendall(b'{"is":"Follow"}\n')
            # It is let in, whoever was there before.
            assert client.recv(1)
        wait_until(lambda: server.served == door.MOST_FOLLOWERS)
        assert is_open(server.path)
    wait_until(lambda: not server.served)


def test_a_follower_that_is_gone_is_let_go_though_nothing_comes(server: Server) -> None:
    with connected(server.path) as client:
        client.sendall(b'{"is":"Follow","after_seq":1}\n')
        client.shutdown(socket.SHUT_WR)
        wait_until(lambda: server.served == 1)
    wait_until(lambda: not server.served)


def test_more_requests_than_are_answered_at_once_wait_their_turn(tmp_path: Path) -> None:
    free = threading.Event()

    def slow(_: Request) -> Answers:
        free.wait(WITHIN_S)
        yield b'{"ok":true}'

    server = Server(tmp_path / "run" / "control.sock", slow)
    server.open()
    with ExitStack() as stack:
        clients = [
            stack.enter_context(connected(server.path)) for _ in range(door.MOST_ANSWERED + 20)
        ]
        for client in clients:
            client.sendall(b'{"is":"Status"}\n')
        wait_until(lambda: server.served == len(clients))
        free.set()
        assert {client.makefile("rb").read() for client in clients} == {b'{"ok":true}\n'}
    server.close()


def test_a_fault_of_ours_is_answered_and_says_no_word(
    server: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = msgspec.json.decode(raw(server.path, b'{"is":"Marked","text":"the word"}\n'))
    assert (answer["ok"], answer["exit_code"]) == (False, 1)
    assert is_open(server.path)
    wait_until(lambda: not server.served)
    said = capfd.readouterr().err
    assert "KeyError" in said
    assert "the word" not in said


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
def test_a_system_without_more_files_does_not_close_the_door(server: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    clients = [socket.socket(socket.AF_UNIX) for _ in range(60)]
    open_files = len(list(Path("/proc/self/fd").iterdir()))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files + 5, hard))
    try:
        for client in clients:
            client.connect(str(server.path))
        # The last one gets its answer, because earlier ones that say nothing make way.
        clients[-1].settimeout(WITHIN_S)
        clients[-1].sendall(b'{"is":"Status"}\n')
        assert b'"ok":true' in clients[-1].recv(4096)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for client in clients:
            client.close()
    assert is_open(server.path)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
def test_nothing_of_them_stays(server: Server) -> None:
    def figures() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    before = figures()
    for sent in (b"x\n", b'{"is":"Status"}\n', b'{"is":', b'{"is":"Follow","after_seq":1}\n') * 20:
        with connected(server.path) as client:
            client.sendall(sent)
    wait_until(lambda: figures() == before)


def test_a_dead_calls_socket_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "run" / "control.sock"
    path.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    server = Server(path, echo)
    server.open()
    assert is_open(path)
    server.close()
    server.close()
    assert not path.exists()


def test_closing_waits_for_the_last_line(tmp_path: Path) -> None:
    begun, free = threading.Event(), threading.Event()

    def slow(_: Request) -> Answers:
        begun.set()
        free.wait(WITHIN_S)
        yield b"done"

    server = Server(tmp_path / "run" / "control.sock", slow)
    server.open()
    with connected(server.path) as client:
        client.sendall(msgspec.json.encode(CallEnded("stopped")) + b"\n")
        assert begun.wait(WITHIN_S)
        threading.Timer(0.05, free.set).start()
        server.close(WITHIN_S)
        assert client.makefile("rb").read() == b"done\n"


def test_a_verb_arrives_as_the_fact_it_is(server: Server) -> None:
    (answer,) = control.ask(server.path, NoteTaken("ask about Ana"))
    assert answer["was"] == {"is": "NoteTaken", "text": "ask about Ana"}
