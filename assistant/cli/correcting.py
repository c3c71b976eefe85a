"""The verbs that correct a call that is over: correct line, speaker, name, question, promise."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
import msgspec

from assistant import afterwards, correcting, recounting
from assistant.amending import amend
from assistant.cli.archived import take_in
from assistant.cli.days import local_time
from assistant.cli.during import find_question
from assistant.cli.flags import only_one
from assistant.cli.house import (
    House,
    help_of,
    help_of_group,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_text,
    tell,
)
from assistant.errors import DiskError, Refused
from assistant.events import Change, Channel, Corrected, HearingChange
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder, find_folder, own_folder
from assistant.keeping.lock import only_hand, running_call
from assistant.notes.hearings import Use
from assistant.notes.revised import corrections
from assistant.notes.words import words_of
from assistant.plan import Plan
from assistant.recounting import Listed, Subject, Told

NEW = "new"
"""In place of a promise's number: one that was missed."""
_STATES = {"--done": "done", "--drop": "dropped", "--reopen": "open"}
_SIDE = click.Choice([Channel.ME.value, Channel.THEM.value])


class Made(msgspec.Struct, frozen=True):
    """A correction that was made."""

    call: str
    number: int
    told: Told
    folder: Path


@click.group(help=help_of_group("correct"))
def correct() -> None:
    """Correct what was heard or found in a call that is over."""


@correct.command("line", help=help_of("correct_line"))
@click.argument("call")
@click.argument("when", metavar="TIME")
@click.argument("text", required=False)
@option("--whole", is_flag=True, text="whole")
@option("--use", type=click.Choice(["better", "first", "again"]), text="use_line")
@json_option()
def line_(
    call: str, when: str, text: str | None, whole: bool, use: Use | None, as_json: bool
) -> None:
    """Say what was really said in a line."""
    if (text is None) == (use is None):
        raise click.UsageError('Say what was said ("" for nothing), or --use which hearing.')
    with _opened(call) as desk:
        line = correcting.line_at(desk.subject, when)
        if use is not None:
            desk.make(HearingChange(use, line.seq), as_json=as_json)
        else:
            desk.make(
                correcting.line_change(line, text or "", when, is_whole=whole), as_json=as_json
            )


@correct.command("speaker", help=help_of("correct_speaker"))
@click.argument("call")
@click.argument("when", metavar="TIME")
@click.argument("who", type=_SIDE)
@json_option()
def speaker(call: str, when: str, who: str, as_json: bool) -> None:
    """Say who said a line."""
    with _opened(call) as desk:
        line = correcting.line_at(desk.subject, when)
        change = correcting.speaker_change(line, Channel(who), desk.subject.words)
        desk.make(change, as_json=as_json)


@correct.command("name", help=help_of("correct_name"))
@click.argument("call")
@click.argument("was")
@click.argument("name")
@json_option()
def name_(call: str, was: str, name: str, as_json: bool) -> None:
    """Say how a name is spelled."""
    with _opened(call) as desk:
        desk.make(correcting.name_change(desk.subject, was, name), as_json=as_json)


@correct.command("question", help=help_of("correct_question"))
@click.argument("call")
@click.argument("question")
@click.argument("state", type=click.Choice(["open", "asked", "answered"]))
@option("--at", "when", metavar="TIME", text="asked_at")
@json_option()
def question_(call: str, question: str, state: str, when: str | None, as_json: bool) -> None:
    """Say how a question stands."""
    with _opened(call) as desk:
        found = find_question({q.id: q.text for q in desk.subject.plan.questions}, question)
        line = correcting.line_at(desk.subject, when) if when else None
        desk.make(correcting.question_change(desk.subject, found, state, line), as_json=as_json)


@correct.command("promise", help=help_of("correct_promise"))
@click.argument("call")
@click.argument("number", metavar="[N|new]", default="")
@option("--what", text="what")
@option("--due", metavar="DAY", text="due")
@option("--owner", type=_SIDE, text="owner")
@option("--done", "is_done", is_flag=True, text="done")
@option("--drop", "is_dropped", is_flag=True, text="drop")
@option("--reopen", "is_reopened", is_flag=True, text="reopen")
@option("--at", "when", metavar="TIME", text="promised_at")
@json_option()
def promise(
    call: str,
    number: str,
    what: str | None,
    due: str | None,
    owner: str | None,
    is_done: bool,
    is_dropped: bool,
    is_reopened: bool,
    when: str | None,
    as_json: bool,
) -> None:
    """Say what a promise is, that it is done, or was none; or add one; list them without N."""
    flag = only_one({"--done": is_done, "--drop": is_dropped, "--reopen": is_reopened})
    state = _STATES.get(flag)
    if not number:
        if when or any(part is not None for part in (what, due, owner, state)):
            raise click.UsageError(f"Say which promise: its number, or {NEW} to add one.")
        _list_promises(call, as_json=as_json)
        return
    is_new = number == NEW
    if not is_new and not number.isdecimal():
        raise click.UsageError(f"A promise is named by its number, or {NEW} to add one.")
    if is_new and (not what or state):
        raise click.UsageError('A new promise needs --what "...", and is open.')
    if not is_new and (when or all(part is None for part in (what, due, owner, state))):
        raise click.UsageError("Say what is otherwise: --what, --due, --owner, --done, --drop.")
    side = Channel(owner) if owner else None
    with _opened(call) as desk:
        subject = desk.subject
        day = None if due is None else correcting.day_of(subject, due, local_time().date())
        if is_new:
            line = correcting.line_at(subject, when) if when else None
            change = correcting.missed_promise(subject, what or "", line, side, day)
        else:
            found = correcting.promise_at(subject, int(number))
            change = correcting.promise_change(
                subject, found, what=what, owner=side, due=day, state=state
            )
        desk.make(change, as_json=as_json)


def _list_promises(call: str, *, as_json: bool) -> None:
    house = open_house()
    folder = find_folder(house.places.calls, call, lambda _: True)
    subject = _subject(house, folder, folder.read_plan())
    if as_json:
        print_json(subject.promises())
        return
    if not subject.promises():
        tell(say("correct.no_promises", call=folder.name))
    for one in subject.promises():
        show_text(f"{one.number}  {recounting.shown_promise(one, subject)}")


@correct.command("undo", help=help_of("correct_undo"))
@click.argument("call")
@click.argument("number", type=int, required=False)
@json_option()
def undo(call: str, number: int | None, as_json: bool) -> None:
    """Take a correction back."""
    with _opened(call) as desk:
        desk.make(correcting.undo_of(desk.subject, number), as_json=as_json)


@correct.command("list", help=help_of("correct_list"))
@click.argument("call", default="last")
@json_option()
def list_(call: str, as_json: bool) -> None:
    """List the corrections of a call."""
    house = open_house()
    folder = find_folder(house.places.calls, call, lambda _: True)
    made = recounting.listed(_subject(house, folder, folder.read_plan()))
    if as_json:
        print_json(made)
        return
    if not made:
        tell(say("correct.none", call=folder.name))
    for one in made:
        show_text(_row(one))


@contextmanager
def use_folder(house: House, call: str) -> Generator[tuple[CallFolder, Plan]]:
    """Hold the folder of a call of the user's own that does not run; the archive then follows.

    Raises Refused, InputError.
    """
    folder = find_folder(house.places.calls, call, lambda _: True)
    folder = own_folder(house.places.calls, folder)
    if running_call(house.places.lock) == folder.name:
        raise Refused(
            f"{folder.name} is still running; only a call that is over can be corrected.",
            "`sottovoce stop` ends it.",
        )
    with only_hand(folder.path):
        yield folder, folder.read_plan()
    take_in(house, folder)


def pages_of(house: House, folder: CallFolder, plan: Plan) -> None:
    """Write the pages of a call anew; its sound is left alone. Raises DiskError."""
    written = afterwards.wrap(folder.path, house.wording(plan.language), "always", packs=False)
    if written.failed:
        failures = "; ".join(say("wrap.failed", name=f.name, why=f.why) for f in written.failed)
        raise DiskError(failures, f"`sottovoce wrap {folder.name}` writes them again.")


def now() -> str:
    """Return the wall's time, as a correction has it."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


class _Desk(msgspec.Struct, frozen=True):
    """One call, opened to be corrected."""

    house: House
    folder: CallFolder
    subject: Subject

    def make(self, change: Change, *, as_json: bool) -> None:
        """Make a correction: safe on disk, then the pages, then told."""
        told = recounting.told(self.subject, change)
        amend(self.folder, self.subject.plan, [Corrected(now(), change)])
        number = len(corrections(self.subject.entries)) + 1
        pages_of(self.house, self.folder, self.subject.plan)
        if as_json:
            print_json(Made(self.folder.name, number, told, self.folder.path))
            return
        show_text(_told(number, told))
        tell(say("correct.undo_hint", call=self.folder.name, number=number))


@contextmanager
def _opened(call: str) -> Generator[_Desk]:
    house = open_house()
    with use_folder(house, call) as (folder, plan):
        yield _Desk(house, folder, _subject(house, folder, plan))


def _subject(house: House, folder: CallFolder, plan: Plan) -> Subject:
    entries = tuple(journal.read(folder.journal).entries)
    return Subject(plan, entries, words_of(house.wording(plan.language).words("notes")))


def _told(number: int, told: Told) -> str:
    empty = say("correct.empty")
    head = say(f"correct.{told.kind}", of=told.of or say("correct.gone"))
    was, is_now = (say("correct.was"), say("correct.now"))
    rows = (
        f"{number}. {head}",
        f"   {was} {told.before or empty}",
        f"   {is_now} {told.after or empty}",
    )
    return "\n".join(rows)


def _row(one: Listed) -> str:
    told = _told(one.number, one.told)
    when = one.wall.replace("T", " ")[:16]
    mark = "" if one.is_active else f"  ({say('correct.undone')})"
    head, _, rest = told.partition("\n")
    return f"{head}  {when}{mark}\n{rest}"
