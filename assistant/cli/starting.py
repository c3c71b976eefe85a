"""The verb that begins a call: start."""

from pathlib import Path

import click

from assistant import daemon
from assistant.cli.flags import ENGINES, with_flags
from assistant.cli.house import (
    House,
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
from assistant.cli.preparing import prepared, warn_of_job_asks
from assistant.cli.retaining import expire
from assistant.cli.unfinished import tell_of_unfinished
from assistant.cli.watching import screen_for
from assistant.daemon import Listening, Order
from assistant.errors import Refused
from assistant.keeping.folder import CallFolder, find_folder, own_folder
from assistant.keeping.lock import refuse_second
from assistant.keeping.unfinished import unfinished
from assistant.plan import Plan
from assistant.recovery import read_plan
from assistant.settings import Engine, Settings
from assistant.textfile import slug

NEWEST = "newest"
"""What `--resume` without a name means."""


@click.command(help=help_of("start"))
@click.argument("sheet", required=False)
@option("--minutes", type=click.FloatRange(1, 480))
@option("--engine", type=ENGINES)
@option("--model")
@option("--microphone")
@option("--far-side")
@option("--headset")
@option("--murmur/--no-murmur", text="murmur", default=None)
@option("--foreground", is_flag=True)
@option("--resume", metavar="[CALL]", is_flag=False, flag_value=NEWEST)
@json_option()
def start(
    sheet: str | None,
    minutes: float | None,
    engine: Engine | None,
    model: str | None,
    microphone: str | None,
    far_side: str | None,
    headset: str | None,
    murmur: bool | None,
    foreground: bool,
    resume: str | None,
    as_json: bool,
) -> None:
    """Start a call; return when it really listens, or say why not."""
    house = open_house()
    if resume is not None and (sheet or minutes):
        raise click.UsageError(
            "--resume goes on with a call; it takes no sheet and no --minutes: "
            f"`{_resuming(sheet, resume)}`."
        )
    settings = with_flags(
        house.settings,
        engine=engine,
        model=model,
        microphone=microphone,
        far_side=far_side,
        headset=headset,
        murmur=murmur,
    )
    refuse_second(house.places.lock)
    order = _order(house, settings, sheet, minutes, resume)
    expire(house)
    if foreground:
        _hold(house, order)
        return
    if not as_json:
        tell(say("start.loading"))
    listening = daemon.detach(order, house.places)
    if as_json:
        print_json(listening)
    else:
        _tell_listening(order, listening)


def _resuming(sheet: str | None, resume: str) -> str:
    """Spell the command that was meant: a sheet and the call held with it are named alike."""
    name = resume if resume != NEWEST else slug(Path(sheet or "").stem)
    return f"sottovoce start --resume {name}".rstrip()


def _order(
    house: House, settings: Settings, sheet: str | None, minutes: float | None, resume: str | None
) -> Order:
    if resume is None:
        tell_of_unfinished(house.places)
        plan, text = prepared(house, sheet, minutes)
        warn_of_job_asks(plan)
        return Order(plan, text, settings, str(house.places.home))
    folder = _broken_off(house, resume)
    plan, _ = read_plan(folder, house.wording())
    return Order(plan, "", settings, str(house.places.home), folder.name)


def _broken_off(house: House, wanted: str) -> CallFolder:
    """Find the call that is to go on. Raises InputError, Refused."""
    calls = house.places.calls
    if wanted != NEWEST:
        return own_folder(calls, find_folder(calls, wanted, lambda _: True))
    found = unfinished(calls, None)
    if not found:
        raise Refused("No call was cut short.", "`sottovoce start` begins a new one.")
    return own_folder(calls, found[-1])


def _hold(house: House, order: Order) -> None:
    """Hold the call in this terminal."""
    screen = screen_for(house, order.plan)
    tell(say("start.loading"))
    written = daemon.run(order, lambda it: _tell_listening(order, it), screen.show)
    if written is None:
        click.echo(say("stop.cancelled"))
    else:
        failed = {it.name: it.why for it in written.failed}
        tell_of_polish(house)
        tell_done(Path(written.folder), failed)


def _tell_listening(order: Order, listening: Listening) -> None:
    for notice in listening.notices:
        tell(notice)
    click.echo(say("start.goes_on") if order.resumes else listening_to(order.plan))
    tell(say("start.folder", path=listening.folder))
    tell(say("start.verbs"))


def listening_to(plan: Plan) -> str:
    """Say with whom the call is that began, for how long, and how much must be asked."""
    musts = sum(question.must for question in plan.questions)
    minutes = f"{plan.minutes:g}"
    return say(
        "start.listening" if plan.person else "start.listening_nobody",
        person=plan.person,
        length=say("start.minutes_one" if minutes == "1" else "start.minutes", minutes=minutes),
        musts=say("start.musts_one" if musts == 1 else "start.musts", musts=musts),
    )
