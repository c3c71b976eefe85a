"""What a line that was heard means, in a live call and in a rehearsal alike.

Law: a fold over the call's entries; the same entries make of the same line the
same marks and the same meaning. Live and rehearsed calls both use it, so that a
rehearsal is what the call would have been.
"""

from dataclasses import dataclass, field

from assistant.events import Entry, Heard, Understood
from assistant.plan import Plan
from assistant.speaking.echo import SpokenCues, mark_echo
from assistant.understanding.likeness import understand

_BEFORE = 4
"""So many of the last things heard are shown to the understanding."""


@dataclass(slots=True)
class Hearer:
    """The cues that sounded and the last things heard."""

    plan: Plan
    _cues: SpokenCues = field(default_factory=SpokenCues)
    _before: list[Heard] = field(default_factory=list[Heard])

    def take(self, entry: Entry) -> None:
        """Take the next entry of the call."""
        self._cues.take(entry)

    def mark(self, heard: Heard) -> Heard:
        """Return what is to be placed: `heard`, marked if it is the echo of a murmur."""
        return mark_echo(heard, self._cues.recent(), self.plan.dials.echo_tail_s)

    def understood(self, seq: int, heard: Heard) -> Understood | None:
        """Return what `heard`, placed as `seq`, means; an echo means nothing."""
        if heard.echo:
            return None
        meaning = understand(self.plan, seq, heard, self._before)
        self._before = [*self._before, heard][-_BEFORE:]
        return meaning
