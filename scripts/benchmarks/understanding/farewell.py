"""They want to end: our frozen lines, and whole interviews of others.

An interview is told in lines as the ear gives them, with its length as the plan: once as one
microphone hears it, once with the host as the user, as with a headset. Its last `LAST` utterances
(turns) are its end: a Farewell before them is a false one, and a call is found when there is a
Farewell in them. Where people end a long talk in more turns than that, some false ones are none:
how many came with no more than `ENDING_S` left is said beside. The trivial way finds the plan's
phrases, at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from assistant.events import Channel, Entry, Farewell, Heard, Understood
from assistant.minds.farewell import Farewells
from understanding import dialogue
from understanding.headed import Task, frozen, has_phrase, plan, score_of
from understanding.score import Counts, Score
from understanding.talk_cuts import cut

LAST = 5
"""Turns."""
ENDING_S = 300.0
LEAST_RECALL, MOST_FALSE = 0.90, 0.5


def _task() -> Task:
    return Task(
        "farewell",
        "farewell",
        Channel.THEM,
        plan().dials.farewell_pair_at,
        "",
        None,
        has_phrase((*plan().phrases.farewell, *plan().phrases.farewell_sure)),
        "the plan's phrases",
    )


def measure(data: Path | None) -> list[Score]:
    """Score the frozen part, or the ends of interviews of others."""
    task = _task()
    if data is None:
        return frozen(task)
    return _interviews(task, data, is_split=False) + _interviews(task, data, is_split=True)


@dataclass(frozen=True, slots=True)
class _Call:
    id: str
    early: tuple[tuple[float, str], ...]
    """How much was left, in s, and what was taken for a farewell before the end."""
    is_found: bool
    trivial_early: int
    is_trivially_found: bool


def _interviews(task: Task, data: Path, *, is_split: bool) -> list[Score]:
    calls = [_call(task, each, is_split=is_split) for each in dialogue.interviews(data)]
    if not calls:
        return []
    found = Counts(
        sum(call.is_found for call in calls),
        sum(len(call.early) for call in calls),
        sum(not call.is_found for call in calls),
    )
    trivial = Counts(
        sum(call.is_trivially_found for call in calls),
        sum(call.trivial_early for call in calls),
        sum(not call.is_trivially_found for call in calls),
    )
    rate = found.fp / len(calls)
    ending = sum(left_s <= ENDING_S for call in calls for left_s, _ in call.early)
    sides = "two sides" if is_split else "one microphone"
    return [
        Score(
            task.name,
            f"founderstalk, calls, {sides}",
            len(calls),
            found,
            target="recall >= 0.90, at most 0.5 false per call",
            is_met=found.recall >= LEAST_RECALL and rate <= MOST_FALSE,
            baseline=trivial,
            note=f"calls of 60 to 110 minutes; {rate:.2f} false per call before the last {LAST} "
            f"turns, {ending} of {found.fp} with no more than {ENDING_S / 60:.0f} minutes left; "
            f"trivial: {trivial.fp / len(calls):.2f} false per call",
            missed=tuple(
                [f"not found: {call.id}" for call in calls if not call.is_found]
                + [f"false, {call.id}: {text}" for call in calls for _, text in call.early]
            ),
        )
    ]


@cache
def _score(text: str) -> float:
    return score_of(_task(), text)


def _call(task: Task, interview: dialogue.Interview, *, is_split: bool) -> _Call:
    lines = [(n, text) for n, turn in enumerate(interview.turns) for text in cut(turn.text)]
    times_s = _times_s([text for _, text in lines])
    mind = Farewells(msgspec.structs.replace(plan(), minutes=times_s[-1] / 60))
    end = len(interview.turns) - LAST
    early, is_found, trivial = list[tuple[float, str]](), False, [0, 0]
    for n, ((turn, text), at_s) in enumerate(zip(lines, times_s, strict=True)):
        seq = 1 + 2 * n
        if is_split and interview.turns[turn].speaker == interview.host:
            mind.feed(Entry(seq, at_s, Heard(Channel.ME, at_s - 3, at_s, text)))
            continue
        channel = Channel.THEM if is_split else Channel.UNCLEAR
        told = mind.feed(Entry(seq, at_s, Heard(channel, at_s - 3, at_s, text)))
        meant = Understood(seq, farewell=_score(text))
        told += mind.feed(Entry(seq + 1, at_s, meant))
        is_told = any(isinstance(finding, Farewell) for finding in told)
        trivial[turn >= end] += task.trivial(text)
        if is_told and turn >= end:
            is_found = True
        elif is_told:
            early.append((times_s[-1] - at_s, text))
    return _Call(interview.id, tuple(early), is_found, trivial[0], trivial[1] > 0)


def _times_s(texts: Sequence[str]) -> list[float]:
    """Return when each line ends, at the pace of ordinary talk."""
    times_s: list[float] = []
    now_s = 0.0
    for text in texts:
        now_s += max(1, len(text.split())) / dialogue.WORDS_PER_MINUTE * 60
        times_s.append(now_s)
    return times_s
