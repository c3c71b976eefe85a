"""What one line that was heard means, all of it: the one place that asks each kind of meaning.

Knows the plan, the line and the last lines before it. Law: scores only; the same line after the
same lines means the same, in a live call, a rehearsal and a recovery.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from assistant.errors import ModelError
from assistant.events import Heard, Understood
from assistant.plan import Plan
from assistant.understanding.embedding import Embedder, open_embedder
from assistant.understanding.heads import Heads
from assistant.understanding.likeness import Likeness
from assistant.understanding.sentences import Sentences
from assistant.understanding.theme import Surroundings
from assistant.understanding.topic import Topics

BEFORE = 4
"""So many of the last lines help to understand the next."""


class Utterance(msgspec.Struct, frozen=True):
    """One line that was heard, where it was said."""

    seq: int
    """Its number in the journal."""
    heard: Heard
    before: tuple[Heard, ...] = ()
    """What was heard just before it, the oldest first; at most `BEFORE`, and no echo."""


Understand = Callable[[Utterance], Understood]


@dataclass(slots=True)
class Meaning:
    """The plan's questions and themes, made ready to be compared."""

    plan: Plan
    sentences: Sentences
    _likeness: Likeness = field(init=False)
    _surroundings: Surroundings = field(init=False)
    _topics: Topics = field(init=False)
    _heads: Heads = field(init=False)

    def __post_init__(self) -> None:
        self._likeness = Likeness(self.plan, self.sentences)
        self._surroundings = Surroundings(self.plan, self.sentences)
        self._topics = Topics(self.plan)
        self._heads = Heads(self.plan, self.sentences)

    def understand(self, utterance: Utterance) -> Understood:
        """Score a line."""
        heard, before = utterance.heard, utterance.before
        # First: it asks the model for more than the others, who find theirs done then.
        likeness = self._likeness.scores(heard, before)
        around = self._surroundings.of(heard, before)
        heads = self._heads.scores(heard, before)
        return Understood(
            utterance.seq,
            likeness=likeness,
            farewell=heads.farewell,
            job_ask=heads.job_ask,
            promise=heads.promise,
            theme=around.theme,
            topic=self._topics.of(heard, before),
            near=around.near,
        )


def open_meaning(plan: Plan, model: Path | None) -> Meaning:
    """Load the model, about 1 s; without it, or where it is none, go by words alone."""
    embedder: Embedder | None = None
    with contextlib.suppress(ModelError):
        embedder = open_embedder(model)
    return Meaning(plan, Sentences(embedder))
