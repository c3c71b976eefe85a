"""One way to keep a child process that speaks JSON lines alive.

The ear and the voice stand on C libraries that may abort or hang, so they live in processes of
their own; `child.py` is their side of it. The parent writes lines to the child's stdin and is
called for each line of its stdout. Laws: nothing the child does can block or break the parent; a
child that dies is started again, the first time at once; one that keeps dying is given up.
"""

import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

from assistant.child import PARENT
from assistant.lines import LONGEST_LINE, LineCutter, Outbox

BACK_OFF_S = (0.0, 0.25, 0.5, 1.0, 2.0)
"""Seconds to wait before the first, second, ... start after a death."""

MOST_GARBAGE = 20
"""So many lines of garbage in a row, and the child is started again."""

_CHUNK = 65536
_RENEWED = "it begins anew"
_GRACE_S = 0.5


@dataclass(slots=True)
class Restarts:
    """When to start again after a death, and when to give up: a circuit breaker."""

    most: int = 5
    """So many deaths, in `within_s` or without anything done in between, and it is given up."""
    within_s: float = 60.0
    _deaths_s: deque[float] = field(default_factory=deque[float])
    _in_vain: int = 0

    def did_well(self) -> None:
        """Know that the child did what it is for; once a death is enough."""
        self._in_vain = 0

    def died(self, at_s: float) -> float | None:
        """Take a death at `at_s`; return the seconds until the next start, None to give up."""
        self._in_vain += 1
        self._deaths_s.append(at_s)
        while self._deaths_s[0] <= at_s - self.within_s:
            self._deaths_s.popleft()
        deaths = max(len(self._deaths_s), self._in_vain)
        return None if deaths >= self.most else BACK_OFF_S[min(deaths, len(BACK_OFF_S)) - 1]


class KeptChild:
    """One child process, kept alive.

    `greeting()` is asked, on a thread of this child's, for the first line of every life, so it can
    say where to go on; lines still waiting when a child dies are dropped. `on_line` and
    `on_trouble` are called on another one: `on_line(line)` for every line that is one JSON object
    (a ValueError from it makes the line garbage), `on_trouble(sentence, gave_up)` at every death.
    `may_end()` tells, when it ended with code 0, whether it has finished; else that was a death.
    """

    def __init__(
        self,
        name: str,
        module: str,
        greeting: Callable[[], bytes],
        on_line: Callable[[bytes], None],
        on_trouble: Callable[[str, bool], None],
        *,
        may_end: Callable[[], bool] = lambda: True,
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
        self._may_end = may_end
        self._longest_line = longest_line
        self._restarts = restarts or Restarts()
        self._environ = environ or {}
        self._log = log
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._keeper: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._outbox = Outbox()
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
                self._outbox = Outbox()
                self._restarts = Restarts(self._restarts.most, self._restarts.within_s)
            # The kernel ties a child to the *thread* that started it: that one must stay.
            self._keeper = threading.Thread(target=self._keep, name=self._name, daemon=True)
            self._keeper.start()

    def send(self, line: bytes) -> bool:
        """Have a line written; return at once. False: too many wait already, or it is closed."""
        with self._lock:
            return self._outbox.put(line.rstrip(b"\n") + b"\n")

    def did_well(self) -> None:
        """Know that it did what it is for: what it dies of next is another matter."""
        self._restarts.did_well()

    def restart(self, why: str) -> None:
        """End this life of it, however it hangs; the next one starts after the usual back-off."""
        with self._lock:
            if self._process:
                self._why = why
                self._process.kill()

    def renew(self) -> None:
        """End this life of it for another one, at once: it did nothing wrong, so none is told."""
        with self._lock:
            if self._process:
                self._why = _RENEWED
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
                if how == _RENEWED:
                    wait_s = 0.0
                    continue
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
                self._outbox = Outbox()
            writer.join()
        if code == 0 and not why and self._may_end():
            return None
        return why or (f"signal {-code}" if code < 0 else f"exit code {code}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        environ = {"OPENBLAS_NUM_THREADS": "1", **os.environ, **self._environ}
        environ[PARENT] = str(os.getpid())
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

    def _write(self, outbox: Outbox, process: subprocess.Popen[bytes]) -> None:
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
        except (ValueError, RecursionError):
            # A line nested some hundred times is no ValueError.
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
