"""Cards whose samples say when they sounded, and a desk with a tape that they play to.

Time is simulated: hours of it pass in seconds.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from assistant.events import Channel, Fact
from assistant.hearing.spool import RATE_HZ, Spool
from assistant.hearing.stream import Block, Opened, Source
from assistant.hearing.tape import Tape

ME, THEM = Channel.ME, Channel.THEM
BLOCK = 320
START_S = 1000.0
"""Where the monotonic clock happens to stand."""


@dataclass
class Card:
    """A stream whose samples say when they sounded: sample = seconds * `per_s`, never 0."""

    channel: Channel
    number: int
    began_s: float = START_S
    ppm: float = 0.0
    late_s: tuple[float, ...] = (0.0,)
    """How late the callbacks come, over and over."""
    frames: int = 0
    calls: int = 0
    silent: bool = False
    quiet: bool = False
    """It hears only a room."""
    lost: int = 0
    block_frames: int = BLOCK
    per_s: int = 100
    """By so much a sample grows in a second; it starts anew at 30000."""

    @property
    def source(self) -> Source:
        return Source(self.number, RATE_HZ, 1)

    def due_s(self) -> float:
        """When the next callback comes."""
        real_hz = RATE_HZ * (1 + self.ppm / 1e6)
        late_s = self.late_s[self.calls % len(self.late_s)]
        return self.began_s + (self.frames + self.lost + self.block_frames) / real_hz + late_s

    def block(self, *, overflowed: bool = False) -> Block:
        stamp_s = self.due_s()
        real_hz = RATE_HZ * (1 + self.ppm / 1e6)
        count = self.block_frames
        places = self.frames + self.lost + np.arange(count)
        sounded_s = self.began_s - START_S + places / real_hz
        samples = np.floor(sounded_s * self.per_s).astype(np.int64) % 30000 + 1
        if self.quiet:
            samples = samples % 5 - 2
        pcm = bytes(2 * count) if self.silent else samples.astype(np.int16).tobytes()
        first, self.frames, self.calls = self.frames, self.frames + count, self.calls + 1
        return Block(self.channel, self.source, first, count, stamp_s, pcm, overflowed)


@dataclass
class ToneCard:
    """A stream that says 48 kHz whatever its device does, loud at the start of each second."""

    channel: Channel
    number: int
    real_hz: int = 48000
    pitch_hz: float = 440.0
    at_s: float = 0.0
    """What sounds next, in seconds of the call."""
    frames: int = 0

    def due_s(self) -> float:
        return START_S + self.at_s + 960 / self.real_hz

    def block(self) -> Block:
        stamp_s = self.due_s()
        times_s = self.at_s + np.arange(960) / self.real_hz
        tone = 8000 * np.sin(2 * np.pi * self.pitch_hz * times_s)
        # Loud for the first tenth of each second: there, a second can be found again.
        tone[times_s % 1.0 < 0.1] *= 3
        self.at_s += 960 / self.real_hz
        first, self.frames = self.frames, self.frames + 960
        pcm = np.round(tone).astype(np.int16).tobytes()
        return Block(self.channel, Source(self.number, 48000, 1), first, 960, stamp_s, pcm, False)


def loud_from_s(sound: np.ndarray[tuple[int], np.dtype[np.int16]], near_s: float) -> float:
    """Where the loud tenth begins nearest to a second, in seconds."""
    first = round((near_s - 0.3) * RATE_HZ)
    loud = np.flatnonzero(np.abs(sound[first : first + round(0.6 * RATE_HZ)].astype(int)) > 12000)
    return near_s - 0.3 + float(loud[0]) / RATE_HZ


AnyCard = TypeVar("AnyCard", Card, ToneCard)


@dataclass
class Desk:
    """A tape, its cards, and the facts told."""

    folder: Path
    channels: tuple[Channel, ...] = (ME, THEM)
    facts: list[Fact] = field(default_factory=list[Fact])
    dead: list[Channel] = field(default_factory=list[Channel])
    cards: list[Card | ToneCard] = field(default_factory=list["Card | ToneCard"])
    now_s: float = START_S
    step_s: float = 0.01

    def __post_init__(self) -> None:
        self.spools = {channel: Spool(self.folder / f"{channel}.s16") for channel in self.channels}
        self.tape = Tape(self.spools, self.facts.append)

    def plug(self, card: AnyCard) -> AnyCard:
        self.tape.expect(Opened(card.channel, card.number), self.now_s)
        self.cards.append(card)
        return card

    def unplug(self, card: Card | ToneCard) -> None:
        self.cards.remove(card)

    def run(self, length_s: float) -> None:
        until_s = self.now_s + length_s
        while self.now_s < until_s:
            self.now_s = round(self.now_s + self.step_s, 6)
            for card in self.cards:
                while card.due_s() <= self.now_s:
                    self.tape.take(card.block())
            self.dead += self.tape.tick(self.now_s)

    def sound(self, channel: Channel) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        return np.frombuffer(self.spools[channel].path.read_bytes(), np.int16)

    def sounded_s(self, channel: Channel, at_s: float) -> float:
        """When the sample that stands at a second really sounded."""
        return (float(self.sound(channel)[round(at_s * RATE_HZ)]) - 1) / 100

    def told(self, kind: type[Fact]) -> list[Fact]:
        return [fact for fact in self.facts if isinstance(fact, kind)]
