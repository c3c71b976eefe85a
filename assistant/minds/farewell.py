"""They want to end the call.

Reads Heard of their side (or of the one microphone for both) and Extended;
finds Farewell, with the minutes they named. Law: only sure phrases of the plan
count; early in a call, where people say such things about their day, it takes
a very sure one, one with the minutes they have, or two of them close together;
not more than once a minute.
"""

from dataclasses import dataclass, field

from assistant.events import Channel, Entry, Extended, Farewell, Finding, Heard
from assistant.minds.spoken import Book, Words, find, phrases_of, words_of
from assistant.plan import Plan

EARLY = 0.3
"""This part of the agreed time is too early for a farewell."""
PAIR_S = 90.0
"""Two signs within this are as good as a very sure one."""
APART_S = 60.0
MOST_WORDS_BETWEEN = 2
"""Between a number and its minutes: "five more minutes", "a couple of minutes"."""
LONGEST_MINUTES = 120.0


@dataclass(slots=True)
class Farewells:
    """The signs so far."""

    plan: Plan
    _signs: Book = field(init=False)
    _sure: Book = field(init=False)
    _numbers: dict[str, float] = field(init=False)
    """A word -> the number it says."""
    _length_s: float = field(init=False)
    _sign_s: float | None = None
    _told_s: float | None = None

    def __post_init__(self) -> None:
        phrases = self.plan.phrases
        self._sure = phrases_of(phrases.farewell_sure)
        self._signs = phrases_of((*phrases.farewell, *phrases.farewell_sure))
        self._numbers = {
            word: float(number)
            for number, words in phrases.numbers.items()
            if number.isdecimal()
            for word in words
        }
        self._length_s = self.plan.length_s

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        match entry.event:
            case Extended(by_s):
                self._length_s += by_s
            case Heard(channel=Channel.THEM | Channel.UNCLEAR, text=text, echo=False):
                return self._hear(words_of(text), entry.seq, entry.at_s)
            case _:
                pass
        return []

    def _hear(self, words: Words, seq: int, now_s: float) -> list[Finding]:
        if not find(words, self._signs):
            return []
        is_second = self._sign_s is not None and now_s - self._sign_s <= PAIR_S
        self._sign_s = now_s
        is_early = now_s < EARLY * self._length_s
        minutes = self._minutes(words)
        is_sure = is_second or minutes is not None or find(words, self._sure)
        if is_early and not is_sure:
            return []
        if self._told_s is not None and now_s - self._told_s < APART_S:
            return []
        self._told_s = now_s
        return [Farewell(seq, minutes)]

    def _minutes(self, words: Words) -> float | None:
        """Return the minutes these words name."""
        phrases = self.plan.phrases
        for at in (i for i, word in enumerate(words) if word in phrases.minute_words):
            before = reversed(words[max(0, at - 1 - MOST_WORDS_BETWEEN) : at])
            minutes = next((m for word in before if (m := self._number(word)) is not None), None)
            if minutes is not None:
                return minutes
        return None

    def _number(self, word: str) -> float | None:
        if word.isdecimal() and len(word) <= len("120"):
            minutes = float(word)
            return minutes if minutes <= LONGEST_MINUTES else None
        return self._numbers.get(word)
