"""How much of a wording is found again in a line, piece by piece, and of the line in the wording.

A sentence as one vector says what it is about; here each piece of a word, seen in its sentence,
looks for the piece of the other one that is nearest to it. So "how many floors has it" is less
like "how much do you draw by hand" than their vectors are. Law: vectors in, scores out, each
between -1 and 1; a row for each question, by the wording that fits best.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.understanding.commonness import rank_of_token
from assistant.understanding.embedding import Vectors
from assistant.understanding.sentences import Sentences
from assistant.understanding.shared_words import Vector
from assistant.understanding.wordpiece import token_numbers

COMMON_RANK, LEAST_TELLING, MOST_TELLING = 30.0, 0.3, 7.0
"""A piece tells as much as the logarithm of its rank over the first, at least the second; the last
is about what the rarest tells."""


@dataclass(frozen=True, slots=True)
class Found:
    """A line beside each question."""

    wording: Vector
    """How much of the wording is in the line, all its pieces alike ..."""
    wording_telling: Vector
    """... and rare pieces more."""
    line: Vector
    """How much of the line is in the wording."""
    line_telling: Vector
    both: Vector
    """The mean of both, of the wording for which it is best."""


@dataclass(slots=True)
class Alignment:
    """The pieces of all wordings, made ready."""

    sentences: Sentences
    texts: Sequence[str]
    rows_of: Sequence[Sequence[int]]
    """For each question, which of the wordings are its own."""
    pieces: Sequence[Vectors]
    """Of each wording."""
    _pieces: Vectors = field(init=False)
    _telling: Vector = field(init=False)
    _begins: list[int] = field(init=False)
    _counts: Vector = field(init=False)

    def __post_init__(self) -> None:
        each = self.pieces
        self._pieces = np.vstack(each)
        self._telling = np.concatenate(
            [_telling(text, len(pieces)) for text, pieces in zip(self.texts, each, strict=True)]
        )
        self._counts = np.array([len(pieces) for pieces in each], np.float64)
        self._begins = np.concatenate([[0], np.cumsum(self._counts)[:-1]]).astype(int).tolist()

    def of(self, text: str) -> Found:
        """Align a line; about 1 ms, and the time of its vector if it has none yet."""
        line = self.sentences.pieces(text)
        telling = _telling(text, len(line))
        near = np.asarray(line @ self._pieces.T, np.float64)
        best = near.max(axis=0)
        per_wording = np.maximum.reduceat(near, self._begins, axis=1)
        wording = np.add.reduceat(best, self._begins) / self._counts
        of_line = per_wording.mean(axis=0)
        weighed = np.add.reduceat(best * self._telling, self._begins)
        return Found(
            wording=self._best(wording),
            wording_telling=self._best(weighed / np.add.reduceat(self._telling, self._begins)),
            line=self._best(of_line),
            line_telling=self._best(telling @ per_wording / telling.sum()),
            both=self._best((wording + of_line) / 2),
        )

    def _best(self, scores: Vector) -> Vector:
        return np.array([scores[rows].max() for rows in map(list, self.rows_of)])


def _telling(text: str, count: int) -> Vector:
    """Return how telling each piece of a text is; what has no piece counts alike."""
    numbers = token_numbers(text)[1:-1]
    if len(numbers) != count:
        return np.ones(count)
    ranks = np.array([rank_of_token(number) for number in numbers], np.float64)
    return np.maximum(LEAST_TELLING, np.log((ranks + COMMON_RANK) / COMMON_RANK)) / MOST_TELLING
