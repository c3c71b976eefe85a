"""The verbs after a call: list, show, wrap."""

from pathlib import Path

import click
import msgspec

from assistant import afterwards
from assistant.cli.house import (
    House,
    help_of,
    json_option,
    open_house,
    print_json,
    say,
    show_json,
    show_text,
    tell,
)
from assistant.errors import DiskError, InputError, Refused
from assistant.events import CallEnded, CallStarted
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder, all_folders, find_folder, own_folder
from assistant.keeping.lock import running_call
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
    """`done`, `running` or `unfinished`."""
    folder: str


@click.command("list", help=help_of("list"))
@json_option()
def list_(as_json: bool) -> None:
    """List the calls."""
    house = open_house()
    running = running_call(house.places.lock)
    calls = [_listed(folder, running) for folder in all_folders(house.places.calls)]
    if as_json:
        print_json(calls)
        return
    if not calls:
        tell(say("list.none"))
    for call in calls:
        state = "" if call.state == "done" else f"  ({say(f'list.{call.state}')})"
        show_text(f"{call.name}  {call.minutes:5.1f} min  {call.person}{state}")


@click.command(help=help_of("show"))
@click.argument("call", default="last")
@json_option()
def show(call: str, as_json: bool) -> None:
    """Show a call's summary."""
    house = open_house()
    folder = find_folder(house.places.calls, call, lambda _: True)
    path = folder.path / "notes.json" if as_json else folder.summary
    name = folder.name
    if not path.exists():
        if running_call(house.places.lock) == name:
            raise Refused(f"{name} is still running.", "`sottovoce status` shows it as it stands.")
        raise InputError(f"{name} has no summary yet.", f"`sottovoce wrap {name}` writes it.")
    text = read_text(path, LARGEST_SHOWN_BYTES)
    if as_json:
        show_json(text)
    else:
        show_text(text)


@click.command(help=help_of("wrap"))
@click.argument("call", default="last")
@json_option()
def wrap(call: str, as_json: bool) -> None:
    """Write a call's summary and the other files again."""
    house = open_house()
    folder = own_folder(house.places.calls, find_folder(house.places.calls, call, lambda _: True))
    if running_call(house.places.lock) == folder.name:
        raise Refused(f"{folder.name} is still running.", "`sottovoce stop` ends it.")
    written = wrapped(house, folder)
    if as_json:
        print_json(written)
    else:
        names = ", ".join(written.files)
        click.echo(say("wrap.wrote", names=names, path=folder.path))
    if written.failed:
        failures = "; ".join(say("wrap.failed", name=f.name, why=f.why) for f in written.failed)
        raise DiskError(failures)


def wrapped(house: House, folder: CallFolder) -> afterwards.Written:
    """Write what follows from a call's journal."""
    language = folder.read_plan().language
    return afterwards.wrap(folder.path, house.wording(language), house.settings.keep.sound)


def _listed(folder: CallFolder, running: str | None) -> Listed:
    person, wall, at_s, state = "", "", 0.0, "unfinished"
    try:
        person = folder.read_plan().person
        entries = journal.read(folder.journal).entries
    except (InputError, DiskError):
        entries = []
    for entry in entries:
        at_s = max(at_s, entry.at_s)
        match entry.event:
            case CallStarted(wall=wall):
                pass
            case CallEnded():
                state = "done"
            case _:
                pass
    if folder.name == running:
        state = "running"
    minutes = round(at_s / 60, 1)
    return Listed(folder.name, person, wall, minutes, state, str(Path(folder.path)))
