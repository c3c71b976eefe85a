r"""A text file that somebody gave us: read with care, and its faults told by line.

Law: no more is read than was asked for, 1 MB mostly; what is returned is plain text with `\n` at
the ends of its lines; everything else is an InputError.
"""

import codecs
import difflib
import re
import stat
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import InputError

LARGEST_BYTES = 1_000_000

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ue000-\ue0ff\ufff9-\uffff]"
)
"""Characters that can not be seen: controls, direction overrides, half characters. Also the first
of those for private use, which the sheet uses itself."""


_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    "\ufff9-\ufffb]"
)
"""Controls of both sets (each has escape sequences), direction marks, line ends of their own."""

_SPELLED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
"""Letters without a mark to take off, as people spell them where they have no such key."""

_LINE = re.compile(r"\bline (\d+)")
_AT = re.compile(r" - at `\$\.?([^`]+)`")
_NAME = re.compile(r"(?:unknown|required) field `([^`]*)`")
_SHOULD_BE = re.compile(r"Expected `(\w+)`?(?: ([<>]=) ([\d.]+))?")
_BOUNDS = {">=": "least", "<=": "most"}
_KINDS = {
    "str": "text",
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "object": "a group of lines",
    "array": "a list",
}


def read_text(path: Path, most_bytes: int = LARGEST_BYTES) -> str:
    """Read a text file whole. Raises InputError for one that is too large, or no text."""
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            raise InputError(f"{path} is a folder, not a file.")
        if not stat.S_ISREG(info.st_mode):
            raise InputError(f"{path} is not a file that can be read.")
        if info.st_size > most_bytes:
            raise _too_large(path, info.st_size, most_bytes)
        with path.open("rb") as file:
            raw = file.read(most_bytes + 1)
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}.", "Is the name right?") from error
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise InputError(f"{str(path)!r} can not be the name of a file.") from error
    if len(raw) > most_bytes:
        raise _too_large(path, len(raw), most_bytes)
    return text_from(raw, str(path))


def text_from(raw: bytes, where: str) -> str:
    """Return bytes as text. Raises InputError, naming `where` and the line, if they are none."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"{where} is in UTF-16.", "Save it as UTF-8 in your editor.")
    if b"\0" in raw:
        raise InputError(f"{where} is not a text file.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{where}, line {line}: this is not UTF-8 text.", "Save it as UTF-8 in your editor."
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def clean(text: str) -> str:
    """Return a text as one line: single spaces, nothing that can not be seen."""
    return " ".join(_UNSEEN.sub("", text).split())


def quoted(text: str) -> str:
    """Return a text as an error quotes it: short, one line."""
    seen = clean(text)
    return f"'{seen[:39]}…'" if len(seen) > 40 else f"'{seen}'"


def for_terminal(text: str) -> str:
    """Return a text with nothing in it that a terminal obeys: its lines and tabs, and no more."""
    return _OBEYED.sub("", text)


def json_for_terminal(text: str) -> str:
    """Return JSON that says the same with nothing in it that a terminal obeys."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def in_words(error: Exception) -> str:
    """Say in plain words what a parser of JSON or TOML found wrong; no value of the file is in it.

    Many of a parser's sentences speak of objects and enums; those who wrote the file do not.
    """
    told = str(error)
    line, at, name = _LINE.search(told), _AT.search(told), _NAME.search(told)
    inside = at[1] if at else ""
    if name:
        which = ".".join(filter(None, (inside, name[1])))
        return f"{quoted(which)} is " + ("missing" if "missing" in told else "not known here")
    if line:
        return f"line {line[1]} can not be read"
    what = _SHOULD_BE.search(told)
    if what and inside:
        bound = f" of at {_BOUNDS[what[2]]} {float(what[3]):g}" if what[2] else ""
        return f"{quoted(inside)} should be {_KINDS.get(what[1], 'something else')}{bound}"
    if inside:
        return f"{quoted(inside)} can not be what it says"
    return "it is broken off, or not in the form that was expected"


def slug(text: str) -> str:
    """Return a text as a name for files and ids: `dana-ruiz`; empty where no letter is in it."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_SPELLED))
    folded = folded.encode("ascii", "ignore").decode()
    for spelling in (folded, unicodedata.normalize("NFKC", text)):
        words = re.findall(r"[^\W_]+", spelling.replace("'", "").lower())
        if words:
            return "-".join(words)[:40].strip("-")
    return ""


def nearest(name: str, known: Sequence[str]) -> str:
    """Return a hint for a name that is not known: the one that is probably meant, or all."""
    close = difflib.get_close_matches(name[:60].lower(), known, n=1)
    if close:
        return f"Do you mean '{close[0]}'?"
    return f"Known are: {', '.join(known)}."


def _too_large(path: Path, size: int, most_bytes: int) -> InputError:
    return InputError(
        f"{path} has {size / 1e6:.1f} MB; a text of at most {most_bytes / 1e6:g} MB was expected.",
        "Is it the right file?",
    )
