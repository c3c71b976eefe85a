"""Dates as they are spoken: the right day, or rightly none.

The trivial way is one pattern: a weekday is the next one, a month with its ordinal that day,
"today" and "tomorrow" what they say. In the talk of others nobody has marked the days, so there
it is counted how many of a thousand sentences hold one, and each is listed to be judged by hand.
"""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec

from assistant.notes.talk import plain_words
from assistant.notes.words import words_of
from assistant.understanding.dates import Dates, SpokenDate
from assistant.wording import Wording
from understanding.plain_talk import SENTENCES, part_lines, sentences_of
from understanding.score import Counts, Score

RIGHT = 0.85
FALSE_IN_DATELESS = 1 / 50
ON = date(2026, 12, 1)
"""The day of a call of others, of which the day is not known."""


class _Line(msgspec.Struct, frozen=True):
    """A sentence, the day it was said on, and the day it names."""

    on: str
    said: str
    day: str | None
    sure: bool | None = None
    """Whether the day should be sure; None where both will do."""


def measure(data: Path | None) -> list[Score]:
    """Score our own test part, or the talk of others."""
    if data:
        return [_talk(data)]
    scores = _ours("ours", "test") + _ours("by a second hand", "second")
    scores += _ours("other voices", "third")
    scores += _ours("fresh lines", "fourth")
    scores += _ours("in interviews", "fifth")
    scores += _ours("in calls of all kinds", "sixth")
    scores += _ours("as they come", "seventh")
    return [score for score in scores if score.n]


def _ours(name: str, part: str) -> list[Score]:
    lines = part_lines("dates", part, _Line)
    dated, dateless = [li for li in lines if li.day], [li for li in lines if not li.day]
    found = {line.said: _read(line.said, date.fromisoformat(line.on)) for line in lines}
    right = [li for li in dated if (day := found[li.said]) and day.day == li.day]
    wrong = [li for li in dated if li not in right]
    false = [li for li in dateless if found[li.said]]
    plain = {li.said: _trivial(li.said, date.fromisoformat(li.on)) for li in lines}
    plainly = sum(plain[li.said] == li.day for li in dated)
    plainly_false = sum(plain[li.said] is not None for li in dateless)
    doubted = [li for li in right if li.sure is not None]
    misjudged = [li for li in doubted if (day := found[li.said]) and day.is_sure != li.sure]
    return [
        Score(
            "dates",
            f"{name}, right day",
            len(dated),
            right=len(right),
            target=f">= {RIGHT} right",
            is_met=len(right) >= RIGHT * len(dated),
            baseline=Counts(plainly, plainly_false, len(dated) - plainly),
            note=f"the trivial pattern has {plainly} of {len(dated)} right",
            missed=tuple(
                f"{li.on} {li.said!r}: {li.day}, {_shown(found[li.said])}" for li in wrong
            ),
        ),
        Score(
            "dates",
            f"{name}, none there",
            len(dateless),
            right=len(dateless) - len(false),
            target="<= 1 false in 50",
            is_met=len(false) <= FALSE_IN_DATELESS * len(dateless),
            note=f"the trivial pattern sees {plainly_false} of {len(dateless)}",
            missed=tuple(f"{li.said!r}: {_shown(found[li.said])}" for li in false),
        ),
        Score(
            "dates",
            f"{name}, doubt",
            len(doubted),
            right=len(doubted) - len(misjudged),
            note="of the right days: sure where it is, doubtful where people do not agree",
            missed=tuple(f"{li.said!r}: {_shown(found[li.said])}" for li in misjudged),
        ),
    ]


def _talk(data: Path) -> Score:
    said = sentences_of(data)
    found = [(text, day) for text in said if (day := _read(text, ON))]
    plain = sum(_trivial(text, ON) is not None for text in said)
    per = SENTENCES / len(said) if said else 0.0
    return Score(
        "dates",
        "talk of others",
        len(said),
        rate=len(found) * per,
        note=f"days seen per {SENTENCES} sentences, right and wrong; trivial {plain * per:.2f}",
        missed=tuple(f"{day.heard!r} ({_shown(day)}): {text}" for text, day in found),
    )


@cache
def _dates() -> Dates:
    prompts = Path(__file__).resolve().parents[3] / "prompts"
    return Dates(words_of(Wording("en", (prompts,)).words("notes")).dates)


def _read(text: str, on: date) -> SpokenDate | None:
    return _dates().first(" ".join(plain_words(text)), on)


def _shown(found: SpokenDate | None) -> str:
    return f"{found.day} {'sure' if found.is_sure else 'in doubt'}" if found else "none"


_PLAIN = re.compile(
    r"\b(?P<near>today|tomorrow)\b|\b(?P<weekday>mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?P<month>january|february|march|april|may|june|july|august|september|october|november"
    r"|december) (?:the )?(?P<number>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|tenth)\b"
)
_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBERS = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)


def _trivial(text: str, on: date) -> str | None:
    match = _PLAIN.search(text.lower())
    if not match:
        return None
    if near := match["near"]:
        return (on + timedelta(days=near == "tomorrow")).isoformat()
    if weekday := match["weekday"]:
        ahead = (_WEEKDAYS.index(weekday) - on.weekday() - 1) % 7 + 1
        return (on + timedelta(days=ahead)).isoformat()
    day = date(on.year, _MONTHS.index(match["month"]) + 1, _NUMBERS.index(match["number"]) + 1)
    return (day if day >= on else day.replace(year=on.year + 1)).isoformat()
