"""The journal: what was appended is read back; what is damaged is skipped, the rest is read."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from bad_disk import BadDisk
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DiskError, InputError
from assistant.events import Entry, Marked, NoteTaken, to_line
from assistant.keeping.journal import UNSYNCED_BYTES, Journal, Reading, read, rewrite, seal

pytestmark = pytest.mark.edge

ENTRIES = [Entry(n, n * 0.5, NoteTaken(f"note {n} with ünicode")) for n in range(1, 21)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    journal = Journal.open(tmp_path / "journal.jsonl")
    journal.append(ENTRIES)
    journal.close()
    return tmp_path / "journal.jsonl"


@pytest.fixture
def disk() -> Generator[BadDisk]:
    with BadDisk() as disk:
        yield disk


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


def test_a_torn_last_line_does_not_swallow_what_is_appended_later(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])
    journal = Journal.open(path)
    journal.append([ENTRIES[-1]])
    journal.close()
    assert read(path) == Reading(ENTRIES, 1)


def test_a_rewritten_journal_holds_the_new_entries_and_nothing_else(path: Path) -> None:
    rewrite(path, ENTRIES[5:9])
    assert read(path) == Reading(ENTRIES[5:9], 0)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_rewriting_that_was_cut_short_before_does_not_hinder_the_next(path: Path) -> None:
    path.with_name(f".{path.name}.half").write_bytes(b"torn")
    rewrite(path, ENTRIES[:1])
    assert read(path) == Reading(ENTRIES[:1], 0)


def test_what_can_not_be_rewritten_stays_as_it_was(path: Path) -> None:
    path.with_name(f".{path.name}.half").mkdir()
    with pytest.raises(DiskError):
        rewrite(path, ENTRIES[:1])
    assert read(path) == Reading(ENTRIES, 0)


def test_after_a_failed_sync_all_of_it_is_in_a_new_file(tmp_path: Path, disk: BadDisk) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal.open(path, disk.sync)
    journal.append(ENTRIES[:5])
    assert journal.sync() is False
    old = path.stat().st_ino
    journal.append(ENTRIES[5:9])
    disk.fails = 1
    assert journal.sync() is True, "it is safe, and told that the disk failed"
    assert path.stat().st_ino != old
    assert read(path) == Reading(ENTRIES[:9], 0)
    journal.append(ENTRIES[9:])
    journal.close()
    assert read(path) == Reading(ENTRIES, 0)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_what_the_old_file_lost_comes_from_memory(tmp_path: Path, disk: BadDisk) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal.open(path, disk.sync)
    journal.append(ENTRIES[:5])
    journal.sync()
    safe_bytes = path.stat().st_size
    journal.append(ENTRIES[5:])
    # As a system does that drops what it could not write.
    with path.open("r+b") as file:
        file.seek(safe_bytes)
        file.write(bytes(path.stat().st_size - safe_bytes))
    disk.fails = 1
    journal.sync()
    assert read(path) == Reading(ENTRIES, 0)
    journal.close()


def test_while_no_file_can_be_synced_nothing_is_said_to_be_safe(
    tmp_path: Path, disk: BadDisk
) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal.open(path, disk.sync)
    disk.fails = 4
    for n in range(3):
        journal.append(ENTRIES[n : n + 1])
        with pytest.raises(DiskError):
            journal.sync()
        assert read(path).entries == ENTRIES[: n + 1], "a kill would lose nothing"
    assert journal.sync() is True
    assert journal.sync() is False
    assert read(path) == Reading(ENTRIES[:3], 0)
    journal.close()


def test_a_disk_that_never_syncs_does_not_fill_the_memory(tmp_path: Path, disk: BadDisk) -> None:
    disk.is_bad = True
    journal = Journal.open(tmp_path / "journal.jsonl", disk.sync)
    long = [Entry(1, 1.0, NoteTaken("x" * 10_000))]
    taken = 0
    with contextlib.suppress(DiskError):
        while taken < 1000:
            journal.append(long)
            taken += 1
    assert UNSYNCED_BYTES // 10_200 - 2 <= taken <= UNSYNCED_BYTES // 10_000
    with pytest.raises(DiskError):
        journal.close()


def test_a_journal_goes_on_after_its_entries_were_replaced(path: Path) -> None:
    more = Entry(99, 99.0, Marked())
    journal = Journal.open(path)
    journal.append([more])
    journal.replace(ENTRIES[:3])
    assert read(path) == Reading(ENTRIES[:3], 0)
    journal.append([more])
    journal.close()
    assert read(path) == Reading([*ENTRIES[:3], more], 0)


def test_a_replacing_that_fails_changes_nothing(tmp_path: Path, disk: BadDisk) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal.open(path, disk.sync)
    journal.append(ENTRIES[:5])
    disk.fails = 1
    with pytest.raises(DiskError):
        journal.replace(ENTRIES[:1])
    journal.append(ENTRIES[5:])
    journal.close()
    assert read(path) == Reading(ENTRIES, 0)


_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from assistant.errors import DiskError
from assistant.events import Entry, NoteTaken
from assistant.keeping.journal import Journal

path = Path(sys.argv[1])
entries = [Entry(n, n * 0.5, NoteTaken("x" * 60)) for n in range(1, 7)]
journal = Journal.open(path)
journal.append(entries[:2])
full_at = path.stat().st_size + 150
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (full_at, most))
for _ in range(2):
    try:
        journal.append(entries[2:])
    except DiskError:
        print(path.stat().st_size)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
journal.append(entries[2:])
journal.close()
"""


def test_what_did_not_fit_on_the_disk_is_written_later_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    command = [sys.executable, "-c", _ON_A_FULL_DISK, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    first_two = sum(len(line) + 1 for line in path.read_bytes().split(b"\n")[:2])
    assert done.stdout.split() == [str(first_two)] * 2
    assert [entry.seq for entry in read(path).entries] == [1, 2, 3, 4, 5, 6]
    assert read(path).damaged == 0


def test_what_can_not_be_taken_back_is_read_once(tmp_path: Path) -> None:
    # A pipe is full in the middle of a line, and nothing written to it can be taken back.
    out, into = os.pipe()
    os.set_blocking(into, False)
    os.set_blocking(out, False)
    journal = Journal(tmp_path, into)
    long = [Entry(n, n * 0.5, NoteTaken("x" * 700)) for n in range(1, 150)]
    with pytest.raises(DiskError):
        journal.append(long)
    body = os.read(out, 1 << 20)
    journal.append(long[:60])
    body += os.read(out, 1 << 20)
    os.close(into)
    os.close(out)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(body)
    seqs = [entry.seq for entry in read(path).entries]
    assert seqs == list(range(1, len(seqs) + 1))
    assert 60 < len(seqs) < 149
    assert read(path).damaged == 1


def test_a_flipped_bit_costs_one_line(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[body.index(b"note 7") + 5] ^= 1
    path.write_bytes(bytes(body))
    assert read(path) == Reading([e for e in ENTRIES if e.seq != 7], 1)


def test_lines_that_lost_what_is_between_them_are_both_read(path: Path) -> None:
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(lines[:5]) + b"\x8a" + b"\n".join(lines[5:]))
    assert read(path) == Reading(ENTRIES, 1)


def test_a_whole_line_among_junk_is_read(path: Path) -> None:
    lines = path.read_bytes().splitlines()
    junk = b'{"seq":4,"at_s":1.0,"is":"NoteTaken","text":"\xff\x00' + b'{"seq":' * 3
    path.write_bytes(junk + lines[7] + junk + b"\n" + lines[8])
    assert read(path) == Reading(ENTRIES[7:9], 1)


def test_blocks_that_changed_places_are_read_in_order_and_once(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[10:], *lines[:12], *lines[3:5]]))
    assert read(path) == Reading(ENTRIES, 0)


@given(st.binary(max_size=200), st.integers(0, 3000), st.integers(0, 300))
def test_no_damage_is_ever_an_exception_or_costs_a_whole_line(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, at: int, cut: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.jsonl"
    sealed = {entry.seq: seal(to_line(entry)) for entry in ENTRIES}
    whole = b"".join(line + b"\n" for line in sealed.values())
    body = whole[:at] + junk + whole[at + cut :]
    path.write_bytes(body)
    assert read(path).entries == [entry for entry in ENTRIES if sealed[entry.seq] in body]


@given(st.binary(max_size=300))
def test_no_bytes_are_ever_an_exception(
    tmp_path_factory: pytest.TempPathFactory, body: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.jsonl"
    deep = b'{"seq":1,"at_s":0.0,"is":"NoteTaken","text":' + b"[" * 5000 + b"]" * 5000 + b"}"
    path.write_bytes(body + b"\n" + seal(body) + b"\n" + seal(deep))
    assert read(path).entries == []


def test_a_place_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="can not be used"):
        Journal.open(tmp_path / "missing" / "journal.jsonl")


def test_a_missing_journal_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no journal"):
        read(tmp_path / "journal.jsonl")
