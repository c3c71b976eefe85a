"""What `bad_disk.c` does, for a machine without a compiler: as `sitecustomize`, in every Python."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def _failing(call: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def called(file: int, *rest: object) -> object:
        place = Path(os.environ.get("FAULTY_DISK", ""))
        try:
            wanted, name, number, once = place.read_text().split()
            is_meant = Path(f"/proc/self/fd/{file}").readlink().name.startswith(name)
        except (OSError, ValueError):
            return real(file, *rest)
        if wanted != call or not is_meant:
            return real(file, *rest)
        if once == "1":
            place.unlink()
        raise OSError(int(number), os.strerror(int(number)))

    return called


os.write = _failing("write", os.write)
os.fsync = _failing("sync", os.fsync)
os.fdatasync = _failing("sync", os.fdatasync)
