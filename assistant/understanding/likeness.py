"""How like the prepared questions an utterance is, by its words.

Reads the plan's questions with their other wordings, and what was heard just
before; says Understood. A score is the mean of two views: how much of what is
telling in the words is shared (words that many questions have, "what" or "you",
tell little; a slip of a letter is forgiven), and how alike the two lines are as
texts.

Law: scores only. What they amount to is for the minds and their dials.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.events import Channel, Heard, Understood
from assistant.minds.spoken import (
    Book,
    Utterances,
    Words,
    phrases_of,
    starts_with,
    without,
    words_of,
)
from assistant.plan import Phrases, Plan, Question
from assistant.understanding.letters import lines_alike, words_alike

Vector = NDArray[np.float64]

JOIN_S = 1.5
"""Two utterances of one side that are less apart were one sentence."""
LEAST = 0.3
"""A lower score is not worth a line of the journal."""
MOST = 5
"""So many questions are named at most."""
SHAPELESS = 0.2
"""What the user says that is not shaped like a question is this much less like one."""
TAILS = 3
"""A long turn is also read from each of its last so many question words on."""
SHORTEST_TAIL = 3
"""In words."""
LONGEST_WORDS = 80
"""Of a longer turn only the end is read: the question comes last."""
FEW_QUESTIONS = 12
"""A shorter list says little about which words are common; it is weighed as one of so many."""
PLAIN = 0.25
"""Articles, pronouns and question words weigh no more than this."""
ENOUGH_TELLING = 0.8
"""Shared words that weigh less than this together are too few to tell anything."""
SLIP_LETTERS, SLIP = 4, 0.75
"""Words of so many letters that are so alike (0 to 1) may be the same word."""
CLOSEST = 16
"""So many wordings are also compared as texts."""
REMEMBERED = 2048
"""So many heard words are kept with what they match; a long talk has about as many."""


def understand(plan: Plan, heard_seq: int, heard: Heard, before: Sequence[Heard]) -> Understood:
    """Score what was heard; `before` holds what was heard just before it, the oldest first."""
    if heard.echo or not plan.questions:
        return Understood(heard_seq)
    phrases = plan.phrases
    index = _index(plan.questions, phrases.filler, (*phrases.ghost, *phrases.question_starts))
    best: dict[str, float] = {}
    for words, is_shaped in _readings(phrases, heard, before):
        lowered = 0.0 if is_shaped or heard.channel is Channel.THEM else SHAPELESS
        for question_id, score in index.scores(words).items():
            best[question_id] = max(best.get(question_id, 0.0), score - lowered)
    kept = sorted((round(-score, 3), i) for i, score in best.items() if round(score, 3) >= LEAST)
    return Understood(heard_seq, {question_id: -score for score, question_id in kept[:MOST]})


def _readings(phrases: Phrases, heard: Heard, before: Sequence[Heard]) -> list[tuple[Words, bool]]:
    """Return the ways to read it, and whether each is shaped like a question."""
    texts = [heard.text]
    last = next((h for h in reversed(before) if h.channel is heard.channel and not h.echo), None)
    if last and abs(heard.start_s - last.end_s) < JOIN_S:
        texts.append(f"{last.text} {heard.text}")
    listening = _listening(phrases.filler, phrases.question_starts)
    utterances, fillers = listening.utterances, listening.fillers
    readings = {words: utterances.is_question(t) for t in texts if (words := _plain(t, fillers))}
    longest = words_of(texts[-1])[-LONGEST_WORDS:]
    at = [i for i in range(1, len(longest)) if starts_with(longest, listening.starts, i)]
    for tail in (longest[i:] for i in at[-TAILS:]):
        words = without(tail, fillers)
        if len(words) >= SHORTEST_TAIL:
            readings.setdefault(words, True)
    return list(readings.items())


def _plain(text: str, fillers: Book) -> Words:
    return without(words_of(text)[-LONGEST_WORDS:], fillers)


@dataclass(slots=True)
class _Index:
    """Every wording of every question, made ready to be compared."""

    questions: tuple[Question, ...]
    fillers: Book
    plain: frozenset[str]
    """Words that tell nothing in any talk."""
    _wordings: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Question id and wording, one row each of the matrix below."""
    _weights: dict[str, float] = field(default_factory=dict[str, float])
    """Every word of the questions -> how telling it is, 0 to 1."""
    _rows: Vector = field(init=False)
    """Wordings by words: the word's weight where the wording has it."""
    _totals: Vector = field(init=False)
    _known: dict[str, tuple[Vector, Vector]] = field(
        default_factory=dict[str, tuple[Vector, Vector]]
    )
    """A heard word -> how well it fits each known word, and each wording's best."""

    def __post_init__(self) -> None:
        wordings: list[tuple[str, Words]] = []
        for question in self.questions:
            for text in (question.text, *question.aliases):
                words = without(words_of(text), self.fillers) or words_of(text)
                if words:
                    wordings.append((question.id, words))
        self._wordings = [(question_id, " ".join(words)) for question_id, words in wordings]
        having: dict[str, set[str]] = {}
        for question_id, words in wordings:
            for word in words:
                having.setdefault(word, set()).add(question_id)
        count = max(FEW_QUESTIONS, len({question_id for question_id, _ in wordings}))
        self._weights = {
            word: min(_telling(len(ids), count), PLAIN if word in self.plain else 1.0)
            for word, ids in having.items()
        }
        self._rows = np.array(
            [[w * (x in words) for x, w in self._weights.items()] for _, words in wordings]
        )
        self._totals = self._rows.sum(axis=1) if wordings else np.zeros(0)

    def scores(self, words: Words) -> dict[str, float]:
        """Return question id -> its best score; only of the closest wordings."""
        if not self._wordings or not words:
            return {}
        fits = [(self._weight(word), *fit) for word, fit in self._fits(words)]
        of_wording = self._rows @ np.max([by_word for _, by_word, _ in fits], axis=0)
        of_words = np.sum([weight * by_wording for weight, _, by_wording in fits], axis=0)
        recall = of_wording / self._totals
        precision = of_words / sum(weight for weight, _, _ in fits)
        shared = 2 * recall * precision / np.maximum(recall + precision, 1e-9)
        telling = np.minimum(1.0, of_words / ENOUGH_TELLING)
        text = " ".join(words)
        best: dict[str, float] = {}
        closest = np.argsort(-shared * telling, kind="stable")[:CLOSEST]
        for row in map(int, closest):
            question_id, wording = self._wordings[row]
            score = float(telling[row]) * (float(shared[row]) + lines_alike(text, wording)) / 2
            best[question_id] = max(best.get(question_id, 0.0), score)
        return best

    def _weight(self, word: str) -> float:
        return self._weights.get(word, PLAIN if word in self.plain else 1.0)

    def _fits(self, words: Words) -> Iterable[tuple[str, tuple[Vector, Vector]]]:
        """Return each word once, with how it fits."""
        once = list(dict.fromkeys(words))
        if len(self._known) + len(once) > REMEMBERED:
            self._known.clear()
        new = [word for word in once if word not in self._known]
        if new:
            for word, by_word in zip(new, _same(new, list(self._weights)), strict=True):
                fitting = np.flatnonzero(by_word)
                has = self._rows[:, fitting] > 0
                self._known[word] = by_word, np.max(by_word[fitting] * has, axis=1, initial=0.0)
        return [(word, self._known[word]) for word in once]


@dataclass(frozen=True, slots=True)
class _Listening:
    """The phrases of a language, made ready."""

    utterances: Utterances
    fillers: Book
    starts: Book


@lru_cache(maxsize=4)
def _listening(fillers: tuple[str, ...], starts: tuple[str, ...]) -> _Listening:
    utterances = Utterances(Phrases(filler=fillers, question_starts=starts))
    return _Listening(utterances, phrases_of(fillers), phrases_of(starts))


@lru_cache(maxsize=4)
def _index(
    questions: tuple[Question, ...], fillers: tuple[str, ...], plain: tuple[str, ...]
) -> _Index:
    single = (words[0] for text in plain if len(words := words_of(text)) == 1)
    return _Index(questions, phrases_of(fillers), frozenset(single))


def _telling(having: int, count: int) -> float:
    """Return how telling a word is that so many of the questions have: 1 for none, near 0 for all.

    The inverse document frequency of text search, with the questions as documents.
    """
    return max(0.02, math.log((count + 1) / (having + 0.5)) / math.log((count + 1) / 0.5))


def _same(heard: Sequence[str], known: Sequence[str]) -> Vector:
    """Return how surely words are the same, 0 to 1: a row for each heard one."""
    alike = words_alike(heard, known)
    letters = np.minimum.outer([len(word) for word in heard], [len(word) for word in known])
    return np.where((alike == 1.0) | ((letters >= SLIP_LETTERS) & (alike >= SLIP)), alike, 0.0)
