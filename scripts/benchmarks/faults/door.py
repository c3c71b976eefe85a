"""Hostile clients at a running call's socket; `paper` and `strangers` have hostile files."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np

from assistant import control
from assistant.control import Status
from assistant.errors import SottovoceError
from assistant.events import NoteTaken
from assistant.settings import Places
from faults import paper, strangers
from faults.fault import Fault, Tally

PING_WITHIN_S = 0.05
"""The 99th part of a hundred of all answers to `status`, under fire."""
PING_EVERY_S = 0.01
SETTLED_WITHIN_S = 20.0
SLOW_CLIENTS = 200
DEAF_FOLLOWERS = 50

IS_ROOT = os.getuid() == 0

_HERE = Path(__file__).parent


@dataclass(slots=True)
class Pings:
    """What `status` took, asked again and again by another program."""

    path: Path
    took_s: list[float] = field(default_factory=list[float])
    failed: list[str] = field(default_factory=list[str])
    _done: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> float:
        """Ask once; return the seconds until the answer was there."""
        begun_s = time.perf_counter()
        try:
            next(control.ask(self.path, Status(), SETTLED_WITHIN_S))
        except SottovoceError as error:
            self.failed.append(str(error))
        self.took_s.append(time.perf_counter() - begun_s)
        return self.took_s[-1]

    def ask_on(self) -> None:
        """Ask until `stop`."""
        while not self._done.wait(PING_EVERY_S):
            self.ask()

    def stop(self) -> None:
        """Ask no more."""
        self._done.set()

    def p99_s(self) -> float:
        """Return what 99 of 100 were quicker than."""
        return float(np.percentile(self.took_s, 99))


@dataclass(frozen=True, slots=True)
class Call:
    """A call without sound, and what its process holds."""

    path: Path
    pid: int

    def held(self) -> tuple[int, int]:
        """Count its open files and threads."""
        files = len(os.listdir(f"/proc/{self.pid}/fd"))  # noqa: PTH208
        return files, len(os.listdir(f"/proc/{self.pid}/task"))  # noqa: PTH208

    def settles_at(self, before: tuple[int, int]) -> bool:
        """Wait until it holds no more than before."""
        until_s = time.monotonic() + SETTLED_WITHIN_S
        while any(now > then for now, then in zip(self.held(), before, strict=True)):
            if time.monotonic() > until_s:
                return False
            time.sleep(0.05)
        return True


@contextlib.contextmanager
def _call(more: Sequence[str] = ()) -> Generator[Call]:
    with tempfile.TemporaryDirectory(prefix="door-") as home:
        command = [sys.executable, str(_HERE / "doorkeeper.py"), home, *more]
        with _process(command, "open") as process:
            yield Call(Places(Path(home)).socket, process.pid)


@contextlib.contextmanager
def _hammer(what: str, path: Path, count: int) -> Generator[None]:
    command = [sys.executable, str(_HERE / "hammer.py"), what, str(path), str(count)]
    with _process(command, "held"):
        yield


@contextlib.contextmanager
def _process(command: list[str], ready: str) -> Generator["subprocess.Popen[str]"]:
    """Run a program until its stdin is closed, from when it says that it is ready."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            if (process.stdout or sys.stdin).readline().strip() != ready:
                raise RuntimeError(f"{Path(command[1]).name} did not begin.")
            yield process
        finally:
            # Closes its stdin, and waits for its end.
            process.communicate(timeout=60)


def _frames(tries: int, chance: Random, tally: Tally) -> None:
    with _call() as call:
        pings = Pings(call.path)
        for _ in range(20):
            pings.ask()
        before, pings.took_s = call.held(), []
        asker = threading.Thread(target=pings.ask_on)
        asker.start()
        try:
            said = [*_hammered(call.path, tries, f"{chance.random()}")]
        finally:
            pings.stop()
            asker.join()
        p99_s, is_flat = pings.p99_s(), call.settles_at(before)
        for number, line in enumerate(said, start=1):
            wrong = "" if line == "ok" else line
            if number == tries:
                # What holds for all of them together is told with the last one.
                wrong = wrong or _wrong_with_all(pings, p99_s, is_flat=is_flat)
            tally.add(held=not wrong, figure=1000 * p99_s, why=wrong)


def _wrong_with_all(pings: Pings, p99_s: float, *, is_flat: bool) -> str:
    if pings.failed:
        return f"{len(pings.failed)} status went unanswered, first: {pings.failed[0]}"
    if p99_s > PING_WITHIN_S:
        return f"status took {1000 * p99_s:.0f} ms (p99 of {len(pings.took_s)})"
    return "" if is_flat else "files or threads stayed"


def _hammered(path: Path, count: int, seed: str) -> Iterator[str]:
    command = [sys.executable, str(_HERE / "hammer.py"), "frames", str(path), str(count), seed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield from (line.strip() for line in process.stdout or ())


def _beside(what: str, clients: int) -> Callable[[int, Random, Tally], None]:
    """Make the try of a verb beside so many hostile connections."""

    def make(tries: int, _: Random, tally: Tally) -> None:
        with _call() as call:
            before = call.held()
            with _hammer(what, call.path, clients):
                for number in range(tries):
                    begun_s = time.perf_counter()
                    wrong = _noted(call.path, f"note {number}")
                    took_s = time.perf_counter() - begun_s
                    tally.add(held=not wrong, figure=1000 * took_s, why=wrong)
            if not call.settles_at(before):
                tally.broken.append("files or threads stayed")

    return make


def _noted(path: Path, text: str) -> str:
    """Write a note and look at the call; return what went wrong."""
    try:
        next(control.ask(path, NoteTaken(text), SETTLED_WITHIN_S))
        next(control.ask(path, Status(), SETTLED_WITHIN_S))
    except SottovoceError as error:
        return str(error)
    return ""


def _strangers(tries: int, _chance: Random, tally: Tally) -> None:
    """Connect as another user; where only root can, to a door that takes us for another."""
    with _call(() if IS_ROOT else (str(os.getuid() + 1),)) as call:
        if IS_ROOT:
            # What keeps others out first is the folder; here it is opened for them on purpose.
            for place in (call.path, *call.path.parents[:2]):
                place.chmod(0o777)
        for _ in range(tries):
            said = subprocess.run(
                [sys.executable, "-c", _AS_ANOTHER, str(call.path)],
                capture_output=True,
                text=True,
                check=False,
            ).stdout.strip()
            tally.add(held=said == "nothing", why=f"another user was answered: {said}")


_AS_ANOTHER = """
import os, socket, sys
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
client = socket.socket(socket.AF_UNIX)
client.connect(sys.argv[1])
client.settimeout(10)
try:
    client.sendall(b'{"is":"Status"}\\n')
    print(client.recv(100) or "nothing")
except ConnectionError:
    print("nothing")
"""


FAULTS: tuple[Fault, ...] = (
    Fault(
        "hostile frames at the socket",
        "each ends with a line or the end, `status` p99 within 50 ms, files and threads flat",
        "real",
        "ms, p99 of status",
        1000,
        10_000,
        _frames,
    ),
    Fault(
        "200 connections that say a byte now and then",
        "every verb of another program is answered",
        "real",
        "ms for a note and a status",
        100,
        1000,
        _beside("hold", SLOW_CLIENTS),
    ),
    Fault(
        "50 followers that read nothing",
        "every verb is answered",
        "real",
        "ms for a note and a status",
        100,
        1000,
        _beside("follow", DEAF_FOLLOWERS),
    ),
    Fault(
        "another user's program at the socket",
        "nothing is read from it or said to it",
        "real" if IS_ROOT else "simulated",
        "",
        5,
        50,
        _strangers,
    ),
    *paper.FAULTS,
    *strangers.FAULTS,
)
