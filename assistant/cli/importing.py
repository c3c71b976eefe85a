"""The verb that makes calls of recordings that were made elsewhere: import."""

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click
import msgspec

from assistant.cli.archived import take_in
from assistant.cli.flags import ENGINES, with_flags
from assistant.cli.house import (
    House,
    clear_row,
    help_of,
    json_option,
    open_house,
    option,
    say,
    show_json,
    show_text,
    tell,
)
from assistant.cli.preparing import WHEN, bare, prepared
from assistant.cli.retaining import expire
from assistant.cli.tidy import tidy_end
from assistant.errors import InputError, SottovoceError
from assistant.hands import choose_engine
from assistant.importing import crew
from assistant.importing.cluster import Cluster
from assistant.importing.crew import Crew
from assistant.importing.decoding import Sides
from assistant.importing.job import Heard, Job, Result, Told
from assistant.importing.moment import is_still_to_come
from assistant.importing.orders import Order, check_room, job_of, skipped, worst_code
from assistant.importing.recordings import Recording, found, look_at
from assistant.importing.staging import imported_before, left_behind
from assistant.importing.work import failed
from assistant.keeping.cores import keep_no_cores
from assistant.keeping.folder import CallFolder, all_folders
from assistant.keeping.room import space_at
from assistant.notes.talk import minutes_and_seconds
from assistant.settings import Engine

_FILE = click.Path(path_type=Path)
_SIDES = click.Choice(["auto", "me,them", "them,me", "mix"])


@click.command("import", help=help_of("import"))
@click.argument("files", nargs=-1, type=_FILE, metavar="FILE...")
@option("--plan", "sheet", text="plan")
@option("--no-questions", is_flag=True)
@option("--who")
@option("--sides", type=_SIDES, default="auto", show_default=True)
@option("--me", type=_FILE)
@option("--them", type=_FILE)
@option("--when", type=WHEN, text="when_recorded")
@option("--engine", type=ENGINES)
@option("--model")
@option("--jobs", type=click.IntRange(1, 64))
@option("--scheduler", metavar="ADDRESS")
@json_option()
def import_(
    files: tuple[Path, ...],
    sheet: str | None,
    no_questions: bool,
    who: str | None,
    sides: Sides,
    me: Path | None,
    them: Path | None,
    when: datetime | None,
    engine: Engine | None,
    model: str | None,
    jobs: int | None,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Make calls of recordings."""
    named = _named(files, me, them)
    if sheet and (no_questions or who):
        raise click.UsageError("--plan brings its own questions and names; leave the others out.")
    house = open_house()
    settings = with_flags(house.settings, engine=engine, model=model)
    plan, text = bare(house, who) if no_questions else prepared(house, sheet, None, who or "")
    order = Order(
        plan=plan,
        sheet=text,
        has_sheet=sheet is not None,
        sides=sides,
        settings=settings,
        home=house.places.home,
        now=datetime.now().astimezone(),
        said=when,
    )
    keep_no_cores()
    expire(house)
    shown = _Shown(as_json=as_json)
    recordings = _looked_at(house, named, shown)
    if when is not None and len(recordings) > 1:
        raise click.UsageError("--when is when one recording began; name one at a time.")
    todo = _jobs(house, order, recordings, shown)
    if any(recording.channels for recording, _ in todo):
        choice = choose_engine(plan, settings, house.places)
        if choice.notice:
            tell(choice.notice)
    at_once = jobs or crew.fitting(len(todo), crew.cores(), crew.free_bytes())
    check_room([r for r, _ in todo], at_once, space_at(house.places.calls))
    with tidy_end():
        _work([job for _, job in todo], at_once, scheduler, shown)
    shown.end()
    if any((sheet, no_questions, who, when)) and shown.has_skipped:
        tell(say("import.as_before"))
    for result in shown.results:
        if result.state == "imported":
            take_in(house, CallFolder(Path(result.folder)))
    click.get_current_context().exit(worst_code(shown.results))


def _named(
    files: tuple[Path, ...], me: Path | None, them: Path | None
) -> list[Path] | tuple[Path, Path]:
    """Return the files to import; two sides of one call are a pair."""
    if (me is None) != (them is None):
        raise click.UsageError("--me and --them belong together: a file of each side.")
    if me is not None and them is not None:
        if files:
            raise click.UsageError("--me and --them are one call; import the others apart.")
        return me, them
    if not files:
        raise click.UsageError("Name a recording, or a folder with recordings.")
    return [*files]


def _looked_at(
    house: House, named: list[Path] | tuple[Path, Path], shown: "_Shown"
) -> list[Recording]:
    """Look at every recording; those that are none are told, and stop no other."""
    if isinstance(named, tuple):
        groups: list[Sequence[Path]] = [named]
    else:
        groups = []
        for path in named:
            try:
                groups += [(file,) for file in found([path], house.places.home)]
            except InputError as error:
                shown.result(failed((str(path),), error))
    if len(groups) > 1:
        tell(say("import.looking", count=len(groups)))
    recordings: list[Recording] = []
    for files in groups:
        try:
            recordings.append(look_at(files))
        except SottovoceError as error:
            shown.result(failed(tuple(map(str, files)), error))
    return recordings


def _jobs(
    house: House, order: Order, recordings: Sequence[Recording], shown: "_Shown"
) -> list[tuple[Recording, Job]]:
    """Return a job for every recording that is no call yet."""
    calls = house.places.calls
    before = imported_before(calls)
    taken = {folder.name for folder in all_folders(calls)}
    todo: list[tuple[Recording, Job]] = []
    for recording in recordings:
        if (call := before.get(recording.sha256)) is not None:
            shown.result(skipped(recording, call, calls))
            continue
        job = job_of(recording, order, taken)
        before[recording.sha256] = job.name
        todo.append((recording, job))
    going_on = len(left_behind(calls))
    if going_on:
        tell(say("import.left", count=going_on))
    return todo


def _work(jobs: list[Job], at_once: int, scheduler: str | None, shown: "_Shown") -> None:
    if not jobs:
        return
    with _workers(jobs, at_once, scheduler) as told, shown.bar(jobs):
        try:
            for number, what in told:
                shown.told(number, what)
        except KeyboardInterrupt:
            shown.clear()
            tell(say("import.stopped", done=shown.done, left=len(jobs) - shown.done))
            raise


@contextmanager
def _workers(jobs: list[Job], at_once: int, scheduler: str | None) -> Generator[Iterator[Told]]:
    if scheduler is None:
        workers = Crew(jobs, at_once)
        tell(say("import.here", count=len(jobs), workers=min(at_once, len(jobs))))
    else:
        workers = Cluster(jobs, scheduler)
        tell(say("import.there", count=len(jobs), address=scheduler))
    try:
        yield workers.work()
    finally:
        workers.close()


@dataclass(slots=True)
class _Shown:
    """What the user is told: a bar with the time left, and a line for each recording."""

    as_json: bool
    results: list[Result] = field(default_factory=list[Result])
    done: int = 0
    """How many jobs have a result."""
    _jobs: list[Job] = field(default_factory=list[Job])
    _at_s: dict[int, float] = field(default_factory=dict[int, float])
    _update: Callable[[float], None] = lambda _: None
    _clear: Callable[[], None] = lambda: None

    @contextmanager
    def bar(self, jobs: list[Job]) -> Generator[None]:
        """Show how far all of it is, by the recordings' own seconds."""
        self._jobs = jobs
        total_s = max(1, round(sum(job.length_s for job in jobs)))
        with click.progressbar(
            length=total_s, label=say("import.hearing"), file=sys.stderr, show_pos=False
        ) as bar:

            def update(at_s: float) -> None:
                bar.update(max(0, min(total_s, round(at_s)) - bar.pos))

            self._update = update
            self._clear = clear_row if sys.stderr.isatty() else self._clear
            yield
        self._update = lambda _: None

    def told(self, number: int, what: Heard | Result) -> None:
        """Take what is told of a job."""
        if isinstance(what, Result):
            self.done += 1
            self._at_s[number] = self._jobs[number].length_s
            self.clear()
            self.result(what, self._jobs[number])
        else:
            # A head may tell less than there is.
            self._at_s[number] = min(what.at_s, self._jobs[number].length_s)
        self._update(sum(self._at_s.values()))

    def clear(self) -> None:
        """Take the bar away for a moment: something is to be printed."""
        self._clear()

    def result(self, result: Result, job: Job | None = None) -> None:
        """Print what came of a recording."""
        self.results.append(result)
        if self.as_json:
            show_json(msgspec.json.encode(result).decode())
            return
        name = " + ".join(Path(file).name for file in result.files)
        if result.state == "imported":
            minutes, seconds = minutes_and_seconds(result.seconds)
            show_text(
                say("import.done", name=name, call=result.call, minutes=minutes, seconds=seconds)
            )
        elif result.state == "skipped":
            show_text(say("import.skipped", name=name, call=result.call))
        else:
            tell(say("import.failed", name=name, why=result.why))
            if result.hint:
                tell(f"  {result.hint}")
        for notice in result.notices:
            tell(f"  {notice}")
        if job is not None and result.state == "imported" and job.imported.wall_from == "changed":
            _tell_when(job)

    @property
    def has_skipped(self) -> bool:
        """A recording was a call already, and was left as it is."""
        return any(result.state == "skipped" for result in self.results)

    def end(self) -> None:
        """Say what came of all of them."""
        if self.as_json or len(self.results) < 2:
            return
        counts = {
            state: sum(result.state == state for result in self.results)
            for state in ("imported", "skipped", "failed")
        }
        tell(say("import.all", **counts))


def _tell_when(job: Job) -> None:
    """Say when a recording is taken to have begun that does not tell it."""
    planned = job.plan.starts
    if is_still_to_come(planned, datetime.fromisoformat(job.imported.wall)):
        tell("  " + say("import.still_to_come", day=planned[:10], time=planned[11:16]))
    tell("  " + say("import.when", day=job.wall[:10], time=job.wall[11:16]))
