"""Several files are read as the one sound they are."""

from pathlib import Path

import pytest

from assistant.errors import DiskError
from assistant.parts import blocks, frames_in, part_path, parts_of, read, stretches

pytestmark = pytest.mark.edge


def frames(text: str) -> bytes:
    """Spell frames as letters, one each; `.` is zero."""
    return b"".join(b"\0\0" if letter == "." else letter.encode() * 2 for letter in text)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return tmp_path / "me.s16"


def write(sound: Path, first: str, *later: tuple[int, str]) -> None:
    sound.write_bytes(frames(first))
    for from_frame, text in later:
        part_path(sound, from_frame).write_bytes(frames(text))


def test_the_names_of_parts_sort_as_they_begin(sound: Path):
    assert part_path(sound, 480_000).name == "me.000000480000.s16"


def test_one_file_is_the_whole_sound(sound: Path):
    write(sound, "abcdef")
    assert read(sound, 2, 3) == frames("cde")
    assert read(sound, 4, 100) == frames("ef")
    assert read(sound, 6, 100) == b""
    assert frames_in(sound) == 6


@pytest.mark.parametrize(
    ("first", "later", "whole"),
    [
        ("abcdef", ((4, "EFGH"),), "abcdEFGH"),
        ("abcdef", ((4, "EFGH"), (6, "ghij")), "abcdEFghij"),
        ("abcdef", ((4, "E"),), "abcdEf"),
        ("abc", ((5, "FG"),), "abc..FG"),
        ("abc", ((0, "ABCD"),), "ABCD"),
        ("", ((2, "CD"),), "..CD"),
        ("abc", ((3, ""),), "abc"),
    ],
)
def test_a_frame_is_read_from_the_last_part_that_has_it(
    sound: Path, first: str, later: tuple[tuple[int, str], ...], whole: str
):
    write(sound, first, *later)
    assert read(sound, 0, 100) == frames(whole)
    assert read(sound, 3, 2) == frames(whole[3:5])
    assert b"".join(blocks(sound, 3)) == frames(whole)
    assert frames_in(sound) == len(whole)


def test_half_a_frame_at_the_end_of_a_part_counts_for_nothing(sound: Path):
    write(sound, "abc", (5, "FG"))
    for part in parts_of(sound):
        part.path.write_bytes(part.path.read_bytes() + b"x")
    assert read(sound, 0, 100) == frames("abc..FG")


def test_other_files_of_the_folder_are_none_of_it(sound: Path):
    write(sound, "abc")
    for name in ("me.flac", "them.s16", "me.2.s16", "me.x00000000002.s16", ".me.s16.half"):
        sound.with_name(name).write_bytes(frames("xyz"))
    assert [part.path for part in parts_of(sound)] == [sound]


def test_stretches_have_no_gap(sound: Path):
    write(sound, "abcdef", (2, "CD"), (9, "J"))
    held = stretches(parts_of(sound))
    assert [(it.from_frame, it.to_frame) for it in held] == [
        (0, 2),
        (2, 4),
        (4, 6),
        (6, 9),
        (9, 10),
    ]
    assert [it.part is None for it in held] == [False, False, False, True, False]


def test_sound_that_is_not_there_is_said(sound: Path):
    with pytest.raises(DiskError, match="can not be read"):
        read(sound, 0, 1)
    assert frames_in(sound) == 0
    assert list(blocks(sound, 10)) == []
