"""Days that have a name: Christmas Eve, Good Friday, Thanksgiving.

Reads how a language writes them down. Law: a date for a year, nothing else. The only door to
dateutil, for Easter as the Western churches keep it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from dateutil.easter import easter

EASTER = "easter"
_WEEK_DAYS = 7


def feast_in(year: int, told: str, weekdays: Sequence[str]) -> date:
    """Return when a feast is in a year.

    `told` is a month and a day ("12-24"), days from Easter ("easter-2", "easter"), or a weekday
    of a month, counted ("11-thursday-4"). Raises ValueError for anything else.
    """
    if told.startswith(EASTER):
        return easter(year) + timedelta(days=int(told.removeprefix(EASTER) or 0))
    month, *weekday, number = told.split("-")
    if not weekday:
        return date(year, int(month), int(number))
    first = date(year, int(month), 1)
    ahead = (weekdays.index(weekday[0]) - first.weekday()) % _WEEK_DAYS
    return first + timedelta(days=ahead + (int(number) - 1) * _WEEK_DAYS)
