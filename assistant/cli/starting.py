"""The verb that begins a call: start."""

from pathlib import Path

import click

from assistant import daemon
from assistant.afterwards import Written
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
)
from assistant.cli.preparing import prepared
from assistant.cli.watching import screen_for
from assistant.daemon import Listening, Order
from assistant.plan import Plan
from assistant.settings import Engine


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
    as_json: bool,
) -> None:
    """Start a call; return when it really listens, or say why not."""
    house = open_house()
    settings = with_flags(
        house.settings,
        engine=engine,
        model=model,
        microphone=microphone,
        far_side=far_side,
        headset=headset,
        murmur=murmur,
    )
    plan, text = prepared(house, sheet, minutes)
    order = Order(plan, text, settings, str(house.places.home))
    if foreground:
        _hold(house, order)
        return
    if not as_json:
        tell(say("start.loading"))
    listening = daemon.detach(order, house.places)
    if as_json:
        print_json(listening)
    else:
        _tell_listening(plan, listening)


def _hold(house: House, order: Order) -> None:
    """Hold the call in this terminal."""
    screen = screen_for(house, order.plan)
    tell(say("start.loading"))
    written = daemon.run(order, lambda it: _tell_listening(order.plan, it), screen.show)
    if written is None:
        click.echo(say("stop.cancelled"))
    else:
        _tell_written(written)


def _tell_written(written: Written) -> None:
    for failed in written.failed:
        tell(say("wrap.failed", name=failed.name, why=failed.why))
    click.echo(say("stop.done", path=Path(written.folder) / "summary.md"))


def _tell_listening(plan: Plan, listening: Listening) -> None:
    for notice in listening.notices:
        tell(notice)
    musts = sum(question.must for question in plan.questions)
    key = "start.listening" if plan.person else "start.listening_nobody"
    click.echo(say(key, person=plan.person, minutes=f"{plan.minutes:g}", musts=musts))
    tell(say("start.folder", path=listening.folder))
    tell(say("start.verbs"))
