"""What deaths left behind: calls that were cut short, and rubbish.

Looks at the newest calls only, and at the last kilobytes of their journals: a
tenth of a millisecond for each, one or two where a call was heard again. Law:
it changes nothing but what no call is in, and what a process still holds is
left alone.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Literal

from assistant.events import AFTERWARDS, CallEnded, Entry, Trouble, from_line
from assistant.keeping.folder import REMOVED, CallFolder
from assistant.keeping.journal import unseal
from assistant.keeping.lock import is_held

LOOKED_AT = 20
"""So many of the newest calls are looked at: a death is noticed long before twenty more."""
RESUMABLE_S = 4 * 3600.0
"""A call that broke off longer ago is not gone on with; nobody is on the line any more."""
_BLOCK_BYTES = 4096
_LONGEST_LINE_BYTES = 1_000_000
"""No fact is a tenth as long; what is longer was made by somebody, and is not looked through."""
_NEAR_THE_END = 4
_OF_A_START = {"plan.json", "plan.md", "journal.jsonl", "me.s16", "them.s16", "unclear.s16"}

_AFTERWARDS = tuple(b'"is":"%s"' % kind.__name__.encode() for kind in AFTERWARDS)
"""How the lines of what came after a call are known; within a text, quotes are escaped."""

NOT_HEARD = Trouble("hearing", "The last words were not heard in time. Their sound is kept.")
"""The mark of a call that ended before all was heard: written at its end, and looked for here."""

Ending = Literal["none", "unheard", "heard out"]
State = Literal["done", "unheard", "unfinished"]
"""`unheard`: it ended, but the last words were not heard in time."""


def ending_of(folder: CallFolder) -> Ending:
    """Tell how a call's journal ends, by its last lines."""
    last = _last_entries(folder)
    ended = next(last, None)
    if ended is None or not isinstance(ended.event, CallEnded):
        return "none"
    # Something may have been found in between.
    before = (entry.event for entry in islice(last, _NEAR_THE_END))
    is_unheard = any(event == NOT_HEARD for event in before)
    return "unheard" if is_unheard else "heard out"


def state_of(folder: CallFolder) -> State:
    """Tell whether everything was done that follows a call; one that runs is `unfinished`."""
    ending = ending_of(folder)
    if ending == "none" or not folder.summary.is_file():
        return "unfinished"
    return "unheard" if ending == "unheard" else "done"


def unfinished(calls: Path, running: str | None) -> list[CallFolder]:
    """Return the newest calls that were cut short, oldest first; not the one that runs."""
    return [
        folder
        for folder in _newest(calls)
        if folder.name != running
        and state_of(folder) == "unfinished"
        and folder.is_call
        and not is_held(folder.path)
        and not _never_began(folder)
    ]


def broke_off_s(folder: CallFolder) -> float:
    """Return when the last of a call was written, in seconds of the wall clock (Unix time)."""
    written_s = 0.0
    for path in (folder.journal, *folder.path.glob("*.s16")):
        with contextlib.suppress(OSError):
            written_s = max(written_s, path.stat().st_mtime)
    return written_s


def sweep(calls: Path) -> None:
    """Clear away what removed calls left, and calls of which no line and no sound was written."""
    sweep_removed(calls)
    for folder in _newest(calls):
        with contextlib.suppress(OSError):
            if _never_began(folder) and not is_held(folder.path):
                shutil.rmtree(folder.path)


def sweep_removed(calls: Path) -> None:
    """Clear away what a death left of calls that were being removed."""
    with contextlib.suppress(OSError):
        for path in calls.glob(f"{REMOVED}*"):
            shutil.rmtree(path, ignore_errors=True)


def _newest(calls: Path) -> list[CallFolder]:
    try:
        with os.scandir(calls) as files:
            names = sorted(file.name for file in files if not file.name.startswith("."))
    except OSError:
        return []
    return [CallFolder(calls / name) for name in names[-LOOKED_AT:]]


def _never_began(folder: CallFolder) -> bool:
    """Tell whether a start died before it listened: a plan, and nothing in any other file."""
    try:
        with os.scandir(folder.path) as there:
            files = list(there)
        return bool(files) and all(
            file.name in _OF_A_START
            and file.is_file(follow_symlinks=False)
            and (file.name.startswith("plan.") or file.stat().st_size == 0)
            for file in files
        )
    except OSError:
        return False


def _last_entries(folder: CallFolder) -> Iterator[Entry]:
    """Yield the last entries of the call itself, the last one first, without damaged ones."""
    for line in _lines_backwards(folder.journal):
        # Not decoded: a call that was heard again has hundreds of these.
        if any(tag in line for tag in _AFTERWARDS):
            continue
        with contextlib.suppress(ValueError, RecursionError):
            yield from_line(unseal(line))


def _lines_backwards(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, the last one first; only as much is read as is asked for."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        begin, rest = os.fstat(file).st_size, b""
        while begin > 0 and len(rest) < _LONGEST_LINE_BYTES:
            size = min(_BLOCK_BYTES, begin)
            begin -= size
            rest, *lines = (os.pread(file, size, begin) + rest).split(b"\n")
            yield from reversed(lines)
        yield rest
    except OSError:
        return
    finally:
        os.close(file)
