"""A child process's own side: its parent's lines in, its lines out, and an end with the parent.

`parent.py` is the other side. Laws: no child outlives its parent, whatever the child does at that
moment; nothing but `say` writes to the parent.
"""

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue

PARENT = "SOTTOVOCE_PARENT_PID"
"""The variable in which a child finds the process that started it."""

LINGER_S = 5.0
"""So long a child may go on when its parent has hung up, to say its last lines; a parent that lives
waits for less."""

_CHUNK = 65536
_PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class _Mouth:
    fd: int = 1
    lock: threading.Lock = field(default_factory=threading.Lock)


_mouth = _Mouth()


def end_with_parent() -> None:
    """Have the kernel end this process with its parent, and keep stdout for `say` alone.

    Call it first thing in a child. The kernel's end comes to a child that is stopped or deep in a
    library, too. Where there is no such service, the end of stdin ends it: see `lines_in`.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = os.environ.get(PARENT)
    if parent and int(parent) != os.getppid():
        # It died before the kernel was asked.
        os._exit(0)
    if _mouth.fd == 1:
        # Whatever a library prints now goes to stderr.
        _mouth.fd = os.dup(1)
        os.dup2(2, 1)


def lines_in() -> Iterator[bytes]:
    """Yield the parent's lines, without newline, until it closes the pipe; half a line is none.

    They are read on a thread of their own, from the first `next` on, that ends the process
    `LINGER_S` after the parent has hung up, however the rest of it hangs.
    """
    lines: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_read, args=(lines,), name="lines in", daemon=True).start()
    while (line := lines.get()) is not None:
        yield line


def _read(lines: "SimpleQueue[bytes | None]") -> None:
    rest = b""
    with contextlib.suppress(OSError):
        # Not through sys.stdin: at the end Python waits for whoever reads there.
        while chunk := os.read(0, _CHUNK):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                lines.put(line)
    lines.put(None)
    time.sleep(LINGER_S)
    os._exit(0)


def say(line: bytes) -> None:
    """Write one line to the parent, whole, from any thread. Ends the process if nobody listens.

    A parent that does not read for a while is waited for: no line is lost.
    """
    rest = line.rstrip(b"\n") + b"\n"
    with _mouth.lock:
        try:
            while rest:
                rest = rest[os.write(_mouth.fd, rest) :]
        except BrokenPipeError:
            os._exit(0)
