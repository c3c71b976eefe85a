"""Transcripts that other programs wrote: subtitles (srt, vtt) and our own JSON lines.

Reads lines with their times, and who speaks where a name stands before the words. Law: nobody's
words are given to another on a guess: who is not known by name is `unclear`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InputError
from assistant.events import Channel
from assistant.hearing.transcript import LARGEST_BYTES, LONGEST_CALL_S, Line, read_rows
from assistant.plan import Plan
from assistant.textfile import clean, read_text

SUBTITLES = frozenset({".srt", ".vtt"})
SUFFIXES = SUBTITLES | {".jsonl"}
TEXT_SUFFIXES = frozenset({".txt", ".md", ".docx", ".odt", ".pdf", ".csv", ".json", ".rtf"})
"""Names of texts that have no times, or none that are read."""
TAKEN = "A transcript is taken as srt, vtt, or JSON lines; text without times can not be."
ME = frozenset({"me", "i", "you", "myself"})
"""Names that programs give the one at the keyboard; ours writes `You`."""
JOINED_WITHIN_S = 0.8
"""Subtitles break sentences to fit a screen; pieces of one voice so near are one line ..."""
MOST_WORDS = 40
"""... up to so many words, or to the end of a sentence."""

_TIME = r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>|\{\\[^}]*\}")
_NAMED = re.compile(r"^[-\s]*([^\W\d_][^:<>]{0,38}?)\s*:\s+(?=\S)")
_ENDS = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class _Cue:
    start_s: float
    end_s: float
    who: str
    """As it stands there; empty where nobody is named."""
    text: str


def is_transcript(path: Path) -> bool:
    """Tell by its name whether a file is taken for a transcript."""
    return path.suffix.lower() in SUFFIXES


def lines_of(path: Path, plan: Plan) -> list[Line]:
    """Read a transcript. Raises InputError for one that is none, or holds no line."""
    if path.suffix.lower() not in SUBTITLES:
        rows = read_rows(path)
        whose = _whose({row.speaker for row in rows if row.channel is None}, plan)
        lines = [
            Line(row.channel or whose[row.speaker], row.start_s, row.end_s, row.text)
            for row in rows
        ]
    else:
        cues = [*_joined(_named(_cues(path)))]
        whose = _whose({cue.who for cue in cues}, plan)
        lines = [Line(whose[cue.who], cue.start_s, cue.end_s, cue.text) for cue in cues]
    if not lines:
        raise InputError(
            f"There is no line with a time in {path}.",
            TAKEN,
        )
    return lines


def _cues(path: Path) -> Iterator[_Cue]:
    times: tuple[float, float] | None = None
    held: list[str] = []
    # One empty line more ends the last one, too.
    for row in [*read_text(path, LARGEST_BYTES).splitlines(), ""]:
        if (found := _TIMES.match(row)) is not None:
            if times:
                yield from _cue(times, held[:-1] if held and held[-1].strip().isdigit() else held)
            times, held = (_seconds(found.groups()[:4]), _seconds(found.groups()[4:])), []
        elif row.strip():
            held.append(row)
        elif times and held:
            yield from _cue(times, held)
            times, held = None, []


def _seconds(parts: Iterable[str | None]) -> float:
    hours, minutes, seconds, part = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + int((part or "0").ljust(3, "0")) / 1000


def _cue(times: tuple[float, float], rows: list[str]) -> Iterator[_Cue]:
    text = " ".join(rows)
    voice = _VOICE.search(text)
    said = clean(_TAG.sub("", text))
    if said and times[0] <= times[1] <= LONGEST_CALL_S:
        yield _Cue(*times, clean(voice[1]) if voice else "", said)


def _named(cues: Iterable[_Cue]) -> Iterator[_Cue]:
    """Take the names off the words. A name stands before many lines; "So: ..." before one."""
    cues = [*cues]
    named = [(cue, _NAMED.match(cue.text)) for cue in cues]
    count = Counter(found[1].casefold() for cue, found in named if found and not cue.who)
    for cue, found in named:
        if cue.who or found is None or (count[found[1].casefold()] < 2 and len(cues) > 2):
            yield cue
        else:
            yield _Cue(cue.start_s, cue.end_s, found[1], cue.text[found.end() :])


def _joined(cues: Iterable[_Cue]) -> Iterator[_Cue]:
    held: _Cue | None = None
    for cue in cues:
        if held is not None and _goes_on(held, cue):
            held = _Cue(held.start_s, cue.end_s, held.who, f"{held.text} {cue.text}")
            continue
        if held is not None:
            yield held
        held = cue
    if held is not None:
        yield held


def _goes_on(held: _Cue, cue: _Cue) -> bool:
    return (
        held.who == cue.who
        and 0 <= cue.start_s - held.end_s <= JOINED_WITHIN_S
        and not held.text.endswith(_ENDS)
        and len(held.text.split()) + len(cue.text.split()) <= MOST_WORDS
    )


def _whose(names: set[str], plan: Plan) -> dict[str, Channel]:
    """Say whose each name is: mine, theirs by the sheet, or, of two, the other's."""
    theirs = set(plan.person.casefold().split())
    known: dict[str, Channel] = {}
    for name in names:
        words = set(name.casefold().split())
        if name.casefold() in ME:
            known[name] = Channel.ME
        elif words & theirs or name.casefold() == "them":
            known[name] = Channel.THEM
    others = [name for name in names if name not in known]
    if len(names) == 2 and len(others) == 1 and others[0]:
        (of,) = known.values()
        known[others[0]] = Channel.ME if of is Channel.THEM else Channel.THEM
    return {name: known.get(name, Channel.UNCLEAR) for name in names}
