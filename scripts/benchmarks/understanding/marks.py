"""Spoken marks and commands: how many are found, and how many are seen in ordinary talk.

The frozen part is our own: lines as a recogniser might write them, and ordinary
ones that look alike. In dialogue of others every mark counts as a false one,
whoever spoke, though some say the very words: nobody there talks to a
companion. It is cut into sentences, since phrases stand at the ends of what is
heard. The baseline looks for the plan's phrases as they are written, anywhere.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

from assistant.events import Channel, Entry, Heard, MarkHeard
from assistant.minds.markers import Markers
from assistant.plan import Plan
from assistant.wording import Wording
from understanding import dialogue
from understanding.score import Counts, Score
from understanding.word_errors import as_recognised

ROOT = Path(__file__).resolve().parents[3]
TEST = ROOT / "assistant" / "understanding" / "lines" / "marks.test.jsonl"
TARGET = "at most 0.2 false per hour"
MOST_PER_H = 0.2
_ENDS = re.compile(r"(?<=[.?!])\s+")
_REMARKS = re.compile(r"\{[^}]*\}|\\?\[[^\]]*\]|<[^>]*>")


class _Line(msgspec.Struct, frozen=True, rename={"kind": "is"}):
    text: str
    kind: str
    """A kind of MarkHeard, or `none`."""


def measure(data: Path | None) -> list[Score]:
    """Score the frozen part, or count false marks in dialogue of others."""
    if data is None:
        return [_frozen()]
    interviewed = [
        (turn.text, turn.speaker == interview.host)
        for interview in dialogue.interviews(data)
        for turn in interview.turns
    ]
    talks = {
        "founderstalk, hosts": [text for text, is_host in interviewed if is_host],
        "founderstalk, guests": [text for text, is_host in interviewed if not is_host],
        "qmsum": [turn.content for m in dialogue.meetings(data) for turn in m.meeting_transcripts],
        "mrda": list(_mrda(data)),
    }
    return [_talk(name, texts) for name, texts in talks.items() if texts]


def _frozen() -> Score:
    lines = [msgspec.json.decode(line, type=_Line) for line in TEST.read_bytes().splitlines()]
    found = [(line, mark_of(line.text)) for line in lines]
    wrong = [f"{line.kind}: {line.text} -> {kind}" for line, kind in found if line.kind != kind]
    return Score(
        "marks",
        "frozen",
        len(lines),
        _counts((line.kind, kind) for line, kind in found),
        target="none promised for recall; no false mark",
        baseline=_counts((line.kind, _written(line.text)) for line in lines),
        note="lines; baseline: the phrases as they are written",
        missed=tuple(wrong),
    )


def _talk(name: str, texts: Iterable[str]) -> Score:
    hours, false, written, said = 0.0, 0, 0, list[str]()
    for text in texts:
        hours += dialogue.hours(len(text.split()))
        for sentence in _ENDS.split(_REMARKS.sub(" ", text)):
            heard = as_recognised(sentence)
            if (kind := mark_of(heard)) != "none":
                false += 1
                said.append(f"{kind}: {heard[:120]}")
            written += _written(heard) != "none"
    rate = false / hours
    return Score(
        "marks",
        name,
        round(hours),
        rate=rate,
        target=TARGET,
        is_met=rate <= MOST_PER_H,
        baseline=None,
        note=f"hours of talk; {false} false; phrases as written: {written / hours:.2f} per hour",
        missed=tuple(said),
    )


def mark_of(text: str) -> str:
    """Return the kind of the mark that the user makes by saying so, or `none`."""
    markers = Markers(_plan())
    heard = Heard(Channel.ME, 1.0, 3.0, text)
    found = markers.feed(Entry(1, 3.5, heard))
    # What opens a note is one, though it comes later.
    found += markers.feed(Entry(2, 30.0, Heard(Channel.ME, 28.0, 29.0, "and then")))
    return next((mark.kind for mark in found if isinstance(mark, MarkHeard)), "none")


@cache
def _plan() -> Plan:
    return Plan(phrases=Wording("en", (ROOT / "prompts",)).phrases())


@cache
def _books() -> tuple[tuple[str, tuple[str, ...]], ...]:
    phrases = _plan().phrases
    after_wake = tuple(
        (kind, tuple(f"{wake} {command}" for wake in phrases.wake for command in commands))
        for kind, commands in phrases.commands.items()
    )
    return (*after_wake, ("note", phrases.note), ("moment", phrases.moment), ("name", phrases.name))


def _written(text: str) -> str:
    heard = as_recognised(text)
    return next((kind for kind, all_ in _books() if any(p in heard for p in all_)), "none")


def _counts(pairs: Iterable[tuple[str, str]]) -> Counts:
    tp = fp = fn = 0
    for true, found in pairs:
        tp += true == found != "none"
        fp += found not in ("none", true)
        fn += true not in ("none", found)
    return Counts(tp, fp, fn)


def _mrda(data: Path) -> Iterator[str]:
    """Yield each utterance once: those around one are those around the next as well."""
    said: dict[tuple[str, str], None] = {}
    for act in dialogue.acts(data):
        around = (*act.before, f"{act.speaker}: {act.text}", *act.after)
        said |= {(act.meeting, line.partition(": ")[2]): None for line in around}
    for _, text in said:
        yield text
