"""Of what kind a question is, among those that are asked in such calls: "career path", "pay".

Knows `kinds.npz`, which `scripts/train_asked` makes of some thousand ways to ask them
(`lines/kinds.train.jsonl`), the ways of very different people. The words of "how did you come to
do this work" and of "what set you off on this road" have nothing in common, and their vectors
little: here both are of one kind. A question that is not prepared has a kind, too, which tells
that it is none of the others.

Law: probabilities only; a line that asks nothing of the known is of the last kind, "none".
English only, as its lines are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from assistant.understanding.embedding import Vectors
from assistant.understanding.shared_words import Rows, Vector

FILE = Path(__file__).with_name("kinds.npz")
LEAST = 1e-4
"""A probability below it tells no more than that."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """What tells the kinds apart: a weight for each number of a vector and each kind."""

    lines_sha256: str
    """Of the lines it was made from."""
    model_sha256: str
    """Of the model whose vectors it weighs."""
    names: tuple[str, ...]
    """Of the kinds; "none" has no name, and comes last."""
    weights: Rows
    """Shape (384, kinds + 1)."""
    bias: Rows

    def of(self, vectors: Vectors) -> Rows:
        """Return how probable each kind is: a row for each vector, shape (texts, kinds + 1)."""
        return softmax(np.asarray(vectors, np.float64) @ self.weights + self.bias)


@dataclass(frozen=True, slots=True)
class Kindred:
    """A line beside each question, by their kinds."""

    same: Vector
    """How probable both are of one kind, 0 (one in ten thousand) to 1, as a logarithm."""
    known: Vector
    """How surely the question is of one kind; a very particular one is of none."""
    elsewhere: float
    """How probable the line is of a kind that none of the questions has."""


@dataclass(frozen=True, slots=True)
class KindsOfQuestions:
    """The questions of a sheet, by their kinds."""

    kinds: Kinds
    _each: Rows
    """How probable each kind is for each question; "none" left out."""

    def beside(self, line: Vectors) -> Kindred:
        """Compare a line, a vector of length 1; about 0.1 ms."""
        own = self.kinds.of(line[np.newaxis])[0]
        named = own[:-1]
        same = self._each @ named
        most = self._each.max(axis=0)
        return Kindred(
            same=1 - np.log(np.maximum(same, LEAST)) / np.log(LEAST),
            known=(self._each**2).sum(axis=1),
            elsewhere=float(own[-1] + named @ (1 - most)),
        )


def kinds_of_questions(
    kinds: Kinds, wordings: Vectors, rows_of: Sequence[Sequence[int]]
) -> KindsOfQuestions:
    """Return the questions by their kinds: each by the mean of its wordings."""
    every = kinds.of(wordings)[:, :-1]
    return KindsOfQuestions(kinds, np.stack([every[list(rows)].mean(axis=0) for rows in rows_of]))


def softmax(odds: Rows) -> Rows:
    """Turn odds, as natural logarithms, into probabilities that add up to 1 in each row."""
    raised: Rows = np.exp(odds - odds.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


@cache
def shipped() -> Kinds:
    """Return the kinds as they are shipped; 80 kB."""
    with as_file(files("assistant.understanding") / FILE.name) as path:
        return read(path)


def read(path: Path) -> Kinds:
    """Read what `write` wrote."""
    with np.load(path) as held:
        return Kinds(
            lines_sha256=str(held["lines_sha256"]),
            model_sha256=str(held["model_sha256"]),
            names=tuple(str(name) for name in held["names"]),
            weights=held["weights"].astype(np.float64),
            bias=held["bias"].astype(np.float64),
        )


def write(path: Path, kinds: Kinds) -> None:
    """Write them in 16 bits a number."""
    np.savez(
        path,
        lines_sha256=np.array(kinds.lines_sha256),
        model_sha256=np.array(kinds.model_sha256),
        names=np.array(kinds.names),
        weights=kinds.weights.astype(np.float16),
        bias=kinds.bias.astype(np.float16),
    )
