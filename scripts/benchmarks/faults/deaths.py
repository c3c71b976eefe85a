"""Deaths of the daemon: in a call, while it is recovered or finished; starts and stops."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Lock

from assistant.errors import SottovoceError
from assistant.events import CallEnded
from assistant.keeping import journal
from assistant.keeping.lock import running_call
from assistant.keeping.unfinished import state_of, unfinished
from assistant.settings import Places
from faults import counted_daemon, finishing, longest
from faults.fault import Fault, Tally
from faults.mortal import GONE_WITHIN_S, Mortal, environ_of, humming_card, verb
from faults.slowness import slower
from tests.sound_card import SoundCard

SOUND_S = 0.02
"""One block of a sound card: what a callback brought and the writer had not taken yet."""
_ROUNDING_S = 1e-6
STOP_WITHIN_S = 3.0
FORCED_WITHIN_S = 0.5
SETTLED_S = 0.4
"""Before, a side that begins is still being watched, to be put in its place."""
AT_ONCE = 2
"""Calls that live side by side, each with a home of its own."""
_COMMANDED_EACH = 4
"""With every fourth, real commands follow; with the others what they ask and nothing more."""
_SIGNALS = signal.SIGTERM, signal.SIGINT, signal.SIGHUP


def killed(tries: int, chance: Random, tally: Tally) -> None:
    """Kill the daemon at random moments while notes are taken all the time."""
    moments_s = [chance.uniform(SETTLED_S, 3.0) for _ in range(tries)]
    with humming_card() as card, tempfile.TemporaryDirectory(prefix="deaths-") as folder:
        homes = [Path(folder) / str(number) for number in range(AT_ONCE)]
        lock = Lock()

        def live_in(home: Path) -> None:
            for number in range(homes.index(home), tries, AT_ONCE):
                try:
                    lost_s, why = _one_death(card, home, moments_s[number], number)
                except (RuntimeError, OSError, SottovoceError) as error:
                    lost_s, why = None, f"it could not be tried: {error}"
                with lock:
                    tally.add(held=not why, figure=lost_s, why=why)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(live_in, homes))


def _one_death(card: SoundCard, home: Path, moment_s: float, number: int) -> tuple[float, str]:
    environ = environ_of(card.env, home)
    with Mortal(Places(home), environ, murmurs=number % 5 == 0) as call:
        time.sleep(moment_s)
        gone_within_s = GONE_WITHIN_S * slower()
        call.kill()
        orphans = call.orphans(gone_within_s)
    lost_s = counted_daemon.lost_s(call.counts)
    missing = call.missing_notes()
    name = call.folder.name
    faults: list[str] = []
    if lost_s > SOUND_S + _ROUNDING_S:
        faults.append(f"{lost_s * 1000:.1f} ms of sound lost")
    if missing or not call.acknowledged:
        faults.append(f"{missing} of {len(call.acknowledged)} acknowledged notes lost")
    if orphans:
        faults.append(f"{len(orphans)} processes left behind")
    if unfinished(Places(home).calls, running_call(Places(home).lock))[-1:] != [call.folder]:
        faults.append("it was not found to be unfinished")
    if number % _COMMANDED_EACH == 0:
        if f"{name} was cut short" not in verb(environ, "list").stderr:
            faults.append("the next command did not say so")
        done = verb(environ, "wrap", name)
        if done.returncode or state_of(call.folder) != "done":
            faults.append(f"wrap did not finish it: {done.stderr[-200:]}")
    else:
        call.folder.remove()
    return lost_s, "; ".join(faults)


def started_at_once(tries: int, chance: Random, tally: Tally) -> None:
    """Start many calls in the same moment."""
    del chance
    with SoundCard() as card, tempfile.TemporaryDirectory(prefix="starts-") as home:
        environ = environ_of(card.env, Path(home))
        command = [sys.executable, "-m", "assistant", "start", "--engine", "moonshine"]
        command += ["--microphone", "vmic", "--far-side", "loopback", "--no-murmur"]
        starts = [
            subprocess.Popen(
                command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
            for _ in range(tries)
        ]
        said = [(start.communicate()[1], start.returncode) for start in starts]
        winners = sum(code == 0 for _, code in said)
        for text, code in said:
            is_winner = code == 0 and winners == 1
            is_refused = code == 3 and ("already running" in text or "just starting" in text)
            why = f"exit code {code}, {winners} winners: {text[-200:]}"
            tally.add(held=is_winner or is_refused, figure=float(winners), why=why)
        verb(environ, "cancel", "--yes")


def stopped(tries: int, chance: Random, tally: Tally) -> None:
    """End calls by each signal."""
    with humming_card() as card, tempfile.TemporaryDirectory(prefix="stops-") as home:
        for number in range(tries):
            with Mortal(Places(Path(home)), environ_of(card.env, Path(home))) as call:
                time.sleep(chance.uniform(SETTLED_S, 2.0))
                within_s = STOP_WITHIN_S * slower()
                call.send(_SIGNALS[number % len(_SIGNALS)])
                took_s = call.ended_in_s(within_s + 20.0)
                why = _not_ended_well(call, took_s, within_s, CallEnded("signal"))
                why = why or ("" if state_of(call.folder) == "done" else "there is no summary")
            tally.add(held=not why, figure=took_s, why=why)


def forced(tries: int, chance: Random, tally: Tally) -> None:
    """Send a second signal while the first is being obeyed."""
    with humming_card() as card, tempfile.TemporaryDirectory(prefix="forced-") as home:
        for number in range(tries):
            with Mortal(Places(Path(home)), environ_of(card.env, Path(home))) as call:
                time.sleep(chance.uniform(SETTLED_S, 2.0))
                within_s = FORCED_WITHIN_S * slower()
                call.send(_SIGNALS[number % len(_SIGNALS)])
                time.sleep(chance.uniform(0.0, 0.3))
                call.send(_SIGNALS[(number + 1) % len(_SIGNALS)])
                took_s = call.ended_in_s(within_s + 20.0)
                why = _not_ended_well(call, took_s, within_s, None)
            tally.add(held=not why, figure=took_s, why=why)


def started_again(tries: int, chance: Random, tally: Tally) -> None:
    """Start a call where one was killed: its socket and its lock file still lie there."""
    with humming_card() as card, tempfile.TemporaryDirectory(prefix="stale-") as folder:
        home = Path(folder)
        environ = environ_of(card.env, home)
        with Mortal(Places(home), environ) as first:
            normal_s = first.started_in_s
            first.kill()
        for _ in range(tries):
            time.sleep(chance.uniform(0.0, 0.2))
            is_stale = Places(home).socket.exists()
            try:
                with Mortal(Places(home), environ) as call:
                    took_s = call.started_in_s
                    call.kill()
            except (RuntimeError, SottovoceError) as error:
                tally.add(held=False, why=str(error))
                continue
            why = "" if is_stale else "there was nothing stale"
            if took_s > 2 * normal_s + 1.0 * slower():
                why = f"{took_s:.1f} s to start, not {normal_s:.1f} s"
            tally.add(held=not why, figure=took_s, why=why)


def _not_ended_well(
    call: Mortal, took_s: float | None, within_s: float, last: CallEnded | None
) -> str:
    """Say what is wrong with how a call ended."""
    if took_s is None:
        return "it did not end"
    if orphans := call.orphans(GONE_WITHIN_S * slower()):
        return f"{len(orphans)} processes left behind"
    if took_s > within_s:
        return f"{took_s:.2f} s, not {within_s:.2f} s"
    if call.missing_notes():
        return f"{call.missing_notes()} acknowledged notes lost"
    reading = journal.read(call.folder.journal)
    if reading.damaged:
        return "the journal is damaged"
    return "" if last is None or reading.entries[-1].event == last else "its end was not written"


Make = Callable[[int, Random, Tally], None]

FAULTS: tuple[Fault, ...] = (
    Fault(
        "the daemon is killed at a random moment",
        "no acknowledged note lost, at most 20 ms of sound for each channel, no process left "
        "after 2 s, the next command says so, wrap finishes it",
        "real",
        "s of sound lost",
        4,
        200,
        killed,
        needs_card=True,
    ),
    Fault(
        "a three-hour call broke off",
        "its journal is read, told again, and it is known where to go on, within 1 s",
        "simulated",
        "s of processor time",
        1,
        10,
        longest.reopened,
    ),
    Fault(
        "killed while a call is recovered and finished, once to three times",
        "done again it gives the same bytes: journal, pages, sound",
        "real",
        "",
        2,
        50,
        finishing.killed,
    ),
    Fault(
        "calls are started in the same moment",
        "exactly one begins, the others are told why not",
        "real",
        "began",
        8,
        50,
        started_at_once,
        needs_card=True,
    ),
    Fault(
        "TERM, INT, HUP end a call",
        "the process is gone within 3 s, journal and summary are written",
        "real",
        "s to end",
        3,
        15,
        stopped,
        needs_card=True,
    ),
    Fault(
        "a second signal while the call is ending",
        "the process is gone within 0.5 s, the journal is whole, no acknowledged note lost",
        "real",
        "s to end",
        1,
        6,
        forced,
        needs_card=True,
    ),
    Fault(
        "a start after a kill: stale socket, stale lock file",
        "it starts in its usual time",
        "real",
        "s to start",
        1,
        5,
        started_again,
        needs_card=True,
    ),
)
