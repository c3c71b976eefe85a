"""What is said to a running call: one line of JSON in, lines of JSON out; and how to say it.

A verb during the call *is* a fact in the journal's own spelling; besides, one
may ask `{"is":"Status"}`, `{"is":"Forget","for_s":120.0}` and
`{"is":"Follow","after_seq":0}`. Answers are `{"ok":true,...}` or
`{"ok":false,"error":...,"hint":...,"exit_code":3}`; Follow sends journal lines
until the call is over. A `seq` that is not greater than the one before it means
that something was forgotten and the journal begins anew: drop what you have.

Law: it interprets nothing, and speaks only to a call of this user on this
machine. `door` is the other end.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from assistant import private_socket
from assistant.errors import InputError, Refused, SottovoceError, from_exit_code
from assistant.events import (
    CallEnded,
    Consented,
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
_CONNECT_WITHIN_S = 10.0


class Status(msgspec.Struct, frozen=True, tag_field="is", tag="Status"):
    """Ask for the call as it stands."""


class Follow(msgspec.Struct, frozen=True, tag_field="is", tag="Follow"):
    """Ask for the journal's lines after `after_seq`, and on as they come."""

    after_seq: int = 0


class Forget(msgspec.Struct, frozen=True, tag_field="is", tag="Forget"):
    """Ask to have the last stretch of the call forgotten."""

    for_s: float | None = None
    """None: the whole call so far."""


Verb: TypeAlias = (
    NoteTaken | Marked | NextWanted | Ticked | Extended | Hushed | Paused | Resumed | Consented
    | CallEnded
)  # fmt: skip
"""The facts that a user may bring by the socket."""

Request: TypeAlias = Verb | Status | Follow | Forget

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
    try:
        client = private_socket.connect(path, patience_s or _CONNECT_WITHIN_S)
    except TimeoutError as error:
        raise _silent() from error
    except OSError as error:
        raise Refused("No call is running.", "Start one with `sottovoce start`.") from error
    with client:
        client.settimeout(patience_s)
        try:
            client.sendall(msgspec.json.encode(request) + b"\n")
            with client.makefile("rb") as lines:
                for line in lines:
                    yield line.rstrip(b"\n")
        except TimeoutError as error:
            raise _silent() from error
        except OSError as error:
            raise Refused("The call ended while it was asked.") from error


def _silent() -> SottovoceError:
    return SottovoceError(
        "The running call does not answer.", "`sottovoce status` tells whether it lives."
    )
