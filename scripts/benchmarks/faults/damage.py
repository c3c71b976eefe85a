"""The journal is damaged in every way a disk or a program can, and read.

Each damage is done to the bytes of a real call's journal. Every line that is still whole anywhere
in them must be read, none that never was, and never slower than twice a clean read.
"""

import contextlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from assistant.call import Call, replay
from assistant.events import CallEnded, Channel, Entry, Heard, NoteTaken, SpeechEnded, SpeechStarted
from assistant.keeping import journal
from assistant.keeping.journal import Journal, seal
from assistant.retelling import tell_again
from faults.cut import PLAN, STARTED
from faults.fault import Tally

MOST_SLOWER = 2.0
_TURNS = 80
_TOLD_EVERY = 20
_AGAIN = 30
"""A read that seems slow is measured so often, by turns with a clean one: a machine is not always
as fast."""


def damage_the_journal(tries: int, chance: Random, tally: Tally) -> None:
    """Damage it so many times, each time in one to four ways."""
    entries = _long_talk(chance)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "journal.jsonl"
        writing = Journal.open(path)
        writing.append(entries)
        writing.close()
        whole = path.read_bytes()
        clean = path.with_name("clean.jsonl")
        clean.write_bytes(whole)
        lines = {line: n for n, line in enumerate(whole.splitlines())}
        for n in range(tries):
            body = whole
            for _ in range(chance.choice((1, 1, 1, 2, 4))):
                body = chance.choice(DAMAGES)(body, chance)
            path.write_bytes(body)
            slower = _slower(path, clean)
            why = _look(path, body, lines, entries, is_told=n % _TOLD_EVERY == 0)
            if slower > MOST_SLOWER:
                why = f"{why} reading took {slower:.1f} times as long".strip()
            tally.add(held=not why, figure=slower, why=why)


def _look(
    path: Path, body: bytes, lines: dict[bytes, int], entries: list[Entry], *, is_told: bool
) -> str:
    try:
        reading = journal.read(path)
        if is_told:
            _, told, *_ = tell_again(PLAN, reading.entries, STARTED)
            if replay(PLAN, told) != told:
                return "what was told again is no journal"
    except Exception as error:
        return f"{type(error).__name__} on reading"
    there = set(body.split(b"\n"))
    expected = [entries[n] for line, n in lines.items() if line in there or line in body]
    if reading.entries != expected:
        return f"{len(reading.entries)} lines were read of {len(expected)} that are whole"
    return ""


def _slower(path: Path, clean: Path) -> float:
    """Return how many times as long a damaged journal takes as a clean one."""
    least_s, clean_s = _read_s(path), _read_s(clean)
    for _ in range(_AGAIN):
        if least_s <= clean_s * MOST_SLOWER * 0.7:
            break
        least_s, clean_s = min(least_s, _read_s(path)), min(clean_s, _read_s(clean))
    return least_s / clean_s


def _read_s(path: Path) -> float:
    """Return how long it takes to read a journal, in seconds of this thread."""
    begun_s = time.thread_time()
    with contextlib.suppress(Exception):
        journal.read(path)
    return time.thread_time() - begun_s


def _long_talk(chance: Random) -> list[Entry]:
    call = Call(PLAN)
    entries = call.receive(STARTED, 0.0)
    for n in range(_TURNS):
        at_s = 4.0 * n + 1
        channel = chance.choice((Channel.ME, Channel.THEM))
        spoken = " ".join(
            chance.choices(("so", "what", '{"seq":', "typically", "ünd", "day"), k=25)
        )
        entries += call.receive(SpeechStarted(channel, at_s), at_s + 0.2)
        entries += call.receive(SpeechEnded(channel, at_s, at_s + 3), at_s + 3.5)
        entries += call.receive(Heard(channel, at_s, at_s + 3, spoken), at_s + 3.6)
        if n % 10 == 0:
            entries += call.receive(NoteTaken("note\n to self"), at_s + 3.7)
    return entries + call.receive(CallEnded("stopped"), 4.0 * _TURNS + 1)


# ---------------------------------------------------------------- damages


def _place(body: bytes, chance: Random) -> int:
    return chance.randrange(len(body) + 1)


def _flip_bits(body: bytes, chance: Random) -> bytes:
    flipped = bytearray(body)
    for _ in range(min(len(body), chance.choice((1, 1, 2, 10, 200)))):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _cut_end(body: bytes, chance: Random) -> bytes:
    return body[: _place(body, chance)]


def _cut_out(body: bytes, chance: Random) -> bytes:
    at = _place(body, chance)
    return body[:at] + body[at + chance.choice((1, 7, 100, 512, 4096)) :]


def _junk(body: bytes, chance: Random) -> bytes:
    at, size = _place(body, chance), chance.choice((1, 16, 512, 4096))
    pieces = chance.randbytes(size), b'{"seq":' * (size // 7), b"\n" * size, b'"}' * (size // 2)
    junk = chance.choice((*pieces, b',"crc":"' * (size // 8), seal(b'{"seq":1}')))
    return body[:at] + junk + body[at:]


def _double(body: bytes, chance: Random) -> bytes:
    at, size = _place(body, chance), chance.choice((512, 4096, 16384))
    return body[: at + size] + body[at : at + size] + body[at + size :]


def _swap(body: bytes, chance: Random) -> bytes:
    size = 4096
    first = chance.randrange(max(1, len(body) // size)) * size
    other = chance.randrange(max(1, len(body) // size)) * size
    first, other = min(first, other), max(first, other)
    one, two = body[first : first + size], body[other : other + size]
    if other < first + size:
        return body
    return body[:first] + two + body[first + size : other] + one + body[other + size :]


def _blank(body: bytes, chance: Random) -> bytes:
    at, size = _place(body, chance) // 512 * 512, chance.choice((512, 4096))
    return body[:at] + bytes(min(size, len(body) - at)) + body[at + size :]


def _join_lines(body: bytes, chance: Random) -> bytes:
    lines = body.split(b"\n")
    at = chance.randrange(len(lines))
    return (
        b"\n".join(lines[: at + 1])
        + chance.choice((b"", b" ", b"\r\0"))
        + b"\n".join(lines[at + 1 :])
    )


def _shuffle_lines(body: bytes, chance: Random) -> bytes:
    lines = body.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip_bits,
    _cut_end,
    _cut_out,
    _junk,
    _double,
    _swap,
    _blank,
    _join_lines,
    _shuffle_lines,
)
