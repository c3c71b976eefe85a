"""How what is in `matching.npz` is learned: from what people said beside the questions of a sheet.

The lines of each sheet choose among its questions and "none of them", the ways to ask among all
kinds of questions; fitted by Adam, a few sheets at a time, the matrix pulled towards the plain
cosine. Of each piece of a sentence a part of its numbers is hidden, others each time: so nothing is
learned that hangs on a few of them. Law: the chance is seeded; how it is learned was chosen on a
third of the people's own sheets, which was not learned from.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.embedding import SHA256, Vectors
from assistant.understanding.kinds import softmax
from assistant.understanding.matching import LENGTH, SCALE, Matching
from assistant.understanding.shared_words import Rows, Vector
from understanding.descent import Parts, descended

PULL = 3e-5
"""Of the matrix, towards the plain cosine."""
STEPS, RATE = 800, 0.01
SHEETS, LINES = 8, 48
"""So many sheets a step, and of each at most so many of its lines."""
WAYS_EVERY, WAYS = 4, 96
"""Every so many steps the ways to ask are chosen from instead, so many of them ..."""
WAYS_COUNT = 0.5
"""... and count so much beside lines that were said to a sheet."""
SEEN = 64
"""So many numbers of a piece are compared."""
HIDDEN = 0.3
COUNTS_FIRST = (4.0, 2.0)
BIAS_FIRST = 8.0
CORE = 3
"""The first so many lines of a kind are how it is prepared."""
SEED = 5

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something said or prepared: as a whole, and piece by piece."""

    vector: Vectors
    """Of length 1."""
    pieces: Vectors
    """A row of length 1 for each."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Lines that choose among the same questions."""

    questions: Sequence[Sequence[Sentence]]
    """The wordings of each."""
    lines: Sequence[Sentence]
    chosen: Numbers
    """Which question each line asks; their number for none."""
    line_counts: Vector
    """How much each line counts."""


def mean_of(vectors: Sequence[Vectors]) -> Vectors:
    """Return the mean of some vectors, of length 1."""
    mean = np.mean(vectors, axis=0)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def matched(sheets: Sequence[Choice], ways: Choice, lines_sha256: str) -> Matching:
    """Learn it; about three minutes on one core."""
    chance = np.random.default_rng(SEED)
    size = ways.lines[0].vector.shape[0]
    plain = np.eye(size) * SCALE
    batches = _batches(sheets, ways, chance)

    def slopes_of(held: Parts) -> Parts:
        slopes = {name: np.zeros_like(part) for name, part in held.items()}
        for batch, share in next(batches):
            for name, slope in slopes_of_choice(drawn_of(batch, chance), held).items():
                slopes[name] += slope * share
        slopes["weights"] += PULL * (held["weights"] - plain)
        return slopes

    lens = np.linalg.qr(chance.normal(size=(size, SEEN)))[0]
    start = {
        "weights": plain,
        "bias": np.full(1, BIAS_FIRST),
        "lens": np.asarray(lens, np.float64),
        "tells_of_wording": np.zeros(size),
        "tells_of_line": np.zeros(size),
        "counts": np.array(COUNTS_FIRST),
    }
    end = descended(start, slopes_of, STEPS, lambda step: RATE * (1 - step / STEPS))
    return Matching(
        lines_sha256,
        SHA256,
        weights=end["weights"],
        bias=float(end["bias"][0]),
        lens=end["lens"],
        tells_of_wording=end["tells_of_wording"],
        tells_of_line=end["tells_of_line"],
        counts=end["counts"],
    )


def _batches(
    sheets: Sequence[Choice], ways: Choice, chance: np.random.Generator
) -> Iterator[Iterable[tuple[Choice, float]]]:
    step = 0
    while True:
        step += 1
        if step % WAYS_EVERY == 0:
            yield [(_some(ways, WAYS, chance), WAYS_COUNT)]
        else:
            drawn = _numbers(len(sheets), min(SHEETS, len(sheets)), chance)
            yield [(_some(sheets[n], LINES, chance), 1 / len(drawn)) for n in drawn]


def _some(choice: Choice, most: int, chance: np.random.Generator) -> Choice:
    """Return the choice with so many of its lines at most."""
    if len(choice.lines) <= most:
        return choice
    drawn = _numbers(len(choice.lines), most, chance)
    lines = [choice.lines[n] for n in drawn]
    return Choice(choice.questions, lines, choice.chosen[drawn], choice.line_counts[drawn])


def _numbers(count: int, drawn: int, chance: np.random.Generator) -> list[int]:
    return chance.permutation(count)[:drawn].tolist()


@dataclass(frozen=True, slots=True)
class _Texts:
    """Some sentences, their pieces one under the other, a part of their numbers hidden."""

    vectors: Rows
    pieces: Rows
    begins: Numbers
    """At which piece each sentence begins."""
    of: Numbers
    """Which sentence each piece is of."""
    grid: Numbers
    """The pieces of each sentence; -1 where it has no more."""

    def tells(self, by: Rows) -> Vector:
        """Return how telling each piece is, as `matching.telling` does."""
        odds: Vector = self.pieces @ by
        each = np.exp(odds - np.maximum.reduceat(odds, self.begins)[self.of])
        return each / np.add.reduceat(each, self.begins)[self.of]

    def slope_of_tells(self, tells: Vector, slope: Vector) -> Rows:
        """Return the slope of what makes pieces telling, from that of how telling they are."""
        mean = np.add.reduceat(tells * slope, self.begins)[self.of]
        return self.pieces.T @ (tells * (slope - mean))

    def nearest(self, near: Rows) -> Numbers:
        """Return for each sentence and column which of its pieces, rows of `near`, is highest."""
        rows = near[self.grid]
        rows[self.grid < 0] = -np.inf
        best = rows.argmax(axis=1)
        return self.begins[:, None] + best


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A choice, made ready for one step."""

    lines: _Texts
    wordings: _Texts
    shares: Rows
    """Shape (wordings, questions): how much of a question each wording is."""
    questions: Rows
    chosen: Numbers
    line_counts: Vector


def _texts(sentences: Sequence[Sentence], chance: np.random.Generator) -> _Texts:
    sizes = np.array([len(each.pieces) for each in sentences])
    begins = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    of = np.repeat(np.arange(len(sizes)), sizes)
    rows: Rows = np.vstack([each.pieces for each in sentences]).astype(np.float64) * LENGTH
    hidden: NDArray[np.bool_] = np.less(chance.random(rows.shape), HIDDEN)
    grid = np.full((len(sizes), int(sizes.max())), -1)
    grid[of, np.arange(len(of)) - begins[of]] = np.arange(len(of))
    return _Texts(
        vectors=np.stack([each.vector for each in sentences]).astype(np.float64),
        pieces=np.where(hidden, 0.0, rows / (1 - HIDDEN)),
        begins=begins,
        of=of,
        grid=grid,
    )


def drawn_of(choice: Choice, chance: np.random.Generator) -> _Drawn:
    """Return a choice made ready; other numbers are hidden each time."""
    lines = _texts(choice.lines, chance)
    wordings = _texts([each for own in choice.questions for each in own], chance)
    sizes = [len(own) for own in choice.questions]
    question = np.repeat(np.arange(len(sizes)), sizes)
    shares = np.zeros((len(question), len(sizes)))
    shares[np.arange(len(question)), question] = 1 / np.array(sizes)[question]
    means = [mean_of([each.vector for each in own]) for own in choice.questions]
    return _Drawn(
        lines, wordings, shares, np.stack(means).astype(np.float64), choice.chosen,
        choice.line_counts,
    )  # fmt: skip


def slopes_of_choice(drawn: _Drawn, held: Parts) -> Parts:
    """Return how the loss of one choice, on the mean of its lines, changes with each number."""
    lines, wordings = drawn.lines, drawn.wordings
    said, said_length = _unit(lines.pieces @ held["lens"])
    asked, asked_length = _unit(wordings.pieces @ held["lens"])
    near = said @ asked.T
    in_line = lines.nearest(near)  # lines by pieces of wordings
    in_wording = wordings.nearest(near.T).T  # pieces of lines by wordings
    of_asked, of_said = np.arange(len(asked)), np.arange(len(said))[:, None]
    found = near[in_line, of_asked]
    found_again = near[of_said, in_wording]
    tells_asked = wordings.tells(held["tells_of_wording"])
    tells_said = lines.tells(held["tells_of_line"])
    by_wording = np.add.reduceat(found * tells_asked, wordings.begins, axis=1)
    by_line = np.add.reduceat(found_again * tells_said[:, None], lines.begins, axis=0)
    counts = held["counts"]
    odds = lines.vectors @ held["weights"] @ drawn.questions.T - held["bias"]
    odds = odds + (counts[0] * by_wording + counts[1] * by_line) @ drawn.shares

    over = softmax(np.hstack([odds, np.zeros((len(odds), 1))]))
    over[np.arange(len(odds)), drawn.chosen] -= 1
    over = over[:, :-1] * (drawn.line_counts / len(odds))[:, None]
    per_wording = over @ drawn.shares.T  # lines by wordings
    to_asked = per_wording[:, wordings.of]  # lines by pieces of wordings
    to_said = per_wording[lines.of]  # pieces of lines by wordings

    slope = np.zeros_like(near)
    slope[in_line, of_asked] += counts[0] * to_asked * tells_asked
    slope[of_said, in_wording] += counts[1] * to_said * tells_said[:, None]
    back_said = _unit_slope(slope @ asked, said, said_length)
    back_asked = _unit_slope(slope.T @ said, asked, asked_length)
    return {
        "weights": lines.vectors.T @ (over @ drawn.questions),
        "bias": np.full(1, -over.sum()),
        "lens": lines.pieces.T @ back_said + wordings.pieces.T @ back_asked,
        "tells_of_wording": wordings.slope_of_tells(
            tells_asked, counts[0] * (to_asked * found).sum(axis=0)
        ),
        "tells_of_line": lines.slope_of_tells(
            tells_said, counts[1] * (to_said * found_again).sum(axis=1)
        ),
        "counts": np.array([(per_wording * by_wording).sum(), (per_wording * by_line).sum()]),
    }


def _unit(rows: Rows) -> tuple[Rows, Rows]:
    length = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return rows / length, length


def _unit_slope(slope: Rows, unit: Rows, length: Rows) -> Rows:
    return (slope - unit * (slope * unit).sum(axis=1, keepdims=True)) / length
