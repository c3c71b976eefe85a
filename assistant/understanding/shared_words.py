"""How like the wordings of questions a line is, by its words and its letters alone.

Two views: how much of what is telling in the words is shared (words that many questions have,
"what" or "you", tell little; a slip of a letter is forgiven), and how alike the two lines are
as texts. Law: knows no question and no meaning; a row for each wording.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.minds.spoken import Words
from assistant.understanding.letters import lines_alike, words_alike

Vector = NDArray[np.float64]
Rows = NDArray[np.float64]
"""Several of them, one under the other."""

FEW_QUESTIONS = 12
"""A shorter list says little about which words are common; it is weighed as one of so many."""
PLAIN = 0.25
"""Articles, pronouns and question words weigh no more than this."""
ENOUGH_TELLING = 0.8
"""Shared words that weigh less than this together are too few to tell anything."""
SLIP_LETTERS, SLIP = 4, 0.75
"""Words of so many letters that are so alike (0 to 1) may be the same word."""
CLOSEST = 16
"""So many wordings are also compared as texts."""
REMEMBERED = 2048
"""So many heard words are kept with what they match; a long talk has about as many."""


@dataclass(slots=True)
class SharedWords:
    """Every wording, made ready to be compared."""

    wordings: Sequence[tuple[str, Words]]
    """What a wording belongs to, and its words; none is empty."""
    plain: frozenset[str]
    """Words that tell nothing in any talk."""
    _weights: dict[str, float] = field(init=False)
    """Every word of the wordings -> how telling it is, 0 to 1."""
    _rows: Vector = field(init=False)
    """Wordings by words: the word's weight where the wording has it."""
    _totals: Vector = field(init=False)
    _texts: list[str] = field(init=False)
    _known: dict[str, tuple[Vector, Vector]] = field(
        default_factory=dict[str, tuple[Vector, Vector]]
    )
    """A heard word -> how well it fits each known word, and each wording's best."""

    def __post_init__(self) -> None:
        having: dict[str, set[str]] = {}
        for belongs_to, words in self.wordings:
            for word in words:
                having.setdefault(word, set()).add(belongs_to)
        count = max(FEW_QUESTIONS, len({belongs_to for belongs_to, _ in self.wordings}))
        self._weights = {
            word: min(_telling(len(ids), count), PLAIN if word in self.plain else 1.0)
            for word, ids in having.items()
        }
        self._rows = np.array(
            [[w * (x in words) for x, w in self._weights.items()] for _, words in self.wordings]
        )
        self._totals = self._rows.sum(axis=1) if self.wordings else np.zeros(0)
        self._texts = [" ".join(words) for _, words in self.wordings]

    def scores(self, words: Words) -> Vector:
        """Return a score for each wording, 0 to 1; of all but the closest it is 0."""
        scores = np.zeros(len(self.wordings))
        if not self.wordings or not words:
            return scores
        fits = [(self._weight(word), *fit) for word, fit in self._fits(words)]
        of_wording = self._rows @ np.max([by_word for _, by_word, _ in fits], axis=0)
        of_words = np.sum([weight * by_wording for weight, _, by_wording in fits], axis=0)
        recall = of_wording / self._totals
        precision = of_words / sum(weight for weight, _, _ in fits)
        shared = 2 * recall * precision / np.maximum(recall + precision, 1e-9)
        telling = np.minimum(1.0, of_words / ENOUGH_TELLING)
        closest: list[int] = np.argsort(-shared * telling, kind="stable")[:CLOSEST].tolist()
        text = " ".join(words)
        as_texts = lines_alike([text], [self._texts[row] for row in closest])[0]
        scores[closest] = telling[closest] * (shared[closest] + as_texts) / 2
        return scores

    def _weight(self, word: str) -> float:
        return self._weights.get(word, PLAIN if word in self.plain else 1.0)

    def _fits(self, words: Words) -> Iterable[tuple[str, tuple[Vector, Vector]]]:
        """Return each word once, with how it fits."""
        once = list(dict.fromkeys(words))
        if len(self._known) + len(once) > REMEMBERED:
            self._known.clear()
        new = [word for word in once if word not in self._known]
        if new:
            for word, by_word in zip(new, _same(new, list(self._weights)), strict=True):
                fitting = np.flatnonzero(by_word)
                has = self._rows[:, fitting] > 0
                self._known[word] = by_word, np.max(by_word[fitting] * has, axis=1, initial=0.0)
        return [(word, self._known[word]) for word in once]


def _telling(having: int, count: int) -> float:
    """Return how telling a word is that so many of the questions have: 1 for none, near 0 for all.

    The inverse document frequency of text search, with the questions as documents.
    """
    return max(0.02, math.log((count + 1) / (having + 0.5)) / math.log((count + 1) / 0.5))


def _same(heard: Sequence[str], known: Sequence[str]) -> Vector:
    """Return how surely words are the same, 0 to 1: a row for each heard one."""
    alike = words_alike(heard, known)
    letters = np.minimum.outer([len(word) for word in heard], [len(word) for word in known])
    return np.where((alike == 1.0) | ((letters >= SLIP_LETTERS) & (alike >= SLIP)), alike, 0.0)
