"""The verbs that end a call, and what follows it: the archive, and sound that is too old."""

from pathlib import Path

import click

from assistant.cli.archived import take_in, take_out
from assistant.cli.asking import is_sure
from assistant.cli.during import send, view_of
from assistant.cli.house import (
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    tell,
    tell_done,
    tell_of_polish,
)
from assistant.cli.retaining import expire
from assistant.errors import Refused
from assistant.events import CallEnded
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import running_call

STOP_WITHIN_S = 180.0
"""A slow machine may have minutes of sound still to hear when the call is stopped."""


@click.command(help=help_of("stop"))
@json_option()
def stop(as_json: bool) -> None:
    """End the call."""
    house = open_house()
    view_of(house)
    if not as_json:
        tell(say("stop.writing"))
    done = send(house, CallEnded("stopped"), STOP_WITHIN_S)
    if as_json:
        print_json(done)
    expire(house)
    failed = {it["name"]: it["why"] for it in done["failed"]}
    tell_of_polish(house)
    try:
        tell_done(Path(done["folder"]), failed, as_json=as_json)
    finally:
        # Only now: nobody waits for it.
        take_in(house, CallFolder(Path(done["folder"])))


@click.command(help=help_of("cancel"))
@option("--yes", is_flag=True)
def cancel(yes: bool) -> None:
    """End the call and throw it away."""
    house = open_house()
    view_of(house)
    if not yes and not is_sure(say("stop.cancel_sure"), say("stop.goes_on")):
        return
    name = running_call(house.places.lock)
    if send(house, CallEnded("cancelled"), STOP_WITHIN_S)["folder"]:
        raise Refused("The call had ended already; it is kept.", "`sottovoce show` shows it.")
    # One that was cut short and gone on with is known there.
    take_out(house, [name] if name else ())
    click.echo(say("stop.cancelled"))
