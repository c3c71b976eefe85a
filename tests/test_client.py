"""One question to a server that misbehaves in every way: an error in words, and in time."""

import contextlib
import gzip
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from http.server import BaseHTTPRequestHandler

import pytest
from model_server import Asked, ModelServer, body, free_port, give, text

from assistant.errors import ModelError, Refused, SottovoceError
from assistant.polishing.client import MOST_BYTES, BadAnswer, Client, NoAnswer, Unwanted
from assistant.polishing.endpoint import endpoint

pytestmark = pytest.mark.edge

WITHIN_S = 0.6
"""For a server that is silent on purpose."""
AMPLE_S = 20.0
AT_MOST_S = 5.0
"""A deadline of WITHIN_S is over by then, on the busiest machine."""


def client(server: ModelServer, **otherwise: object) -> Client:
    known = Client(endpoint(server.url), may_leave=False)
    for name, value in otherwise.items():
        setattr(known, name, value)
    return known


def ask(server: ModelServer, within_s: float = AMPLE_S) -> bytes:
    return client(server).ask("POST", "/chat/completions", b"{}", within_s).body


@contextlib.contextmanager
def soon() -> Generator[None]:
    """Fail where it takes much longer than the deadline."""
    begun_s = time.monotonic()
    yield
    assert time.monotonic() - begun_s < AT_MOST_S


def test_an_answer_comes_whole() -> None:
    with ModelServer(body(b"x" * 200_000)) as server:
        assert ask(server) == b"x" * 200_000
        assert server.asked[0].path == "/v1/chat/completions"


def test_an_answer_without_a_length_comes_whole() -> None:
    def answer(_: Asked, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(b"all of it")
        handler.close_connection = True

    with ModelServer(answer) as server:
        assert ask(server) == b"all of it"


def test_nobody_listens() -> None:
    known = Client(endpoint(f"http://localhost:{free_port()}/v1"), may_leave=False)
    with pytest.raises(NoAnswer, match="No language model answers at localhost:"):
        known.ask("GET", "/models", b"", AMPLE_S)


def test_somebody_listens_and_never_takes_the_call() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        known = Client(endpoint(f"http://127.0.0.1:{deaf.getsockname()[1]}/v1"), may_leave=False)
        with soon(), pytest.raises(NoAnswer, match=r"no whole answer within 0\.6 s"):
            known.ask("POST", "/chat/completions", b"{}", WITHIN_S)


def dripping(server: ModelServer, first: bytes, drop: bytes) -> Callable[..., None]:
    """Answer with a drop every 50 ms: no single wait is ever long."""

    def answer(_: Asked, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(first)
        with contextlib.suppress(OSError):
            while not server.is_over.wait(0.05):
                handler.wfile.write(drop)

    return answer


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"{"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"{"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status", "header", "length", "chunks", "no length", "continues"],
)
def test_an_answer_that_drips_is_over_by_the_deadline(first: bytes, drop: bytes) -> None:
    server = ModelServer(text(""))
    server.answer = dripping(server, first, drop)
    with server, soon(), pytest.raises(NoAnswer, match="no whole answer within"):
        ask(server, WITHIN_S)


def test_nobody_wants_the_answer_any_more() -> None:
    server = ModelServer(text(""))
    server.answer = dripping(server, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"{")
    called = threading.Event()
    with server:
        known = client(server, is_wanted=lambda: not called.is_set())
        threading.Timer(0.3, called.set).start()
        with soon(), pytest.raises(Unwanted, match="A call has begun"):
            known.ask("POST", "/chat/completions", b"{}", AMPLE_S)


@pytest.mark.parametrize(
    "begin",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"],
    ids=["at once", "in the body"],
)
def test_the_server_hangs_up_too_soon(begin: bytes) -> None:
    def answer(_: Asked, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(begin)
        handler.close_connection = True

    with ModelServer(answer) as server, pytest.raises(BadAnswer, match="hung up"):
        ask(server)


def test_it_is_no_server_of_that_kind() -> None:
    def answer(_: Asked, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"220 mail.example ESMTP\r\n")
        handler.close_connection = True

    with ModelServer(answer) as server, pytest.raises(BadAnswer, match="does not speak HTTP"):
        ask(server)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with ModelServer(text("")) as elsewhere:
        there = elsewhere.url
        with (
            ModelServer(body(b"", status, Location=f"{there}/chat/completions")) as server,
            pytest.raises(BadAnswer, match="sends elsewhere"),
        ):
            ask(server)
        assert elsewhere.asked == []


def test_an_endless_answer_is_left() -> None:
    def answer(_: Asked, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(b" " * 65_536)

    with ModelServer(answer) as server, soon(), pytest.raises(BadAnswer, match="more than 1 MB"):
        ask(server)


def test_what_was_packed_unasked_is_not_unpacked() -> None:
    bomb = gzip.compress(b"0" * (MOST_BYTES * 50))
    with (
        ModelServer(body(bomb, Content_Encoding="gzip")) as server,
        pytest.raises(BadAnswer, match="packed"),
    ):
        ask(server)
    assert server.asked[0].headers["Accept-Encoding"] == "identity"


def test_a_flood_of_headers_is_left() -> None:
    def answer(_: Asked, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n")

    with ModelServer(answer) as server, pytest.raises(ModelError):
        ask(server)


def test_a_key_is_sent_where_there_is_one_and_else_none() -> None:
    with ModelServer(text("")) as server:
        client(server).ask("GET", "/models", b"", AMPLE_S)
        client(server, key="k-1").ask("GET", "/models", b"", AMPLE_S)
    first, second = (asked.headers for asked in server.asked)
    assert "Authorization" not in first
    assert second["Authorization"] == "Bearer k-1"


def test_a_proxy_of_the_environment_is_no_door(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(text("")) as proxy, ModelServer(text("")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        ask(server)
        assert (len(server.asked), proxy.asked) == (1, [])


def test_tls_is_not_believed_without_a_certificate() -> None:
    with ModelServer(text("")) as server:
        known = Client(endpoint(f"https://127.0.0.1:{server.port}/v1"), may_leave=False)
        with pytest.raises(SottovoceError):
            known.ask("GET", "/models", b"", AMPLE_S)
        assert server.asked == []


LOOKED_UP = """
import socket, sys
from assistant.errors import SottovoceError
from assistant.polishing.client import Client
from assistant.polishing.endpoint import endpoint

port, address = int(sys.argv[1]), sys.argv[2]
asked = []

def lookup(host, at, **how):
    asked.append(host)
    # As a name that leads here at first and elsewhere later.
    addresses = address.split(",")
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, at)) for each in addresses]

def watch(event, arguments):
    if event == "socket.connect":
        print("connects", arguments[1][0])

socket.getaddrinfo = lookup
sys.addaudithook(watch)
try:
    where = endpoint(f"http://models.example:{port}/v1")
    known = Client(where, may_leave=sys.argv[3:] == ["leave"])
    print("status", known.ask("GET", "/models", b"", 1.0).status)
except SottovoceError as error:
    print("refused" if error.exit_code == 3 else "failed")
print("looked up", len(asked))
"""


def looked_up(port: int, address: str, *leave: str) -> list[str]:
    """Ask a name that leads to an address; return what was connected to, and what came of it."""
    done = subprocess.run(
        [sys.executable, "-c", LOOKED_UP, str(port), address, *leave],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.split("\n")[:-1]


def test_a_name_that_leads_elsewhere_is_never_connected_to() -> None:
    assert looked_up(9, "203.0.113.7") == ["refused", "looked up 1"]


def test_of_a_name_with_many_addresses_only_this_machine_is_connected_to() -> None:
    with ModelServer(text("")) as server:
        told = looked_up(server.port, "203.0.113.7,127.0.0.1,198.51.100.9")
    assert told == ["connects 127.0.0.1", "status 200", "looked up 1"]


def test_with_leave_the_name_may_lead_elsewhere() -> None:
    assert looked_up(9, "203.0.113.7", "leave")[0] == "connects 203.0.113.7"


def test_localhost_needs_nobody_to_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(text("")) as server:
        code = LOOKED_UP.replace("models.example", "localhost")
        done = subprocess.run(
            [sys.executable, "-c", code, str(server.port), "203.0.113.7"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    assert done.stdout.split("\n")[:-1] == ["connects 127.0.0.1", "status 200", "looked up 0"]


def test_an_address_elsewhere_is_refused_before_anything_is_sent() -> None:
    known = Client(endpoint("http://203.0.113.7:9/v1"), may_leave=False)
    with pytest.raises(Refused, match=r"203\.0\.113\.7 is not this machine"):
        known.ask("GET", "/models", b"", 1.0)


def test_no_thread_and_no_socket_is_left() -> None:
    before = threading.active_count()
    with ModelServer(lambda _, handler: give(handler, {})) as server:
        for _ in range(5):
            ask(server)
    assert threading.active_count() <= before + 1
