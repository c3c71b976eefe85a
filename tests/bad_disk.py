"""A disk that fails to sync, so many times, and notices when the same file is tried again."""

import errno
import os
from dataclasses import dataclass, field
from typing import Self


@dataclass(slots=True)
class BadDisk:
    """`sync` stands in for the system's own; a context, so that what it holds is closed."""

    fails: int = 0
    """So many syncs fail from now on ..."""
    is_bad: bool = False
    """... or all of them."""
    _failed: list[int] = field(default_factory=list[int])
    """Files that failed, held open: their numbers are not given to others."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._failed:
            os.close(file)

    def sync(self, file: int) -> None:
        tried = os.fstat(file).st_ino
        failed = {os.fstat(held).st_ino for held in self._failed}
        assert tried not in failed, "a sync was tried again on a file that had failed"
        if self.is_bad or self.fails:
            self.fails = max(0, self.fails - 1)
            self._failed.append(os.dup(file))
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fsync(file)
