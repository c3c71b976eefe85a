"""The files that hold one channel's raw sound, read as the one sound they are.

There is one file, and a further part each time the disk failed to keep what was written: the part
`me.000000480000.s16` holds `me.s16`'s sound from frame 480,000 on. Law: a frame is read from the
last part that has it; what no part has, before the end, is zeros; half a frame at the end of a part
counts for nothing.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DiskError

FRAME_BYTES = 2

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Part:
    """One file, as it was when it was looked at."""

    path: Path
    from_frame: int
    frames: int
    """Whole frames in the file."""

    @property
    def to_frame(self) -> int:
        """The frame after its last."""
        return self.from_frame + self.frames


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames that are read from one part, or are zeros."""

    part: Part | None
    from_frame: int
    to_frame: int


def part_path(path: Path, from_frame: int) -> Path:
    """Return where the part of a sound that begins at a frame lies."""
    return path.with_name(f"{path.stem}.{from_frame:0{_DIGITS}}{path.suffix}")


def parts_of(path: Path) -> tuple[Part, ...]:
    """Find every part of a sound, as they begin; none where there is no sound. Raises OSError."""
    found: list[Part] = []
    for name, from_frame in _beginnings(path):
        there = path.with_name(name)
        found.append(Part(there, from_frame, there.stat().st_size // FRAME_BYTES))
    # The first file begins with frame 0, too, when nothing of it was ever safe.
    return tuple(sorted(found, key=lambda part: (part.from_frame, part.path != path)))


def remove_halves(path: Path) -> None:
    """Remove what a death left of writing a part; it is sound that is nowhere told. OSError."""
    for half in path.parent.glob(f".{path.stem}.*{path.suffix}.half"):
        half.unlink()


def frames_in(path: Path) -> int:
    """Return how many frames a sound has. Raises OSError."""
    return max((part.to_frame for part in parts_of(path)), default=0)


def stretches(parts: Iterable[Part]) -> tuple[Stretch, ...]:
    """Return which part holds what, from frame 0 on without a gap."""
    held: list[Stretch] = []
    for part in parts:
        before = [_cut(it, it.from_frame, part.from_frame) for it in held]
        after = [_cut(it, part.to_frame, it.to_frame) for it in held]
        end = max((it.to_frame for it in held), default=0)
        gap = Stretch(None, end, part.from_frame)
        own = Stretch(part, part.from_frame, part.to_frame)
        held = [it for it in (*before, gap, own, *after) if it.to_frame > it.from_frame]
    return tuple(held)


def read(path: Path, from_frame: int, frames: int) -> bytes:
    """Read up to that many whole frames; fewer at the end of the sound. Raises DiskError."""
    try:
        if len(_beginnings(path)) > 1:
            return b"".join(_read(stretches(parts_of(path)), from_frame, from_frame + frames))
        pcm = _read_file(path, from_frame, frames)
    except OSError as error:
        raise DiskError(f"The sound at {path} can not be read: {error.strerror}.") from error
    return pcm[: len(pcm) // FRAME_BYTES * FRAME_BYTES]


def blocks(path: Path, frames: int) -> Iterator[bytes]:
    """Read a whole sound that grows no more, so many frames at a time. Raises OSError."""
    held = stretches(parts_of(path))
    end = held[-1].to_frame if held else 0
    for from_frame in range(0, end, frames):
        yield b"".join(_read(held, from_frame, min(from_frame + frames, end)))


def _beginnings(path: Path) -> list[tuple[str, int]]:
    """Return the names of a sound's files, and the frame with which each begins."""
    stem = path.stem
    with os.scandir(path.parent) as folder:
        names = [entry.name for entry in folder if entry.name.startswith(stem)]
    froms = ((name, _from_frame(path, name)) for name in names)
    return [(name, from_frame) for name, from_frame in froms if from_frame is not None]


def _from_frame(path: Path, name: str) -> int | None:
    if name == path.name:
        return 0
    begin, end = f"{path.stem}.", path.suffix
    if not (name.startswith(begin) and name.endswith(end)):
        return None
    digits = name[len(begin) : len(name) - len(end)]
    return int(digits) if len(digits) >= _DIGITS and digits.isdecimal() else None


def _cut(stretch: Stretch, from_frame: int, to_frame: int) -> Stretch:
    """Return what of a stretch lies between two frames; it may be nothing."""
    return Stretch(
        stretch.part, max(stretch.from_frame, from_frame), min(stretch.to_frame, to_frame)
    )


def _read(held: Iterable[Stretch], from_frame: int, to_frame: int) -> Iterator[bytes]:
    for stretch in (_cut(it, from_frame, to_frame) for it in held):
        frames = stretch.to_frame - stretch.from_frame
        if frames > 0:
            part = stretch.part
            pcm = (
                _read_file(part.path, stretch.from_frame - part.from_frame, frames) if part else b""
            )
            yield pcm.ljust(frames * FRAME_BYTES, b"\0")


def _read_file(path: Path, from_frame: int, frames: int) -> bytes:
    with path.open("rb", buffering=0) as file:
        file.seek(from_frame * FRAME_BYTES)
        return file.read(frames * FRAME_BYTES) or b""
