"""What makes written bytes survive a power cut, on each system.

Law: a sync that failed is never tried again on the same file. The system may have dropped what it
could not write, and then the next sync would say that all is well; whoever still has the bytes
writes them to a new file. Everything here raises OSError.
"""

import fcntl
import os
from pathlib import Path

_FULL_SYNC = getattr(fcntl, "F_FULLFSYNC", None)
"""macOS only: there, fsync leaves the bytes in the drive's own memory."""


def sync(file: int) -> None:
    """Return once everything written to an open file would survive."""
    if _FULL_SYNC is None:
        os.fsync(file)
        return
    try:
        fcntl.fcntl(file, _FULL_SYNC)
    except OSError:
        # Not every file system there has it; no data was lost by asking.
        os.fsync(file)


def sync_data(file: int) -> None:
    """Do the same without what readers do not need, such as the time of the last change."""
    if hasattr(os, "fdatasync"):
        os.fdatasync(file)
    else:
        sync(file)


def sync_folder(folder: Path) -> None:
    """Return once the names of the files in a folder would survive."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(file: int, body: bytes) -> None:
    """Write every byte; when that fails, what fitted stays."""
    left = memoryview(body)
    while left:
        left = left[os.write(file, left) :]
