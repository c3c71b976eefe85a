"""Three small heads: do they want to end, do I ask for a job, is something promised or asked for.

Knows `heads.json`, which `training.py` makes from labelled lines. A head weighs the vector of a
line, and the words and pairs of words in it; where there is no model, the words alone by weights
of their own, more carefully. Surer than both are the phrases of the language. Law: scores only,
0 to 1; whether anything follows from them is for the minds. English only: in another language
nothing but its phrases counts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from assistant.events import Channel, Heard
from assistant.minds.spoken import Book, Words, find, phrases_of, words_of
from assistant.plan import Plan
from assistant.understanding.embedding import Vectors
from assistant.understanding.readings import Readings, before_end, end_of
from assistant.understanding.sentences import Sentences

FILE = Path(__file__).with_name("heads.json")
HEADS: tuple[str, ...] = ("farewell", "job_ask", "promise")
LANGUAGE = "en"
"""The language of the lines that the heads were made from."""
WORDS_WEIGH = 1.0
"""All words of a line together weigh so much against its vector, which has length one."""
FEWEST_WORDS = 2
"""One word alone tells nothing, however it scores."""
FEWEST_OF_FAREWELL = 4
"""In fewer ("there you go", "I should too") only a phrase is a wish to end."""
LONG_WORDS = 20
"""Of a longer line the end is also read by itself: a farewell comes last ..."""
END_WORDS = 14
"""... in so many words."""
STORY_WORDS = 28
"""Whoever says so many words in a row hardly asks for a job: the score of that is squared."""
SURE = 1.0
"""The score of one of the phrases."""


class Linear(msgspec.Struct, frozen=True):
    """Weights of words."""

    bias: float
    words: dict[str, float]
    """A word, or two that follow each other, -> its weight."""


class Head(msgspec.Struct, frozen=True):
    """One thing to look for."""

    vector: tuple[float, ...]
    """A weight for each number of the line's vector."""
    words: Linear
    """What the words add to that, and the bias of both."""
    alone: Linear
    """The words by themselves, where there is no vector."""


class HeadsFile(msgspec.Struct, frozen=True):
    """What is in `heads.json`."""

    lines_sha256: str
    """Of the lines the heads were made from, by `training.check_sum`."""
    model_sha256: str
    """Of the model whose vectors they weigh."""
    heads: dict[str, Head]


@dataclass(frozen=True, slots=True)
class Scores:
    """How surely a line is one of these, 0 to 1."""

    farewell: float = 0.0
    job_ask: float = 0.0
    promise: float = 0.0


def is_ours(language: str) -> bool:
    """Tell whether the heads know a language: "en", "en-us"."""
    return language.lower().replace("_", "-").split("-")[0] == LANGUAGE


@cache
def shipped() -> HeadsFile:
    """Return the heads as they are shipped."""
    return msgspec.json.decode(FILE.read_bytes(), type=HeadsFile)


@dataclass(slots=True)
class Heads:
    """The heads, made ready for the lines of one call."""

    plan: Plan
    sentences: Sentences
    _readings: Readings = field(init=False)
    _phrases: dict[str, Book] = field(init=False)
    _no_job_ask: Book = field(init=False)
    _vectors: Vectors | None = None
    """A row of weights for each head."""
    _heads: Mapping[str, Head] = field(default_factory=dict[str, Head])

    def __post_init__(self) -> None:
        phrases = self.plan.phrases
        self._readings = Readings(phrases)
        self._phrases = {
            "farewell": phrases_of((*phrases.farewell, *phrases.farewell_sure)),
            "job_ask": phrases_of(phrases.job_ask),
            "promise": phrases_of(phrases.promise),
        }
        self._no_job_ask = phrases_of(phrases.no_job_ask)
        if is_ours(self.plan.language):
            self._heads = shipped().heads
            if self.sentences.has_vectors:
                rows = [self._heads[name].vector for name in HEADS]
                self._vectors = np.array(rows, np.float32)

    def scores(self, heard: Heard, before: Sequence[Heard] = ()) -> Scores:
        """Return the scores of a line; `before` is what was heard just before it.

        Under 1 ms, and the time of at most two vectors; of one, where the likeness to the
        questions has asked for the same readings.
        """
        words = words_of(heard.text)
        if heard.echo or not words:
            return Scores()
        has_vectors = self._vectors is not None
        # With a model the whole line tells better than a phrase whether they are about to go.
        by_phrase = HEADS[1:] if has_vectors else HEADS
        best: dict[str, float] = dict.fromkeys(HEADS, 0.0)
        best |= {name: SURE for name in by_phrase if find(words, self._phrases[name])}
        if self._heads and len(words) >= FEWEST_WORDS:
            known = HEADS if len(words) >= FEWEST_OF_FAREWELL else HEADS[1:]
            own, joined = self._texts(heard, words, before)
            texts = [*own, *joined]
            vectors = self.sentences.vectors(texts) if has_vectors else None
            for n, text in enumerate(texts):
                for name, score in self._of(text, None if vectors is None else vectors[n]):
                    # An ask may take two lines and is told once; of the others each line counts.
                    if name in known and (n < len(own) or name == "job_ask"):
                        best[name] = max(best[name], score)
        if find(words, self._no_job_ask) and not find(words, self._phrases["job_ask"]):
            best["job_ask"] = 0.0
        elif len(words) > STORY_WORDS:
            best["job_ask"] **= 2
        return Scores(**{name: round(score, 3) for name, score in best.items()})

    def _of(self, text: str, vector: Vectors | None) -> list[tuple[str, float]]:
        grams = grams_of(text)
        if vector is None or self._vectors is None:
            return [(name, _share(_sum(self._heads[name].alone, grams))) for name in HEADS]
        raised = self._vectors @ vector
        return [
            (name, _share(float(raised[n]) + _sum(self._heads[name].words, grams)))
            for n, name in enumerate(HEADS)
        ]

    def _texts(
        self, heard: Heard, words: Words, before: Sequence[Heard]
    ) -> tuple[list[str], list[str]]:
        """Return the line with the ends that may say something alone, and it with what it ended."""
        is_long = len(words) > LONG_WORDS
        # A promise may stand anywhere in it; a very long line is read in two parts.
        whole = [text for text in (end_of(heard.text), before_end(heard.text)) if text]
        end = [" ".join(heard.text.split()[-END_WORDS:])] if is_long else []
        if heard.channel is Channel.THEM:
            return [*whole, *end], []
        # The same that are read as questions: their vectors are there already.
        readings = [r.text for r in self._readings.of(heard, before)]
        ends = [text for text in readings if is_long and _is_end(words_of(text), words)]
        joined = [text for text in readings if len(words_of(text)) > len(words)]
        if heard.channel is Channel.UNCLEAR:
            ends += end
        return [*whole, *ends], joined


def grams_of(text: str) -> frozenset[str]:
    """Return the words of a text and its pairs of words, its beginning and end among them."""
    words = words_of(text)
    pairs = pairwise(("<", *words, ">"))
    return frozenset((*words, *(" ".join(pair) for pair in pairs)))


def unit(count: int) -> float:
    """Return what each of so many words counts, so that all together have length one."""
    return 1 / math.sqrt(count) if count else 0.0


def share_of(head: Head, text: str, vector: Vectors | None) -> float:
    """Return how surely a head finds in a text what it looks for, 0 to 1."""
    grams = grams_of(text)
    if vector is None:
        return _share(_sum(head.alone, grams))
    return _share(float(np.array(head.vector, np.float32) @ vector) + _sum(head.words, grams))


def _sum(linear: Linear, grams: frozenset[str]) -> float:
    return linear.bias + unit(len(grams)) * sum(linear.words.get(gram, 0.0) for gram in grams)


def _share(raised: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, raised))))


def _is_end(end: Words, words: Words) -> bool:
    return len(end) < len(words) and words[-len(end) :] == end
