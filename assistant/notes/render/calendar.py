"""The follow-ups as a calendar file: tasks by both sides, and the thank-you.

The only door to icalendar. Law: the same call gives the same bytes; a task
keeps its UID, so that a second import makes no double, and its SEQUENCE counts
the corrections of the call, so that the later one is taken for newer; a task
has a due date only if one was said. The thank-you is due a day after the call,
as most career guides advise.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Protocol, cast

from icalendar import Calendar, Todo

from assistant.events import Channel
from assistant.notes.header import began_at
from assistant.notes.notes import Notes
from assistant.notes.promises import Promise, State
from assistant.notes.render.thanks import thanks_at
from assistant.notes.talk import clock
from assistant.notes.words import CalendarWords

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""The stamp of a call whose journal does not say when it was."""
_STATUS: Mapping[State, str] = {
    "open": "NEEDS-ACTION",
    "done": "COMPLETED",
    "dropped": "CANCELLED",
}
_PROGRAM = "-//Sottovoce//Sottovoce//EN"


class _Fields(Protocol):
    """What of icalendar we use to fill in; its own stub leaves the value's type open."""

    def add(self, name: str, value: object) -> None: ...


def calendar_file(
    notes: Notes, words: CalendarWords, *, revision: int = 0, thanks: State = "open"
) -> bytes:
    """Write `follow-ups.ics`: RFC 5545, CRLF, folded lines.

    `revision` counts what was corrected or heard anew since the call; `thanks` is how the thank-you
    note stands.
    """
    began = began_at(notes.header.started)
    stamp = _utc(began) if began else _LONG_AGO
    person = notes.header.person or words.nobody
    calendar = Calendar()
    file = cast("_Fields", calendar)
    file.add("prodid", _PROGRAM)
    file.add("version", "2.0")
    name = words.name.format(person=notes.header.person or notes.header.call_id)
    file.add("x-wr-calname", name)
    tasks: list[Todo] = []
    if notes.was_talk:
        thanked_by = thanks_at(notes)
        due = _utc(thanked_by) if thanked_by else None
        what = words.thanks.format(person=person)
        uid = _uid(notes, "thanks", 0)
        tasks.append(_task(uid, stamp, what, words.thanks_why, due, thanks))
    for number, promise in enumerate(notes.promises):
        # Two tasks in one second are told apart by their place among them.
        place = sum(_basis(other) == _basis(promise) for other in notes.promises[:number])
        uid = _uid(notes, _basis(promise), place)
        fields = {"what": promise.what, "person": notes.header.called or words.nobody}
        is_mine = promise.owner == Channel.ME
        summary = (words.mine if is_mine else words.theirs).format(**fields)
        due = date.fromisoformat(promise.due.day) if promise.due and promise.due.day else None
        described = _described(promise, words)
        tasks.append(_task(uid, stamp, summary, described, due, promise.state))
    for task in tasks:
        cast("_Fields", task).add("sequence", revision)
        calendar.add_component(task)
    return calendar.to_ical()


def _task(
    uid: str,
    stamp: datetime,
    summary: str,
    description: str,
    due: date | None,
    state: State = "open",
) -> Todo:
    todo = Todo()
    fields = cast("_Fields", todo)
    fields.add("uid", uid)
    fields.add("dtstamp", stamp)
    fields.add("summary", summary[:1].upper() + summary[1:])
    fields.add("description", description)
    fields.add("status", _STATUS[state])
    if state == "done":
        fields.add("percent-complete", 100)
    if due:
        fields.add("due", due)
    return todo


def _described(promise: Promise, words: CalendarWords) -> str:
    lines = [words.said.format(clock=clock(promise.start_s), quote=f'"{promise.quote.text}"')]
    if promise.due and promise.due.heard:
        sure = promise.due.is_sure
        line = words.heard_date if sure else words.doubtful_date
        lines.append(line.format(heard=promise.due.heard))
    return "\n".join(lines)


def _basis(promise: Promise) -> str:
    # Neither the words nor the owner: a better hearing of the same call, or a correction, must not
    # make a second task.
    return f"promise {promise.start_s:.0f}"


def _uid(notes: Notes, basis: str, place: int) -> str:
    text = f"{notes.header.call_id}\n{basis}\n{place}"
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@sottovoce"


def _utc(at: datetime) -> datetime:
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)
