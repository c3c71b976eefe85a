"""The archive, as the verbs use it: opened, brought up to the folders, and made again if need be.

Law: no verb fails for want of an archive. Where it is damaged it is made again, where it can not be
written to it is made in memory, and both are said; what only follows another verb never keeps that
one from doing what it is for.
"""

import contextlib
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

import click

from assistant.across import indexing
from assistant.across.indexing import Changes
from assistant.cli.days import DAY
from assistant.cli.house import House, Verb, option, say, tell
from assistant.errors import DiskError, SottovoceError
from assistant.keeping import filing
from assistant.keeping.archive import (
    Archive,
    ArchiveLost,
    is_sound,
    open_archive,
    read_archive,
)
from assistant.keeping.digest import Digest
from assistant.keeping.folder import CallFolder
from assistant.keeping.lock import running_call

Result = TypeVar("Result")
LONG_CALLS = 10
"""From so many new calls on a bar shows how far their reading is."""


def with_archive(house: House, work: Callable[[Archive], Result], *, anew: bool = False) -> Result:
    """Do something with the archive as it follows from the folders. Raises Refused, DiskError.

    `work` may be done twice, so it reads, or writes what may be written again.
    """
    path = house.places.archive
    if not (house.places.calls.is_dir() or path.exists()):
        # A home nobody has called from yet is left as it is.
        return work(Archive.in_memory())
    try:
        try:
            return _with_file(house, path, work, anew=anew)
        except ArchiveLost:
            _tell_lost()
            return _with_file(house, path, work, anew=True)
    except DiskError as error:
        return _without_file(house, path, work, error)


def take_in(house: House, folder: CallFolder) -> None:
    """Take in a call that has just ended, or was changed; the next verb does what fails here.

    Only where there is an archive: whoever ends a call does not wait for one to be made.
    """
    path = house.places.archive
    with contextlib.suppress(SottovoceError):
        if is_sound(path):
            with open_archive(path) as archive:
                indexing.take_in(archive, folder, house.wording())


def take_out(house: House, names: Collection[str]) -> None:
    """Take calls out so that no byte of them is left in the archive.

    Where that can not be done now it is said, and done by the next verb that reads.
    """
    path = house.places.archive
    try:
        if is_sound(path):
            with contextlib.suppress(ArchiveLost), open_archive(path, is_alone=True) as archive:
                filing.remove(archive, names)
                return
        if path.exists() or path.is_symlink():
            # What can not be read may hold anything: it goes as a whole, and is made again. The
            # numbers outlive that, and each has the name of its call.
            with open_archive(path, anew=True, is_alone=True) as archive:
                filing.remove(archive, names)
    except SottovoceError as error:
        tell(say("index.not_out", why=error))


def filtered(verb: Verb) -> Verb:
    """Give a verb the options that choose calls."""
    for choice in (
        option("--until", type=DAY),
        option("--since", type=DAY),
        option("--person"),
    ):
        verb = choice(verb)
    return verb


def _with_file(
    house: House, path: Path, work: Callable[[Archive], Result], *, anew: bool
) -> Result:
    with open_archive(path, anew=anew, on_lost=_tell_lost) as archive:
        _follow(house, archive, _changes(house, archive))
        return work(archive)


def _without_file(
    house: House, path: Path, work: Callable[[Archive], Result], error: DiskError
) -> Result:
    with read_archive(path) as archive, contextlib.suppress(DiskError):
        if archive is not None and not _changes(house, archive):
            return work(archive)
    tell(say("index.in_memory", why=error))
    archive = Archive.in_memory()
    _follow(house, archive, _changes(house, archive))
    return work(archive)


def _tell_lost() -> None:
    tell(say("index.lost"))


def _changes(house: House, archive: Archive) -> Changes:
    return indexing.changes(archive, house.places.calls, running_call(house.places.lock))


def _follow(house: House, archive: Archive, found: Changes) -> None:
    if not found:
        return
    calls, wording = house.places.calls, house.wording()
    if len(found.new) < LONG_CALLS:
        indexing.follow(archive, calls, wording, found, _tell_damage)
        return
    with click.progressbar(
        length=len(found.new), label=say("index.reading"), file=sys.stderr, show_pos=True
    ) as bar:
        damaged: list[Digest] = []

        def step(digest: Digest) -> None:
            damaged.extend([digest] * bool(digest.damaged_lines or digest.wrong))
            bar.update(1)

        indexing.follow(archive, calls, wording, found, step)
    for digest in damaged:
        _tell_damage(digest)


def _tell_damage(digest: Digest) -> None:
    if digest.wrong:
        tell(say("index.lost_file", name=digest.name, what=say(f"list.{digest.wrong}")))
    elif digest.damaged_lines:
        tell(say("index.damaged", name=digest.name, count=digest.damaged_lines))
