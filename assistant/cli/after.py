"""The verb that shows a call there was: show."""

from pathlib import Path

import click

from assistant.cli.flags import only_one
from assistant.cli.house import (
    help_of,
    json_option,
    open_house,
    option,
    say,
    show_json,
    show_text,
    tell,
)
from assistant.errors import InputError, Refused
from assistant.keeping.folder import find_folder
from assistant.keeping.lock import running_call
from assistant.textfile import read_text

LARGEST_SHOWN_BYTES = 50_000_000
"""A summary of three hours has less than one of them."""
SAME_TIME_S = 2.0
"""Some archives keep times no finer than that."""


@click.command(help=help_of("show"))
@click.argument("call", default="last")
@option("--open", "opens", is_flag=True, text="open")
@json_option()
def show(call: str, opens: bool, as_json: bool) -> None:
    """Show a call's summary."""
    only_one({"--open": opens, "--json": as_json})
    house = open_house()
    folder = find_folder(house.places.calls, call, lambda _: True)
    path = folder.path / "notes.json" if as_json else folder.page if opens else folder.summary
    name = folder.name
    if not path.exists():
        if running_call(house.places.lock) == name:
            raise Refused(f"{name} is still running.", "`sottovoce status` shows it as it stands.")
        raise InputError(f"{name} has no summary yet.", f"`sottovoce wrap {name}` writes it.")
    if _is_behind(path, folder.journal) and running_call(house.places.lock) != name:
        tell(say("show.behind", name=name))
    if opens:
        _open(path)
        return
    text = read_text(path, LARGEST_SHOWN_BYTES)
    if as_json:
        show_json(text)
    else:
        show_text(text)


def _is_behind(page: Path, journal: Path) -> bool:
    """Tell whether the journal has more to tell: a correction may have died before the pages."""
    try:
        return journal.stat().st_mtime - page.stat().st_mtime > SAME_TIME_S
    except OSError:
        return False


def _open(page: Path) -> None:
    """Open a page with whatever this system opens pages with, and say where it lies."""
    show_text(str(page))
    if click.launch(str(page.resolve())):
        raise InputError(
            "No program was found that opens the page.", f"Open it in a browser yourself: {page}"
        )
