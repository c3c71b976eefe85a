"""The archive's file: opened, made again where it is no good, read and written. `archive.db`.

The only door to sqlite3. Law: nothing is only here. The file may be deleted at any time and is
filled again from the folders of the calls; what is damaged, or of another program's form, is thrown
away rather than mended. Several processes may use it at once.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeAlias

from assistant.errors import DiskError, Refused
from assistant.keeping.folder import make_private, private
from assistant.keeping.lock import shared_hand
from assistant.keeping.tables import FORM, OURS, STATEMENTS, TABLES

PATIENCE_S = 10.0
"""So long one process waits for another one that writes; taking in a call takes far less."""
_OWN_FILES = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps beside it."""
_INDEXES = ("call_words", "line_words")
_LOOKED_AT_EVERY = 2000
"""Steps of SQLite's machine between two looks at the clock: far less than a millisecond."""

Row: TypeAlias = tuple[Any, ...]
Select: TypeAlias = Callable[..., list[Row]]
"""Takes a statement and its values."""


class ArchiveLost(DiskError):
    """The archive is damaged, or no archive of ours."""


@dataclass(slots=True)
class Archive:
    """The open archive."""

    path: Path | None
    """None where it is in memory only."""
    _file: sqlite3.Connection
    is_writable: bool = True
    _in_batch: bool = False

    @classmethod
    def in_memory(cls) -> Self:
        """Make an archive that lasts no longer than this process."""
        file = _set_up(sqlite3.connect(":memory:", isolation_level=None))
        file.executescript(TABLES)
        return cls(None, file)

    def rows(self, statement: str, *values: object) -> list[Row]:
        """Return what a statement selects. Raises ArchiveLost, DiskError, Refused."""
        with _told(self.path):
            return self._file.execute(statement, values).fetchall()

    def run(self, statement: str, *values: object) -> int:
        """Run a statement that writes, within `writing`; return the number of the row it added."""
        return self._file.execute(statement, values).lastrowid or 0

    def run_many(self, statement: str, rows: Iterable[Row]) -> None:
        """Run a statement for each row, within `writing`."""
        self._file.executemany(statement, rows)

    @contextlib.contextmanager
    def writing(self) -> Generator[None]:
        """Write all that is written in here, or nothing; within another one, with the rest of it.

        Raises ArchiveLost, DiskError, Refused.
        """
        if self._in_batch:
            yield
            return
        with _told(self.path):
            self._file.execute("BEGIN IMMEDIATE")
            self._in_batch = True
            try:
                yield
            except BaseException:
                if self._file.in_transaction:
                    self._file.execute("ROLLBACK")
                raise
            finally:
                self._in_batch = False
            self._file.execute("COMMIT")

    @contextlib.contextmanager
    def searching(self, is_late: Callable[[], bool]) -> Generator[Select]:
        """Yield what selects over a connection that can not write, and breaks off when it is late.

        What is broken off selects nothing.
        """
        with contextlib.ExitStack() as stack, _told(self.path):
            reader = self._file
            if self.path is not None:
                reader = stack.enter_context(contextlib.closing(_connect(self.path, "ro")))
            reader.set_progress_handler(is_late, _LOOKED_AT_EVERY)
            stack.callback(reader.set_progress_handler, None, 0)

            def select(statement: str, *values: object) -> list[Row]:
                try:
                    return reader.execute(statement, values).fetchall()
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                        return []
                    raise

            yield select

    def settle(self) -> None:
        """Rewrite the indexes in one piece, and empty what SQLite wrote ahead.

        An index keeps the words of what was deleted until then. Some seconds for ten thousand
        calls, as good as none for a few.
        """
        with _told(self.path):
            for index in _INDEXES:
                self._file.execute(f"INSERT INTO {index}({index}) VALUES('optimize')")
            self._file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


# ---------------------------------------------------------------- opening


@contextlib.contextmanager
def open_archive(
    path: Path,
    *,
    anew: bool = False,
    is_alone: bool = False,
    on_lost: Callable[[], object] = lambda: None,
) -> Generator[Archive]:
    """Open the archive; one that is missing, damaged or of another form is made, and empty.

    With `anew` it is made in any case. With `is_alone` no other process has it open meanwhile.
    `on_lost` is called once one that is no good was made again.
    Raises DiskError, Refused where another process will not let go of it; and, from any use of the
    archive, ArchiveLost where it turns out to be damaged.
    """
    make_private(path.parent)
    if anew or not is_sound(path):
        with shared_hand(path.parent, alone=True, patience_s=PATIENCE_S):
            if anew or not is_sound(path):
                is_lost = path.exists() and not anew
                _make(path)
                if is_lost:
                    on_lost()
    with shared_hand(path.parent, alone=is_alone, patience_s=PATIENCE_S):
        with _told(path):
            file = _connect(path, "rw")
        try:
            yield Archive(path, file)
        finally:
            with contextlib.suppress(sqlite3.Error):
                file.close()


@contextlib.contextmanager
def read_archive(path: Path) -> Generator[Archive | None]:
    """Open the archive where nothing can be written; None where that can not be done.

    Without a writer nothing changes it, so none of SQLite's files beside it is needed.
    """
    try:
        file = _connect(path, "ro", immutable=True)
    except (sqlite3.Error, OSError):
        yield None
        return
    with contextlib.closing(file):
        yield Archive(path, file, is_writable=False) if _is_ours(file) else None


def is_sound(path: Path) -> bool:
    """Tell whether the archive is there and of our form; damage deep inside shows only in use."""
    with contextlib.suppress(sqlite3.DatabaseError, OSError):
        if not path.is_symlink() and path.is_file():
            with contextlib.closing(_connect(path, "rw")) as file:
                return _is_ours(file)
    return False


def _is_ours(file: sqlite3.Connection) -> bool:
    with contextlib.suppress(sqlite3.DatabaseError):
        marks = [
            file.execute(f"PRAGMA {mark}").fetchone()[0]
            for mark in ("application_id", "user_version")
        ]
        made = file.execute("SELECT type, sql FROM sqlite_master").fetchall()
        # One that acts by itself when something is written was made by somebody else.
        acts = any(kind in ("trigger", "view") for kind, _ in made)
        return (
            marks == [OURS, FORM] and not acts and {sql for _, sql in made}.issuperset(STATEMENTS)
        )
    return False


def _make(path: Path) -> None:
    """Make an empty archive; the numbers of tasks stay as they were, if they can be read."""
    numbers = _numbers_in(path)
    try:
        for end in _OWN_FILES:
            path.with_name(path.name + end).unlink(missing_ok=True)
        os.close(private(str(path), os.O_RDWR | os.O_CREAT | os.O_EXCL))
    except OSError as error:
        raise DiskError(f"{path} can not be made: {error.strerror}.", _HINT) from error
    with _told(path), contextlib.closing(_connect(path, "rw")) as file:
        file.execute("PRAGMA journal_mode = WAL").fetchall()
        file.executescript(f"BEGIN; {TABLES} PRAGMA application_id = {OURS}; COMMIT;")
        file.executemany("INSERT INTO numbers VALUES(?, ?, ?)", numbers)
        # Last: until here it is no archive.
        file.execute(f"PRAGMA user_version = {FORM}")


def _numbers_in(path: Path) -> list[Row]:
    with contextlib.suppress(sqlite3.Error, OSError):
        if not path.is_symlink() and path.is_file():
            with contextlib.closing(_connect(path, "ro")) as file:
                return file.execute("SELECT number, call, key FROM numbers").fetchall()
    return []


def _connect(path: Path, mode: str, *, immutable: bool = False) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}{'&immutable=1' * immutable}"
    return _set_up(sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE_S))


def _set_up(file: sqlite3.Connection) -> sqlite3.Connection:
    settings = (
        # What is deleted is overwritten, and no word lies in a file of SQLite's anywhere else.
        "secure_delete = ON",
        "temp_store = MEMORY",
        # A power cut may cost the last call, which is taken in again.
        "synchronous = NORMAL",
        "cache_size = -32000",
    )
    for setting in settings:
        file.execute(f"PRAGMA {setting}").fetchall()
    return file


def lost(path: Path | None) -> ArchiveLost:
    """Return what is raised where the archive turns out to be damaged."""
    return ArchiveLost(
        f"The archive {path} is damaged.", "`sottovoce index --rebuild` makes it again."
    )


_HINT = "Is the disk full, or the folder not yours?"
_LOST = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@contextlib.contextmanager
def _told(path: Path | None) -> Generator[None]:
    """Say in words what SQLite found wrong. Raises ArchiveLost, Refused, DiskError."""
    try:
        yield
    except sqlite3.Error as error:
        # The lower byte is the kind, the upper ones say more of it.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in _LOST:
            raise lost(path) from error
        if code in _BUSY:
            raise Refused(
                "Another sottovoce is writing to the archive.", "Try again when it is done."
            ) from error
        raise DiskError(f"The archive {path} can not be used: {error}.", _HINT) from error
