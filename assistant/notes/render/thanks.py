"""How the thank-you note stands: to be written, done, or none is wanted.

Reads a call's entries. Law: no line of the call made this task, so a correction names it by a word
of its own.
"""

from collections.abc import Iterable

from assistant.events import Entry
from assistant.notes.promises import State
from assistant.notes.revised import promise_changes

THANKS = "thank-you"
"""How a correction names the thank-you note."""


def thanks_state(entries: Iterable[Entry]) -> State:
    """Return what the user said of it last; `open` where they said nothing."""
    said = (change for change in promise_changes(entries) if change.was == THANKS)
    states: list[State] = [change.state for change in said if change.state]
    return states[-1] if states else "open"
