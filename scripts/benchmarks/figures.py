"""A figure with its target, and a table of them."""

from collections.abc import Sequence
from typing import Self

import msgspec
import numpy as np


class Figure(msgspec.Struct, frozen=True):
    """One measured number."""

    what: str
    unit: str
    value: float
    count: int
    """How many measurements it stands on."""
    most: float | None = None
    """The target, if there is one."""

    @classmethod
    def of(
        cls, what: str, unit: str, values: Sequence[float], percentile: float, most: float = 0.0
    ) -> Self:
        """Take a percentile of many values; none at all is a missed target."""
        value = float(np.percentile(values, percentile)) if values else float("inf")
        return cls(what, unit, round(value, 3), len(values), most or None)

    @property
    def holds(self) -> bool:
        """Tell whether the target, if any, is met."""
        return self.most is None or self.value <= self.most


def table(figures: Sequence[Figure]) -> str:
    """Draw the figures for people."""
    rows = [f"{'figure':46} {'value':>9} {'unit':6} {'n':>4}  target"]
    for figure in figures:
        target = "" if figure.most is None else f"<= {figure.most:g}"
        verdict = "" if figure.most is None else ("held" if figure.holds else "MISSED")
        value = f"{figure.value:9.3f}"
        rows.append(
            f"{figure.what:46} {value} {figure.unit:6} {figure.count:4}  {target} {verdict}"
        )
    return "\n".join(rows)
