"""The journal: what was appended is read back; what is damaged is skipped, the rest is read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DiskError, InputError
from assistant.events import Entry, Marked, NoteTaken
from assistant.keeping.journal import Journal, Reading, read, seal, unseal

pytestmark = pytest.mark.edge

ENTRIES = [Entry(n, n * 0.5, NoteTaken(f"note {n} with ünicode")) for n in range(1, 21)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    journal = Journal.open(tmp_path / "journal.jsonl")
    journal.append(ENTRIES)
    journal.close()
    return tmp_path / "journal.jsonl"


def test_what_was_appended_is_read_back(path: Path) -> None:
    assert read(path) == Reading(ENTRIES, 0)


def test_an_open_journal_goes_on_at_its_end(path: Path) -> None:
    more = Entry(21, 11.0, Marked())
    journal = Journal.open(path)
    journal.append([more])
    journal.close()
    assert read(path).entries == [*ENTRIES, more]


def test_only_the_user_may_read_it(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_torn_last_line_is_skipped(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])
    assert read(path) == Reading(ENTRIES[:-1], 1)


def test_a_flipped_bit_costs_one_line(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[body.index(b"note 7") + 5] ^= 1
    path.write_bytes(bytes(body))
    assert read(path) == Reading([e for e in ENTRIES if e.seq != 7], 1)


@given(st.binary(max_size=200), st.integers(0, 1500), st.integers(0, 300))
def test_no_damage_is_ever_an_exception(junk: bytes, at: int, cut: int) -> None:
    whole = b"".join(seal(b'{"seq":1,"at_s":0.0,"is":"Marked"}') + b"\n" for _ in range(20))
    for line in (whole[:at] + junk + whole[at + cut :]).split(b"\n"):
        try:
            unseal(line)
        except ValueError:
            continue


def test_a_place_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="can not be used"):
        Journal.open(tmp_path / "missing" / "journal.jsonl")


def test_a_missing_journal_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no journal"):
        read(tmp_path / "journal.jsonl")
