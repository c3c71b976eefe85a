"""The transcript as an OpenDocument text, ODT.

The only door to odfdo. Law: the same call gives the same bytes; what was said goes in as text
and as nothing else; the document names no author and no moment but the call's own.
"""

import io

from odfdo import Document, Header, Paragraph, Span, Style, Tab

from assistant.notes.render.package import still
from assistant.notes.render.transcript import Row, Transcript, day_of, moment_of
from assistant.notes.talk import clock
from assistant.textfile import clean

_MARGIN = "2.3cm"
_PICTURE = "Thumbnails/thumbnail.png"


def open_document(call: Transcript, nothing: str) -> bytes:
    """Write the document; `nothing` is what it says where nothing was heard."""
    document = Document("text")
    _describe(document, call)
    for style in _styles():
        document.insert_style(style, automatic=True)
    body = document.body
    body.clear()
    body.append(Header(1, clean(call.title)))
    if about := " · ".join(filter(None, (day_of(call), clean(call.about)))):
        body.append(Paragraph(about, style="About"))
    for row in call.rows:
        body.append(_paragraph(row))
    if not call.rows:
        body.append(Paragraph(nothing))
    document.del_part(_PICTURE)
    document.manifest.del_full_path(_PICTURE)
    file = io.BytesIO()
    document.save(file)
    return still(file.getvalue())


def _describe(document: Document, call: Transcript) -> None:
    about = document.meta
    about.title, about.language = clean(call.title), call.language
    about.creation_date = about.date = moment_of(call).replace(microsecond=0)
    about.generator = "Sottovoce"


def _styles() -> tuple[Style, ...]:
    line = Style("paragraph", name="Line", margin_left=_MARGIN, margin_bottom="0.18cm")
    line.set_properties({"fo:text-indent": f"-{_MARGIN}"}, area="paragraph")
    about = Style("paragraph", name="About", margin_bottom="0.5cm")
    about.set_properties({"fo:color": "#665e53"}, area="text")
    time = Style("text", name="Time", color="#665e53", size="9pt")
    return (
        line,
        about,
        time,
        Style("text", name="Who", bold=True),
        Style("text", name="Gap", italic=True),
    )


def _paragraph(row: Row) -> Paragraph | Header:
    if row.kind == "question":
        return Header(2, clean(row.text))
    paragraph = Paragraph(style="Line")
    paragraph.append(Span(clock(row.start_s), style="Time"))
    paragraph.append(Tab())
    if row.kind == "gap":
        paragraph.append(Span(f"({clean(row.text)})", style="Gap"))
        return paragraph
    paragraph.append(Span(f"{clean(row.who)}:", style="Who"))
    paragraph.append_plain_text(f" {clean(row.text)}")
    return paragraph
