r"""What stands where in the body of a sheet: headings, list items, lines of text.

Only what a sheet needs of Markdown is read: headings, lists, paragraphs, comments.
The only door to markdown-it-py.

A backslash before a sign (`\(`) takes away its meaning. Such signs are hidden as
characters that mean nothing to anybody before anything else is done, and shown
again at the end: `plain` gives the text as a person means it, `guarded` is its
inverse.
"""

import re
import string
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt

from assistant.sheet.place import Place
from assistant.textfile import clean

MOST_LINES = 2000
"""A long sheet has a hundred; the Markdown of a quarter of a million takes half a minute."""

LONGEST_PIECE = 4000
"""In characters: a question with every wording it may have."""

_DEEPEST = 100
"""In characters, before a line begins: each list in a list costs as much as all above it."""

_SIGNS = string.punctuation + "\u2013\u2014\u2022"
_FIRST_HIDDEN = 0xE000
_HIDE = {sign: chr(_FIRST_HIDDEN + i) for i, sign in enumerate(_SIGNS)}
_SHOW = {ord(hidden): sign for sign, hidden in _HIDE.items()}
_FORGET = dict.fromkeys(range(_FIRST_HIDDEN, _FIRST_HIDDEN + 0x100))
_ESCAPED = re.compile(rf"\\([{re.escape(_SIGNS)}])")
_BULLET = re.compile(r"^([ \t]*)[\u2013\u2014\u2022](?=\s)", re.MULTILINE)
"""What telephones and word processors make of a dash."""
_TIGHT_DASH = re.compile(r"^([ \t]*-)(?=[!\w])", re.MULTILINE)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")

_MARKDOWN = MarkdownIt("commonmark")
_MARKDOWN.core.ruler.enableOnly(["normalize", "block"])
_MARKDOWN.block.ruler.enableOnly(["heading", "list", "hr", "paragraph"])


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, a list item, or a paragraph that is in no list."""

    kind: Literal["heading", "item", "text"]
    text: str
    """With hidden signs and line ends as they were written."""
    level: int
    """The heading's, or how deep the list is; 0 for text."""
    place: Place


def outline(body: str, file: str, first_line: int) -> list[Piece]:
    """Return the pieces of a sheet's body in their order. Raises InputError."""
    if body.count("\n") > MOST_LINES:
        what = f"a sheet of at most {MOST_LINES} lines was expected, this one goes on"
        raise Place(file, first_line + MOST_LINES).wrong(what)
    for number, line in enumerate(body.split("\n")):
        if len(line) > LONGEST_PIECE:
            what = f"{LONGEST_PIECE} characters are the most in one line, here are {len(line)}"
            raise Place(file, first_line + number).wrong(what)
        if line[:_DEEPEST].isspace() and len(line) > _DEEPEST and line.strip():
            raise Place(file, first_line + number).wrong("this stands too far to the right")
    text = _ESCAPED.sub(lambda m: _HIDE[m[1]], body.translate(_FORGET))
    text = _without_comments(text, file, first_line)
    text = _TIGHT_DASH.sub(r"\1 ", _BULLET.sub(r"\1-", text))
    return _pieces(text, file, first_line)


def plain(text: str) -> str:
    """Return a piece's text as the person means it: one line, no marks, signs shown again."""
    return clean(clean_marks(text).translate(_SHOW))


def clean_marks(text: str) -> str:
    """Return a piece's text as one line without bold marks; hidden signs stay hidden."""
    return " ".join(text.replace("**", "").split())


def guarded(text: str, signs: str = "") -> str:
    """Return a text so that it reads back as itself; `signs` are guarded wherever they stand."""
    text = text.replace("\\", "\\\\").replace("**", r"\*\*").replace("<!--", r"\<!--")
    for sign in signs:
        text = text.replace(sign, f"\\{sign}")
    if text[:1] in set("-+*!#[_\u2013\u2014\u2022"):
        return f"\\{text}"
    return _NUMBERED.sub(r"\1\\\2", text)


def _without_comments(text: str, file: str, first_line: int) -> str:
    """Leave out comments, and keep the lines they took."""
    kept: list[str] = []
    at = 0
    while (opening := text.find("<!--", at)) >= 0:
        closing = text.find("-->", opening + 4)
        if closing < 0:
            line = first_line + text.count("\n", 0, opening)
            raise Place(file, line).wrong("the comment that opens here is not closed by '-->'")
        kept += [text[at:opening], "\n" * text.count("\n", opening, closing)]
        at = closing + 3
    return "".join([*kept, text[at:]])


def _pieces(text: str, file: str, first_line: int) -> list[Piece]:
    pieces: list[Piece] = []
    depth = 0
    is_new_item, heading = False, 0
    for token in _MARKDOWN.parse(text):
        place = Place(file, first_line + (token.map or (0, 0))[0])
        if len(token.content) > LONGEST_PIECE:
            what = f"{LONGEST_PIECE} characters are the most in one place of a sheet"
            raise place.wrong(f"{what}, here are {len(token.content)}")
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
            case "list_item_open":
                is_new_item = True
            case "heading_open" if not depth:
                heading = int(token.tag[1:])
            case "inline" if heading:
                pieces.append(Piece("heading", token.content, heading, place))
                heading = 0
            case "inline" if depth and not is_new_item:
                # A second paragraph of the same item.
                last = pieces.pop()
                joined = f"{last.text}\n{token.content}"
                pieces.append(Piece(last.kind, joined, last.level, last.place))
            case "inline":
                pieces.append(Piece("item" if depth else "text", token.content, depth, place))
                is_new_item = False
            case _:
                pass
    return pieces
