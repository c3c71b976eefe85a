"""To be written."""

from dataclasses import dataclass

from assistant.events import Entry, Finding
from assistant.plan import Plan


@dataclass(slots=True)
class Markers:
    """To be written."""

    plan: Plan

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        return []
