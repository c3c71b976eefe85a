"""The tables of the archive, and how a call's lines are numbered in them.

Two full-text indexes. The small one, `call_words`, knows which words each call has and by whose
voice, but not where: ten thousand calls are looked through in milliseconds. The large one,
`line_words`, knows every line, word by word, and is only asked about calls that are known to hold
what is looked for. Law: the lines of a call, and those of one voice in it, are one range.
"""

from collections.abc import Iterable

from assistant.keeping.digest import KINDS, Said

FORM = 3
"""Counts up when the tables change, or what is filed in them; an archive of another form is made
again."""
OURS = 0x736F7474
"""Marks the file as ours: "sott"."""

STATEMENTS = (
    """CREATE TABLE calls(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, marks TEXT NOT NULL,
  wall TEXT NOT NULL, day TEXT NOT NULL, began_at REAL NOT NULL, person TEXT NOT NULL,
  person_key TEXT NOT NULL, called TEXT NOT NULL, about TEXT NOT NULL, length_s REAL NOT NULL,
  state TEXT NOT NULL, has_sound INTEGER NOT NULL, damaged_lines INTEGER NOT NULL,
  wrong TEXT NOT NULL) STRICT""",
    """CREATE TABLE lines(
  id INTEGER PRIMARY KEY, start_s REAL NOT NULL, text TEXT NOT NULL) STRICT""",
    """CREATE TABLE questions(
  call INTEGER NOT NULL, question_id TEXT NOT NULL, body BLOB NOT NULL) STRICT""",
    "CREATE INDEX questions_of ON questions(call)",
    """CREATE TABLE tasks(
  call INTEGER NOT NULL, key TEXT NOT NULL, state TEXT NOT NULL, body BLOB NOT NULL) STRICT""",
    "CREATE INDEX tasks_of ON tasks(call)",
    "CREATE TABLE people(call INTEGER NOT NULL, body BLOB NOT NULL) STRICT",
    "CREATE INDEX people_of ON people(call)",
    """CREATE TABLE numbers(
  number INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT NOT NULL, key TEXT NOT NULL,
  UNIQUE(call, key)) STRICT""",
    """CREATE VIRTUAL TABLE call_words USING fts5(
  me, them, unclear, own, content='', detail=column, prefix='1 2 3',
  tokenize='unicode61 remove_diacritics 2')""",
    """CREATE VIRTUAL TABLE line_words USING fts5(
  text, content='lines', content_rowid='id', tokenize='unicode61 remove_diacritics 2')""",
)
"""As SQLite keeps them, too: with other tables it is no archive of ours, whatever it is marked as.
Strict, so that nobody can put a text where a number is."""
TABLES = "; ".join(STATEMENTS) + ";"

_COLUMN = {"me": 0, "them": 1, "unclear": 2, "note": 3, "promise": 3}
"""Of `call_words`."""
COLUMN_NAMES = ("me", "them", "unclear", "own")

LINE_BITS, KIND_BITS = 20, 17
"""A line's number is its call's number, then 3 bits for its kind, then its place: 131,072 lines of
a kind, many times what a day of talk has."""


def span(call: int, kinds: Iterable[str] = ()) -> tuple[int, int]:
    """Return the first and the last number that lines of a call can have; or those of some kinds.

    Kinds must be neighbours.
    """
    first = call << LINE_BITS
    places = [KINDS.index(kind) for kind in KINDS if kind in kinds]
    if not places:
        return first, first + (1 << LINE_BITS) - 1
    return first + (min(places) << KIND_BITS), first + ((max(places) + 1) << KIND_BITS) - 1


def kind_of(line: int) -> str:
    """Return whose line it is, by its number."""
    return KINDS[(line >> KIND_BITS) & 7]


def numbered(call: int, lines: Iterable[Said]) -> list[tuple[int, float, str]]:
    """Return the lines of a call as rows of `lines`."""
    said = tuple(lines)
    rows: list[tuple[int, float, str]] = []
    for kind in KINDS:
        first, last = span(call, (kind,))
        of_kind = [line for line in said if line.kind == kind][: last - first]
        rows += [(first + place, line.start_s, line.text) for place, line in enumerate(of_kind)]
    return rows


def columns(rows: Iterable[tuple[int, float, str]]) -> tuple[str, ...]:
    """Return the words of a call, one text for each column of `call_words`."""
    texts: list[list[str]] = [[] for _ in COLUMN_NAMES]
    for line, _, text in rows:
        texts[_COLUMN[kind_of(line)]].append(text)
    return tuple(map("\n".join, texts))
