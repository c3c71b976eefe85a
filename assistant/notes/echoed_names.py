"""A name that the user says back: "sheila mowbray, okay".

Reads the lines of an engine that writes words alone. Such an engine often mishears the name of
somebody when they are told, and hears it rightly when the user repeats it. Law: only what opens a
short line of the user's, right after the other side spoke of somebody, is a name said back; the
words around it decide nothing else.
"""

from collections.abc import Sequence

import msgspec

from assistant.events import Channel
from assistant.minds.spoken import words_of
from assistant.notes.names import KNOWN_RANK, Named
from assistant.notes.talk import Line, plain
from assistant.notes.words import Words
from assistant.understanding.commonness import ODD, rank

WITHIN_S = 8.0
"""A name is said back so soon."""
LONGEST_LINE = 10
"""In words: who goes on for longer says more than a name."""
_SHORTEST = 3


class Echo(msgspec.Struct, frozen=True):
    """A name that was said back."""

    named: Named
    """As the user said it, in their line."""
    line: Line
    """The line of the other side's that it repeats."""


def echoes(said: Sequence[Line], words: Words) -> tuple[Echo, ...]:
    """Return the names that the user said back, in their order."""
    somebody = {word for text in words.names.somebody for word in words_of(text)}
    found: list[Echo] = []
    theirs: Line | None = None
    for line in said:
        if line.channel is Channel.THEM and not line.is_filler:
            theirs = line
        is_short = line.channel is Channel.ME and line.is_bare and len(line.words) <= LONGEST_LINE
        if theirs is None or not is_short or line.start_s - theirs.end_s > WITHIN_S:
            continue
        if {*words_of(theirs.text)}.isdisjoint(somebody):
            continue
        if (named := _opening(line, words)) is not None:
            found.append(Echo(named, theirs))
    return tuple(found)


def _opening(line: Line, words: Words) -> Named | None:
    """Return the name that opens a line, with "okay" or nothing much behind it."""
    names = words.names
    spelled = [plain(word.text) for word in line.words]
    first = next((n for n, word in enumerate(spelled) if word not in names.echo_before), None)
    if first is None:
        return None
    title = spelled[first] if spelled[first] in names.titles else ""
    first += bool(title)
    last = first
    while last < min(len(spelled), first + 2) and _may_be(spelled[last], words, last - first):
        last += 1
    is_whole = last == len(spelled) or spelled[last] in names.echo_behind
    # A word alone may be one that was misheard: "that's so kite".
    is_sure = last > first + 1 or title or spelled[first] in names.first
    if last == first or not (is_whole and is_sure):
        return None
    name = " ".join(word[:1].upper() + word[1:] for word in spelled[first:last])
    return Named(name, title, "", line, first, last - 1, is_person=True)


def _may_be(word: str, words: Words, number: int) -> bool:
    """Tell whether a word may be part of a name; those behind the first may be less odd."""
    names = words.names
    is_other = word in names.no_name or word in words.light or word in words.spelling.capital
    if is_other or len(word) < _SHORTEST or not word.isalpha():
        return False
    return word in names.first or rank(word) >= (KNOWN_RANK if number else ODD)
