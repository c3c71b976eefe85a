"""The program's log: where something failed, and never what was said.

Law: for this user only, and never larger than two files of `MOST_BYTES`. What
an error says may hold words of the call, so only its kind and place are written.
"""

import os
import shutil
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from assistant.errors import DiskError

MOST_BYTES = 1_000_000
"""A log that has grown so large goes on from nothing; what it held is in `<name>.1`."""


def open_log(path: Path) -> IO[bytes]:
    """Open the log to append; its folder is there. Raises DiskError."""
    keep_small(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    try:
        log = os.fdopen(os.open(path, flags, 0o600), "ab")
        with suppress(OSError):
            # One that was there may have been for all to see.
            os.fchmod(log.fileno(), 0o600)
    except OSError as error:
        raise DiskError(
            f"{path} can not be written: {error.strerror}.",
            "Set SOTTOVOCE_HOME to a folder you may write to.",
        ) from error
    return log


def keep_small(path: Path) -> None:
    """Move what the log holds aside once that is too much, though others have it open."""
    # A log that can not be kept small is no reason to end a call.
    with suppress(OSError):
        if path.lstat().st_size <= MOST_BYTES or path.is_symlink():
            return
        before = path.with_name(f"{path.name}.1")
        before.unlink(missing_ok=True)
        with suppress(OSError):
            before.touch(0o600)
            shutil.copyfile(path, before)
        # All who write to it append, so they go on at the new end.
        os.truncate(path, 0)


def keep_words_out() -> None:
    """Have every error that nobody caught written as its kind and its place in the code."""

    def tell_thread(failed: threading.ExceptHookArgs) -> None:
        tell(failed.exc_type, failed.exc_traceback)

    def tell_lost(failed: "sys.UnraisableHookArgs") -> None:
        tell(failed.exc_type, failed.exc_traceback)

    sys.excepthook = lambda kind, _, trace: tell(kind, trace)
    threading.excepthook = tell_thread
    sys.unraisablehook = tell_lost


def tell(kind: type[BaseException], trace: TracebackType | None) -> None:
    """Write what kind of error it was and where in the code."""
    where = "".join(traceback.format_tb(trace))
    # Where even the log is gone, there is nobody left to tell.
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"{kind.__name__}\n{where}")
        sys.stderr.flush()
