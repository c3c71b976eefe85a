"""How probable it is that a line asks a prepared question: a small learned mix of many views.

Knows `asked.json`, which `scripts/train_asked` makes from labelled lines: a head that tells
whether a line asks something of the other at all, and three mixes: one where the kinds of questions
are known, one with a model alone, one by words alone. Each question of the list competes with the
others and with "none of them": a line that fits two of them equally is surely neither.

Law: scores only, 0 to 1, put to the scale of the dials: at 0.6 hardly one of what is found in
lines the mix has not seen is wrong, at 0.5 it is about as probable as not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from assistant.understanding.heads import Head
from assistant.understanding.kinds import Kindred
from assistant.understanding.nearness import Views
from assistant.understanding.readings import Reading
from assistant.understanding.shared_words import Vector

FILE = Path(__file__).with_name("asked.json")
SCALE = (0.0, 0.5, 0.6, 1.0)
"""Where nothing, a perhaps, a surely and certainty are on the scale of the dials."""
MOST_ASKS = 4.0
"""The head is no surer than this, in natural logarithms of the odds."""
UNLIKE = -20.0
"""Of a question without a reading."""


class Bend(msgspec.Struct, frozen=True):
    """A weighted sum, bent (tanh) before it counts: what holds only beside something else."""

    bias: float
    weights: tuple[float, ...]
    """One for each of the mix's `views`."""
    counts: float


class Mix(msgspec.Struct, frozen=True):
    """One way to mix."""

    bias: float
    views: tuple[str, ...]
    """Of `BY_KIND`, `BY_MEANING` or `BY_WORDS`."""
    weights: tuple[float, ...]
    """One for each of them."""
    maybe: float
    """So probable is a perhaps ..."""
    sure: float
    """... and so probable a surely, by cross validation."""
    bends: tuple[Bend, ...] = ()


class AskedFile(msgspec.Struct, frozen=True):
    """What is in `asked.json`."""

    lines_sha256: str
    """Of the lines it was made from."""
    model_sha256: str
    """Of the model whose vectors it weighs ..."""
    branch_sha256: str
    """... and of the branch whose scores."""
    question: Head
    """Does a line ask something of the other?"""
    by_kind: Mix
    by_meaning: Mix
    """Where the kinds of questions are not known: in any language but ours."""
    by_words: Mix
    """Without a model."""


@cache
def shipped() -> AskedFile:
    """Return the mixes as they are shipped."""
    return msgspec.json.decode(FILE.read_bytes(), type=AskedFile)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a mix needs to know of the questions; an entry for each."""

    thanks: Vector
    """1 where it is no question but a thank you."""
    wordings: Vector
    """How many there are."""
    asks: Vector
    """How surely it is itself a question, 0 to 1: "budget" is none, and asked all the same."""


def looks(
    reading: Reading, views: Views, sheet: Sheet, share: float, kindred: Kindred | None = None
) -> dict[str, Vector]:
    """Return what is to be mixed: for each view a number for each question.

    `share` is how surely the reading asks something.
    """
    ones = np.ones(len(sheet.thanks))
    odds = math.log(max(share, 1e-6) / max(1 - share, 1e-6))
    odds = max(-MOST_ASKS, min(MOST_ASKS, odds)) / MOST_ASKS
    # Who says thank you asks nothing, and means it all the same.
    asked = 1 - sheet.thanks
    found = views.found
    aligned = (
        {}
        if found is None
        else {
            "wording_found": found.wording,
            "line_found": found.line,
            "wording_found_telling": found.wording_telling,
            "line_found_telling": found.line_telling,
            "found_above": _above(found.both),
            "mean_above": _above(views.mean),
        }
    )
    matched = (
        {}
        if views.matched is None
        else {"matched": views.matched, "matched_above": _above(views.matched)}
    )
    kinds = (
        {}
        if kindred is None
        else {
            "kind": kindred.same,
            "kind_above": _above(kindred.same),
            "kind_known": kindred.known,
            "kind_elsewhere": ones * kindred.elsewhere,
        }
    )
    return (
        aligned
        | matched
        | kinds
        | {
            "nearest": views.nearest,
            "mean": views.mean,
            "words": views.words,
            "letters": views.letters,
            "letters_shared": views.letters * np.sqrt(views.words),
            "nearest_above": _above(views.nearest),
            "words_above": _above(views.words),
            "ordinary": ones * max(0.0, views.ordinary),
            "asking": odds * asked,
            "shaped": float(reading.is_shaped) * asked,
            "telling": float(not reading.is_shaped) * max(0.0, -odds) * asked,
            "thanks": sheet.thanks,
            "prepared_asks": sheet.asks,
            "wordings": np.log(sheet.wordings),
            "length": ones * math.log(len(reading.words) + 1),
            "part": ones * float(reading.is_part),
            "words_squared": views.words**2,
            "letters_squared": views.letters**2,
        }
    )


BY_MEANING = (
    "nearest", "mean", "words", "letters", "nearest_above", "words_above", "ordinary", "asking",
    "shaped", "telling", "thanks", "wordings", "length", "part", "words_squared",
    "letters_squared", "wording_found", "line_found", "wording_found_telling",
    "line_found_telling", "found_above", "mean_above", "prepared_asks",
)  # fmt: skip
BY_KIND = (
    *BY_MEANING, "kind", "kind_above", "kind_known", "kind_elsewhere",
    "matched", "matched_above",
)  # fmt: skip
"""The same, and what was learned of the kinds of questions and of what asks them."""
BY_WORDS = (
    "words", "letters_shared", "words_above", "asking", "shaped", "telling", "thanks",
    "wordings", "length", "part", "words_squared",
)  # fmt: skip


def raised(mix: Mix, looks_of: dict[str, Vector]) -> Vector:
    """Return each question's odds against none of them, as a natural logarithm."""
    rows = np.stack([looks_of[name] for name in mix.views])
    odds: Vector = mix.bias + np.array(mix.weights) @ rows
    if mix.bends:
        weights = np.array([bend.weights for bend in mix.bends])
        biases = np.array([[bend.bias] for bend in mix.bends])
        odds = odds + np.array([bend.counts for bend in mix.bends]) @ np.tanh(
            weights @ rows + biases
        )
    return odds


def probable(best: Vector) -> Vector:
    """Return each question's probability; they and "none" add up to 1."""
    most = max(0.0, float(best.max()))
    each = np.exp(best - most)
    return each / (math.exp(-most) + each.sum())


def scaled(mix: Mix, probability: Vector) -> Vector:
    """Put probabilities to the scale of the dials."""
    return np.interp(probability, (0.0, mix.maybe, mix.sure, 1.0), SCALE)


def best_of_readings(each: Sequence[Vector], count: int) -> Vector:
    """Return for each question the odds by the reading that fits it best."""
    rows: Vector = np.stack([np.full(count, UNLIKE, np.float64), *each])
    best: Vector = rows.max(axis=0)
    return best


def _above(scores: Vector) -> Vector:
    """Return how far each is above the best of the others; 0 for one alone."""
    if len(scores) == 1:
        return np.zeros(1)
    second, first = np.sort(scores)[-2:]
    others = np.array([second if score == first else first for score in scores], np.float64)
    return scores - others
