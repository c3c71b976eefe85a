"""What is to be done after all the calls: by the user, by the others, and the thank-you notes.

Reads the archive. Law: what is done is said in the call's own journal, so that it stays done
however often the archive is made again. A task's number is given when it is first shown and never
changes while the archive lives; a number that was never shown means nothing.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Literal

import msgspec

from assistant.errors import InputError
from assistant.events import Corrected, PromiseChange
from assistant.keeping import filing
from assistant.keeping.archive import Archive
from assistant.keeping.digest import Owner, Task, TaskState
from assistant.keeping.filing import EVERYTHING, CallRow, Filters

THANKS_FOR = timedelta(days=14)
"""So long after its day a thank-you note is still asked for; later it would be odd."""
_NEVER = "9999"


class Action(msgspec.Struct, frozen=True):
    """Something to be done, of any call."""

    number: int
    """As shown, from 1; 0 where the archive can not be written to."""
    call: str
    person: str
    called: str
    """The person's short name."""
    kind: Literal["promise", "advice", "request", "thanks"]
    owner: Owner
    what: str
    """Empty for the thank-you note."""
    due: str
    """ISO 8601; empty where no day was said."""
    heard_due: str
    """The words of the day, where it should be checked."""
    is_overdue: bool
    start_s: float
    """When it was said, in seconds of the call."""
    quote: str
    state: TaskState


def actions(
    archive: Archive,
    today: date,
    *,
    filters: Filters = EVERYTHING,
    owners: Collection[str] = ("me", "them", "unclear"),
    with_all: bool = False,
) -> tuple[Action, ...]:
    """Return what is open: overdue first, then by its day, then what has none.

    `with_all` adds what is done or dropped, and thank-you notes of long ago. Raises ArchiveLost,
    DiskError.
    """
    states = ("open", "done", "dropped") if with_all else ("open",)
    found = [
        (call, task)
        for call, task in filing.tasks(archive, filters, states)
        if task.owner in owners and (with_all or not _is_stale(task, today))
    ]
    found.sort(key=lambda pair: (pair[1].due or _NEVER, pair[0].wall, pair[1].start_s))
    numbers = filing.number(archive, [(call.name, task.key) for call, task in found])
    return tuple(_action(numbers[call.name, task.key], call, task, today) for call, task in found)


def find(archive: Archive, number: int) -> tuple[str, Task]:
    """Return the call and the task that were shown with a number. Raises InputError."""
    hint = "`sottovoce actions` shows them with their numbers."
    shown = filing.numbered_task(archive, number)
    if shown is None:
        raise InputError(f"No action {number} was shown.", hint)
    task = filing.task(archive, *shown)
    if task is None:
        raise InputError(f"Action {number} is no more found in its call, {shown[0]}.", hint)
    return shown[0], task


def change(task: Task, state: TaskState, wall: str) -> Corrected:
    """Return the fact that says how a task stands; `wall` is when that was said, ISO 8601."""
    return Corrected(wall, PromiseChange(task.heard_seq, task.was, state=state))


def _is_stale(task: Task, today: date) -> bool:
    if task.kind != "thanks" or not task.due:
        return False
    return today - date.fromisoformat(task.due) > THANKS_FOR


def _action(number: int, call: CallRow, task: Task, today: date) -> Action:
    return Action(
        number,
        call.name,
        call.person,
        call.called,
        task.kind,
        task.owner,
        task.what,
        task.due,
        task.heard_due,
        is_overdue=task.state == "open" and bool(task.due) and task.due < today.isoformat(),
        start_s=task.start_s,
        quote=task.quote,
        state=task.state,
    )
