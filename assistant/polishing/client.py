"""One question to a language model's server, and its answer: the only door to it.

Law: words go to this machine alone, unless leave was given for the very host: the address that a
name leads to is looked at, and that address is connected to, no other. No proxy, no redirect, no
unpacking; so much is read and no more, and all of it, from the name to the last byte, is over by
one deadline, or at once when nobody wants it any more. Nothing here is logged.
"""

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from assistant.errors import ModelError, SottovoceError
from assistant.polishing import endpoint as endpoints
from assistant.polishing.endpoint import Endpoint

CONNECT_S = 5.0
"""A server that does not take the call within this is not there."""
MOST_BYTES = 1_000_000
"""Of an answer; a long one of a model has a hundredth."""
LOOK_EVERY_S = 0.1
_CHUNK_BYTES = 1 << 16


class NoAnswer(ModelError):
    """No server is there, or it was too slow: to ask again would be in vain."""


class BadAnswer(ModelError):
    """A server is there, and what it gave is no answer; another question may have one."""


class Unwanted(SottovoceError):
    """Nobody wants the answer any more."""


class Answer(msgspec.Struct, frozen=True):
    """What a server said."""

    status: int
    body: bytes


@dataclass(slots=True)
class Client:
    """Asks one server."""

    where: Endpoint
    may_leave: bool
    """Whether the user gave leave to send words to this host."""
    key: str = ""
    """Sent with every question, if there is one."""
    is_wanted: Callable[[], bool] = lambda: True
    """Looked at every tenth of a second while an answer is waited for."""

    def ask(
        self, method: Literal["GET", "POST"], path: str, body: bytes, within_s: float
    ) -> Answer:
        """Ask, and return the answer. Raises Refused, NoAnswer, BadAnswer, Unwanted."""
        until_s = time.monotonic() + within_s
        line = self._connected(self._addresses(until_s), until_s)
        watch = _Watch(line, until_s, self.is_wanted)
        with watch.watching():
            try:
                answer = self._exchanged(line, method, path, body)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise self._told(watch, error, within_s) from error
            if watch.saw:
                # Without a length, what was cut off looks like a whole answer.
                raise self._told(watch, None, within_s)
            return answer

    def _exchanged(self, line: socket.socket, method: str, path: str, body: bytes) -> Answer:
        where = self.where
        if where.is_tls:
            context = ssl.create_default_context()
            line = context.wrap_socket(line, server_hostname=where.host)
            kind = http.client.HTTPSConnection
        else:
            kind = http.client.HTTPConnection
        host = f"[{where.host}]" if ":" in where.host else where.host
        connection = kind(host, where.port)
        connection.sock = line
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if body:
            headers["Content-Type"] = "application/json"
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            connection.request(method, where.path + path, body or None, headers)
            answer = connection.getresponse()
            self._look_at(answer)
            return Answer(answer.status, self._read(answer))
        finally:
            connection.close()

    def _look_at(self, answer: http.client.HTTPResponse) -> None:
        if 300 <= answer.status < 400:
            raise BadAnswer(
                f"{self._name} sends elsewhere (HTTP {answer.status}), and that is not followed.",
                "Write the address that is meant into `url`.",
            )
        if answer.getheader("Content-Encoding", "identity").strip().lower() != "identity":
            raise BadAnswer(f"{self._name} answers packed, which nobody asked for.")

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        body = bytearray()
        while chunk := answer.read(_CHUNK_BYTES):
            body += chunk
            if len(body) > MOST_BYTES:
                raise BadAnswer(
                    f"{self._name} gave more than {MOST_BYTES / 1e6:g} MB, which is no answer."
                )
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        return bytes(body)

    # ------------------------------------------------------------ to whom

    def _addresses(self, until_s: float) -> list[tuple[socket.AddressFamily, str]]:
        """Return where the server may be; this machine only, unless leave was given."""
        found = self._found(until_s)
        if self.may_leave:
            return found
        here = [(family, address) for family, address in found if endpoints.is_loopback(address)]
        if not here:
            raise endpoints.refused(self.where, "")
        return here

    def _found(self, until_s: float) -> list[tuple[socket.AddressFamily, str]]:
        if self.where.is_localhost:
            # Nobody has to be asked where that is.
            return [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
        if self.where.is_here is None:
            return self._looked_up(until_s)
        family = socket.AF_INET6 if ":" in self.where.host else socket.AF_INET
        return [(family, self.where.host)]

    def _looked_up(self, until_s: float) -> list[tuple[socket.AddressFamily, str]]:
        """Look a name up. The system may take its time, and can not be interrupted in it."""
        found: queue.SimpleQueue[list[tuple[socket.AddressFamily, str]]] = queue.SimpleQueue()

        def look() -> None:
            known: list[tuple[socket.AddressFamily, str]] = []
            with suppress(OSError, UnicodeError):
                rows = socket.getaddrinfo(self.where.host, self.where.port, type=socket.SOCK_STREAM)
                known = [(row[0], str(row[4][0])) for row in rows]
            found.put(known)

        threading.Thread(target=look, daemon=True).start()
        try:
            known = found.get(timeout=max(0.0, until_s - time.monotonic()))
        except queue.Empty:
            known = []
        if not known and not self.may_leave:
            raise endpoints.refused(self.where, "")
        if not known:
            raise NoAnswer(
                f"Nobody knows where {self.where.host} is.", "Is the address in `url` right?"
            )
        return known

    def _connected(
        self, addresses: list[tuple[socket.AddressFamily, str]], until_s: float
    ) -> socket.socket:
        for family, address in addresses:
            line = socket.socket(family, socket.SOCK_STREAM)
            left_s = until_s - time.monotonic()
            line.settimeout(min(CONNECT_S, max(0.001, left_s)))
            try:
                line.connect((address, self.where.port))
            except OSError:
                line.close()
                continue
            # The deadline is the watch's; this is for a machine that sleeps meanwhile.
            line.settimeout(max(0.001, left_s))
            return line
        raise NoAnswer(
            f"No language model answers at {self._name}.",
            "Is its server running? `ollama serve` starts one.",
        )

    @property
    def _name(self) -> str:
        return f"{self.where.host}:{self.where.port}"

    def _told(self, watch: "_Watch", error: Exception | None, within_s: float) -> SottovoceError:
        """Say in words what went wrong."""
        if watch.saw == "unwanted":
            return Unwanted("A call has begun, so the language model was left alone.")
        if watch.saw == "late" or isinstance(error, TimeoutError):
            return NoAnswer(
                f"{self._name} gave no whole answer within {within_s:g} s.",
                "A smaller model is faster; `timeout_s` gives it longer.",
            )
        if isinstance(error, ssl.SSLError):
            return NoAnswer(f"{self._name} can not show that it is {self.where.host}.")
        if isinstance(error, http.client.BadStatusLine | http.client.UnknownProtocol):
            return BadAnswer(f"{self._name} does not speak HTTP, or hung up at once.")
        return BadAnswer(f"{self._name} hung up before its answer was whole.")


@dataclass(slots=True)
class _Watch:
    """Ends a connection when its time is over, or nobody wants it any more."""

    line: socket.socket
    until_s: float
    is_wanted: Callable[[], bool]
    saw: Literal["", "late", "unwanted"] = ""
    _is_over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watching(self) -> Generator[None]:
        """Watch in a thread; the connection is closed afterwards."""
        # Once more, for TLS takes the first for itself.
        line = self.line.dup()
        thread = threading.Thread(target=self._watch, args=(line,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()
            line.close()
            self.line.close()

    def _watch(self, line: socket.socket) -> None:
        while not self._is_over.wait(min(LOOK_EVERY_S, max(0.0, self.until_s - time.monotonic()))):
            if time.monotonic() >= self.until_s:
                self.saw = "late"
            elif not self.is_wanted():
                self.saw = "unwanted"
            else:
                continue
            with suppress(OSError):
                # Whoever waits for the next byte is told that there is none.
                line.shutdown(socket.SHUT_RDWR)
            return
