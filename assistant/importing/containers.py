"""What phones and cameras record: m4a, 3gp, amr, video, and all else that FFmpeg decodes.

The door of av (PyAV), which the extra `phone` brings. Law: a file is read and nothing else: what
stands in it can lead to no other file and to no address; memory stays the same however long it is.
"""

import contextlib
import importlib.util
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from assistant.errors import InputError
from assistant.importing.track import Track
from assistant.recording import Samples

HINT = "`pip install 'sottovoce[phone]'` brings what reads the recordings of phones and videos."

BLOCK_FRAMES = 65536
"""Frames are small, some 20 ms; so many samples are handed on at once."""
GAP_S = 0.1
"""Frames that are stamped so much later than they come have something missing before them."""
LONGEST_GAP_S = 6 * 3600.0
"""A longer one is a stamp that makes no sense."""
NEAR_S = 1.0
"""What is lost so near to another loss is one with it."""
_TELL_THEIR_LENGTH = ("mov", "matroska", "asf", "avi", "wav", "flac", "caf", "aiff")
"""The first names of the formats whose heads know how long they are; others are guessed."""
_ALONE = {
    # A playlist or a film may name other files and addresses: none of them is opened.
    "protocol_whitelist": "nothing",
    "enable_drefs": "0",
    "use_absolute_path": "0",
}


class _Layout(Protocol):
    nb_channels: int


class _Format(Protocol):
    is_planar: bool


class _Frame(Protocol):
    sample_rate: int
    layout: _Layout
    format: _Format
    pts: int | None
    time_base: float | None

    def to_ndarray(self) -> NDArray[Any]: ...


class _Packet(Protocol):
    def decode(self) -> Sequence[_Frame]: ...


class _Stream(Protocol):
    duration: int | None
    time_base: float | None
    metadata: Mapping[str, str]


class _Streams(Protocol):
    audio: Sequence[_Stream]


class _ContainerFormat(Protocol):
    name: str


class _Container(Protocol):
    streams: _Streams
    format: _ContainerFormat
    duration: int | None
    metadata: Mapping[str, str]

    def demux(self, stream: _Stream) -> Iterator[_Packet]: ...
    def close(self) -> None: ...


class _Av(Protocol):
    FFmpegError: type[Exception]
    time_base: int

    def open(self, file: IO[bytes], **options: object) -> _Container: ...


def is_here() -> bool:
    """Tell whether the extra that reads these files is installed."""
    return importlib.util.find_spec("av") is not None


@contextlib.contextmanager
def open_container(path: Path) -> Generator[Track]:
    """Open the sound of a file. Raises InputError where there is none that can be decoded."""
    if not is_here():
        raise InputError(f"{path} is not a sound file that can be read by what is here.", HINT)
    import av as library

    av = cast(_Av, library)
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            container = av.open(
                file, mode="r", options=_ALONE, container_options=_ALONE, metadata_errors="replace"
            )
        except OSError as error:
            # FFmpeg's own errors are OSErrors as well.
            raise _unreadable(path) from error
        except (av.FFmpegError, ValueError) as error:
            raise _unreadable(path) from error
        stack.callback(container.close)
        if not container.streams.audio:
            raise InputError(f"There is no sound in {path}.", "Is it the right file?")
        yield _track(av, container, path)


def _unreadable(path: Path) -> InputError:
    return InputError(
        f"{path} is no recording that can be read.",
        "It may be damaged, cut off before it was closed, or no recording at all.",
    )


def _track(av: _Av, container: _Container, path: Path) -> Track:
    stream = container.streams.audio[0]
    reading = _Reading(av, container, stream)
    frames = reading.frames()
    # Heads tell a wrong rate and number of sides where the codec adds to them: the sound knows.
    first = next(frames, None)
    if first is None:
        raise InputError(
            f"Nothing of the sound in {path} can be decoded.",
            "It may be damaged, or locked by its seller (DRM).",
        )
    reading.rate_hz, reading.sides = first.sample_rate, first.layout.nb_channels
    kind = container.format.name.split(",")[0]
    track = Track(
        rate_hz=reading.rate_hz,
        sides=reading.sides,
        length_s=_length_s(av, container, stream),
        is_length_sure=kind in _TELL_THEIR_LENGTH,
        blocks=iter(()),
        tags={**stream.metadata, **container.metadata},
        lost_s=reading.lost_s,
    )
    track.blocks = _told(reading, track, first, frames)
    return track


def _told(
    reading: "_Reading", track: Track, first: _Frame, frames: Iterator[_Frame]
) -> Iterator[Samples]:
    yield from _joined(reading.samples(first, frames))
    track.broke_off = reading.broke_off


def _length_s(av: _Av, container: _Container, stream: _Stream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


@dataclass(slots=True)
class _Reading:
    """One stream, decoded from its beginning."""

    av: _Av
    container: _Container
    stream: _Stream
    rate_hz: int = 0
    sides: int = 0
    lost_s: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    broke_off: str = ""
    _first_s: float | None = None
    _frames: int = 0
    """So many were given out."""

    def frames(self) -> Iterator[_Frame]:
        """Yield what can be decoded; leave out what can not."""
        packets = self.container.demux(self.stream)
        while True:
            try:
                packet = next(packets, None)
            except (self.av.FFmpegError, OSError):
                self.broke_off = "the file is damaged from there on"
                return
            if packet is None:
                return
            with contextlib.suppress(self.av.FFmpegError):
                yield from packet.decode()

    def samples(self, first: _Frame, rest: Iterator[_Frame]) -> Iterator[Samples]:
        """Yield the samples of every frame, with zeros where some are missing."""
        for frame in _with(first, rest):
            if frame.sample_rate != self.rate_hz:
                self.broke_off = "its sample rate changes there"
                return
            if (gap := self._gap_frames(frame)) > 0:
                self._lose(self._frames / self.rate_hz, (self._frames + gap) / self.rate_hz)
                yield from self._zeros(gap)
            block = _samples_of(frame)
            self._frames += len(block)
            yield block if block.shape[1] == self.sides else _as_sides(block, self.sides)

    def _lose(self, from_s: float, to_s: float) -> None:
        if self.lost_s and from_s - self.lost_s[-1][1] < NEAR_S:
            from_s = self.lost_s.pop()[0]
        self.lost_s.append((round(from_s, 3), round(to_s, 3)))

    def _gap_frames(self, frame: _Frame) -> int:
        if frame.pts is None or not frame.time_base:
            return 0
        at_s = float(frame.pts * frame.time_base)
        if self._first_s is None:
            self._first_s = at_s
        gap_s = at_s - self._first_s - self._frames / self.rate_hz
        return round(gap_s * self.rate_hz) if GAP_S <= gap_s <= LONGEST_GAP_S else 0

    def _zeros(self, frames: int) -> Iterator[Samples]:
        self._frames += frames
        while frames > 0:
            count = min(frames, BLOCK_FRAMES)
            frames -= count
            yield np.zeros((count, self.sides), np.float32)


def _with(first: _Frame, rest: Iterable[_Frame]) -> Iterator[_Frame]:
    yield first
    yield from rest


def _samples_of(frame: _Frame) -> Samples:
    """Return a frame's samples, whatever their form: shape (frames, sides), -1 to 1."""
    raw = frame.to_ndarray()
    rows = raw if frame.format.is_planar else raw.reshape(-1, frame.layout.nb_channels).T
    if rows.dtype.kind == "f":
        return rows.T.astype(np.float32)
    full = float(2 ** (8 * rows.dtype.itemsize - 1))
    shifted = rows.astype(np.float32) - (full if rows.dtype.kind == "u" else 0.0)
    return (shifted / full).T.astype(np.float32)


def _as_sides(block: Samples, sides: int) -> Samples:
    """Return samples for another number of sides than their own: all of them mixed."""
    mixed = block.mean(axis=1, keepdims=True, dtype=np.float32)
    return np.repeat(mixed, sides, axis=1)


def _joined(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Join small blocks to larger ones."""
    held: list[Samples] = []
    for block in blocks:
        held.append(block)
        if sum(len(one) for one in held) >= BLOCK_FRAMES:
            yield np.concatenate(held)
            held = []
    if held:
        yield np.concatenate(held)
