"""The transcript as a Word document, DOCX.

The only door to python-docx. Law: the same call gives the same bytes; what was said goes in as
text and as nothing else; the document names no author and no moment but the call's own.
"""

import io
from typing import Protocol, cast

import docx
from docx.document import Document
from docx.shared import Cm, Length, Pt, RGBColor

from assistant.notes.render.package import still
from assistant.notes.render.transcript import Row, Transcript, day_of, moment_of
from assistant.notes.talk import clock
from assistant.textfile import clean

_MARGIN = Cm(2.3)
_SOFT = RGBColor(0x66, 0x5E, 0x53)


class _Stops(Protocol):
    """What we use of the tab stops; the library leaves their types open."""

    def add_tab_stop(self, position: Length) -> object: ...


def word_document(call: Transcript, nothing: str) -> bytes:
    """Write the document; `nothing` is what it says where nothing was heard."""
    document = docx.Document()
    _describe(document, call)
    document.add_heading(clean(call.title), 0)
    if about := " · ".join(filter(None, (day_of(call), clean(call.about)))):
        document.add_paragraph(about, style="Subtitle")
    for row in call.rows:
        _add(document, row)
    if not call.rows:
        document.add_paragraph(nothing)
    file = io.BytesIO()
    document.save(file)
    return still(file.getvalue())


def _describe(document: Document, call: Transcript) -> None:
    about = document.core_properties
    about.title, about.language = clean(call.title), call.language
    about.author = about.last_modified_by = about.comments = ""
    about.created = about.modified = moment_of(call)


def _add(document: Document, row: Row) -> None:
    if row.kind == "question":
        document.add_heading(clean(row.text), 2)
        return
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.left_indent, form.first_line_indent = _MARGIN, -_MARGIN
    cast("_Stops", form.tab_stops).add_tab_stop(_MARGIN)
    form.space_after = Pt(5)
    time = paragraph.add_run(f"{clock(row.start_s)}\t")
    time.font.size, time.font.color.rgb = Pt(9), _SOFT
    if row.kind == "gap":
        paragraph.add_run(f"({clean(row.text)})").italic = True
        return
    paragraph.add_run(f"{clean(row.who)}: ").bold = True
    paragraph.add_run(clean(row.text))
