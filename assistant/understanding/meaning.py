"""What one line that was heard means, all of it: the one place that asks each kind of meaning.

Knows the plan, the line and the last lines before it. Law: scores only; the same line after the
same lines means the same, in a live call, a rehearsal and a recovery.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.events import Heard, Understood
from assistant.plan import Plan
from assistant.understanding.likeness import understand
from assistant.understanding.sentences import Sentences

BEFORE = 4
"""So many of the last lines help to understand the next."""

Understand = Callable[[int, Heard, Sequence[Heard]], Understood]
"""Takes the number of what was heard, itself, and what was heard before, the oldest first."""


@dataclass(slots=True)
class Meaning:
    """The plan's questions and themes, made ready to be compared."""

    plan: Plan
    sentences: Sentences

    def understand(self, heard_seq: int, heard: Heard, before: Sequence[Heard]) -> Understood:
        """Score what was heard; `before` is what was heard just before it, the oldest first."""
        return understand(self.plan, heard_seq, heard, before)
