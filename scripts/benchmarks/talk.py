"""Two sides that talk for as long as one listens, put together from a short recording.

Sentences, backchannels and silences come as chance wants them, and a few of the
silences are long enough to be stalls. Law: the same chance gives the same talk;
both sides are always equally long, and never quite still, for a microphone that
gives nothing but zeros counts as muted.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import msgspec
import numpy as np
from numpy.typing import NDArray

from assistant.recording import RATE_HZ, to_spool

Pcm = NDArray[np.int16]

NOISE_RMS = 16.0
"""Of full scale 32768: -66 dBFS, a quiet room."""
_NOISE_S = 7.3
_SHORT_S = 1.2
"""Sentences up to this serve as backchannels too."""
_SIDES = ("me", "them")


class Phrase(msgspec.Struct, frozen=True):
    """One sentence of the recording."""

    side: str
    """`me` or `them`."""
    text: str
    first: int
    """Where it lies in the recording of its side, in frames."""
    last: int

    @property
    def frames(self) -> int:
        """How long it sounds, in frames."""
        return self.last - self.first

    @property
    def length_s(self) -> float:
        """How long it sounds."""
        return self.frames / RATE_HZ


class Span(msgspec.Struct, frozen=True):
    """A sentence at its place."""

    at: int
    """Where it begins, in frames."""
    phrase: Phrase


class Turn(msgspec.Struct, frozen=True):
    """What is said in a turn, and its length with the silence after it."""

    frames: int
    spans: tuple[Span, ...]


class _Line(msgspec.Struct, frozen=True):
    channel: str
    start_s: float
    end_s: float
    text: str


def read_phrases(script: Path) -> tuple[Phrase, ...]:
    """Read which sentences a recording holds, from its script of JSON lines."""
    lines = [msgspec.json.decode(line, type=_Line) for line in script.read_bytes().splitlines()]
    return tuple(
        Phrase(line.channel, line.text, int(line.start_s * RATE_HZ), int(line.end_s * RATE_HZ))
        for line in lines
    )


def read_sides(recording: Path) -> dict[str, Pcm]:
    """Read both sides of a recording: me on the left, them on the right."""
    sides: dict[str, Pcm] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, side in enumerate(_SIDES):
            spool = Path(folder) / side
            to_spool(recording, number, spool)
            sides[side] = np.fromfile(spool, "<i2")
    return sides


def _noise() -> dict[str, Pcm]:
    chance = np.random.default_rng(1)
    return {
        side: np.round(chance.normal(0.0, NOISE_RMS, int(_NOISE_S * RATE_HZ))).astype(np.int16)
        for side in _SIDES
    }


@dataclass(slots=True)
class Talk:
    """A talk without end."""

    sides: dict[str, Pcm]
    phrases: tuple[Phrase, ...]
    chance: Random
    noise: dict[str, Pcm] = field(default_factory=_noise)

    def turns(self) -> Iterator[Turn]:
        """Yield the talk, a turn and the silence after it at a time."""
        speaker = 0
        while True:
            speaker = 1 - speaker if self.chance.random() < 0.85 else speaker
            said, at = self._sentences(_SIDES[speaker])
            murmured = self._murmured(_SIDES[1 - speaker], at)
            yield Turn(at + self._pause(), (*said, *murmured))

    def blocks(self, frames: int) -> Iterator[dict[str, Pcm]]:
        """Yield the talk, and the noise of two rooms, in blocks of so many frames.

        Nothing longer is ever made: who measures memory beside it would measure that.
        """
        now, until = 0, 0
        open_spans: list[Span] = []
        turns = self.turns()
        while True:
            while until < now + frames:
                turn = next(turns)
                open_spans += [Span(span.at + until, span.phrase) for span in turn.spans]
                until += turn.frames
            block = self.quiet(frames)
            for span in open_spans:
                self._add(span, now, block)
            now += frames
            open_spans = [span for span in open_spans if span.at + span.phrase.frames > now]
            yield block

    def quiet(self, frames: int) -> dict[str, Pcm]:
        """Return so many frames in which nobody says anything."""
        first = self.chance.randrange(len(self.noise["me"]) - frames)
        return {side: noise[first : first + frames].copy() for side, noise in self.noise.items()}

    def _add(self, span: Span, now: int, block: dict[str, Pcm]) -> None:
        """Add what sounds of a sentence in the block that begins at `now`."""
        voice = block[span.phrase.side]
        first = max(span.at, now)
        last = min(span.at + span.phrase.frames, now + len(voice))
        if first < last:
            begins = span.phrase.first - span.at
            sound = self.sides[span.phrase.side][first + begins : last + begins]
            voice[first - now : last - now] += sound

    def _sentences(self, side: str) -> tuple[list[Span], int]:
        """Say one to five sentences in a row; return them, and where they end."""
        theirs = [phrase for phrase in self.phrases if phrase.side == side]
        first, at = self.chance.randrange(len(theirs)), 0
        spans: list[Span] = []
        for number in range(self.chance.choice((1, 1, 2, 2, 3, 5))):
            phrase = theirs[(first + number) % len(theirs)]
            spans.append(Span(at, phrase))
            at += phrase.frames + self._silence(0.15, 0.7)
        return spans, at

    def _murmured(self, side: str, within: int) -> tuple[Span, ...]:
        """Be silent while the other one talks, but for a short "right" now and then."""
        short = [p for p in self.phrases if p.side == side and p.length_s <= _SHORT_S]
        if short and self.chance.random() < 0.25:
            phrase = self.chance.choice(short)
            if within > 2 * phrase.frames:
                return (Span(self.chance.randrange(within - phrase.frames), phrase),)
        return ()

    def _pause(self) -> int:
        """Mostly the gap between two turns, sometimes a silence to think, rarely a stall."""
        kind = self.chance.random()
        if kind < 0.72:
            return self._silence(0.1, 1.0)
        return self._silence(1.0, 3.5) if kind < 0.92 else self._silence(5.0, 12.0)

    def _silence(self, least_s: float, most_s: float) -> int:
        return int(self.chance.uniform(least_s, most_s) * RATE_HZ)
