"""A date as it was spoken, and the day it means.

Law: only plain cases; a word that may mean something else ("may", "march", "sat")
is no date; the heard words are always kept, and doubt is said: two days at
once, "not before", and what people do not agree about ("next Friday") are never sure.
"""

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec

from assistant.notes.words import DateWords

FAR_DAYS = 180
"""A month and day further ahead than this may have been one that is past."""
_FRIDAY = 4
_WEEK_DAYS = 7
NEGATION_REACH = 6
"""So many words before "until friday", a "won't" turns it."""

_Hit = tuple[re.Match[str], str]
"""What was found, and of which kind it is."""


class SpokenDate(msgspec.Struct, frozen=True):
    """A date that was said."""

    heard: str
    """The words, as they were spoken."""
    day: str | None
    """ISO 8601; None where the call's own day is not known or there is no such day."""
    is_sure: bool


def spoken_date(text: str, said_on: date | None, words: DateWords) -> SpokenDate | None:
    """Find the first date in a text, spelled as `talk.plain_words` spells it."""
    found: list[_Hit] = [
        (match, kind)
        for kind, pattern in _patterns(words)
        for match in pattern.finditer(text)
        if not _is_excluded(text, match, kind, words)
    ]
    if not found:
        return None
    match, kind = _first(found)
    day, is_sure = _resolve(kind, match, said_on, words) if said_on else (None, False)
    is_plain = not _is_in_doubt(text, match, words) and not _has_neighbour(text, match, found)
    return SpokenDate(
        match[0], day.isoformat() if day else None, is_sure and is_plain and day is not None
    )


def _first(found: Iterable[_Hit]) -> _Hit:
    """Choose the first; of those that begin together, the longest."""
    return min(found, key=lambda hit: (hit[0].start(), -len(hit[0][0])))


def _is_in_doubt(text: str, match: re.Match[str], words: DateWords) -> bool:
    before, after = text[: match.start()].split(), f"{text[match.end() :].strip()} "
    if before and before[-1] in words.doubtful_after:
        return True
    if after.startswith(tuple(f"{phrase} " for phrase in words.doubtful_before)):
        return True
    is_until = match[0].split()[0] in words.until
    return is_until and any(word in words.negations for word in before[-NEGATION_REACH:])


def _has_neighbour(text: str, match: re.Match[str], found: Iterable[_Hit]) -> bool:
    """Tell whether another date follows at once or after one word: "monday to wednesday"."""
    rest = [other for other, _ in found if other.start() >= match.end()]
    return any(len(text[match.end() : other.start()].split()) <= 1 for other in rest)


def _patterns(words: DateWords) -> Iterable[tuple[str, re.Pattern[str]]]:
    if not words.weekdays:
        return
    weekday, month = _any(words.weekdays), _any(words.months)
    number = rf"{_any(words.ordinals)}|\d{{1,2}}[a-z]{{0,2}}"
    the = rf"(?:{words.article} )?" if words.article else ""
    before = rf"(?:(?:{_any(words.before)}) )?"
    following = rf"(?:{_any(words.next)}) "
    next_week = _any(words.next_week)
    count = rf"{_any(words.numbers)}|\d{{1,2}}"
    shapes = {
        "day after": rf"{before}(?:{_any(words.day_after_tomorrow)})",
        "tomorrow": rf"{before}(?:{_any(words.tomorrow)})",
        "today": rf"{before}(?:{_any(words.today)})",
        "weekday next week": rf"{before}(?P<weekday>{weekday}) (?:{next_week})|"
        rf"(?:{next_week}) (?:{before})(?P<weekday2>{weekday})",
        "next weekday": rf"{before}{following}(?P<weekday>{weekday})",
        "weekday week": rf"{before}(?P<weekday>{weekday}) (?:{_any(words.week[:1])})",
        "weeks from weekday": rf"{before}(?P<count>{count}) (?:{_any(words.week)}) "
        rf"(?:(?:{_any(words.counted_from)}) )?{before}(?P<weekday>{weekday})",
        "from now": rf"(?P<count>{count}) (?P<unit>{_any((*words.day, *words.week))}) "
        rf"(?:(?:{_any(words.counted_from)}) )?"
        rf"(?:(?P<tomorrow>{_any(words.tomorrow)})|{_any((*words.today, *words.now))})",
        "weekday month day": rf"{before}(?P<weekday>{weekday}) {the}(?P<month>{month}) "
        rf"{the}(?P<number>{number})",
        "weekday number": rf"{before}(?P<weekday>{weekday}) {the}(?P<number>{number})",
        "number": rf"(?:{_any(words.before)}) {words.article} (?P<number>{_any(words.ordinals)})$",
        "weekday": rf"{before}(?P<weekday>{weekday})",
        "next week": rf"{before}(?:{next_week})",
        "end of week": rf"{before}{the}(?:{_any(words.end_of_week)})",
        "end of month": rf"{before}{the}(?:{_any(words.end_of_month)})",
        "month day": rf"{before}(?P<month>{month}) {the}(?P<number>{number})",
        "day month": rf"{before}{the}(?P<number>{number}) (?:{words.of} )?(?P<month>{month})",
        "in days": rf"{words.within} (?P<count>{count}) (?P<unit>{_any(words.day)})",
        "in weeks": rf"{words.within} (?P<count>{count}) (?P<unit>{_any(words.week)})",
    }
    for kind, shape in shapes.items():
        yield kind, re.compile(rf"(?<![\w'])(?:{shape})(?![\w'])")


def _any(spellings: Iterable[str]) -> str:
    """Write an alternation, the longest first, so that "twenty first" is not "twenty"."""
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return "|".join(map(re.escape, longest_first)) or r"(?!)"


def _is_excluded(text: str, match: re.Match[str], kind: str, words: DateWords) -> bool:
    before = text[: match.start()].split()[-1:]
    if before and before[0] in words.not_after:
        return True
    month = match.groupdict().get("month")
    if month not in words.months_with_other_meanings:
        return False
    has_figure = any(letter.isdigit() for letter in match["number"])
    has_sign = match[0].split()[0] in words.before or kind in {"day month", "weekday month day"}
    return not (has_figure or has_sign)


def _resolve(
    kind: str, match: re.Match[str], today: date, words: DateWords
) -> tuple[date | None, bool]:
    """Return the day that is meant, and whether that is sure."""
    match kind:
        case "today" | "tomorrow" | "day after":
            ahead = {"today": 0, "tomorrow": 1, "day after": 2}[kind]
            return today + timedelta(days=ahead), True
        case "in days" | "in weeks":
            count = _count(match, words)
            is_weeks = kind == "in weeks"
            return today + timedelta(days=count * (_WEEK_DAYS if is_weeks else 1)), not is_weeks
        case "end of month":
            return today.replace(day=calendar.monthrange(today.year, today.month)[1]), True
        case "from now":
            count = _count(match, words)
            is_weeks = match["unit"] in words.week
            ahead = count * (_WEEK_DAYS if is_weeks else 1) + bool(match["tomorrow"])
            return today + timedelta(days=ahead), not is_weeks
        case "month day" | "day month":
            return _month_day(match, today, words)
        case "weekday month day":
            day, is_near = _month_day(match, today, words)
            return day, bool(is_near and day and day.weekday() == _weekday(match, words))
        case "weekday number" | "number":
            day = _day_of_month(_number(match["number"], words.ordinals), today)
            is_named = kind == "weekday number"
            return day, bool(is_named and day and day.weekday() == _weekday(match, words))
        case _:
            return _in_weeks(kind, match, today, words)


def _in_weeks(kind: str, match: re.Match[str], today: date, words: DateWords) -> tuple[date, bool]:
    monday = today - timedelta(days=today.weekday())
    match kind:
        case "weekday":
            ahead = (_weekday(match, words) - today.weekday() - 1) % _WEEK_DAYS + 1
            # "Friday", said on a Friday, may be this very day.
            return today + timedelta(days=ahead), ahead < _WEEK_DAYS
        case "weeks from weekday" | "weekday week":
            ahead = (_weekday(match, words) - today.weekday() - 1) % _WEEK_DAYS + 1
            is_counted = kind == "weeks from weekday"
            weeks = _count(match, words) if is_counted else 1
            is_sure = is_counted and weeks == 1 and ahead < _WEEK_DAYS
            has_next = any(word in words.next for word in match[0].split())
            return today + timedelta(days=ahead + weeks * _WEEK_DAYS), is_sure and not has_next
        case "next week":
            return monday + timedelta(days=_WEEK_DAYS + _FRIDAY), False
        case "end of week":
            return max(today, monday + timedelta(days=_FRIDAY)), False
        case _:
            # "Next Friday" is for some the one in three days; "Friday next week" is not.
            day = monday + timedelta(days=_WEEK_DAYS + _weekday(match, words))
            return day, kind == "weekday next week"


def _weekday(match: re.Match[str], words: DateWords) -> int:
    groups = match.groupdict()
    return words.weekdays.index(groups.get("weekday") or groups["weekday2"] or "")


def _count(match: re.Match[str], words: DateWords) -> int:
    return words.numbers.get(match["count"]) or int(match["count"])


def _day_of_month(number: int, today: date) -> date | None:
    """Return the next day of that number, in this month or one of the next."""
    ahead = (today + timedelta(days=n) for n in range(1, 63))
    return next((day for day in ahead if day.day == number), None)


def _month_day(match: re.Match[str], today: date, words: DateWords) -> tuple[date | None, bool]:
    month = words.months.index(match["month"]) + 1
    number = _number(match["number"], words.ordinals)
    for year in (today.year, today.year + 1):
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day >= today:
            return day, (day - today).days <= FAR_DAYS
    return None, False


def _number(text: str, ordinals: Sequence[str]) -> int:
    if text in ordinals:
        return ordinals.index(text) + 1
    return int(re.sub(r"\D", "", text))
