"""People's words inside a Markdown page, so that they can not break it.

Law: whatever was said or written is shown as itself: no mark-up, no HTML, no
tag or task of its own, never a second line; no link that shows anything but
where it leads. An address stays as people write and copy it, and apps that
make a link of one (ana_cruz@acme.com, https://acme.com) lead just there; other
schemes, which start programs, are broken.
"""

import json
import re

from assistant.notes.talk import clean

_MARKS = re.compile(r"((?<![^\W_])_|_(?![^\W_])|[\\`*\[\]~|$^{}])")
"""An underscore inside a word or an address marks nothing."""
_ENTITY = re.compile(r"&(?=#?\w+;)")
_STARTED = re.compile(r"(?<!\bhttp:)(?<!\bhttps:)(?=//\w)", re.IGNORECASE)
"""Before what makes apps link an address of another kind: obsidian://, file://, //acme.com."""
_TAG = re.compile(r"(?<!\w)#(?=\w)")
_AT_START = re.compile(r"^([#>+\-=!]|\d+(?=[.)](?:\s|$)))")
_NUMBER = re.compile(r"(?<=\d)\\(?=[.)])")
_LIST = re.compile(r"(?:\s|[-*+>]\s)*\d+\\[.)]")
"""Where Markdown would read the number as that of a list, were it not for the backslash."""


def plain_markdown(text: str) -> str:
    """Write a text so that Markdown, and the notes apps that build on it, show it as it is."""
    marked = _MARKS.sub(r"\\\1", _ENTITY.sub("&amp;", clean(text)))
    # "<" as an entity, not with a backslash: safe with renderers that know no escapes too.
    marked = marked.replace("<", "&lt;").replace("::", "\\:\\:").replace("==", "\\=\\=")
    marked = _TAG.sub(r"\\#", marked).replace("%%", "\\%\\%")
    marked = _STARTED.sub(r"\\", marked)
    start = _AT_START.match(marked)
    if start is None:
        return marked
    if start[0].isdigit():
        return marked[: start.end()] + "\\" + marked[start.end() :]
    return "\\" + marked


def eased(line: str) -> str:
    """Take the backslash from the numbers of a written line that can begin no list there."""
    start = _LIST.match(line)
    at = start.end() if start else 0
    return line[:at] + _NUMBER.sub("", line[at:])


def yaml_text(text: str) -> str:
    """Write a text as one quoted YAML value, which is no HTML for what knows no front matter."""
    return json.dumps(clean(text), ensure_ascii=False).replace("<", "\\u003c")
