"""How soon words are found in an archive, class by class; and what keeping it costs.

Every query is asked as the verb asks it. Warm: after it was asked once. Cold: with the file thrown
out of the system's memory before, where the system lets a program do that.
"""

import contextlib
import os
import time
from collections.abc import Callable, Generator, Iterator
from itertools import islice
from pathlib import Path
from random import Random

import msgspec
import numpy as np
from many_calls import LINES, ManyCalls

from assistant.across import indexing
from assistant.keeping import filing
from assistant.keeping.archive import Archive, open_archive
from assistant.keeping.filing import EVERYTHING, Filters
from assistant.keeping.query import read_query
from assistant.keeping.searching import Found, Voice, search
from assistant.wording import Wording

TARGET_S = 0.05
"""At p95, warm."""
AT_ONCE = 50


class Ask(msgspec.Struct, frozen=True):
    """One query."""

    words: str
    filters: Filters = EVERYTHING
    voice: Voice = ""


class Spread(msgspec.Struct, frozen=True):
    """How long many queries took, in seconds."""

    p50_s: float
    p95_s: float
    max_s: float

    def __str__(self) -> str:
        return " ".join(f"{s * 1e3:7.1f}" for s in (self.p50_s, self.p95_s, self.max_s))


class Times(msgspec.Struct, frozen=True):
    """How long one class of queries took, in seconds."""

    what: str
    count: int
    warm: Spread
    cold_count: int
    cold: Spread
    cpu: Spread
    """Processor time of the warm ones: what they take where nothing else is done."""
    late: int
    """Of the warm ones: how many were broken off at the longest time."""
    empty: int
    """How many found nothing."""

    @property
    def holds(self) -> bool:
        """Tell whether the target is met."""
        return self.warm.p95_s <= TARGET_S


class Kept(msgspec.Struct, frozen=True):
    """What keeping the archive costs."""

    calls: int
    lines: int
    bytes: int
    fill_s: float
    """Writing all calls, and the rewriting of the indexes at the end."""
    sample: int
    """Real folders."""
    read_s: float
    """Reading one real folder of half an hour, on average ..."""
    learn_s: float
    """... and where its notes.json is missing, so that the notes are learned anew."""
    add_s: float
    """Taking one call in that has just ended, whole; the worst of them ..."""
    write_s: float
    """... and the part of it that is writing."""
    look_s: float
    """Finding out that nothing is new, with as many folders as calls."""
    purge_s: float
    """Taking one call out without a trace."""

    @property
    def rebuild_s(self) -> float:
        """What making it again from real folders would take."""
        return self.fill_s + self.calls * self.read_s


def fill(path: Path, made: ManyCalls, count: int, step: Callable[[int], None]) -> float:
    """Write calls as the verbs do; return how long that took, without the making of their words."""
    spent_s = 0.0
    with open_archive(path, anew=True) as archive:
        digests = made.digests(count)
        for _ in range(0, count, AT_ONCE):
            part = list(islice(digests, AT_ONCE))
            with _timed() as took, archive.writing():
                for digest in part:
                    filing.put(archive, digest)
            spent_s += took[0]
            step(len(part))
        with _timed() as took:
            archive.settle()
    return spent_s + took[0]


def measure(
    path: Path, made: ManyCalls, count: int, asked: int, cold: int, seed: int
) -> Iterator[Times]:
    """Yield how long each class of queries took."""
    chance = Random(seed)  # noqa: S311
    with open_archive(path) as archive:
        for what, asks in _classes(archive, made, count, asked, chance).items():
            yield _times(archive, path, what, asks, cold)


def keep(path: Path, home: Path, made: ManyCalls, count: int, sample: int, fill_s: float,
         wording: Wording) -> Kept:  # fmt: skip
    """Measure what taking in, looking and taking out cost, with a sample of real folders."""
    calls = home / "calls"
    folders = [made.folder(calls, count + number, wording) for number in range(sample)]
    read_s, learn_s, add_s, write_s = [0.0], [0.0], [0.0], [0.0]
    with open_archive(path) as archive:
        for folder in folders:
            stamp = indexing.stamp_of(folder.path)
            with _timed() as took:
                digest = indexing.Digesting(wording).digest(folder, stamp)
            read_s.append(took[0])
            with _timed() as took:
                filing.put(archive, digest)
            write_s.append(took[0])
            with _timed() as took:
                indexing.take_in(archive, folder, wording)
            add_s.append(took[0])
        for folder in folders[:5]:
            (folder.path / "notes.json").unlink()
            with _timed() as took:
                indexing.Digesting(wording).digest(folder, "")
            learn_s.append(took[0])
        look_s = _look(archive, calls, made, count)
        lines = filing.counts(archive)[1]
    size = path.stat().st_size
    with open_archive(path, is_alone=True) as archive, _timed() as took:
        filing.remove(archive, [made.name(count // 2)])
    return Kept(
        count,
        lines,
        size,
        fill_s,
        len(folders),
        float(np.mean(read_s[1:])),
        float(np.mean(learn_s[1:])),
        max(add_s),
        float(np.mean(write_s[1:])),
        look_s,
        took[0],
    )


def _look(archive: Archive, calls: Path, made: ManyCalls, count: int) -> float:
    """Make empty folders in place of those that were not laid down, and look at all of them."""
    with archive.writing():
        for number in range(count):
            folder = calls / made.name(number)
            folder.mkdir(exist_ok=True)
            (folder / "journal.jsonl").touch()
            stamp = indexing.stamp_of(folder)
            filing.touch(archive, folder.name, stamp, "done", has_sound=False)
    with _timed() as took:
        found = indexing.changes(archive, calls, None)
    if len(found.new) > len(found.touched) + max(5, count // 100) or found.gone:
        raise AssertionError(
            f"The folders do not fit: {len(found.new)} new, {found.gone[:3]} gone."
        )
    return took[0]


def _classes(
    archive: Archive, made: ManyCalls, count: int, asked: int, chance: Random
) -> dict[str, list[Ask]]:
    words = made.words

    def of_ranks(first: int, last: int) -> list[str]:
        return [words[chance.randrange(first, last)] for _ in range(asked)]

    rows = [made.lines(chance.randrange(count))[chance.randrange(LINES)] for _ in range(asked)]
    spoken = [row.split() for row in rows]
    common, mid, rare = of_ranks(0, 50), of_ranks(200, 3000), of_ranks(20_000, len(words))
    everyday = [chance.choice(said) for said in spoken]
    starts = [chance.randrange(0, 11) for _ in spoken]
    people = [made.person(chance.randrange(100)) for _ in range(asked)]
    [(first, last)] = archive.rows("SELECT min(day), max(day) FROM calls")
    years = [str(chance.randrange(int(first[:4]), int(last[:4]) + 1)) for _ in range(asked)]
    phrases = [f'"{" ".join(s[a : a + 2])}"' for s, a in zip(spoken, starts, strict=True)]
    longer = [f'"{" ".join(s[a : a + 4])}"' for s, a in zip(spoken, starts, strict=True)]
    return {
        "rare word": [Ask(word) for word in rare],
        "mid word": [Ask(word) for word in mid],
        "common word": [Ask(word) for word in common],
        "any word as it is said": [Ask(word) for word in everyday],
        "two words, mid": [Ask(f"{a} {b}") for a, b in zip(mid, reversed(mid), strict=True)],
        "two words, common": [Ask(f"{a} {b}") for a, b in zip(common, mid, strict=True)],
        "two words, rare": [Ask(f"{a} {b}") for a, b in zip(common, rare, strict=True)],
        "phrase of two words": [Ask(phrase) for phrase in phrases],
        "phrase of four words": [Ask(phrase) for phrase in longer],
        "beginning, 1 letter": [Ask(f"{word[:1]}*") for word in everyday],
        "beginning, 3 letters": [Ask(f"{word[:3]}*") for word in everyday],
        "beginning, 4 letters": [Ask(f"{word[:4]}*") for word in everyday],
        "common word, one person": [
            Ask(word, Filters(person=person)) for word, person in zip(common, people, strict=True)
        ],
        "mid word, one year": [
            Ask(word, Filters(since=f"{year}-01-01", until=f"{year}-12-31"))
            for word, year in zip(mid, years, strict=True)
        ],
        "common word, their voice": [Ask(word, voice="them") for word in common],
    }


def _times(archive: Archive, path: Path, what: str, asks: list[Ask], cold: int) -> Times:
    chilled = [_ask(archive, ask, path)[0] for ask in asks[:cold]]
    for ask in asks:
        _ask(archive, ask)
    told: list[tuple[float, Found]] = []
    cpu_s: list[float] = []
    for ask in asks:
        begun_s = time.process_time()
        told.append(_ask(archive, ask))
        cpu_s.append(time.process_time() - begun_s)
    return Times(
        what,
        len(told),
        _spread([took_s for took_s, _ in told]),
        len(chilled),
        _spread(chilled),
        _spread(cpu_s),
        sum(found.is_late for _, found in told),
        sum(not found.calls for _, found in told),
    )


def _because(one: Times) -> str:
    """Say why a target was missed, where that can be told."""
    if one.holds or one.cpu.p95_s > TARGET_S:
        return ""
    return ": other programs had the processor"


def _spread(times_s: list[float]) -> Spread:
    if not times_s:
        return Spread(0.0, 0.0, 0.0)
    p50_s, p95_s = (float(np.percentile(times_s, part)) for part in (50, 95))
    return Spread(p50_s, p95_s, max(times_s))


def _ask(archive: Archive, ask: Ask, cold: Path | None = None) -> tuple[float, Found]:
    if cold is not None:
        _forget(cold)
    with _timed() as took:
        found = search(archive, read_query(ask.words), ask.filters, ask.voice)
    return took[0], found


def _forget(path: Path) -> None:
    """Let the system forget what it has read of a file."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        # Not by another way: that would take the locks from SQLite.
        os.close(file)


@contextlib.contextmanager
def _timed() -> Generator[list[float]]:
    took = [0.0]
    begun_s = time.perf_counter()
    try:
        yield took
    finally:
        took[0] = time.perf_counter() - begun_s


def table(times: list[Times], kept: Kept) -> str:
    """Draw it for people; times in milliseconds."""
    rows = [
        f"{'':26} {'':>4} {'warm':>23}   {'of it processor':>23}   {'cold':>23}",
        f"{'class':26} {'n':>4}" + f" {'p50':>7} {'p95':>7} {'max':>7}  " * 3 + " late  target",
    ]
    for one in times:
        verdict = "held" if one.holds else "MISSED"
        rows.append(
            f"{one.what:26} {one.count:4} {one.warm}   {one.cpu}   {one.cold}  {one.late:4}  "
            f"p95 <= {TARGET_S * 1e3:g} {verdict}{_because(one)}"
        )
    rows += [
        "",
        f"{kept.calls} calls, {kept.lines} lines: {kept.bytes / 1e6:.0f} MB, "
        f"{kept.bytes / kept.calls / 1e3:.0f} kB a call",
        f"filled in {kept.fill_s:.0f} s, {kept.fill_s / kept.calls * 1e3:.1f} ms a call",
        f"one real folder of half an hour ({kept.sample} tried): read {kept.read_s * 1e3:.0f} ms "
        f"({kept.learn_s * 1e3:.0f} ms without notes.json), written {kept.write_s * 1e3:.0f} ms; "
        f"taken in after a call in {kept.add_s * 1e3:.0f} ms at most",
        f"so {kept.calls} real folders are made into an archive in about {kept.rebuild_s:.0f} s",
        f"nothing new is found out in {kept.look_s * 1e3:.0f} ms; "
        f"one call taken out without a trace in {kept.purge_s:.1f} s",
    ]
    return "\n".join(rows)
