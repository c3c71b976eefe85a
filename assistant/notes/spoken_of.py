"""Where in a call something was spoken of, though nobody asked for it there.

Reads the lines and how near each came to a prepared question. Lines that come near lie together;
the stretch that stands out most from the rest of the call is the passage. Law: pure; a call in
which nothing stands out has no passage.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.events import Entry, Understood
from assistant.notes.talk import Line, plain
from assistant.notes.words import Words
from assistant.plan import Question

WIDTH_LINES = 6.0
"""What a line is about, its neighbours are as well, half as much at this distance."""
WORDS_COUNT = 0.6
"""What it weighs that the question's rarer words are said, beside how near the line comes to it;
from the passages of other people's meetings (docs/measurements.md)."""
LONG_WORDS = 20
"""A line of so many words or more counts in full."""
STANDS_OUT = 0.8
"""A passage lies by so many standard deviations above the call."""
STEM_LETTERS = 6
"""Words that begin with so many letters alike are the same word."""
_TELLING_LETTERS = 3


@dataclass(slots=True)
class SpokenOf:
    """A call's lines, made ready to be asked about."""

    said: Sequence[Line]
    entries: Sequence[Entry]
    words: Words
    _near: dict[int, Mapping[str, float]] = field(init=False)
    _stems: list[set[str]] = field(init=False)
    _rarity: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        told = (entry.event for entry in self.entries if isinstance(entry.event, Understood))
        self._near = {event.heard_seq: event.near | event.likeness for event in told}
        self._stems = [set(self._telling(word.text for word in li.words)) for li in self.said]
        count = Counter(stem for stems in self._stems for stem in stems)
        total = len(self.said)
        self._rarity = {
            stem: math.log(1 + (total - n + 0.5) / (n + 0.5)) for stem, n in count.items()
        }

    def passage(self, question: Question) -> tuple[Line, ...]:
        """Return the stretch of the call that speaks of a question; empty where none stands out.

        About a millisecond for half an hour of talk.
        """
        wanted = set(self._telling(" ".join((question.text, *question.aliases)).split()))
        most = sum(self._rarity.get(stem, 0.0) for stem in wanted) or math.inf
        scores = _smoothed(
            [
                self._near.get(line.seq, {}).get(question.id, 0.0)
                + WORDS_COUNT * sum(self._rarity[stem] for stem in wanted & stems) / most
                for line, stems in zip(self.said, self._stems, strict=True)
            ],
            [math.sqrt(min(len(line.words), LONG_WORDS)) for line in self.said],
        )
        span = standing_out(scores)
        return tuple(self.said[span[0] : span[1]]) if span else ()

    def _telling(self, written: Iterable[str]) -> list[str]:
        return [
            word[:STEM_LETTERS]
            for word in map(plain, written)
            if len(word) >= _TELLING_LETTERS and word not in self.words.light
        ]


def standing_out(scores: Sequence[float]) -> tuple[int, int] | None:
    """Return from where to where scores stand out most, by sum; None where none do."""
    if not scores:
        return None
    mean = sum(scores) / len(scores)
    spread = math.sqrt(sum((score - mean) ** 2 for score in scores) / len(scores))
    if spread == 0.0:
        return None
    best, span, total, first = 0.0, None, 0.0, 0
    for n, score in enumerate(scores):
        if total <= 0.0:
            total, first = 0.0, n
        total += (score - mean) / spread - STANDS_OUT
        if total > best:
            best, span = total, (first, n + 1)
    return span


def _smoothed(scores: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return each score as the weighted mean of those around it."""
    reach = round(3 * WIDTH_LINES)
    shares = [math.exp(-0.5 * (step / WIDTH_LINES) ** 2) for step in range(-reach, reach + 1)]
    smooth: list[float] = []
    for at in range(len(scores)):
        around = [
            (n, share)
            for n, share in zip(range(at - reach, at + reach + 1), shares, strict=True)
            if 0 <= n < len(scores)
        ]
        total = sum(share * weights[n] for n, share in around)
        told = sum(share * weights[n] * scores[n] for n, share in around)
        smooth.append(told / total if total else 0.0)
    return smooth
