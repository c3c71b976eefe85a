"""The verb that gives a call on in another form: export."""

import contextlib
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import msgspec

from assistant.cli.house import (
    House,
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_bytes,
    tell,
)
from assistant.errors import DiskError, InputError, Refused
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder, find_folder, private
from assistant.keeping.lock import running_call
from assistant.notes.polished import FILE, OFF, fitting
from assistant.notes.render.files import BY_FORMAT, NOT_TEXT, Files

STDOUT = Path("-")


class Exported(msgspec.Struct, frozen=True):
    """One file that was written."""

    format: str
    path: str
    size_bytes: int


@click.command(help=help_of("export"))
@click.argument("call", default="last")
@option(
    "--format",
    "wanted",
    type=click.Choice([*BY_FORMAT]),
    multiple=True,
    required=True,
    text="format",
)
@option("--out", type=click.Path(path_type=Path), text="out_export")
@option("--force", is_flag=True, text="force_export")
@json_option()
def export(
    call: str, wanted: tuple[str, ...], out: Path | None, force: bool, as_json: bool
) -> None:
    """Give a call on in another form."""
    formats: list[str] = list(dict.fromkeys(wanted))
    if out == STDOUT:
        _refuse_for_stdout(formats, as_json=as_json)
    house = open_house()
    folder = find_folder(house.places.calls, call, lambda _: True)
    if running_call(house.places.lock) == folder.name:
        raise Refused(f"{folder.name} is still running.", "`sottovoce stop` ends it.")
    paths = _paths(folder, formats, out)
    if not force:
        _refuse_to_write_over(paths.values())
    files = _files_of(house, folder)
    written: list[Exported] = []
    for name, path in paths.items():
        body = files.make(BY_FORMAT[name])
        if body is None:
            raise InputError(
                f"{folder.name} has no letter: nobody was talked with.",
                "The other formats can be had.",
            )
        if path == STDOUT:
            show_bytes(body)
            return
        _write(path, body, force=force)
        written.append(Exported(name, str(path), len(body)))
        if not as_json:
            tell(say("export.wrote", path=path))
    if as_json:
        print_json(written)


def _refuse_for_stdout(formats: Sequence[str], *, as_json: bool) -> None:
    if len(formats) > 1 or as_json:
        raise click.UsageError("To stdout goes one format, and no --json beside it.")
    if formats[0] in NOT_TEXT and sys.stdout.isatty():
        raise click.UsageError(f"{formats[0]} is no text for a terminal; name a file: --out.")


def _files_of(house: House, folder: CallFolder) -> Files:
    plan = folder.read_plan()
    reading = journal.read(folder.journal)
    wording = house.wording(plan.language)
    polished = OFF
    with contextlib.suppress(OSError):
        polished = fitting((folder.path / FILE).read_bytes(), reading.entries)
    return Files(plan, reading.entries, wording, damaged_lines=reading.damaged, polished=polished)


def _paths(folder: CallFolder, formats: Sequence[str], out: Path | None) -> dict[str, Path]:
    """Say where each format goes: to the file that was named, or beside each other in a folder."""
    if out is not None and not out.is_dir():
        if len(formats) > 1:
            raise click.UsageError("Several formats want a folder that is there: --out FOLDER.")
        return {formats[0]: out}
    place = out or Path.cwd()
    return {name: place / f"{folder.name}-{BY_FORMAT[name]}" for name in formats}


def _refuse_to_write_over(paths: Iterable[Path]) -> None:
    for path in paths:
        if path != STDOUT and os.path.lexists(path):
            raise _is_there(path)


def _is_there(path: Path) -> InputError:
    return InputError(
        f"{path} is there already.", "--force writes over it; --out names another place."
    )


def _write(path: Path, body: bytes, *, force: bool) -> None:
    """Write a file for this user alone, whole or not at all. Raises InputError, DiskError."""
    if path.is_dir():
        raise InputError(f"{path} is a folder.", "--out names a file, or a folder to write into.")
    if not path.parent.is_dir():
        raise InputError(
            f"There is no folder {path.parent}.", "Make it first, or name another with --out."
        )
    half = path.with_name(f".{path.name[:100]}.{os.getpid()}.half")
    is_ours = False
    try:
        if not force:
            # Takes the name, so that no file that comes in between is written over.
            with open(path, "xb", opener=private):
                is_ours = True
        with open(half, "xb", opener=private) as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        is_ours = False
    except FileExistsError as error:
        raise _is_there(path) from error
    except OSError as error:
        raise DiskError(f"{path} can not be written: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        if is_ours:
            path.unlink(missing_ok=True)
