"""The door of a running call: the local socket, and who is let in.

One thread watches everybody who has not finished their line; a line that is
finished is answered on a thread of its own. Law: only this user comes in, and
nothing that a client sends, holds back or fails to read holds up the call or
keeps another program of the same user out: where there is no more room, a
connection of whoever has most of them makes way.
"""

import errno
import os
import selectors
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from assistant import log, private_socket
from assistant.control import (
    LONGEST_LINE_BYTES,
    Answer,
    Follow,
    Request,
    Status,
    failure,
    read_request,
)
from assistant.errors import InputError, Refused, SottovoceError

MOST_CALLERS = 64
"""So many may be about to say their line ..."""
MOST_ANSWERED = 32
"""... so many are being answered ..."""
MOST_FOLLOWERS = 16
"""... and so many follow the journal."""

_MOST_READ_BYTES = 1024 * 1024
_READ_BYTES = 64 * 1024
_AT_ONCE = 64
"""So many newcomers are let in before those who are in get their turn."""
_BREATH_S = 0.05
"""A pause where the system has no more files, or after a fault of ours."""

_BUSY = Refused("Too many programs are asking the call at once.", "Try again in a moment.")
_TOO_LONG = InputError("That line is too long, or was not finished.")
_FAULT = SottovoceError("That failed by a fault of ours.")


@dataclass(slots=True, eq=False)
class _Client:
    """One connection."""

    socket: socket.socket
    process: int
    """The program at the other end; 0 where the system does not say."""
    until_s: float
    """Until then its line must be finished."""
    line: bytearray = field(default_factory=bytearray)
    read_bytes: int = 0
    request: Request | None = None
    is_ended: bool = False
    """It was shown out, and its thread has not left yet."""

    def end(self) -> None:
        """Wake the thread that serves it; its socket is closed there."""
        self.is_ended = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


@dataclass(slots=True)
class Server:
    """Listens at `path`."""

    path: Path
    answer: Answer
    """Called on a thread of the client's; each line it yields is sent, an empty one only asks
    whether the client is still there."""
    user_id: int = field(default_factory=os.getuid)
    """Whoever else connects is not let in."""
    patience_s: float = 5.0
    """How long a client may take for its whole line, or to take a line it was sent."""
    _listener: socket.socket = field(init=False)
    _selector: selectors.BaseSelector = field(init=False)
    _bell: tuple[socket.socket, socket.socket] = field(init=False)
    """To wake the door when it should close."""
    _thread: threading.Thread | None = None
    _is_closing: bool = False
    _callers: list[_Client] = field(default_factory=list[_Client])
    """Those whose line is not finished, oldest first."""
    _changed: threading.Condition = field(default_factory=threading.Condition)
    """Over the three below."""
    _waiting: deque[_Client] = field(default_factory=deque[_Client])
    """Their line is finished, and too many are being answered."""
    _answered: list[_Client] = field(default_factory=list[_Client])
    _followers: list[_Client] = field(default_factory=list[_Client])

    def open(self) -> None:
        """Listen. The call's lock is held, so a socket that lies here is a dead one's.

        Raises DiskError, also where the socket's folder is not ours alone.
        """
        self._listener = private_socket.listen(self.path)
        self._listener.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._bell = socket.socketpair()
        self._selector.register(self._bell[1], selectors.EVENT_READ, None)
        self._selector.register(self._listener, selectors.EVENT_READ, self)
        self._thread = threading.Thread(target=self._watch, daemon=True, name="door")
        self._thread.start()

    def close(self, within_s: float = 1.0) -> None:
        """Stop listening, and give those who are being served so long for their last line."""
        if self._thread is None or self._is_closing:
            return
        self._is_closing = True
        # The door may have seen by itself that it should close, and be gone with its bell.
        with suppress(OSError):
            self._bell[0].send(b"x")
        self._thread.join()
        self.path.unlink(missing_ok=True)
        with self._changed:
            self._changed.wait_for(lambda: not self.served, within_s)

    @property
    def served(self) -> int:
        """How many connections there are whose line is finished and whose answer is not."""
        return len(self._waiting) + len(self._answered) + len(self._followers)

    # What follows runs on the door's thread.

    def _watch(self) -> None:
        while not self._is_closing:
            try:
                self._turn()
            except Exception as error:
                # The door stays open whatever happens at it.
                log.tell(type(error), error.__traceback__)
                time.sleep(_BREATH_S)
        for client in self._callers:
            client.socket.close()
        for end in (*self._bell, self._listener, self._selector):
            end.close()

    def _turn(self) -> None:
        """Wait for the next thing to happen at the door, and see to it."""
        soonest_s = min((c.until_s for c in self._callers), default=time.monotonic() + 60.0)
        for key, _ in self._selector.select(max(0.0, soonest_s - time.monotonic())):
            if key.data is self:
                self._let_in()
            elif isinstance(key.data, _Client) and key.data in self._callers:
                self._read(key.data)
        now_s = time.monotonic()
        for client in [c for c in self._callers if c.until_s <= now_s]:
            self._refuse(client, _TOO_LONG)

    def _let_in(self) -> None:
        with suppress(BlockingIOError):
            for _ in range(_AT_ONCE):
                try:
                    connection, _ = self._listener.accept()
                except OSError as error:
                    if not _is_passing(error):
                        raise
                    # No more files: one who only holds on to theirs gives it back.
                    if not self._callers:
                        time.sleep(_BREATH_S)
                        return
                    self._refuse(_one_of_the_most(self._callers), _BUSY)
                    continue
                self._meet(connection)

    def _meet(self, connection: socket.socket) -> None:
        try:
            user_id, process = private_socket.user_and_process(connection)
        except OSError:
            user_id, process = -1, 0
        if user_id != self.user_id:
            connection.close()
            return
        connection.setblocking(False)
        client = _Client(connection, process, time.monotonic() + self.patience_s)
        self._callers.append(client)
        self._selector.register(connection, selectors.EVENT_READ, client)
        # Mostly the line is there already.
        self._read(client)
        if len(self._callers) > MOST_CALLERS:
            self._refuse(_one_of_the_most(self._callers), _BUSY)

    def _read(self, client: _Client) -> None:
        """Read what has come of a client's line."""
        try:
            part = client.socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            self._leave(client)
            client.socket.close()
            return
        client.read_bytes += len(part)
        head, newline, _ = part.partition(b"\n")
        if client.read_bytes - len(part) + len(head) <= LONGEST_LINE_BYTES:
            client.line += head
            if newline:
                self._take(client)
            elif not part:
                self._refuse(client, _TOO_LONG)
        # The rest of a line that is too long is read and dropped, so that the answer arrives.
        elif newline or not part or client.read_bytes > _MOST_READ_BYTES:
            self._refuse(client, _TOO_LONG)

    def _take(self, client: _Client) -> None:
        """Have a finished line answered."""
        try:
            client.request = read_request(bytes(client.line))
        except InputError as error:
            self._refuse(client, error)
            return
        self._leave(client)
        client.socket.settimeout(self.patience_s)
        with self._changed:
            if isinstance(client.request, Follow):
                self._followers.append(client)
                staying = [one for one in self._followers if not one.is_ended]
                if len(staying) > MOST_FOLLOWERS:
                    _one_of_the_most(staying).end()
            elif len(self._answered) < MOST_ANSWERED:
                self._answered.append(client)
            else:
                self._waiting.append(client)
                if len(self._waiting) > MOST_CALLERS:
                    self._say_no(self._waiting.popleft(), _BUSY)
                return
        serving = threading.Thread(target=self._serve, args=(client,), daemon=True, name="client")
        try:
            serving.start()
        except RuntimeError:
            # The system gives no more threads: the client must not hold its place for good.
            with self._changed:
                for clients in (self._followers, self._answered):
                    if client in clients:
                        clients.remove(client)
            self._say_no(client, _BUSY)

    def _refuse(self, client: _Client, why: SottovoceError) -> None:
        self._leave(client)
        self._say_no(client, why)

    def _leave(self, client: _Client) -> None:
        """Watch this one no more."""
        self._callers.remove(client)
        self._selector.unregister(client.socket)

    def _say_no(self, client: _Client, why: SottovoceError) -> None:
        with client.socket as connection, suppress(OSError):
            connection.setblocking(False)
            connection.send(failure(why) + b"\n")

    # What follows runs on a client's thread.

    def _serve(self, client: _Client) -> None:
        """Answer this client, and then those who wait."""
        while True:
            try:
                self._answer(client)
            except OSError:
                # It went away, or does not read.
                pass
            except Exception as error:
                log.tell(type(error), error.__traceback__)
            finally:
                client.socket.close()
            with self._changed:
                mine = self._followers if client in self._followers else self._answered
                mine.remove(client)
                self._changed.notify_all()
                if mine is self._followers or not self._waiting:
                    return
                client = self._waiting.popleft()
                self._answered.append(client)

    def _answer(self, client: _Client) -> None:
        try:
            for line in self.answer(client.request or Status()):
                if line:
                    client.socket.sendall(line + b"\n")
                elif private_socket.is_gone(client.socket):
                    return
        except SottovoceError as error:
            client.socket.sendall(failure(error) + b"\n")
        except OSError:
            raise
        except Exception:
            client.socket.sendall(failure(_FAULT) + b"\n")
            raise


def _one_of_the_most(clients: Sequence[_Client]) -> _Client:
    """Return the oldest connection of the program that has most of them."""
    counts = Counter(client.process for client in clients)
    most = max(counts.values())
    return next(client for client in clients if counts[client.process] == most)


def _is_passing(error: OSError) -> bool:
    """Tell whether a connection can not be taken now, but may be later."""
    return error.errno in {
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOBUFS,
        errno.ENOMEM,
        errno.ECONNABORTED,
        errno.EPERM,
    }
