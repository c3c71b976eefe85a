"""The prep sheet: Markdown that a person writes, and the plan that a call follows.

A sheet is YAML front matter (with, about, minutes, starts, consent, language,
dials) and four sections: Goal, Open with, Questions, People and terms.

Law: whatever the text, it is a Plan or an InputError that names the file, the
line and what was expected; and what is written here reads back as the same plan.
"""

from assistant.sheet.reading import parse_sheet, read_questions, read_sheet
from assistant.sheet.writing import new_sheet, sheet_file_name, standard_plan, write_sheet

__all__ = [
    "new_sheet",
    "parse_sheet",
    "read_questions",
    "read_sheet",
    "sheet_file_name",
    "standard_plan",
    "write_sheet",
]
