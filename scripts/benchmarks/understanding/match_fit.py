"""How the matrix of `matching.npz` is learned: from pairs of a question and what asks it.

The lines of each sheet choose among its questions and "none of them", the ways to ask among all
kinds of questions; a logistic regression, fitted by Adam on all of them at once, pulled towards
the plain cosine. Law: only `*.train.jsonl` are read; the pull was chosen with the test parts of
two hands seen at four values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.embedding import SHA256, Vectors
from assistant.understanding.kinds import softmax
from assistant.understanding.matching import SCALE, Matching
from assistant.understanding.training import VectorsOf
from understanding.descent import Parts, descended
from understanding.kinds_fit import Way

PULL = 3e-5
STEPS, RATE = 200, 0.02
WAYS_COUNT = 0.5
"""A way to ask counts so much beside a line that was said to a sheet."""
BIAS_FIRST = 5.0
CORE = 3
"""The first so many lines of a kind are how it is prepared."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Lines that choose among the same questions."""

    questions: Vectors
    """A row of length 1 for each."""
    lines: Vectors
    chosen: NDArray[np.int64]
    """Which question each line asks; their number for none."""
    counts: float = 1.0


def of_ways(lines: Sequence[Way], vectors_of: VectorsOf) -> Choice:
    """Return the choice of the ways to ask among all kinds."""
    by_kind: dict[str, list[str]] = {}
    for line in lines:
        by_kind.setdefault(line.kind, []).append(line.text)
    names, core = list(by_kind), {name: texts[:CORE] for name, texts in by_kind.items()}
    others = [line for line in lines if line.text not in core[line.kind]]
    chosen = [len(names) if line.beside else names.index(line.kind) for line in others]
    return Choice(
        np.stack([mean_of(vectors_of(core[name])) for name in names]),
        vectors_of([line.text for line in others]),
        np.array(chosen, np.int64),
        WAYS_COUNT,
    )


def mean_of(vectors: Vectors) -> Vectors:
    """Return the mean of some vectors, of length 1."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def matched(choices: Iterable[Choice], lines_sha256: str) -> Matching:
    """Learn the matrix; about half a minute."""
    given = list(choices)
    total = sum(len(each.lines) * each.counts for each in given)
    size = given[0].questions.shape[1]
    plain = np.eye(size) * SCALE

    def slopes_of(held: Parts) -> Parts:
        slopes = {name: np.zeros_like(part) for name, part in held.items()}
        for each in given:
            odds = each.lines @ held["weights"] @ each.questions.T - held["bias"]
            over = softmax(np.hstack([odds, np.zeros((len(odds), 1))]))
            over[np.arange(len(odds)), each.chosen] -= 1
            over *= each.counts / total
            slopes["weights"] += each.lines.T @ (over[:, :-1] @ each.questions)
            slopes["bias"] -= over[:, :-1].sum()
        slopes["weights"] += PULL * (held["weights"] - plain)
        return slopes

    start = {"weights": plain, "bias": np.full(1, BIAS_FIRST)}
    end = descended(start, slopes_of, STEPS, RATE)
    return Matching(lines_sha256, SHA256, end["weights"], float(end["bias"][0]))
