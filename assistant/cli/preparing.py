"""The verb before everything: new."""

import re
from datetime import datetime
from pathlib import Path

import click
import msgspec

from assistant.acquainted import names_put_right
from assistant.cli.days import Moment, is_past, local_time
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
from assistant.errors import DiskError, InputError
from assistant.keeping.folder import make_private, private
from assistant.plan import Plan
from assistant.sheet import (
    new_sheet,
    parse_sheet,
    read_questions,
    read_sheet,
    sheet_file_name,
    standard_plan,
    write_sheet,
)
from assistant.textfile import slug
from assistant.understanding.embedding import embedded_model
from assistant.understanding.preparation import asking_for_a_job

WHEN = Moment()


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
    starts = "" if when is None else when.isoformat(timespec="minutes").removesuffix("T00:00")
    person = who.partition(",")[0]
    learned = names_put_right(house.places.calls, person, (person, *person.split()))
    text = new_sheet(
        who,
        house.wording(),
        set_name=set_name or house.settings.questions,
        minutes=minutes or house.settings.minutes,
        starts=starts,
        questions=None if questions is None else read_questions(questions),
        terms=learned,
    )
    path = out or make_private(house.places.sheets) / sheet_file_name(who, starts)
    _write(path, text, force=force)
    if when is not None and is_past(when, local_time()):
        tell(say("new.past", when=starts.replace("T", " ")))
    if as_json:
        print_json({"path": path, "learned": learned})
        return
    click.echo(say("new.written", path=path))
    if learned:
        tell(say("new.learned", person=person.strip(), names=", ".join(learned)))
    warn_of_job_asks(parse_sheet(text, house.wording(), path.name))
    tell(say("new.next", name=path.stem if out is None else path))


def _name_in(path: Path) -> str:
    """Return the person's part of a sheet's file name: dana-ruiz of 2026-12-01-1500-dana-ruiz."""
    return re.sub(r"^[\d-]+-", "", path.stem)


def _write(path: Path, text: str, *, force: bool) -> None:
    try:
        with open(path, "w" if force else "x", encoding="utf-8", opener=private) as file:
            file.write(text)
    except FileNotFoundError as error:
        raise InputError(
            f"There is no folder {path.parent}.", "Make it first, or name another with --out."
        ) from error
    except FileExistsError as error:
        raise InputError(
            f"{path} is there already.", "--force writes over it; --out names another place."
        ) from error
    except OSError as error:
        raise DiskError(f"{path} can not be written: {error.strerror}.") from error


def prepared(
    house: House, sheet: str | None, minutes: float | None, who: str = ""
) -> tuple[Plan, str]:
    """Read the sheet that was asked for, or the standard one; return its plan and its text.

    `who` is whom the standard one is for: "Dana Ruiz, data engineer", or empty.
    """
    wording = house.wording()
    if sheet is None:
        length = minutes or house.settings.minutes
        plan = _acquainted(house, standard_plan(wording, house.settings.questions, who, length))
        return plan, write_sheet(plan, wording)
    path = _find_sheet(house, sheet)
    plan = read_sheet(path, wording)
    if minutes is not None:
        plan = msgspec.structs.replace(plan, minutes=minutes)
    return plan, path.read_text(encoding="utf-8-sig")


def bare(house: House, who: str | None) -> tuple[Plan, str]:
    """Return a plan without any question, and its sheet: for what nobody had prepared."""
    wording = house.wording()
    plan = standard_plan(wording, house.settings.questions, who or "", house.settings.minutes)
    plan = msgspec.structs.replace(plan, questions=(), opening=(), goal="")
    plan = _acquainted(house, plan)
    return plan, write_sheet(plan, wording)


def _acquainted(house: House, plan: Plan) -> Plan:
    """Return a plan that knows the names the user put right in earlier calls with that person."""
    known = (plan.person, *plan.person.split(), *plan.terms)
    learned = names_put_right(house.places.calls, plan.person, known)
    return msgspec.structs.replace(plan, terms=(*plan.terms, *learned))


def warn_of_job_asks(plan: Plan) -> None:
    """Say once which prepared questions ask for a job; they stay as they are."""
    for question in asking_for_a_job(plan, embedded_model()):
        tell(say("sheet.job_ask", question=question.text))


def _find_sheet(house: House, sheet: str) -> Path:
    given = Path(sheet).expanduser()
    if given.is_file() or "/" in sheet:
        return given
    found = sorted(house.places.sheets.glob("*.md"))
    fitting = (
        # What `new` told to type is the whole name of a file.
        [path for path in found if path.stem == sheet]
        or [path for path in found if _name_in(path) == sheet.lower()]
        or [path for path in found if sheet.lower() in path.stem]
        # "Zoë" is in a file that is called zoe-muller.
        or [path for path in found if slug(sheet) and slug(sheet) in path.stem]
    )
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(path.stem for path in fitting or found)
    if fitting:
        raise InputError(f"{sheet!r} fits more than one sheet.", f"Say which: {names}")
    raise InputError(
        f"There is no sheet {sheet!r}.",
        f"Sheets: {names}" if names else '`sottovoce new "Name, what they do"` writes one.',
    )
