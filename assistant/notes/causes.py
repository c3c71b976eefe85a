"""Why each prepared question counts as asked: the fold that the answers begin with.

Reads what the agenda reads, and the call's end. Law: a question that was taken back has no cause
any more; a tick settles the "perhaps" of its question, where one is open and not long ago.
"""

from dataclasses import dataclass, field

from assistant.events import Answered, Asked, CallEnded, Entry, MaybeAsked, Ticked, Touched
from assistant.minds.agenda import Agenda

TICK_LOOKS_BACK_S = 180.0
"""A tick belongs to the last question the user spoke, or perhaps asked, within so long."""


@dataclass(slots=True)
class Causes:
    """What was found and ticked of every question."""

    agenda: Agenda
    first: dict[str, Entry] = field(default_factory=dict[str, Entry])
    """Question -> what first said that it was asked, and stands."""
    hints: dict[str, list[Entry]] = field(default_factory=dict[str, list[Entry]])
    """Question -> what said that it was perhaps asked, or spoken to, the first one first."""
    asked_in: dict[str, int] = field(default_factory=dict[str, int])
    """Question -> the line that surely asked it, and was not taken back."""
    settled: dict[str, int] = field(default_factory=dict[str, int])
    """Question that was ticked -> the line that had perhaps asked it."""
    is_over: bool = False
    ticked: dict[str, str] = field(default_factory=dict[str, str])
    """Question -> the user's last word on it: `open`, `asked` or `answered`."""
    _perhaps: dict[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])
    """Question -> when and in which line it was perhaps asked, while that is open."""

    def take(self, entry: Entry) -> None:
        """Take the next entry; most change nothing."""
        self.agenda.take(entry)
        match entry.event:
            case Asked(question_id, heard_seq):
                self._count(question_id, entry)
                self.asked_in[question_id] = heard_seq
                self._close(question_id, heard_seq)
            case Answered(question_id):
                self._count(question_id, entry)
            case Ticked(question_id, "open"):
                for known in (self.first, self.asked_in, self.settled, self._perhaps):
                    known.pop(question_id, None)
                self.ticked[question_id] = "open"
            case Ticked(question_id, state):
                self._tick(question_id, entry)
                self.ticked[question_id] = state
            case Touched(question_id):
                self.hints.setdefault(question_id, []).append(entry)
            case MaybeAsked(question_ids, heard_seq):
                for question_id in question_ids:
                    self.hints.setdefault(question_id, []).append(entry)
                    self._perhaps[question_id] = (entry.at_s, heard_seq)
            case CallEnded():
                self.is_over = True
            case _:
                pass

    def _count(self, question_id: str, entry: Entry) -> None:
        # The agenda knows who overrules whom; only the first cause is kept here.
        if not self.agenda.is_open(question_id):
            self.first.setdefault(question_id, entry)

    def _tick(self, question_id: str, entry: Entry) -> None:
        at_s, heard_seq = self._perhaps.get(question_id, (float("-inf"), 0))
        # After the call the page shows it, however long ago it was.
        is_near = self.is_over or entry.at_s - at_s <= TICK_LOOKS_BACK_S
        if heard_seq and is_near and question_id not in self.first:
            self.settled[question_id] = heard_seq
            self._close(question_id, heard_seq)
        self._count(question_id, entry)

    def _close(self, question_id: str, heard_seq: int) -> None:
        """Note what a line asked: nothing else, and the question was not asked in any other."""
        self._perhaps = {
            other: (at_s, seq)
            for other, (at_s, seq) in self._perhaps.items()
            if other != question_id and seq != heard_seq
        }
