"""How like each prepared question what was said is, in whatever words.

Made once for a call from its plan and its sentences. With a model the meaning and the words are
mixed; without one it goes by the words alone. Both are scaled to the same dials: 0.6 is likely
that question, 0.5 perhaps.

A question that nobody gave other wordings has its short cue for one: its own words without
"can you tell me about" and the like.

Law: scores only, 0 to 1; the same line after the same lines has the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.events import Channel, Heard
from assistant.minds.spoken import words_of
from assistant.plan import Plan
from assistant.understanding.nearness import Nearness
from assistant.understanding.readings import Readings, with_thanks_heard
from assistant.understanding.sentences import Sentences
from assistant.understanding.shared_words import SharedWords, Vector

LEAST = 0.3
"""A lower score is not worth a line of the journal."""
MOST = 5
"""So many questions are named at most."""
SHAPELESS, SHAPELESS_NEAR = 0.2, 0.1
"""What the user says that is not shaped like a question is this much less like one: by its words
alone, and with its meaning, which tells more by itself."""
ALONE, ALONE_MOST, ALONE_USUAL = 0.75, 0.3, 0.1
"""How far the best stands above all others, at most so far, counts this much: what is like one
question only is that question, even if word errors blur it. As far as usual counts nothing."""


@dataclass(slots=True)
class Likeness:
    """The questions of a plan, made ready to be compared."""

    plan: Plan
    sentences: Sentences
    _ids: list[str] = field(init=False)
    _rows_of: list[list[int]] = field(init=False)
    _thanks: list[bool] = field(init=False)
    _readings: Readings = field(init=False)
    _words: SharedWords = field(init=False)
    _near: Nearness | None = None

    def __post_init__(self) -> None:
        phrases = with_thanks_heard(self.plan.phrases, self.plan.questions)
        self._readings = Readings(phrases)
        rows: list[tuple[str, str]] = []
        for question in self.plan.questions:
            others = question.aliases or (question.cue,)
            texts = dict.fromkeys((question.text, *others))
            rows += [(question.id, text) for text in texts if words_of(text)]
        self._ids = list(dict.fromkeys(question_id for question_id, _ in rows))
        self._rows_of = [[r for r, (i, _) in enumerate(rows) if i == own] for own in self._ids]
        thanks = {question.id for question in self.plan.questions if question.thanks}
        self._thanks = [question_id in thanks for question_id in self._ids]
        single = (words_of(text) for text in (*phrases.ghost, *phrases.question_starts))
        plain = frozenset(words[0] for words in single if len(words) == 1)
        self._words = SharedWords([(i, self._readings.plain(text)) for i, text in rows], plain)
        if self.sentences.has_vectors and rows:
            texts = [text for _, text in rows]
            spoken = [" ".join(words_of(text)) for text in texts]
            self._near = Nearness(self.sentences, texts, spoken, self._rows_of)

    def scores(self, heard: Heard, before: Sequence[Heard] = ()) -> dict[str, float]:
        """Return question id -> score, the best first, of those worth a look.

        `before` holds what was heard just before it, the oldest first. Under 3 ms, and the time
        of at most `readings.MOST` vectors.
        """
        if heard.echo or not self._ids:
            return {}
        best = np.full(len(self._ids), -1.0)
        lowered = SHAPELESS if self._near is None else SHAPELESS_NEAR
        for reading in self._readings.of(heard, before):
            by_words = self._words.scores(reading.words)
            if self._near is None:
                scores = np.array([by_words[rows].max() for rows in self._rows_of])
            else:
                scores = self._near.scores(reading.text, " ".join(reading.words), by_words)
            if not reading.is_shaped and heard.channel is not Channel.THEM:
                scores = scores - np.where(self._thanks, 0.0, lowered)
            best = np.maximum(best, scores)
        if self._near is not None:
            best = _alone(best)
        ranked = sorted((round(-float(s), 3), i) for s, i in zip(best, self._ids, strict=True))
        return {i: min(1.0, -score) for score, i in ranked[:MOST] if -score >= LEAST}


def _alone(scores: Vector) -> Vector:
    """Return the scores with how far the best stands above all others taken in."""
    if len(scores) == 1:
        return scores
    *_, second, first = np.sort(scores)
    above = np.where(scores == first, min(first - second, ALONE_MOST), 0.0)
    return scores + ALONE * (above - ALONE_USUAL)
