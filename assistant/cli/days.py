"""Days and moments as people type them: 2026-12-01, yesterday, 30d, 4w; "2026-12-01 15:00"."""

import re
from datetime import date, datetime, timedelta

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
        typed = str(value).strip().replace("T", " ")
        try:
            return datetime.strptime(  # noqa: DTZ007
                typed, "%Y-%m-%d %H:%M" if ":" in typed else "%Y-%m-%d"
            )
        except ValueError:
            self.fail(f'{value!r} is no moment; try "2026-12-01 15:00" or 2026-12-01.', param, ctx)


DAY = Day()
