"""The verb before everything: new."""

from datetime import datetime
from pathlib import Path

import click

from assistant.cli.house import help_of, json_option, open_house, option, print_json, say, tell
from assistant.errors import DiskError, InputError
from assistant.keeping.folder import make_private, private
from assistant.sheet import new_sheet, read_questions, sheet_file_name

WHEN = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"])


@click.command(help=help_of("new"))
@click.argument("who")
@option("--minutes", type=click.FloatRange(1, 480))
@option("--when", type=WHEN)
@option("--set", "set_name", text="set")
@option("--questions", type=click.Path(path_type=Path))
@option("--out", type=click.Path(path_type=Path), text="out_sheet")
@option("--force", is_flag=True)
@json_option()
def new(
    who: str,
    minutes: float | None,
    when: datetime | None,
    set_name: str | None,
    questions: Path | None,
    out: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write a prep sheet."""
    house = open_house()
    starts = "" if when is None else when.isoformat(timespec="minutes")
    text = new_sheet(
        who,
        house.wording(),
        set_name=set_name or house.settings.questions,
        minutes=minutes or house.settings.minutes,
        starts=starts,
        questions=None if questions is None else read_questions(questions),
    )
    path = out or make_private(house.places.sheets) / sheet_file_name(who, starts)
    _write(path, text, force=force)
    if as_json:
        print_json({"path": path})
        return
    click.echo(say("new.written", path=path))
    tell(say("new.next", name=path.stem if out is None else path))


def _write(path: Path, text: str, *, force: bool) -> None:
    try:
        with open(path, "w" if force else "x", encoding="utf-8", opener=private) as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(
            f"{path} is there already.", "--force writes over it; --out names another place."
        ) from error
    except OSError as error:
        raise DiskError(f"{path} can not be written: {error.strerror}.") from error
