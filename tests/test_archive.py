"""The archive finds what was said, and only that; and it is a file that may come to harm."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from many_calls import ManyCalls

from assistant.errors import DiskError
from assistant.keeping import filing
from assistant.keeping.archive import Archive, ArchiveLost, open_archive, read_archive
from assistant.keeping.digest import KINDS, Digest, Said
from assistant.keeping.filing import EVERYTHING, Filters
from assistant.keeping.query import fold, pattern_of, read_query
from assistant.keeping.searching import Found, Voice, search
from assistant.keeping.tables import FORM

pytestmark = pytest.mark.edge

COUNT = 110
UNHURRIED_S = 60.0
"""These tests ask what is found, not how soon."""


def made(name: str, *lines: tuple[str, str], day: str = "2026-12-01", **more: object) -> Digest:
    """Make a call's digest of lines (kind, text), ten seconds apart."""
    digest = Digest(
        name=name,
        stamp="s",
        marks="m",
        wall=f"{day}T15:00:00+01:00",
        day=day,
        began_at=float(day.replace("-", "")),
        person="Dana Ruiz",
        called="Dana",
        about="",
        length_s=100.0,
        state="done",
        has_sound=False,
        damaged_lines=0,
        wrong="",
        lines=tuple(
            Said(next(k for k in KINDS if k == kind), 10.0 * n, text)
            for n, (kind, text) in enumerate(lines)
        ),
    )
    return msgspec.structs.replace(digest, **more)


def find(archive: Archive, typed: str, filters: Filters = EVERYTHING, voice: Voice = "") -> Found:
    return search(archive, read_query(typed), filters, voice, most=1000, longest_s=UNHURRIED_S)


def names(found: Found) -> list[str]:
    return [one.call.name for one in found.calls]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "archive.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, list[Digest]]]:
    """Give an archive of some hundred calls of half an hour, and what was put into it."""
    digests = list(ManyCalls(7).digests(COUNT))
    with open_archive(tmp_path_factory.mktemp("many") / "archive.db") as opened:
        with opened.writing():
            for digest in digests:
                filing.put(opened, digest)
        yield opened, digests


def read_all(
    digests: list[Digest], typed: str, meant: Callable[[Said], bool] = lambda _: True
) -> dict[str, int]:
    """Find the slow way: call -> how many lines have all; 0 where they are spread over it."""
    patterns = [pattern_of(term) for term in read_query(typed).terms]
    found: dict[str, int] = {}
    for digest in digests:
        texts = [fold(line.text) for line in digest.lines if meant(line)]
        if all(any(pattern.search(text) for text in texts) for pattern in patterns):
            found[digest.name] = sum(all(p.search(text) for p in patterns) for text in texts)
    return found


QUERIES = [
    *("the", "rain", "museum", "zurich", "the rain", "of museum", "year paper", "the of and"),
    *('"of the"', '"the rain"', '"year of the"', '"no such words here"', '"of the" museum'),
    *("t*", "mus*", "muse*", "muse* the", '"the mus*"', "xylo*", "qqqq*"),
]


@pytest.mark.parametrize("typed", QUERIES)
def test_what_is_found_is_what_reading_every_line_finds(
    many: tuple[Archive, list[Digest]], typed: str
) -> None:
    archive, digests = many
    expected = read_all(digests, typed)
    found = find(archive, typed)
    told = {one.call.name: one for one in found.calls}
    # Of what very many calls have, the newest are enough, and that is said.
    assert set(told) == set(expected) or (not found.is_exact and len(told) >= 12)
    assert set(told) <= set(expected)
    if found.is_exact:
        assert found.count == len(expected)
    for name, one in told.items():
        patterns = [pattern_of(term) for term in read_query(typed).terms]
        # Where no line has all of it, each has some.
        assert one.count == (expected[name] or one.count) > 0
        for line in one.lines:
            hits = [bool(pattern.search(fold(line.text))) for pattern in patterns]
            assert all(hits) if expected[name] else any(hits)


@pytest.mark.parametrize("voice", ["me", "them", "unclear", "notes"])
@pytest.mark.parametrize("typed", ["the", "museum", '"of the"', "muse*"])
def test_one_voice_is_searched_alone(
    many: tuple[Archive, list[Digest]], typed: str, voice: Voice
) -> None:
    archive, digests = many
    kinds = {"notes": ("note", "promise")}.get(voice, (voice,))
    expected = read_all(digests, typed, lambda line: line.kind in kinds)
    found = find(archive, typed, voice=voice)
    assert set(names(found)) <= set(expected)
    assert set(names(found)) == set(expected) or not found.is_exact
    assert {line.kind for one in found.calls for line in one.lines} <= set(kinds)


def test_the_calls_that_are_meant_are_found_however_many_have_the_word(
    many: tuple[Archive, list[Digest]],
) -> None:
    archive, digests = many
    for typed in ("the", '"of the"', "t*"):
        found = find(archive, typed, Filters(person="ana adler"))
        assert set(names(found)) == {d.name for d in digests if d.person == "Ana Adler"}
    days = sorted(digest.day for digest in digests)
    first, last = days[10], days[30]
    found = find(archive, "the", Filters(since=first, until=last))
    assert set(names(found)) == {d.name for d in digests if first <= d.day <= last}


def test_the_best_come_first_and_of_the_equally_good_the_newest(archive: Archive) -> None:
    filing.put(archive, made("old-often", ("me", "salt"), ("me", "salt"), day="2020-01-01"))
    filing.put(archive, made("new-once", ("me", "salt"), day="2026-01-02"))
    filing.put(archive, made("newer-once", ("them", "the salt"), day="2026-01-03"))
    assert names(find(archive, "salt")) == ["old-often", "newer-once", "new-once"]
    newest = search(archive, read_query("salt"), EVERYTHING, newest_first=True)
    assert names(newest) == ["newer-once", "new-once", "old-often"]


def test_a_line_is_shown_with_its_second_and_where_the_word_stands(archive: Archive) -> None:
    filing.put(archive, made("a", ("them", "nothing"), ("me", "the Müller merger")))
    [one] = find(archive, "muller").calls
    [line] = one.lines
    assert (line.kind, line.start_s) == ("me", 10.0)
    assert [line.text[first:last] for first, last in line.marks] == ["Müller"]


def test_a_call_put_in_again_is_there_once_and_as_it_is_now(archive: Archive) -> None:
    filing.put(archive, made("a", ("me", "we start at nine"), ("me", "nine again")))
    filing.put(archive, made("b", ("me", "nine too")))
    filing.put(archive, made("a", ("me", "we start at ten")))
    assert names(find(archive, "nine")) == ["b"]
    assert names(find(archive, "ten")) == ["a"]
    assert filing.counts(archive) == (2, 2)


def test_when_the_time_is_up_it_is_said(many: tuple[Archive, list[Digest]]) -> None:
    archive, _ = many
    found = search(archive, read_query('"of the"'), EVERYTHING, longest_s=0.0)
    assert found.is_late
    assert not found.is_exact


def traces(home: Path, *words: str) -> list[str]:
    """Return the files of an archive in which a word, or the end of it, stands."""
    pieces = [piece.encode() for word in words for piece in (word, word[3:])]
    return [
        path.name
        for path in home.glob("archive.db*")
        if any(piece in path.read_bytes().lower() for piece in pieces)
    ]


def test_a_call_that_is_removed_leaves_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    secret = made(
        "2026-12-01-1500-quetzalcoatl",
        *(("them", f"the zanzibar{n} affair of xylophon and voltaire") for n in range(50)),
        ("note", "ask about wombatville"),
        person="Quetzalcoatl",
    )
    words = ("zanzibar", "xylophon", "voltaire", "wombatville", "quetzalcoatl")
    with open_archive(path) as archive:
        # Between others, in several steps, read by somebody in between.
        for n in range(30):
            filing.put(archive, made(f"before-{n}", ("me", "quite something else")))
        filing.put(archive, secret)
        assert filing.number(archive, [(secret.name, "1.1")]) == {(secret.name, "1.1"): 1}
        for n in range(30):
            filing.put(archive, made(f"after-{n}", ("me", "and nothing of it")))
        filing.put(archive, msgspec.structs.replace(secret, lines=secret.lines[:-1]))
    with open_archive(path) as archive:
        assert find(archive, "zanzibar7").count == 1
        assert traces(tmp_path, *words)
    with open_archive(path, is_alone=True) as archive:
        filing.remove(archive, [secret.name])
        assert traces(tmp_path, *words) == []
        assert filing.counts(archive) == (60, 60)
        assert find(archive, "else").count == 30
    assert traces(tmp_path, *words) == []


def test_no_word_is_ever_in_a_file_elsewhere(tmp_path: Path) -> None:
    in_memory = [(2,)]
    with open_archive(tmp_path / "archive.db") as archive:
        assert archive.rows("PRAGMA temp_store") == in_memory
        with archive.searching(lambda: False) as select:
            assert select("PRAGMA temp_store") == in_memory
    assert Archive.in_memory().rows("PRAGMA temp_store") == in_memory


def test_only_this_user_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with open_archive(tmp_path / "archive.db") as archive:
            filing.put(archive, made("a", ("me", "salt")))
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.glob("archive.db*")}
    finally:
        os.umask(before)
    assert "archive.db-wal" in modes
    assert set(modes.values()) == {0o600}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def fill_with_junk(path: Path) -> None:
    path.write_bytes(b"no archive at all" * 1000)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def change_its_form(path: Path) -> None:
    run(path, f"PRAGMA user_version = {FORM + 1}")


def take_a_table(path: Path) -> None:
    run(path, "DROP TABLE numbers")


def have_it_act(path: Path) -> None:
    run(path, "CREATE TRIGGER t AFTER INSERT ON calls BEGIN DELETE FROM numbers; END")


def loosen_a_table(path: Path) -> None:
    run(path, "DROP TABLE people")
    run(path, "CREATE TABLE people(call, body)")


def run(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute(statement)


@pytest.mark.parametrize(
    "harm",
    [cut, fill_with_junk, empty, change_its_form, take_a_table, have_it_act, loosen_a_table],
)
def test_an_archive_that_is_none_is_made_anew(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    path = tmp_path / "archive.db"
    with open_archive(path) as archive:
        filing.put(archive, made("a", ("me", "salt")))
    harm(path)
    with open_archive(path) as archive:
        assert filing.counts(archive) == (0, 0)
        filing.put(archive, made("b", ("me", "salt")))
    with open_archive(path) as archive:
        assert names(find(archive, "salt")) == ["b"]


def test_damage_inside_is_told_when_it_is_met(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with open_archive(path) as archive, archive.writing():
        for digest in ManyCalls(3).digests(6):
            filing.put(archive, digest)
    body = bytearray(path.read_bytes())
    for at in range(len(body) // 3, len(body) - 4096, 4096):
        body[at : at + 64] = b"\xff" * 64
    path.write_bytes(body)
    with pytest.raises(ArchiveLost) as lost:
        use(path)
    assert "index --rebuild" in lost.value.hint


def use(path: Path) -> None:
    """Read an archive and write to it."""
    with open_archive(path) as archive:
        for typed in ("the", "t*", '"of the"'):
            find(archive, typed)
        archive.settle()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"precious")
    path = tmp_path / "home" / "archive.db"
    path.parent.mkdir()
    path.symlink_to(elsewhere)
    with open_archive(path) as archive:
        filing.put(archive, made("a", ("me", "salt")))
    assert elsewhere.read_bytes() == b"precious"
    assert not path.is_symlink()


def test_numbers_outlive_a_making_anew(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    tasks = [("a", "1.1"), ("b", "1.1"), ("a", "thanks")]
    with open_archive(path) as archive:
        first = filing.number(archive, tasks)
        assert list(first.values()) == [1, 2, 3]
    with open_archive(path, anew=True) as archive:
        assert filing.numbered_task(archive, 2) == ("b", "1.1")
        # One that is gone is never given to another one.
        filing.remove(archive, ["a"])
        again = filing.number(archive, [("c", "1.1"), ("b", "1.1")])
        assert again == {("c", "1.1"): 4, ("b", "1.1"): 2}
        assert filing.numbered_task(archive, 3) is None


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    (path / "inside").mkdir(parents=True)
    with pytest.raises(DiskError), open_archive(path):
        pass


def test_it_is_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with open_archive(path) as archive:
        filing.put(archive, made("a", ("me", "salt")))
    with read_archive(path) as archive:
        assert archive is not None
        assert [call.name for call in filing.calls(archive, EVERYTHING)] == ["a"]
        # A number could not be kept, so none is given.
        assert filing.number(archive, [("a", "1.1")]) == {("a", "1.1"): 0}
    with read_archive(tmp_path / "none.db") as archive:
        assert archive is None


_WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from test_archive import made
from assistant.keeping import filing
from assistant.keeping.archive import open_archive
for n in range(15):
    with open_archive(Path(sys.argv[1])) as archive:
        filing.put(archive, made(f"{sys.argv[2]}-{n}", ("me", f"salt {sys.argv[2]}{n}")))
"""


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    places = [place for place in sys.path if place]
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(path), name, *places])
        for name in ("one", "two")
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    with open_archive(path) as archive:
        assert find(archive, "salt").count == 30
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_words_of_a_query_are_never_a_command(archive: Archive) -> None:
    filing.put(archive, made("a", ("me", "near column me or not")))
    for typed in ("near", "column", "me:near", "(near)", "near^", "near + me", "or", "{me}"):
        assert names(find(archive, typed)) in (["a"], [])
    assert names(find(archive, "near")) == names(find(archive, "{column}")) == ["a"]
