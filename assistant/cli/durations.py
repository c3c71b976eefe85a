"""Lengths of time as people type them: 5m, 90s, 1h, or plain minutes; 30d, 4w, or plain days."""

import re

import click

_LONGEST_S = 4 * 3600.0
_SECONDS = {"": 60.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


class Duration(click.ParamType[float]):
    """A length of time; its value is in seconds."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read `5m`, `90s`, `1h` or plain minutes."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|min|h)?", str(value).strip().lower())
        if found is None:
            self.fail(f"{value!r} is no length of time; try 5m, 90s or 1h.", param, ctx)
        seconds = float(found[1]) * _SECONDS[found[2] or ""]
        if not 0 < seconds <= _LONGEST_S:
            told = "" if found[2] else "; plain numbers are minutes"
            self.fail(f"{value!r} is not between a second and four hours{told}.", param, ctx)
        return seconds


class Days(click.ParamType[float]):
    """An age; its value is in days."""

    name = "days"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read `30d`, `4w` or plain days."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d{1,5})\s*(d|w)?", str(value).strip().lower())
        if found is None:
            self.fail(f"{value!r} is no number of days; try 30d or 4w.", param, ctx)
        return float(found[1]) * (7 if found[2] == "w" else 1)
