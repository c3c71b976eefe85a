"""The room on the disk: stated before the call, watched during it, each change told once."""

from pathlib import Path

import pytest

from assistant.errors import DiskError
from assistant.events import Trouble
from assistant.keeping.room import (
    FULL,
    KEPT_AGAIN,
    LOW_NO_MORE,
    RoomWatch,
    Space,
    before_call,
    need,
    needed_bytes,
    space_at,
)

pytestmark = pytest.mark.unit

MB = 1_000_000
DISK = 256_000 * MB


def disk(free_mb: float, total: int = DISK) -> Space:
    return Space(total, round(free_mb * MB), "/home/sam")


def test_three_hours_of_two_channels_need_700_megabytes():
    assert round(needed_bytes(180, disk(0)) / MB) == 707


def test_the_need_is_stated_in_words():
    assert need(20, disk(4200)) == (
        "A call of 20 minutes needs 93 MB in /home/sam; 4.2 GB are free."
    )


@pytest.mark.parametrize(
    ("free_mb", "said"),
    [
        (708, ""),
        (706, "A call of 20 minutes needs 93 MB in /home/sam; 706 MB are free."),
        (36, "A call of 20 minutes needs 93 MB in /home/sam; 36 MB are free."),
    ],
)
def test_before_the_call_little_room_is_said(free_mb: float, said: str):
    assert before_call(20, disk(free_mb)) == said


def test_without_room_for_a_few_minutes_there_is_no_call():
    with pytest.raises(DiskError, match="no room for a call") as caught:
        before_call(20, disk(35))
    assert caught.value.exit_code == 7
    assert "Free some space" in caught.value.hint


def test_a_tiny_disk_has_a_small_reserve():
    assert before_call(20, disk(24, 64 * MB))
    watch = RoomWatch()
    watch.look(disk(4, 64 * MB))
    assert not watch.is_full
    watch.look(disk(3, 64 * MB))
    assert watch.is_full


def test_little_room_is_told_once_and_so_is_its_end():
    watch = RoomWatch()
    assert watch.look(disk(501)) == []
    [told] = watch.look(disk(499))
    assert told == Trouble(
        "disk", "Only 499 MB are left on the disk, enough for 126 minutes of sound."
    )
    for free_mb in (480, 501, 599, 499):
        assert watch.look(disk(free_mb)) == []
    assert watch.look(disk(601)) == [Trouble("disk", LOW_NO_MORE, over=True)]
    assert watch.look(disk(499)) == [told]


def test_at_the_reserve_sound_stops_until_there_is_room_again():
    watch = RoomWatch()
    watch.look(disk(400))
    assert not watch.is_full
    assert watch.look(disk(16)) == [Trouble("disk", FULL)]
    assert watch.is_full
    for free_mb in (15, 0, 17, 31):
        assert watch.look(disk(free_mb)) == []
        assert watch.is_full
    assert watch.look(disk(32)) == [Trouble("disk", KEPT_AGAIN, over=True)]
    assert not watch.is_full
    assert watch.look(disk(700)) == [Trouble("disk", LOW_NO_MORE, over=True)]


def test_a_disk_that_is_emptied_at_once_is_told_once():
    watch = RoomWatch()
    watch.look(disk(1))
    assert watch.look(disk(9000)) == [Trouble("disk", KEPT_AGAIN, over=True)]
    assert watch.look(disk(9000)) == []


def test_a_place_that_is_not_there_yet_lies_on_the_disk_of_its_parent(tmp_path: Path):
    space = space_at(tmp_path / "not" / "yet")
    assert space.where == str(tmp_path)
    assert 0 < space.free_bytes < space.total_bytes
