"""The verb that hears a call a second time: hear-again."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from assistant.amending import amend
from assistant.cli.correcting import now, pages_of, use_folder
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
from assistant.cli.tidy import tidy_end
from assistant.errors import Refused
from assistant.events import Channel, Corrected, Entry, Heard, HeardAgain, HearingChange
from assistant.hands import model_dirs
from assistant.hearing.catalogue import read_catalogue
from assistant.hearing.second import Second, open_second, open_sound
from assistant.hearing.second_choice import choose_second_hearing
from assistant.keeping import journal
from assistant.keeping.cores import keep_no_cores
from assistant.keeping.folder import CallFolder
from assistant.keeping.retention import has_sound
from assistant.keeping.sound import raw_sounds
from assistant.notes.hearings import Use
from assistant.notes.revised import hearing_of, revised
from assistant.plan import Plan
from assistant.rehearing import (
    Rehearing,
    Stretch,
    need_heard_out,
    still_to_hear,
    with_corrected_names,
)
from assistant.settings import texts
from assistant.understanding.spelling import Speller


class HeardTwice(msgspec.Struct, frozen=True):
    """What a second hearing came to."""

    call: str
    engine: str
    heard: int
    """Stretches that were heard just now."""
    lines: int
    """Lines of the call, as they are read now."""
    better: int
    """Lines that are read as this engine heard them."""
    is_second: bool
    """The call was heard a second time, so there is a first hearing to go back to."""
    hearing: str
    """What the notes use, in words."""
    folder: Path


@click.command("hear-again", help=help_of("hear_again"))
@click.argument("call", default="last")
@option("--engine", text="second_engine", metavar="NAME")
@option("--use", type=click.Choice(["better", "first", "again"]), text="use")
@json_option()
def hear_again(call: str, engine: str | None, use: Use | None, as_json: bool) -> None:
    """Hear the kept sound of a call a second time."""
    if engine and use:
        raise click.UsageError("--use says which hearing counts; leave --engine away.")
    house = open_house()
    keep_no_cores()
    with use_folder(house, call) as (folder, plan), tidy_end():
        entries = journal.read(folder.journal).entries
        if use is not None:
            label, heard = _use(folder, plan, entries, use), 0
        else:
            label, heard = _hear(house, folder, plan, entries, engine or "")
        pages_of(house, folder, plan)
        done = _done(folder, journal.read(folder.journal).entries, label, heard)
    if as_json:
        print_json(done)
        return
    if not done.lines:
        click.echo(say("hear_again.nothing", call=folder.name))
        return
    if use is None:
        key = "heard" if heard else "nothing_left"
        click.echo(say(f"hear_again.{key}", **msgspec.structs.asdict(done)))
    click.echo(say("hear_again.uses", hearing=done.hearing))
    if use is None and done.better and done.is_second:
        tell(say("hear_again.overrule", call=folder.name))


def _use(folder: CallFolder, plan: Plan, entries: Sequence[Entry], use: Use) -> str:
    """Say which hearing counts; return what heard it last."""
    again = [e.event.engine for e in entries if isinstance(e.event, HeardAgain)]
    if not again:
        raise Refused(
            f"{folder.name} was heard once only.", f"`sottovoce hear-again {folder.name}` does it."
        )
    amend(folder, plan, [Corrected(now(), HearingChange(use))])
    return again[-1]


def _hear(
    house: House, folder: CallFolder, plan: Plan, entries: Sequence[Entry], wanted: str
) -> tuple[str, int]:
    """Hear what is left to be heard; return what heard it, and how many stretches."""
    need_heard_out(folder)
    if not has_sound(folder):
        raise Refused(
            f"No sound of {folder.name} is kept, so it can not be heard again.",
            'Sound stays with `sound = "always"` under [keep] in the settings, for `sound_days`.',
        )
    catalogue = read_catalogue(texts("models") / "catalogue.toml")
    first = next((e.event.engine for e in entries if isinstance(e.event, Heard)), "")
    second = choose_second_hearing(
        wanted, plan.language, first, model_dirs(house.places), catalogue
    )
    left = still_to_hear(entries, second.label)
    if left:
        rates = catalogue.word_errors.get(plan.language.lower()[:2], {})
        _hear_all(folder, plan, entries, second, left, rates)
    return second.label, len(left)


def _hear_all(
    folder: CallFolder,
    plan: Plan,
    entries: Sequence[Entry],
    second: Second,
    left: Sequence[Stretch],
    rates: dict[str, float],
) -> None:
    tell(say("hear_again.loading", engine=second.label))
    speller = Speller(with_corrected_names(plan, entries))
    engine = open_second(second, plan.language)
    job = Rehearing(folder, plan, speller, second, engine, open_sound(), rates)
    length_s = round(sum(stretch.length_s for stretch in left))
    try:
        with (
            raw_sounds({channel: folder.spool(channel) for channel in Channel}) as sounds,
            click.progressbar(
                length=max(1, length_s), label=say("wrap.hearing"), file=sys.stderr, show_pos=False
            ) as bar,
        ):
            done_s = 0.0

            def progress(heard_s: float) -> None:
                nonlocal done_s
                done_s += heard_s
                bar.update(round(done_s) - bar.pos)

            job.hear(left, sounds, progress)
    except (KeyboardInterrupt, SystemExit):
        tell(say("hear_again.interrupted", call=folder.name))
        raise
    finally:
        engine.close()


def _done(folder: CallFolder, entries: Sequence[Entry], label: str, heard: int) -> HeardTwice:
    read = [entry.event for entry in revised(entries) if isinstance(entry.event, Heard)]
    better = sum(line.engine == label for line in read)
    is_second = any(isinstance(entry.event, HeardAgain) for entry in entries)
    hearing = hearing_of(entries)
    return HeardTwice(folder.name, label, heard, len(read), better, is_second, hearing, folder.path)
