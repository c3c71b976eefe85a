"""Tell the user's words from our own murmur, caught by the microphone.

Two gates, and a line must pass both to be an echo: its words sounded while a cue did, or just
after, and they are the cue's words, as far as a recogniser that hardly heard them can tell. So a
user who says the very question that was murmured to them is never taken for its echo: they say it
after it. Law: pure; in doubt the line is the user's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import msgspec

from assistant.events import Channel, Cue, CueEnded, CueStarted, Entry, Heard

TAIL_S = 0.4
"""Words may sound so long after a cue and still be its echo: the dial `echo_tail_s`."""

HEAD_S = 0.15
"""Recognisers place a word's begin up to so much too early."""

IN_TIME = 0.8
"""This part of a line's words must have sounded while the cue did."""

ALIKE = 0.65
"""This part of a line's letters must be the cue's."""

SAME_WORD = 0.6
"""Two words so alike are one word, heard badly: "tickle" for "typical" is 0.62."""

_CUES_KEPT = 4
_TOKEN = re.compile(r"\w+")


class SpokenCue(msgspec.Struct, frozen=True):
    """A cue that sounded."""

    text: str
    start_s: float
    end_s: float
    """Infinite while it still sounds."""


@dataclass(slots=True)
class SpokenCues:
    """The cues that sounded last: a fold over the call's entries."""

    _texts: dict[int, str] = field(default_factory=dict[int, str])
    _cues: dict[int, SpokenCue] = field(default_factory=dict[int, SpokenCue])

    def take(self, entry: Entry) -> None:
        """Take the next entry."""
        match entry.event:
            case Cue(text=text):
                self._texts[entry.seq] = text
                self._texts = dict([*self._texts.items()][-_CUES_KEPT:])
            case CueStarted(cue_seq, start_s) if cue_seq in self._texts:
                self._cues[cue_seq] = SpokenCue(self._texts[cue_seq], start_s, float("inf"))
            case CueEnded(cue_seq, start_s, end_s, how) if cue_seq in self._cues:
                self._cues[cue_seq] = SpokenCue(self._texts.get(cue_seq, ""), start_s, end_s)
                if how not in ("spoken", "cut", "stopped", "call_ended"):
                    del self._cues[cue_seq]
            case _:
                pass
        self._cues = dict([*self._cues.items()][-_CUES_KEPT:])

    def recent(self) -> tuple[SpokenCue, ...]:
        """Return the last few, oldest first."""
        return tuple(self._cues.values())


def mark_echo(heard: Heard, cues: Sequence[SpokenCue], tail_s: float = TAIL_S) -> Heard:
    """Return `heard`, marked as echo if it is the sound of one of these cues."""
    if heard.channel is Channel.THEM or not heard.text:
        return heard
    if any(_is_in_time(heard, cue, tail_s) and _is_alike(heard.text, cue.text) for cue in cues):
        return msgspec.structs.replace(heard, echo=True)
    return heard


def _is_in_time(heard: Heard, cue: SpokenCue, tail_s: float) -> bool:
    from_s, to_s = cue.start_s - HEAD_S, cue.end_s + tail_s
    if heard.words:
        middles_s = [(word.start_s + word.end_s) / 2 for word in heard.words]
        inside = sum(from_s <= middle_s <= to_s for middle_s in middles_s)
        return inside >= IN_TIME * len(middles_s)
    length_s = max(heard.end_s - heard.start_s, 0.001)
    overlap_s = min(heard.end_s, to_s) - max(heard.start_s, from_s)
    return overlap_s >= IN_TIME * length_s


def _is_alike(heard: str, cue: str) -> bool:
    """Tell whether the cue explains what was heard; the cue may say more, the line may not."""
    words, left = _TOKEN.findall(heard.casefold()), _TOKEN.findall(cue.casefold())
    letters = sum(map(len, words))
    if not letters:
        return False
    # Run together, so that "tip ical" is found in "typical"; scraps under three letters are chance.
    blocks = SequenceMatcher(None, "".join(words), "".join(left), autojunk=False)
    together = sum(block.size for block in blocks.get_matching_blocks() if block.size > 2)
    apart = 0
    for word in words:
        at = next((i for i, other in enumerate(left) if _is_same(word, other)), None)
        if at is not None:
            apart += len(word)
            # In the cue's order: each of its words explains one that was heard.
            left = left[at + 1 :]
    return max(together, apart) >= ALIKE * letters


def _is_same(word: str, other: str) -> bool:
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= SAME_WORD
