"""One way to keep a child process that speaks JSON lines alive, and the child's own side of it.

The ear and the voice stand on C libraries that may abort or hang, so they live in processes of
their own. The parent writes lines to the child's stdin and is called for each line of its stdout.
Laws: nothing the child does can block or break the parent; no child outlives its parent; a child
that dies is started again, a child that keeps dying is given up.

A child that exits with code 0 has finished and is not started again.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

BACK_OFF_S = (0.1, 0.25, 0.5, 1.0, 2.0)
"""Seconds to wait before the first, second, ... start after a death."""

LONGEST_LINE = 1_000_000
"""Bytes; a longer line of a child is dropped and counts as garbage."""

MOST_GARBAGE = 20
"""So many lines of garbage in a row, and the child is started again."""

LINES_WAITING = 1000
"""So many lines may wait for a child that does not read; further ones are refused."""

_PARENT = "SOTTOVOCE_PARENT_PID"
_CHUNK = 65536
_GRACE_S = 0.5
_PR_SET_PDEATHSIG = 1


# ---------------------------------------------------------------- pure


@dataclass(slots=True)
class Restarts:
    """When to start again after a death, and when to give up: a circuit breaker."""

    most: int = 5
    """So many deaths ..."""
    within_s: float = 60.0
    """... in so many seconds, and the child is given up."""
    _deaths_s: deque[float] = field(default_factory=deque[float])

    def died(self, at_s: float) -> float | None:
        """Take a death at `at_s`; return the seconds until the next start, None to give up."""
        self._deaths_s.append(at_s)
        while self._deaths_s[0] <= at_s - self.within_s:
            self._deaths_s.popleft()
        deaths = len(self._deaths_s)
        return None if deaths >= self.most else BACK_OFF_S[min(deaths, len(BACK_OFF_S)) - 1]


@dataclass(slots=True)
class LineCutter:
    """Cuts a stream of bytes into lines, in bounded memory."""

    longest: int = LONGEST_LINE
    _rest: bytes = b""
    _skipping: bool = False

    def feed(self, chunk: bytes) -> list[bytes | None]:
        """Take the next bytes; return the lines they complete, None for a dropped one.

        A line that never ends counts as one dropped line for every `longest` bytes of it.
        """
        *whole, rest = (self._rest + chunk).split(b"\n")
        lines: list[bytes | None] = []
        for line in whole:
            if not self._skipping:
                lines.append(line if len(line) <= self.longest else None)
            self._skipping = False
        if len(rest) > self.longest:
            lines.append(None)
            self._skipping, rest = True, b""
        self._rest = rest
        return lines


# ---------------------------------------------------------------- the parent's side


@dataclass(slots=True)
class _Outbox:
    """The lines that wait for one life of the child."""

    _lines: deque[bytes] = field(default_factory=deque[bytes])
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _closed: bool = False

    def put(self, line: bytes) -> bool:
        with self._changed:
            if self._closed or len(self._lines) >= LINES_WAITING:
                return False
            self._lines.append(line)
            self._changed.notify()
            return True

    def close(self, *, drop: bool) -> None:
        with self._changed:
            self._closed = True
            if drop:
                self._lines.clear()
            self._changed.notify()

    def take(self) -> bytes | None:
        """Wait for the next line; None when there will be none any more."""
        with self._changed:
            while not self._lines and not self._closed:
                self._changed.wait()
            return self._lines.popleft() if self._lines else None


class KeptChild:
    """One child process, kept alive.

    `greeting()` is asked, on a thread of this child's, for the first line of every life, so it can
    say where to go on; lines still waiting when a child dies are dropped. `on_line` and
    `on_trouble` are called on another one: `on_line(line)` for every line that is one JSON object
    (a ValueError from it makes the line garbage), `on_trouble(sentence, gave_up)` at every death.
    """

    def __init__(
        self,
        name: str,
        module: str,
        greeting: Callable[[], bytes],
        on_line: Callable[[bytes], None],
        on_trouble: Callable[[str, bool], None],
        *,
        longest_line: int = LONGEST_LINE,
        restarts: Restarts | None = None,
        environ: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        """`name` is for sentences; `environ` is added to ours; `log` takes stderr, else nobody."""
        self._name = name
        self._module = module
        self._greeting = greeting
        self._on_line = on_line
        self._on_trouble = on_trouble
        self._longest_line = longest_line
        self._restarts = restarts or Restarts()
        self._environ = environ or {}
        self._log = log
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._keeper: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox = _Outbox()
        self._why = ""
        self._garbage = 0

    @property
    def pid(self) -> int | None:
        """The process that lives now."""
        with self._lock:
            return self._process.pid if self._process else None

    @property
    def garbage(self) -> int:
        """Lines dropped so far, over all lives."""
        return self._garbage

    def start(self) -> None:
        """Start it and keep it alive until `close`; one that was given up gets a new chance."""
        with self._lock:
            if self._closing.is_set() or (self._keeper and self._keeper.is_alive()):
                return
            if self._keeper:
                self._outbox = _Outbox()
                self._restarts = Restarts(self._restarts.most, self._restarts.within_s)
            # The kernel ties a child to the *thread* that started it: that one must stay.
            self._keeper = threading.Thread(target=self._keep, name=self._name, daemon=True)
            self._keeper.start()

    def send(self, line: bytes) -> bool:
        """Have a line written; return at once. False: too many wait already, or it is closed."""
        with self._lock:
            return self._outbox.put(line.rstrip(b"\n") + b"\n")

    def restart(self, why: str) -> None:
        """End this life of it, however it hangs; the next one starts after the usual back-off."""
        with self._lock:
            if self._process:
                self._why = why
                self._process.kill()

    def wait(self, within_s: float) -> bool:
        """Wait until it has finished, was closed or given up; tell whether that came in time."""
        keeper = self._keeper
        if keeper and keeper is not threading.current_thread():
            keeper.join(within_s)
        return not (keeper and keeper.is_alive())

    def close(self, within_s: float = 2.0) -> None:
        """Close its stdin and let it finish within `within_s`, then end it. Its last lines come."""
        self._closing.set()
        with self._lock:
            self._outbox.close(drop=False)
        if self.wait(within_s):
            return
        with self._lock:
            if self._process:
                self._process.terminate()
        if self.wait(_GRACE_S):
            return
        with self._lock:
            if self._process:
                self._process.kill()
        self.wait(_GRACE_S)

    # All below runs on the keeper's thread.

    def _keep(self) -> None:
        wait_s: float | None = 0.0
        try:
            while wait_s is not None and not self._closing.wait(wait_s):
                how = self._live()
                if how is None or self._closing.is_set():
                    return
                wait_s = self._restarts.died(time.monotonic())
                if wait_s is None:
                    times = f"{self._restarts.most} times in {self._restarts.within_s:.0f} s"
                    self._on_trouble(f"The {self._name} failed {times} and stays off: {how}.", True)
                else:
                    self._on_trouble(f"The {self._name} is started again: {how}.", False)
        except Exception:
            self._on_trouble(f"The {self._name} stays off: a fault in what listens to it.", True)
            raise
        finally:
            with self._lock:
                self._outbox.close(drop=True)

    def _live(self) -> str | None:
        """Live one life of the child; return how it died, None if it finished."""
        outbox, why = self._outbox, ""
        try:
            process = self._spawn()
        except OSError as error:
            return f"it could not be started ({error.strerror})"
        with self._lock:
            self._process, self._why = process, ""
        if self._closing.is_set():
            outbox.close(drop=False)
        writer = threading.Thread(
            target=self._write, args=(outbox, process), name=f"{self._name} writer", daemon=True
        )
        writer.start()
        try:
            self._read(process)
        finally:
            code = self._reap(process)
            with self._lock:
                self._process, why = None, self._why
                outbox.close(drop=True)
                self._outbox = _Outbox()
            writer.join()
        if code == 0 and not why:
            return None
        return why or (f"signal {-code}" if code < 0 else f"exit code {code}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        environ = {"OPENBLAS_NUM_THREADS": "1", **os.environ, **self._environ}
        environ[_PARENT] = str(os.getpid())
        # -P: a file in the user's current folder must not pass for a module of ours.
        command = [sys.executable, "-P", "-m", self._module]
        with self._open_log() as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                env=environ,
                close_fds=True,
                start_new_session=True,
            )

    def _open_log(self) -> IO[bytes]:
        if self._log is None:
            return Path(os.devnull).open("wb")
        return os.fdopen(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb")

    def _write(self, outbox: _Outbox, process: subprocess.Popen[bytes]) -> None:
        stdin = process.stdin
        if stdin is None:
            return
        # Asked for here, after the last life's lines were dropped: what was sent before is in it.
        try:
            line: bytes | None = self._greeting().rstrip(b"\n") + b"\n"
            while line is not None:
                while line:
                    line = line[stdin.write(line) :]
                line = outbox.take()
        except OSError:
            # The child is gone; the keeper sees that on its stdout.
            pass
        finally:
            stdin.close()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        cutter, in_a_row = LineCutter(self._longest_line), 0
        while process.stdout and (chunk := process.stdout.read(_CHUNK)):
            for line in cutter.feed(chunk):
                if self._is_taken(line):
                    in_a_row = 0
                    continue
                self._garbage += 1
                in_a_row += 1
                if in_a_row >= MOST_GARBAGE:
                    self.restart("it spoke garbage")
                    return

    def _is_taken(self, line: bytes | None) -> bool:
        try:
            if line is None:
                return False
            _is_object(line)
            self._on_line(line)
        except ValueError:
            return False
        return True

    def _reap(self, process: subprocess.Popen[bytes]) -> int:
        """Return the exit code; a child that closed its stdout and stays is ended."""
        if process.stdout:
            process.stdout.close()
        try:
            return process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


_is_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


# ---------------------------------------------------------------- the child's side


@dataclass(slots=True)
class _Mouth:
    fd: int = 1
    lock: threading.Lock = field(default_factory=threading.Lock)


_mouth = _Mouth()


def end_with_parent() -> None:
    """Have the kernel end this process with its parent, and keep stdout for `say` alone.

    Call it first thing in a child. Where there is no such kernel service, end of stdin ends it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = os.environ.get(_PARENT)
    if parent and int(parent) != os.getppid():
        # It died before the kernel was asked.
        os._exit(0)
    if _mouth.fd == 1:
        # Whatever a library prints now goes to stderr.
        _mouth.fd = os.dup(1)
        os.dup2(2, 1)


def lines_in() -> Iterator[bytes]:
    """Yield the parent's lines, without newline, until it closes the pipe."""
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\n")


def say(line: bytes) -> None:
    """Write one line to the parent, whole, from any thread. Ends the process if nobody listens."""
    rest = line.rstrip(b"\n") + b"\n"
    with _mouth.lock:
        try:
            while rest:
                rest = rest[os.write(_mouth.fd, rest) :]
        except BrokenPipeError:
            os._exit(0)
