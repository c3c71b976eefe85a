"""A call on the virtual sound card in a daemon that will be killed, and what is left of it."""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import msgspec
import numpy as np

from assistant import control
from assistant.control import Failure
from assistant.errors import SottovoceError
from assistant.events import NoteTaken
from assistant.holding import Listening, Order
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.plan import Plan
from assistant.settings import Murmur, Places, Settings, Sound, texts
from assistant.sheet import standard_plan
from assistant.wording import Wording
from faults import counted_daemon
from tests.sound_card import RATE_HZ, SoundCard

HUM_S = 1800.0
GONE_WITHIN_S = 2.0
_LEAST_S = 0.005
"""Between two notes."""


def wait_until(holds: Callable[[], bool], within_s: float) -> float | None:
    """Wait until something holds; return how long that took, None if it never did."""
    begun_s = time.monotonic()
    while not holds():
        if time.monotonic() - begun_s > within_s:
            return None
        time.sleep(0.005)
    return time.monotonic() - begun_s


@contextlib.contextmanager
def humming_card() -> Generator[SoundCard]:
    """Yield a sound card on which both sides hum: sound, but no speech to be recognised."""
    time_s = np.arange(round(HUM_S * RATE_HZ), dtype=np.float32) / RATE_HZ
    hum = np.round(3000 * np.sin(2 * np.pi * 120 * time_s)).astype(np.int16)
    with SoundCard() as card:
        players = [card.start_playing(sink, hum) for sink in ("micfeed", "callee")]
        try:
            yield card
        finally:
            for player in players:
                player.kill()
                player.wait()


@dataclass(slots=True)
class Mortal:
    """One call, and somebody who takes notes all the time."""

    places: Places
    environ: dict[str, str]
    murmurs: bool = False
    acknowledged: list[str] = field(default_factory=list[str])
    folder: CallFolder = field(init=False)
    started_in_s: float = 0.0
    _daemon: "subprocess.Popen[bytes]" = field(init=False)
    _children: list[int] = field(default_factory=list[int])
    _over: threading.Event = field(default_factory=threading.Event)
    _writer: threading.Thread = field(init=False)

    def __enter__(self) -> "Mortal":
        begun_s = time.monotonic()
        self.places.home.mkdir(parents=True, exist_ok=True)
        script = str(Path(counted_daemon.__file__))
        with (self.places.home / "daemon.log").open("ab") as log:
            self._daemon = subprocess.Popen(
                [sys.executable, script, str(self.counts)],
                env=self.environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        line = self._ask(msgspec.json.encode(order(self.places, murmurs=self.murmurs)))
        self.started_in_s = time.monotonic() - begun_s
        try:
            listening = msgspec.json.decode(line, type=Listening)
        except msgspec.ValidationError:
            failed = msgspec.json.decode(line, type=Failure)
            raise RuntimeError(f"The call did not start: {failed.error}") from None
        self.folder = CallFolder(Path(listening.folder))
        self._writer = threading.Thread(target=self._take_notes, daemon=True)
        self._writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._daemon.poll() is None:
            self._daemon.kill()
        self._daemon.wait()
        self._writer.join(5.0)

    @property
    def counts(self) -> Path:
        """Where the daemon counts sound."""
        return self.places.home / "counts"

    def send(self, number: int) -> None:
        """Send the daemon a signal; remember its children as they are now."""
        self._children = []
        for task in Path(f"/proc/{self._daemon.pid}/task").glob("*/children"):
            # A thread may end while its children are read; they are another one's then.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                self._children += [int(pid) for pid in task.read_text().split()]
        os.kill(self._daemon.pid, number)

    def ended_in_s(self, within_s: float) -> float | None:
        """Wait for the daemon's end; return how long that took, None if it lives on."""
        return wait_until(lambda: self._daemon.poll() is not None, within_s)

    def orphans(self, within_s: float) -> list[int]:
        """Return those of its children that are still there after so long."""
        left = list(self._children)

        def all_gone() -> bool:
            left[:] = [pid for pid in left if _lives(pid)]
            return not left

        wait_until(all_gone, within_s)
        return left

    def kill(self) -> None:
        """Kill the daemon, and nothing else."""
        self.send(signal.SIGKILL)
        self._daemon.wait()
        self._over.set()
        self._writer.join(5.0)

    def missing_notes(self) -> int:
        """Count the acknowledged notes that are not in the journal."""
        entries = journal.read(self.folder.journal).entries
        kept = {entry.event.text for entry in entries if isinstance(entry.event, NoteTaken)}
        return len(set(self.acknowledged) - kept)

    def _ask(self, order: bytes) -> bytes:
        stdin, stdout = self._daemon.stdin, self._daemon.stdout
        if stdin is None or stdout is None:
            return b""
        with stdin:
            stdin.write(order)
        with stdout:
            return stdout.readline()

    def _take_notes(self) -> None:
        for number in itertools.count():
            text = f"note {number}"
            try:
                for answer in control.ask(self.places.socket, NoteTaken(text), 5.0):
                    if answer["ok"]:
                        self.acknowledged.append(text)
            except SottovoceError:
                return
            if self._over.wait(_LEAST_S):
                return


def order(places: Places, *, murmurs: bool) -> Order:
    """Return the order for a call on the virtual card."""
    settings = Settings(
        engine="moonshine",
        sound=Sound(microphone="vmic", far_side="loopback", headset="headset"),
        murmur=Murmur(enabled=murmurs),
    )
    return Order(plan(), "", settings, str(places.home))


def plan() -> Plan:
    """Return the standard plan."""
    return standard_plan(Wording("en", (texts("prompts"),)), "informational", "", 20.0)


def verb(
    environ: dict[str, str], *arguments: str, within_s: float = 120.0
) -> "subprocess.CompletedProcess[str]":
    """Run a verb in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )


def environ_of(card_env: object, home: Path) -> dict[str, str]:
    """Return the environment of a call on that card with that home."""
    root = str(Path(__file__).resolve().parents[3])
    own = cast(dict[str, str], card_env)
    return {**os.environ, **own, "SOTTOVOCE_HOME": str(home), "PYTHONPATH": root}


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
