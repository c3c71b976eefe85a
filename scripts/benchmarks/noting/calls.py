"""Golden calls, lived and noted: as written, without marks, and as an engine heard them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from golden import TRANSCRIPT, GoldenCall, read_call
from understanding.word_errors import as_recognised

from assistant.hearing.transcript import Line, read_transcript
from assistant.notes.notes import learn
from assistant.notes.words import Words
from assistant.understanding.meaning import Meaning
from assistant.understanding.sentences import Sentences
from noting import citing
from noting.judging import Judged, judge
from noting.labels import NAME, Label, read_labels

HEARD = "heard.jsonl"
"""Beside the transcript: the same lines as an engine heard them through a telephone."""


UNTRIED = ("museum", "insulation", "podiatry")
"""Calls on which no rule was tried out: these tell what to expect of a call nobody has seen."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How the words come."""

    name: str
    lines: Callable[[Path, GoldenCall], Sequence[Line] | None]
    """The lines of a call; None where it has none of the kind."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One call under one condition."""

    judged: Judged
    quotes: int
    unheld: int
    """Of the quotes: those whose lines do not hold them."""


def _as_written(folder: Path, call: GoldenCall) -> Sequence[Line] | None:
    del folder
    return call.lines


def _bare(folder: Path, call: GoldenCall) -> Sequence[Line] | None:
    del folder
    return [msgspec.structs.replace(li, text=as_recognised(li.text)) for li in call.lines]


def _heard(folder: Path, call: GoldenCall) -> Sequence[Line] | None:
    del call
    path = folder / HEARD
    return read_transcript(path) if path.is_file() else None


CONDITIONS = (
    Condition("written", _as_written),
    Condition("bare", _bare),
    Condition("heard", _heard),
)


def noted(
    folder: Path,
    name: str,
    words: Words,
    sentences: Sentences,
    condition: Condition,
    *,
    is_untried: bool,
) -> Iterator[Noted]:
    """Live and note the labelled calls of a folder, or the one of that name.

    `is_untried`: those of UNTRIED, else all others.
    """
    found = [folder] if (folder / NAME).is_file() else sorted(folder.iterdir())
    for path in found:
        has_all = (path / NAME).is_file() and (path / TRANSCRIPT).is_file()
        if not has_all or name not in ("", path.name) or (path.name in UNTRIED) != is_untried:
            continue
        call = read_call(path)
        lines = condition.lines(path, call)
        if lines is not None:
            yield _noted(replace(call, lines=tuple(lines)), read_labels(path), words, sentences)


def _noted(call: GoldenCall, labels: Sequence[Label], words: Words, sentences: Sentences) -> Noted:
    entries = call.lived(Meaning(call.plan, sentences).understand)
    notes = learn(call.plan, entries, words)
    count, unheld = citing.unheld(notes, entries)
    return Noted(judge(call.name, notes, entries, labels), count, len(unheld))
