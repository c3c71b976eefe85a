"""Sentences as vectors: each made once, in the order asked for; none without a model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pytest

from assistant.understanding.embedding import SIZE, Embedder, Vectors
from assistant.understanding.sentences import REMEMBERED, Sentences

pytestmark = pytest.mark.unit


@dataclass
class Letters:
    """Stands for the model: the first letter of a text is its vector, and what it made is kept."""

    made: list[str] = field(default_factory=list[str])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        self.made += texts
        rows = np.zeros((len(texts), SIZE), np.float32)
        for row, text in enumerate(texts):
            rows[row, ord(text[0])] = 1.0
        return rows


def sentences(letters: Letters) -> Sentences:
    return Sentences(cast(Embedder, letters))


def firsts(vectors: Vectors | None) -> str:
    assert vectors is not None
    return "".join(chr(int(at)) for at in vectors.argmax(axis=1))


def test_each_sentence_has_its_row_in_the_order_asked_for() -> None:
    known = sentences(Letters())
    assert firsts(known.vectors(["who", "how", "who"])) == "whw"
    assert firsts(known.vectors(["how", "when", "a", "who"])) == "hwaw"
    assert known.has_vectors


def test_a_sentence_is_made_into_a_vector_once() -> None:
    letters = Letters()
    known = sentences(letters)
    for _ in range(3):
        known.vectors(["who", "how", "who"])
    known.vectors(["how", "what"])
    assert letters.made == ["who", "how", "what"]


def test_what_was_asked_for_long_ago_is_made_again_what_is_asked_for_often_is_not() -> None:
    letters = Letters()
    known = sentences(letters)
    known.vectors(["question", "old"])
    for number in range(REMEMBERED + 10):
        known.vectors([f"line {number}", "question"])
    assert letters.made.count("question") == 1
    letters.made.clear()
    assert firsts(known.vectors(["question", "old"])) == "qo"
    assert letters.made == ["old"]


def test_more_sentences_at_once_than_are_remembered_all_have_their_row() -> None:
    texts = [f"{chr(97 + number % 26)} {number}" for number in range(REMEMBERED + 100)]
    assert firsts(sentences(Letters()).vectors(texts)) == "".join(text[0] for text in texts)


def test_nothing_asked_for_is_no_row() -> None:
    letters = Letters()
    vectors = sentences(letters).vectors([])
    assert vectors is not None
    assert vectors.shape == (0, SIZE)


def test_without_a_model_there_are_no_vectors() -> None:
    known = Sentences(None)
    assert known.vectors(["who", "how"]) is None
    assert not known.has_vectors
