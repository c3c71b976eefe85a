"""How like each prepared question what was said is, in whatever words.

Made once for a call from its plan and its sentences. Of what the user says it is how probable it
is that this asks the question (`asking.py`); of what they say, how much it has to do with it. With
a model the meaning and the words are mixed; without one it goes by the words alone. All are
scaled to the same dials: 0.6 is likely that question, 0.5 perhaps.

A question that nobody gave other wordings has its short cue for one: its own words without
"can you tell me about" and the like.

Law: scores only, 0 to 1; the same line after the same lines has the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.events import Channel, Heard
from assistant.minds.spoken import Utterances, utterances_of, words_of
from assistant.plan import Plan, Question
from assistant.understanding.asking import (
    AskedFile,
    Sheet,
    best_of_readings,
    looks,
    probable,
    raised,
    scaled,
    shipped,
)
from assistant.understanding.embedding import Vectors
from assistant.understanding.heads import is_ours, share_of
from assistant.understanding.kinds import KindsOfQuestions, kinds_of_questions
from assistant.understanding.kinds import shipped as shipped_kinds
from assistant.understanding.letters import best_alike
from assistant.understanding.matching import shipped as shipped_matching
from assistant.understanding.nearness import Nearness, Views, best_of
from assistant.understanding.readings import Reading, Readings, with_thanks_heard
from assistant.understanding.sentences import Sentences
from assistant.understanding.shared_words import SharedWords, Vector

LEAST = 0.3
"""A lower score is not worth a line of the journal."""
MOST = 5
"""So many questions are named at most."""
STATED = 2.0
"""What is neither shaped like a question nor seems to ask anything loses so much of its odds."""
SHAPED = 0.85
"""In a language without a head the shape of a question is so sure a sign of one."""
ALONE, ALONE_MOST, ALONE_USUAL = 0.75, 0.3, 0.1
"""How far the best stands above all others, at most so far, counts this much: what is like one
question only is that question, even if word errors blur it. As far as usual counts nothing."""


@dataclass(slots=True)
class Likeness:
    """The questions of a plan, made ready to be compared."""

    plan: Plan
    sentences: Sentences
    learned: AskedFile = field(default_factory=shipped)
    wordings: tuple[str, ...] = field(init=False)
    """All wordings of all questions, as they are written."""
    _ids: list[str] = field(init=False)
    _rows_of: list[list[int]] = field(init=False)
    _sheet: Sheet = field(init=False)
    _spoken: list[str] = field(init=False)
    _readings: Readings = field(init=False)
    _utterances: Utterances = field(init=False)
    _words: SharedWords = field(init=False)
    _near: Nearness | None = None
    _kinds: KindsOfQuestions | None = None

    def __post_init__(self) -> None:
        phrases = with_thanks_heard(self.plan.phrases, self.plan.questions)
        self._readings = Readings(phrases)
        self._utterances = utterances_of(self.plan.phrases)
        rows: list[tuple[str, str]] = []
        for question in self.plan.questions:
            rows += [(question.id, text) for text in wordings_of(question) if words_of(text)]
        self._ids = list(dict.fromkeys(question_id for question_id, _ in rows))
        self._rows_of = [[r for r, (i, _) in enumerate(rows) if i == own] for own in self._ids]
        thanks = {question.id for question in self.plan.questions if question.thanks}
        self.wordings = tuple(text for _, text in rows)
        self._spoken = [" ".join(words_of(text)) for _, text in rows]
        single = (words_of(text) for text in (*phrases.ghost, *phrases.question_starts))
        plain = frozenset(words[0] for words in single if len(words) == 1)
        self._words = SharedWords([(i, self._readings.plain(text)) for i, text in rows], plain)
        if self.sentences.has_vectors and rows:
            is_known = is_ours(self.plan.language)
            self._near = Nearness(
                self.sentences,
                self.wordings,
                self._spoken,
                self._rows_of,
                shipped_matching() if is_known else None,
            )
            vectors = self.sentences.vectors(self.wordings)
            if vectors is not None and is_known:
                self._kinds = kinds_of_questions(shipped_kinds(), vectors, self._rows_of)
        # Last: the vectors of the wordings came along with what the others asked for.
        self._sheet = Sheet(
            thanks=np.array([float(question_id in thanks) for question_id in self._ids]),
            wordings=np.array([float(len(own)) for own in self._rows_of]),
            asks=self._prepared_asks(self.wordings),
        )

    def scores(self, heard: Heard, before: Sequence[Heard] = ()) -> dict[str, float]:
        """Return question id -> score, the best first, of those worth a look.

        `before` holds what was heard just before it, the oldest first. Under 3 ms, and the time
        of at most `readings.MOST` texts that the branch sees.
        """
        if heard.echo or not self._ids:
            return {}
        # Of whom nobody can tell who said it: what is shaped like a question, the user asked.
        is_mine = heard.channel is Channel.ME or (
            heard.channel is Channel.UNCLEAR and self._utterances.is_question(heard.text)
        )
        best = self._asked(heard, before) if is_mine else self._told(heard, before)
        ranked = sorted((round(-float(s), 3), i) for s, i in zip(best, self._ids, strict=True))
        return {i: min(1.0, -score) for score, i in ranked[:MOST] if -score >= LEAST}

    def looks(self, heard: Heard, before: Sequence[Heard] = ()) -> list[dict[str, Vector]]:
        """Return what is to be mixed, for each reading of a line of the user's."""
        found: list[dict[str, Vector]] = []
        for reading in self._readings.of(heard, before):
            by_words, spoken = self._words.scores(reading.words), " ".join(reading.words)
            if self._near is None:
                means = [float(by_words[rows].mean()) for rows in self._rows_of]
                views = Views(
                    nearest=np.zeros(len(self._ids)),
                    mean=np.array(means, np.float64),
                    words=best_of(by_words, self._rows_of),
                    letters=best_of(best_alike(spoken, self._spoken), self._rows_of),
                )
            else:
                views = self._near.views(reading.text, spoken, by_words)
            kindred = None
            if self._kinds is not None and (line := self._vector(reading)) is not None:
                kindred = self._kinds.beside(line)
            found.append(looks(reading, views, self._sheet, self._asks(reading), kindred))
        return found

    def _asked(self, heard: Heard, before: Sequence[Heard]) -> Vector:
        """Score by how probable it is that the line asks each question."""
        mix = self.learned.by_words
        if self._near is not None:
            mix = self.learned.by_meaning if self._kinds is None else self.learned.by_kind
        looked = self.looks(heard, before)
        # Of the line as it stands: "before I decide what to study" ends as a question begins.
        stated = STATED * (looked[0]["telling"] > 0) if looked else 0.0
        each = [raised(mix, one) - stated for one in looked]
        return scaled(mix, probable(best_of_readings(each, len(self._ids))))

    def _asks(self, reading: Reading) -> float:
        return self._share(reading.text, self._vector(reading), is_shaped=reading.is_shaped)

    def _prepared_asks(self, texts: Sequence[str]) -> Vector:
        """Return how surely what is prepared is itself a question: "budget", "move my flight"."""
        vectors = self.sentences.vectors(texts)
        shares = [
            self._share(
                text,
                None if vectors is None else vectors[n],
                is_shaped=self._utterances.is_question(text),
            )
            for n, text in enumerate(texts)
        ]
        return np.array([float(np.mean([shares[row] for row in rows])) for rows in self._rows_of])

    def _share(self, text: str, vector: Vectors | None, *, is_shaped: bool) -> float:
        """Return how surely a text asks something."""
        if not is_ours(self.plan.language):
            return SHAPED if is_shaped else 1 - SHAPED
        return share_of(self.learned.question, text, vector)

    def _vector(self, reading: Reading) -> Vectors | None:
        vectors = self.sentences.vectors([reading.text])
        return None if vectors is None else vectors[0]

    def _told(self, heard: Heard, before: Sequence[Heard]) -> Vector:
        """Score by how much of what they say has to do with each question."""
        best = np.full(len(self._ids), -1.0)
        for reading in self._readings.of(heard, before):
            by_words = self._words.scores(reading.words)
            if self._near is None:
                scores = best_of(by_words, self._rows_of)
            else:
                scores = self._near.scores(reading.text, " ".join(reading.words), by_words)
            best = np.maximum(best, scores)
        return best if self._near is None else _alone(best)


def wordings_of(question: Question) -> tuple[str, ...]:
    """Return the ways a question is prepared in."""
    others = question.aliases or (question.cue,)
    return tuple(dict.fromkeys((question.text, *others)))


def _alone(scores: Vector) -> Vector:
    """Return the scores with how far the best stands above all others taken in."""
    if len(scores) == 1:
        return scores
    *_, second, first = np.sort(scores)
    above = np.where(scores == first, min(first - second, ALONE_MOST), 0.0)
    return scores + ALONE * (above - ALONE_USUAL)
