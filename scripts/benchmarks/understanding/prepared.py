"""The sheets that our own situations and stretches of talk are set in.

`informational` and `research` are the standard sets as they are shipped; the others are a user's
own questions as they lie in the file of sheets: with no cue and no other wording.
"""

from functools import cache
from pathlib import Path

import msgspec

from assistant.plan import Plan, Question
from assistant.sheet import standard_plan
from assistant.sheet.question import with_cue
from assistant.wording import Wording
from understanding.plain_talk import LINES

WORDING = Wording("en", (Path(__file__).resolve().parents[3] / "prompts",))
STANDARD_MINUTES = {"informational": 20.0, "research": 30.0}


class _Sheet(msgspec.Struct, frozen=True):
    sheet: str
    minutes: float
    goal: str
    questions: tuple[Question, ...]


@cache
def plan_of(sheet: str) -> Plan:
    """Return the plan of a sheet, in which leave to take notes was given."""
    if sheet in STANDARD_MINUTES:
        plan = standard_plan(WORDING, sheet, "", STANDARD_MINUTES[sheet])
        return msgspec.structs.replace(plan, consent="given")
    text = (LINES / "next.sheets.jsonl").read_text(encoding="utf-8").splitlines()
    sheets = (msgspec.json.decode(line, type=_Sheet) for line in text)
    own = next(s for s in sheets if s.sheet == sheet)
    plain_words = frozenset(WORDING.words("sheet")["plain_words"])
    return Plan(
        minutes=own.minutes,
        goal=own.goal,
        consent="given",
        questions=tuple(with_cue(question, plain_words) for question in own.questions),
        lines=WORDING.lines(),
        phrases=WORDING.phrases(),
        themes=WORDING.themes(),
    )
