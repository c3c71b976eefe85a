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
    _heard: list[Heard] = field(default_factory=list[Heard])
    """The last things that were heard and are no echo."""

    def take(self, entry: Entry) -> None:
        """Take the next entry of the call."""
        self._cues.take(entry)
        if isinstance(entry.event, Heard) and not entry.event.echo:
            self._heard = [*self._heard, entry.event][-_BEFORE - 1 :]

    def mark(self, heard: Heard) -> Heard:
        """Return what is to be placed: `heard`, marked if it is the echo of a murmur."""
        return mark_echo(heard, self._cues.recent(), self.plan.dials.echo_tail_s)

    def understood(self, seq: int, heard: Heard) -> Understood | None:
        """Return what `heard`, placed and taken as `seq`, means; an echo means nothing."""
        if heard.echo:
            return None
        before = [earlier for earlier in self._heard if earlier is not heard]
        return understand(self.plan, seq, heard, before[-_BEFORE:])
