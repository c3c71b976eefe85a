"""A figure with its target, the reason where it was missed, and a table of them."""

from collections.abc import Sequence
from typing import Self

import msgspec
import numpy as np


class Figure(msgspec.Struct, frozen=True):
    """One measured number."""

    what: str
    unit: str
    value: float | None
    """None where nothing was measured."""
    count: int
    """How many measurements it stands on."""
    most: float | None = None
    """The target, if there is one."""
    reason: str = ""
    """Why the target was missed, from what else was measured."""

    @classmethod
    def of(
        cls,
        what: str,
        unit: str,
        values: Sequence[float],
        percentile: float,
        most: float | None = None,
    ) -> Self:
        """Take a percentile of many values; none at all is a missed target."""
        value = round(float(np.percentile(values, percentile)), 3) if values else None
        return cls(what, unit, value, len(values), most)

    @property
    def holds(self) -> bool:
        """Tell whether the target, if any, is met."""
        return self.most is None or (self.value is not None and self.value <= self.most)

    def explained(self, reasons: Sequence[str]) -> "Figure":
        """Give a figure that missed its target the reason."""
        if self.holds:
            return self
        if self.value is None:
            reasons = ("there was nothing to measure", *reasons)
        reason = "; ".join(reasons) or "nothing that was measured beside it explains it"
        return msgspec.structs.replace(self, reason=reason)


class Cost(msgspec.Struct, frozen=True):
    """What one call cost, and what went on beside it."""

    call: str
    """Which call this was."""
    length_s: float
    cores: int
    load_before: float
    """The 1-minute load of the machine before the call."""
    others_cores: float
    """Cores that everything else used meanwhile, the virtual sound card too."""
    cpu_per_s: dict[str, float]
    """Process -> processor seconds per second of call."""
    peak_mb: dict[str, float]
    """Process -> memory, at the moment when all of them together had most."""

    def disturbances(self) -> list[str]:
        """Tell what else kept the machine busy, if it was."""
        reasons: list[str] = []
        if self.load_before > BUSY * self.cores:
            reasons.append(
                f"the machine was busy before the {self.call}: "
                f"load {self.load_before:.1f} on {self.cores} cores"
            )
        if self.others_cores > BUSY * self.cores:
            reasons.append(
                f"other programs used {self.others_cores:.1f} of {self.cores} cores during it"
            )
        return reasons

    def shares(self, of: dict[str, float], unit: str) -> str:
        """Tell who has how much, the largest first."""
        ranked = sorted(of.items(), key=lambda item: -item[1])
        return ", ".join(f"{name} {value:g}" for name, value in ranked) + f" {unit}"

    def reasons(self) -> list[str]:
        """Tell why words or sounds came late in this call."""
        return [*self.disturbances(), f"processor used: {self.shares(self.cpu_per_s, 's/s')}"]


BUSY = 0.5
"""Load per core, or part of the cores, from which a machine counts as busy."""


def table(figures: Sequence[Figure]) -> str:
    """Draw the figures for people."""
    rows = [f"{'figure':46} {'value':>9} {'unit':6} {'n':>4}  target"]
    for figure in figures:
        target = "" if figure.most is None else f"<= {figure.most:g}"
        verdict = "" if figure.most is None else ("held" if figure.holds else "MISSED")
        value = f"{'none':>9}" if figure.value is None else f"{figure.value:9.3f}"
        row = f"{figure.what:46} {value} {figure.unit:6} {figure.count:4}  {target} {verdict}"
        rows.append(row.rstrip())
        if figure.reason:
            rows.append(f"    because {figure.reason}")
    return "\n".join(rows)
