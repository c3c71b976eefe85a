"""What of two sentences must agree, where one asks what the other one is about.

The vector of a sentence holds much that is no matter here: who speaks, how politely, of which
trade; and its pieces hold many that ask nothing. From the lines of 390 sheets, in which people ask
a prepared question or say something else, it was learned how to read a sentence (the branch of
`embedding`), which numbers of two vectors must agree, and what of each piece is compared with the
pieces of the other sentence (late interaction: Khattab and Zaharia, 2020). The last two are in
`matching.npz`, which `scripts/train_matching` makes. Law: sentences as the branch sees them in,
scores out; 0 is about as probable as not. English only, as its lines are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from assistant.understanding.embedding import SIZE, Sentence, Vectors
from assistant.understanding.shared_words import Rows, Vector

FILE = Path(__file__).with_name("matching.npz")
SCALE = 10.0
"""So much is a cosine of 1 before anything is learned: the score is a logarithm of odds."""
LENGTH = SIZE**0.5
"""Of a piece, where it is said how telling it is: each of its numbers is then about 1."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The questions of a sheet, made ready."""

    questions: Rows
    """A row for each, to be multiplied with the vector of a line."""
    pieces: Rows
    """A row of length 1 for each piece of every wording, one wording after the other."""
    tells: Vector
    """How much of its wording each piece is: those of a wording add up to 1."""
    begins: Sequence[int]
    """At which piece each wording begins."""
    shares: Rows
    """Shape (wordings, questions): how much of a question each wording is."""


@dataclass(frozen=True, slots=True)
class Matching:
    """What was learned."""

    lines_sha256: str
    """Of the lines it was made from."""
    model_sha256: str
    """Of the model whose vectors it weighs ..."""
    branch_sha256: str
    """... and of the branch, which learned together with it."""
    weights: Rows
    """Shape (384, 384): of what was said by what was prepared."""
    bias: float
    """Below this nothing was asked."""
    lens: Rows
    """Shape (384, few): what of a piece is compared."""
    tells_of_wording: Vector
    """Shape (384,): by this it is known how telling a piece of a wording is ..."""
    tells_of_line: Vector
    """... and one of a line."""
    counts: Vector
    """What it counts to find the wording again in the line, and the line in the wording."""

    def prepared(self, wordings: Sequence[Sentence], rows_of: Sequence[Sequence[int]]) -> Prepared:
        """Return a sheet made ready; `rows_of` says of each question which wordings are its own."""
        shares = np.zeros((len(wordings), len(rows_of)))
        for question, rows in enumerate(rows_of):
            shares[list(rows), question] = 1 / len(rows)
        means = shares.T @ np.stack([np.asarray(each.vector, np.float64) for each in wordings])
        sizes = [len(each.pieces) for each in wordings]
        return Prepared(
            questions=_unit(means) @ self.weights.T,
            pieces=np.vstack([seen(each.pieces, self.lens) for each in wordings]),
            tells=np.concatenate(
                [telling(each.pieces, self.tells_of_wording) for each in wordings]
            ),
            begins=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int).tolist(),
            shares=shares,
        )

    def scores(self, line: Sentence, prepared: Prepared) -> Vector:
        """Return for each question how well a line asks it, about 0.

        0.3 ms for 120 wordings, 0.7 ms for 400.
        """
        near = seen(line.pieces, self.lens) @ prepared.pieces.T
        wordings = np.add.reduceat(near.max(axis=0) * prepared.tells, prepared.begins)
        best = np.maximum.reduceat(near, prepared.begins, axis=1)
        lines = telling(line.pieces, self.tells_of_line) @ best
        found = self.counts[0] * wordings + self.counts[1] * lines
        whole = prepared.questions @ np.asarray(line.vector, np.float64)
        return (whole + found @ prepared.shares - self.bias) / SCALE


def seen(pieces: Vectors, lens: Rows) -> Rows:
    """Return what of some pieces is compared: a row of length 1 for each."""
    return _unit(np.asarray(pieces, np.float64) @ lens)


def telling(pieces: Vectors, by: Vector) -> Vector:
    """Return how telling each piece of a sentence is; together they are 1."""
    odds = np.asarray(pieces, np.float64) @ by * LENGTH
    each = np.exp(odds - odds.max())
    return each / each.sum()


def _unit(rows: Rows) -> Rows:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@cache
def shipped() -> Matching:
    """Return it as it is shipped; 350 kB."""
    with as_file(files("assistant.understanding") / FILE.name) as path:
        return read(path)


def read(path: Path) -> Matching:
    """Read what `write` wrote."""
    with np.load(path) as held:
        rows = {name: held[name].astype(np.float64) for name in _ROWS}
        return Matching(
            lines_sha256=str(held["lines_sha256"]),
            model_sha256=str(held["model_sha256"]),
            branch_sha256=str(held["branch_sha256"]),
            bias=float(held["bias"]),
            **rows,
        )


def write(path: Path, matching: Matching) -> None:
    """Write it in 16 bits a number."""
    np.savez(
        path,
        lines_sha256=np.array(matching.lines_sha256),
        model_sha256=np.array(matching.model_sha256),
        branch_sha256=np.array(matching.branch_sha256),
        bias=np.array(matching.bias),
        **{name: getattr(matching, name).astype(np.float16) for name in _ROWS},
    )


_ROWS = ("weights", "lens", "tells_of_wording", "tells_of_line", "counts")
