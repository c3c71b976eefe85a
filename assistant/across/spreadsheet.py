"""Rows as CSV, for any spreadsheet (RFC 4180, in UTF-8).

Law: no cell is ever taken for a formula. As with the transcript's own table, a byte order mark goes
first: without it Excel reads every letter with an accent wrongly.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from assistant.notes.render.table import plain_cell

_ORDER_MARK = "\ufeff"


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write rows under the names of their columns."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(columns)
    writer.writerows([plain_cell(value) for value in row] for row in rows)
    return _ORDER_MARK + sheet.getvalue()
