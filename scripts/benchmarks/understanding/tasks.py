"""The tasks of the understanding, in the order of the table; each is a module beside this one.

Law: a task's module has `measure(data)`. None is the frozen test part of this repository;
a folder is data of others, of which a task takes what it knows: an empty list is an answer.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from understanding.score import Score

Measure = Callable[[Path | None], list[Score]]

MODULES = (
    "asked",
    "next",
    "drift",
    "farewell",
    "job_ask",
    "promise",
    "marks",
    "sides",
    "names",
    "contacts",
    "dates",
    "cost",
)


def tasks() -> dict[str, str]:
    """Return the name of each task that is there -> its module."""
    here = Path(__file__).parent
    there = [name for name in MODULES if (here / f"{name}.py").is_file()]
    return {name.replace("_", "-"): name for name in there}


def measure_of(task: str) -> Measure:
    """Return what measures a task; it is loaded only now, with all it needs."""
    module = import_module(f"understanding.{tasks()[task]}")
    return cast(Measure, module.measure)
