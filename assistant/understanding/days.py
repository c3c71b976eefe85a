"""The day that the words of a date mean, counted from the day they were said.

Reads what was matched, and the day of the call. Law: no clock; what people do not agree
about ("next Friday", "in two weeks", "mid January") is answered, but never as sure.
"""

import calendar
import re
from datetime import date, timedelta

from assistant.understanding.date_words import DateWords
from assistant.understanding.feasts import feast_in

FAR_DAYS = 180
"""A month and day further ahead than this may have been one that is past."""
MIDDLE, LATE = 15, 25
"""Days of the month: "mid January", "late January"."""
_WEDNESDAY, _FRIDAY, _SUNDAY = 2, 4, 6
_WEEK_DAYS = 7

Meant = tuple[date | None, bool]
"""The day, and whether that is sure; no day where there is none such."""


_IN_MONTH = frozenset(
    {
        *("weekday number", "week of", "number of month", "number", "late number"),
        *("number at time", "clipped number"),
    }
)


def resolve(kind: str, match: re.Match[str], today: date, words: DateWords) -> Meant:
    """Return the day that is meant by a match of one of the shapes of `dates`."""
    match kind:
        case "today" | "end of day" | "tomorrow" | "day after":
            return _near(kind, match, today, words)
        case "in" | "from now" | "weeks from today":
            return _counted(match, today, words)
        case "part":
            return _part(match, today, words)
        case "end of month":
            return _month_end(today.year, today.month), True
        case "next month":
            first = _months_on(today.replace(day=1), 1)
            return _month_end(first.year, first.month), False
        case "whole month":
            return _whole_month(match, today, words), False
        case (
            "month day" | "day month" | "weekday month day" | "nth weekday" | "feast" | "due feast"
        ):
            return _in_year(kind, match, today, words)
        case "last working day":
            last = _month_end(today.year, today.month)
            return last - timedelta(days=max(0, last.weekday() - _FRIDAY)), True
        case _ if kind in _IN_MONTH:
            return _in_month(kind, match, today, words)
        case _:
            return _in_weeks(kind, match, today, words)


def _in_year(kind: str, match: re.Match[str], today: date, words: DateWords) -> Meant:
    match kind:
        case "nth weekday":
            return _nth_weekday(match, today, words)
        case "feast" | "due feast":
            named = words.feasts_due if kind == "due feast" else words.feasts
            days = (
                feast_in(year, named[match["feast"]], words.weekdays)
                for year in (today.year, today.year + 1)
            )
            day = next(day for day in days if day >= today or day.year > today.year)
            return day, (day - today).days <= FAR_DAYS
        case "weekday month day":
            day, is_near = _month_day(match, today, words)
            return day, bool(is_near and day and day.weekday() == _weekday(match, words))
        case _:
            return _month_day(match, today, words)


def _in_month(kind: str, match: re.Match[str], today: date, words: DateWords) -> Meant:
    number = _number(match["number"], words)
    if kind == "number of month":
        ahead = bool(match["next"]) or (match["this"] == words.article and number < today.day)
        return _day_in_month(number, today, int(ahead)), match["this"] != words.article
    day = _day_of_month(number, today)
    is_named = kind == "weekday number"
    return day, bool(is_named and day and day.weekday() == _weekday(match, words))


def year_of(match: re.Match[str], words: DateWords) -> int | None:
    """Return the year that was named beside the day."""
    groups = match.groupdict()
    if digits := groups.get("year"):
        return int(digits)
    if not (century := groups.get("century")):
        return None
    rest = sum(_small(word, words) for word in (groups.get("years") or "").split())
    return words.centuries[century] * 100 + rest


def _small(word: str, words: DateWords) -> int:
    return int(word) if word.isdigit() else words.numbers.get(word, 0)


def _near(kind: str, match: re.Match[str], today: date, words: DateWords) -> Meant:
    if kind == "end of day" and match["weekday"]:
        return _in_weeks("weekday", match, today, words)
    is_tomorrow = kind == "tomorrow" or bool(match.groupdict().get("tomorrow"))
    return today + timedelta(days=2 if kind == "day after" else int(is_tomorrow)), True


def _counted(match: re.Match[str], today: date, words: DateWords) -> Meant:
    count, unit = _count(match, words), match["unit"]
    groups = match.groupdict()
    start = today + timedelta(days=bool(groups.get("tomorrow")))
    is_plain = not groups.get("about") and match["count"] not in words.vague
    if unit in words.month or unit in words.year:
        return _months_on(start, count * (12 if unit in words.year else 1)), False
    if unit in words.working_day:
        return _working_days_on(start, count), False
    days = 2 * _WEEK_DAYS if unit in words.fortnight else _WEEK_DAYS if unit in words.week else 1
    return start + timedelta(days=count * days), days == 1 and is_plain


def _in_weeks(kind: str, match: re.Match[str], today: date, words: DateWords) -> Meant:
    monday = today - timedelta(days=today.weekday())
    match kind:
        case "weekday":
            ahead = (_weekday(match, words) - today.weekday() - 1) % _WEEK_DAYS + 1
            # "Friday", said on a Friday, may be this very day.
            return today + timedelta(days=ahead), ahead < _WEEK_DAYS
        case "same next week":
            return today + timedelta(days=_WEEK_DAYS), True
        case "weekday week" | "weeks from weekday" if match["tomorrow"]:
            is_counted = kind == "weeks from weekday"
            weeks = _weeks(match, words) if is_counted else 1 + bool(match["fortnight"])
            return today + timedelta(days=1 + weeks * _WEEK_DAYS), True
        case "weeks from weekday" | "weekday week" | "weekday after next":
            ahead = (_weekday(match, words) - today.weekday() - 1) % _WEEK_DAYS + 1
            is_counted = kind == "weeks from weekday"
            is_fortnight = bool(match.groupdict().get("fortnight"))
            weeks = _weeks(match, words) if is_counted else 1 + is_fortnight
            is_sure = is_counted and weeks == 1 and ahead < _WEEK_DAYS
            has_next = any(word in words.next for word in match[0].split())
            return today + timedelta(days=ahead + weeks * _WEEK_DAYS), is_sure and not has_next
        case "next week":
            return monday + timedelta(days=_WEEK_DAYS + _FRIDAY), False
        case "week after next":
            return monday + timedelta(days=2 * _WEEK_DAYS + _FRIDAY), False
        case "weekend" | "next weekend":
            weeks = int(kind == "next weekend")
            return monday + timedelta(days=weeks * _WEEK_DAYS + _SUNDAY), False
        case "after weekend":
            return monday + timedelta(days=_WEEK_DAYS), False
        case "end of week":
            return max(today, monday + timedelta(days=_FRIDAY)), False
        case _:
            # "Next Friday" is for some the one in three days; "Friday next week" is not.
            day = monday + timedelta(days=_WEEK_DAYS + _weekday(match, words))
            return day, kind == "weekday next week"


def _part(match: re.Match[str], today: date, words: DateWords) -> Meant:
    """Resolve the beginning, the middle or the end of a month, a week, a quarter or a year."""
    part, ahead = _part_of(match), int(bool(match["next"]))
    is_end = part == "end"
    if month := match["month"]:
        day = _part_of_month(part, today, words.months.index(month) + 1)
        return day, is_end and (day - today).days <= FAR_DAYS
    period = match["period"]
    if period in words.week:
        monday = today - timedelta(days=today.weekday()) + timedelta(days=ahead * _WEEK_DAYS)
        # A month's part is a day of it, a week's part too: Monday, Wednesday, Friday.
        offset = {"start": 0, "middle": _WEDNESDAY}.get(part, _FRIDAY)
        return max(today, monday + timedelta(days=offset)), False
    if period in words.month:
        first = _months_on(today.replace(day=1), ahead)
        last = _month_end(first.year, first.month)
        day = last if is_end else first.replace(day=_day_of_part(part))
        return (day if day >= today else None), is_end
    months = 3 if period in words.quarter else 12
    first = _months_on(
        today.replace(month=(today.month - 1) // months * months + 1, day=1), ahead * months
    )
    after = _months_on(first, months)
    day = {"start": first, "middle": first + (after - first) / 2}.get(part, after)
    day -= timedelta(days=day == after)
    return (day if day >= today else None), is_end


def _whole_month(match: re.Match[str], today: date, words: DateWords) -> date:
    """Return the last day of a month that comes; the first where it is due by then."""
    number = words.months.index(match["month"]) + 1
    is_due = match["sign"] in words.due
    named = year_of(match, words) or today.year + bool(match["year_on"])
    for year in (named, today.year + 1):
        day = date(year, number, 1) if is_due else _month_end(year, number)
        if day >= today:
            break
    return day


def _part_of(match: re.Match[str]) -> str:
    return next((name for name in ("start", "middle", "late") if match[name]), "end")


def _day_of_part(part: str) -> int:
    return {"start": 1, "middle": MIDDLE}.get(part, LATE)


def _part_of_month(part: str, today: date, month: int) -> date:
    days = (
        _month_end(year, month) if part == "end" else date(year, month, _day_of_part(part))
        for year in (today.year, today.year + 1)
    )
    return next(day for day in days if day >= today or day.year > today.year)


def _weekday(match: re.Match[str], words: DateWords) -> int:
    groups = match.groupdict()
    return words.weekdays.index(groups.get("weekday") or groups["weekday2"] or "")


def _count(match: re.Match[str], words: DateWords) -> int:
    return words.numbers.get(match["count"]) or int(match["count"])


def _weeks(match: re.Match[str], words: DateWords) -> int:
    return 2 if match["fortnight"] else _count(match, words)


def _day_of_month(number: int, today: date) -> date | None:
    """Return the next day of that number, in this month or one of the next."""
    ahead = (today + timedelta(days=n) for n in range(1, 63))
    return next((day for day in ahead if day.day == number), None)


def _day_in_month(number: int, today: date, months: int) -> date | None:
    first = _months_on(today.replace(day=1), months)
    try:
        day = first.replace(day=number)
    except ValueError:
        return None
    return day if day >= today else None


def _nth_weekday(match: re.Match[str], today: date, words: DateWords) -> Meant:
    """Resolve "the second Tuesday in December"."""
    weekday = _weekday(match, words)
    if month := match["month"]:
        number = words.months.index(month) + 1
        firsts = [date(year, number, 1) for year in (today.year, today.year + 1)]
    else:
        firsts = [_months_on(today.replace(day=1), bool(match["next"]))]
    for first in firsts:
        if match["last"]:
            last = _month_end(first.year, first.month)
            day = last - timedelta(days=(last.weekday() - weekday) % _WEEK_DAYS)
        else:
            weeks = _number(match["number"], words) - 1
            ahead = (weekday - first.weekday()) % _WEEK_DAYS + weeks * _WEEK_DAYS
            day = first + timedelta(days=ahead)
        if day >= today and day.month == first.month:
            return day, (day - today).days <= FAR_DAYS
    return None, False


def _month_day(match: re.Match[str], today: date, words: DateWords) -> Meant:
    month = words.months.index(match["month"]) + 1
    number = _number(match["number"], words)
    if year := year_of(match, words):
        return _safe_day(year, month, number), True
    return _next_of_year(month, number, today)


def _next_of_year(month: int, number: int, today: date) -> Meant:
    for year in (today.year, today.year + 1):
        day = _safe_day(year, month, number)
        if day and day >= today:
            return day, (day - today).days <= FAR_DAYS
    return None, False


def _safe_day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _months_on(day: date, months: int) -> date:
    """Return the same day so many months on, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _working_days_on(day: date, count: int) -> date:
    """Return the day so many days from Monday to Friday on; who works otherwise is not known."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() <= _FRIDAY
    return day


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _number(text: str, words: DateWords) -> int:
    if text in words.ordinals:
        return words.ordinals.index(text) + 1
    if text in words.clipped:
        return words.clipped[text]
    return int(re.sub(r"\D", "", text))
