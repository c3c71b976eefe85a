"""The verb that finishes a call, or does again what follows from it: wrap."""

import sys
from collections.abc import Callable, Iterator

import click

from assistant import afterwards, recovery
from assistant.cli.archived import take_in
from assistant.cli.house import (
    House,
    help_of,
    json_option,
    open_house,
    print_json,
    say,
    tell,
    tell_of_polish,
)
from assistant.cli.retaining import expire
from assistant.cli.tidy import tidy_end
from assistant.errors import DiskError, InputError, Refused
from assistant.hands import choose_engine, choose_second, model_dirs
from assistant.hearing import rest
from assistant.hearing.rest import Timed
from assistant.keeping.cores import keep_no_cores
from assistant.keeping.folder import CallFolder, find_folder, own_folder
from assistant.keeping.lock import only_hand, running_call
from assistant.keeping.unfinished import state_of
from assistant.plan import Plan
from assistant.polishing import background
from assistant.recovery import Rest
from assistant.understanding.embedding import find_model
from assistant.understanding.meaning import Understand, open_meaning

_STEPS = 1000
"""Of the progress bar."""


@click.command(help=help_of("wrap"))
@click.argument("call", default="last")
@json_option()
def wrap(call: str, as_json: bool) -> None:
    """Finish a call that was cut short; write its summary and the other files."""
    house = open_house()
    folder = own_folder(house.places.calls, _meant(house, call))
    if running_call(house.places.lock) == folder.name:
        raise Refused(f"{folder.name} is still running.", "`sottovoce stop` ends it.")
    keep_no_cores()
    with only_hand(folder.path), tidy_end():
        is_recovered = recovery.is_needed(folder)
        is_heard_out = _recovered(house, folder) if is_recovered else True
        written = wrapped(house, folder, is_heard_out=is_heard_out)
    if as_json:
        print_json(written)
    else:
        names = ", ".join(written.files)
        click.echo(say("wrap.wrote", names=names, path=folder.path))
    take_in(house, folder)
    expire(house)
    if is_recovered and background.begin(house.settings, house.places, folder.name):
        tell_of_polish(house)
    if written.failed:
        failures = "; ".join(say("wrap.failed", name=f.name, why=f.why) for f in written.failed)
        raise DiskError(failures)


def _meant(house: House, wanted: str) -> CallFolder:
    """Find a call; of several that fit, the only one that was cut short. Raises InputError."""
    calls, running = house.places.calls, running_call(house.places.lock)
    try:
        return find_folder(calls, wanted, lambda _: True)
    except InputError as error:
        try:
            folder = find_folder(
                calls, wanted, lambda it: it.name != running and state_of(it) == "unfinished"
            )
        except InputError:
            raise error from None
    tell(say("wrap.took", name=folder.name))
    return folder


def wrapped(house: House, folder: CallFolder, *, is_heard_out: bool = True) -> afterwards.Written:
    """Write what follows from a call's journal; sound that nobody has heard yet stays."""
    plan, notices = recovery.read_plan(folder, house.wording())
    for notice in notices:
        tell(notice)
    keep = house.settings.keep.sound if is_heard_out else "always"
    return afterwards.wrap(folder.path, house.wording(plan.language), keep)


def meaning_of(house: House, plan: Plan) -> Understand:
    """Open what tells the meaning of a call's lines; takes a second."""
    return open_meaning(plan, find_model(model_dirs(house.places))).understand


def _recovered(house: House, folder: CallFolder) -> bool:
    """Hear the rest of a call and finish its journal; tell whether all was heard."""
    plan, notices = recovery.read_plan(folder, house.wording())
    tell(say("wrap.recovering", name=folder.name))
    with click.progressbar(
        length=_STEPS, label=say("wrap.hearing"), file=sys.stderr, show_pos=False
    ) as bar:

        def hear(plan: Plan, left: Rest) -> Iterator[Timed]:
            return _hear(house, plan, left, lambda step: bar.update(step - bar.pos))

        outcome = recovery.recover(
            folder, house.wording(plan.language), hear, lambda plan: meaning_of(house, plan)
        )
    for notice in (*notices, *outcome.notices):
        tell(notice)
    if not outcome.is_heard_out:
        tell(say("wrap.not_heard", name=folder.name))
    return outcome.is_heard_out


def _hear(house: House, plan: Plan, left: Rest, show: Callable[[int], None]) -> Iterator[Timed]:
    """Hear the rest of a call with the engine of a live one. Raises ModelError."""
    choice = choose_engine(plan, house.settings, house.places)
    from_s = min(told.from_s for told in left.told.values())

    def progress(at_s: float, of_s: float) -> None:
        show(round(max(0.0, at_s - from_s) / max(of_s - from_s, 1.0) * _STEPS))

    second = choose_second(choice, plan, house.settings, house.places)
    return rest.hear(choice, left.sounds, left.ends_s, left.told, progress, second)
