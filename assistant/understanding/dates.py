"""A date as it was spoken, and the day it means.

Knows the words of a language for days. Law: only plain cases; a word that may mean
something else ("may", "march", "sat") is no date, nor is a day that is past or comes every
week; the heard words are always kept, and doubt is said: two days at once, "not before",
and what people do not agree about ("next Friday") are never sure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import msgspec

from assistant.understanding.date_shapes import shapes
from assistant.understanding.date_words import DateWords
from assistant.understanding.days import resolve, year_of

NEGATION_REACH = 6
"""So many words before "until friday", a "won't" turns it."""
HABIT_REACH = 8
"""So many words before a weekday an "always" tells of every week."""
PAST_REACH, MONTH_REACH, AFTER_REACH = 4, 12, 2
"""A bare day so many words after a word of the past was one that is past; a bare month so many: who
tells of what was tells it by months; and so many before one."""

_Hit = tuple[re.Match[str], str]
"""What was found, and of which kind it is."""
_BARE = frozenset(
    {
        *("weekday", "month day", "day month", "nth weekday", "number", "feast", "late number"),
        *("in", "next weekday", "whole month", "number at time", "weekday number", "part"),
        *("weekend", "end of week", "end of month", "end of day"),
    }
)
"""Kinds that may as well be a day that is past."""
_FAR, _LONG = frozenset({"whole month", "nth weekday"}), frozenset({"whole month", "end of day"})
"""Kinds beside which more words tell that they are past: before them, and after them."""
_WEEKLY = frozenset(
    {"weekday", "end of week", "weekend", "part", "number", "late number", "number of month"}
)
"""Kinds that come again every week or month."""
_RELATIVE = frozenset({"today", "tomorrow", "day after"})
"""Kinds that nobody owns."""
_TODAY_COUNTED = frozenset({"weeks from today", "from now"})
"""Kinds that count from today, or up to it."""


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

    def __post_init__(self) -> None:
        each = shapes(self.words) if self.words.weekdays else {}
        self._patterns = [
            (kind, re.compile(rf"(?<![\w'])(?:{shape})(?![\w'])")) for kind, shape in each.items()
        ]

    def first(self, text: str, said_on: date | None) -> SpokenDate | None:
        """Find the first date in a text that is in lower case, without marks around its words."""
        found: list[_Hit] = [
            (match, kind)
            for kind, pattern in self._patterns
            for match in pattern.finditer(text)
            if not self._is_excluded(text, match, kind, said_on)
        ]
        if not found:
            return None
        match, kind = _first(self._wanted(text, found))
        day, is_sure = resolve(kind, match, said_on, self.words) if said_on else (None, False)
        is_plain = not self._is_in_doubt(text, match) and not _has_neighbour(text, match, found)
        iso, is_sure = (day.isoformat(), is_sure and is_plain) if day else (None, False)
        return SpokenDate(self._heard(match), iso, is_sure)

    def _wanted(self, text: str, found: list[_Hit]) -> list[_Hit]:
        """Leave out what does not suit, if another day does: "i can't this week but on monday"."""
        suits = [
            (match, kind)
            for match, kind in found
            if not set(text[: match.start()].split()[-1:]) & set(self.words.negations)
        ]
        return suits or found

    def _heard(self, match: re.Match[str]) -> str:
        """Return the words of the date, without a sign that is none of them: "is the fifth"."""
        sign, _, rest = match[0].partition(" ")
        is_sign = sign in self.words.day_signs and sign not in (*self.words.before, *self.words.due)
        return rest if rest and is_sign else match[0]

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
        self, text: str, match: re.Match[str], kind: str, said_on: date | None
    ) -> bool:
        words = self.words
        before = text[: match.start()].split()
        after = f"{text[match.end() :].strip()} "
        if self._is_owned(before, after, match, kind) or self._is_told_of(before, match, kind):
            return True
        if (year := year_of(match, words)) and said_on and year < said_on.year:
            return True
        sign = match[0].split()[0]
        # "The following friday" is told of a time that is past; "next friday" hardly ever.
        has_sign = sign in words.until or sign in words.next[:1]
        if self._is_usual(before, after.split(), match, kind):
            return True
        if kind in _BARE and not has_sign and self._is_past(before, after.split(), match, kind):
            return True
        if match.groupdict().get("month") not in words.months_with_other_meanings:
            return False
        if kind in ("part", "whole month"):
            return False
        has_figure = any(letter.isdigit() for letter in match["number"] or "")
        has_before = match[0].split()[0] in words.before or kind in _SURE_MONTHS
        # "March third is the last day"; but "march first and ask later".
        ends = not after.strip() or after.split()[0] in words.day_ends
        is_day = bool(words.day_ends) and ends and match["number"] != words.ordinals[0]
        return not (has_figure or has_before or is_day)

    def _is_owned(self, before: Sequence[str], after: str, match: re.Match[str], kind: str) -> bool:
        """Tell whether the words beside it make it no day to come: "every friday"."""
        words, sign = self.words, match[0].split()[0]
        # "Her Monday" and "most of Monday" are no dates; "ask her on Monday" and "call her
        # tomorrow" are.
        stands_alone = kind in _RELATIVE or (sign in words.before and sign != words.of)
        owned = tuple(f" {phrase}" for phrase in words.not_after)
        if f" {' '.join(before)}".endswith(owned) and not stands_alone:
            return True
        if len(before) > 1 and before[-2] in words.not_after_two:
            return True
        return after.startswith(tuple(f"{phrase} " for phrase in words.not_before))

    def _is_told_of(self, before: Sequence[str], match: re.Match[str], kind: str) -> bool:
        """Tell whether the word before it tells of what is over, or of every week."""
        if not before:
            return False
        words, spoken = self.words, match[0].split()
        if spoken[0] in words.until and before[-1] in words.lasted:
            return True
        if kind == "weekday" and before[-1] in words.rates:
            return True
        # "It's been a week today."
        is_counted = not set(words.counted_from).isdisjoint(spoken)
        is_elapsed = kind in _TODAY_COUNTED and not is_counted and before[-1] in words.elapsed
        return is_elapsed or (kind == "today" and before[-1] in words.earlier)

    def _is_past(
        self, before: Sequence[str], after: Sequence[str], match: re.Match[str], kind: str
    ) -> bool:
        words = self.words
        near_before, near_after = self._near(before, after, match, kind)
        near = {*near_before, *near_after}
        if not {*pairwise(before), *pairwise(after)}.isdisjoint(words.owning):
            near -= {got for _, got in words.owning}
        past = {*words.past, *(words.unchanged if self._is_following(before, match) else ())}
        is_past = (
            bool(near & past)
            or self._has_past(before, match, len(near_before))
            or self._is_told(near_after)
            # "I told him we'd have it by tuesday and of course we didn't."
            or not set(after).isdisjoint(words.failed)
        )
        return is_past and set(near_before).isdisjoint(words.planned)

    def _near(
        self, before: Sequence[str], after: Sequence[str], match: re.Match[str], kind: str
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Return the words before and after a day that tell whether it is past."""
        words = self.words
        # "On the tuesday he said yes."
        is_storied = kind == "weekday" and words.article in (match[0].split()[0], *before[-1:])
        # "It ran from the first to the ninth"; "I left on friday the ninth".
        goes_on = not set(before[-1:]).isdisjoint((*words.to, *words.weekdays, *words.ordinals))
        is_far = kind in _FAR or is_storied or goes_on or self._is_following(before, match)
        # "By friday and we were out by then."
        is_joined = not set(after[:1]).isdisjoint(words.joints)
        is_long = kind in _LONG or is_storied or goes_on or is_joined
        reach = MONTH_REACH if is_far else PAST_REACH
        return before[-reach:], after[: PAST_REACH if is_long else AFTER_REACH]

    def _is_following(self, before: Sequence[str], match: re.Match[str]) -> bool:
        last = {match[0].split()[0], *before[-1:]}
        return not last.isdisjoint(self.words.next[1:])

    def _is_usual(
        self, before: Sequence[str], after: Sequence[str], match: re.Match[str], kind: str
    ) -> bool:
        """Tell whether it comes again and again: "they always ask on monday"."""
        words, sign = self.words, match[0].split()[0]
        if kind != "whole month":
            near = {*before[-HABIT_REACH:], *after[:PAST_REACH]}
            return kind in _WEEKLY and not near.isdisjoint(words.usual)
        if not set(words.habits).isdisjoint((*before, *after)):
            return True
        # "From november until march"; "in may it's four a week".
        is_season = sign in words.until and not set(before[-1:]).isdisjoint(words.months)
        return is_season or not set(after[:1]).isdisjoint(words.month_told)

    def _has_past(self, before: Sequence[str], match: re.Match[str], reach: int) -> bool:
        """Tell whether something is told that was done on that day: "we worked on sunday"."""
        is_aimed = not {match[0].split()[0], *before[-1:]}.isdisjoint(self.words.aims)
        return not is_aimed and self._is_told(before, reach)

    def _is_told(self, said: Sequence[str], reach: int | None = None) -> bool:
        """Tell whether one of these words, or of the last so many, has an ending of the past."""
        words = self.words
        begin = 0 if reach is None else max(0, len(said) - reach)
        return bool(words.past_endings) and any(
            word.endswith(words.past_endings)
            and word not in words.past_endings_not
            and not any(other in words.being for other in said[max(0, at - 2) : at])
            for at, word in enumerate(said)
            if at >= begin
        )


_SURE_MONTHS = frozenset({"day month", "weekday month day", "nth weekday"})


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
