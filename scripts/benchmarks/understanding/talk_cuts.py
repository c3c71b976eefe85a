"""Turns of a written talk as the ear would give them: in lines of a few sentences.

Law: a line ends with a sentence, and is as long as the ear lets it get or as one sentence is.
"""

import re

from understanding.word_errors import as_recognised

LINE_WORDS = 30
"""The ear cuts a long turn at a pause once it is this long, about 12 s."""
_END = re.compile(r"(?<=[.?!])\s+")
_REMARKS = re.compile(r"\{[^}]*\}|\\?\[[^\]]*\]|<[^>]*>")


def cut(text: str) -> list[str]:
    """Return the lines of a turn, as a recogniser writes them."""
    lines: list[str] = []
    now: list[str] = []
    for sentence in _END.split(_REMARKS.sub(" ", text)):
        now += as_recognised(sentence).split()
        if len(now) >= LINE_WORDS:
            lines.append(" ".join(now))
            now = []
    if now:
        lines.append(" ".join(now))
    return lines
