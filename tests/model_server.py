"""A server of the OpenAI kind on this machine that answers as a test wants it, or misbehaves."""

import json
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, TypeAlias

MODEL = "small-model"

Sentences: TypeAlias = Sequence[tuple[str, Sequence[Any]]]
Answer: TypeAlias = Callable[["Asked", BaseHTTPRequestHandler], None]
"""Answers one question to the model, in whatever way."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came to the server."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    """Empty for a request without one."""

    @property
    def form(self) -> str:
        """How the answer was to be held to its form."""
        wanted: dict[str, Any] = self.body.get("response_format") or {}
        return wanted.get("type", "none")

    @property
    def question(self) -> str:
        """What the model was asked, without the rules."""
        return self.body["messages"][1]["content"]


@dataclass(slots=True)
class ModelServer:
    """The server; `asked` is what came to it."""

    answer: Answer
    models: Sequence[str] = (MODEL,)
    asked: list[Asked] = field(default_factory=list[Asked])
    is_over: threading.Event = field(default_factory=threading.Event)
    """Set when the test is over: for answers that would never end."""
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append(Asked(self.path, dict(self.headers), {}))
                listed = [{"id": name, "object": "model"} for name in outer.models]
                give(self, {"object": "list", "data": listed})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                asked = Asked(self.path, dict(self.headers), json.loads(body))
                outer.asked.append(asked)
                outer.answer(asked, self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                """Say nothing of clients that hang up: they are meant to."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.is_over.set()
        if self._server and self._thread:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(5)

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        """Its address, as a user writes it."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def questions(self) -> list[Asked]:
        """What the model was asked; without the questions for the list of models."""
        return [asked for asked in self.asked if asked.body]


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as lent:
        lent.bind(("127.0.0.1", 0))
        return lent.getsockname()[1]


# ---------------------------------------------------------------- ways to answer


def give(handler: BaseHTTPRequestHandler, value: object, status: int = 200, **headers: str) -> None:
    """Answer with a value as JSON."""
    give_bytes(handler, json.dumps(value).encode(), status, **headers)


def give_bytes(
    handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str
) -> None:
    """Answer with these very bytes."""
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def completion(text: str) -> dict[str, Any]:
    """Return what a server gives around a model's text."""
    message = {"role": "assistant", "content": text}
    return {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}


def spelled(sentences: Sentences) -> str:
    """Return sentences in the form that is asked for."""
    return json.dumps({"sentences": [{"text": t, "cites": list(c)} for t, c in sentences]})


def text(of: str) -> Answer:
    """Answer with a model's text, whatever is asked."""
    return lambda _, handler: give(handler, completion(of))


def sentences(*of: tuple[str, Sequence[Any]]) -> Answer:
    """Answer with sentences, whatever is asked."""
    return text(spelled(of))


def body(of: bytes, status: int = 200, **headers: str) -> Answer:
    """Answer with these bytes, whatever is asked."""
    return lambda _, handler: give_bytes(handler, of, status, **headers)
