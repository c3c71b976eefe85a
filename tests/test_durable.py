"""What is synced is asked of the system; a system that refuses is heard."""

import os
from pathlib import Path

import pytest

from assistant import durable

pytestmark = pytest.mark.edge


def test_all_bytes_are_written_and_synced(tmp_path: Path):
    file = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    durable.write_all(file, b"x" * 3_000_000)
    durable.sync(file)
    durable.sync_data(file)
    durable.sync_folder(tmp_path)
    os.close(file)
    assert (tmp_path / "file").stat().st_size == 3_000_000


def test_what_can_not_be_synced_is_said():
    out, into = os.pipe()
    try:
        for sync in (durable.sync, durable.sync_data):
            with pytest.raises(OSError, match="Invalid argument"):
                sync(into)
    finally:
        os.close(out)
        os.close(into)


def test_a_folder_that_is_not_there_can_not_be_synced(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        durable.sync_folder(tmp_path / "gone")
