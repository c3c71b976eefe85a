"""The transcript as a table: CSV, as RFC 4180 has it, in UTF-8.

Law: no cell is read as a formula. A text that a spreadsheet would take for one (it begins with
`=`, `+`, `-`, `@`, or their wide forms) has an apostrophe before it, which is how spreadsheets
themselves mark plain text. The file begins with a byte order mark: without it Excel reads
every letter with an accent wrongly; what reads CSV elsewhere knows it as `utf-8-sig`.
"""

import csv
import io

from assistant.notes.render.transcript import Row, Transcript, question_of
from assistant.notes.talk import clean, clock

COLUMNS = ("start", "end", "start_s", "end_s", "speaker", "text", "question", "as_heard", "seq")
"""For programs, so they are the same in every language."""
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
"""How a formula begins; Excel takes the wide forms for one where East Asian letters are used."""


def csv_table(call: Transcript) -> bytes:
    """Write one row for each line that was said; times in seconds and as a clock."""
    asked = question_of(call)
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in call.rows:
        if row.kind == "line":
            table.writerow(_cells(row, asked.get(row.seq or 0, "")))
    return text.getvalue().encode("utf-8-sig")


def plain_cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    shown = clean(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _cells(row: Row, question: str) -> tuple[object, ...]:
    return (
        clock(row.start_s),
        clock(row.end_s),
        f"{row.start_s:.3f}",
        f"{row.end_s:.3f}",
        plain_cell(row.who),
        plain_cell(row.text),
        plain_cell(question),
        plain_cell(row.as_heard),
        row.seq,
    )
