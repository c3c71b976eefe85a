"""The local socket of a running call: one line of JSON in, lines of JSON out.

A verb during the call *is* a fact in the journal's own spelling; besides, one
may ask `{"is":"Status"}` and `{"is":"Follow","after_seq":0}`. Answers are
`{"ok":true,...}` or `{"ok":false,"error":...,"hint":...,"exit_code":3}`; Follow
sends journal lines until the call is over.

Law: it interprets nothing, listens on this machine only, and only to this
user; what a client sends or fails to read never holds up the call.
"""

import contextlib
import os
import queue
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from assistant.errors import DiskError, InputError, Refused, SottovoceError, from_exit_code
from assistant.events import (
    CallEnded,
    Entry,
    Extended,
    Hushed,
    Marked,
    NextWanted,
    NoteTaken,
    Paused,
    Resumed,
    Ticked,
)

LONGEST_LINE_BYTES = 64 * 1024
MOST_CLIENTS = 16
_MOST_READ_BYTES = 1024 * 1024
MOST_BEHIND = 10_000
"""A follower that has so many entries still to read is let go."""
_PATIENCE_S = 5.0
"""How long a client may take to send its line, or to take what it was sent."""


class Status(msgspec.Struct, frozen=True, tag_field="is", tag="Status"):
    """Ask for the call as it stands."""


class Follow(msgspec.Struct, frozen=True, tag_field="is", tag="Follow"):
    """Ask for the journal's lines after `after_seq`, and on as they come."""

    after_seq: int = 0


Verb: TypeAlias = (
    NoteTaken | Marked | NextWanted | Ticked | Extended | Hushed | Paused | Resumed | CallEnded
)
"""The facts that a user may bring by the socket."""

Request: TypeAlias = Verb | Status | Follow

_decode = msgspec.json.Decoder(Request).decode


class Failure(msgspec.Struct, frozen=True):
    """The answer to what could not be done."""

    error: str
    hint: str
    exit_code: int
    ok: Literal[False] = False


def failure(error: SottovoceError) -> bytes:
    """Spell an error as an answer."""
    return msgspec.json.encode(Failure(str(error), error.hint, error.exit_code))


Answers: TypeAlias = Iterator[bytes]
Answer: TypeAlias = Callable[[Request], Answers]


@dataclass(slots=True)
class Server:
    """Listens at `path`; every client is served on a thread of its own."""

    path: Path
    answer: Answer
    """Called on the client's thread; each line it yields is sent."""
    _socket: socket.socket | None = None
    _threads: set[threading.Thread] = field(default_factory=set[threading.Thread])

    def open(self) -> None:
        """Listen. The call's lock is held, so a socket that lies here is a dead one's."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # A folder that was there before may be wider open than it should be.
            self.path.parent.chmod(0o700)
            self.path.unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listener.bind(os.fspath(self.path))
            self.path.chmod(0o600)
            listener.listen(MOST_CLIENTS)
        except OSError as error:
            raise DiskError(
                f"The control socket {self.path} can not be made: {error.strerror or error}.",
                "Set SOTTOVOCE_HOME to a folder you may write to.",
            ) from error
        self._socket = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True, name="door").start()

    def close(self, within_s: float = 1.0) -> None:
        """Stop listening, and give those who are being served so long for their last line."""
        if self._socket is None:
            return
        # Closing alone does not wake a thread that waits in accept.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._socket = None
        self.path.unlink(missing_ok=True)
        deadline_s = time.monotonic() + within_s
        for thread in tuple(self._threads):
            thread.join(max(0.0, deadline_s - time.monotonic()))

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self._threads = {thread for thread in self._threads if thread.is_alive()}
            if len(self._threads) >= MOST_CLIENTS:
                client.close()
                continue
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.add(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            client.settimeout(_PATIENCE_S)
            if not _is_this_user(client):
                return
            for line in self._answers(_read_line(client)):
                client.sendall(line + b"\n")

    def _answers(self, line: bytes | None) -> Answers:
        try:
            if line is None:
                raise InputError("That line is too long, or was not finished.")
            yield from self.answer(read_request(line))
        except SottovoceError as error:
            yield failure(error)


def read_request(line: bytes) -> Request:
    """Read one line of a client. Raises InputError."""
    try:
        return _decode(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"That is not a request: {error}.") from error


def ask(path: Path, request: Request, patience_s: float = 30.0) -> Iterator[dict[str, Any]]:
    """Send one request to the running call and yield its answers, each within `patience_s`.

    Raises Refused when no call is running, and the error that the call answered.
    """
    for line in _exchange(path, request, patience_s):
        answer = msgspec.json.decode(line)
        if answer.get("ok") is False:
            failed = msgspec.convert(answer, Failure)
            raise from_exit_code(failed.exit_code, failed.error, failed.hint)
        yield answer


def follow(path: Path, request: Follow) -> Iterator[str]:
    """Yield the running call's journal lines as they come, until it is over. Raises Refused."""
    for line in _exchange(path, request, None):
        yield line.decode()


def _exchange(path: Path, request: Request, patience_s: float | None) -> Iterator[bytes]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(os.fspath(path))
        except OSError as error:
            raise Refused("No call is running.", "Start one with `sottovoce start`.") from error
        client.settimeout(patience_s)
        try:
            client.sendall(msgspec.json.encode(request) + b"\n")
            with client.makefile("rb") as lines:
                for line in lines:
                    yield line.rstrip(b"\n")
        except TimeoutError as error:
            raise SottovoceError(
                "The running call does not answer.", "`sottovoce status` tells whether it lives."
            ) from error
        except OSError as error:
            raise Refused("The call ended while it was asked.") from error


def _read_line(client: socket.socket) -> bytes | None:
    """Read one line; None if it is too long or never ends."""
    line, size = b"", 0
    while b"\n" not in line and size <= _MOST_READ_BYTES:
        part = client.recv(4096)
        if not part:
            return None
        size += len(part)
        # The rest of a line that is too long is read and dropped, so that the answer arrives.
        line = line + part if size <= LONGEST_LINE_BYTES else part
    return line.split(b"\n", 1)[0] if size <= LONGEST_LINE_BYTES else None


def _is_this_user(client: socket.socket) -> bool:
    """Tell whether the peer is the user whose call this is, where the system can say so."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    peer = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user_id, _ = struct.unpack("3i", peer)
    return user_id == os.getuid()


@dataclass(slots=True)
class Followers:
    """Those who follow the journal: each has a queue, and who falls too far behind is let go."""

    _queues: set["queue.SimpleQueue[Entry | None]"] = field(
        default_factory=set["queue.SimpleQueue[Entry | None]"]
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, entry: Entry | None) -> None:
        """Give every follower an entry; None when the journal is over."""
        with self._lock:
            for waiting in tuple(self._queues):
                if waiting.qsize() < MOST_BEHIND:
                    waiting.put(entry)
                else:
                    # It reads what it has, without a gap, and then its end: it waits for nothing.
                    self._queues.discard(waiting)
                    waiting.put(None)

    def join(self) -> "queue.SimpleQueue[Entry | None]":
        """Begin to follow: every entry told from now on is in this queue, and None at the end."""
        waiting: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        with self._lock:
            self._queues.add(waiting)
        return waiting

    def leave(self, waiting: "queue.SimpleQueue[Entry | None]") -> None:
        """Stop following."""
        with self._lock:
            self._queues.discard(waiting)
