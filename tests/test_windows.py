"""Reading a spool window by window while it grows."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from assistant.errors import DiskError
from assistant.hearing.segments import WINDOW_SAMPLES
from assistant.hearing.windows import Windows
from assistant.parts import part_path

pytestmark = pytest.mark.edge

SIZE = WINDOW_SAMPLES * 2


Open = Callable[..., Windows]


@pytest.fixture
def opened() -> Generator[Open]:
    """Open spools, and close them after the test."""
    with ExitStack() as stack:

        def open_windows(path: Path, from_frame: int = 0) -> Windows:
            return stack.enter_context(closing(Windows(path, from_frame)))

        yield open_windows


def append(path: Path, pcm: bytes) -> None:
    with path.open("ab") as file:
        file.write(pcm)


def test_a_window_comes_when_the_file_has_all_of_it(tmp_path: Path, opened: Open):
    path = tmp_path / "me.s16"
    windows = opened(path)
    assert windows.next() is None, "there is no file yet"
    append(path, b"a" * (SIZE - 1))
    assert windows.next() is None
    append(path, b"a" + b"b" * SIZE)
    assert windows.next() == b"a" * SIZE
    assert windows.next() == b"b" * SIZE
    assert windows.next() is None


def test_reading_can_begin_anywhere(tmp_path: Path, opened: Open):
    path = tmp_path / "me.s16"
    append(path, b"a" * 2000 + b"b" * SIZE)
    assert opened(path, 1000).next() == b"b" * SIZE


def test_a_long_file_is_read_whole_and_in_order(tmp_path: Path, opened: Open):
    path = tmp_path / "me.s16"
    sound = b"".join(n.to_bytes(4, "little") for n in range(100_000))
    append(path, sound)
    windows = opened(path)
    read = b"".join(iter(windows.next, None))
    assert read == sound[: len(read)]
    assert len(sound) - len(read) < SIZE


def test_what_a_complete_file_does_not_have_is_silence(tmp_path: Path, opened: Open):
    path = tmp_path / "me.s16"
    append(path, b"a" * 100)
    windows = opened(path)
    assert windows.next_or_zeros() == b"a" * 100 + bytes(SIZE - 100)
    assert windows.next_or_zeros() == bytes(SIZE)


def test_a_place_that_can_not_be_read_is_told(tmp_path: Path, opened: Open):
    with pytest.raises(DiskError, match="can not be read"):
        opened(tmp_path).next()


def test_who_follows_goes_on_in_a_new_part(tmp_path: Path, opened: Open):
    path = tmp_path / "me.s16"
    append(path, b"a" * SIZE + b"b" * SIZE + b"c" * 10)
    windows = opened(path)
    assert [windows.next(), windows.next()] == [b"a" * SIZE, b"b" * SIZE]
    assert windows.next() is None
    # The part holds again what the first file may have lost.
    part = part_path(path, WINDOW_SAMPLES)
    append(part, b"b" * SIZE + b"c" * SIZE)
    assert next(window for _ in range(99) if (window := windows.next())) == b"c" * SIZE
    append(part, b"d" * SIZE)
    assert windows.next() == b"d" * SIZE
    # It was not safe either, and another one is in its place.
    half = tmp_path / "half"
    append(half, b"b" * SIZE + b"c" * SIZE + b"d" * SIZE + b"e" * SIZE)
    half.replace(part)
    assert next(window for _ in range(99) if (window := windows.next())) == b"e" * SIZE


def test_parts_that_grow_no_more_are_read_as_one(tmp_path: Path, opened: Open):
    path = tmp_path / "me.s16"
    append(path, b"a" * SIZE + b"x" * SIZE + b"x")
    append(part_path(path, WINDOW_SAMPLES), b"b" * SIZE)
    append(part_path(path, 3 * WINDOW_SAMPLES), b"d" * SIZE + b"e" * 10)
    windows = opened(path, 10)
    whole = b"a" * SIZE + b"b" * SIZE + bytes(SIZE) + b"d" * SIZE + b"e" * 10
    read = b"".join(windows.next_or_zeros() for _ in range(6))
    assert read == whole[20:].ljust(6 * SIZE, b"\0")


def test_half_a_frame_at_the_end_of_a_part_shifts_nothing(tmp_path: Path, opened: Open):
    path = tmp_path / "me.s16"
    append(path, b"a" * (SIZE - 1))
    windows = opened(path)
    assert windows.next() is None
    append(part_path(path, WINDOW_SAMPLES // 2), b"b" * SIZE)
    # The last whole frame of the old file was read already; what follows is not shifted.
    assert windows.next_or_zeros() == b"a" * (SIZE - 2) + b"bb"
    assert windows.next_or_zeros() == b"b" * (SIZE // 2) + bytes(SIZE // 2)
