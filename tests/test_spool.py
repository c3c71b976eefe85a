"""Sound on disk: offset is time, whatever happens."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import DiskError
from assistant.hearing.spool import Spool, read

pytestmark = pytest.mark.edge

ONE = b"\x01\x00"
TWO = b"\x02\x00"


def test_what_is_appended_can_be_read_at_its_place(tmp_path: Path) -> None:
    with Spool(tmp_path / "me.s16") as spool:
        spool.append(ONE * 100)
        spool.append(TWO * 50)
        assert spool.frames == 150
        assert read(spool.path, 99, 2) == ONE + TWO


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
