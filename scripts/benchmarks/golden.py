"""Whole scripted interviews, each with the cues a thoughtful friend would have murmured.

A folder for each: `plan.md` the sheet, `transcript.jsonl` what was said and when, as `rehearse`
reads it, and `cues.jsonl` the friend's judgement, a label a line; a call without it was judged for
its notes alone, and has no part in this. Law: the friend judged the talk before the program ever
heard it; a label changes only where it was wrong by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from assistant.errors import InputError
from assistant.events import Entry
from assistant.hearing.transcript import Line, facts_of, read_transcript
from assistant.plan import Plan
from assistant.rehearsal import Rehearsal, started
from assistant.settings import texts
from assistant.sheet import read_sheet
from assistant.speaking.speakable import estimated_length_s
from assistant.textfile import in_words
from assistant.understanding.meaning import Understand
from assistant.wording import Wording

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "tests" / "calls"
TRANSCRIPT, CUES = "transcript.jsonl", "cues.jsonl"


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of a call, and what the friend would have done in it."""

    from_s: float
    to_s: float
    mark: Literal["must", "may", "not"]
    """A cue must come, may come, must not come."""
    why: str
    kinds: tuple[str, ...] = ()
    """The kinds of cue this is about; for `not`, none named means all."""
    questions: tuple[str, ...] = ()
    """The ids of questions that are worth a cue here; none named means any."""

    def holds(self, at_s: float) -> bool:
        """Tell whether that moment is in the stretch."""
        return self.from_s <= at_s <= self.to_s


@dataclass(frozen=True, slots=True)
class GoldenCall:
    """One interview."""

    name: str
    plan: Plan
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]

    @property
    def length_s(self) -> float:
        """How long they talked."""
        return max((line.end_s for line in self.lines), default=0.0)

    def lived(self, understand: Understand) -> list[Entry]:
        """Live the call through the program; return its journal."""
        first = started(self.name, self.plan.starts, "transcript", "rehearsal")
        rehearsal = Rehearsal(self.plan, estimated_length_s, understand)
        return list(rehearsal.live(first, facts_of(self.lines)))


def read_calls(folder: Path, name: str = "") -> list[GoldenCall]:
    """Read the calls in a folder that were judged for cues, or the one that it is or that is named.

    Raises InputError, also where that one has no cues.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder.")
    is_call = (folder / TRANSCRIPT).is_file()
    found = [folder] if is_call else sorted(path.parent for path in folder.glob(f"*/{TRANSCRIPT}"))
    named = [path for path in found if name in ("", path.name)]
    judged = [path for path in named if (path / CUES).is_file()]
    if (is_call or name) and named and not judged:
        raise InputError(f"There are no cues in {named[0]}.")
    return [read_call(path) for path in judged]


def read_call(folder: Path) -> GoldenCall:
    """Read one call, without labels if it has no cues. Raises InputError."""
    plan = read_sheet(folder / "plan.md", Wording("en", [texts("prompts")]))
    lines = read_transcript(folder / TRANSCRIPT)
    return GoldenCall(folder.name, plan, tuple(lines), tuple(_labels(folder / CUES, plan)))


def _labels(path: Path, plan: Plan) -> Sequence[Label]:
    try:
        rows = path.read_bytes().splitlines() if path.exists() else []
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}.") from error
    labels: list[Label] = []
    known = {question.id for question in plan.questions}
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        try:
            label = msgspec.json.decode(row, type=Label)
        except ValueError as error:
            raise InputError(f"{path}, line {number}: {in_words(error)}.") from error
        if label.from_s >= label.to_s:
            raise InputError(f"{path}, line {number}: it ends before it starts.")
        if strange := set(label.questions) - known:
            raise InputError(f"{path}, line {number}: no question is called {min(strange)}.")
        labels.append(label)
    return labels
