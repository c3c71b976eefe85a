"""The scores of the understanding as a table of 100 columns, and as JSON."""

import textwrap
from collections.abc import Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from understanding.score import Counts, Score

COLUMNS = 100


def table(scores: Sequence[Score]) -> str:
    """Draw the scores for people: what was found, and beside it what the trivial way finds."""
    drawn = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="")
    drawn.add_column("task", no_wrap=True)
    drawn.add_column("part")
    for name in ("n", "tp", "fp", "fn", "prec", "rec", "F1"):
        drawn.add_column(name, justify="right", no_wrap=True)
    drawn.add_column("trivial P R F1", no_wrap=True)
    drawn.add_column("target")
    for score in scores:
        drawn.add_row(score.task, score.part, str(score.n), *_found(score), *_beside(score))
    console = Console(width=COLUMNS, color_system=None, highlight=False, markup=False)
    with console.capture() as capture:
        console.print(drawn)
    lines = [line.rstrip() for line in capture.get().splitlines()]
    notes = [
        textwrap.fill(f"{score.task}, {score.part}: {score.note}", COLUMNS, subsequent_indent="  ")
        for score in scores
        if score.note
    ]
    return "\n".join([*lines, *(["", *notes] if notes else [])])


def missed(scores: Sequence[Score]) -> str:
    """List what was missed or found wrongly, a line each."""
    lines: list[str] = []
    for score in scores:
        if score.missed:
            lines += ["", f"{score.task}, {score.part}: {len(score.missed)}"]
            lines += [f"  {line}" for line in score.missed]
    return "\n".join(lines)


def as_values(score: Score) -> dict[str, Any]:
    """Return a score with what follows from it, ready for JSON."""
    values: dict[str, Any] = msgspec.to_builtins(score)
    for name, counts in (("found", score.found), ("baseline", score.baseline)):
        if counts is not None:
            values[name] |= {
                "precision": round(counts.precision, 4),
                "recall": round(counts.recall, 4),
                "f1": round(counts.f1, 4),
            }
    if score.right is not None and score.n:
        values["share"] = round(score.right / score.n, 4)
    return values


def _found(score: Score) -> tuple[str, ...]:
    counts = score.found
    if counts is not None:
        amounts = (str(counts.tp), str(counts.fp), str(counts.fn))
        return (*amounts, *map(_two, (counts.precision, counts.recall, counts.f1)))
    if score.right is not None:
        share = score.right / score.n if score.n else 0.0
        return (str(score.right), str(score.n - score.right), "", "", "", f"{share:.2f}")
    if score.rate is not None:
        return ("", "", "", "", "", f"{score.rate:.3g}")
    return ("", "", "", "", "", "")


def _beside(score: Score) -> tuple[str, str]:
    return _trivial(score.baseline), _verdict(score)


def _trivial(counts: Counts | None) -> str:
    if counts is None:
        return ""
    return " ".join(map(_two, (counts.precision, counts.recall, counts.f1)))


def _verdict(score: Score) -> str:
    verdict = {True: "met", False: "MISSED", None: ""}[score.is_met]
    return ": ".join(part for part in (score.target, verdict) if part)


def _two(share: float) -> str:
    return f"{share:.2f}"
