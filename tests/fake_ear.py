"""An ear that hears a script: the real protocol, no sound and no engine.

    python -m fake_ear

The greeting's `model` is a file of JSON: `turns`, each its start, its end and its pieces of text,
and `dies`: how the first life of it ends. A later life hears everything a little elsewhere, unless
it `always` ends like that.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

import msgspec

from assistant import child
from assistant.events import Channel, Fact, Heard, SpeechEnded, SpeechStarted, to_json

ELSEWHERE_S = 0.02
LEAKS_AT_ONCE_BYTES = 2**22


class Turn(msgspec.Struct, frozen=True):
    """One turn of speech."""

    start_s: float
    pieces: tuple[tuple[float, str], ...]
    """Where each ends, and its words."""

    @property
    def end_s(self) -> float:
        return self.pieces[-1][0]


class Script(msgspec.Struct, frozen=True):
    """What it hears, and how its first life ends."""

    turns: tuple[Turn, ...] = ()
    dies: str = ""
    """Before which fact of the last turn it `dies` or `hangs`: `dies before Heard`."""
    loads: bool = False
    """Its next life is ready only when it is told to finish."""
    length_s: float = 60.0
    always: bool = False
    """Every life of it ends like the first."""
    raves: tuple[str, ...] = ()
    """Lines that it says before all others, in every life."""
    leaks_bytes: int = 0
    """How much its first life takes, little by little, once it is ready."""
    hurries: bool = False
    """Its first life is done without having heard anything."""


class Greeting(msgspec.Struct, frozen=True):
    """The part of the greeting that matters here."""

    model: str
    from_s: dict[str, float]
    end_s: dict[str, float] | None


def tell(fact: Fact, known_s: float) -> None:
    child.say(b'{"known_s":%f,' % known_s + to_json(fact)[1:])


def at(s: float) -> None:
    child.say(b'{"ear":"at","channel":"me","s":%f}' % s)


def end(how: str) -> None:
    if how.startswith("hangs"):
        os.kill(os.getpid(), signal.SIGSTOP)
    sys.stderr.write("the script says so\n")
    sys.stderr.flush()
    os._exit(3)


def hear(script: Script, from_s: float, shift_s: float) -> None:
    me = Channel.ME
    for number, turn in enumerate(script.turns):
        if turn.end_s <= from_s:
            continue
        is_last = number == len(script.turns) - 1

        def tell_or_end(fact: Fact, known_s: float, dies: bool = is_last) -> None:
            if dies and script.dies.endswith(f"before {type(fact).__name__}"):
                end(script.dies)
            tell(fact, known_s)

        start_s = max(turn.start_s, from_s) + shift_s
        pieces = [piece for piece in turn.pieces if piece[0] > from_s]
        at(max(from_s, start_s - 0.25))
        tell_or_end(SpeechStarted(me, start_s), start_s + 0.1)
        for end_s, text in pieces[:-1]:
            tell(Heard(me, start_s, end_s, text), end_s + 0.2)
        last_s, text = pieces[-1]
        tell_or_end(SpeechEnded(me, start_s, last_s + shift_s), last_s + 0.5)
        tell_or_end(Heard(me, start_s, last_s + shift_s, text), last_s + 0.5)


def main() -> NoReturn:
    child.end_with_parent()
    lines = child.lines_in()
    greeting = msgspec.json.decode(next(lines), type=Greeting)
    path = Path(greeting.model)
    script = msgspec.json.decode(path.read_bytes(), type=Script)
    # The next life is a sound one.
    dies = script.dies if script.always else ""
    next_life = msgspec.structs.replace(script, dies=dies, leaks_bytes=0, hurries=False)
    path.write_bytes(msgspec.json.encode(next_life))
    is_first = bool(script.dies)
    is_finished = greeting.end_s is not None
    if script.loads and not (is_first or is_finished):
        is_finished = next(lines, None) is not None
    child.say(b'{"ear":"ready"}')
    for line in script.raves:
        child.say(line.encode())
    leak = bytearray()
    while len(leak) < script.leaks_bytes:
        leak += b"x" * LEAKS_AT_ONCE_BYTES
        child.say(b'{"ear":"waiting"}')
        time.sleep(0.02)
    if script.hurries:
        child.say(b'{"ear":"done"}')
        os._exit(0)
    hear(script, greeting.from_s["me"], 0.0 if is_first else ELSEWHERE_S)
    at(script.length_s)
    if not is_finished:
        next(lines, None)
    child.say(b'{"ear":"done"}')
    os._exit(0)


if __name__ == "__main__":
    main()
