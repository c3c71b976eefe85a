"""A child that raves or leaks: nothing of it reaches the call, and nothing is missing.

Simulated: the child is a small one that says what it is told to; its parent's side is the real one,
and so are the pipe, the process and the memory it takes.
"""

import os
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import msgspec
from virtual_call import ROOT

from assistant.call import Call, replay
from assistant.events import CallStarted, Channel, Fact, Heard, SpeechStarted, to_json
from assistant.hearing.claims import AHEAD_S
from assistant.hearing.ears import Care
from assistant.hearing.listening import Listening
from assistant.hearing.models import Choice
from assistant.plan import Plan
from faults.fault import Tally
from tests.fake_ear import Script, Turn

BATCH = 1000
"""Lines of one ear."""
_END_S = 60.0
_WITHIN_S = 120.0
_TURNS = (
    Turn(2.0, ((3.0, "so how"),)),
    Turn(5.0, ((11.0, "did it all begin"), (12.0, "for you"))),
)
_TEXTS = ["so how", "did it all begin", "for you"]
_WORDS = ("is", "ear", "channel", "start_s", "end_s", "text", "s", "known_s", "words", "engine")
_SENSELESS: tuple[object, ...] = (
    None,
    True,
    -1,
    1e300,
    -0.0,
    "NaN",
    [],
    {},
    "me",
    "them",
    "Heard",
    7,
    "\x1b[2J",
    2**70,
)


def of_ear(tries: int, chance: Random, tally: Tally) -> None:
    """Have an ear say so many lines of nonsense among what it heard, a thousand at a time."""
    while tally.tried < tries:
        lines = [_nonsense(chance) for _ in range(min(BATCH, tries - tally.tried))]
        # Something true now and then, or it would be started again for nothing but garbage.
        spaced = [line for n, garbage in enumerate(lines) for line in _spaced(n, garbage)]
        with _heard(Script(_TURNS, raves=tuple(spaced))) as (listening, facts):
            listening.finish({Channel.ME: _END_S})
            is_whole = listening.wait(_WITHIN_S) and listening.is_heard_out()
        why = _fault(facts, is_whole=is_whole)
        for _ in lines:
            tally.add(held=not why, why=why)


def of_leak(tries: int, _chance: Random, tally: Tally) -> None:
    """Have an ear take memory and keep it."""
    for _ in range(tries):
        script = Script(_TURNS, leaks_bytes=2**30)
        with _heard(script, growth_bytes=2**26) as (listening, facts):
            first, now_s = listening.pid, 13.0
            while listening.pid == first and now_s < 1000.0:
                listening.check(now_s)
                now_s += 1.0
                threading.Event().wait(0.02)
            is_other = listening.pid != first
            listening.finish({Channel.ME: _END_S})
            is_whole = listening.wait(_WITHIN_S) and listening.is_heard_out()
        why = _fault(facts, is_whole=is_whole) if is_other else "it went on taking memory"
        tally.add(held=not why, why=why)


@contextmanager
def _heard(script: Script, growth_bytes: int = 2**30) -> Generator[tuple[Listening, list[Fact]]]:
    facts: list[Fact] = []
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "script.json"
            path.write_bytes(msgspec.json.encode(script))
            listening = Listening(
                Choice("vosk", path, "a script", ""),
                {Channel.ME: Path(folder) / "me.s16"},
                lambda fact, _known_s: facts.append(fact),
                lambda _sentence, _gave_up: None,
                module="tests.fake_ear",
                now_s=lambda: _END_S,
                care=Care(growth_bytes),
            )
            try:
                listening.start()
                yield listening, facts
            finally:
                listening.close()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before


def _fault(facts: list[Fact], *, is_whole: bool) -> str:
    """Say what is wrong with what was told, and with a call that gets it."""
    if not is_whole:
        return "the ear was given up"
    texts = [fact.text for fact in facts if isinstance(fact, Heard)]
    if texts[-len(_TEXTS) :] != _TEXTS:
        return "what was really heard is missing"
    for fact in facts:
        start_s = getattr(fact, "start_s", -1.0)
        end_s = start_s if isinstance(fact, SpeechStarted) else getattr(fact, "end_s", -1.0)
        if not 0 <= start_s <= end_s <= _END_S + AHEAD_S:
            return "a time outside the call was told"
    call, plan = Call(Plan()), Plan()
    entries = call.receive(CallStarted("call", "", "", {}), 0.0)
    for n, fact in enumerate(facts):
        entries += call.receive(fact, n * 0.01)
    return "" if replay(plan, entries) == entries else "the journal is not its own replay"


def _spaced(number: int, garbage: str) -> tuple[str, ...]:
    return (garbage, '{"ear":"waiting"}') if number % 10 == 9 else (garbage,)


def _nonsense(chance: Random) -> str:
    """Make one line that makes no sense."""
    kind = chance.randrange(7)
    if kind == 0:
        return "".join(chr(chance.randrange(32, 0x2FF)) for _ in range(chance.randrange(1, 400)))
    if kind == 1:
        return '{"a":' * chance.randrange(1, 3000)
    if kind == 2:
        return '{"text":"' + "x" * chance.choice((10, 1_000, 50_000)) + '"}'
    fact = Heard(Channel.ME, 50.0, 51.0, "never said")
    line = msgspec.json.decode(b'{"known_s":51.0,' + to_json(fact)[1:])
    if kind == 3:
        whole = msgspec.json.encode(line).decode()
        return whole[: chance.randrange(1, len(whole) - 1)]
    # A lie that could be true is none that anybody could find: each of these could not.
    line[chance.choice(_WORDS)] = chance.choice(_SENSELESS)
    if kind == 4:
        line["start_s"] = chance.choice((-1.0, 1e9, 63.5, 1e300, 40.0))
        line["end_s"] = chance.choice((-2.0, 30.0, 1e12))
    elif kind == 5:
        line["is"] = chance.choice(("CallEnded", "NoteTaken", "Cue", "Tick", "", "heard"))
        line.pop("ear", None)
    else:
        line["end_s"] = -5
    return msgspec.json.encode(line).decode()
