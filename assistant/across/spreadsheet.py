"""Rows as CSV, for any spreadsheet (RFC 4180).

Law: no cell is ever taken for a formula. What was said in a call may begin with a sign that a
spreadsheet obeys; such a cell gets an apostrophe in front, as OWASP advises.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from assistant.textfile import clean

_OBEYED = ("=", "+", "-", "@", "\t", "\r")


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write rows under the names of their columns."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return sheet.getvalue()


def _cell(value: str) -> str:
    text = clean(value)
    return f"'{text}" if text.startswith(_OBEYED) else text
