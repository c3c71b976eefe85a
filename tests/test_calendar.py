"""The follow-ups in another program's hands: read by a library that has no part in writing them."""

import re
from datetime import UTC, date, datetime

import msgspec
import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.todo import Todo, TodoStatus
from told import PLAN, WORDING, WORDS, Told, interview

from assistant.events import Channel, Corrected, LineChange, PromiseChange
from assistant.notes.notes import Notes, learn
from assistant.notes.promises import State
from assistant.notes.render.calendar import calendar_file
from assistant.notes.render.files import Files
from assistant.notes.render.thanks import THANKS

pytestmark = pytest.mark.unit


def notes(call: Told) -> Notes:
    return learn(PLAN, call.entries, WORDS)


def imported(file: bytes) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(file.decode())


def taken_in(calendar: Calendar) -> dict[str, Todo]:
    return {str(todo.uid): todo for todo in calendar.todos}


def with_state(notes: Notes, state: State) -> Notes:
    first, *rest = notes.promises
    return msgspec.structs.replace(
        notes, promises=(msgspec.structs.replace(first, state=state), *rest)
    )


def test_another_library_reads_every_task_with_its_day() -> None:
    calendar = imported(calendar_file(notes(interview()), WORDS.calendar))
    due = {todo.summary: todo.due for todo in calendar.todos}
    assert due["Thank Dana Ruiz"] == datetime(2026, 12, 2, 14, 1, 40, tzinfo=UTC)
    assert due["Send Dana my outline by December third"] == date(2026, 12, 3)
    assert due["Talk to Sam Okafor at Beta"] is None
    assert {todo.status for todo in calendar.todos} == {TodoStatus.NEEDS_ACTION}
    assert any('"' in (todo.description or "") for todo in calendar.todos)


def test_a_second_import_changes_nothing() -> None:
    file = calendar_file(notes(interview()), WORDS.calendar)
    tasks = taken_in(imported(file))
    again = {**tasks, **taken_in(imported(calendar_file(notes(interview()), WORDS.calendar)))}
    assert again == tasks


@pytest.mark.parametrize(
    ("state", "status"),
    [("done", TodoStatus.COMPLETED), ("dropped", TodoStatus.CANCELLED)],
)
def test_what_was_done_or_dropped_is_so_after_the_next_import(
    state: State, status: TodoStatus
) -> None:
    before = notes(interview())
    tasks = taken_in(imported(calendar_file(before, WORDS.calendar)))
    newer = taken_in(imported(calendar_file(with_state(before, state), WORDS.calendar, revision=1)))
    assert newer.keys() == tasks.keys()
    changed = [uid for uid in tasks if newer[uid].status != tasks[uid].status]
    assert [newer[uid].status for uid in changed] == [status]
    assert all((newer[uid].sequence or 0) > (tasks[uid].sequence or 0) for uid in tasks)


def test_a_promise_that_changes_its_owner_stays_one_task() -> None:
    before = notes(interview())
    owned = tuple(msgspec.structs.replace(p, owner=Channel.ME) for p in before.promises)
    after = msgspec.structs.replace(before, promises=owned)
    uids = [set(taken_in(imported(calendar_file(n, WORDS.calendar)))) for n in (before, after)]
    assert uids[0] == uids[1]


def test_a_promise_that_is_put_in_other_words_stays_one_task() -> None:
    before = notes(interview())
    said = tuple(msgspec.structs.replace(p, what=f"{p.what}, now") for p in before.promises)
    after = msgspec.structs.replace(before, promises=said)
    uids = [set(taken_in(imported(calendar_file(n, WORDS.calendar)))) for n in (before, after)]
    assert uids[0] == uids[1]


def test_each_correction_makes_a_newer_calendar() -> None:
    call = interview()
    first = Files(PLAN, call.entries, WORDING).make("follow-ups.ics")
    call.put(100.0, Corrected("2026-12-02T09:00:00+01:00", LineChange(4, "hello")))
    second = Files(PLAN, call.entries, WORDING).make("follow-ups.ics")
    assert re.findall(rb"SEQUENCE:(\d+)", first or b"") == [b"0"] * 4
    assert re.findall(rb"SEQUENCE:(\d+)", second or b"") == [b"1"] * 4


def test_hostile_words_are_read_as_words() -> None:
    call = Told()
    call.them(
        1.0, "i'll send you a;b,c\\d\r\nEND:VTODO\r\nBEGIN:VALARM über-lange 日本語 " + "x" * 90
    )
    todos = imported(calendar_file(notes(call.end(20.0)), WORDS.calendar)).todos
    assert len(todos) == 2
    assert "a;b,c\\d" in (todos[1].description or "")


@pytest.mark.parametrize(
    ("state", "status", "box"),
    [("done", TodoStatus.COMPLETED, "- [x] thank Dana"), ("dropped", TodoStatus.CANCELLED, "")],
)
def test_a_thank_you_that_was_sent_or_is_not_wanted_is_so_on_every_page(
    state: State, status: TodoStatus, box: str
) -> None:
    call = interview()
    files = Files(PLAN, call.entries, WORDING)
    assert "- [ ] thank Dana" in (files.make("summary.md") or b"").decode()
    open_tasks = (files.make("summary.html") or b"").decode().count('<li class="open">')
    call.put(100.0, Corrected("2026-12-02T09:00:00+01:00", PromiseChange(0, THANKS, state=state)))
    files = Files(PLAN, call.entries, WORDING)
    calendar = imported(files.make("follow-ups.ics") or b"")
    assert [t.status for t in calendar.todos if t.summary == "Thank Dana Ruiz"] == [status]
    page = (files.make("summary.md") or b"").decode()
    assert "- [ ] thank Dana" not in page
    assert box in page
    html = (files.make("summary.html") or b"").decode()
    assert html.count('<li class="open">') == open_tasks - 1
