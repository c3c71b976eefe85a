"""What was heard in a call, made ready to be placed and to be understood.

Law: a fold over the call's entries; the same entries make of the same line the
same marks and show it with the same lines before it. Live, rehearsed and recovered
calls all use it, so that a rehearsal is what the call would have been.
"""

from dataclasses import dataclass, field

from assistant.events import Entry, Heard, Understood
from assistant.minds.sides import Sides
from assistant.plan import Plan
from assistant.speaking.echo import SpokenCues, mark_echo
from assistant.understanding.meaning import BEFORE, Utterance
from assistant.understanding.spelling import Speller

_WAITING = 32
"""So many of the last lines may wait for their meaning; a longer silence of it is a fault."""


@dataclass(slots=True)
class Hearer:
    """The cues that sounded, the last things heard, and what of them is not understood yet."""

    plan: Plan
    _speller: Speller = field(init=False)
    _sides: Sides = field(init=False)
    _cues: SpokenCues = field(default_factory=SpokenCues)
    _heard: tuple[Heard, ...] = ()
    """The last things that were heard and are no echo."""
    _waiting: dict[int, Utterance] = field(default_factory=dict[int, Utterance])

    def __post_init__(self) -> None:
        self._speller = Speller(self.plan)
        self._sides = Sides(self.plan)

    def take(self, entry: Entry) -> None:
        """Take the next entry of the call."""
        self._cues.take(entry)
        self._sides.take(entry)
        match entry.event:
            case Heard(echo=False) as heard:
                self._waiting[entry.seq] = Utterance(entry.seq, heard, self._heard)
                if len(self._waiting) > _WAITING:
                    del self._waiting[next(iter(self._waiting))]
                self._heard = (*self._heard, heard)[-BEFORE:]
            case Understood(heard_seq):
                self._waiting.pop(heard_seq, None)
            case _:
                pass

    def mark(self, heard: Heard) -> Heard:
        """Return what is to be placed.

        That is `heard`, marked if it is the echo of a murmur; if not, with the names and terms of
        the sheet spelled as there, and where one microphone hears both with the side it probably
        is of.
        """
        marked = mark_echo(heard, self._cues.recent(), self.plan.dials.echo_tail_s)
        return marked if marked.echo else self._sides.mark(self._speller.put_right(marked))

    def waiting(self, seq: int = 0) -> tuple[Utterance, ...]:
        """Return the lines that are not understood yet; with a number, that one, if it is.

        An echo means nothing and never waits.
        """
        if seq:
            return tuple(filter(None, (self._waiting.get(seq),)))
        return tuple(self._waiting.values())
