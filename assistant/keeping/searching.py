"""Where words were said, over all calls: the calls that hold them first, then their lines.

The index of calls tells which calls have all the words; the index of lines is asked about the
newest of those only, each call being one range of it. A phrase is looked for in the index of lines,
some hundred calls at a time, newest first; a beginning (merg*) is found in the lines themselves of
the newest calls that have it, for the index of lines would have to join all its words. Law: when
the time is up, what was found until then is returned, and that it is not all.
"""

import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Literal

import msgspec

from assistant.keeping.archive import Archive, Select
from assistant.keeping.filing import CALL_FIELDS, CallRow, Filters
from assistant.keeping.query import Query, Term, fold, pattern_of
from assistant.keeping.tables import call_of, kind_of, span

Voice = Literal["", "me", "them", "unclear", "notes"]
"""Whose words are looked through; empty for all."""
LONGEST_S = 0.2
"""So long is looked; a screen that answers within that seems to answer at once."""
MOST_RANKED = 100
"""So many of the newest calls that have the words are compared, to tell the best."""
MOST_READ = 25
"""So many are read line by line."""
_SLICE = 256
"""Calls that are looked through for a phrase at once: some milliseconds."""
_FEW = 64
"""So few are looked through one by one."""
LINES_SHOWN = 3
"""Of one call."""

_KINDS = {"me": ("me",), "them": ("them",), "unclear": ("unclear",), "notes": ("note", "promise")}
_COLUMNS = {"me": "me", "them": "them", "unclear": "unclear", "notes": "own"}


class Line(msgspec.Struct, frozen=True):
    """A line that has what was looked for."""

    kind: str
    """`me`, `them`, `unclear`, `note`, `promise`."""
    start_s: float
    text: str
    marks: tuple[tuple[int, int], ...]
    """Where in the text it stands: first letter, and the one behind the last."""


class FoundCall(msgspec.Struct, frozen=True):
    """A call that has what was looked for."""

    call: CallRow
    lines: tuple[Line, ...]
    """The best of them, in the order they were said."""
    count: int
    """How many there are; where all words are in one, only those."""


class Found(msgspec.Struct, frozen=True):
    """What was found."""

    calls: tuple[FoundCall, ...]
    count: int
    """How many calls have it ..."""
    is_exact: bool
    """... or, where False, that there are at least so many: enough to choose from."""
    is_late: bool
    """Time was up before all was looked through; the newest calls were."""


class _Hits(msgspec.Struct, frozen=True):
    call: int
    lines: tuple[int, ...]
    """The lines that have all the words; none where the words are spread over the call."""


def search(
    archive: Archive,
    query: Query,
    filters: Filters,
    voice: Voice = "",
    *,
    most: int = 10,
    newest_first: bool = False,
    longest_s: float = LONGEST_S,
) -> Found:
    """Look for words; the best calls first, those where a line has all of them most often.

    Raises ArchiveLost, DiskError.
    """
    until_s = time.monotonic() + longest_s

    def is_late() -> bool:
        return time.monotonic() > until_s

    with archive.searching(is_late) as select:
        looking = _Looking(select, query, voice, is_late)
        hits = looking.find(filters, most if newest_first else MOST_RANKED)
        late = is_late()
    if not newest_first:
        # Sorting keeps the newest first among those that are equally good.
        hits.sort(key=lambda hit: -len(hit.lines))
    shown = _Looking(archive.rows, query, voice, lambda: False)
    return Found(
        tuple(shown.shown(hit) for hit in hits[:most]),
        max(looking.count, len(hits)),
        looking.is_exact and not late,
        late,
    )


class _Looking(msgspec.Struct):
    """One search under way."""

    select: Select
    query: Query
    voice: Voice
    is_late: Callable[[], bool]
    count: int = 0
    is_exact: bool = True

    def find(self, filters: Filters, most: int) -> list[_Hits]:
        """Return calls with their lines, newest first."""
        candidates = self._having_all_words(filters)
        has_phrase = any(len(term.words) > 1 for term in self.query.terms)
        if self.query.has_beginning:
            most = min(most, MOST_READ)
        elif has_phrase:
            candidates = self._having_phrases(candidates)
        self.count = len(candidates)
        found: list[_Hits] = []
        for call in candidates:
            if self.is_late() or len(found) >= most:
                break
            hits = _Hits(call, self._with_all(call))
            # A beginning within a phrase is known only now.
            if hits.lines or not (self.query.has_beginning and has_phrase) or self._spread(call):
                found.append(hits)
            else:
                self.count -= 1
        if self.query.has_beginning and has_phrase and len(found) < self.count:
            # Of the others it is only known that they have the words.
            self.count, self.is_exact = len(found), False
        return found

    def shown(self, hits: _Hits) -> FoundCall:
        """Return a call with its best lines."""
        lines = hits.lines or self._spread(hits.call)
        best = lines[:LINES_SHOWN]
        [row] = self.select(f"SELECT {CALL_FIELDS} FROM calls WHERE id = ?", hits.call)
        rows = self.select(
            "SELECT id, start_s, text FROM lines "
            f"WHERE id IN ({', '.join('?' * len(best))}) ORDER BY start_s, id",
            *best,
        )
        marks = [pattern_of(term) for term in self.query.terms]
        found = (Line(kind_of(n), start_s, text, _marked(text, marks)) for n, start_s, text in rows)
        return FoundCall(CallRow(*row), tuple(found), len(lines))

    def _having_all_words(self, filters: Filters) -> list[int]:
        """Return the calls that have every word, newest first."""
        words = " AND ".join(
            f'"{word}"' + "*" * (term.is_beginning and place == len(term.words))
            for term in self.query.terms
            for place, word in enumerate(term.words, start=1)
        )
        column = f"{_COLUMNS[self.voice]} : " if self.voice else ""
        where, values = filters.where()
        # CROSS JOIN: the index first, and never once for every call.
        rows = self.select(
            "SELECT calls.id FROM call_words CROSS JOIN calls ON calls.id = call_words.rowid "
            f"WHERE call_words MATCH ? AND {where} ORDER BY calls.began_at DESC, calls.name DESC",
            f"{column}({words})",
            *values,
        )
        return [row[0] for row in rows]

    def _having_phrases(self, candidates: Sequence[int]) -> list[int]:
        """Return which of the calls have a line with each phrase; as many as are worth a look."""
        left = list(candidates)
        for term in self.query.terms:
            if len(term.words) > 1:
                having = self._having(_expression(term), set(left))
                left = [call for call in left if call in having]
        return left

    def _having(self, phrase: str, calls: set[int]) -> set[int]:
        having: set[int] = set()
        wanted = _KINDS.get(self.voice, ())
        for first, last in _slices(calls):
            # Within one step of SQLite's machine nothing can break a search off.
            if self.is_late() or len(having) >= MOST_RANKED:
                self.is_exact = False
                break
            rows = self.select(
                "SELECT rowid FROM line_words WHERE line_words MATCH ? AND rowid BETWEEN ? AND ?",
                phrase,
                span(first)[0],
                span(last)[1],
            )
            having |= {
                call
                for (line,) in rows
                if (call := call_of(line)) in calls and (not wanted or kind_of(line) in wanted)
            }
        return having

    def _with_all(self, call: int) -> tuple[int, ...]:
        """Return the lines of a call that have all that is looked for."""
        if self.query.has_beginning:
            first, *others = self._read(call)
            return tuple(line for line in first if all(line in other for other in others))
        return self._lines(call, " AND ".join(map(_expression, self.query.terms)))

    def _spread(self, call: int) -> tuple[int, ...]:
        """Return the lines that have any of it, first one of each; none where a term has none."""
        if self.query.has_beginning:
            each = self._read(call)
        else:
            each = [self._lines(call, _expression(term)) for term in self.query.terms]
        if not all(each):
            return ()
        firsts = [lines[0] for lines in each]
        return tuple(dict.fromkeys((*firsts, *sorted(line for lines in each for line in lines))))

    def _lines(self, call: int, expression: str) -> tuple[int, ...]:
        rows = self.select(
            "SELECT rowid FROM line_words WHERE line_words MATCH ? AND rowid BETWEEN ? AND ?",
            expression,
            *span(call, _KINDS.get(self.voice, ())),
        )
        return tuple(row[0] for row in rows)

    def _read(self, call: int) -> list[tuple[int, ...]]:
        """Return, for each term, the lines that have it, from reading the call's lines."""
        rows = self.select(
            "SELECT id, text FROM lines WHERE id BETWEEN ? AND ?",
            *span(call, _KINDS.get(self.voice, ())),
        )
        # In one piece: a pattern is sooner done with one long text than with many short ones.
        text = "\n".join(fold(text) for _, text in rows)
        starts = [0, *accumulate(len(text) + 1 for _, text in rows)]
        return [
            tuple(
                dict.fromkeys(
                    rows[bisect_right(starts, found.start()) - 1][0]
                    for found in pattern_of(term).finditer(text)
                )
            )
            for term in self.query.terms
        ]


def _expression(term: Term) -> str:
    """Write a term as the index of lines reads it; there is nothing in words that it obeys."""
    return f'"{" ".join(term.words)}"'


def _slices(calls: set[int]) -> Iterator[tuple[int, int]]:
    """Yield ranges of numbers that hold all of these calls, those of the last that came first."""
    ordered = sorted(calls, reverse=True)
    size = 1 if len(ordered) <= _FEW else _SLICE
    for at in range(0, len(ordered), size):
        part = ordered[at : at + size]
        yield part[-1], part[0]


def _marked(text: str, patterns: Sequence[re.Pattern[str]]) -> tuple[tuple[int, int], ...]:
    folded = fold(text)
    spans = sorted({found.span() for pattern in patterns for found in pattern.finditer(folded)})
    return tuple(spans)
