"""Days as people type them: 2026-12-01, today, yesterday, or an age, 30d or 4w."""

import re
from datetime import date, timedelta

import click

_DAYS = {"d": 1, "w": 7}


class Day(click.ParamType[str]):
    """A day; its value is ISO 8601."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Read a day."""
        typed = str(value).strip().lower()
        # The user's own day, as the folders are named.
        today = date.today()  # noqa: DTZ011
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


DAY = Day()
