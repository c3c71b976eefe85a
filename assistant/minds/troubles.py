"""Which parts do not work at this moment: the fold that floor, coach and view share.

Reads Trouble and Recovered; finds nothing. Law: a part is in trouble from its
first Trouble until one that says it is over; after the program was gone its
parts are new ones, and the old ones' troubles are over with them.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from assistant.events import Entry, Kinds, Recovered, Trouble

EARS = "microphone", "far side"
"""Without one of these a silence may be none."""


@dataclass(slots=True)
class Troubles:
    """The parts in trouble, and what was last said of each."""

    READS: ClassVar[Kinds] = (Trouble, Recovered)
    texts: dict[str, str] = field(default_factory=dict[str, str])
    """Part -> its last sentence; who spoke up last comes last."""

    @property
    def parts(self) -> frozenset[str]:
        """The parts in trouble."""
        return frozenset(self.texts)

    @property
    def is_deaf(self) -> bool:
        """Tell whether a side can not be heard."""
        return bool(self.texts) and any(part in self.texts for part in EARS)

    def take(self, entry: Entry) -> None:
        """Take the next entry; most change nothing."""
        match entry.event:
            case Trouble(part, text, over):
                self.texts.pop(part, None)
                if not over:
                    self.texts[part] = text
            case Recovered():
                self.texts.clear()
            case _:
                pass
