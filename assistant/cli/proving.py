"""The verbs that look before a call: check and devices."""

from itertools import chain

import click
import msgspec

from assistant.cli.flags import ENGINES, with_flags
from assistant.cli.house import (
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_text,
    tell,
)
from assistant.cli.preparing import prepared, warn_of_job_asks
from assistant.cli.tidy import tidy_end
from assistant.errors import Refused, from_exit_code
from assistant.hearing.portaudio import far_side_hint, inputs
from assistant.keeping.lock import running_call
from assistant.readiness import Proof, cues, prove
from assistant.settings import Engine
from assistant.speaking.outputs import outputs

LISTEN_S = 3.0


@click.command(help=help_of("check"))
@click.argument("sheet", required=False)
@option("--seconds", type=click.FloatRange(0.5, 60), default=LISTEN_S, show_default=True)
@option("--engine", type=ENGINES)
@option("--model")
@option("--microphone")
@option("--far-side")
@option("--headset")
@json_option()
def check(
    sheet: str | None,
    seconds: float,
    engine: Engine | None,
    model: str | None,
    microphone: str | None,
    far_side: str | None,
    headset: str | None,
    as_json: bool,
) -> None:
    """Say in words whether a call could start."""
    house = open_house()
    settings = with_flags(
        house.settings,
        engine=engine,
        model=model,
        microphone=microphone,
        far_side=far_side,
        headset=headset,
    )
    if running_call(house.places.lock) is not None:
        raise Refused(say("check.running"), "`sottovoce status` shows how it stands.")
    plan, _ = prepared(house, sheet, None)
    warn_of_job_asks(plan)
    proofs: list[Proof] = []
    with tidy_end():
        told = [cues(plan)] if sheet else []
        for proof in chain(prove(plan, settings, house.places, seconds), told):
            proofs.append(proof)
            if not as_json:
                sign = "ok " if proof.good else "NO "
                show_text(f"{sign} {say(f'check.{proof.part}'):11} {_sentence(proof)}")
    failed = [proof for proof in proofs if not proof.good]
    if as_json:
        print_json([{**msgspec.to_builtins(p), "sentence": _sentence(p)} for p in proofs])
    if failed:
        raise from_exit_code(failed[0].exit_code, say("check.not_ready"), "")
    if not as_json:
        click.echo(say("check.ready"))


@click.command(help=help_of("devices"))
@json_option()
def devices(as_json: bool) -> None:
    """List the sound devices."""
    heard, spoken = inputs(), outputs()
    if as_json:
        print_json({"inputs": heard, "outputs": spoken})
        return
    click.echo(say("devices.inputs"))
    for device in heard:
        marks = [say("devices.default")] * device.is_default
        marks += [say("devices.far_side")] * device.is_far_side
        show_text(_row(device.index, device.name, marks))
    if not heard:
        click.echo(say("devices.none"))
    click.echo(say("devices.outputs"))
    for device in spoken:
        show_text(_row(device.index, device.name, [say("devices.default")] * device.is_default))
    if not spoken:
        click.echo(say("devices.none"))
    if not any(device.is_far_side for device in heard):
        tell(far_side_hint())


def _row(index: int, name: str, marks: list[str]) -> str:
    return f"  {index:3}  {name}" + (f"  ({', '.join(marks)})" if marks else "")


def _sentence(proof: Proof) -> str:
    if not proof.key:
        return proof.sentence
    values = dict(proof.values)
    if proof.is_default:
        values["name"] = f"{values['name']} ({say('devices.default')})"
    return say(f"check.{proof.key}", **values)
