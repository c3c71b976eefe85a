"""A text file that somebody gave us: whatever it is, text or one sentence."""

import os
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.textfile import (
    LARGEST_BYTES,
    clean,
    in_words,
    nearest,
    quoted,
    read_text,
    slug,
    text_from,
)

pytestmark = pytest.mark.edge


@pytest.mark.parametrize("raw", [b"a\nb", b"a\r\nb", b"a\rb", b"\xef\xbb\xbfa\nb"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(tmp_path: Path, raw: bytes):
    path = tmp_path / "note.md"
    path.write_bytes(raw)
    assert read_text(path) == "a\nb"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"a\0b", "is not a text file"),
        (b"\xff\xfea\0", "UTF-16"),
        (b"one\ntwo\n\xe9t\xe9", "line 3: this is not UTF-8 text"),
    ],
)
def test_what_is_no_text_is_told(tmp_path: Path, raw: bytes, said: str):
    path = tmp_path / "note.md"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=said):
        read_text(path)


def test_a_huge_file_is_refused_by_its_size_alone(tmp_path: Path):
    path = tmp_path / "film.md"
    with path.open("wb") as file:
        file.truncate(100 * LARGEST_BYTES)
    with pytest.raises(InputError, match=r"100\.0 MB; a text of at most 1 MB"):
        read_text(path)


def test_only_a_plain_file_is_read(tmp_path: Path):
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    for path, said in (
        (tmp_path, "is a folder"),
        (tmp_path / "none.md", "There is no file"),
        (fifo, "is not a file that can be read"),
        (Path("/dev/zero"), "is not a file that can be read"),
        (Path("a\0b"), "can not be the name of a file"),
        (tmp_path / ("x" * 300), "can not be read"),
    ):
        with pytest.raises(InputError, match=said):
            read_text(path)


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_one_sentence(raw: bytes):
    try:
        text = text_from(raw, "x.md")
    except InputError:
        return
    assert "\r" not in text
    assert "\0" not in text


@given(st.text(max_size=80))
def test_a_clean_line_is_one_line_and_stays_clean(text: str):
    line = clean(text)
    assert clean(line) == line
    assert len(line.splitlines()) <= 1
    assert "\u202e" not in line


def test_a_quote_in_an_error_is_short():
    assert quoted("a\nb") == "'a b'"
    assert len(quoted("x" * 1000)) == 42


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dana Ruiz", "dana-ruiz"),
        ("José Álvarez-O'Neil", "jose-alvarez-oneil"),
        ("Jürgen Groß", "jurgen-gross"),
        ("Łukasz SØRENSEN", "lukasz-sorensen"),
        ("王伟", "王伟"),
        ("../../etc/passwd", "etc-passwd"),
        ("?!", ""),
    ],
)
def test_a_name_becomes_a_file_name(text: str, name: str):
    assert slug(text) == name


@given(st.text(max_size=200))
def test_a_slug_is_short_and_safe(text: str):
    name = slug(text)
    assert len(name.encode()) <= 160
    assert all(sign.isalnum() or sign == "-" for sign in name)


def test_the_nearest_known_name_is_the_hint():
    assert nearest("minuts", ("minutes", "starts")) == "Do you mean 'minutes'?"
    assert nearest("zzz", ("minutes", "starts")) == "Known are: minutes, starts."


class Inner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a file."""

    days: Annotated[int, msgspec.Meta(ge=0, le=30)] = 0


class Outer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file."""

    text: str
    kind: Literal["a", "b"] = "a"
    inner: Inner = Inner()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("text = 1", "'text' should be text"),
        ("kind = 'a'", "'text' is missing"),
        ("text = ''\nkind = 'secret'", "'kind' can not be what it says"),
        ("text = ''\nfoo = 1", "'foo' is not known here"),
        ("text = ''\ninner.foo = 1", "'inner.foo' is not known here"),
        ("text = ''\ninner = 1", "'inner' should be a group of lines"),
        ("text = ''\ninner.days = 1.5", "'inner.days' should be a whole number"),
        ("text = ''\ninner.days = 31", "'inner.days' should be a whole number of at most 30"),
        ("text = ''\ninner.days = -1", "'inner.days' should be a whole number of at least 0"),
        ("text = ''\n[inner\n", "line 2 can not be read"),
        ("text", "it is broken off, or not in the form that was expected"),
    ],
)
def test_what_a_parser_says_is_told_in_plain_words(typed: str, words: str) -> None:
    with pytest.raises(msgspec.DecodeError) as caught:
        msgspec.toml.decode(typed, type=Outer)
    assert in_words(caught.value) == words
