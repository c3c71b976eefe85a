"""A transcript in place of sound: lines with their times, and the facts an ear would have brought.

Reads JSON lines. Law: the facts depend on the lines alone; a line that is none is named.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from assistant.errors import InputError
from assistant.events import CallEnded, Channel, Heard, SpeechEnded, SpeechStarted
from assistant.hearing.rest import Timed
from assistant.textfile import in_words

NOTICED_AFTER_S = 0.5
"""In a transcript without sound, an end of speech is noticed so long after it; as the ear does."""
LONGEST_CALL_S = 86_400.0
LARGEST_BYTES = 64 * 1024 * 1024


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a transcript to rehearse with."""

    channel: Channel
    start_s: float
    end_s: float
    text: str


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a transcript as it is written: with a channel, or with who speaks by name."""

    start_s: float
    end_s: float
    text: str
    channel: Channel | None = None
    speaker: str = ""


def read_rows(path: Path) -> list[Row]:
    """Read a transcript, a line of JSON for each utterance. Raises InputError."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError(f"{path} is too large for a transcript.")
        rows = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}.") from error
    return [_read_line(path, n, row) for n, row in enumerate(rows, 1) if row.strip()]


def read_transcript(path: Path) -> list[Line]:
    """Read a transcript whose lines have their channel; whoever is only named is unclear."""
    return [
        Line(row.channel or Channel.UNCLEAR, row.start_s, row.end_s, row.text)
        for row in read_rows(path)
    ]


def _read_line(path: Path, number: int, row: bytes) -> Row:
    try:
        line = msgspec.json.decode(row, type=Row)
    except (ValueError, RecursionError) as error:
        expected = '{"channel": "me", "start_s": 1.0, "end_s": 2.5, "text": "hello"}'
        raise InputError(
            f"{path}, line {number}: {in_words(error)}.", f"A line should look like {expected}"
        ) from error
    if line.channel is None and not line.speaker.strip():
        raise InputError(
            f"{path}, line {number}: nobody is said to speak.",
            'A line has a "channel" (me, them, unclear) or a "speaker".',
        )
    if not 0 <= line.start_s <= line.end_s:
        raise InputError(f"{path}, line {number}: it ends before it starts.")
    if line.end_s > LONGEST_CALL_S:
        raise InputError(f"{path}, line {number}: no call is as long as that.")
    return line


def facts_of(lines: Iterable[Line]) -> list[Timed]:
    """Turn a transcript into the facts that the ear would have brought, and the call's end.

    Lines of one side with less between them than an end of speech takes to be noticed are one
    speech, as the ear would take them; each keeps its words.
    """
    facts: list[Timed] = []
    speaking: dict[Channel, Line] = {}
    for line in sorted(lines, key=lambda line: line.start_s):
        known_s = round(line.end_s + NOTICED_AFTER_S, 3)
        before = speaking.get(line.channel)
        if before is None or line.start_s > before.end_s + NOTICED_AFTER_S:
            facts += _ended(before)
            facts.append((line.start_s, SpeechStarted(line.channel, line.start_s)))
            speaking[line.channel] = line
        else:
            end_s = max(before.end_s, line.end_s)
            speaking[line.channel] = Line(line.channel, before.start_s, end_s, "")
        heard = Heard(line.channel, line.start_s, line.end_s, line.text, engine="transcript")
        facts.append((known_s, heard))
    for line in speaking.values():
        facts += _ended(line)
    end_s = max((known_s for known_s, _ in facts), default=0.0)
    return [*sorted(facts, key=_when), (end_s, CallEnded("end of file"))]


def _ended(line: Line | None) -> list[Timed]:
    if line is None:
        return []
    known_s = round(line.end_s + NOTICED_AFTER_S, 3)
    return [(known_s, SpeechEnded(line.channel, line.start_s, line.end_s))]


def _when(timed: Timed) -> tuple[float, bool]:
    known_s, fact = timed
    # At the same time, speech ends before its words are heard.
    return known_s, isinstance(fact, Heard)
