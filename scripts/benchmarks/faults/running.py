"""Try the faults one after the other and print how each went.

Law: what a fault could not try counts as not held; an interrupt prints what
was tried so far.
"""

import os
import shutil
import sys
import textwrap
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random

import click
import msgspec

from faults.fault import Fault, Tally

WIDTH = 100
"""Of the table, in characters."""
_NAME = 47
_MOST_REASONS = 5
_SAY_EVERY_S = 0.2
_PLUGIN = "libasound_module_pcm_pulse.so"
_LIBRARIES = "lib", "lib/*", "lib64"
NO_CARD = (
    "Not tried, for there is no virtual sound card here (it needs pulseaudio, pulseaudio-utils and "
    "libasound2-plugins): "
)


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


def run(faults: Sequence[Fault], *, is_short: bool, seed: int, with_card: bool) -> list[Row]:
    """Try every fault; print each row as it is known, and return them all.

    Without a virtual sound card the short form leaves out what needs one, and says so.
    """
    chosen = [fault for fault in faults if (fault.short if is_short else fault.full) > 0]
    left_out = [f for f in chosen if f.needs_card] if is_short and not with_card else []
    click.echo(_line("fault", "means", "tried", "held", "took", "worst"))
    rows: list[Row] = []
    for fault in chosen:
        if fault in left_out:
            continue
        row, was_interrupted = _try(fault, fault.short if is_short else fault.full, seed)
        rows.append(row)
        click.echo(drawn(row))
        if was_interrupted:
            break
    if left_out:
        names = "; ".join(fault.name for fault in left_out)
        click.echo(textwrap.fill(f"{NO_CARD}{names}.", WIDTH))
    return rows


def has_card() -> bool:
    """Tell whether the virtual sound card can be had."""
    tools = all(shutil.which(tool) for tool in ("pulseaudio", "pactl", "pacat"))
    plugins = (Path("/usr").glob(f"{place}/alsa-lib/{_PLUGIN}") for place in _LIBRARIES)
    return tools and any(next(found, None) for found in plugins)


def drawn(row: Row) -> str:
    """Draw one row of the table, and under it what did not hold."""
    worst = "" if row.worst is None else f"{row.worst:.3g} {row.unit}"
    first, *rest = textwrap.wrap(row.name, _NAME)
    took = f"{row.took_s:.0f} s"
    lines = [_line(first, row.means, f"{row.tried:,}", f"{row.held:,}", took, worst)]
    lines += [f"  {more}" for more in rest]
    for reason in row.broken[:_MOST_REASONS]:
        lines += textwrap.wrap(reason, WIDTH - 6, initial_indent="  ! ", subsequent_indent="    ")
    if len(row.broken) > _MOST_REASONS:
        lines.append(f"  ! and {len(row.broken) - _MOST_REASONS:,} more")
    return "\n".join(lines)


def _try(fault: Fault, tries: int, seed: int) -> tuple[Row, bool]:
    was_interrupted = False
    watched = _watched(fault.name, tries) if sys.stdout.isatty() else _unwatched
    tally, begun_s = Tally(tell=watched), time.monotonic()
    watched(tally)
    try:
        fault.make(tries, Random(f"{seed} {fault.name}"), tally)  # noqa: S311
    except KeyboardInterrupt:
        was_interrupted = True
        tally.add(held=False, why="interrupted")
    except Exception as error:
        # A fault that can not be tried is one that does not hold; the others are tried still.
        where = traceback.extract_tb(error.__traceback__)[-1]
        name = Path(where.filename).name
        tally.add(held=False, why=f"{type(error).__name__} at {name}:{where.lineno}: {error}")
    if watched is not _unwatched:
        click.echo("\r\033[K", nl=False)
    if tally.tried < tries:
        tally.broken.append(f"only {tally.tried} of {tries} tries were made")
    row = Row(
        fault.name,
        fault.promise,
        fault.means,
        tally.tried,
        tally.held,
        None if tally.worst is None else float(f"{tally.worst:.3g}"),
        fault.unit,
        round(time.monotonic() - begun_s, 1),
        tuple(tally.broken),
    )
    return row, was_interrupted


def _watched(name: str, tries: int) -> Callable[[Tally], None]:
    """Show on the terminal, in one line, how far a fault is."""
    said_s = 0.0

    def tell(tally: Tally) -> None:
        nonlocal said_s
        # Thousands of quick tries are not worth thousands of lines.
        if time.monotonic() - said_s >= _SAY_EVERY_S:
            said_s = time.monotonic()
            counted = f" {tally.tried:,} of {tries:,} tried, {tally.held:,} held"
            shown = textwrap.shorten(name, WIDTH - len(counted) - 1, placeholder="...")
            click.echo(f"\r\033[K{shown}{counted}", nl=False)

    return tell


def _unwatched(_: Tally) -> None:
    """Say nothing: nobody looks."""


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


def _line(name: str, means: str, tried: str, held: str, took: str, worst: str) -> str:
    return f"{name:{_NAME}} {means:9} {tried:>6} {held:>6} {took:>6}  {worst}".rstrip()
