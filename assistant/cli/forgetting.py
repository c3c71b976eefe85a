"""The verbs that leave nothing behind: forget a part of a running call, purge one that is over."""

import re
from pathlib import Path

import click
import msgspec

from assistant.cli.archived import take_out
from assistant.cli.asking import can_ask, is_sure
from assistant.cli.days import local_time
from assistant.cli.durations import Days, Duration
from assistant.cli.during import need_call, send
from assistant.cli.house import (
    House,
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_text,
    tell,
)
from assistant.cli.retaining import spoken_size
from assistant.control import Forget
from assistant.errors import Refused
from assistant.forgetting import Gone
from assistant.keeping.folder import CallFolder, find_folder
from assistant.keeping.lock import forget_names, running_call
from assistant.keeping.retention import (
    Removal,
    older_than,
    removal_of,
    remove,
)
from assistant.keeping.unfinished import state_of, sweep
from assistant.view import clock, spoken_length

FORGOTTEN_WITHIN_S = 120.0
"""To blank three hours of sound and to write a long journal anew takes a slow disk a while."""
ALL = "all"
_ASKED_ABOVE_S = 300.0
"""More than that is hardly ever one sentence that should not have been said: it is asked first."""


class Purged(msgspec.Struct, frozen=True):
    """What `purge` removed, or, with `--dry-run`, would have."""

    removed: tuple[Removal, ...]
    bytes: int
    dry_run: bool


class _Stretch(Duration):
    """A length of time with its unit, or all."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read a length of time; all of it is infinite. Nobody must guess what is forgotten."""
        text = str(value).strip().lower()
        if text == ALL:
            return float("inf")
        if not isinstance(value, float) and re.fullmatch(r"\d+(\.\d+)?", text):
            self.fail(f"{text} of what? {text}s or {text}m?", param, ctx)
        return super().convert(value, param, ctx)


@click.command(help=help_of("forget"))
@click.argument("length", type=_Stretch())
@option("--yes", is_flag=True)
@json_option()
def forget(length: float, yes: bool, as_json: bool) -> None:
    """Forget the last stretch of the running call."""
    house = open_house()
    need_call(house, otherwise="`sottovoce purge` removes a call that is over, or its sound.")
    if length > _ASKED_ABOVE_S and not (yes or _may_forget(length)):
        return
    for_s = None if length == float("inf") else length
    gone = msgspec.convert(send(house, Forget(for_s), FORGOTTEN_WITHIN_S), Gone)
    if as_json:
        print_json(gone)
        return
    times = {"from_clock": clock(gone.from_s), "to_clock": clock(gone.to_s)}
    click.echo(say("forget.done", **times))
    if gone.lines or gone.notes:
        click.echo(say("forget.counts", lines=gone.lines, notes=gone.notes))
    else:
        click.echo(say("forget.empty"))


def _may_forget(length: float) -> bool:
    """Ask whether so much is to be forgotten. Raises Refused where nobody can be asked."""
    if not can_ask():
        raise Refused(
            "Nothing was forgotten: so much is forgotten only if you are sure.",
            "Add --yes if you are: nobody can be asked here.",
        )
    so_much = length != float("inf")
    question = (
        say("forget.sure", length=spoken_length(length)) if so_much else say("forget.sure_all")
    )
    return is_sure(question, say("forget.kept"))


@click.command(help=help_of("purge"))
@click.argument("calls", nargs=-1)
@option("--older-than", "days", type=Days(), text="older_than")
@option("--sound-only", is_flag=True)
@option("--dry-run", is_flag=True)
@option("--yes", is_flag=True)
@json_option()
def purge(
    calls: tuple[str, ...],
    days: float | None,
    sound_only: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Remove calls for good, or their sound."""
    if bool(calls) == (days is not None):
        raise click.UsageError("Name the calls, or give --older-than.")
    house = open_house()
    removals = _meant(house, calls, days, sound_only=sound_only)
    total_bytes = sum(removal.bytes for removal in removals)
    if not as_json:
        _show(removals, dry_run=dry_run, is_certain=yes and not dry_run)
    if removals and not (dry_run or yes or _is_sure(removals, total_bytes)):
        return
    if not dry_run:
        gone: list[str] = []
        try:
            for removal in removals:
                remove(removal)
                gone.append(removal.name)
                if not as_json:
                    key = "purge.done" if removal.is_whole else "purge.done_sound"
                    size = spoken_size(removal.bytes)
                    click.echo(say(key, name=removal.name, size=size))
        finally:
            # Of those that went before one that could not, nothing may stay either.
            sweep(house.places.calls)
            if not sound_only and gone:
                forget_names(house.places.lock, gone)
                take_out(house, gone)
    if as_json:
        print_json(Purged(tuple(removals), total_bytes, dry_run))
    elif dry_run or not removals:
        tell(say("purge.kept" if removals else "purge.none"))


def _meant(
    house: House, calls: tuple[str, ...], days: float | None, *, sound_only: bool
) -> list[Removal]:
    """Return what is meant, each call once. Raises InputError, Refused."""
    home, running = house.places.calls, running_call(house.places.lock)
    if days is not None:
        folders = [
            folder for folder in older_than(home, days, local_time()) if folder.name != running
        ]
    else:
        folders = [find_folder(home, name, lambda _: True) for name in calls]
    removals = {
        removal.folder: removal
        for removal in (removal_of(home, folder, sound_only=sound_only) for folder in folders)
        if removal.files
    }
    for removal in removals.values():
        if removal.name == running:
            raise Refused(
                f"{removal.name} is still running.",
                "`sottovoce forget` forgets a part of it, `sottovoce cancel` throws it away.",
            )
    return list(removals.values())


def _show(removals: list[Removal], *, dry_run: bool, is_certain: bool) -> None:
    if removals and dry_run:
        tell(say("purge.would"))
    for removal in removals:
        show_text(f"{removal.folder}  {spoken_size(removal.bytes)}")
        for file in removal.files:
            show_text(f"  {file.name}  {spoken_size(file.bytes)}")
        if state_of(CallFolder(Path(removal.folder))) != "done":
            tell(say("purge.unheard" if is_certain else "purge.may_be_lost", name=removal.name))


def _is_sure(removals: list[Removal], total_bytes: int) -> bool:
    key = "purge.sure" if removals[0].is_whole else "purge.sure_sound"
    question = say(key, count=len(removals), size=spoken_size(total_bytes))
    return is_sure(question, say("purge.kept"))
