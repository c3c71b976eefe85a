"""One recording imported, whole: decoded, heard, written up, and put in the list.

What hears it is given: the ear here, or a machine of the user's own elsewhere; everything else is
the same code. Law: done again after an interruption it goes on where that came, and comes to one
call; what fails leaves no call in the list.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from assistant import __version__, afterwards
from assistant import plan as plans
from assistant.errors import DiskError, InputError, SottovoceError
from assistant.events import Channel, Entry, Heard
from assistant.hands import choose_engine, choose_second, model_dirs
from assistant.hearing import rest
from assistant.hearing.models import Choice
from assistant.hearing.rest import Timed
from assistant.hearing.retold import Retold
from assistant.hearing.transcript import facts_of
from assistant.importing.decoding import Decoded, decode
from assistant.importing.job import Job, Result
from assistant.importing.staging import (
    empty,
    imported_before,
    put_in_list,
    remove_staged,
    rename_call,
    staged,
)
from assistant.importing.telling import Beginning, tell
from assistant.importing.transcripts import is_transcript, lines_of
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.plan import Plan
from assistant.settings import Places, texts
from assistant.understanding.embedding import find_model
from assistant.understanding.meaning import Understand, open_meaning
from assistant.wording import Wording

SAME = "Both sides of {name} hold the same sound, so it counts as one microphone's."
TAKEN = "{name}: you on the {me}, the other one on the {them}; `--sides` takes it otherwise."
NOTHING = "Nothing was heard in {name}: it holds silence, or sound without speech."
LOST = "{name} is damaged: {lost_s:.0f} s of it could not be read."
_MOST_NAMES = 100

Progress: TypeAlias = Callable[[float], None]
"""Told how many seconds of the recording are heard."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A staged recording, decoded and ready to be heard."""

    folder: CallFolder
    job: Job
    decoded: Decoded

    @property
    def raws(self) -> dict[Channel, Path]:
        """Return where the raw sound of each channel lies."""
        return {channel: self.folder.spool(channel) for channel in self.decoded.lengths_s}


Hearing: TypeAlias = Callable[[Sound, Progress], list[Entry]]
"""Leaves the journal of a recording in its folder, and returns its entries."""


def import_one(job: Job, hearing: Hearing, progress: Progress = lambda _: None) -> Result:
    """Import a recording; what goes wrong is in the result. A fault of ours is raised."""
    calls, sha256 = Places(Path(job.home)).calls, job.imported.sha256
    try:
        with staged(calls, sha256) as folder:
            if (call := imported_before(calls).get(sha256)) is not None:
                # Another import came to its end with it since the recordings were looked at.
                remove_staged(folder)
                return Result(job.files, "skipped", call, str(calls / call), job.length_s)
            return _imported(job, folder, hearing, progress)
    except SottovoceError as error:
        return failed(job.files, error)


def failed(files: tuple[str, ...], error: SottovoceError) -> Result:
    """Return what is told of a recording that could not be imported."""
    return Result(files, "failed", why=str(error), hint=error.hint, exit_code=error.exit_code)


def _imported(job: Job, folder: CallFolder, hearing: Hearing, progress: Progress) -> Result:
    plan_json = plans.to_json(job.plan)
    if not _is_of(folder, plan_json):
        empty(folder)
        folder.write(folder.sheet.name, job.sheet)
        folder.write(folder.plan.name, plan_json)
    try:
        if is_transcript(job.paths[0]):
            hearing = _read(job)
            decoded = Decoded({})
        else:
            decoded = decode(job.paths, job.sides, folder.spool)
    except InputError:
        # Nothing will ever come of it.
        remove_staged(folder)
        raise
    entries = hearing(Sound(folder, job, decoded), progress)
    wording = wording_of(job)
    there = _listed(job, folder, lambda: _written_up(job, folder, wording))
    lines = sum(isinstance(entry.event, Heard) for entry in entries)
    length_s = entries[-1].at_s
    notices = tuple(_notices(job, decoded, lines))
    return Result(job.files, "imported", there.name, str(there.path), length_s, lines, notices)


def _read(job: Job) -> Hearing:
    """Return what takes a transcript's lines for what is heard. Raises InputError."""
    facts = facts_of(lines_of(job.paths[0], job.plan))
    (*heard, (end_s, _)) = facts

    def hearing(sound: Sound, progress: Progress) -> list[Entry]:
        del progress
        return tell(
            sound.folder.journal,
            job.plan,
            Beginning(job.started(__version__, "transcript"), job.imported),
            end_s,
            sound.decoded,
            lambda told: _untold(heard, told),
            lambda: meaning_of(job.plan, Places(Path(job.home))),
        )

    return hearing


def _untold(facts: list[Timed], told: Mapping[Channel, Retold]) -> Iterator[Timed]:
    """Yield the facts that were not told before an interruption."""
    known = {channel: told.get(channel) or Retold(channel) for channel in Channel}
    for known_s, fact in facts:
        channel = getattr(fact, "channel", Channel.UNCLEAR)
        yield from ((known_s, new) for new in known[channel].take(fact))


def _is_of(folder: CallFolder, plan_json: bytes | str) -> bool:
    """Tell whether what was interrupted had the same plan."""
    body = plan_json.encode() if isinstance(plan_json, str) else plan_json
    try:
        return folder.plan.read_bytes() == body
    except OSError:
        return False


def wording_of(job: Job) -> Wording:
    """Return the words of the job's language, the user's own before ours."""
    return Wording(job.plan.language, (Path(job.home) / "prompts", texts("prompts")))


def _written_up(job: Job, folder: CallFolder, wording: Wording) -> None:
    written = afterwards.wrap(folder.path, wording, job.settings.keep.sound)
    if written.failed:
        raise DiskError(
            " ".join(f"{one.name} could not be written: {one.why}" for one in written.failed)
        )


def _listed(job: Job, folder: CallFolder, write_up: Callable[[], None]) -> CallFolder:
    """Write the call up under the name it will have, and put it in the list."""
    calls = Places(Path(job.home)).calls
    for n in range(1, _MOST_NAMES):
        name = job.name if n == 1 else f"{job.name}-{n}"
        if (calls / name).exists():
            continue
        if _name_in(folder) != name:
            rename_call(folder, name)
        write_up()
        if (there := put_in_list(calls, folder, name)) is not None:
            return there
    raise InputError(f"A hundred calls of the name {job.name} are there already.")


def _name_in(folder: CallFolder) -> str:
    first = journal.read(folder.journal).entries[0].event
    return getattr(first, "call_id", "")


def _notices(job: Job, decoded: Decoded, lines: int) -> Iterator[str]:
    name = job.paths[0].name
    if decoded.is_one_room:
        yield SAME.format(name=name)
    elif len(job.files) == 1 and len(decoded.lengths_s) == 2 and job.sides == "auto":
        yield TAKEN.format(name=name, me="left", them="right")
    if decoded.broke_off:
        yield decoded.broke_off
    if decoded.lost:
        lost_s = sum(to_s - from_s for _, from_s, to_s in decoded.lost)
        yield LOST.format(name=name, lost_s=lost_s / len(decoded.lengths_s))
    if not lines:
        yield NOTHING.format(name=name)


# ---------------------------------------------------------------- hearing here


def hear_here(sound: Sound, progress: Progress) -> list[Entry]:
    """Hear a staged recording with the ear of this machine. Raises ModelError, DiskError."""
    job = sound.job
    return heard_in(sound.folder.journal, job, sound.decoded, sound.raws, progress)


def heard_in(
    path: Path,
    job: Job,
    decoded: Decoded,
    raws: Mapping[Channel, Path],
    progress: Progress,
) -> list[Entry]:
    """Hear raw sounds and write the journal; by what is in this home. Raises ModelError."""
    places = Places(Path(job.home))
    choice = choose_engine(job.plan, job.settings, places)
    second = choose_second(choice, job.plan, job.settings, places)
    return tell(
        path,
        job.plan,
        Beginning(job.started(__version__, choice.label), job.imported),
        max(decoded.lengths_s.values()),
        decoded,
        _hear(choice, second, raws, decoded.lengths_s, progress),
        lambda: meaning_of(job.plan, places),
    )


def _hear(
    choice: Choice,
    second: Choice | None,
    raws: Mapping[Channel, Path],
    ends_s: Mapping[Channel, float],
    progress: Progress,
) -> Callable[[Mapping[Channel, Retold]], Iterator[Timed]]:
    def hear(told: Mapping[Channel, Retold]) -> Iterator[Timed]:
        return rest.hear(
            choice, raws, ends_s, told, lambda at_s, _of_s: progress(at_s), second=second
        )

    return hear


def meaning_of(plan: Plan, places: Places) -> Understand:
    """Open what tells the meaning of a call's lines; takes a second."""
    return open_meaning(plan, find_model(model_dirs(places))).understand
