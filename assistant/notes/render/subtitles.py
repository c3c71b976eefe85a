"""The talk as subtitles: SRT and WebVTT.

Law: valid for strict players: every cue has a text and ends after it starts,
cues come in order, nobody's words can end a cue or open a tag. A long line is
split by the times of its words.
"""

from collections.abc import Iterable, Sequence
from html import escape

import msgspec

from assistant.events import Channel
from assistant.notes.talk import Line, Spoken, joined
from assistant.notes.words import Voices

ROW_LETTERS = 42
ROWS = 2
"""Both as broadcasters do."""
LONGEST_CUE_S = 7.0
SHORTEST_CUE_S = 0.5
"""A cue that ends sooner can not be read."""
_AFTER_NAME = ": "
_HARMLESS = str.maketrans("<>{}\\", "\u2039\u203a()\u2216")
"""SubRip has no escapes, and players read tags in it: `<b>`, `{\\an8}`, `\\N`."""


class Subtitle(msgspec.Struct, frozen=True):
    """What is shown at once."""

    channel: Channel
    start_ms: int
    end_ms: int
    rows: tuple[str, ...]
    probably: Channel | None = None
    """Where one microphone heard both: who probably speaks."""


def subtitles(said: Iterable[Line], voices: Voices) -> tuple[Subtitle, ...]:
    """Cut the lines into what is shown at once, in the order of time."""
    cut: list[Subtitle] = []
    for line in said:
        # The first row leaves room for the speaker.
        room = len(voices.of_line(line.channel, line.probably)) + len(_AFTER_NAME)
        cut += [_subtitle(line, part, room) for part in _parts(line.words, room)]
    return tuple(sorted(cut, key=lambda s: (s.start_ms, s.end_ms, s.channel)))


def srt(shown: Sequence[Subtitle], voices: Voices) -> str:
    """Write SubRip; the speaker stands before the words when it changes."""
    blocks: list[str] = []
    before = None
    for number, subtitle in enumerate(shown, 1):
        speaker = voices.of_line(subtitle.channel, subtitle.probably).translate(_HARMLESS)
        who = "" if speaker == before else speaker + _AFTER_NAME
        before = speaker
        text = "\n".join(subtitle.rows).translate(_HARMLESS)
        times = f"{_time(subtitle.start_ms, ',')} --> {_time(subtitle.end_ms, ',')}"
        blocks.append(f"{number}\n{times}\n{who}{text}\n")
    return "\n".join(blocks)


def vtt(shown: Sequence[Subtitle], voices: Voices) -> str:
    """Write WebVTT; the speaker is the cue's voice tag."""
    blocks = ["WEBVTT\n"]
    for subtitle in shown:
        text = escape("\n".join(subtitle.rows), quote=False)
        who = escape(voices.of_line(subtitle.channel, subtitle.probably), quote=False)
        times = f"{_time(subtitle.start_ms, '.')} --> {_time(subtitle.end_ms, '.')}"
        blocks.append(f"{times}\n<v {who}>{text}</v>\n")
    return "\n".join(blocks)


def _parts(words: Sequence[Spoken], room: int) -> list[list[Spoken]]:
    """Split where two rows are full or seven seconds are over."""
    parts: list[list[Spoken]] = []
    for word in words:
        last = parts[-1] if parts else None
        if (
            last
            and len(_rows([*last, word], room)) <= ROWS
            and word.end_s - last[0].start_s <= LONGEST_CUE_S
        ):
            last.append(word)
        else:
            parts.append([word])
    return parts


def _rows(words: Sequence[Spoken], room: int) -> list[str]:
    rows: list[str] = []
    for word in joined(words).split(" "):
        taken = len(rows[-1]) + (room if len(rows) == 1 else 0) if rows else 0
        if rows and taken + 1 + len(word) <= ROW_LETTERS:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def _subtitle(line: Line, part: Sequence[Spoken], room: int) -> Subtitle:
    start_ms = _ms(part[0].start_s)
    end_ms = max(_ms(part[-1].end_s), start_ms + _ms(SHORTEST_CUE_S))
    return Subtitle(line.channel, start_ms, end_ms, tuple(_rows(part, room)), line.probably)


def _ms(at_s: float) -> int:
    return max(0, round(at_s * 1000))


def _time(at_ms: int, point: str) -> str:
    seconds, ms = divmod(at_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"
