"""The verbs that look at the calls there were: list, show."""

from pathlib import Path

import click
import msgspec

from assistant.cli.house import (
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_json,
    show_text,
    tell,
)
from assistant.cli.retaining import expire
from assistant.errors import DiskError, InputError, Refused
from assistant.events import CallStarted
from assistant.importing.staging import left_behind
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder, all_folders, find_folder
from assistant.keeping.lock import running_call
from assistant.keeping.retention import has_sound
from assistant.keeping.unfinished import state_of
from assistant.textfile import read_text

LARGEST_SHOWN_BYTES = 50_000_000
"""A summary of three hours has less than one of them."""


class Listed(msgspec.Struct, frozen=True):
    """One call in the list."""

    name: str
    person: str
    wall: str
    """When it began, ISO 8601."""
    minutes: float
    state: str
    """`done`, `running`, `unfinished`, or `unheard` where the last words were not heard yet."""
    folder: str
    sound: bool
    """Whether any of its sound is kept."""
    wrong: str = ""
    """What is the matter with its files, in a sentence."""


@click.command("list", help=help_of("list"))
@json_option()
def list_(as_json: bool) -> None:
    """List the calls."""
    house = open_house()
    expire(house)
    running = running_call(house.places.lock)
    if left := left_behind(house.places.calls):
        tell(say("list.importing", count=len(left)))
    calls = [_listed(folder, running) for folder in all_folders(house.places.calls)]
    if as_json:
        print_json(calls)
        return
    if not calls:
        tell(say("list.none"))
    for call in calls:
        state = "" if call.state == "done" else say(f"list.{call.state}")
        marks = [*filter(None, (state, call.wrong))]
        state = f"  ({'; '.join(marks)})" if marks else ""
        show_text(f"{call.name}  {call.minutes:5.1f} min  {call.person}{state}")


@click.command(help=help_of("show"))
@click.argument("call", default="last")
@option("--open", "opens", is_flag=True, text="open")
@json_option()
def show(call: str, opens: bool, as_json: bool) -> None:
    """Show a call's summary."""
    if opens and as_json:
        raise click.UsageError("Either --open or --json.")
    house = open_house()
    folder = find_folder(house.places.calls, call, lambda _: True)
    path = folder.path / "notes.json" if as_json else folder.page if opens else folder.summary
    name = folder.name
    if not path.exists():
        if running_call(house.places.lock) == name:
            raise Refused(f"{name} is still running.", "`sottovoce status` shows it as it stands.")
        raise InputError(f"{name} has no summary yet.", f"`sottovoce wrap {name}` writes it.")
    if opens:
        _open(path)
        return
    text = read_text(path, LARGEST_SHOWN_BYTES)
    if as_json:
        show_json(text)
    else:
        show_text(text)


def _open(page: Path) -> None:
    """Open a page with whatever this system opens pages with, and say where it lies."""
    show_text(str(page))
    if click.launch(str(page.resolve())):
        raise InputError(
            "No program was found that opens the page.", f"Open it in a browser yourself: {page}"
        )


def _listed(folder: CallFolder, running: str | None) -> Listed:
    person, wall, at_s, wrong = "", "", 0.0, ""
    try:
        person = folder.read_plan().person
    except InputError:
        wrong = say("list.no_plan")
    try:
        entries = journal.read(folder.journal).entries
    except (InputError, DiskError):
        entries, wrong = [], say("list.no_journal")
    for entry in entries:
        at_s = max(at_s, entry.at_s)
        if isinstance(entry.event, CallStarted):
            wall = entry.event.wall
    state = "running" if folder.name == running else state_of(folder)
    minutes = round(at_s / 60, 1)
    return Listed(
        folder.name, person, wall, minutes, state, str(folder.path), has_sound(folder), wrong
    )
