"""How the kinds of questions are told apart: from labelled ways to ask, the same from the same.

A logistic regression of all kinds against each other and against "none", over the vectors of the
lines, fitted by Adam on all of them at once. Law: only `kinds.train.jsonl` is read; how strong the
pull towards small weights is was chosen by cross validation on it.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from assistant.understanding.embedding import SHA256, Vectors
from assistant.understanding.kinds import Kinds, softmax
from assistant.understanding.shared_words import Rows
from assistant.understanding.training import LINES, VectorsOf
from understanding.descent import Parts, descended

FILE = LINES / "kinds.train.jsonl"
PULL = 1e-4
STEPS, RATE = 300, 0.05


class Way(msgspec.Struct, frozen=True):
    """A way to ask a question of a kind, or what is said beside it and asks something else."""

    kind: str
    text: str
    beside: bool = False


def ways(path: Path = FILE) -> list[Way]:
    """Read the lines."""
    return msgspec.json.Decoder(Way).decode_lines(path.read_bytes())


def check_sum() -> str:
    """Return the check sum of the lines."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()


def kinds_of(lines: Sequence[Way], vectors_of: VectorsOf) -> Kinds:
    """Train the kinds; about ten seconds, and the time of the vectors."""
    names = tuple(sorted({line.kind for line in lines}))
    labels = [len(names) if line.beside else names.index(line.kind) for line in lines]
    weights, bias = fitted(
        vectors_of([line.text for line in lines]), np.array(labels), len(names) + 1
    )
    return Kinds(check_sum(), SHA256, names, weights, bias)


def fitted(vectors: Vectors, labels: NDArray[np.int64], count: int) -> tuple[Rows, Rows]:
    """Return the weights of each kind, shape (384, count), and its bias."""
    rows = np.hstack([vectors.astype(np.float64), np.ones((len(vectors), 1))])
    truth = np.eye(count)[labels]

    def slopes_of(held: Parts) -> Parts:
        weights = held["weights"]
        slope = rows.T @ (softmax(rows @ weights) - truth) / len(rows)
        slope[:-1] += PULL * weights[:-1]
        return {"weights": slope}

    start = {"weights": np.zeros((rows.shape[1], count))}
    weights = descended(start, slopes_of, STEPS, RATE)["weights"]
    return weights[:-1], weights[-1]
