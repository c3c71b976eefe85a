"""A power cut, simulated: what the real code asked of the disk, and what may be on it afterwards.

A recorder stands between the code and the system, notes every write, name and sync in one folder,
and lets them happen. From that, `states` makes what a disk may hold after the power went at any
moment. Law: what was synced is there; of what was not, all, nothing, or any of it may be, a write
in pieces, a name without its file's bytes; names change in the order they were asked for.
"""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

_Path = str | os.PathLike[str]

TORN_AT_BYTES = 0, 1, 512, 4096


@dataclass(frozen=True, slots=True)
class Wrote:
    """Bytes at a place of a file; None: the file was cut, or made longer, to there."""

    file: int
    at: int
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the folder now means that file; None: no file."""

    name: str
    file: int | None
    old_name: str | None = None


@dataclass(frozen=True, slots=True)
class Synced:
    """So many of all operations before are safe, as far as they concern this file; None: names."""

    file: int | None
    upto: int
    failed: bool = False
    """The system gave up: what was not safe of this file never will be."""


@dataclass(frozen=True, slots=True)
class Knew:
    """What the program knew at this moment, for the check afterwards."""

    value: object


Operation = Wrote | Named | Synced | Knew


@dataclass(slots=True)
class Recorder:
    """Notes what happens in one folder while the context lasts; one thread."""

    folder: Path
    operations: list[Operation] = field(default_factory=list[Operation])
    fail_next: set[str] = field(default_factory=set[str])
    """The next sync of a file with this in its name fails."""
    meanwhile: Callable[[], None] = lambda: None
    """Called while a file syncs: time passes then."""
    _open: dict[int, int | None] = field(default_factory=dict[int, int | None])
    """The system's number of an open file -> ours; None for the folder itself."""
    _names: dict[str, int] = field(default_factory=dict[str, int])
    _before: dict[str, Any] = field(default_factory=dict[str, Any])
    _files: int = 0

    def __enter__(self) -> Self:
        ours: dict[str, Callable[..., Any]] = {
            "open": self._opened,
            "write": self._written,
            "pwrite": self._written_at,
            "ftruncate": self._cut,
            "fsync": self._synced,
            "fdatasync": self._synced,
            "replace": self._renamed,
            "unlink": self._removed,
            "close": self._closed,
        }
        self._before = {name: getattr(os, name) for name in ours}
        for name, own in ours.items():
            setattr(os, name, own)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for name, function in self._before.items():
            setattr(os, name, function)

    def knew(self, value: object) -> None:
        """Note what the program knows now."""
        self.operations.append(Knew(value))

    def _opened(
        self, path: _Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None
    ) -> int:
        place = Path(path)
        is_new = not place.exists()
        handle = self._before["open"](path, flags, mode, dir_fd=dir_fd)
        if place == self.folder:
            self._open[handle] = None
        elif place.parent == self.folder:
            if is_new:
                self._files += 1
                self._names[place.name] = self._files
                self.operations.append(Named(place.name, self._files))
            self._open[handle] = self._names[place.name]
            if flags & os.O_TRUNC and not is_new:
                self.operations.append(Wrote(self._names[place.name], 0, None))
        return handle

    def _written(self, handle: int, body: bytes | memoryview) -> int:
        file = self._open.get(handle)
        at = os.fstat(handle).st_size
        written = self._before["write"](handle, body)
        if file is not None:
            self.operations.append(Wrote(file, at, bytes(body[:written])))
        return written

    def _written_at(self, handle: int, body: bytes | memoryview, at: int) -> int:
        written = self._before["pwrite"](handle, body, at)
        if (file := self._open.get(handle)) is not None:
            self.operations.append(Wrote(file, at, bytes(body[:written])))
        return written

    def _cut(self, handle: int, size: int) -> None:
        self._before["ftruncate"](handle, size)
        if (file := self._open.get(handle)) is not None:
            self.operations.append(Wrote(file, size, None))

    def _synced(self, handle: int) -> None:
        if handle not in self._open:
            self._before["fsync"](handle)
            return
        file, upto = self._open[handle], len(self.operations)
        self.meanwhile()
        name = next((name for name, number in self._names.items() if number == file), "")
        failing = next((part for part in self.fail_next if part in name), None)
        self.operations.append(Synced(file, upto, failing is not None))
        if failing is not None:
            self.fail_next.discard(failing)
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def _renamed(self, old: _Path, new: _Path) -> None:
        self._before["replace"](old, new)
        if Path(new).parent == self.folder:
            file = self._names.pop(Path(old).name)
            self._names[Path(new).name] = file
            self.operations.append(Named(Path(new).name, file, Path(old).name))

    def _removed(self, path: _Path, *, dir_fd: int | None = None) -> None:
        self._before["unlink"](path, dir_fd=dir_fd)
        if Path(path).parent == self.folder:
            self._names.pop(Path(path).name)
            self.operations.append(Named(Path(path).name, None))

    def _closed(self, handle: int) -> None:
        self._open.pop(handle, None)
        self._before["close"](handle)


@dataclass(frozen=True, slots=True)
class State:
    """What the disk may hold, and what the program had known by then."""

    files: dict[str, bytes]
    knew: tuple[object, ...]
    kind: str


def states(operations: list[Operation], at: int, chance: Random) -> Iterator[State]:
    """Return what the disk may hold when the power went after the operation before `at`."""
    before = operations[:at]
    knew = tuple(it.value for it in before if isinstance(it, Knew))
    safe, lost = _safe(before)
    loose = [n for n, it in enumerate(before) if _is_loose(it) and n not in safe | lost]
    names = [n for n in loose if isinstance(before[n], Named)]
    data = [n for n in loose if isinstance(before[n], Wrote)]

    def state(kind: str, kept: list[int], torn: tuple[int, int] | None = None) -> State:
        return State(_files(before, sorted({*safe, *kept}), torn), knew, kind)

    yield state("all of it", loose)
    yield state("only what was synced", [])
    yield state("names without bytes", names)
    yield state("bytes without names", data)
    some_names = names[: chance.randint(0, len(names))]
    yield state("any of it", [*some_names, *(n for n in data if chance.random() < 0.5)])
    last = next((n for n in reversed(data) if _body(before[n])), None)
    if last is not None:
        for torn_at in TORN_AT_BYTES:
            if torn_at < len(_body(before[last])):
                yield state(f"the last write torn at {torn_at}", loose, (last, torn_at))


def _safe(before: list[Operation]) -> tuple[set[int], set[int]]:
    """Return which operations are safe, and which never will be."""
    safe: set[int] = set()
    lost: set[int] = set()
    for sync in before:
        if isinstance(sync, Synced):
            for n, it in enumerate(before[: sync.upto]):
                of = it.file if isinstance(it, Wrote) else None
                if _is_loose(it) and of == sync.file and n not in safe | lost:
                    (lost if sync.failed else safe).add(n)
    return safe, lost


def _is_loose(it: Operation) -> bool:
    return isinstance(it, Wrote | Named)


def _body(it: Operation) -> bytes:
    return it.body or b"" if isinstance(it, Wrote) else b""


def _files(
    before: list[Operation], kept: list[int], torn: tuple[int, int] | None
) -> dict[str, bytes]:
    bodies: dict[int, bytearray] = {}
    names: dict[str, int] = {}
    for n in kept:
        match before[n]:
            case Wrote(file, at, body):
                own = bodies.setdefault(file, bytearray())
                if body is None:
                    own[:] = own[:at].ljust(at, b"\0")
                    continue
                if torn is not None and torn[0] == n:
                    body = body[: torn[1]]
                own.extend(bytes(max(0, at - len(own))))
                own[at : at + len(body)] = body
            case Named(name, file, old_name):
                if old_name is not None:
                    names.pop(old_name, None)
                if file is None:
                    names.pop(name, None)
                else:
                    names[name] = file
            case _:
                pass
    return {name: bytes(bodies.get(file, b"")) for name, file in names.items()}
