"""People's words inside a Markdown page, so that they can not break it.

Law: whatever was said or written is shown as itself: no mark-up, no HTML, no
link, tag or task of its own, never a second line. (GitHub alone makes a link of
an e-mail address whatever is done about it, short of breaking the address.)
"""

import json
import re

from assistant.notes.talk import clean

_MARKS = re.compile(r"([\\`*_\[\]~|$^{}])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINKED = re.compile(r"(?=//\w)|(?<=\w)(?:(?=\.[^\W\d_]{2})|(?=@\w))|(?<=\bwww)(?=\.)")
"""Before what makes apps link an address that has no mark-up: https://, acme.com, ana@acme."""
_TAG = re.compile(r"(?<!\w)#(?=\w)")
_AT_START = re.compile(r"^([#>+\-=!]|\d+(?=[.)](?:\s|$)))")
_NUMBER = re.compile(r"(?<=\d)\\(?=[.)](?![^\W\d_]{2}))")
_LIST = re.compile(r"(?:\s|[-*+>]\s)*\d+\\[.)]")
"""Where Markdown would read the number as that of a list, were it not for the backslash."""


def plain_markdown(text: str) -> str:
    """Write a text so that Markdown, and the notes apps that build on it, show it as it is."""
    marked = _MARKS.sub(r"\\\1", _ENTITY.sub("&amp;", clean(text)))
    # "<" as an entity, not with a backslash: safe with renderers that know no escapes too.
    marked = marked.replace("<", "&lt;").replace("::", "\\:\\:").replace("==", "\\=\\=")
    marked = _TAG.sub(r"\\#", marked).replace("%%", "\\%\\%")
    marked = _LINKED.sub(r"\\", marked)
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
    """Write a text as one quoted YAML value."""
    return json.dumps(clean(text), ensure_ascii=False)
