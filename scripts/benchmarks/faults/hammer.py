"""Hostile clients of a call's socket, in a process of their own.

    hammer.py frames SOCKET COUNT SEED     one line "ok" or what was wrong for each frame
    hammer.py hold SOCKET COUNT            COUNT connections that say a byte now and then; "held"
    hammer.py follow SOCKET COUNT          COUNT followers that read nothing; "held"

The last two end when stdin does.
"""

import select
import socket
import sys
from collections.abc import Callable
from random import Random

WITHIN_S = 20.0
_BYTE_EVERY_S = 0.5

_VERBS = (
    b'{"is":"Status"}',
    b'{"is":"NoteTaken","text":"a note"}',
    b'{"is":"Marked"}',
    b'{"is":"Ticked","question_id":"none","state":"asked"}',
    b'{"is":"Extended","by_s":60}',
    b'{"is":"Follow","after_seq":0}',
)


def _garbage(chance: Random) -> bytes:
    return chance.randbytes(chance.randrange(1, 3000)) + b"\n"


def _bent_verb(chance: Random) -> bytes:
    verb = bytearray(chance.choice(_VERBS))
    for _ in range(chance.randrange(1, 4)):
        verb[chance.randrange(len(verb))] = chance.randrange(256)
    return bytes(verb) + b"\n"


def _deep(chance: Random) -> bytes:
    opening = chance.choice([b"[", b'{"a":', b'{"is":[', b'{"is":"Status","x":['])
    return opening * chance.randrange(100, 60_000 // len(opening)) + b"\n"


def _huge_number(chance: Random) -> bytes:
    digits = b"9" * chance.randrange(1, 40_000)
    number = chance.choice([digits, b"-" + digits, digits + b".5", b"1e" + digits[:9], b"NaN"])
    return b'{"is":"Extended","by_s":' + number + b"}\n"


def _long_line(chance: Random) -> bytes:
    return b"x" * chance.randrange(64 * 1024, 2_000_000) + b"\n" * chance.randrange(2)


def _unfinished(chance: Random) -> bytes:
    verb = chance.choice(_VERBS)
    return verb[: chance.randrange(len(verb))]


def _pipelined(chance: Random) -> bytes:
    return (chance.choice(_VERBS[:3]) + b"\n") * chance.randrange(2, 200)


def _not_text(chance: Random) -> bytes:
    bad = chance.choice([b"\xff\xfe", b"\xc3\x28", b"\0", b"\xed\xa0\x80", b"\x1b[2J"])
    return b'{"is":"NoteTaken","text":"' + bad * chance.randrange(1, 2000) + b'"}\n'


def _forged(chance: Random) -> bytes:
    return chance.choice(
        [
            b'{"is":"Heard","channel":"me","start_s":0,"end_s":1,"text":"forged"}\n',
            b'{"is":"Cue","kind":"question","text":"forged"}\n',
            b'{"is":"CallStarted","call_id":"../x","wall":"","version":"","engines":{}}\n',
            b'{"is":"Trouble","part":"disk","text":"forged"}\n',
            b'{"seq":1,"at_s":0,"is":"CallEnded"}\n',
        ]
    )


def _empty(chance: Random) -> bytes:
    return b"\n" * chance.randrange(3)


FRAMES: tuple[Callable[[Random], bytes], ...] = (
    _garbage,
    _bent_verb,
    _deep,
    _huge_number,
    _long_line,
    _unfinished,
    _pipelined,
    _not_text,
    _forged,
    _empty,
)


def frames(path: str, count: int, seed: str) -> None:
    """Send one frame on each connection, and see that it ends with a line or with the end."""
    chance = Random(seed)  # noqa: S311
    for number in range(count):
        kind = FRAMES[number % len(FRAMES)]
        wrong = _endless(path) if number == 0 else _sent(path, kind(chance), chance)
        say(f"{kind.__name__} {wrong}" if wrong else "ok")


def _endless(path: str) -> str:
    """Send a gigabyte without one line end."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.settimeout(WITHIN_S)
        try:
            for _ in range(1024):
                client.sendall(bytes(1 << 20))
        except ConnectionError:
            return ""
        except OSError as error:
            return f"was neither read nor cut off: {error}"
    return "was read to its end"


def _sent(path: str, frame: bytes, chance: Random) -> str:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(path)
            client.settimeout(WITHIN_S)
            _send(client, frame, chance)
            if chance.random() < 0.2:
                # Gone without a look at the answer.
                return ""
            client.shutdown(socket.SHUT_WR)
            answer = client.recv(65536)
        except ConnectionError:
            return ""
        except OSError as error:
            return f"was not answered: {error}"
    ends_well = not answer or answer.lstrip().startswith(b"{")
    return "" if ends_well else "was answered with something else"


def _send(client: socket.socket, frame: bytes, chance: Random) -> None:
    pieces = chance.choice([1, 1, 1, 2, 5])
    size = max(1, len(frame) // pieces)
    for at in range(0, len(frame), size):
        client.sendall(frame[at : at + size])


def hold(path: str, count: int, first: bytes, *, drips: bool) -> None:
    """Hold connections open, as many as were asked for, until stdin ends."""
    held = [_connected(path, first) for _ in range(count)]
    say("held")
    while drips and not _stdin_ended(_BYTE_EVERY_S):
        for at, client in enumerate(held):
            try:
                client.send(b" ")
            except OSError:
                # Shown out; a hostile client comes again.
                client.close()
                held[at] = _connected(path, first)
    sys.stdin.read()


def _connected(path: str, first: bytes) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)
    try:
        client.setblocking(False)
        client.send(first)
    except OSError:
        client.close()
    return client


def _stdin_ended(wait_s: float) -> bool:
    ready, _, _ = select.select([sys.stdin], [], [], wait_s)
    return bool(ready)


def say(line: str) -> None:
    """Say one line to whoever started this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    what, where, many, *rest = sys.argv[1:]
    if what == "frames":
        frames(where, int(many), rest[0])
    elif what == "hold":
        hold(where, int(many), b'{"is":', drips=True)
    else:
        hold(where, int(many), b'{"is":"Follow"}\n', drips=False)
