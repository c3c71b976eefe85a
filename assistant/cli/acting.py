"""The verb of what is to be done: actions, and actions done|drop|reopen."""

import click
import msgspec

from assistant.across import actions as all_actions
from assistant.across.actions import Action
from assistant.amending import amend
from assistant.cli.archived import filtered, with_archive
from assistant.cli.correcting import now, pages_of, use_folder
from assistant.cli.days import local_time
from assistant.cli.flags import only_one
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
from assistant.keeping.archive import Archive
from assistant.keeping.digest import Task, TaskState
from assistant.keeping.filing import Filters
from assistant.notes.talk import clock
from assistant.tables import Cell, Column, show_table

_OWNERS = {"--mine": ("me",), "--theirs": ("them",)}
_EVERYBODY = ("me", "them", "unclear")


class Changed(msgspec.Struct, frozen=True):
    """What was said of an action, for programs."""

    number: int
    call: str
    what: str
    state: TaskState


@click.group("actions", invoke_without_command=True, help=help_of("actions"))
@filtered
@option("--mine", is_flag=True)
@option("--theirs", is_flag=True)
@option("--all", "with_all", is_flag=True, text="all_actions")
@json_option()
@click.pass_context
def actions(
    context: click.Context,
    person: str | None,
    since: str | None,
    until: str | None,
    mine: bool,
    theirs: bool,
    with_all: bool,
    as_json: bool,
) -> None:
    """List what is to be done."""
    owners = _OWNERS.get(only_one({"--mine": mine, "--theirs": theirs}), _EVERYBODY)
    if context.invoked_subcommand is not None:
        return
    house = open_house()
    filters = Filters(person or "", since or "", until or "")
    today = local_time().date()
    found = with_archive(
        house,
        lambda archive: all_actions.actions(
            archive, today, filters=filters, owners=owners, with_all=with_all
        ),
    )
    found = tuple(_in_words(action) for action in found)
    if as_json:
        print_json(found)
        return
    if not found:
        tell(say("actions.none"))
    _show(found)


@actions.command("done", help=help_of("actions_done"))
@click.argument("numbers", type=click.IntRange(min=1), nargs=-1, required=True)
@json_option()
def done(numbers: tuple[int, ...], as_json: bool) -> None:
    """Say that something is done."""
    _change(numbers, "done", as_json=as_json)


@actions.command("drop", help=help_of("actions_drop"))
@click.argument("numbers", type=click.IntRange(min=1), nargs=-1, required=True)
@json_option()
def drop(numbers: tuple[int, ...], as_json: bool) -> None:
    """Say that nothing is to be done."""
    _change(numbers, "dropped", as_json=as_json)


@actions.command("reopen", help=help_of("actions_reopen"))
@click.argument("numbers", type=click.IntRange(min=1), nargs=-1, required=True)
@json_option()
def reopen(numbers: tuple[int, ...], as_json: bool) -> None:
    """Say that something is to be done after all."""
    _change(numbers, "open", as_json=as_json)


def _change(numbers: tuple[int, ...], state: TaskState, *, as_json: bool) -> None:
    house = open_house()

    def meant(archive: Archive) -> dict[int, tuple[str, Task]]:
        return {number: all_actions.find(archive, number) for number in numbers}

    # All of them are looked for before anything is changed.
    changed: list[Changed] = []
    for number, (name, task) in with_archive(house, meant).items():
        if task.state != state:
            _amend(house, name, task, state)
        what = task.what or say("actions.thanks_bare")
        changed.append(Changed(number, name, what, state))
        if not as_json:
            click.echo(say(f"actions.{state}", number=number, what=what))
    if as_json:
        print_json(changed)


def _amend(house: House, name: str, task: Task, state: TaskState) -> None:
    """Write it into the call's journal, then into what follows from that."""
    with use_folder(house, name) as (folder, plan):
        amend(folder, plan, [all_actions.change(task, state, now())])
        pages_of(house, folder, plan)


def _in_words(action: Action) -> Action:
    if action.kind != "thanks":
        return action
    name = action.called or action.person or say("actions.nobody")
    return msgspec.structs.replace(action, what=say("actions.thanks", name=name))


def _show(found: tuple[Action, ...]) -> None:
    columns = (
        Column(say("actions.number"), is_number=True),
        Column(say("actions.due")),
        Column(say("actions.who")),
        Column(say("actions.what"), is_wide=True),
        Column(say("actions.call")),
    )
    show_table(columns, [_row(action) for action in found])


def _row(action: Action) -> tuple[Cell | str, ...]:
    who = {"me": say("actions.me"), "them": action.called or say("actions.them")}
    marks = [say("actions.check", heard=action.heard_due)] if action.heard_due else []
    if action.state != "open":
        marks.append(say(f"actions.is_{action.state}"))
    if action.is_overdue:
        marks.append(say("actions.overdue"))
    after = f" ({'; '.join(marks)})" if marks else ""
    return (
        f"{action.number or '-':>3}",
        Cell(action.due or say("actions.no_day"), "red" if action.is_overdue else ""),
        who.get(action.owner, say("actions.unclear")),
        action.what + after,
        f"{action.call} {clock(action.start_s)}",
    )
