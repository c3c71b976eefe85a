"""Which questions are open: the fold that minds, status and notes share.

Reads Asked, Touched, Answered, MaybeAsked and Ticked; finds nothing. Law: what
the user ticked overrules all that was found before, and every mere sign after;
only a question that is really asked or answered later changes it again.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from assistant.events import Answered, Asked, Entry, Kinds, MaybeAsked, Ticked, Touched
from assistant.plan import Plan, Question

Standing = Literal["open", "maybe", "touched", "asked", "answered"]

_RANK: dict[Standing, int] = {"open": 0, "maybe": 1, "touched": 1, "asked": 2, "answered": 3}


@dataclass(slots=True)
class Agenda:
    """How every prepared question stands."""

    READS: ClassVar[Kinds] = (Asked, Touched, Answered, MaybeAsked, Ticked)
    plan: Plan
    _standing: dict[str, Standing] = field(init=False)
    _ticked: dict[str, int] = field(default_factory=dict[str, int])
    """question id -> the `seq` of the user's last word on it."""

    def __post_init__(self) -> None:
        self._standing = {question.id: "open" for question in self.plan.questions}

    def take(self, entry: Entry) -> None:
        """Take the next entry; most change nothing."""
        match entry.event:
            case Ticked(question_id, state):
                self._standing[question_id] = state
                self._ticked[question_id] = entry.seq
            case Asked(question_id):
                self._raise_to(question_id, "asked")
            case Answered(question_id):
                self._raise_to(question_id, "answered")
            case Touched(question_id):
                self._hint(question_id, "touched")
            case MaybeAsked(question_ids):
                for question_id in question_ids:
                    self._hint(question_id, "maybe")
            case _:
                pass

    def standing(self, question_id: str) -> Standing:
        """Return how that question stands; `open` for one that is not in the plan."""
        return self._standing.get(question_id, "open")

    def is_open(self, question_id: str) -> bool:
        """Tell whether the question still waits to be asked."""
        return _RANK[self.standing(question_id)] < _RANK["asked"]

    def ticked_seq(self, question_id: str) -> int:
        """Return which entry is the user's last word on a question; 0 where there is none."""
        return self._ticked.get(question_id, 0)

    def open_questions(self) -> tuple[Question, ...]:
        """Return what was not asked yet, in the sheet's order."""
        return tuple(q for q in self.plan.questions if self.is_open(q.id))

    def open_musts(self) -> int:
        """Count the must-asks that were not asked yet."""
        return sum(q.must for q in self.open_questions())

    def _hint(self, question_id: str, standing: Standing) -> None:
        if question_id not in self._ticked:
            self._raise_to(question_id, standing)

    def _raise_to(self, question_id: str, standing: Standing) -> None:
        was = self._standing.get(question_id)
        if was is not None and _RANK[was] < _RANK[standing]:
            self._standing[question_id] = standing
