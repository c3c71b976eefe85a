"""How days are said, as patterns: "by the fifteenth", "a week from monday", "early in march".

Law: patterns from the words of a language, nothing else; what day a match means is for `days.py`,
whether it is one at all for `dates.py`.
"""

import re
from collections.abc import Iterable

from assistant.understanding.date_words import DateWords


def shapes(words: DateWords) -> dict[str, str]:
    """Write the shapes of a date as patterns; each kind is what `days.resolve` knows."""
    weekday, month = _any(words.weekdays), _any(words.months)
    number = rf"{_any(words.ordinals)}|\d{{1,2}}(?:st|nd|rd|th)?"
    the = rf"(?:{words.article} )?" if words.article else ""
    before = rf"(?:(?:{_any(words.before)}) )?"
    following = rf"(?:{_any(words.next)}) "
    next_week = _any(words.next_week)
    count = rf"{_any(words.numbers)}|\d{{1,2}}"
    units = (*words.day, *words.working_day, *words.week, *words.fortnight, *words.month)
    unit, unit_or_year = _any(units), _any((*units, *words.year))
    week = rf"(?:(?P<fortnight>{_any(words.fortnight[:1])})|{_any(words.week[:1])})"
    within = _any(filter(None, (words.within, *words.inside)))
    connected = rf"(?:{_any(words.counted_from)}) "
    tomorrow, today = _any(words.tomorrow), _any((*words.today, *words.now))
    small = _any(word for word in words.numbers if " " not in word)
    century = _any(words.centuries)
    spoken_year = rf"(?P<century>{century}) (?P<years>(?:(?:{small}) ?){{1,2}})"
    year = rf"(?: (?:{words.of} )?(?:(?P<year>(?:19|20)\d\d)|{spoken_year}))?"
    this = rf"(?:(?P<next>{_any(words.next)})|(?P<this>{_any(words.this)}))"
    by = _any(words.due)
    return {
        "day after": rf"{before}(?:{_any(words.day_after_tomorrow)})",
        "tomorrow": rf"{before}(?:{tomorrow})",
        "today": rf"{before}(?:{_any(words.today)})",
        "end of day": rf"(?:(?:{by}) {the}(?:{_any(words.end_of_day)})|"
        rf"(?:(?:{by}) )?(?:{_any(words.end_of_day_sure)}))"
        rf"(?: (?:{_any(words.before)}))?(?: (?:(?P<tomorrow>{tomorrow})|(?P<weekday>{weekday})))?",
        "weekday next week": rf"{before}(?P<weekday>{weekday}) (?:{words.of} )?(?:{next_week})|"
        rf"(?:{next_week}) (?:{before})(?P<weekday2>{weekday})",
        "next weekday": rf"{before}{following}(?P<weekday>{weekday})",
        "weekday after next": rf"{before}{the}(?P<weekday>{weekday}) (?:{_any(words.after_next)}|"
        rf"{the}(?P=weekday) (?:{_any(words.after)}))|"
        rf"{before}{the}(?P<weekday2>{weekday}) (?:{_any(words.after)})$",
        "same next week": rf"{before}(?:{_any(words.same_next_week)})",
        "weekday week": rf"{before}(?:(?P<weekday>{weekday})|(?P<tomorrow>{tomorrow})) {week}",
        "weeks from weekday": rf"{before}(?:(?P<count>{count}) (?:{_any(words.week)})|"
        rf"(?:(?:{count}) )?(?P<fortnight>{_any(words.fortnight[:1])})) "
        rf"(?:(?:{connected})?{before}(?P<weekday>{weekday})|(?P<tomorrow>{tomorrow}))",
        "from now": rf"(?P<count>{count}) (?P<unit>{unit_or_year}) "
        rf"(?:{connected}(?:(?P<tomorrow>{tomorrow})|{today})|(?:{tomorrow}|{_any(words.today)})$)",
        "weeks from today": rf"(?P<count>{count}) "
        rf"(?P<unit>{_any((*words.week, *words.fortnight))}) (?:{_any(words.today)})",
        "weekday month day": rf"{before}(?P<weekday>{weekday}) {the}(?P<month>{month}) "
        rf"{the}(?P<number>{number}){year}",
        "weekday number": rf"{before}(?P<weekday>{weekday}) {the}(?P<number>{number})",
        **_lone_numbers(words),
        "week of": rf"(?:{_any(words.week_of)}) {the}(?P<number>{number})",
        "number of month": rf"(?:(?:{_any(words.before)}|{words.article}) ){{1,2}}"
        rf"(?P<number>{number}) {words.of} "
        rf"{this} (?:{_any(words.month)})",
        "nth weekday": rf"{before}{the}"
        rf"(?:(?P<number>{_any(words.ordinals[:5])})|(?P<last>{_any(words.last)})) "
        rf"(?P<weekday>{weekday}) "
        rf"(?:{words.within}|{words.of}) (?:(?P<month>{month})|{this} (?:{_any(words.month)}))",
        "weekday": rf"{before}(?P<weekday>{weekday})",
        "next week": rf"{before}(?:{next_week})",
        "week after next": rf"{before}(?:{_any(words.week_after_next)})",
        "weekend": rf"(?:{_any(words.weekend)})",
        "next weekend": rf"{before}(?:{_any(words.next_weekend)})",
        "after weekend": rf"(?:{_any(words.after_weekend)})",
        "end of week": rf"{before}{the}(?:{_any(words.end_of_week)})",
        "last working day": rf"{before}{the}(?:{_any(words.last_working_day)})",
        "end of month": rf"{before}{the}(?:{_any(words.end_of_month)})",
        "month day": rf"{before}(?P<month>{month}) {the}(?P<number>{number}){year}",
        "day month": rf"{before}{the}(?P<number>{number}) (?:{words.of} )?(?P<month>{month}){year}",
        "feast": rf"{before}(?P<feast>{_any(words.feasts)})",
        "due feast": rf"(?:{by}) (?P<feast>{_any(words.feasts_due)})",
        "part": _part(words, month, this, before),
        "whole month": _whole_month(words, month, year),
        "next month": rf"{before}{following}(?:{_any(words.month[:1])})",
        "in": rf"(?:{within}) (?:(?P<about>{_any(words.about)}) )?(?P<count>{count}) "
        rf"(?P<unit>{unit})",
    }


def _lone_numbers(words: DateWords) -> dict[str, str]:
    """Write a day of the month alone: "by the fifteenth", never "by the fifteenth floor"."""
    ends = rf"(?=$| (?:{_any(words.day_ends)})(?![\w']))"
    figure = r"\d{1,2}(?:st|nd|rd|th)"
    signs = _any(words.day_signs or words.before)
    any_day = rf"(?P<number>{_any(words.ordinals)}|{figure})"
    before = _any(words.before)
    time = rf"{_any((*words.numbers, *words.hours))}|\d{{1,2}}" if words.at else "(?!)"
    late = rf"(?P<number>{_any(words.ordinals[words.rank_ordinals :])}|{figure})"
    return {
        "number": rf"(?:{signs}) {words.article} {any_day}{ends}",
        "number at time": rf"{words.article} {any_day}(?= {words.at} (?:{time})(?![\w']))",
        "clipped number": rf"(?:{before}) {words.article} "
        rf"(?P<number>{_any(words.clipped)}){ends}",
        "late number": rf"{words.article} {late}{ends}",
    }


def _part(words: DateWords, month: str, this: str, before: str) -> str:
    """Write the beginning, the middle and the end of a month, week, quarter or year."""
    parts = "|".join(
        rf"(?P<{name}>{_any(spellings)})"
        for name, spellings in (
            ("start", words.starts),
            ("middle", words.middles),
            ("late", words.lates),
            ("end", words.ends),
        )
    )
    period = _any((*words.week, *words.month, *words.quarter, *words.year))
    return rf"{before}(?:{parts}) (?:(?P<month>{month})|{this} (?P<period>{period}))"


def _whole_month(words: DateWords, month: str, year: str) -> str:
    """Write a month that comes: "in march", "by next april", never one that only is named."""
    signs = _any(filter(None, (words.within, *words.due)))
    following = _any((*words.next, *words.coming))
    year_on = rf"(?: (?:{words.of} )?(?:{_any(words.next)}) (?P<year_on>{_any(words.year)}))?"
    return (
        rf"(?:(?P<sign>{signs}) (?:(?:{following}) )?|(?:{following}) )(?P<month>{month})"
        rf"(?! (?:{words.article} )?(?:{_any(words.ordinals)}|\d{{1,2}}\b)){year_on}{year}"
    )


def _any(spellings: Iterable[str]) -> str:
    """Write an alternation, the longest first, so that "twenty first" is not "twenty"."""
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return "|".join(map(re.escape, longest_first)) or r"(?!)"
