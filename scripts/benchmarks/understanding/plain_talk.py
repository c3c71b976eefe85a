"""The lines of our test parts, and ordinary talk of others cut into sentences.

Law: ordinary talk keeps its order and gives each sentence once; what is cut out of it is only
what no recogniser would write: signs of the transcript, and empty sentences.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from understanding.dialogue import acts, interviews, meetings

LINES = Path(__file__).resolve().parents[3] / "assistant" / "understanding" / "lines"
SENTENCES = 1000
"""What is seen in ordinary talk is counted per so many sentences."""
SHORTEST_WORDS = 3

_SIGNS = re.compile(r"\{[^}]*\}|<[^>]*>|\[[^\]]*\]|\([^)]*\)|[\u266a|]")
_END = re.compile(r"(?<=[.?!])\s+")

T = TypeVar("T")


def test_lines(task: str, kind: type[T]) -> list[T]:
    """Read the frozen test part of a task."""
    return part_lines(task, "test", kind)


def part_lines(task: str, part: str, kind: type[T]) -> list[T]:
    """Read a frozen part of a task: "test", or "second" of another hand."""
    decoder = msgspec.json.Decoder(kind)
    text = (LINES / f"{task}.{part}.jsonl").read_text(encoding="utf-8")
    return [decoder.decode(line) for line in text.splitlines() if line.strip()]


def sentences_of(data: Path) -> list[str]:
    """Return the sentences of the interviews and meetings in a folder of others."""
    said = (
        sentence
        for text in _turns(data)
        for sentence in _END.split(" ".join(_SIGNS.sub(" ", text).split()))
    )
    return [text for text in dict.fromkeys(said) if len(text.split()) >= SHORTEST_WORDS]


def _turns(data: Path) -> Iterator[str]:
    for interview in interviews(data):
        for turn in interview.turns:
            yield turn.text
    for act in acts(data):
        yield act.text
    for meeting in meetings(data):
        for spoken in meeting.meeting_transcripts:
            yield spoken.content
