"""Prepared questions that ask for a job, found before anybody asks them.

Law: a hint, no more; how people are hired is a fine question. The model is loaded only where the
words alone leave a doubt, so that an ordinary sheet costs nothing.
"""

import contextlib
from pathlib import Path

from assistant.errors import ModelError
from assistant.events import Channel, Heard
from assistant.plan import Plan, Question
from assistant.understanding.embedding import open_embedder
from assistant.understanding.heads import Heads
from assistant.understanding.sentences import Sentences

DOUBT = 0.2
"""By its words alone a question may ask for a job from here on."""


def asking_for_a_job(plan: Plan, model: Path | None) -> tuple[Question, ...]:
    """Return the questions that ask for a job; without a model, those whose words say so surely."""
    by_words = Heads(plan, Sentences(None))
    scores = {question.id: _score(by_words, question) for question in plan.questions}
    doubtful = [question for question in plan.questions if scores[question.id] >= DOUBT]
    if doubtful and model is not None:
        with contextlib.suppress(ModelError):
            heads = Heads(plan, Sentences(open_embedder(model)))
            scores = {question.id: _score(heads, question) for question in doubtful}
    return tuple(q for q in doubtful if scores[q.id] >= plan.dials.job_ask_at)


def _score(heads: Heads, question: Question) -> float:
    return heads.scores(Heard(Channel.ME, 0.0, 1.0, question.text)).job_ask
