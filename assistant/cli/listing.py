"""The verb that lists the calls: list."""

from collections.abc import Sequence

import click
import msgspec

from assistant.across.comparison import fitting, topics
from assistant.cli.archived import filtered, with_archive
from assistant.cli.house import (
    House,
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_text,
    tell,
)
from assistant.cli.retaining import expire
from assistant.errors import DiskError, InputError
from assistant.events import CallStarted
from assistant.importing.staging import left_behind
from assistant.keeping import filing, journal
from assistant.keeping.archive import Archive
from assistant.keeping.filing import CallRow, Filters, words_key
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import running_call
from assistant.keeping.retention import has_sound
from assistant.tables import Cell, Column, is_terminal, show_table

STATES = click.Choice(["done", "running", "unfinished", "unheard"])


class Listed(msgspec.Struct, frozen=True):
    """One call in the list."""

    name: str
    person: str
    about: str
    wall: str
    """When it began, ISO 8601."""
    minutes: float
    state: str
    """`done`, `running`, `unfinished`, or `unheard` where the last words were not heard yet."""
    folder: str
    sound: bool
    """Whether any of its sound is kept."""
    damaged_lines: int = 0
    """Lines of its journal that can not be read."""
    wrong: str = ""
    """What is the matter with its files, in a sentence."""


@click.command("list", help=help_of("list"))
@filtered
@option("--state", type=STATES)
@option("--question")
@option("--last", type=click.IntRange(min=1))
@json_option()
def list_(
    person: str | None,
    since: str | None,
    until: str | None,
    state: str | None,
    question: str | None,
    last: int | None,
    as_json: bool,
) -> None:
    """List the calls."""
    house = open_house()
    expire(house)
    if left := left_behind(house.places.calls):
        tell(say("list.importing", count=len(left)))
    filters = Filters(person or "", since or "", until or "", state or "")
    calls = with_archive(house, lambda archive: _found(house, archive, filters, question))
    calls = calls[-last:] if last else calls
    if as_json:
        print_json(calls)
        return
    if not calls:
        is_chosen = filters != filing.EVERYTHING or question is not None
        tell(say("list.none_such" if is_chosen else "list.none"))
    _show(calls)


def _found(house: House, archive: Archive, filters: Filters, question: str | None) -> list[Listed]:
    name = running_call(house.places.lock)
    rows = [row for row in filing.calls(archive, filters) if row.name != name]
    if question is not None:
        asked = _asked_in(house, archive, question)
        return [_listed(house, row) for row in rows if row.name in asked]
    calls = [_listed(house, row) for row in rows]
    if name and (running := _running(house, name, filters)):
        calls.append(running)
    return calls


def _asked_in(house: House, archive: Archive, question: str) -> frozenset[str]:
    """Return the names of the calls in which a question was asked, as `compare` knows it.

    Of all calls: which spellings are one question hangs on every one of them.
    """
    neutral = frozenset(house.wording().texts("sheet", "neutral_words"))
    found = fitting(topics(archive, neutral), question)
    return frozenset(reply.call for topic in found for reply in topic.replies)


def _listed(house: House, row: CallRow) -> Listed:
    wrong = say(f"list.{row.wrong}") if row.wrong else ""
    if row.damaged_lines and not wrong:
        wrong = say("list.damaged", count=row.damaged_lines)
    return Listed(
        row.name,
        row.person,
        row.about,
        row.wall,
        round(row.length_s / 60, 1),
        row.state,
        str(house.places.calls / row.name),
        bool(row.has_sound),
        row.damaged_lines,
        wrong,
    )


def _running(house: House, name: str, filters: Filters) -> Listed | None:
    """Look at the call that runs; the archive does not know it. None where it is not meant."""
    folder = CallFolder(house.places.calls / name)
    person, about, wall, at_s = "", "", "", 0.0
    try:
        plan = folder.read_plan()
        person, about = plan.person, plan.about
        entries = journal.read(folder.journal).entries
    except (InputError, DiskError):
        entries = []
    for entry in entries:
        at_s = max(at_s, entry.at_s)
        if isinstance(entry.event, CallStarted):
            wall = entry.event.wall
    day = wall[:10] or name[:10]
    is_meant = (
        words_key(filters.person) in words_key(person, about, name)
        and (filters.since or day) <= day <= (filters.until or day)
        and filters.state in ("", "running")
    )
    minutes = round(at_s / 60, 1)
    listed = Listed(
        name, person, about, wall, minutes, "running", str(folder.path), has_sound(folder)
    )
    return listed if is_meant else None


def _show(calls: Sequence[Listed]) -> None:
    if not is_terminal():
        for call in calls:
            marks = _marks(call)
            after = f"  ({marks})" if marks else ""
            show_text(f"{call.name}  {call.minutes:5.1f} min  {_who(call)}{after}")
        return
    columns = (
        Column(say("list.call")),
        Column(say("list.minutes"), is_number=True),
        Column(say("list.person"), is_wide=True),
        Column(say("list.state")),
    )
    show_table(
        columns,
        [
            (
                call.name,
                f"{call.minutes:.1f}",
                _who(call),
                Cell(_marks(call), "yellow"),
            )
            for call in calls
        ],
    )


def _who(call: Listed) -> str:
    return ", ".join(filter(None, (call.person, call.about))) or say("list.nobody")


def _marks(call: Listed) -> str:
    state = "" if call.state == "done" else say(f"list.{call.state}")
    return "; ".join(filter(None, (state, call.wrong)))
