"""Sound that may not stay: until leave is given it is blanked on disk, behind the ear.

For `keep.sound = "with-consent"`. Law: nothing is blanked that was not heard for
good, and whose words are not in the journal; once leave is given all that is not
blanked yet stays, and after a no nothing does. It may be late, never early: a
crash finds the last half minute, not less than the hearing needs to go on.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assistant.errors import DiskError
from assistant.events import Channel, Entry, Fact, Heard
from assistant.hearing.spool import RATE_HZ, Spool
from assistant.minds.permission import Permission
from assistant.minds.troubles import Troubles
from assistant.plan import Plan

EVERY_S = 3.0
"""So often the place that is heard for good is taken note of, and that of last time blanked."""
BEHIND_S = 1.0
"""An ear that is started again begins where it was; so much before it is left."""
MOST_S = 60.0
"""At most so much is blanked at once: the spine waits for it."""


@dataclass(slots=True)
class Fading:
    """What is blanked already, and what will be next."""

    plan: Plan
    spools: Mapping[Channel, Spool]
    heard_to_s: Callable[[], Mapping[Channel, float]]
    """Channel -> up to where everything was said."""
    _permission: Permission = field(init=False)
    _troubles: Troubles = field(default_factory=Troubles)
    _untaken: deque[tuple[Channel, float]] = field(default_factory=deque[tuple[Channel, float]])
    """Words that were told and are not in the journal yet."""
    _next_s: dict[Channel, float] = field(default_factory=dict[Channel, float])
    _blanked: dict[Channel, int] = field(default_factory=dict[Channel, int])
    """Channel -> the frame up to which it is blank."""
    _looked_s: float = float("-inf")

    def __post_init__(self) -> None:
        self._permission = Permission(self.plan)

    def tell(self, fact: Fact) -> None:
        """Take note of a fact on its way to the journal; on any one thread."""
        if isinstance(fact, Heard):
            self._untaken.append((fact.channel, fact.end_s))

    def take(self, entry: Entry) -> None:
        """Take an entry that is in the journal."""
        self._permission.take(entry)
        self._troubles.take(entry)
        if isinstance(entry.event, Heard):
            words = entry.event.channel, entry.event.end_s
            # They come in the order in which they were told; one before may have been forgotten.
            while words in self._untaken and self._untaken.popleft() != words:
                pass

    def look(self, now_s: float) -> None:
        """Blank what may not stay; to be called about once a second."""
        is_kept = bool({"disk", "journal"} & self._troubles.parts)
        if self._permission.is_given or is_kept or self._untaken:
            return
        behind = [channel for channel in self.spools if self._blank(channel)]
        if not behind and now_s - self._looked_s >= EVERY_S:
            self._looked_s = now_s
            self._next_s = dict(self.heard_to_s())

    def _blank(self, channel: Channel) -> bool:
        """Blank a channel on; tell whether there is more."""
        from_frame = self._blanked.get(channel, 0)
        heard = round((self._next_s.get(channel, 0.0) - BEHIND_S) * RATE_HZ)
        to_frame = min(heard, from_frame + round(MOST_S * RATE_HZ))
        if to_frame <= from_frame:
            return False
        try:
            self.spools[channel].zero(from_frame, to_frame)
        except DiskError:
            # It is tried again; the disk tells of itself.
            return True
        self._blanked[channel] = to_frame
        return to_frame < heard
