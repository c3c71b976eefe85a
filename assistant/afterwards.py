"""The steps after a call: the files that follow from its journal, and the sound packed.

Reads plan.json and journal.jsonl, writes what may be deleted and rebuilt. Law:
every step can be repeated and gives the same file; a step that fails is told
and stops no other; not to be run on a call that is still going on.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from assistant.errors import DiskError, InputError, SottovoceError
from assistant.events import CallEnded, Channel, Entry, Forgotten
from assistant.forgetting import blank
from assistant.keeping import sound
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import read
from assistant.minds.permission import Permission
from assistant.notes import polished as polishes
from assistant.notes.live import whole
from assistant.notes.polished import Polished
from assistant.notes.render.files import IN_FOLDER, Files
from assistant.plan import Plan
from assistant.wording import Wording

KeepSound = Literal["always", "never", "with-consent"]
"""As in the settings."""


class Failed(msgspec.Struct, frozen=True):
    """A step that failed."""

    name: str
    """The file it should have made."""
    why: str
    """A sentence; it holds no word of the call."""


class Written(msgspec.Struct, frozen=True):
    """What came of the steps."""

    folder: str
    files: tuple[str, ...]
    """The names of the files that were written, sound too."""
    removed: tuple[str, ...]
    """Sound that was not to be kept."""
    failed: tuple[Failed, ...]


def wrap(folder: Path, wording: Wording, keep_sound: KeepSound, *, packs: bool = True) -> Written:
    """Write everything that follows from a call's journal, then pack or remove its sound.

    Without `packs` sound that is kept stays raw: there is no time to pack it.

    Raises InputError or DiskError only where the plan, the journal or the words can not be read
    at all; then nothing was changed.
    """
    call = CallFolder(folder)
    plan = call.read_plan()
    reading = read(call.journal)
    if not reading.entries:
        raise InputError(
            f"The journal of {call.name} holds no call that can be read.",
            "Its other files were left as they are.",
        )
    pages = Files(
        plan,
        reading.entries,
        wording,
        damaged_lines=reading.damaged,
        polished=polished_of(call, reading.entries),
    )
    files, failed = _write_pages(call, plan, reading.entries, pages)
    try:
        # Should a death, or a disk, have come between: no forgotten sound is ever packed.
        blank(call, reading.entries)
    except DiskError as error:
        packs = False
        failed.append(Failed("sound", _why(error)))
    written = Written(str(folder), tuple(files), (), tuple(failed))
    # A call that was cut short may have sound that nobody heard yet: that is never thrown away.
    is_cut = not any(isinstance(entry.event, CallEnded) for entry in reading.entries)
    is_kept = is_cut or keeps_sound(keep_sound, plan, reading.entries)
    return _with_sound(written, call, is_kept=is_kept) if packs or not is_kept else written


def keeps_sound(keep_sound: KeepSound, plan: Plan, entries: Iterable[Entry]) -> bool:
    """Tell whether a call's sound stays: by the settings and, where they ask for it, by leave."""
    permission = Permission(plan)
    for entry in entries:
        permission.take(entry)
    return keep_sound == "always" or (keep_sound == "with-consent" and permission.is_given)


def _write_pages(
    call: CallFolder, plan: Plan, entries: Sequence[Entry], pages: Files
) -> tuple[list[str], list[Failed]]:
    steps: dict[str, Callable[[], str | bytes | None]] = {
        name: partial(pages.make, name) for name in IN_FOLDER
    }
    # The user may have written into the page that grew during the call: it is only made anew
    # where it is missing, or holds what was to be forgotten.
    if not call.notes.exists() or any(isinstance(e.event, Forgotten) for e in entries):
        steps[call.notes.name] = lambda: whole(plan, entries, pages.words)
    files: list[str] = []
    failed: list[Failed] = []
    for name, step in steps.items():
        try:
            made = step()
            if made is None:
                # What was written before, from words that are forgotten by now, must not stay.
                call.drop(name)
                continue
            call.write(name, made)
        except Exception as error:
            # A fault in one page must not cost the user the others, or the sound.
            failed.append(Failed(name, _why(error)))
        else:
            files.append(name)
    return files, failed


def polished_of(call: CallFolder, entries: Iterable[Entry]) -> Polished:
    """Return what a language model made of these entries; what it made of others is removed."""
    path = call.path / polishes.FILE
    try:
        polished = polishes.fitting(path.read_bytes(), entries)
    except FileNotFoundError:
        return polishes.OFF
    except OSError:
        polished = polishes.OFF
    if polished is polishes.OFF:
        # It may hold words that were corrected since, or were to be forgotten.
        with contextlib.suppress(OSError):
            path.unlink()
    return polished


def _with_sound(written: Written, call: CallFolder, *, is_kept: bool) -> Written:
    files, removed, failed = list(written.files), list(written.removed), list(written.failed)
    end = sound.discard if not is_kept else _packed
    raws = [call.spool(channel) for channel in Channel]
    # Three hours take some six seconds for each channel, and the user waits for the longest only.
    with ThreadPoolExecutor(len(raws)) as workers:
        ends = [(raw, workers.submit(end, raw)) for raw in raws]
    for raw, ended in ends:
        try:
            (files if is_kept else removed).extend(ended.result())
        except SottovoceError as error:
            failed.append(Failed(sound.packed(raw).name, _why(error)))
    return Written(written.folder, tuple(files), tuple(removed), tuple(failed))


def _packed(raw: Path) -> tuple[str, ...]:
    flac = sound.pack(raw) if raw.exists() else None
    return () if flac is None else (flac.name,)


def _why(error: Exception) -> str:
    """Say what went wrong; of a fault of ours only its kind, which holds no word of the call."""
    return str(error) if isinstance(error, SottovoceError) else f"A fault: {type(error).__name__}."
