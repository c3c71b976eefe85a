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
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Literal

import msgspec

from assistant.keeping.archive import Archive, Select
from assistant.keeping.digest import KINDS
from assistant.keeping.filing import CALL_FIELDS, EVERYTHING, CallRow, Filters
from assistant.keeping.query import Query, Term, fold, pattern_of
from assistant.keeping.tables import KIND_BITS, LINE_BITS, kind_of, span

Voice = Literal["", "me", "them", "unclear", "notes"]
"""Whose words are looked through; empty for all."""
LONGEST_S = 0.2
"""So long is looked; a screen that answers within that seems to answer at once."""
MOST_RANKED = 100
"""So many of the newest calls that have the words are compared, to tell the best."""
MOST_READ = 12
"""So many are read line by line."""
_SLICE = 256
"""Calls that are looked through for a phrase at once: some milliseconds."""
_FAR = 8
"""So many calls apart, on average, each is looked through for itself."""
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
        is_filtered = filters != EVERYTHING
        looking = _Looking(select, query, voice, is_filtered, is_late)
        calls = looking.find(filters)
        if not newest_first:
            # Sorting keeps the newest first among those that are equally good.
            ranked, rest = calls[:MOST_RANKED], calls[MOST_RANKED:]
            lines_in = looking.counts(ranked)
            calls = [*sorted(ranked, key=lambda call: -lines_in[call]), *rest]
        late = is_late()
    showing = _Looking(archive.rows, query, voice, is_filtered, lambda: False, read=looking.read)
    return Found(
        tuple(showing.shown(call) for call in calls[:most]),
        looking.count,
        looking.is_exact and not late,
        late,
    )


class _Looking(msgspec.Struct):
    """One search under way."""

    select: Select
    query: Query
    voice: Voice
    is_filtered: bool
    """Only some of the calls are meant."""
    is_late: Callable[[], bool]
    count: int = 0
    is_exact: bool = True
    read: dict[int, list[tuple[int, ...]]] = {}
    """Calls that were read line by line, and the lines that have each term."""

    def find(self, filters: Filters) -> list[int]:
        """Return the calls that have all that is looked for, newest first."""
        candidates = self._having_all_words(filters)
        phrases = [term for term in self.query.terms if len(term.words) > 1]
        if any(term.is_beginning for term in phrases):
            candidates = self._having_by_reading(candidates)
        else:
            for term in phrases:
                # What several must have is not known before all of them were looked for.
                enough = MOST_RANKED if len(phrases) == 1 else len(candidates)
                candidates = self._having(_expression(term), candidates, enough)
        self.count = len(candidates)
        return candidates

    def counts(self, calls: Sequence[int]) -> Counter[int]:
        """Return how many lines of each call have all that is looked for; none for some."""
        found: Counter[int] = Counter()
        if self.query.has_beginning:
            for call in calls[:MOST_READ]:
                found[call] = len(self._with_all(call))
            return found
        expression = " AND ".join(map(_expression, self.query.terms))
        for first, last in self._slices(calls, MOST_RANKED):
            found.update(self._counted(expression, first, last))
        return found

    def shown(self, call: int) -> FoundCall:
        """Return a call with its best lines."""
        lines = self._with_all(call) or self._spread(call)
        best = lines[:LINES_SHOWN]
        [row] = self.select(f"SELECT {CALL_FIELDS} FROM calls WHERE id = ?", call)
        rows = self.select(
            "SELECT id, start_s, text FROM lines "
            f"WHERE id IN ({_places(best)}) ORDER BY start_s, id",
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

    def _having(self, phrase: str, candidates: Sequence[int], enough: int) -> list[int]:
        """Return which of the calls have a line with a phrase, newest first."""
        having: set[int] = set()
        wanted = set(candidates)
        for first, last in self._slices(candidates, _SLICE):
            # Within one step of SQLite's machine nothing can break a search off.
            if self.is_late() or len(having) >= enough:
                self.is_exact = False
                break
            having |= wanted & self._counted(phrase, first, last).keys()
        return [call for call in candidates if call in having]

    def _having_by_reading(self, candidates: Sequence[int]) -> list[int]:
        """Do the same where a beginning is in the phrase; for some calls only."""
        having: list[int] = []
        for call in candidates:
            if self.is_late() or len(having) >= MOST_READ:
                self.is_exact = False
                break
            if all(self._read(call)):
                having.append(call)
        return having

    def _counted(self, expression: str, first: int, last: int) -> dict[int, int]:
        """Return how many lines of each call, from one number to another, have something."""
        kinds = [KINDS.index(kind) for kind in _KINDS.get(self.voice, KINDS)]
        rows = self.select(
            f"SELECT rowid >> {LINE_BITS}, count(*) FROM line_words WHERE line_words MATCH ? "
            f"AND rowid BETWEEN ? AND ? AND (rowid >> {KIND_BITS} & 7) IN ({_places(kinds)}) "
            "GROUP BY 1",
            expression,
            span(first)[0],
            span(last)[1],
            *kinds,
        )
        return dict(rows)

    def _slices(self, calls: Sequence[int], size: int) -> Iterator[tuple[int, int]]:
        """Yield ranges of numbers that hold all of these calls, those that came in last first.

        Where only some calls are meant, those that lie far apart have a range each: there may be
        very much between them.
        """
        ordered = sorted(calls, reverse=True)
        for at in range(0, len(ordered), size):
            part = ordered[at : at + size]
            if self.is_filtered and part[0] - part[-1] > len(part) * _FAR:
                yield from ((call, call) for call in part)
            else:
                yield part[-1], part[0]

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
        if call not in self.read:
            self.read[call] = self._read_now(call)
        return self.read[call]

    def _read_now(self, call: int) -> list[tuple[int, ...]]:
        rows = self.select(
            "SELECT id, text FROM lines WHERE id BETWEEN ? AND ?",
            *span(call, _KINDS.get(self.voice, ())),
        )
        # In one piece: a pattern is sooner done with one long text than with many short ones.
        text = fold("\n".join(text for _, text in rows))
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


def _places(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _marked(text: str, patterns: Sequence[re.Pattern[str]]) -> tuple[tuple[int, int], ...]:
    folded = fold(text)
    spans = sorted({found.span() for pattern in patterns for found in pattern.finditer(folded)})
    return tuple(spans)
