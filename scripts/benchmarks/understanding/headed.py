"""What the measurements of the three heads share: their frozen lines, and one line scored."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.events import Channel, Heard
from assistant.minds.spoken import find, phrases_of, words_of
from assistant.plan import Plan
from assistant.understanding.heads import Heads
from assistant.understanding.training import LINES, Line, lines_of
from understanding.model import sentences
from understanding.prepared import plan_of
from understanding.score import Counts, Score
from understanding.word_errors import with_word_errors

Told = Callable[[str], bool]
"""Whether a line is one of these."""


OTHERS = {"by a second hand": "second", "other voices": "third"}
"""Smaller parts, written by or in the voice of somebody else."""


@dataclass(frozen=True, slots=True)
class Task:
    """One head, and what was promised of it."""

    name: str
    head: str
    channel: Channel
    at: float
    target: str
    is_met: Callable[[Counts], bool] | None
    """None where nothing was promised of single lines."""
    trivial: Told
    trivially: str


@cache
def plan() -> Plan:
    """Return the standard plan, whose dials and phrases are the shipped ones."""
    return plan_of("informational")


@cache
def heads(*, words_only: bool | None = None) -> Heads:
    """Return the shipped heads with the sentences of this run."""
    return Heads(plan(), sentences(words_only))


def score_of(task: Task, text: str, *, words_only: bool | None = None) -> float:
    """Return the score of a line said by itself."""
    heard = Heard(task.channel, 10.0, 13.0, text)
    return getattr(heads(words_only=words_only).scores(heard), task.head)


def has_phrase(phrases: Sequence[str]) -> Told:
    """Return the trivial way: one of the phrases is in it."""
    book = phrases_of(phrases)
    return lambda text: find(words_of(text), book) is not None


def frozen(task: Task) -> list[Score]:
    """Score the frozen part of a head: as it is, with word errors, and without the model."""
    lines = lines_of(task.head, "test")
    noisy = [Line(with_word_errors(line.text), line.label, line.kind) for line in lines]
    others = [
        (name, part)
        for name, part in OTHERS.items()
        if (LINES / f"{task.head}.{part}.jsonl").is_file()
    ]
    return [
        scored(task, "frozen", lines),
        scored(task, "frozen, 15 % word errors", noisy, is_promised=False),
        scored(task, "frozen, no model", lines, is_promised=False, words_only=True),
        *(scored(task, name, lines_of(task.head, part)) for name, part in others),
    ]


def scored(
    task: Task,
    part: str,
    lines: Sequence[Line],
    *,
    is_promised: bool = True,
    words_only: bool | None = None,
) -> Score:
    """Score labelled lines, each by itself."""
    scores = [score_of(task, line.text, words_only=words_only) for line in lines]
    pairs = list(zip(lines, scores, strict=True))
    found = counts((bool(line.label), score >= task.at) for line, score in pairs)
    return Score(
        task.name,
        part,
        len(lines),
        found,
        target=task.target if is_promised else "",
        is_met=task.is_met(found) if is_promised and task.is_met else None,
        baseline=counts((bool(line.label), task.trivial(line.text)) for line in lines),
        note=f"lines; trivial: {task.trivially}" if is_promised else "",
        missed=tuple(
            f"{'missed' if line.label else 'false'} {score:.2f} {line.kind}: {line.text}"
            for line, score in pairs
            if (score >= task.at) != bool(line.label)
        ),
    )


def counts(pairs: Iterable[tuple[bool, bool]]) -> Counts:
    """Count pairs of (is one, was found)."""
    tp = fp = fn = 0
    for is_one, is_found in pairs:
        tp += is_one and is_found
        fp += is_found and not is_one
        fn += is_one and not is_found
    return Counts(tp, fp, fn)
