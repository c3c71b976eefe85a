"""`wrap` of a call that was cut short, killed at random moments and done again."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from assistant.events import CallStarted, Channel, Entry, Heard, SpeechEnded, SpeechStarted
from assistant.hearing.spool import RATE_HZ
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.plan import to_json
from assistant.recording import to_spool
from faults.fault import Tally
from faults.mortal import environ_of, plan, verb

SAMPLE = Path(__file__).resolve().parents[2] / "sample" / "interview.ogg"
LENGTH_S = 24.0
NAME = "2026-12-01-1500-dana-ruiz"
AT_ONCE = 2
MOST_KILLS = 3
_STARTING_S = 0.2
"""Before, only Python itself is loading."""
_STARTED = CallStarted(NAME, "2026-12-01T15:00:00.000+01:00", "0", {"hearing": "told"})


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """How it goes when nobody kills it."""

    files: dict[str, bytes]
    took_s: float


def killed(tries: int, chance: Random, tally: Tally) -> None:
    """Kill a `wrap` once to three times, then let one be; compare with one that was never killed.

    Each begins with the same call, of which the first seconds were heard before it broke off.
    """
    with tempfile.TemporaryDirectory(prefix="finish-") as folder:
        sides = _sides(Path(folder))
        whole = _undisturbed(Path(folder) / "undisturbed", sides)
        seeds = [chance.randrange(1 << 30) for _ in range(tries)]

        def one(seed: int) -> str:
            return _one(Path(folder) / str(seed), sides, whole, Random(seed))  # noqa: S311

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for why in pool.map(one, seeds):
                tally.add(held=not why, why=why)


def _one(home: Path, sides: dict[Channel, bytes], whole: Undisturbed, chance: Random) -> str:
    folder = _cut_call(home, sides)
    environ = environ_of({}, home)
    for _ in range(chance.randint(1, MOST_KILLS)):
        _kill(environ, chance.uniform(_STARTING_S, whole.took_s))
    done = verb(environ, "wrap", NAME)
    if done.returncode:
        return f"wrap failed: {done.stderr[-300:]}"
    files = _files(folder)
    differing = sorted(
        name for name in {*files, *whole.files} if files.get(name) != whole.files.get(name)
    )
    return f"other bytes in {', '.join(differing)}" if differing else ""


def _kill(environ: dict[str, str], after_s: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "wrap", NAME],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(after_s)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def _undisturbed(home: Path, sides: dict[Channel, bytes]) -> Undisturbed:
    folder = _cut_call(home, sides)
    begun_s = time.monotonic()
    done = verb(environ_of({}, home), "wrap", NAME)
    took_s = time.monotonic() - begun_s
    files = _files(folder)
    if done.returncode or b"Heard" not in files["journal.jsonl"]:
        raise RuntimeError(f"An undisturbed wrap failed: {done.stderr[-300:]}")
    return Undisturbed(files, took_s)


def _sides(folder: Path) -> dict[Channel, bytes]:
    sides: dict[Channel, bytes] = {}
    for side, channel in enumerate((Channel.ME, Channel.THEM)):
        to_spool(SAMPLE, side, folder / "side")
        samples = np.fromfile(folder / "side", "<i2")[: round(LENGTH_S * RATE_HZ)]
        sides[channel] = samples.tobytes()
    return sides


def _cut_call(home: Path, sides: dict[Channel, bytes]) -> CallFolder:
    """Make a call that was killed while the user still said hello."""
    folder = CallFolder(home / "calls" / NAME)
    folder.path.mkdir(mode=0o700, parents=True)
    folder.write(folder.plan.name, to_json(plan()))
    hello = Heard(Channel.ME, 1.7, 6.6, "good afternoon", (), "told")
    events = (_STARTED, SpeechStarted(Channel.ME, 1.7), SpeechEnded(Channel.ME, 1.7, 6.6), hello)
    entries = [Entry(n, 2.0 * n - 2.0, event) for n, event in enumerate(events, 1)]
    journal = Journal.open(folder.journal)
    journal.append(entries)
    journal.close()
    for channel, sound in sides.items():
        folder.spool(channel).write_bytes(sound)
    return folder


def _files(folder: CallFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.path.iterdir()}
