"""What of a wording is found again in a line, piece by piece."""

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from assistant.minds.spoken import words_of
from assistant.understanding.alignment import Alignment
from assistant.understanding.embedding import SIZE, Embedder, Vectors
from assistant.understanding.sentences import Sentences

pytestmark = pytest.mark.unit

WORDINGS = ("who pays the rent", "who pays", "how many floors")
QUESTIONS = ((0, 1), (2,))


class Letters:
    """A direction for each word's first letter."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), SIZE), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[ord(text[0]) if text else 0] = 1.0
        return rows

    def pieces(self, text: str) -> Vectors:
        return self.vectors(words_of(text) or [""])


def alignment() -> Alignment:
    sentences = Sentences(cast(Embedder, Letters()))
    pieces = [sentences.pieces(text) for text in WORDINGS]
    return Alignment(sentences, WORDINGS, QUESTIONS, pieces)


def test_the_wording_that_fits_best_counts() -> None:
    found = alignment().of("who pays")
    assert found.wording.tolist() == [1.0, 0.0]
    assert found.line.tolist() == [1.0, 0.0]
    assert found.both.tolist() == [1.0, 0.0]


def test_what_the_line_has_beside_it_takes_from_the_line_only() -> None:
    found = alignment().of("so who pays in")
    assert found.wording[0] == 1.0
    assert found.line[0] == pytest.approx(0.5)


def test_a_line_without_a_piece_is_like_nothing() -> None:
    assert alignment().of("").wording.tolist() == [0.0, 0.0]


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    found = alignment().of("how do you")
    other = alignment().of("the floors")
    assert found.wording[1] == pytest.approx(other.wording[1])
    assert other.wording_telling[1] > found.wording_telling[1]
