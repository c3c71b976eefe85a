"""What the user says to us in passing: spoken marks and commands.

Reads Heard of the user's side (or of the one microphone for both); finds
MarkHeard: a note ("note to self ..."), a moment ("let me write that down"), a
name to look up, and after the wake phrase a command. Law: the phrases are the
plan's and are compared word by word; our own echo marks nothing, and one
utterance makes one mark.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.events import Channel, Entry, Finding, Heard, MarkHeard
from assistant.minds.spoken import (
    Book,
    Utterances,
    Words,
    find,
    nearly_starts_with,
    phrases_of,
    placed_words,
    starts_with,
    words_of,
)
from assistant.plan import Plan

Kind: TypeAlias = Literal["note", "moment", "name", "next", "hush", "time"]

KINDS: tuple[Kind, ...] = ("note", "moment", "name", "next", "hush", "time")
NOTE_WAIT_S = 5.0
"""A note may begin so long after "note to self"."""
COMMAND_WAIT_S = 3.0
"""A command may begin so long after the wake phrase."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A phrase that ended an utterance; what it is about comes in the next."""

    channel: Channel
    seq: int
    end_s: float
    text: str
    is_note: bool
    """Else a command is to come."""


@dataclass(slots=True)
class Markers:
    """The phrases, and the one that is still open."""

    plan: Plan
    _utterances: Utterances = field(init=False)
    _note: Book = field(init=False)
    _wake: Book = field(init=False)
    _marks: tuple[tuple[Kind, Book], ...] = field(init=False)
    _commands: tuple[tuple[Kind, Book], ...] = field(init=False)
    _opened: _Opened | None = None

    def __post_init__(self) -> None:
        phrases = self.plan.phrases
        self._utterances = Utterances(phrases)
        self._note = phrases_of(phrases.note)
        self._wake = phrases_of(phrases.wake)
        self._marks = (("name", phrases_of(phrases.name)), ("moment", phrases_of(phrases.moment)))
        commands = phrases.commands
        self._commands = tuple((kind, phrases_of(commands.get(kind, ()))) for kind in KINDS)

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        match entry.event:
            case Heard(channel=Channel.ME | Channel.UNCLEAR, echo=False):
                return self._hear(entry.event, entry.seq)
            case _:
                return []

    def _hear(self, heard: Heard, seq: int) -> list[Finding]:
        opened = self._opened
        if opened is None or opened.channel is not heard.channel:
            return self._mark(heard, seq)
        waited_s = heard.start_s - opened.end_s
        if not waited_s <= (NOTE_WAIT_S if opened.is_note else COMMAND_WAIT_S):
            self._opened = None
            # The note never came, but the user wanted this moment kept.
            late = MarkHeard(opened.seq, "moment", opened.text)
            return [*([late] if opened.is_note else []), *self._mark(heard, seq)]
        if self._utterances.is_empty(heard.text):
            return []
        self._opened = None
        if opened.is_note:
            return [MarkHeard(seq, "note", heard.text.strip())]
        return self._command(heard, seq, 0) or self._mark(heard, seq)

    def _mark(self, heard: Heard, seq: int) -> list[Finding]:
        words = words_of(heard.text)
        woken = _after(words, self._wake)
        if woken is not None:
            return self._command(heard, seq, woken)
        noted = _after(words, self._note)
        if noted is not None:
            return self._take_note(heard, seq, noted)
        for kind, phrases in self._marks:
            if find(words, phrases):
                return [MarkHeard(seq, kind, heard.text.strip())]
        return []

    def _command(self, heard: Heard, seq: int, at: int) -> list[Finding]:
        """Read the command that begins with that word of the utterance."""
        words = words_of(heard.text)[at:]
        if not words:
            self._opened = _Opened(heard.channel, seq, heard.end_s, heard.text.strip(), False)
            return []
        for kind, phrases in self._commands:
            length = starts_with(words, phrases)
            if length and kind == "note":
                return self._take_note(heard, seq, at + length)
            if length:
                return [MarkHeard(seq, kind, heard.text.strip())]
        return []

    def _take_note(self, heard: Heard, seq: int, at: int) -> list[Finding]:
        """Note what follows the words before `at`, or wait for it."""
        placed = placed_words(heard.text)
        if at < len(placed):
            return [MarkHeard(seq, "note", heard.text[placed[at - 1][1] :].strip(" \t\n,.:;-"))]
        self._opened = _Opened(heard.channel, seq, heard.end_s, heard.text.strip(), True)
        return []


def _after(words: Words, phrases: Book) -> int | None:
    """Return where the words after one of the phrases begin."""
    place = find(words, phrases)
    if place:
        return place[1]
    # At the start, where such phrases stand, a slip of the recogniser is forgiven.
    return nearly_starts_with(words, phrases) or None
