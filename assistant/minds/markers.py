"""What the user says to us in passing: spoken marks and commands.

Reads Heard of the user's side (or of the one microphone for both); finds
MarkHeard: a note ("note to self ..."), a moment ("let me write that down"), a
name to look up, and after the wake phrase a command. Law: the phrases are the
plan's, in the sounds they have, since a recogniser may write others; what is
told of others ("you write that down") marks nothing, nor does our own echo, and
one utterance makes one mark.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from assistant.events import Channel, Entry, Finding, Heard, Kinds, MarkHeard
from assistant.minds.mishearing import Place, SoundBook, sound_book
from assistant.minds.spoken import (
    Book,
    Utterances,
    Words,
    ends_with,
    phrases_of,
    placed_words,
    utterances_of,
    words_of,
)
from assistant.plan import Plan

Kind: TypeAlias = Literal["note", "moment", "name", "next", "hush", "time"]

KINDS: tuple[Kind, ...] = ("note", "moment", "name", "next", "hush", "time")
NOTE_WAIT_S = 5.0
"""A note may begin so long after "note to self"."""
COMMAND_WAIT_S = 3.0
"""A command may begin so long after the wake phrase."""
WAKE_NEAR = 0.3
"""No recogniser knows the wake phrase: so much of it may be off where a command follows at once."""
COMMAND_NEAR = 0.2
"""After a wake phrase that is sure a command may be off by this."""
SURE = 0.12
"""A wake phrase that is off by no more is sure."""
MOST_AFTER = 4
"""More words than these after "next", "stop" or "time" were no command."""


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

    READS: ClassVar[Kinds] = (Heard,)
    plan: Plan
    _utterances: Utterances = field(init=False)
    _told: Book = field(init=False)
    _marks: SoundBook = field(init=False)
    _wake: SoundBook = field(init=False)
    _commands: SoundBook = field(init=False)
    _opened: _Opened | None = None

    def __post_init__(self) -> None:
        phrases = self.plan.phrases
        self._utterances = utterances_of(phrases)
        self._told = phrases_of(phrases.told)
        marks = (("note", phrases.note), ("moment", phrases.moment), ("name", phrases.name))
        self._marks = sound_book(marks, phrases.lookalike)
        self._wake = sound_book((("wake", phrases.wake),), phrases.lookalike, WAKE_NEAR)
        commands = tuple((kind, phrases.commands.get(kind, ())) for kind in KINDS)
        self._commands = sound_book(commands, near=COMMAND_NEAR)

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
        return self._command(heard, seq, 0, is_sure=True) or self._mark(heard, seq)

    def _mark(self, heard: Heard, seq: int) -> list[Finding]:
        words = words_of(heard.text)
        lead = self._utterances.lead(words)
        wake = self._wake.same(words) or self._wake.nearest(words, lead, at_end=False)
        if wake is not None:
            is_sure = wake.off <= SURE
            found = self._command(heard, seq, wake.end, is_sure=is_sure)
            if found or is_sure:
                return found
        place = self._marks.same(words)
        if place is None or self._is_told(words, place):
            place = self._marks.nearest(words, lead)
        if place is None or self._is_told(words, place):
            return []
        if place.kind == "note" and place.off and place.begin > lead:
            # A note is begun with these words; at the end something else only sounds like them.
            return []
        if place.kind == "note":
            return self._take_note(heard, seq, place.end)
        return [MarkHeard(seq, _kind(place), heard.text.strip())]

    def _is_told(self, words: Words, place: Place) -> bool:
        """Tell whether somebody else does it: "you should make a note of that"."""
        return ends_with(words[: place.begin], self._told)

    def _command(self, heard: Heard, seq: int, at: int, *, is_sure: bool) -> list[Finding]:
        """Read the command that begins with that word of the utterance, fillers apart."""
        words = words_of(heard.text)[at:]
        if not words:
            if is_sure:
                self._opened = _Opened(heard.channel, seq, heard.end_s, heard.text.strip(), False)
            return []
        lead = self._utterances.lead(words)
        place = self._commands.same(words)
        if place is None or place.begin > lead:
            place = self._commands.nearest(words, lead, at_end=False) if is_sure else None
        if place is None:
            return []
        if place.kind == "note":
            return self._take_note(heard, seq, at + place.end)
        if place.kind in ("next", "hush", "time") and len(words) - place.end > MOST_AFTER:
            return []
        return [MarkHeard(seq, _kind(place), heard.text.strip())]

    def _take_note(self, heard: Heard, seq: int, at: int) -> list[Finding]:
        """Note what follows the words before `at`, or wait for it."""
        placed = placed_words(heard.text)
        if at < len(placed):
            return [MarkHeard(seq, "note", heard.text[placed[at - 1][1] :].strip(" \t\n,.:;-"))]
        self._opened = _Opened(heard.channel, seq, heard.end_s, heard.text.strip(), True)
        return []


def _kind(place: Place) -> Kind:
    return next(kind for kind in KINDS if kind == place.kind)
