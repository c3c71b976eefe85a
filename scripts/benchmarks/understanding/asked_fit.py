"""How a mix is fitted to what it sees of the labelled lines.

By words it is a logistic regression in which the questions of a sheet and "none of them" compete,
fitted by Newton's method. With a model there are more views, and some hold only beside others:
there the odds are a small net, a weighted sum and a few bent ones, fitted by Adam. Of the readings
of a line the one that fits best counts. Law: the same lines give the same weights; no chance but a
seeded one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assistant.understanding.asking import Bend, Mix, probable
from assistant.understanding.shared_words import Rows
from understanding.descent import Parts, descended

Numbers = NDArray[np.int64]

STRENGTH = 5.0
"""Of the pull towards small weights, of views that vary by one."""
ROUNDS, STEPS, CLOSE = 6, 12, 1e-7
FIRST, FIRST_BIAS = 0.1, -3.0
"""Every weight, before anything is learned; most pairs of a line and a question do not fit."""
SIGNS = {
    "nearest": 1, "mean": 1, "words": 1, "letters": 1, "nearest_above": 1, "words_above": 1,
    "words_squared": 1, "letters_squared": 1, "letters_shared": 1, "asking": 1, "shaped": 1,
    "telling": -1, "ordinary": -1, "part": -1,
}  # fmt: skip
"""Which way a view counts in the mix by words: more alike is never less like it."""
BENDS = 12
EPOCHS, RATE, PULL, PULL_STRAIGHT = 120, 0.02, 1e-3, 3e-4
"""Of the net: how often it sees all lines, how far it steps, and how it is kept small."""
DECIMALS = 3
_ALIKE = {"nearest", "wording_found", "line_found", "words", "asking"}
_ALIKE_FIRST = 0.3


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as a mix sees it."""

    views: Rows
    """Readings by questions by views."""
    asked: int
    """Which question; -1 for none."""
    counts: float
    group: str
    """Who spoke, on which sheet; empty for ordinary talk."""
    is_scale: bool = False
    """Whether the scale may be chosen on it."""


def fitted(lines: Sequence[Seen], names: Sequence[str]) -> Mix:
    """Fit a mix without bends; a view that would count the wrong way round is left out."""
    kept = list(names)
    while True:
        places = [names.index(name) for name in kept]
        mix = _fitted([(line, line.views[..., places]) for line in lines], kept)
        weights = zip(mix.views, mix.weights, strict=True)
        wrong = {name for name, weight in weights if weight * SIGNS.get(name, 0) < 0}
        if not wrong:
            return mix
        kept = [name for name in kept if name not in wrong]


def _fitted(seen: Sequence[tuple[Seen, Rows]], names: Sequence[str]) -> Mix:
    lines = [line for line, _ in seen]
    middle, spread = _scale([views for _, views in seen])
    evened = [(views - middle) / spread for _, views in seen]
    weights = np.full(len(names) + 1, FIRST)
    weights[0] = FIRST_BIAS
    for _ in range(ROUNDS):
        chosen = [_chosen(views, weights) for views in evened]
        before = weights
        weights = _newton(chosen, lines, weights)
        if np.abs(weights - before).max() < CLOSE:
            break
    plain = weights[1:] / spread
    return _mix(float(weights[0] - plain @ middle), names, plain)


def _scale(views: Sequence[Rows]) -> tuple[Rows, Rows]:
    every = np.vstack([each.reshape(-1, each.shape[-1]) for each in views])
    return every.mean(axis=0), np.maximum(every.std(axis=0), 1e-6)


def _mix(bias: float, names: Sequence[str], weights: Rows, bends: Sequence[Bend] = ()) -> Mix:
    return Mix(round(bias, DECIMALS), tuple(names), _rounded(weights), 0.0, 0.0, tuple(bends))


def _rounded(weights: Rows) -> tuple[float, ...]:
    return tuple(round(float(weight), DECIMALS) for weight in weights)


def _chosen(views: Rows, weights: Rows) -> Rows:
    """Return for each question the reading that fits it best, a 1 before it for the bias."""
    best = (views @ weights[1:]).argmax(axis=0)
    rows = views[best, np.arange(views.shape[1])]
    return np.hstack([np.ones((len(rows), 1)), rows])


def _newton(chosen: Sequence[Rows], lines: Sequence[Seen], weights: Rows) -> Rows:
    pull = STRENGTH * np.eye(len(weights))
    pull[0, 0] = 1e-6
    for _ in range(STEPS):
        slope, bend = -pull @ weights, pull.copy()
        for rows, line in zip(chosen, lines, strict=True):
            p = probable(rows @ weights)
            truth = np.zeros(len(p))
            if line.asked >= 0:
                truth[line.asked] = 1.0
            slope += line.counts * (rows.T @ (truth - p))
            mean = p @ rows
            bend += line.counts * ((rows * p[:, None]).T @ rows - np.outer(mean, mean))
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < CLOSE:
            break
    return weights


@dataclass(slots=True)
class _Pairs:
    """Every reading of every line beside every question, one under the other."""

    rows: Rows
    pair: Numbers
    """Which pair of a line and a question each row is of."""
    line: Numbers
    """Which line each pair is of."""
    truth: Rows
    """1 where the line of a pair asks its question."""
    counts: Rows


def bent(lines: Sequence[Seen], names: Sequence[str]) -> Mix:
    """Fit a mix with bends."""
    middle, spread = _scale([line.views for line in lines])
    pairs = _pairs(lines, middle, spread)
    net = _descended(pairs, names)
    bends = [
        Bend(
            round(float(bias - (inner / spread) @ middle), DECIMALS),
            _rounded(inner / spread),
            round(float(outer), DECIMALS),
        )
        for inner, bias, outer in zip(net["inner"].T, net["biases"], net["outer"], strict=True)
    ]
    plain = net["straight"] / spread
    return _mix(float(net["bias"][0] - plain @ middle), names, plain, bends)


def _pairs(lines: Sequence[Seen], middle: Rows, spread: Rows) -> _Pairs:
    rows: list[Rows] = []
    pair: list[Numbers] = []
    line: list[Numbers] = []
    truth: list[Rows] = []
    first = 0
    for number, seen in enumerate(lines):
        readings, questions = len(seen.views), int(seen.views.shape[1])
        own = np.arange(questions, dtype=np.int64)
        rows.append(((seen.views - middle) / spread).reshape(readings * questions, -1))
        pair.append(np.tile(own + first, readings))
        line.append(np.full(questions, number, np.int64))
        truth.append(np.asarray(own == seen.asked, np.float64))
        first += questions
    counts = np.array([seen.counts for seen in lines])
    return _Pairs(
        np.vstack(rows), np.concatenate(pair), np.concatenate(line), np.concatenate(truth), counts
    )


def _descended(pairs: _Pairs, names: Sequence[str]) -> dict[str, Rows]:
    chance = np.random.default_rng(0)
    size = len(names)
    start = {
        "inner": chance.normal(0, 1 / np.sqrt(size), (size, BENDS)),
        "biases": np.zeros(BENDS),
        "outer": chance.normal(0, 0.3 / np.sqrt(BENDS), BENDS),
        "straight": np.array([_ALIKE_FIRST * (name in _ALIKE) for name in names]),
        "bias": np.array([FIRST_BIAS]),
    }
    return descended(start, partial(_slopes, pairs), EPOCHS, RATE)


def _slopes(pairs: _Pairs, net: Parts) -> Parts:
    bent_rows = np.tanh(pairs.rows @ net["inner"] + net["biases"])
    odds = bent_rows @ net["outer"] + pairs.rows @ net["straight"] + net["bias"]
    best = np.full(len(pairs.line), -1e9)
    np.maximum.at(best, pairs.pair, odds)
    most = np.zeros(len(pairs.counts))
    np.maximum.at(most, pairs.line, best)
    each = np.exp(best - most[pairs.line])
    sums = np.exp(-most)
    np.add.at(sums, pairs.line, each)
    off = (each / sums[pairs.line] - pairs.truth) * pairs.counts[pairs.line] / len(pairs.counts)
    slope = off[pairs.pair] * (odds >= best[pairs.pair])
    inner = np.outer(slope, net["outer"]) * (1 - bent_rows**2)
    return {
        "inner": pairs.rows.T @ inner + PULL * net["inner"],
        "biases": inner.sum(axis=0),
        "outer": bent_rows.T @ slope + PULL * net["outer"],
        "straight": pairs.rows.T @ slope + PULL_STRAIGHT * net["straight"],
        "bias": np.array([slope.sum()]),
    }
