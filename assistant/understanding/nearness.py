"""How near what was said lies to each prepared question, in meaning as well as in words.

Of a question's wordings the nearest counts as much as all of them together: one alias may be
hit by chance. What ordinary talk has in common is taken out of every vector before they are
compared, and a line that lies near ordinary talk counts a little less. Whether a line of the
user's asks a question is for `asking.py` to say from these views; the sum here says how much
what they tell has to do with it, with weights chosen on `lines/asked.train.jsonl`.

Law: vectors in, scores out; a line's scores depend on the line and the list alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import numpy as np

from assistant.understanding.alignment import Alignment, Found
from assistant.understanding.embedding import Sentence, Vectors
from assistant.understanding.letters import best_alike
from assistant.understanding.matching import Matching, Prepared
from assistant.understanding.sentences import Sentences
from assistant.understanding.shared_words import Vector

COMMON = 0.7
"""So much of the mean of ordinary talk is taken out of a vector."""
ORDINARY_LINES = 3
"""A line is as near to ordinary talk as to the nearest so many of its lines, on the mean."""
ORDINARY = 0.15
WORDS, LETTERS = 0.3, 0.3
"""What shared words, and shared letters, weigh beside the meaning."""
COMPARED = 24
"""So many of the nearest wordings are also compared by their letters."""
BASE = -0.045
"""Puts a likely question at 0.6, where the words alone have it too."""


@dataclass(frozen=True, slots=True)
class Views:
    """A line beside each question, 0 to 1 or a little below."""

    nearest: Vector
    """In meaning, to the nearest of its wordings ..."""
    mean: Vector
    """... and to all of them, on the mean."""
    words: Vector
    letters: Vector
    ordinary: float = 0.0
    """How near the line is to ordinary talk."""
    found: Found | None = None
    """Piece by piece; None where nobody looked."""
    matched: Vector | None = None
    """By what was learned of questions and what asks them; None in another language, and where
    nobody looked."""


@dataclass(slots=True)
class Nearness:
    """The wordings of all questions as vectors; about 7 ms for each, once."""

    sentences: Sentences
    texts: Sequence[str]
    """The wordings, as they are written."""
    spoken: Sequence[str]
    """The same as their bare words."""
    rows_of: Sequence[Sequence[int]]
    """For each question, which of the wordings are its own."""
    matching: Matching | None = None
    """None in a language it did not learn from."""
    _prepared: Prepared | None = field(init=False, default=None)
    """The questions, for the matching."""
    _common: Vectors = field(init=False)
    _ordinary: Vectors = field(init=False)
    _wordings: Vectors = field(init=False)
    _alignment: Alignment = field(init=False)

    def __post_init__(self) -> None:
        matched: list[Sentence] = []
        pieces: list[Vectors] = []
        for text in self.texts:
            # One by one: what the model makes of a text is remembered for a moment only.
            if self.matching is not None:
                matched.append(self._seen_by_branch(text))
            _vectors(self.sentences, [text])
            pieces.append(self.sentences.pieces(text))
        self._alignment = Alignment(self.sentences, self.texts, self.rows_of, pieces)
        self._common = common_of(self.sentences)
        self._ordinary = without_common(self.sentences, ordinary_talk())
        self._wordings = without_common(self.sentences, self.texts)
        if self.matching is not None:
            wordings = [self._without_common(sentence) for sentence in matched]
            self._prepared = self.matching.prepared(wordings, self.rows_of)

    def views(self, text: str, spoken: str, by_words: Vector, *, asks: bool = True) -> Views:
        """Compare a line; `by_words` holds for each wording what its words alone say.

        Of a line that asks nothing neither the pieces are looked at nor what was learned.
        """
        matched = None
        if asks and self.matching is not None and self._prepared is not None:
            # First: the rest comes along with it.
            sentence = self._without_common(self._seen_by_branch(text))
            matched = self.matching.scores(sentence, self._prepared)
        line = _unit(_vectors(self.sentences, [text]) - self._common)[0]
        nearness = np.asarray(self._wordings @ line, np.float64)
        letters = np.zeros(len(self.spoken))
        nearest: list[int] = np.argsort(-nearness - by_words, kind="stable")[:COMPARED].tolist()
        letters[nearest] = best_alike(spoken, [self.spoken[row] for row in nearest])
        return Views(
            nearest=best_of(nearness, self.rows_of),
            mean=np.array([nearness[rows].mean() for rows in map(list, self.rows_of)]),
            words=best_of(by_words, self.rows_of),
            letters=best_of(letters, self.rows_of),
            ordinary=float(np.sort(self._ordinary @ line)[-ORDINARY_LINES:].mean()),
            found=self._alignment.of(text) if asks else None,
            matched=matched,
        )

    def _seen_by_branch(self, text: str) -> Sentence:
        sentence = self.sentences.matched(text)
        if sentence is None:
            raise ValueError("nearness needs a model")
        return sentence

    def _without_common(self, sentence: Sentence) -> Sentence:
        return Sentence(_unit(sentence.vector - self._common), sentence.pieces)

    def scores(self, text: str, spoken: str, by_words: Vector) -> Vector:
        """Score each question by how much a line speaks of it, asked or not."""
        views = self.views(text, spoken, by_words, asks=False)
        near = (views.nearest + views.mean) / 2
        told = near + WORDS * views.words + LETTERS * views.letters
        return told + (BASE - ORDINARY * views.ordinary)


def common_of(sentences: Sentences) -> Vectors:
    """Return so much of what ordinary talk has in common as is taken out: shape (384,)."""
    return COMMON * _vectors(sentences, ordinary_talk()).mean(axis=0)


def without_common(sentences: Sentences, texts: Sequence[str]) -> Vectors:
    """Return a row of length 1 for each text, without that. Raises ValueError without a model."""
    return _unit(_vectors(sentences, texts) - common_of(sentences))


@lru_cache(maxsize=1)
def ordinary_talk() -> tuple[str, ...]:
    """Return lines of ordinary talk in a call, by either side."""
    path = files("assistant.understanding") / "lines" / "ordinary.txt"
    return tuple(path.read_text(encoding="utf-8").split("\n")[:-1])


def best_of(scores: Vector, rows_of: Sequence[Sequence[int]]) -> Vector:
    """Return the best of each question's wordings."""
    return np.array([scores[rows].max() for rows in map(list, rows_of)])


def _vectors(sentences: Sentences, texts: Sequence[str]) -> Vectors:
    vectors = sentences.vectors(texts)
    if vectors is None:
        raise ValueError("nearness needs a model")
    return vectors


def _unit(vectors: Vectors) -> Vectors:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
