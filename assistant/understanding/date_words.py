"""The words a language has for days: what `[dates]` of its `notes.toml` holds.

Law: values only. An older file lacks some of them: what it lacks is not found.
"""

import msgspec


class DateWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How dates are spoken; lower case."""

    weekdays: tuple[str, ...] = ()
    """Seven, Monday first."""
    months: tuple[str, ...] = ()
    """Twelve."""
    months_with_other_meanings: tuple[str, ...] = ()
    """Count only beside a figure or after one of `before`: "may", "march"."""
    ordinals: tuple[str, ...] = ()
    """Thirty-one: "first" to "thirty first"."""
    clipped: dict[str, int] = {}
    """Days as a recogniser clips them: "on the twenty seven" = 27. They need a sign before them."""
    numbers: dict[str, int] = {}
    vague: tuple[str, ...] = ()
    """Those of `numbers` that are a guess: "a few"."""
    before: tuple[str, ...] = ()
    """Stand before a date: "by", "on"."""
    next: tuple[str, ...] = ()
    coming: tuple[str, ...] = ()
    """Before a month that is yet to come: "this coming"."""
    habits: tuple[str, ...] = ()
    """A month beside one of these comes every year: "always", "usually"."""
    usual: tuple[str, ...] = ()
    """A weekday near one of these comes every week: "always"."""
    month_told: tuple[str, ...] = ()
    """Right after a month they tell how it always is: "in may it's busy"."""
    last: tuple[str, ...] = ()
    """Before a weekday of a month: "the last friday of the month"."""
    not_after: tuple[str, ...] = ()
    """A day after one of these is none to come: "last", "every", "all day"."""
    not_after_two: tuple[str, ...] = ()
    """So is one two words after one of these: "every second friday"."""
    not_before: tuple[str, ...] = ()
    """Neither is one right before one of these: "friday night lights", "monday to friday"."""
    past: tuple[str, ...] = ()
    """A bare day just after or before one of these was one: "was", "had"."""
    ahead: tuple[str, ...] = ()
    """Who says these asks, promises or arranges: "i'll", "could we"."""
    turns: tuple[str, ...] = ()
    """After these something else is said: "but"."""
    reporting: tuple[str, ...] = ()
    """Right before a day they tell what was said of it: "they said early march"."""
    no_refusal: tuple[str, ...] = ()
    """Before a negation they refuse nothing: "why not friday"."""
    elapsed: tuple[str, ...] = ()
    """Before weeks up to today: "been three weeks today"."""
    earlier: tuple[str, ...] = ()
    """Before today: "earlier today"."""
    joints: tuple[str, ...] = ()
    """Right after a day they go on with what came of it: "and", "but"."""
    failed: tuple[str, ...] = ()
    """After a day they tell that it is over: "by tuesday and we didn't"."""
    owning: tuple[tuple[str, str], ...] = ()
    """Of two words the second is of the past, but not after the first: "i've", "got"."""
    past_endings: tuple[str, ...] = ()
    """So end most other words of the past: "worked" ..."""
    past_endings_not: tuple[str, ...] = ()
    """... but not these: "need" ..."""
    unchanged: tuple[str, ...] = ()
    """The same in the past as now, so only told where the day is "the following": "shut"."""
    lasted: tuple[str, ...] = ()
    """Phrases: right before one of `until` they tell of what is over: "slept till monday"."""
    rates: tuple[str, ...] = ()
    """Two of them, the second right before a weekday, tell of every week: "twice a day and once
    on sunday"."""
    being: tuple[str, ...] = ()
    """... nor one after these: "it is moved to friday"; nor where one of `aims` stands before the
    day."""
    aims: tuple[str, ...] = ()
    """Before a day that something is put to: "we moved it to friday"."""
    planned: tuple[str, ...] = ()
    """But not where one of these stands too: "was hoping for friday"."""
    article: str = ""
    of: str = ""
    within: str = ""
    """Before a number of days: "in"."""
    inside: tuple[str, ...] = ()
    """The same in other words: "within", "give me"."""
    about: tuple[str, ...] = ()
    """Between that and the number; the day is in doubt then: "in about two weeks"."""
    today: tuple[str, ...] = ()
    tomorrow: tuple[str, ...] = ()
    day_after_tomorrow: tuple[str, ...] = ()
    next_week: tuple[str, ...] = ()
    week_after_next: tuple[str, ...] = ()
    same_next_week: tuple[str, ...] = ()
    """Seven days on, whatever the day: "same time next week"."""
    after_next: tuple[str, ...] = ()
    """After a weekday, the one that comes second: "monday after next"."""
    after: tuple[str, ...] = ()
    """Behind a weekday that was named twice: "friday, the friday after"."""
    weekend: tuple[str, ...] = ()
    next_weekend: tuple[str, ...] = ()
    after_weekend: tuple[str, ...] = ()
    end_of_week: tuple[str, ...] = ()
    end_of_month: tuple[str, ...] = ()
    last_working_day: tuple[str, ...] = ()
    """Of this month: Monday to Friday."""
    end_of_day: tuple[str, ...] = ()
    """After one of `due` only: "by end of day"."""
    due: tuple[str, ...] = ()
    """Before the end of a day: "by", "before"."""
    end_of_day_sure: tuple[str, ...] = ()
    """Needs none of them: "eod"."""
    day: tuple[str, ...] = ()
    working_day: tuple[str, ...] = ()
    """A day from Monday to Friday, as people count them."""
    week: tuple[str, ...] = ()
    """The first also stands after a weekday: "friday week"."""
    fortnight: tuple[str, ...] = ()
    month: tuple[str, ...] = ()
    counted_from: tuple[str, ...] = ()
    """Between a number of weeks and the day they are counted from: "a week from friday"."""
    now: tuple[str, ...] = ()
    day_signs: tuple[str, ...] = ()
    """Before a day of the month that stands alone: "by the fifteenth"."""
    day_ends: tuple[str, ...] = ()
    """What may come after it, so that it is not "the fifteenth floor"."""
    parts_of_day: tuple[str, ...] = ()
    """Behind a day, they are a part of it: "thursday evening", "monday at noon"."""
    rank_ordinals: int = 0
    """So many of the first ordinals are more often a rank: they need a sign."""
    at: str = ""
    hours: tuple[str, ...] = ()
    """After `at` they tell a time, beside the numbers: "half". Ranks need no other sign then."""
    week_of: tuple[str, ...] = ()
    """Before a day of the month whose week is meant: "the week of"."""
    feasts: dict[str, str] = {}
    """A day that has a name -> when it is, as `feasts` reads it: "christmas eve" = "12-24"."""
    feasts_due: dict[str, str] = {}
    """The same, only after one of `due`: "by christmas", but not "the christmas market"."""
    starts: tuple[str, ...] = ()
    """Parts of a month, week or year: "early", "the beginning of"."""
    middles: tuple[str, ...] = ()
    lates: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    this: tuple[str, ...] = ()
    """Before "month", "year": "this", "the"."""
    year: tuple[str, ...] = ()
    quarter: tuple[str, ...] = ()
    centuries: dict[str, int] = {}
    """How the first half of a year is said: "twenty" = 20, "two thousand and" = 20."""
    to: tuple[str, ...] = ()
    """Between the days of a stretch: "the eighth to the tenth"."""
    doubtful_after: tuple[str, ...] = ()
    """A day right after one of these is in doubt: "not", "or"."""
    doubtful_before: tuple[str, ...] = ()
    """So is one right before one of these: "or", "at the earliest"."""
    until: tuple[str, ...] = ()
    """Those of `before` that turn with a negation: "not ... until friday"."""
    negations: tuple[str, ...] = ()
