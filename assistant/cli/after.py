"""The verb that shows a call there was: show."""

from pathlib import Path

import click

from assistant.cli.house import (
    help_of,
    json_option,
    open_house,
    option,
    show_json,
    show_text,
)
from assistant.errors import InputError, Refused
from assistant.keeping.folder import find_folder
from assistant.keeping.lock import running_call
from assistant.textfile import read_text

LARGEST_SHOWN_BYTES = 50_000_000
"""A summary of three hours has less than one of them."""


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
