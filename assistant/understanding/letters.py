"""How alike words and lines are by their letters; knows no language and no meaning.

The only door to rapidfuzz. Law: 0 for nothing in common, 1 for the same.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

PART = 0.95
"""A part that is the same is nearly as good as the whole."""


def words_alike(some: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
    """Return how alike words are by edits: a row for each of `some`, a column for each other."""
    return process.cdist(some, others, scorer=fuzz.ratio, dtype=np.float64) / 100


def lines_alike(some: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
    """Return how alike lines are, whatever the order of their words: shape (some, others)."""
    in_order, as_sets = (
        process.cdist(some, others, scorer=scorer, dtype=np.float64)
        for scorer in (fuzz.token_sort_ratio, fuzz.token_set_ratio)
    )
    return (in_order + as_sets) / 200


def best_alike(one: str, others: Sequence[str]) -> NDArray[np.float64]:
    """Return how alike a line is to each other one, the words in any order or as a part of it."""
    sorted_, part = (
        process.cdist([one], others, scorer=scorer, dtype=np.float64)[0] / 100
        for scorer in (fuzz.token_sort_ratio, fuzz.partial_ratio)
    )
    return np.maximum(sorted_, PART * part)


def word_alike(one: str, other: str) -> float:
    """Return how alike two words are by edits."""
    return fuzz.ratio(one, other) / 100
