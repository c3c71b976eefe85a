"""What a task of the understanding is scored by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found rightly, found wrongly, and missed."""

    tp: int
    fp: int
    fn: int

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right; 1 where nothing was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Of what is there, the share that was found; 1 where nothing is there."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """One row of the table: a task, on one part of the data, at the shipped threshold."""

    task: str
    part: str
    """The data: its name, and what was done to it ("15 % word errors")."""
    n: int
    """How many lines, calls or hours were looked at, as `note` says."""
    found: Counts | None = None
    right: int | None = None
    """For a task that is a share: how many of `n` are right."""
    rate: float | None = None
    """For a task that is a rate, in the unit that `target` names."""
    target: str = ""
    """In words, as promised: "F1 >= 0.90, precision >= 0.95"."""
    is_met: bool | None = None
    """Whether the target holds; None where this part has none."""
    baseline: Counts | None = None
    """What the trivial way finds; `note` says which."""
    note: str = ""
    missed: tuple[str, ...] = ()
    """What was missed or found wrongly, for `--missed`; a line each, with why where known."""
