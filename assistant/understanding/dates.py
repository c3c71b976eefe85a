"""A date as it was spoken, and the day it means.

Knows the words of a language for days. Law: only plain cases; a word that may mean
something else ("may", "march", "sat") is no date, nor is a day that is past or comes every
week; the heard words are always kept, and doubt is said: two days at once, "not before",
and what people do not agree about ("next Friday") are never sure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import msgspec

from assistant.understanding.date_shapes import shapes
from assistant.understanding.date_tense import Named, Tense
from assistant.understanding.date_words import DateWords
from assistant.understanding.days import resolve, year_of

NEGATION_REACH = 6
"""So many words before "until friday", a "won't" turns it."""
_Hit = tuple[re.Match[str], str]
"""What was found, and of which kind it is."""
_RELATIVE = frozenset({"today", "tomorrow", "day after"})
"""Kinds that nobody owns."""


class SpokenDate(msgspec.Struct, frozen=True):
    """A date that was said."""

    heard: str
    """The words, as they were spoken."""
    day: str | None
    """ISO 8601; None where the call's own day is not known or there is no such day."""
    is_sure: bool


def spoken_date(text: str, said_on: date | None, words: DateWords) -> SpokenDate | None:
    """Find the first date in a text; whoever asks it of many texts makes `Dates` once."""
    return Dates(words).first(text, said_on)


@dataclass(slots=True)
class Dates:
    """The words of a language, made ready to be looked for."""

    words: DateWords
    _patterns: list[tuple[str, re.Pattern[str]]] = field(init=False)
    _tense: Tense = field(init=False)

    def __post_init__(self) -> None:
        self._tense = Tense(self.words)
        each = shapes(self.words) if self.words.weekdays else {}
        self._patterns = [
            (kind, re.compile(rf"(?<![\w'])(?:{shape})(?![\w'])")) for kind, shape in each.items()
        ]

    def first(
        self, text: str, said_on: date | None, *, is_arranged: bool = False
    ) -> SpokenDate | None:
        """Find the first date in a text that is in lower case, without marks around its words.

        `is_arranged`: it is known to be about what is yet to be done.
        """
        hits = [(m, kind) for kind, pattern in self._patterns for m in pattern.finditer(text)]
        elapsed = [m for m, kind in hits if self._tense.is_elapsed(_named(text, m, kind))]
        found: list[_Hit] = [
            (match, kind)
            for match, kind in hits
            if not any(_overlap(match, other) for other in elapsed)
            and not self._is_excluded(text, match, kind, said_on, is_arranged=is_arranged)
        ]
        strong = [(match, kind) for match, kind in found if kind != "number at time"]
        found, is_second = self._suiting(text, strong or found)
        if not found:
            return None
        match, kind = _first(found)
        day, is_sure = resolve(kind, match, said_on, self.words) if said_on else (None, False)
        is_plain = not self._is_in_doubt(text, match) and not _has_neighbour(text, match, found)
        is_plain = is_plain and not is_second
        iso, is_sure = (day.isoformat(), is_sure and is_plain) if day else (None, False)
        return SpokenDate(self._heard(match), iso, is_sure)

    def _suiting(self, text: str, found: list[_Hit]) -> tuple[list[_Hit], bool]:
        """Leave out what does not suit, if another day does; tell whether that was so.

        "I can't this week but on monday" means Monday; "if not friday then monday" either.
        """
        words = self.words

        def is_refused(match: re.Match[str]) -> bool:
            *earlier, last = ("", *text[: match.start()].split())
            is_until = match[0].split()[0] in words.until
            is_open = not set(earlier[-1:]).isdisjoint(words.no_refusal)
            return last in words.negations and not is_until and not is_open

        refused = [match for match, _ in found if is_refused(match)]
        suits = [hit for hit in found if not any(_overlap(hit[0], other) for other in refused)]
        return (suits, True) if refused and suits else (found, False)

    def _heard(self, match: re.Match[str]) -> str:
        """Return the words of the date, without a sign that is none of them: "is the fifth"."""
        sign, _, rest = match[0].partition(" ")
        is_sign = sign in self.words.day_signs and sign not in (*self.words.before, *self.words.due)
        is_whole = match[0] in self.words.after_weekend
        return rest if rest and is_sign and not is_whole else match[0]

    def _is_in_doubt(self, text: str, match: re.Match[str]) -> bool:
        words = self.words
        before, after = text[: match.start()].split(), f"{text[match.end() :].strip()} "
        if before and before[-1] in words.doubtful_after:
            return True
        if after.startswith(tuple(f"{phrase} " for phrase in words.doubtful_before)):
            return True
        if _begins_with_stretch(after, words):
            return True
        is_until = match[0].split()[0] in words.until
        return is_until and any(word in words.negations for word in before[-NEGATION_REACH:])

    def _is_excluded(
        self,
        text: str,
        match: re.Match[str],
        kind: str,
        said_on: date | None,
        *,
        is_arranged: bool,
    ) -> bool:
        words = self.words
        named = _named(text, match, kind, is_arranged=is_arranged)
        if self._is_owned(named) or self._tense.is_over(named):
            return True
        if (year := year_of(match, words)) and said_on and year < said_on.year:
            return True
        if match.groupdict().get("month") not in words.months_with_other_meanings:
            return False
        if kind in ("part", "whole month"):
            return False
        has_figure = any(letter.isdigit() for letter in match["number"] or "")
        has_before = match[0].split()[0] in words.before or kind in _SURE_MONTHS
        # "March third is the last day"; but "march first and ask later".
        ends = not named.after or named.after[0] in words.day_ends
        is_day = bool(words.day_ends) and ends and match["number"] != words.ordinals[0]
        return not (has_figure or has_before or is_day)

    def _is_owned(self, day: Named) -> bool:
        """Tell whether the words beside it make it no day to come: "every friday"."""
        words, sign = self.words, day.spoken[0]
        # "Her Monday" and "most of Monday" are no dates; "ask her on Monday" and "call her
        # tomorrow" are.
        stands_alone = day.kind in _RELATIVE or (sign in words.before and sign != words.of)
        owned = tuple(f" {phrase}" for phrase in words.not_after)
        if f" {' '.join(day.before)}".endswith(owned) and not stands_alone:
            return True
        if len(day.before) > 1 and day.before[-2] in words.not_after_two:
            return True
        # "You're the first at nine."
        if day.kind == "number at time" and not set(day.before[-1:]).isdisjoint(words.being):
            return True
        after = f"{' '.join(day.after)} "
        return after.startswith(tuple(f"{phrase} " for phrase in words.not_before))


_SURE_MONTHS = frozenset({"day month", "weekday month day", "nth weekday"})


def _named(text: str, match: re.Match[str], kind: str, *, is_arranged: bool = False) -> Named:
    before, after = text[: match.start()].split(), text[match.end() :].split()
    return Named(kind, match[0].split(), before, after, is_arranged)


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def _begins_with_stretch(after: str, words: DateWords) -> bool:
    """Tell whether "to the tenth" goes on."""
    spoken = [word for word in after.split()[:3] if word != words.article]
    return len(spoken) > 1 and spoken[0] in words.to and spoken[1] in words.ordinals


def _first(found: Iterable[_Hit]) -> _Hit:
    """Choose the first; of those that begin together, the longest."""
    return min(found, key=lambda hit: (hit[0].start(), -len(hit[0][0])))


def _has_neighbour(text: str, match: re.Match[str], found: Iterable[_Hit]) -> bool:
    """Tell whether another date follows at once or after one word: "monday to wednesday"."""
    rest = [other for other, _ in found if other.start() >= match.end()]
    return any(len(text[match.end() : other.start()].split()) <= 1 for other in rest)
