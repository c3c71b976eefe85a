"""The raw sound goes only when its packed form is proven."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.errors import DiskError
from assistant.events import Channel
from assistant.keeping.sound import (
    Write,
    discard,
    is_raw,
    pack,
    packed,
    packed_bytes,
    raw_sounds,
    unpack_for_good,
)
from assistant.parts import part_path
from assistant.recording import Pcm, write_flac

pytestmark = pytest.mark.edge


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    path = tmp_path / "me.s16"
    path.write_bytes(np.arange(-32768, 32768, dtype="<i2").repeat(3).tobytes())
    return path


def one_sample_off(path: Path, blocks: Iterable[Pcm]) -> None:
    whole = np.concatenate(list(blocks))
    whole[-1] ^= 1
    write_flac(path, [whole])


def one_sample_short(path: Path, blocks: Iterable[Pcm]) -> None:
    write_flac(path, [np.concatenate(list(blocks))[:-1]])


def one_sample_more(path: Path, blocks: Iterable[Pcm]) -> None:
    write_flac(path, [*blocks, np.zeros(1, np.int16)])


def nothing_at_all(path: Path, blocks: Iterable[Pcm]) -> None:
    path.write_bytes(b"")


def test_every_sample_comes_back(raw: Path) -> None:
    before = raw.read_bytes()
    assert pack(raw) == packed(raw)
    samples, rate_hz = soundfile.read(packed(raw), dtype="int16")
    assert (samples.tobytes(), rate_hz) == (before, 16000)
    assert sorted(file.name for file in raw.parent.iterdir()) == ["me.flac"]


@pytest.mark.parametrize(
    "write", [one_sample_off, one_sample_short, one_sample_more, nothing_at_all]
)
def test_a_packed_file_that_is_not_the_same_is_thrown_away(raw: Path, write: Write) -> None:
    before = raw.read_bytes()
    with pytest.raises(DiskError):
        pack(raw, write)
    assert raw.read_bytes() == before
    assert sorted(file.name for file in raw.parent.iterdir()) == ["me.s16"]


def test_a_good_packed_file_survives_a_bad_second_try(raw: Path) -> None:
    packed(raw).write_bytes(b"from before")
    with pytest.raises(DiskError):
        pack(raw, one_sample_off)
    assert packed(raw).read_bytes() == b"from before"


def test_discarding_what_is_not_there_does_no_harm(raw: Path) -> None:
    assert discard(raw) == ("me.s16",)
    assert discard(raw) == ()


def test_several_parts_are_packed_as_one(raw: Path) -> None:
    before = raw.read_bytes()
    os.truncate(raw, 1001)
    part_path(raw, 400).write_bytes(before[800:5000])
    part_path(raw, 2500).write_bytes(before[5000:])
    assert pack(raw) == packed(raw)
    samples, _ = soundfile.read(packed(raw), dtype="int16")
    assert samples.tobytes() == before
    assert [file.name for file in raw.parent.iterdir()] == ["me.flac"]


def test_parts_that_were_packed_and_not_all_removed_are_removed(raw: Path) -> None:
    part_path(raw, 400).write_bytes(b"xx" * 400_000)
    pack(raw)
    before = packed(raw).read_bytes()
    part_path(raw, 400).write_bytes(b"xx" * 400_000)
    assert is_raw(raw)
    assert pack(raw) == packed(raw)
    assert packed(raw).read_bytes() == before
    assert not is_raw(raw)


def test_every_part_is_discarded(raw: Path) -> None:
    part_path(raw, 400).write_bytes(b"xx")
    packed(raw).write_bytes(b"flac")
    assert sorted(discard(raw)) == ["me.000000000400.s16", "me.flac", "me.s16"]
    assert list(raw.parent.iterdir()) == []


HALVES = (".me.000000000400.s16.half", ".me.flac.half", ".me.s16.rest")


def test_nothing_that_a_death_left_of_it_outlives_the_sound(raw: Path) -> None:
    for name in (*HALVES, ".them.flac.half"):
        raw.with_name(name).write_bytes(b"xx")
    assert discard(raw) == ("me.s16",)
    assert [path.name for path in raw.parent.iterdir()] == [".them.flac.half"]


def test_sound_is_packed_to_be_sent_and_stays_as_it_is(raw: Path) -> None:
    before = raw.read_bytes()
    there = sorted(raw.parent.iterdir())
    rows, rate_hz = soundfile.read(io.BytesIO(packed_bytes(raw)), dtype="int16")
    assert (rows.astype("<i2").tobytes(), rate_hz) == (before, 16000)
    assert raw.read_bytes() == before
    assert sorted(raw.parent.iterdir()) == there


_DIES = """
import resource, signal, sys
from pathlib import Path
from assistant.keeping.sound import packed_bytes
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
packed_bytes(Path(sys.argv[1]))
"""


def test_a_death_while_it_is_packed_to_be_sent_leaves_no_sound_that_stays(raw: Path) -> None:
    died = subprocess.run([sys.executable, "-c", _DIES, str(raw)], check=False)
    assert died.returncode == -signal.SIGXFSZ
    assert len([*raw.parent.rglob("*")]) == 2
    discard(raw)
    assert [*raw.parent.rglob("*")] == []


def test_half_a_part_is_not_left_beside_what_was_packed(raw: Path) -> None:
    raw.with_name(HALVES[0]).write_bytes(b"xx")
    pack(raw)
    assert [path.name for path in raw.parent.iterdir()] == ["me.flac"]


def test_packed_sound_comes_back_raw_for_as_long_as_it_is_needed(raw: Path) -> None:
    before = raw.read_bytes()
    them = raw.with_name("them.s16")
    them.write_bytes(b"\1\2" * 100)
    pack(raw)
    # A death may have left one behind.
    raw.with_name(".me.s16.rest").write_bytes(b"half of it")
    raws = {Channel.ME: raw, Channel.THEM: them, Channel.UNCLEAR: raw.with_name("unclear.s16")}
    with raw_sounds(raws) as sounds:
        assert sounds[Channel.ME].read_bytes() == before
        assert sounds[Channel.ME].stat().st_mode & 0o777 == 0o600
        assert sounds[Channel.THEM] == them
        assert Channel.UNCLEAR not in sounds
    assert sorted(file.name for file in raw.parent.iterdir()) == ["me.flac", "them.s16"]


def test_packed_sound_can_be_raw_again_for_good(raw: Path) -> None:
    before = raw.read_bytes()
    pack(raw)
    unpack_for_good(raw)
    unpack_for_good(raw)
    assert [file.name for file in raw.parent.iterdir()] == ["me.s16"]
    assert raw.read_bytes() == before


def test_a_damaged_packed_file_is_said_and_stays(raw: Path) -> None:
    packed(raw).write_bytes(b"no sound at all")
    raw.unlink()
    with pytest.raises(DiskError, match="could not be unpacked"):
        unpack_for_good(raw)
    with pytest.raises(DiskError), raw_sounds({Channel.ME: raw}):
        pytest.fail("what is no sound was taken for some")
    assert packed(raw).read_bytes() == b"no sound at all"
