"""The verbs of the archive itself: search, index."""

import click
import msgspec

from assistant.cli.archived import filtered, with_archive
from assistant.cli.house import (
    House,
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    tell,
)
from assistant.keeping import filing
from assistant.keeping.archive import Archive
from assistant.keeping.filing import Filters
from assistant.keeping.query import read_query
from assistant.keeping.searching import Found, FoundCall, Line, Voice, search
from assistant.notes.talk import clock
from assistant.tables import Cell, show_line

VOICES = click.Choice(["me", "them", "unclear", "notes"])
SHOWN = 10
_AROUND = 70
"""Letters shown on both sides of what was found, at least."""
_LONGEST = 220


class Hit(msgspec.Struct, frozen=True):
    """A line, for programs."""

    call: str
    person: str
    about: str
    wall: str
    folder: str
    kind: str
    start_s: float
    text: str
    marks: tuple[tuple[int, int], ...]


class Hits(msgspec.Struct, frozen=True):
    """What was found, for programs."""

    calls: int
    """How many calls have it ..."""
    is_exact: bool
    """... or, where False, at least so many."""
    is_late: bool
    """Only the newest calls were looked through in time."""
    hits: tuple[Hit, ...]


class Indexed(msgspec.Struct, frozen=True):
    """What the archive holds."""

    path: str
    calls: int
    lines: int
    bytes: int


@click.command("search", help=help_of("search"))
@click.argument("words", nargs=-1, required=True)
@filtered
@option("--channel", type=VOICES, text="search_channel")
@option("--newest", is_flag=True)
@option("--limit", type=click.IntRange(1, 1000), default=SHOWN)
@json_option()
def search_(
    words: tuple[str, ...],
    person: str | None,
    since: str | None,
    until: str | None,
    channel: Voice | None,
    newest: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Search all calls."""
    query = read_query(" ".join(words))
    house = open_house()
    filters = Filters(person or "", since or "", until or "")
    found = with_archive(
        house,
        lambda archive: search(
            archive, query, filters, channel or "", most=limit, newest_first=newest
        ),
    )
    if as_json:
        print_json(_hits(house, found))
        return
    for call in found.calls:
        _show(call)
    _tell_count(found)


@click.command("index", help=help_of("index"))
@option("--rebuild", is_flag=True)
@json_option()
def index(rebuild: bool, as_json: bool) -> None:
    """Bring the archive up to the folders."""
    house = open_house()
    indexed = with_archive(house, lambda archive: _indexed(house, archive), anew=rebuild)
    if as_json:
        print_json(indexed)
    else:
        size = f"{indexed.bytes / 1e6:.1f}"
        click.echo(say("index.done", calls=indexed.calls, lines=indexed.lines, size=size))


def _indexed(house: House, archive: Archive) -> Indexed:
    calls, lines = filing.counts(archive)
    path = house.places.archive
    size = path.stat().st_size if path.is_file() else 0
    return Indexed(str(path), calls, lines, size)


def _hits(house: House, found: Found) -> Hits:
    return Hits(
        found.count,
        found.is_exact,
        found.is_late,
        tuple(
            Hit(
                one.call.name,
                one.call.person,
                one.call.about,
                one.call.wall,
                str(house.places.calls / one.call.name),
                line.kind,
                line.start_s,
                line.text,
                line.marks,
            )
            for one in found.calls
            for line in one.lines
        ),
    )


def _show(found: FoundCall) -> None:
    call = found.call
    who = ", ".join(filter(None, (call.person, call.about)))
    show_line(Cell(f"{call.name}  {who}".rstrip(), "bold"))
    for line in found.lines:
        voice = say(f"search.{line.kind}", name=call.called or say("search.nobody"))
        before = f"  {clock(line.start_s)} {voice}: "
        text, marks = _cut(line)
        shift = len(before)
        show_line(Cell(before + text, "", tuple((a + shift, b + shift) for a, b in marks)))
    if found.count > len(found.lines):
        show_line(Cell("  " + say("search.more", count=found.count - len(found.lines)), "dim"))


def _cut(line: Line) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Cut a long line down to what stands around the first that was found."""
    text = line.text
    if len(text) <= _LONGEST or not line.marks:
        return text[:_LONGEST], tuple(mark for mark in line.marks if mark[1] <= _LONGEST)
    at = max(0, line.marks[0][0] - _AROUND)
    # From a whole word on.
    first = text.find(" ", at) + 1 if at else 0
    first = first if first <= line.marks[0][0] else at
    last = min(len(text), first + _LONGEST)
    last = last if last == len(text) else max(text.rfind(" ", first, last), line.marks[0][1])
    head, tail = "… " * bool(first), " …" * (last < len(text))
    shift = len(head) - first
    marks = tuple((a + shift, b + shift) for a, b in line.marks if first <= a and b <= last)
    return f"{head}{text[first:last]}{tail}", marks


def _tell_count(found: Found) -> None:
    if not found.calls:
        tell(say("search.none"))
    elif found.count > len(found.calls):
        key = "search.best" if found.is_exact else "search.best_of_more"
        tell(say(key, count=found.count, shown=len(found.calls)))
    if found.is_late:
        tell(say("search.late"))
