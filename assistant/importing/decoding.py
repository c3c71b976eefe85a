"""A recording made into our own raw sound: the sides it has, and what of it could be read.

libsndfile reads what it can, FFmpeg the rest and what libsndfile finds damaged. Law: memory stays
the same however long the recording; frames are counted, so that a second of the recording is a
second of the call; the same file gives the same samples.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, TypeAlias

import numpy as np

from assistant.errors import DiskError, InputError
from assistant.events import Channel
from assistant.importing import containers
from assistant.importing.alike import Alike
from assistant.importing.track import Track
from assistant.recording import (
    RATE_HZ,
    Resampler,
    Samples,
    open_sound,
    private_opener,
    resampler,
    to_pcm,
)

Sides: TypeAlias = Literal["auto", "me,them", "them,me", "mix"]
"""Whose the sides of a stereo recording are; `auto`: me on the left, if they are two lines at all,
else both mixed."""

CUT_OFF_S = 1.0
"""A file whose sound ends so much before what its head says was cut off."""
LONGEST_S = 7 * 86_400.0
DAMAGED = "the recording is damaged there"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came of a recording."""

    lengths_s: Mapping[Channel, float]
    """Of each channel that has raw sound now."""
    lost: tuple[tuple[Channel, float, float], ...] = ()
    """Stretches that could not be decoded and are zeros: whose, from, to, in seconds."""
    broke_off: str = ""
    """Why it ends before its end, in a sentence; empty where it does not."""
    is_one_room: bool = False
    """It is stereo, but both sides hold the same, so they were mixed."""


SpoolOf: TypeAlias = Callable[[Channel], Path]
Progress: TypeAlias = Callable[[float], None]
"""Told how many seconds of the recording are decoded."""


def decode(
    files: tuple[Path, ...], sides: Sides, spool_of: SpoolOf, progress: Progress = lambda _: None
) -> Decoded:
    """Write a recording's sound as raw sound: one file, or my side and theirs in two.

    Raises InputError where there is no sound in it, and DiskError.
    """
    if len(files) == 1:
        return _one(files[0], sides, spool_of, progress)
    whose = zip((Channel.ME, Channel.THEM), files, strict=True)
    done = [_written(path, (channel,), spool_of, progress)[0] for channel, path in whose]
    return Decoded(
        {channel: s for one in done for channel, s in one.lengths_s.items()},
        tuple(lost for one in done for lost in one.lost),
        " ".join(filter(None, (one.broke_off for one in done))),
    )


@contextmanager
def open_track(path: Path) -> Generator[Track]:
    """Open the sound of a file, with whatever can read it. Raises InputError."""
    with ExitStack() as stack:
        try:
            sound = stack.enter_context(open_sound(path))
        except InputError:
            if not path.is_file():
                raise
            sound = None
        # A recorder that died left a head that knows of no sound; FFmpeg reads it to the end.
        is_unclosed = sound is not None and sound.length_s == 0 and containers.is_here()
        if sound is None or is_unclosed:
            track = stack.enter_context(containers.open_container(path))
        else:
            # Some heads of streams say "for ever".
            length_s = sound.length_s if sound.length_s < LONGEST_S else None
            track = Track(sound.rate_hz, sound.sides, length_s, True, iter(()), sound.tags)
            track.blocks = _told(track, sound.blocks)
        yield track


def _told(track: Track, blocks: Iterator[Samples]) -> Iterator[Samples]:
    try:
        yield from blocks
    except InputError:
        track.broke_off = "the file is damaged from there on"


def _one(path: Path, sides: Sides, spool_of: SpoolOf, progress: Progress) -> Decoded:
    with open_track(path) as track:
        is_stereo = track.sides == 2
    if not is_stereo or sides == "mix":
        return _written(path, (Channel.UNCLEAR,), spool_of, progress)[0]
    order = Channel.ME, Channel.THEM
    given = order[::-1] if sides == "them,me" else order
    decoded, alike = _written(path, given, spool_of, progress)
    if sides != "auto" or not alike.is_one_room:
        return decoded
    for channel in order:
        spool_of(channel).unlink(missing_ok=True)
    mixed, _ = _written(path, (Channel.UNCLEAR,), spool_of, progress)
    return Decoded(mixed.lengths_s, mixed.lost, mixed.broke_off, is_one_room=True)


def _written(
    path: Path, channels: tuple[Channel, ...], spool_of: SpoolOf, progress: Progress
) -> tuple[Decoded, Alike]:
    """Write a file's sides, or all mixed where one channel is wanted."""
    with open_track(path) as track:
        decoded, alike = _write(track, channels, path, spool_of, progress)
    if track.broke_off and containers.is_here():
        # Where libsndfile gives up, FFmpeg often finds its way past the damage.
        with containers.open_container(path) as again:
            further, alike_too = _write(again, channels, path, spool_of, progress)
        if max(further.lengths_s.values()) >= max(decoded.lengths_s.values()):
            return further, alike_too
        with open_track(path) as track:
            decoded, alike = _write(track, channels, path, spool_of, progress)
    return decoded, alike


def _write(
    track: Track, channels: tuple[Channel, ...], path: Path, spool_of: SpoolOf, progress: Progress
) -> tuple[Decoded, Alike]:
    alike, frames = Alike(), 0
    with ExitStack() as stack:
        outs = [stack.enter_context(_private(spool_of(channel))) for channel in channels]
        for rows in _resampled(track, len(channels)):
            frames += len(rows[0])
            for row, out in zip(rows, outs, strict=True):
                _put(out, to_pcm(row))
            if len(rows) == 2:
                alike.take(rows[0], rows[1])
            progress(frames / RATE_HZ)
    if frames == 0:
        raise InputError(f"There is no sound in {path}: it is empty, or damaged throughout.")
    length_s = frames / RATE_HZ
    lengths_s = dict.fromkeys(channels, length_s)
    lost = tuple((channel, *lost) for channel in channels for lost in track.lost_s)
    broke_off = _broke_off(track, path, length_s)
    return Decoded(lengths_s, lost, broke_off), alike


def _broke_off(track: Track, path: Path, length_s: float) -> str:
    whole_s = track.length_s if track.is_length_sure else None
    is_short = whole_s is not None and length_s < whole_s - CUT_OFF_S
    if not track.broke_off and not is_short:
        return ""
    why = track.broke_off or "it was cut off"
    of = f" of {_clock(whole_s)}" if is_short and whole_s is not None else ""
    return f"{path.name} could be read up to {_clock(length_s)}{of}: {why}."


def _clock(at_s: float) -> str:
    minutes, seconds = divmod(round(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _resampled(track: Track, rows: int) -> Iterator[Samples]:
    """Yield a track at our own rate: shape (rows, frames); one row is all sides mixed."""
    streams = [] if track.rate_hz == RATE_HZ else [resampler(track.rate_hz) for _ in range(rows)]
    for block in track.blocks:
        wanted = block.T if rows == track.sides else block.mean(axis=1, dtype=np.float32)[None]
        # A decoder may make no numbers of damaged bytes.
        wanted = np.nan_to_num(np.ascontiguousarray(wanted), nan=0.0, posinf=0.0, neginf=0.0)
        yield _each(streams, wanted, last=False)
    if streams:
        yield _each(streams, np.zeros((rows, 0), np.float32), last=True)


def _each(streams: list[Resampler], rows: Samples, *, last: bool) -> Samples:
    if not streams:
        return rows
    done = [one.resample_chunk(row, last) for one, row in zip(streams, rows, strict=True)]
    return np.stack(done)


@contextmanager
def _private(path: Path) -> Generator[IO[bytes]]:
    # Unbuffered: what the disk refuses is told where it is written.
    try:
        with open(path, "wb", buffering=0, opener=private_opener) as file:
            yield file
    except OSError as error:
        raise DiskError(
            f"{path} can not be written: {error.strerror}.", "Is the disk full?"
        ) from error


def _put(out: IO[bytes], pcm: bytes) -> None:
    rest = memoryview(pcm)
    while rest:
        rest = rest[out.write(rest) :]
