"""The thank-you note: when it is due, and how it stands (to be written, done, none is wanted).

Reads a call's notes and entries. Law: no line of the call made this task, so a correction names it
by a word of its own.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from assistant.events import Entry
from assistant.notes.header import began_at
from assistant.notes.notes import Notes
from assistant.notes.promises import State
from assistant.notes.revised import promise_changes

THANKS = "thank-you"
"""How a correction names the thank-you note."""
THANKS_WITHIN = timedelta(days=1)
"""After the call; most guides to such talks say a day."""


def thanks_at(notes: Notes) -> datetime | None:
    """Return when it is due; None where nobody is to be thanked, or nobody knows the day."""
    began = began_at(notes.header.started)
    if began is None or not notes.was_talk:
        return None
    return began + timedelta(seconds=round(notes.header.length_s)) + THANKS_WITHIN


def thanks_due(notes: Notes) -> str:
    """Return the day it is due, ISO 8601; empty where `thanks_at` knows none."""
    due = thanks_at(notes)
    return due.date().isoformat() if due else ""


def thanks_state(entries: Iterable[Entry]) -> State:
    """Return what the user said of it last; `open` where they said nothing."""
    said = (change for change in promise_changes(entries) if change.was == THANKS)
    states: list[State] = [change.state for change in said if change.state]
    return states[-1] if states else "open"
