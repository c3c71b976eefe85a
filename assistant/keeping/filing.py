"""Calls put into the archive, taken out of it, and listed; and the numbers of what is to be done.

Law: a call is there whole or not at all; one that is removed leaves no byte in the archive's
files. A number, once shown, means the same task for as long as the archive lives, and is never
given twice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from assistant.keeping.archive import Archive, lost
from assistant.keeping.digest import Acquaintance, Digest, QuestionAsked, Task
from assistant.keeping.query import fold
from assistant.keeping.tables import columns, numbered, span

_WORD = re.compile(r"[^\W_]+")
Kept = TypeVar("Kept", Task, QuestionAsked, Acquaintance)


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as the archive lists it; see `Digest`."""

    id: int
    name: str
    wall: str
    day: str
    person: str
    called: str
    about: str
    length_s: float
    state: str
    has_sound: bool
    damaged_lines: int
    wrong: str


CALL_FIELDS = ", ".join(f"calls.{name}" for name in CallRow.__slots__)
"""To be selected for a `CallRow`."""


class Filters(msgspec.Struct, frozen=True):
    """Which calls are meant; empty for all."""

    person: str = ""
    """How a word of the name begins, of what they do, or of the folder's name; accents and case
    aside."""
    since: str = ""
    """First day, ISO 8601 ..."""
    until: str = ""
    """... and last day."""
    state: str = ""

    def where(self) -> tuple[str, tuple[str, ...]]:
        """Return the same as a condition on `calls`, and its values."""
        conditions = (
            ("instr(calls.person_key, ?)", words_key(self.person) if self.person else ""),
            ("calls.day >= ?", self.since),
            ("calls.day <= ?", self.until),
            ("calls.state = ?", self.state),
        )
        wanted = [(condition, value) for condition, value in conditions if value]
        return " AND ".join(c for c, _ in wanted) or "1", tuple(value for _, value in wanted)


LARGEST_NUMBER = 2**63 - 1
"""What SQLite can hold."""
EVERYTHING = Filters()


def words_key(*texts: str) -> str:
    """Return words so that one holds another where its words begin so, and follow so."""
    return f" {' '.join(_WORD.findall(fold(' '.join(texts))))}"


def put(archive: Archive, digest: Digest) -> None:
    """Put a call in, in place of what was there of it."""
    with archive.writing():
        known = _number_of(archive, digest.name)
        if known is not None:
            _take_out(archive, known)
        _insert(archive, known, digest)


def touch(archive: Archive, name: str, stamp: str, state: str, *, has_sound: bool) -> None:
    """Note that a call's folder looks otherwise, though its words are the same."""
    with archive.writing():
        archive.run(
            "UPDATE calls SET stamp = ?, state = ?, has_sound = ? WHERE name = ?",
            stamp,
            state,
            has_sound,
            name,
        )


def remove(archive: Archive, names: Iterable[str]) -> None:
    """Take calls out so that no byte of them is left.

    Open the archive alone for it: what another one reads can not be overwritten.
    """
    with archive.writing():
        for name in names:
            known = _number_of(archive, name)
            if known is not None:
                _take_out(archive, known)
            archive.run("DELETE FROM numbers WHERE call = ?", name)
    archive.settle()


def stamps(archive: Archive) -> dict[str, tuple[str, str]]:
    """Return the stamp and the marks of every call, by its name."""
    rows = archive.rows("SELECT name, stamp, marks FROM calls")
    return {name: (stamp, marks) for name, stamp, marks in rows}


def calls(archive: Archive, filters: Filters, most: int | None = None) -> list[CallRow]:
    """Return calls, oldest first; with `most` only so many of the newest."""
    where, values = filters.where()
    rows = archive.rows(
        f"SELECT {CALL_FIELDS} FROM calls WHERE {where} ORDER BY began_at DESC, name DESC LIMIT ?",
        *values,
        -1 if most is None else most,
    )
    return [CallRow(*row) for row in reversed(rows)]


def counts(archive: Archive) -> tuple[int, int]:
    """Return how many calls and how many lines there are."""
    [(all_calls, lines)] = archive.rows(
        "SELECT (SELECT count(*) FROM calls), (SELECT count(*) FROM lines)"
    )
    return all_calls, lines


# ---------------------------------------------------------------- numbers of tasks


def number(archive: Archive, tasks: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the number of each task (call, key); new ones get the next ones, in their order.

    Where nothing can be written, new ones have the number 0.
    """
    wanted = tuple(tasks)
    known = _numbers(archive)
    new = [task for task in wanted if task not in known]
    if new and archive.is_writable:
        with archive.writing():
            archive.run_many("INSERT OR IGNORE INTO numbers(call, key) VALUES(?, ?)", new)
        known = _numbers(archive)
    return {task: known.get(task, 0) for task in wanted}


def numbered_task(archive: Archive, shown: int) -> tuple[str, str] | None:
    """Return which task (call, key) was shown with that number; None where none was."""
    if shown > LARGEST_NUMBER:
        return None
    rows = archive.rows("SELECT call, key FROM numbers WHERE number = ?", shown)
    return (rows[0][0], rows[0][1]) if rows else None


def _numbers(archive: Archive) -> dict[tuple[str, str], int]:
    rows = archive.rows("SELECT call, key, number FROM numbers")
    return {(call, key): number for call, key, number in rows}


# ---------------------------------------------------------------- what came of the calls


def tasks(archive: Archive, filters: Filters, states: Iterable[str]) -> list[tuple[CallRow, Task]]:
    """Return what is to be done of each call, oldest call first."""
    wanted = tuple(states)
    return _joined(archive, filters, "tasks", Task, (f"state IN ({_places(wanted)})", wanted))


def task(archive: Archive, name: str, key: str) -> Task | None:
    """Return one task of one call."""
    rows = archive.rows(
        "SELECT body FROM tasks JOIN calls ON calls.id = call WHERE name = ? AND key = ?", name, key
    )
    return _kept(archive, msgspec.json.Decoder(Task), rows[0][0]) if rows else None


def questions(archive: Archive, filters: Filters) -> list[tuple[CallRow, QuestionAsked]]:
    """Return the questions that were asked, oldest call first."""
    return _joined(archive, filters, "questions", QuestionAsked)


def people(archive: Archive, filters: Filters) -> list[tuple[CallRow, Acquaintance]]:
    """Return who came up in each call, oldest call first."""
    return _joined(archive, filters, "people", Acquaintance)


def _joined(
    archive: Archive,
    filters: Filters,
    table: str,
    kind: type[Kept],
    condition: tuple[str, tuple[str, ...]] = ("call", ()),
) -> list[tuple[CallRow, Kept]]:
    where, values = filters.where()
    decoder = msgspec.json.Decoder(kind)
    rows = archive.rows(
        f"SELECT {CALL_FIELDS}, body FROM calls JOIN {table} ON {table}.call = calls.id "
        f"WHERE {where} AND {table}.{condition[0]} ORDER BY began_at, name, {table}.rowid",
        *values,
        *condition[1],
    )
    return [(CallRow(*row[:-1]), _kept(archive, decoder, row[-1])) for row in rows]


def _kept(archive: Archive, decoder: msgspec.json.Decoder[Kept], body: bytes) -> Kept:
    """Read what was put in. Raises ArchiveLost."""
    try:
        return decoder.decode(body)
    except (ValueError, RecursionError) as error:
        raise lost(archive.path) from error


def _places(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))


# ---------------------------------------------------------------- in and out


def _number_of(archive: Archive, name: str) -> int | None:
    rows = archive.rows("SELECT id FROM calls WHERE name = ?", name)
    return rows[0][0] if rows else None


def _insert(archive: Archive, known: int | None, digest: Digest) -> None:
    row = archive.run(
        "INSERT INTO calls VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        known,
        digest.name,
        digest.stamp,
        digest.marks,
        digest.wall,
        digest.day,
        digest.began_at,
        digest.person,
        words_key(digest.person, digest.about, digest.name),
        digest.called,
        digest.about,
        digest.length_s,
        digest.state,
        digest.has_sound,
        digest.damaged_lines,
        digest.wrong,
    )
    call = row if known is None else known
    lines = numbered(call, digest.lines)
    archive.run_many("INSERT INTO lines VALUES(?, ?, ?)", lines)
    archive.run_many(
        "INSERT INTO line_words(rowid, text) VALUES(?, ?)", [(n, text) for n, _, text in lines]
    )
    archive.run(
        "INSERT INTO call_words(rowid, me, them, unclear, own) VALUES(?, ?, ?, ?, ?)",
        call,
        *columns(lines),
    )
    spell = msgspec.json.encode
    archive.run_many(
        "INSERT INTO questions VALUES(?, ?, ?)",
        [(call, question.question_id, spell(question)) for question in digest.questions],
    )
    archive.run_many(
        "INSERT INTO tasks VALUES(?, ?, ?, ?)",
        [(call, task.key, task.state, spell(task)) for task in digest.tasks],
    )
    archive.run_many(
        "INSERT INTO people VALUES(?, ?)", [(call, spell(person)) for person in digest.people]
    )


def _take_out(archive: Archive, call: int) -> None:
    within = "WHERE id BETWEEN ? AND ?"
    lines = archive.rows(f"SELECT id, start_s, text FROM lines {within}", *span(call))
    # An index forgets only what it is told again, letter by letter.
    archive.run_many(
        "INSERT INTO line_words(line_words, rowid, text) VALUES('delete', ?, ?)",
        [(n, text) for n, _, text in lines],
    )
    archive.run(
        "INSERT INTO call_words(call_words, rowid, me, them, unclear, own) "
        "VALUES('delete', ?, ?, ?, ?, ?)",
        call,
        *columns((n, start_s, text) for n, start_s, text in lines),
    )
    archive.run(f"DELETE FROM lines {within}", *span(call))
    for table in ("questions", "tasks", "people"):
        archive.run(f"DELETE FROM {table} WHERE call = ?", call)
    archive.run("DELETE FROM calls WHERE id = ?", call)
