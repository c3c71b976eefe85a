"""How the user asked and listened: minute by minute, how fast, in which kind of question.

Reads the lines and voices. Law: numbers and places of this call only; nothing is judged. Where one
microphone heard both, only what it heard is told, and nothing of who asked.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from assistant.events import Channel, Entry, SpeechEnded
from assistant.minds.spoken import Book, phrases_of, starts_with, utterances_of, words_of
from assistant.notes.talk import Line, Quote, Spoken, quote, sentences
from assistant.notes.words import QuestionWords
from assistant.plan import Phrases

MINUTE_S = 60.0
LEAST_SPOKEN_S = 30.0
"""Of less speech no pace is told."""
OVERLAP_S = 0.6
"""Who begins so long before the other is done interrupts; less is an eager turn."""
FEWEST_WORDS = 3
"""An interruption has so many words: "right, right" is none."""
LONGEST_QUOTE = 30


class Minute(msgspec.Struct, frozen=True):
    """Who spoke how long in one minute of the call."""

    minute: int
    """0 is the first."""
    spoken_s: dict[str, float]
    """Voice -> seconds."""


class Interruption(msgspec.Struct, frozen=True):
    """Where one side began while the other still spoke."""

    channel: Channel
    """Who began."""
    start_s: float
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """The user's questions, by how they begin."""

    open: tuple[Quote, ...]
    """They let the other side tell: "what", "how", "tell me"."""
    closed: tuple[Quote, ...]
    """A yes would answer them."""


def by_minute(entries: Sequence[Entry]) -> tuple[Minute, ...]:
    """Share out what was spoken over the minutes of the call."""
    spoken_s: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for entry in entries:
        if not isinstance(speech := entry.event, SpeechEnded):
            continue
        start_s = max(0.0, speech.start_s)
        while start_s < speech.end_s:
            minute = int(start_s // MINUTE_S)
            end_s = min(speech.end_s, (minute + 1) * MINUTE_S)
            spoken_s[minute][speech.channel.value] += end_s - start_s
            start_s = end_s
    last = max(spoken_s, default=-1)
    return tuple(
        Minute(n, {voice: round(s, 1) for voice, s in sorted(spoken_s[n].items())})
        for n in range(last + 1)
    )


def pace_per_min(said: Sequence[Line]) -> dict[str, float]:
    """Return how many words a minute each voice speaks while it does."""
    words, spoken_s = Counter[str](), defaultdict[str, float](float)
    for line in said:
        words[line.channel.value] += len(line.words)
        spoken_s[line.channel.value] += max(0.0, line.end_s - line.start_s)
    return {
        voice: round(words[voice] / spoken_s[voice] * MINUTE_S, 0)
        for voice in sorted(words)
        if spoken_s[voice] >= LEAST_SPOKEN_S
    }


def interruptions(said: Sequence[Line]) -> tuple[Interruption, ...]:
    """Return where somebody began while the other still spoke, and took the floor."""
    found: list[Interruption] = []
    full = [line for line in said if not line.is_filler]
    for before, line in pairwise(full):
        is_other = line.channel is not before.channel
        overlap_s = before.end_s - line.start_s
        goes_on = line.end_s > before.end_s
        if is_other and overlap_s >= OVERLAP_S and goes_on and len(line.words) >= FEWEST_WORDS:
            found.append(Interruption(line.channel, line.start_s, (before.seq, line.seq)))
    return tuple(found)


def style(said: Sequence[Line], words: QuestionWords, phrases: Phrases) -> Style:
    """Tell the user's questions apart by how they begin."""
    opens, closes = phrases_of(words.open), phrases_of(words.closed)
    utterances = utterances_of(phrases)
    found: dict[str, list[Quote]] = {"open": [], "closed": []}
    for line in said:
        if line.channel is not Channel.ME or line.is_filler:
            continue
        for sentence in sentences(line.words, pause_s=0.6):
            text = " ".join(word.text for word in sentence)
            if not utterances.is_question(text):
                continue
            kind = _kind(_begun(sentence), opens, closes)
            if kind:
                found[kind].append(quote(line.channel, sentence, LONGEST_QUOTE))
    return Style(tuple(found["open"]), tuple(found["closed"]))


def _begun(sentence: Sequence[Spoken]) -> tuple[str, ...]:
    return words_of(" ".join(word.text for word in sentence))


def _kind(spoken: tuple[str, ...], opens: Book, closes: Book) -> str:
    """Tell which kind of question begins first in the words; fillers may come before."""
    for at in range(len(spoken)):
        if starts_with(spoken, opens, at):
            return "open"
        if starts_with(spoken, closes, at):
            return "closed"
    return ""
