"""Sound on disk: offset is time, whatever happens."""

import os
import stat
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from bad_disk import BadDisk

from assistant.errors import DiskError
from assistant.hearing.spool import RATE_HZ, UNSYNCED_BYTES, Spool, read
from assistant.parts import parts_of

pytestmark = pytest.mark.edge

ONE = b"\x01\x00"
TWO = b"\x02\x00"


def test_what_is_appended_can_be_read_at_its_place(tmp_path: Path) -> None:
    with Spool(tmp_path / "me.s16") as spool:
        spool.append(ONE * 100)
        spool.append(TWO * 50)
        assert spool.frames == 150
        assert read(spool.path, 99, 2) == ONE + TWO


def test_half_a_part_that_a_death_left_is_gone_once_the_sound_goes_on(tmp_path: Path) -> None:
    half = tmp_path / ".me.000000000400.s16.half"
    other = tmp_path / ".them.000000000400.s16.half"
    for path in (half, other):
        path.write_bytes(ONE)
    with Spool(tmp_path / "me.s16"):
        assert not half.exists()
        assert other.exists()


def test_reading_past_the_end_gives_what_is_there(tmp_path: Path) -> None:
    with Spool(tmp_path / "me.s16") as spool:
        spool.append(ONE * 10)
        assert read(spool.path, 8, 100) == ONE * 2
        assert read(spool.path, 10, 100) == b""
        assert read(spool.path, 999, 100) == b""


def test_a_reader_may_follow_while_it_grows(tmp_path: Path) -> None:
    with Spool(tmp_path / "me.s16") as spool:
        spool.append(ONE * 10)
        assert read(spool.path, 0, 100) == ONE * 10
        spool.append(TWO * 5)
        assert read(spool.path, 10, 100) == TWO * 5


def test_a_gap_is_zeros(tmp_path: Path) -> None:
    with Spool(tmp_path / "me.s16") as spool:
        spool.append(ONE)
        spool.pad_to(5)
        spool.pad_to(3)
        spool.append(TWO)
        assert spool.path.read_bytes() == ONE + bytes(8) + TWO


def test_an_existing_file_goes_on_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "me.s16"
    with Spool(path) as spool:
        spool.append(ONE * 7)
    with Spool(path) as spool:
        assert spool.frames == 7
        spool.append(TWO)
    assert path.read_bytes() == ONE * 7 + TWO


def test_half_a_frame_at_the_end_does_not_shift_what_follows(tmp_path: Path) -> None:
    path = tmp_path / "me.s16"
    path.write_bytes(ONE * 3 + b"\x7f")
    with Spool(path) as spool:
        assert spool.frames == 3
        spool.append(TWO)
    assert path.read_bytes() == ONE * 3 + TWO


def test_forgetting_overwrites_in_place_and_nothing_else(tmp_path: Path) -> None:
    with Spool(tmp_path / "me.s16") as spool:
        spool.append(ONE * 100_000)
        spool.zero(10, 90_000)
        spool.append(TWO)
        assert spool.path.read_bytes() == ONE * 10 + bytes(2 * 89_990) + ONE * 10_000 + TWO


def test_forgetting_beyond_the_end_forgets_to_the_end(tmp_path: Path) -> None:
    with Spool(tmp_path / "me.s16") as spool:
        spool.append(ONE * 10)
        spool.zero(-5, 99)
        spool.zero(7, 3)
        assert spool.path.read_bytes() == bytes(20)


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    with Spool(tmp_path / "me.s16") as spool:
        assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600


def test_what_was_appended_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "me.s16"
    script = f"""
import os, signal
from pathlib import Path
from assistant.hearing.spool import Spool
spool = Spool(Path({str(path)!r}))
for _ in range(50):
    spool.append({ONE!r} * 320)
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script], check=False)
    assert path.read_bytes() == ONE * 16_000


def test_a_place_that_can_not_be_written_is_a_disk_error(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="can not be kept") as caught:
        Spool(tmp_path / "no" / "me.s16")
    assert caught.value.hint


def test_a_full_disk_is_a_disk_error() -> None:
    with Spool(Path("/dev/full")) as spool:
        with pytest.raises(DiskError, match="No space left"):
            spool.append(ONE)
        assert spool.frames == 0


def test_a_missing_file_is_a_disk_error(tmp_path: Path) -> None:
    with pytest.raises(DiskError):
        read(tmp_path / "me.s16", 0, 1)


def test_half_a_frame_is_refused(tmp_path: Path) -> None:
    with Spool(tmp_path / "me.s16") as spool:
        with pytest.raises(ValueError, match="whole frames"):
            spool.append(b"\x01\x00\x02")
        assert spool.frames == 0


def test_syncing_and_closing_twice_do_no_harm(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "me.s16")
    spool.append(ONE)
    spool.sync()
    spool.sync()
    spool.close()
    spool.close()


@pytest.fixture
def disk() -> Generator[BadDisk]:
    with BadDisk() as disk:
        yield disk


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_after_a_failed_sync_the_sound_goes_on_in_a_new_part(tmp_path: Path, disk: BadDisk) -> None:
    with Spool(tmp_path / "me.s16", disk.sync) as spool:
        spool.append(ONE * 100)
        assert spool.sync() is False
        spool.append(TWO * 50)
        spool.pad_to(160)
        spool.append(ONE * 5)
        disk.fails = 1
        assert spool.sync() is True, "it is safe, and told that the disk failed"
        spool.append(TWO * 7)
        spool.pad_to(180)
        assert spool.sync() is False
        assert spool.frames == 180
    assert names(tmp_path) == ["me.000000000100.s16", "me.s16"]
    # What the disk dropped of the first file is in the second.
    os.truncate(tmp_path / "me.s16", 200)
    whole = ONE * 100 + TWO * 50 + bytes(20) + ONE * 5 + TWO * 7 + bytes(16)
    assert read(spool.path, 0, 999) == whole
    assert (tmp_path / "me.000000000100.s16").stat().st_mode & 0o777 == 0o600


def test_while_no_part_can_be_synced_nothing_is_said_to_be_safe(
    tmp_path: Path, disk: BadDisk
) -> None:
    disk.fails = 3
    with Spool(tmp_path / "me.s16", disk.sync) as spool:
        for n in range(1, 3):
            spool.append(ONE * 10)
            with pytest.raises(DiskError):
                spool.sync()
            assert read(spool.path, 0, 999) == ONE * 10 * n, "a kill would lose nothing"
        assert spool.sync() is True
        assert read(spool.path, 0, 999) == ONE * 20


def test_a_disk_that_never_syncs_does_not_fill_the_memory(tmp_path: Path, disk: BadDisk) -> None:
    disk.fails = 2
    with Spool(tmp_path / "me.s16", disk.sync) as spool:
        for _ in range(10):
            spool.append(ONE * RATE_HZ)
        with pytest.raises(DiskError):
            spool.sync()
        [_, part] = parts_of(spool.path)
        assert part.path.stat().st_size == UNSYNCED_BYTES
        assert part.to_frame == 10 * RATE_HZ
        assert spool.sync() is True


def test_forgetting_reaches_every_part_and_what_is_still_in_memory(
    tmp_path: Path, disk: BadDisk
) -> None:
    with Spool(tmp_path / "me.s16", disk.sync) as spool:
        spool.append(ONE * 100)
        spool.sync()
        spool.append(ONE * 100)
        disk.fails = 1
        spool.sync()
        spool.append(ONE * 100)
        spool.zero(50, 250)
        disk.fails = 1
        spool.sync()
        assert read(spool.path, 0, 999) == ONE * 50 + bytes(400) + ONE * 50
    held = [path.read_bytes() for path in tmp_path.iterdir()]
    assert sorted(body.count(ONE) for body in held) == [50, 50, 50]


def test_a_call_goes_on_at_the_end_of_its_last_part(tmp_path: Path, disk: BadDisk) -> None:
    with Spool(tmp_path / "me.s16", disk.sync) as spool:
        spool.append(ONE * 10)
        disk.fails = 1
        spool.sync()
    with Spool(tmp_path / "me.s16") as spool:
        assert spool.frames == 10
        spool.append(TWO)
    assert read(spool.path, 0, 99) == ONE * 10 + TWO
    # After a power cut the first file may reach further than the part that was to replace it.
    os.truncate(parts_of(spool.path)[-1].path, 8)
    with Spool(tmp_path / "me.s16") as spool:
        assert spool.frames == 10
        spool.append(TWO)
    assert read(spool.path, 0, 99) == ONE * 10 + TWO


def test_a_spool_that_was_closed_before_it_was_safe_makes_no_part(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "me.s16")
    spool.append(ONE)
    spool.close()
    with pytest.raises(DiskError):
        spool.sync()
    assert names(tmp_path) == ["me.s16"]
