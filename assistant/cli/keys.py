"""Single keys of a terminal, without Enter, while something else is printed.

Law: where no person sits at a terminal there are no keys, and nothing is changed; the terminal
is given back as it was found, however the program ends. Ctrl-C stays what it is.
"""

import contextlib
import os
import select
import signal
import termios
import threading
import tty
from collections.abc import Callable, Generator
from dataclasses import dataclass
from types import FrameType
from typing import TextIO

LOOKS_AGAIN_S = 1.0
"""Put into the background, it looks so often whether it is back."""
_ENDINGS = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def pressed_keys(terminal: TextIO, press: Callable[[str], None]) -> Generator[bool]:
    """Call `press` with every key, from another thread; yield whether there are keys at all."""
    before = _state(terminal)
    if before is None:
        yield False
        return
    with contextlib.ExitStack() as stack:
        fd = terminal.fileno()
        stack.callback(_give_back, fd, before)
        stack.enter_context(_ended_in_order())
        tty.setcbreak(fd)
        woken, wake = os.pipe()
        reader = threading.Thread(target=_Reader(fd, woken, press).read, daemon=True)
        reader.start()

        def stop() -> None:
            os.close(wake)
            reader.join()
            os.close(woken)

        stack.callback(stop)
        yield True


@dataclass(frozen=True, slots=True)
class _Reader:
    terminal: int
    woken: int
    """Becomes readable when it is time to stop."""
    press: Callable[[str], None]

    def read(self) -> None:
        """Read keys until woken."""
        while True:
            # To read in the background would stop the whole program.
            is_here = _is_in_front(self.terminal)
            wanted = [self.woken, self.terminal] if is_here else [self.woken]
            ready, _, _ = select.select(wanted, [], [], LOOKS_AGAIN_S)
            if self.woken in ready:
                return
            if self.terminal in ready and _is_in_front(self.terminal):
                try:
                    key = os.read(self.terminal, 1)
                except OSError:
                    return
                if not key:
                    return
                self.press(key.decode("ascii", "replace"))


@contextlib.contextmanager
def _ended_in_order() -> Generator[None]:
    """Make the signals that end a program leave it the ordinary way, so that all is put back."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    found = {number: signal.signal(number, end) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, handler in found.items():
            signal.signal(number, handler)


_State = list[int | list[bytes | int]]
"""As termios gives it."""


def _state(terminal: TextIO | None) -> _State | None:
    """Return how the terminal is set; None where there is none, or it is another program's."""
    try:
        if terminal is None or not terminal.isatty() or not _is_in_front(terminal.fileno()):
            return None
        return termios.tcgetattr(terminal.fileno())
    except (OSError, ValueError, termios.error):
        return None


def _give_back(fd: int, before: _State) -> None:
    if _is_in_front(fd):
        # The terminal may be gone.
        with contextlib.suppress(termios.error):
            termios.tcsetattr(fd, termios.TCSADRAIN, before)


def _is_in_front(fd: int) -> bool:
    """Tell whether this program may use the terminal; a shell takes it away in the background."""
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:
        # No shell manages it: it is this program's alone.
        return True
