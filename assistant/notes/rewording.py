"""A line said otherwise: words exchanged, and each with its time.

Reads a text and the times of its words. Law: what is not exchanged keeps its words, its marks and
its times; every new word lies within the time of what it stands for.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

from assistant.events import Heard, Word
from assistant.notes.talk import Line, joined, plain, plain_words, sentences

_MARKED = re.compile(r"^(?P<before>\W*)(?P<word>.*?)(?P<after>\W*)$", re.DOTALL)
_POSSESSIVE = re.compile(r"['\u2019]s$", re.IGNORECASE)
MEANT = 0.5
"""Likeness of the words, 0 to 1, from which a sentence is the one that was said otherwise."""


def in_line(line: Line, at_s: float, text: str) -> str:
    """Return the text of a line of which one or more sentences were really `text`.

    Those are meant that are most like it: pages show a sentence of a line by itself, with its own
    time. Where none is like it, the one that begins at `at_s` or goes on then, or else all.
    """
    told = sentences(line.words, float("inf"))
    runs = [(a, b) for a in range(len(told)) for b in range(a + 1, len(told) + 1)]
    wanted = plain_words(text)

    def likeness(run: tuple[int, int]) -> tuple[float, int]:
        words = [word for sentence in told[run[0] : run[1]] for word in sentence]
        # Of runs that are alike the shortest: a mere mark is no sentence to be lost.
        return _alike(plain_words(joined(words)), wanted), run[0] - run[1]

    first, last = max(runs, key=likeness, default=(0, len(told)))
    if not runs or likeness((first, last))[0] < MEANT:
        there = next((n for n, s in enumerate(told) if int(s[0].start_s) == int(at_s)), 0)
        first, last = (there, there + 1) if there else (0, len(told))
    before = [joined(sentence) for sentence in told[:first]]
    after = [joined(sentence) for sentence in told[last:]]
    return " ".join(filter(None, (*before, text, *after)))


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def retold(heard: Heard, text: str) -> Heard:
    """Return the line with another text; its words lie over the same time."""
    written = text.split()
    if len(written) == len(heard.words):
        words = tuple(
            Word(word, before.start_s, before.end_s, 1.0)
            for word, before in zip(written, heard.words, strict=True)
        )
    else:
        words = spread(written, heard.start_s, heard.end_s)
    return msgspec.structs.replace(heard, text=" ".join(written), words=words, as_heard="")


def respelled(heard: Heard, was: str, text: str) -> Heard:
    """Return the line with a name spelled otherwise wherever it stands in it, as a whole word."""
    written = heard.text.split()
    if not (places := _places(written, was)):
        return heard
    timed = heard.words
    if len(timed) != len(written):
        timed = spread(written, heard.start_s, heard.end_s)
    words: list[Word] = []
    done = 0
    for first, last in places:
        name = _in_its_place(text, written[first : last + 1], was)
        words += timed[done:first]
        words += spread(name, timed[first].start_s, timed[last].end_s)
        done = last + 1
    words += timed[done:]
    return msgspec.structs.replace(
        heard, text=respelled_text(heard.text, was, text), words=tuple(words)
    )


def respelled_text(heard: str, was: str, text: str) -> str:
    """Return a text with a name spelled otherwise wherever it stands in it, as a whole word."""
    written = heard.split()
    places = _places(written, was)
    for first, last in reversed(places):
        written[first : last + 1] = _in_its_place(text, written[first : last + 1], was)
    return " ".join(written) if places else heard


def spread(written: Sequence[str], start_s: float, end_s: float) -> tuple[Word, ...]:
    """Give each word the share of the time that its letters have of all letters."""
    letters = sum(len(word) + 1 for word in written) or 1
    words: list[Word] = []
    done = 0
    for word in written:
        begin_s = start_s + (end_s - start_s) * done / letters
        done += len(word) + 1
        stop_s = start_s + (end_s - start_s) * done / letters
        words.append(Word(word, round(begin_s, 3), round(stop_s, 3), 1.0))
    return tuple(words)


def _places(written: Sequence[str], was: str) -> list[tuple[int, int]]:
    """Return where a name stands: its first and its last word, each place once."""
    wanted = [plain(word) for word in was.split()]
    spelled = [plain(word) for word in written]
    places: list[tuple[int, int]] = []
    at = 0
    while wanted and all(wanted) and at + len(wanted) <= len(spelled):
        *inside, last = spelled[at : at + len(wanted)]
        is_here = inside == wanted[:-1] and wanted[-1] in (last, _POSSESSIVE.sub("", last))
        if is_here:
            places.append((at, at + len(wanted) - 1))
        at += len(wanted) if is_here else 1
    return places


def _in_its_place(text: str, run: Sequence[str], was: str) -> list[str]:
    """Write the name with the marks of what it stands for, and with its capital."""
    first, last = _MARKED.match(run[0]), _MARKED.match(run[-1])
    before = first["before"] if first else ""
    word, after = (last["word"], last["after"]) if last else (run[-1], "")
    possessive = _POSSESSIVE.search(word)
    if possessive and not _POSSESSIVE.search(was):
        after = possessive[0] + after
    name = clean_name(text)
    begins_large = run[0][len(before) : len(before) + 1].isupper()
    if begins_large and name == name.lower() and name != was.lower():
        # Typed in haste; who only wants "DBT" small has said so.
        name = name[:1].upper() + name[1:]
    return (before + name + after).split()


def clean_name(text: str) -> str:
    """Return a name as it is written, without spaces around or doubled."""
    return " ".join(text.split())
