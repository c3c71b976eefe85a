"""Whose words these probably are, where one microphone hears both.

Reads Heard of the `unclear` channel; finds nothing: what it tells becomes part
of the fact before that is placed, so that a replay has it. Two things tell: what was
said (who asks, who speaks of "you", who speaks long; an answer comes from the
other side than its question), and how loud it was, once the call has shown two
levels of which one asks more than the other: mostly mine, which is nearer than
theirs out of a loudspeaker, but a phone may be turned up. Law: a
line is judged by itself and by what came before it, never anew; what is not
sure enough is left open.

The weights were fitted on the scripted interviews of the tests and rounded.
"""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from assistant.events import Channel, Entry, Heard
from assistant.minds.spoken import (
    Book,
    Utterances,
    Words,
    phrases_of,
    starts_with,
    utterances_of,
    words_of,
)
from assistant.plan import Plan

SURE = 0.75
"""From this certainty on a side is told."""
LEAST_APART_DB = 4.0
"""Levels nearer to one another than this are those of one voice."""
LEAST_LINES = 3
"""Of either level so many lines must have been heard."""
SURE_BY_WORDS = 0.3
"""Where so much of what lies between the levels lies between who asks and who tells, the levels
are believed; where less does, less."""
LEVELS_KEPT = 200
_SPREAD_DB = 3.0
"""How far a voice's lines lie from its level, as a standard deviation."""
_MOST_BY_LEVEL = 4.0
"""No level says more than this, in nats: a hand over the phone makes me quiet too."""
_MOST_NATS = 6.0
_STAY = 0.5
"""The odds that the same side goes on, before anything is known of what it says."""
_STAY_AFTER_QUESTION = 0.15
_LONG_WORDS = 30


class Features(NamedTuple):
    """What the words of a line say of its speaker, each 0 to 1 or so."""

    asks: float
    """It is a question."""
    you: float
    """Tenths of the words that speak of the other one."""
    long: float
    """How long it is, 1 at thirty words and above."""
    asker: float
    """It has a phrase of whoever interviews: "thank you for your time"."""
    teller: float
    """It has a phrase of whoever is interviewed: "that's a good question"."""


WEIGHTS = Features(asks=2.3, you=0.4, long=-2.2, asker=1.3, teller=-1.0)
"""In nats for me."""


LOUDEST_DB = 200.0
"""No level lies further from 0 dBFS; what does is a fault of who measured it."""


@dataclass(slots=True)
class Sides:
    """Whose the last line probably was, and the levels heard."""

    plan: Plan
    _utterances: Utterances = field(init=False)
    _words: dict[str, Book] = field(init=False)
    _mine: float = 0.5
    """How probably the last line was mine."""
    _was_question: bool = False
    _levels: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """How loud the last lines were, and how probably their words were mine."""

    def __post_init__(self) -> None:
        self._utterances = utterances_of(self.plan.phrases)
        lists = self.plan.phrases.sides
        self._words = {name: phrases_of(lists.get(name, ())) for name in Features._fields}

    def take(self, entry: Entry) -> None:
        """Take the next entry; most change nothing."""
        match entry.event:
            case Heard(channel=Channel.UNCLEAR, echo=False, text=text, loudness_db=level_db):
                by_words = self._by_words(text)
                self._mine = self._probably_mine(entry.event)
                is_empty = self._utterances.is_empty(text)
                if not is_empty:
                    self._was_question = self._utterances.is_question(text)
                if level_db is not None and abs(level_db) <= LOUDEST_DB:
                    weight = 0.5 if is_empty else _probability(by_words)
                    self._levels = [*self._levels, (level_db, weight)][-LEVELS_KEPT:]
            case _:
                pass

    def mark(self, heard: Heard) -> Heard:
        """Return what was heard with the side told where it is sure enough; it is not taken."""
        if heard.channel is not Channel.UNCLEAR or heard.echo:
            return heard
        mine = self._probably_mine(heard)
        certainty = max(mine, 1 - mine)
        if certainty < SURE:
            return heard
        side = Channel.ME if mine >= 0.5 else Channel.THEM
        return msgspec.structs.replace(heard, probably=side, certainty=round(certainty, 2))

    def features(self, text: str) -> Features:
        """Return what the words say of their speaker."""
        words = words_of(text)
        count = max(len(words), 5)
        return Features(
            asks=float(self._utterances.is_question(text)),
            you=10 * self._times(words, "you") / count,
            long=min(1.0, len(words) / _LONG_WORDS),
            asker=float(self._times(words, "asker") > 0),
            teller=float(self._times(words, "teller") > 0),
        )

    def _times(self, words: Words, name: str) -> int:
        return sum(starts_with(words, self._words[name], at) > 0 for at in range(len(words)))

    def _probably_mine(self, heard: Heard) -> float:
        return _probability(self._by_words(heard.text) + self._by_level(heard.loudness_db))

    def _by_words(self, text: str) -> float:
        """Return what the words say for me, and who spoke before them, in nats."""
        stay = _STAY_AFTER_QUESTION if self._was_question else _STAY
        before = self._mine * stay + (1 - self._mine) * (1 - stay)
        nats = math.log(before / (1 - before))
        if self._utterances.is_empty(text):
            return nats
        found = self.features(text)
        return nats + sum(weight * value for weight, value in zip(WEIGHTS, found, strict=True))

    def _by_level(self, level_db: float | None) -> float:
        """Return what the level says for me, in nats; 0 while the call has shown but one."""
        if level_db is None or not math.isfinite(level_db):
            return 0.0
        quiet_db, loud_db = _two_levels([db for db, _ in self._levels])
        apart_db = loud_db - quiet_db
        if apart_db < LEAST_APART_DB:
            return 0.0
        mine_db = _mean_of(self._levels) - _mean_of([(db, 1 - p) for db, p in self._levels])
        # One voice alone, cut in two, shows two levels as well; but neither of them asks more.
        trust = min(1.0, abs(mine_db) / (SURE_BY_WORDS * apart_db))
        off = trust * (level_db - (quiet_db + loud_db) / 2) * apart_db / _SPREAD_DB**2
        return max(-_MOST_BY_LEVEL, min(_MOST_BY_LEVEL, math.copysign(off, off * mine_db)))


def _two_levels(levels_db: list[float]) -> tuple[float, float]:
    """Return the two levels about which these lie best; the same twice where they are one."""
    ordered = sorted(levels_db)
    total, count, below = sum(ordered), len(ordered), 0.0
    best = 0.0, 0.0, 0.0
    for cut, level_db in enumerate(ordered, 1):
        below += level_db
        if LEAST_LINES <= cut <= count - LEAST_LINES:
            quiet_db, loud_db = below / cut, (total - below) / (count - cut)
            between = cut * (count - cut) * (loud_db - quiet_db) ** 2
            best = max(best, (between, quiet_db, loud_db))
    return best[1:]


def _probability(nats: float) -> float:
    return 1 / (1 + math.exp(-max(-_MOST_NATS, min(_MOST_NATS, nats))))


def _mean_of(weighted: list[tuple[float, float]]) -> float:
    return sum(value * weight for value, weight in weighted) / sum(weight for _, weight in weighted)
