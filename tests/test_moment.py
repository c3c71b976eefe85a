"""When a recording began: what the user says, else what its name, its data or its date tell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from assistant.importing.moment import Clues, Moment, is_still_to_come, moment

pytestmark = pytest.mark.unit

BERLIN = timezone(timedelta(hours=1))
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=BERLIN)
NOTHING = Clues("talk.m4a", {}, 60.0, datetime(2026, 11, 30, 9, 1, tzinfo=UTC))


def local(wall: datetime) -> datetime:
    return wall.replace(tzinfo=BERLIN) if wall.tzinfo is None else wall.astimezone(BERLIN)


def known(clues: Clues) -> Moment:
    return moment(clues, NOW, local)


def at(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "name",
    [
        "Call_20261120_142201.amr",
        "2026-11-20 14.22.01.m4a",
        "Recording 2026-11-20 at 14:22:01.m4a",
        "+49301234567_20261120-142201.3gp",
        "20261120142201.wav"[:8] + "-142201.wav",
        "2026-11-20T14:22:01 Dana 🎤.ogg",
    ],
)
def test_a_name_tells_it_as_recorders_name_their_files(name: str) -> None:
    assert known(replace(NOTHING, name=name)) == Moment(at(20, 14, 22, 1), "name")


def test_a_name_may_leave_the_seconds_out() -> None:
    assert known(replace(NOTHING, name="2026-11-20 14-22 Dana.m4a")).wall == at(20, 14, 22)


@pytest.mark.parametrize(
    "name",
    [
        "interview 3.m4a",
        "2026-11-20.m4a",
        "20261345_142201.amr",
        "120261120_1422019.amr",
        "2026.m4a",
    ],
)
def test_what_is_no_time_in_a_name_is_none(name: str) -> None:
    assert known(replace(NOTHING, name=name)).wall_from == "changed"


def test_the_recorders_own_data_tell_it_its_own_zone_first() -> None:
    tags = {"creation_time": "2026-11-20T13:22:01.000000Z"}
    assert known(replace(NOTHING, tags=tags)) == Moment(at(20, 14, 22, 1), "file")
    apple = {**tags, "com.apple.quicktime.creationdate": "2026-11-20T15:00:00+0200"}
    assert known(replace(NOTHING, tags=apple)).wall == at(20, 14, 0)


@pytest.mark.parametrize("wrong", ["1904-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "2026", "?", ""])
def test_a_clock_that_was_never_set_tells_nothing(wrong: str) -> None:
    assert known(replace(NOTHING, tags={"creation_time": wrong})).wall_from == "changed"


def test_the_sheet_tells_what_was_planned_and_the_file_what_it_was() -> None:
    planned = replace(NOTHING, sheet="2026-11-20T15:00")
    assert known(planned) == Moment(at(20, 15, 0), "sheet")
    tags = {"creation_time": "2026-11-20T14:03:00Z"}
    assert known(replace(planned, tags=tags)) == Moment(at(20, 15, 3), "file")


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(hours=11), timedelta(days=9)])
def test_no_recording_is_of_a_time_that_is_still_to_come(ahead: timedelta) -> None:
    planned = (NOW + ahead).isoformat()
    assert is_still_to_come(planned, NOW, local)
    assert known(replace(NOTHING, sheet=planned)) == known(NOTHING)


@pytest.mark.parametrize("planned", ["", "2026-12-05", "2026-12-01T11:59", "soon"])
def test_a_sheet_that_is_past_or_says_no_time_is_not_still_to_come(planned: str) -> None:
    assert not is_still_to_come(planned, NOW, local)


def test_what_the_user_says_goes_before_all_else() -> None:
    said = datetime(2026, 11, 2, 8, 30)  # noqa: DTZ001 - as it is said
    clues = replace(NOTHING, name="Call_20261120_142201.amr", said=said)
    assert known(clues) == Moment(at(2, 8, 30), "said")


def test_where_nothing_tells_it_ended_when_the_file_was_last_changed() -> None:
    assert known(NOTHING) == Moment(at(30, 10, 0), "changed")
