"""From which lines it is learned what matches.

Law: only the `*.train.jsonl` and their sheets are read here, and not what `asked_mix` holds back to
learn from how far this is to be trusted.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understanding.likeness import wordings_of
from assistant.understanding.training import LINES
from understanding.asked import sheet_plan
from understanding.asked_mix import asked_lines, group_of, is_held_back
from understanding.kinds_fit import ways
from understanding.word_errors import with_word_errors

FILES = ("asked.train", "asked.sheets", "kinds.train")
SEEDS = (7, 8, 9)
"""Of the word errors: other ones than where it is measured."""
HARD_MATCHES = 0.5
"""So much counts what was made to be hard, beside what is said as people speak: more than for the
mixes, for here it does little harm."""
CORE = 3
"""The first so many lines of a kind are how it is prepared."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line that chooses."""

    texts: Sequence[str]
    """As it was said, and with word errors."""
    chosen: int
    """Which question it asks; their number for none."""
    counts: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Lines that choose among the same questions."""

    questions: Sequence[Sequence[str]]
    """The wordings of each."""
    lines: Sequence[Said]


def check_sum() -> str:
    """Return the check sum of the lines."""
    sums = [hashlib.sha256((LINES / f"{name}.jsonl").read_bytes()).digest() for name in FILES]
    return hashlib.sha256(b"".join(sums)).hexdigest()


def sheets() -> list[Choice]:
    """Return what was said beside each sheet, without what is held back."""
    found: list[Choice] = []
    lines = [line for line in asked_lines() if not is_held_back(group_of(line))]
    for sheet in dict.fromkeys(line.sheet for line in lines):
        questions = sheet_plan(sheet).questions
        place = {question.id: n for n, question in enumerate(questions)}
        said: list[Said] = []
        for line in (line for line in lines if line.sheet == sheet):
            text = f"{line.before} {line.text}".strip()
            spoilt = [with_word_errors(text, seed=seed) for seed in SEEDS]
            counts = 1.0 if line.plain else HARD_MATCHES
            said.append(Said((text, *spoilt), place.get(line.asked, len(place)), counts))
        found.append(Choice([wordings_of(question) for question in questions], said))
    return found


def all_kinds() -> Choice:
    """Return the choice of the ways to ask among all kinds of questions."""
    by_kind: dict[str, list[str]] = {}
    for way in ways():
        by_kind.setdefault(way.kind, []).append(way.text)
    names, core = list(by_kind), {kind: own[:CORE] for kind, own in by_kind.items()}
    others = [way for way in ways() if way.text not in core[way.kind]]
    chosen = [len(names) if way.beside else names.index(way.kind) for way in others]
    said = [Said((way.text,), at, 1.0) for way, at in zip(others, chosen, strict=True)]
    return Choice(list(core.values()), said)
