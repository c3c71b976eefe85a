"""The next question: of situations in which a talk stalls, in how many a good one is murmured.

Our own situations: a sheet, what was asked, what they said last, and the minutes left. Each has
up to three questions that a thoughtful friend would offer, or "more", a follow-up on their last
point. The real coach is asked, with what the real understanding makes of their words. The
baseline offers the first open question in the sheet's order.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from assistant.events import (
    Channel,
    Cue,
    Entry,
    Fact,
    Finding,
    Heard,
    SpeechEnded,
    SpeechStarted,
    Stalled,
    Ticked,
    Touched,
)
from assistant.minds.coach import Coach
from assistant.understanding.meaning import BEFORE, Meaning, Utterance
from understanding.model import sentences
from understanding.plain_talk import test_lines
from understanding.prepared import plan_of
from understanding.score import Score
from understanding.word_errors import with_word_errors

TARGET = "acceptable >= 0.90"
LEAST = 0.90
WORDS_PER_S = 2.7
GAP_S, STALL_S = 0.5, 4.5
MORE = "more"


class Situation(msgspec.Struct, frozen=True):
    """Where a talk stalls, and what would be good to ask."""

    sheet: str
    left: float
    """Minutes."""
    asked: tuple[str, ...]
    lines: tuple[str, ...]
    """What was said last: "M ..." by me, "T ..." by them."""
    best: tuple[str, ...]
    touched: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    """The points that a follow-up may be about."""


def measure(data: Path | None) -> list[Score]:
    """Score our situations; no data of others has this task."""
    if data is not None:
        return []
    situations = test_lines("next", Situation)
    return [
        _score("frozen", situations, str),
        _score("frozen, 15 % word errors", situations, with_word_errors),
    ]


def _score(part: str, situations: list[Situation], heard_as: Callable[[str], str]) -> Score:
    said = [(s, offered(s, heard_as)) for s in situations]
    missed = [
        f"{s.sheet}, {s.left:g} min: {s.lines[-1][2:]} -> {got}, not {' / '.join(s.best)}"
        for s, got in said
        if not is_good(s, got)
    ]
    right = len(said) - len(missed)
    usual = sum(_in_order(s) in s.best for s in situations) / len(situations)
    return Score(
        "next",
        part,
        len(situations),
        right=right,
        target=TARGET,
        is_met=right >= LEAST * len(situations),
        note=f"situations; baseline, the sheet's order: {usual:.2f}",
        missed=tuple(missed),
    )


def is_good(situation: Situation, got: str) -> bool:
    """Tell whether that is one of the best; a follow-up must be about one of their points."""
    kind, _, topic = got.partition(": ")
    is_about = kind != MORE or any(topic in point or point in topic for point in situation.more)
    return kind in situation.best and is_about


def offered(situation: Situation, heard_as: Callable[[str], str] = str) -> str:
    """Return the id of the question the coach murmurs; "more: ..." for a follow-up."""
    plan = plan_of(situation.sheet)
    coach, meaning = Coach(plan), _meaning(situation.sheet)
    now_s = plan.length_s - 60 * situation.left
    heard = _timed(situation, now_s - STALL_S, heard_as)
    events: list[tuple[float, Fact | Finding]] = [
        (1.0, Ticked(i, "asked")) for i in situation.asked
    ]
    events += [(2.0, Touched(question_id, 0, 0.7)) for question_id in situation.touched]
    for number, line in enumerate(heard):
        seq = len(events) + 3
        at_s = line.end_s + 0.3
        events.append((line.start_s, SpeechStarted(line.channel, line.start_s)))
        events.append((at_s, SpeechEnded(line.channel, line.start_s, line.end_s)))
        events.append((at_s, line))
        before = tuple(heard[max(0, number - BEFORE) : number])
        events.append((at_s, meaning.understand(Utterance(seq, line, before))))
    events.append((now_s, Stalled(now_s - STALL_S)))
    found = [
        finding
        for number, (at_s, event) in enumerate(events)
        for finding in coach.feed(Entry(number + 1, at_s, event))
    ]
    cue = next((f for f in found if isinstance(f, Cue)), None)
    if cue is None:
        return "nothing"
    topic = cue.text.removeprefix(plan.lines.more.format(topic=""))
    return cue.question_id or (f"{MORE}: {topic}" if cue.kind == "question" else cue.text)


@cache
def _meaning(sheet: str) -> Meaning:
    return Meaning(plan_of(sheet), sentences())


def _timed(situation: Situation, end_s: float, heard_as: Callable[[str], str]) -> list[Heard]:
    """Give the lines their times, the last one ending at `end_s`."""
    timed: list[Heard] = []
    for line in reversed(situation.lines):
        text = heard_as(line[2:])
        start_s = end_s - len(text.split()) / WORDS_PER_S
        channel = Channel.ME if line.startswith("M ") else Channel.THEM
        timed.insert(0, Heard(channel, start_s, end_s, text))
        end_s = start_s - GAP_S
    return timed


def _in_order(situation: Situation) -> str:
    questions = plan_of(situation.sheet).questions
    is_open = (q.id for q in questions if q.id not in situation.asked and not q.thanks)
    return next(is_open, "nothing")
