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
    def length_s(self) -> float:
        """How long it sounds."""
        return (self.last - self.first) / RATE_HZ


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

    def stretches(self) -> Iterator[dict[str, Pcm]]:
        """Yield the voices, a turn and the silence after it at a time, both sides equally long."""
        speaker = 0
        while True:
            speaker = 1 - speaker if self.chance.random() < 0.85 else speaker
            turn = self._turn(_SIDES[speaker])
            other = self._murmured(_SIDES[1 - speaker], len(turn))
            yield {_SIDES[speaker]: turn, _SIDES[1 - speaker]: other}

    def blocks(self, frames: int) -> Iterator[dict[str, Pcm]]:
        """Yield the talk, and the noise of two rooms, in blocks of so many frames."""
        rest = {side: np.zeros(0, np.int16) for side in _SIDES}
        for stretch in self.stretches():
            # Nothing long is made here: who measures memory would measure this.
            rest = {side: np.concatenate([rest[side], stretch[side]]) for side in _SIDES}
            whole = len(rest["me"]) // frames * frames
            for first in range(0, whole, frames):
                quiet = self.quiet(frames)
                yield {side: rest[side][first : first + frames] + quiet[side] for side in _SIDES}
            rest = {side: rest[side][whole:].copy() for side in _SIDES}

    def quiet(self, frames: int) -> dict[str, Pcm]:
        """Return so many frames in which nobody says anything."""
        first = self.chance.randrange(len(self.noise["me"]) - frames)
        return {side: noise[first : first + frames] for side, noise in self.noise.items()}

    def _turn(self, side: str) -> Pcm:
        """Say one to five sentences in a row, then be silent."""
        count = self.chance.choice((1, 1, 2, 2, 3, 5))
        theirs = [phrase for phrase in self.phrases if phrase.side == side]
        first = self.chance.randrange(len(theirs))
        parts: list[Pcm] = []
        for number in range(count):
            phrase = theirs[(first + number) % len(theirs)]
            parts += [self.sides[side][phrase.first : phrase.last], self._silence(0.15, 0.7)]
        return np.concatenate([*parts, self._pause()])

    def _murmured(self, side: str, frames: int) -> Pcm:
        """Be silent while the other one talks, but for a short "right" now and then."""
        voice = np.zeros(frames, np.int16)
        short = [p for p in self.phrases if p.side == side and p.length_s <= _SHORT_S]
        if short and self.chance.random() < 0.25:
            phrase = self.chance.choice(short)
            length = phrase.last - phrase.first
            if frames > 2 * length:
                first = self.chance.randrange(frames - length)
                voice[first : first + length] = self.sides[side][phrase.first : phrase.last]
        return voice

    def _pause(self) -> Pcm:
        """Mostly the gap between two turns, sometimes a silence to think, rarely a stall."""
        kind = self.chance.random()
        if kind < 0.72:
            return self._silence(0.1, 1.0)
        return self._silence(1.0, 3.5) if kind < 0.92 else self._silence(5.0, 12.0)

    def _silence(self, least_s: float, most_s: float) -> Pcm:
        return np.zeros(int(self.chance.uniform(least_s, most_s) * RATE_HZ), np.int16)
