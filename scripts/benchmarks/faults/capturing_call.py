"""A capturing process on the virtual sound card, watched from outside: what it told, and when."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import numpy as np

from tests.sound_card import Samples, SoundCard

_CHILD = Path(__file__).with_name("capturing.py")
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the process."""

    at_s: float
    """`time.monotonic()` when it came."""
    line: dict[str, Any]


def trouble(part: str, *, over: bool) -> Callable[[dict[str, Any]], bool]:
    """Look for a trouble with that part, its beginning or its end."""
    wanted = {"is": "Trouble", "part": part, "over": over}
    return lambda line: wanted.items() <= ({"over": False} | line).items()


def a(kind: str, **fields: object) -> Callable[[dict[str, Any]], bool]:
    """Look for a line of that kind."""
    wanted = {"is": kind, **fields}
    return lambda line: wanted.items() <= line.items()


class CapturingCall:
    """One capturing process, from its first sound on."""

    def __init__(
        self, card: SoundCard, microphone: str = "vmic", far_side: str = "loopback"
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fault-")
        self.said: list[Said] = []
        self._more = threading.Condition()
        command = [sys.executable, "-P", str(_CHILD), self._folder.name, microphone, far_side]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **card.env, "PYTHONPATH": str(_ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("no pipes")
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        try:
            self.wait(a("open"))
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def wait(
        self, wanted: Callable[[dict[str, Any]], bool], since_s: float = 0.0, within_s: float = 30.0
    ) -> Said:
        """Return the first such line from a moment on. Raises TimeoutError."""
        found: list[Said] = []

        def is_there() -> bool:
            found[:] = [s for s in self.said if s.at_s >= since_s and wanted(s.line)][:1]
            return bool(found)

        with self._more:
            if not self._more.wait_for(is_there, within_s):
                raise TimeoutError(f"nothing was told within {within_s:g} s")
        return found[0]

    def count(self, wanted: Callable[[dict[str, Any]], bool], since_s: float = 0.0) -> int:
        """Count such lines from a moment on."""
        with self._more:
            return sum(s.at_s >= since_s and wanted(s.line) for s in self.said)

    def most_opened(self, wanted: str, within_s: float, since_s: float) -> int:
        """Return how often a device was opened at most in any stretch so long, from a moment on."""
        is_opening = a("opening", wanted=wanted)
        with self._more:
            at_s = [s.at_s for s in self.said if s.at_s >= since_s and is_opening(s.line)]
        return max((sum(s <= t <= s + within_s for t in at_s) for s in at_s), default=0)

    def command(self, line: str) -> float:
        """Give a command; return when."""
        at_s = time.monotonic()
        self._stdin.write(line.encode() + b"\n")
        self._stdin.flush()
        return at_s

    def now_s(self) -> float:
        """Ask for the call's time."""
        return float(self.wait(a("now"), self.command("now")).line["s"])

    def close(self) -> float:
        """End it as a call ends; return the call's time."""
        self._stdin.close()
        return float(self.wait(a("closed")).line["s"])

    def sound(self, channel: str) -> Samples:
        """Return all that is kept of a channel."""
        return np.frombuffer((Path(self._folder.name) / f"{channel}.s16").read_bytes(), np.int16)

    def _read(self) -> None:
        for line in self._stdout:
            with self._more:
                self.said.append(Said(time.monotonic(), msgspec.json.decode(line)))
                self._more.notify_all()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()
        self._stdout.close()
        self._folder.cleanup()
