"""The recordings a user named: found, looked at, and told apart by what is in them.

Reads heads and sums, and decodes no more than the first moment of each. Law: nothing is written;
each recording is one call, however often and under whichever names it was given.
"""

import contextlib
import hashlib
import os
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import InputError
from assistant.importing.decoding import open_track
from assistant.importing.transcripts import TAKEN, TEXT_SUFFIXES, is_transcript, lines_of
from assistant.plan import Plan

SUFFIXES = frozenset(
    {
        *(".3ga", ".3gp", ".aac", ".ac3", ".aif", ".aiff", ".amr", ".au", ".avi", ".awb", ".caf"),
        *(".flac", ".m4a", ".m4b", ".m4v", ".mka", ".mkv", ".mov", ".mp2", ".mp3", ".mp4"),
        *(".mpeg", ".mpg", ".oga", ".ogg", ".ogv", ".opus", ".ts", ".wav", ".webm", ".wma", ".wmv"),
    }
)
"""What counts as a recording in a folder; a file that is named counts whatever its name."""
UNKNOWN_LENGTH_BYTES_PER_S = 1000
"""A head that tells no length: AMR, the smallest there is, has so many bytes for a second."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One call's sound, as it lies there."""

    files: tuple[Path, ...]
    """One; or my side and theirs."""
    sha256: str
    length_s: float
    """What the heads say, the longest; 0 where they say nothing."""
    sides: int
    """Channels of the first file; 0 of a transcript."""
    tags: Mapping[str, str]
    """What the recorder wrote into the first file."""
    changed: datetime
    """When the first file was last changed."""

    @property
    def channels(self) -> int:
        """How many channels of sound the call has, at most; none where it is a transcript."""
        return max(len(self.files), self.sides) if 0 < self.sides <= 2 else min(self.sides, 1)


def found(named: Iterable[Path], home: Path) -> list[Path]:
    """Return the files that are meant; a folder stands for the recordings in it, sorted by name.

    What lies in the program's own home is left out. Raises InputError for a folder without any.
    """
    files: list[Path] = []
    for path in named:
        inside = [path] if not path.is_dir() else [*_recordings_in(path, home)]
        if not inside:
            raise InputError(
                f"There is no recording in {path}.", f"Looked for: {' '.join(sorted(SUFFIXES))}"
            )
        files += inside
    return list(dict.fromkeys(files))


def _recordings_in(folder: Path, home: Path) -> Iterable[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (Path(place) / name).absolute() != home
        )
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(place) / name


def look_at(files: Sequence[Path]) -> Recording:
    """Look at a recording. Raises InputError for what is none."""
    lengths_s: list[float] = []
    sides, tags = 0, dict[str, str]()
    for path in files:
        _refuse_odd(path)
        if is_transcript(path):
            lengths_s.append(max(line.end_s for line in lines_of(path, Plan())))
            continue
        if path.suffix.lower() in TEXT_SUFFIXES:
            raise InputError(f"{path} is no recording, and a text without times.", TAKEN)
        with _quiet(), open_track(path) as track:
            lengths_s.append(track.length_s or _guessed_s(path))
            if not sides:
                sides, tags = track.sides, dict(track.tags)
    changed = datetime.fromtimestamp(files[0].stat().st_mtime, UTC)
    return Recording(tuple(files), sum_of(files), max(lengths_s), sides, tags, changed)


def sum_of(files: Sequence[Path]) -> str:
    """Return the sha256 of what is in a file, or of the sums of two. Raises InputError."""
    sums: list[str] = []
    for path in files:
        try:
            with path.open("rb") as file:
                sums.append(hashlib.file_digest(file, "sha256").hexdigest())
        except OSError as error:
            raise InputError(f"{path} can not be read: {error.strerror}.") from error
    return sums[0] if len(sums) == 1 else hashlib.sha256(" ".join(sums).encode()).hexdigest()


def _refuse_odd(path: Path) -> None:
    if not path.exists():
        raise InputError(f"There is no file {path}.")
    if not path.is_file():
        raise InputError(f"{path} is no file.", "Name recordings, or folders with recordings.")
    if not os.access(path, os.R_OK):
        raise InputError(f"{path} may not be read by you.")
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty.")


def _guessed_s(path: Path) -> float:
    return path.stat().st_size / UNKNOWN_LENGTH_BYTES_PER_S


@contextlib.contextmanager
def _quiet() -> Generator[None]:
    """Send what C libraries print of a file's faults to nowhere: a sentence of ours tells them."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
