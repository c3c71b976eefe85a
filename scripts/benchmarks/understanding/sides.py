"""One microphone: whose line it is, told from the words alone and with how loud it was.

A line is a sentence of a turn, or the whole of a short one; fillers do not count. `right` is of
all lines, so what is left open counts as not right; the note says how many were told and how many
of those were right. Loudness is a model of ours, since no text has it: the level of each voice is
normal about its mean with 3 dB, the host's mean 8 dB above the guest's: a voice at arm's length
and a phone on speaker. The baseline says `them` of every line.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import msgspec

from assistant.events import Channel, Entry, Heard
from assistant.minds.sides import Sides
from assistant.minds.spoken import utterances_of
from assistant.plan import Plan
from assistant.wording import Wording
from understanding import dialogue
from understanding.score import Score
from understanding.word_errors import as_recognised

ROOT = Path(__file__).resolve().parents[3]
MINE_DB, THEIRS_DB, SPREAD_DB = -22.0, -30.0, 3.0
WORDS_PER_S = 2.7
PIECE_WORDS = 32
"""The hearing cuts long talk every twelve seconds or so."""
_ENDS = re.compile(r"(?<=[.?!])\s+")
_REMARKS = re.compile(r"\\?\[[^\]]*\]")


class _Said(NamedTuple):
    channel: Channel
    text: str


Call = list[_Said]


def measure(data: Path | None) -> list[Score]:
    """Score our own scripted calls, whose weights were fitted on them, or interviews of others."""
    if data is None:
        calls, name = list(_ours()), "our calls (weights fitted on them)"
    else:
        calls, name = list(_interviews(data)), "founderstalk"
    if not calls:
        return []
    return [
        _score(calls, f"{name}, text alone", lambda _channel, _chance: None),
        _score(calls, f"{name}, modelled loudness", _level_db),
    ]


def _score(
    calls: list[Call], part: str, level_db: Callable[[Channel, Random], float | None]
) -> Score:
    plan = Plan(phrases=Wording("en", (ROOT / "prompts",)).phrases())
    utterances = utterances_of(plan.phrases)
    lines = told = right = theirs = 0
    chance = Random(5)  # noqa: S311
    for call in calls:
        sides, at_s = Sides(plan), 0.0
        for seq, (channel, text) in enumerate(call, 1):
            start_s, at_s = at_s, at_s + max(0.3, len(text.split()) / WORDS_PER_S)
            level = level_db(channel, chance)
            heard = sides.mark(Heard(Channel.UNCLEAR, start_s, at_s, text, loudness_db=level))
            sides.take(Entry(seq, at_s, heard))
            if utterances.is_empty(text):
                continue
            lines += 1
            told += heard.probably is not None
            right += heard.probably is channel
            theirs += channel is Channel.THEM
    share = right / told if told else 1.0
    note = (
        f"lines; {1 - told / lines:.0%} left open, of those told {share:.1%} right; "
        f"baseline, always them: {theirs / lines:.1%}"
    )
    return Score("sides", part, lines, right=right, note=note)


def _level_db(channel: Channel, chance: Random) -> float:
    mean_db = MINE_DB if channel is Channel.ME else THEIRS_DB
    return round(chance.gauss(mean_db, SPREAD_DB), 1)


class _Line(msgspec.Struct, frozen=True):
    channel: Channel
    start_s: float
    text: str


def _ours() -> Iterator[Call]:
    paths = sorted((ROOT / "tests" / "calls").glob("*/transcript.jsonl"))
    for path in (ROOT / "scripts" / "sample" / "interview.jsonl", *paths):
        lines = [msgspec.json.decode(line, type=_Line) for line in path.read_bytes().splitlines()]
        if {Channel.ME, Channel.THEM} <= {line.channel for line in lines}:
            lines.sort(key=lambda line: line.start_s)
            yield [_Said(line.channel, as_recognised(line.text)) for line in lines]


def _interviews(data: Path) -> Iterator[Call]:
    for interview in dialogue.interviews(data):
        yield [
            _Said(Channel.ME if turn.speaker == interview.host else Channel.THEM, piece)
            for turn in interview.turns
            for piece in _pieces(_REMARKS.sub(" ", turn.text))
        ]


def _pieces(text: str) -> Iterator[str]:
    """Cut a turn as the hearing would: sentences together, until they are too many words."""
    piece: list[str] = []
    for sentence in _ENDS.split(text):
        words = as_recognised(sentence).split()
        if piece and len(piece) + len(words) > PIECE_WORDS:
            yield " ".join(piece)
            piece = []
        piece += words
    if piece:
        yield " ".join(piece)
