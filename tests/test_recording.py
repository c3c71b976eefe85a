"""Sound files as people have them become our own raw sound: exact in time, for one user only."""

import os
import stat
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.errors import DiskError, InputError
from assistant.recording import RATE_HZ, channels_of, read_flac, to_spool, write_flac

pytestmark = pytest.mark.edge


@pytest.fixture(autouse=True)
def open_handed() -> Generator[None]:
    """Have new files readable by everybody, as they are on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def tone(length_s: float, rate_hz: int = RATE_HZ) -> np.ndarray:
    times_s = np.arange(round(length_s * rate_hz)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * 440 * times_s)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [8000, 16000, 44100, 48000])
def test_a_second_of_the_file_is_a_second_of_the_call(tmp_path: Path, rate_hz: int):
    soundfile.write(tmp_path / "call.wav", tone(7.0, rate_hz), rate_hz)
    length_s = to_spool(tmp_path / "call.wav", None, tmp_path / "me.s16")
    assert length_s == pytest.approx(7.0, abs=0.001)
    assert (tmp_path / "me.s16").stat().st_size == round(length_s * RATE_HZ) * 2


def test_each_side_of_a_stereo_file_is_taken_alone(tmp_path: Path):
    both = np.stack([tone(1.0), np.zeros(RATE_HZ, np.float32)], axis=1)
    soundfile.write(tmp_path / "call.wav", both, RATE_HZ)
    assert channels_of(tmp_path / "call.wav") == 2
    to_spool(tmp_path / "call.wav", 0, tmp_path / "me.s16")
    to_spool(tmp_path / "call.wav", 1, tmp_path / "them.s16")
    assert np.fromfile(tmp_path / "me.s16", "<i2").max() > 16000
    assert not np.fromfile(tmp_path / "them.s16", "<i2").any()
    with pytest.raises(InputError, match="has only 2 channels"):
        to_spool(tmp_path / "call.wav", 2, tmp_path / "third.s16")


def test_sound_is_for_its_user_only(tmp_path: Path):
    soundfile.write(tmp_path / "call.wav", tone(0.2), RATE_HZ)
    to_spool(tmp_path / "call.wav", None, tmp_path / "me.s16")
    write_flac(tmp_path / "me.flac", [np.zeros(RATE_HZ, np.int16)])
    assert mode(tmp_path / "call.wav") == 0o644
    assert mode(tmp_path / "me.s16") == 0o600
    assert mode(tmp_path / "me.flac") == 0o600


def test_packed_sound_comes_back_as_it_was(tmp_path: Path):
    (tmp_path / "me.flac").write_bytes(b"half of an earlier try" * 10000)
    sound = np.arange(-3000, 3000, dtype=np.int16)
    write_flac(tmp_path / "me.flac", [sound[:1000], sound[1000:]])
    assert np.array_equal(np.concatenate([*read_flac(tmp_path / "me.flac", 700)]), sound)


def test_what_is_no_sound_is_named(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("no sound")
    with pytest.raises(InputError, match=r"notes\.txt is not a sound file"):
        to_spool(tmp_path / "notes.txt", None, tmp_path / "me.s16")
    with pytest.raises(InputError, match="There is no file"):
        to_spool(tmp_path / "nowhere.wav", None, tmp_path / "me.s16")


def test_a_place_that_can_not_be_written_is_named(tmp_path: Path):
    soundfile.write(tmp_path / "call.wav", tone(0.2), RATE_HZ)
    with pytest.raises(DiskError, match="can not be written"):
        to_spool(tmp_path / "call.wav", None, tmp_path / "nowhere" / "me.s16")
    with pytest.raises(DiskError, match="can not be written"):
        write_flac(tmp_path / "nowhere" / "me.flac", [np.zeros(10, np.int16)])
