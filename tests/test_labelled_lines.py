"""The labelled lines: what tests them is unlike what trains them, and each is labelled once."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from assistant.understanding.embedding import embedded_model, open_embedder
from assistant.understanding.letters import words_alike
from assistant.understanding.training import VectorsOf, remembered

pytestmark = pytest.mark.model

LINES = Path(__file__).parents[1] / "assistant" / "understanding" / "lines"
TASKS = sorted(path.name.removesuffix(".train.jsonl") for path in LINES.glob("*.train.jsonl"))
ALSO = {"asked": ("kinds", "question"), "job_ask": ("asked",)}
"""Task -> what else its lines are told by, beside its own lines for training."""
PAIRS = [
    (task, part, trained)
    for task in TASKS
    for part in ("test", "second", "third", "fourth", "fifth", "sixth")
    if (LINES / f"{task}.{part}.jsonl").is_file()
    for trained in (task, *ALSO.get(task, ()))
]
"""A task, each part that tests it, and each file that trains it."""
SAME_LETTERS = 0.9
SAME_MEANING = 0.95
SHARED = 0.65
"""Lines that are less alike by the letters of their sorted words are not so near in meaning: of
3,000 pairs that are less alike none came to 0.85."""


@pytest.fixture(scope="module")
def vectors_of() -> VectorsOf:
    """One line is compared for several parts: each is read once."""
    return remembered(open_embedder(embedded_model()).vectors)


@cache
def lines(name: str) -> tuple[tuple[str, str], ...]:
    """Return what is said in a file, in small letters without signs, and its label."""
    found: list[tuple[str, str]] = []
    for line in (LINES / name).read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = msgspec.json.decode(line)
        said = row.pop("text", "") or row.pop("said", "") or row.pop("line", "")
        heard = re.sub(r"\[([^|\]]*)\|[^\]]*\]", r"\1", said)
        if words := re.findall(r"[a-z0-9']+", heard.lower()):
            row.pop("kind", None)
            row.pop("speaker", None)
            row.pop("plain", None)
            found.append((" ".join(words), repr(sorted(row.items()))))
    return tuple(found)


def texts(task: str, part: str) -> list[str]:
    return list(dict.fromkeys(text for text, _ in lines(f"{task}.{part}.jsonl")))


def words_sorted(said: list[str]) -> list[str]:
    return [" ".join(sorted(text.split())) for text in said]


def test_there_are_lines_to_train_and_lines_to_test() -> None:
    assert {"asked", "farewell", "job_ask", "promise"} <= set(TASKS)
    assert sum(len(lines(f"{task}.train.jsonl")) for task in TASKS) >= 400


@pytest.mark.parametrize(("task", "part", "by"), PAIRS)
def test_no_line_is_tested_that_trained_by_its_letters(task: str, part: str, by: str) -> None:
    tested, trained = texts(task, part), texts(by, "train")
    alike = words_alike(tested, trained)
    near = np.argwhere(alike >= SAME_LETTERS)
    assert [(tested[row], trained[column]) for row, column in near] == []


@pytest.mark.parametrize(("task", "part", "by"), PAIRS)
def test_no_line_is_tested_that_trained_by_its_meaning(
    vectors_of: VectorsOf, task: str, part: str, by: str
) -> None:
    tested, trained = texts(task, part), texts(by, "train")
    rows, columns = (words_alike(*map(words_sorted, (tested, trained))) >= SHARED).nonzero()
    pairs = [(tested[row], trained[column]) for row, column in zip(rows, columns, strict=True)]
    compared = list(dict.fromkeys(text for pair in pairs for text in pair))
    row = dict(zip(compared, vectors_of(compared), strict=True)) if compared else {}
    near = [pair for pair in pairs if float(row[pair[0]] @ row[pair[1]]) >= SAME_MEANING]
    assert near == []


@pytest.mark.parametrize("path", sorted(LINES.glob("*.jsonl")), ids=lambda path: path.name)
def test_no_line_is_labelled_in_two_ways(path: Path) -> None:
    labels: dict[str, set[str]] = {}
    for text, label in lines(path.name):
        labels.setdefault(text, set()).add(label)
    assert {text: found for text, found in labels.items() if len(found) > 1} == {}
