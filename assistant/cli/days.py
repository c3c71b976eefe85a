"""Days and moments as people type them: 2026-12-01, yesterday, 30d, 4w; "tomorrow 15:00"."""

import re
from datetime import date, datetime, time, timedelta

import click

_DAYS = {"d": 1, "w": 7}


def local_time() -> datetime:
    """Return the user's own day and time, without a zone: as the folders of calls are named."""
    return datetime.now().astimezone().replace(tzinfo=None)


class Day(click.ParamType[str]):
    """A day; its value is ISO 8601."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Read a day."""
        typed = str(value).strip().lower()
        today = local_time().date()
        ages = {"today": 0, "yesterday": 1}
        found = re.fullmatch(r"(\d{1,5})([dw])", typed)
        if found or typed in ages:
            age = int(found[1]) * _DAYS[found[2]] if found else ages[typed]
            try:
                return (today - timedelta(days=age)).isoformat()
            except OverflowError:
                self.fail(f"{value!r} is too long ago.", param, ctx)
        try:
            return date.fromisoformat(typed).isoformat()
        except ValueError:
            self.fail(f"{value!r} is no day; try 2026-12-01, yesterday, 30d or 4w.", param, ctx)


class Moment(click.ParamType[datetime]):
    """A day and a time, or a day alone."""

    name = "moment"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read a moment; it has no time zone: it is the user's own."""
        try:
            return moment_of(str(value), local_time().date())
        except ValueError:
            self.fail(
                f'{value!r} is no moment; try "2026-12-01 15:00", 2026-12-01, "tomorrow 15:00", '
                "or 15:00 for today.",
                param,
                ctx,
            )


_NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1}
_BETWEEN = re.compile(r"(?<=\d)T(?=\d)", re.IGNORECASE)
"""The letter of ISO 8601 between a day and a time."""


def moment_of(typed: str, today: date) -> datetime:
    """Read a day, a time of today, or both, in the ways that can be meant in one way only.

    A day alone is its midnight. Raises ValueError.
    """
    words = [word for word in _BETWEEN.sub(" ", typed).lower().split() if word != "at"]
    clocks = [word for word in words if ":" in word]
    days = [word for word in words if ":" not in word]
    if not words or len(clocks) > 1 or len(days) > 1:
        raise ValueError(f"{typed!r} is not one day and one time")
    at = datetime.strptime(clocks[0], "%H:%M").time() if clocks else time()  # noqa: DTZ007
    return datetime.combine(_day_of(days[0], today) if days else today, at)


def _day_of(typed: str, today: date) -> date:
    if typed in _NEAR:
        return today + timedelta(days=_NEAR[typed])
    # With full stops the day stands first, wherever people write so.
    form = "%d.%m.%Y" if "." in typed else "%Y-%m-%d"
    return datetime.strptime(typed, form).date()  # noqa: DTZ007


def is_past(moment: datetime, now: datetime) -> bool:
    """Tell whether a moment is over; a day alone, which is its midnight, is when the day is."""
    if moment.time() == time():
        return moment.date() < now.date()
    return moment < now


DAY = Day()
