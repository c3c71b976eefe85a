"""The call's sound, packed: raw samples to FLAC, proven before the raw file goes; and back.

Law: the raw file is removed only after the packed one was read back, sample for
sample, and is safe on disk; memory stays the same however long the call was.
"""

import contextlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import TypeAlias

import numpy as np

from assistant import durable, recording
from assistant.errors import DiskError, InputError
from assistant.events import Channel
from assistant.parts import blocks, frames_in, parts_of, remove_halves
from assistant.recording import Pcm

BLOCK_FRAMES = 65536
"""So many samples are held at once, about four seconds."""
Write: TypeAlias = Callable[[Path, Iterable[Pcm]], None]
_KEPT = "The raw sound is kept; `sottovoce wrap` tries again."


def packed(raw: Path) -> Path:
    """Return where the packed form of a raw file lies."""
    return raw.with_suffix(".flac")


def is_raw(raw: Path) -> bool:
    """Tell whether there is raw sound, in however many parts."""
    try:
        return bool(parts_of(raw))
    except OSError:
        return False


def pack(raw: Path, write: Write = recording.write_flac) -> Path | None:
    """Pack raw 16-bit mono sound as FLAC beside it, prove it, remove the raw file.

    Several parts become one. Raises DiskError, and keeps the raw files, where that can not be done.
    An odd last byte, left by a power cut in the middle of a sample, is dropped. Where there is no
    sample at all, there is nothing to keep: None.
    """
    target = packed(raw)
    half = _half(target)
    try:
        if not raw.exists() and target.exists():
            # It was packed; only not all of the raw parts were removed.
            _remove_raw(raw)
            return target
        if frames_in(raw) == 0:
            _remove_raw(raw)
            return None
        # Made by us first, so that it is private from the start.
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        write(half, _blocks(raw))
        _sync(half)
        if not _is_same(raw, half):
            raise DiskError(f"{target.name} did not hold what was written.", _KEPT)
        half.replace(target)
        durable.sync_folder(target.parent)
        _remove_raw(raw)
    except (OSError, InputError) as error:
        raise DiskError(f"{raw.name} could not be packed.", _KEPT) from error
    finally:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
    return target


def packed_bytes(raw: Path) -> bytes:
    """Return raw sound as FLAC, which loses nothing; the raw one stays. Raises DiskError.

    A death meanwhile leaves what the death of `pack` would, and it goes as that does.
    """
    half = _half(packed(raw))
    try:
        recording.write_flac(half, _blocks(raw))
        return half.read_bytes()
    except OSError as error:
        raise DiskError(f"{raw.name} could not be packed.", "Is the disk full?") from error
    finally:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)


def unpack(raw: Path, target: Path) -> Path:
    """Write a packed channel's sound, raw again, to another file, for this user only. DiskError."""
    source = packed(raw)
    try:
        target.unlink(missing_ok=True)
        file = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            for block in recording.read_flac(source, BLOCK_FRAMES):
                durable.write_all(file, block.astype("<i2").tobytes())
            durable.sync(file)
        finally:
            os.close(file)
    except (OSError, InputError) as error:
        raise DiskError(f"{source.name} could not be unpacked.", "Is the disk full?") from error
    return target


@contextlib.contextmanager
def raw_sounds(raws: Mapping[Channel, Path]) -> Generator[dict[Channel, Path]]:
    """Yield where the raw sound of every channel lies that has any. Raises DiskError.

    What is packed is unpacked for as long as it is needed; a death leaves it hidden beside, and the
    next time it is written over.
    """
    sounds: dict[Channel, Path] = {}
    scratch = {channel: _unpacked(raw) for channel, raw in raws.items()}
    try:
        for channel, raw in raws.items():
            if is_raw(raw):
                sounds[channel] = raw
            elif packed(raw).is_file():
                sounds[channel] = unpack(raw, scratch[channel])
        yield sounds
    finally:
        for path in scratch.values():
            path.unlink(missing_ok=True)


def unpack_for_good(raw: Path) -> None:
    """Make a packed channel's sound raw again, so that it can go on. Raises DiskError."""
    if is_raw(raw) or not packed(raw).is_file():
        return
    unpack(raw, _unpacked(raw)).replace(raw)
    packed(raw).unlink()


def discard(raw: Path) -> tuple[str, ...]:
    """Remove a channel's sound, raw and packed; return the names. Raises DiskError."""
    try:
        there = [part.path for part in parts_of(raw)]
        there += [packed(raw)] * packed(raw).exists()
        for path in there:
            path.unlink()
        remove_halves(raw)
        # A death in the middle of packing it, or of unpacking it.
        _half(packed(raw)).unlink(missing_ok=True)
        _unpacked(raw).unlink(missing_ok=True)
    except OSError as error:
        raise DiskError(f"{raw.stem}'s sound could not be removed: {error.strerror}.") from error
    return tuple(path.name for path in there)


def _remove_raw(raw: Path) -> None:
    """Remove every part; the first one first, which tells that the others were packed as well."""
    raw.unlink(missing_ok=True)
    for part in parts_of(raw):
        part.path.unlink()
    remove_halves(raw)


def _half(target: Path) -> Path:
    return target.with_name(f".{target.name}.half")


def _unpacked(raw: Path) -> Path:
    """Return where packed sound lies while its raw form is needed."""
    return raw.with_name(f".{raw.name}.rest")


def _is_same(raw: Path, half: Path) -> bool:
    """Compare whole: neither may have a sample more."""
    pairs = zip_longest(_blocks(raw), recording.read_flac(half, BLOCK_FRAMES))
    return all(
        block is not None and back is not None and np.array_equal(block, back)
        for block, back in pairs
    )


def _blocks(raw: Path) -> Iterator[Pcm]:
    for held in blocks(raw, BLOCK_FRAMES):
        yield np.frombuffer(held, dtype="<i2").astype(np.int16, copy=False)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        durable.sync(handle)
    finally:
        os.close(handle)
