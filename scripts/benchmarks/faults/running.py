"""Try the faults one after the other and print how each went.

Law: what a fault could not try counts as not held; an interrupt prints what
was tried so far.
"""

import os
import time
import traceback
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

import click
import msgspec

from faults.fault import Fault, Tally

WIDTHS = (58, 9, 6, 6, 24)
_MOST_REASONS = 5


class Row(msgspec.Struct, frozen=True):
    """One fault as it was tried."""

    name: str
    promise: str
    means: str
    tried: int
    held: int
    worst: float | None
    unit: str
    took_s: float
    broken: tuple[str, ...]


def run(faults: Sequence[Fault], *, is_short: bool, seed: int) -> list[Row]:
    """Try every fault; print each row as it is known, and return them all."""
    click.echo(_line("fault", "means", "tried", "held", "worst"))
    rows: list[Row] = []
    for fault in faults:
        tries = fault.short if is_short else fault.full
        if tries == 0:
            continue
        row = _try(fault, tries, seed)
        rows.append(row)
        worst = "" if row.worst is None else f"{row.worst:.3g} {row.unit}"
        click.echo(_line(row.name, row.means, str(row.tried), str(row.held), worst))
        for reason in row.broken[:_MOST_REASONS]:
            click.echo(f"    ! {reason}")
    return rows


def _try(fault: Fault, tries: int, seed: int) -> Row:
    tally, begun_s = Tally(), time.monotonic()
    try:
        fault.make(tries, Random(f"{seed} {fault.name}"), tally)  # noqa: S311
    except KeyboardInterrupt:
        tally.add(held=False, why="interrupted")
    except Exception as error:
        # A fault that can not be tried is one that does not hold; the others are tried still.
        where = traceback.extract_tb(error.__traceback__)[-1]
        name = Path(where.filename).name
        tally.add(held=False, why=f"{type(error).__name__} at {name}:{where.lineno}: {error}")
    if tally.tried < tries:
        tally.broken.append(f"only {tally.tried} of {tries} tries were made")
    took_s = round(time.monotonic() - begun_s, 1)
    worst = None if tally.worst is None else float(f"{tally.worst:.3g}")
    return Row(
        fault.name,
        fault.promise,
        fault.means,
        tally.tried,
        tally.held,
        worst,
        fault.unit,
        took_s,
        tuple(tally.broken),
    )


def holds(rows: Sequence[Row]) -> bool:
    """Tell whether everything held."""
    return bool(rows) and all(row.held == row.tried and not row.broken for row in rows)


def keep(rows: Sequence[Row], path: Path, *, is_short: bool, took_s: float) -> None:
    """Keep the table as JSON, with the day and the size of the machine."""
    body = {
        "bench": "faults",
        "form": "short" if is_short else "full",
        "day": date.today().isoformat(),  # noqa: DTZ011
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "took_s": round(took_s, 1),
        "rows": rows,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n")


def markdown(rows: Sequence[Row]) -> str:
    """Spell the rows as a Markdown table, for the docs."""
    lines = [
        "| fault | what must hold | means | tried | held | worst |",
        "|---|---|---|---:|---:|---|",
    ]
    for row in rows:
        worst = "" if row.worst is None else f"{row.worst:g} {row.unit}"
        cells = row.name, row.promise, row.means, f"{row.tried:,}", f"{row.held:,}", worst
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _line(*cells: str) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
