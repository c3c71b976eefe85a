"""What is heard in whole calls, line by line, as the understanding gets it.

The sample interview and the golden calls; and, of each side's lines in a row, one long turn as
a recogniser gives it that hears no pause.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from assistant.events import Channel, Heard
from assistant.plan import Plan
from assistant.sheet import standard_plan
from assistant.understanding.meaning import BEFORE, Utterance
from assistant.wording import Wording

ROOT = Path(__file__).resolve().parents[3]
LONG_TURN_WORDS = 80
LINES, TURNS = 40, 5
"""So many of each call; in a row, as what was said before is remembered."""


class _Line(msgspec.Struct, frozen=True):
    channel: Channel
    start_s: float
    end_s: float
    text: str


def plan() -> Plan:
    """Return the plan of a call that nobody prepared: the standard questions."""
    return standard_plan(Wording("en", (ROOT / "prompts",)), "informational", "", 20.0)


def utterances() -> Iterator[Utterance]:
    """Yield the lines of all calls as they were heard, each with those before it."""
    for call in _calls():
        yield from _in_place(call[:LINES])


def long_turns() -> Iterator[Utterance]:
    """Yield the long turns of all calls, each with those before it."""
    for call in _calls():
        yield from _in_place(list(_long_turns(call))[:TURNS])


def _calls() -> Iterator[list[Heard]]:
    paths = sorted((ROOT / "tests" / "calls").glob("*/transcript.jsonl"))
    for path in (ROOT / "scripts" / "sample" / "interview.jsonl", *paths):
        lines = (msgspec.json.decode(line, type=_Line) for line in path.read_bytes().splitlines())
        yield [Heard(line.channel, line.start_s, line.end_s, line.text) for line in lines]


def _in_place(call: Sequence[Heard]) -> Iterator[Utterance]:
    for at, heard in enumerate(call):
        yield Utterance(at, heard, tuple(call[max(0, at - BEFORE) : at]))


def _long_turns(call: Sequence[Heard]) -> Iterator[Heard]:
    """Join what one side says, though the other said something between, to turns of 80 words."""
    by_side = sorted(call, key=lambda heard: heard.channel)
    for channel, lines in groupby(by_side, key=lambda heard: heard.channel):
        turn: list[Heard] = []
        for line in lines:
            turn.append(line)
            if sum(len(heard.text.split()) for heard in turn) >= LONG_TURN_WORDS:
                text = " ".join(heard.text for heard in turn)
                yield Heard(channel, turn[0].start_s, turn[-1].end_s, text)
                turn = []
