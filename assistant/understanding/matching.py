"""Which numbers of two vectors must agree, where one asks what the other one is about.

The vector of a sentence holds much that is no matter here: who speaks, how politely, of which
trade. From some thousand pairs of a prepared question and what people said to ask it a matrix was
learned that weighs what does matter, `matching.npz`, which `scripts/train_asked` makes. Law:
vectors in, scores out; 0 is about as probable as not. English only, as its lines are.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from assistant.understanding.embedding import Vectors
from assistant.understanding.shared_words import Rows, Vector

FILE = Path(__file__).with_name("matching.npz")
SCALE = 10.0
"""So much is a cosine of 1 before anything is learned: the score is a logarithm of odds."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What was learned."""

    lines_sha256: str
    """Of the lines it was made from."""
    model_sha256: str
    """Of the model whose vectors it weighs."""
    weights: Rows
    """Shape (384, 384): of what was said by what was prepared."""
    bias: float
    """Below this nothing was asked."""

    def prepared(self, questions: Vectors) -> Rows:
        """Return the questions, rows of length 1, made ready to be multiplied with a line."""
        return np.asarray(questions, np.float64) @ self.weights.T

    def scores(self, line: Vectors, prepared: Rows) -> Vector:
        """Return for each question how well a line, of length 1, asks it; about 0."""
        return (prepared @ np.asarray(line, np.float64) - self.bias) / SCALE


@cache
def shipped() -> Matching:
    """Return it as it is shipped; 300 kB."""
    with as_file(files("assistant.understanding") / FILE.name) as path:
        return read(path)


def read(path: Path) -> Matching:
    """Read what `write` wrote."""
    with np.load(path) as held:
        return Matching(
            lines_sha256=str(held["lines_sha256"]),
            model_sha256=str(held["model_sha256"]),
            weights=held["weights"].astype(np.float64),
            bias=float(held["bias"]),
        )


def write(path: Path, matching: Matching) -> None:
    """Write it in 16 bits a number."""
    np.savez(
        path,
        lines_sha256=np.array(matching.lines_sha256),
        model_sha256=np.array(matching.model_sha256),
        weights=matching.weights.astype(np.float16),
        bias=np.array(matching.bias),
    )
