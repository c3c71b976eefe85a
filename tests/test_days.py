"""Moments as people type them: what can be meant in one way only."""

from datetime import date, datetime

import pytest

from assistant.cli.days import is_past, moment_of

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-12-01 15:00", "2026-12-01 15:00"),
        ("2026-12-01T15:00", "2026-12-01 15:00"),
        (" 2026-12-01 ", "2026-12-01 00:00"),
        ("01.12.2026 15:00", "2026-12-01 15:00"),
        ("1.12.2026", "2026-12-01 00:00"),
        ("15:00", "2026-11-30 15:00"),
        ("9:05", "2026-11-30 09:05"),
        ("Today 15:00", "2026-11-30 15:00"),
        ("tomorrow 15:00", "2026-12-01 15:00"),
        ("Tomorrow at 15:00", "2026-12-01 15:00"),
        ("15:00 tomorrow", "2026-12-01 15:00"),
        ("yesterday", "2026-11-29 00:00"),
    ],
)
def test_a_moment_is_read_as_it_can_only_be_meant(typed: str, meant: str) -> None:
    assert moment_of(typed, TODAY).strftime("%Y-%m-%d %H:%M") == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("", "at", "soon", "friday 15:00", "15", "3", "12/01/2026 15:00", "1.12. 15:00"),
        *("1.12.26", "31.11.2026", "2026-13-01", "25:00", "15:00 16:00", "today tomorrow"),
    ],
)
def test_what_can_be_meant_in_two_ways_or_none_is_no_moment(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        moment_of(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "past"),
    [
        *(("14:59", True), ("15:01", False), ("today", False), ("tomorrow", False)),
        *(("yesterday", True), ("yesterday 23:00", True)),
    ],
)
def test_a_moment_is_past_when_its_minute_is_and_a_day_when_it_is_over(
    typed: str, past: bool
) -> None:
    assert is_past(moment_of(typed, TODAY), datetime(2026, 11, 30, 15, 0)) is past  # noqa: DTZ001
