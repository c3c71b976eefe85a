"""A child of a real call is killed or stopped: it comes back, and nothing of the call is missing.

A child that dies five times in a minute is given up, so a call has four deaths of each at most and
fifty take several calls.
"""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from long_call import LongCall, real_call
from virtual_call import run

from assistant.events import CallStarted, Entry, Heard, Understood
from assistant.hearing.models import Choice
from assistant.hearing.patience import HUNG_S
from assistant.speaking.saying import Care
from assistant.understanding.interpreting import Patience
from faults import transcript
from faults.fault import Tally, Try
from faults.onlooker import Child, Onlooker
from faults.slowness import slower

DEATHS = 4
"""In a call; with the next one it would be given up."""

WITHIN_S: dict[Child, float] = {"ear": 2.0, "voice": 2.0, "interpreter": 2.0}
_SILENT_S = 8.0
"""Somebody has spoken and was heard by then."""
HUNG_WITHIN_S: dict[Child, float] = {
    # What it takes to find out, and to come back; a look a second.
    "ear": HUNG_S + 1.0 + WITHIN_S["ear"],
    "voice": Care().asked_every_s + Care().there_s + 1.0 + WITHIN_S["voice"],
    # Only who is asked can be found out, and somebody speaks every few seconds.
    "interpreter": Patience().hangs_s + _SILENT_S + 1.0 + WITHIN_S["interpreter"],
}
_GIVE_UP_WAITING_S = 30.0
_WARM_S = 1.0
_DEADLY = signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT

Check = Callable[[Path, Sequence[Entry]], list[str]]
"""What is wrong with a call that has ended, from its folder and its journal."""


def of_ear(tries: int, chance: Random, tally: Tally) -> None:
    """Kill the ear while people talk."""
    while tally.tried < tries:
        _kill("ear", min(DEATHS, tries - tally.tried), chance, tally, _whole)


def of_voice(tries: int, chance: Random, tally: Tally) -> None:
    """Kill the voice."""
    while tally.tried < tries:
        _kill("voice", min(DEATHS, tries - tally.tried), chance, tally, _unbroken)


def of_understanding(tries: int, chance: Random, tally: Tally) -> None:
    """Kill what understands."""
    while tally.tried < tries:
        _kill("interpreter", min(DEATHS, tries - tally.tried), chance, tally, _understood)


def stopped(name: Child) -> Try:
    """Stop a child as a debugger would, each in a call of its own."""

    def make(tries: int, chance: Random, tally: Tally) -> None:
        check = {"ear": _whole, "voice": _unbroken, "interpreter": _understood}[name]
        for _ in range(tries):
            with real_call(60, "auto", chance.randrange(1000)) as call:
                look = _warm(call)
                within_s = HUNG_WITHIN_S[name] * slower()
                back_s = look.send(name, signal.SIGSTOP, _GIVE_UP_WAITING_S)
                faults = end(call, look, check)
            _count(tally, back_s, within_s, faults)

    return make


def _kill(name: Child, deaths: int, chance: Random, tally: Tally, check: Check) -> None:
    with real_call(60, "auto", chance.randrange(1000)) as call:
        look = _warm(call)
        backs: list[tuple[float | None, float]] = []
        for _ in range(deaths):
            time.sleep(chance.uniform(0.0, 1.5))
            within_s = WITHIN_S[name] * slower()
            number = chance.choice(_DEADLY)
            backs.append((look.send(name, number, _GIVE_UP_WAITING_S), within_s))
        faults = end(call, look, check)
    for back_s, within_s in backs:
        _count(tally, back_s, within_s, faults)


def _warm(call: LongCall) -> Onlooker:
    time.sleep(_WARM_S)
    return Onlooker(call)


def _count(tally: Tally, back_s: float | None, within_s: float, faults: list[str]) -> None:
    if back_s is None:
        why = "it did not come back"
    elif back_s > within_s:
        why = f"back after {back_s:.2f} s, not {within_s:.2f} s"
    else:
        why = "; ".join(faults)
    tally.add(held=not why, figure=back_s, why=why)


def end(call: LongCall, look: Onlooker, check: Check) -> list[str]:
    """Stop the call; say what is wrong with it."""
    stopped = run(call.environ, "stop", "--json")
    return check(Path(stopped["folder"]), look.entries())


def _whole(folder: Path, entries: Sequence[Entry]) -> list[str]:
    return transcript.faults(folder, entries, _choice(entries))


def _unbroken(folder: Path, entries: Sequence[Entry]) -> list[str]:
    return transcript.sound_faults(folder, entries)


def _understood(folder: Path, entries: Sequence[Entry]) -> list[str]:
    """Say what is wrong where a line has no meaning, or more than one."""
    heard = [e.seq for e in entries if isinstance(e.event, Heard) and not e.event.echo]
    meanings = [e.event.heard_seq for e in entries if isinstance(e.event, Understood)]
    wrong = len(set(heard) ^ set(meanings)) + len(meanings) - len(set(meanings))
    found = [] if heard and not wrong else [f"{wrong} of {len(heard)} lines not understood once"]
    return found + _unbroken(folder, entries)


def _choice(entries: Sequence[Entry]) -> Choice:
    started = next(e.event for e in entries if isinstance(e.event, CallStarted))
    label = started.engines["hearing"]
    if not label.startswith("moonshine"):
        raise RuntimeError(f"This bench is for the built-in engine, not for {label}.")
    return Choice("moonshine", None, label)
