"""One call at a time: a lock file that holds the running call's name; and one hand at a call.

Law: the kernel holds the locks, so the death of a process always frees them.
"""

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Callable, Collection, Generator
from pathlib import Path

from assistant.errors import DiskError, Refused
from assistant.keeping.folder import make_private

PATIENCE_S = 0.2
"""`running_call` holds the lock for a moment too: far shorter than this."""
_TRY_EVERY_S = 0.02
_ENDING_S = 1.0
"""A call that has answered `stop` still holds its lock for a moment."""


@contextlib.contextmanager
def only_call(path: Path, patience_s: float = PATIENCE_S) -> Generator[Callable[[str], None]]:
    """Hold the lock; yield what writes the call's name into it. Raises Refused, DiskError."""
    make_private(path.parent)
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DiskError(
            f"{path} can not be written: {error.strerror}.",
            "Set SOTTOVOCE_HOME to a folder you may write to.",
        ) from error
    try:
        if not _locked(lock, patience_s):
            raise _already_running(_name_in(path))
        os.ftruncate(lock, 0)
        yield lambda name: _write(lock, name)
        os.ftruncate(lock, 0)
    finally:
        os.close(lock)


def running_call(path: Path) -> str | None:
    """Return the running call's name, empty while it is just starting; None if none runs."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return path.read_text().strip()
    else:
        return None
    finally:
        os.close(lock)


def forget_names(path: Path, names: Collection[str]) -> None:
    """Take the name of a call that a death left in the lock out of it, if it is one of these."""
    with contextlib.suppress(OSError):
        lock = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            if _locked(lock, 0.0) and path.read_text().strip() in names:
                os.ftruncate(lock, 0)
        finally:
            os.close(lock)


def refuse_second(path: Path, patience_s: float = _ENDING_S) -> None:
    """Look whether a call runs, before much is done for another one. Raises Refused."""
    deadline_s = time.monotonic() + patience_s
    while (name := running_call(path)) is not None:
        if time.monotonic() >= deadline_s:
            raise _already_running(name)
        time.sleep(_TRY_EVERY_S)


@contextlib.contextmanager
def only_hand(folder: Path, patience_s: float = PATIENCE_S) -> Generator[None]:
    """Hold a call's folder: the daemon for as long as it runs, `wrap`, and who takes out of it.

    The folder itself is locked, so nothing is left in it. Raises Refused when another process
    holds it. Where a file system knows no locks on folders, nothing is held.
    """
    with _opened(folder) as handle:
        if not _locked(handle, patience_s):
            raise Refused(
                f"Another sottovoce is at work on {folder.name}.", "Try again when it is done."
            )
        yield


@contextlib.contextmanager
def shared_hand(folder: Path, *, alone: bool = False, patience_s: float) -> Generator[None]:
    """Hold a folder together with others that do so too, or alone. Raises Refused, DiskError."""
    with _opened(folder) as handle:
        if not _locked(handle, patience_s, fcntl.LOCK_EX if alone else fcntl.LOCK_SH):
            raise Refused(
                f"Another sottovoce is at work in {folder}.", "Try again when it is done."
            )
        yield


def is_held(folder: Path) -> bool:
    """Tell whether a process holds a call's folder."""
    with contextlib.suppress(DiskError, OSError), _opened(folder) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextlib.contextmanager
def _opened(folder: Path) -> Generator[int]:
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise DiskError(f"{folder} can not be opened: {error.strerror}.") from error
    try:
        yield handle
    finally:
        os.close(handle)


def _locked(lock: int, patience_s: float, how: int = fcntl.LOCK_EX) -> bool:
    """Take the lock; False if another process has it all the time."""
    deadline_s = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        except OSError:
            # A network drive that locks no folder.
            return stat.S_ISDIR(os.fstat(lock).st_mode)
        else:
            return True
        if time.monotonic() >= deadline_s:
            return False
        time.sleep(_TRY_EVERY_S)


def _name_in(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text().strip()
    return ""


def _already_running(name: str) -> Refused:
    if name:
        return Refused(f"A call is already running: {name}.", "`sottovoce stop` ends it first.")
    return Refused("A call is just starting.", "`sottovoce status` tells when it runs.")


def _write(lock: int, name: str) -> None:
    os.pwrite(lock, name.encode(), 0)
