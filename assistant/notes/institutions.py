"""The places and bodies that came up: schools, museums, chambers, departments; and when.

Reads the lines. Law: only what is called by what it is ("the institute", "county college") is
found, in the words it was heard in; what could be any of its kind ("a big hospital", "our school")
is none, and what is named by its kind alone must come up more than once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from assistant.notes.names import stem
from assistant.notes.people import CameUp, Mention
from assistant.notes.talk import Line, Spoken, joined, plain, plain_words
from assistant.notes.words import Words
from assistant.plan import Plan

LONGEST_BEFORE = 3
"""So many words may stand before what it is: "the national portrait gallery" ..."""
LONGEST_BEHIND = 4
"""... and so many behind: "the department for patient safety"."""
_MARKS = ".,;:?!"


class _Named(msgspec.Struct, frozen=True):
    """Once that one came up."""

    line: Line
    noun: str
    """What it is: "college"."""
    run: tuple[Spoken, ...]
    """Its words, an article apart."""
    has_article: bool

    @property
    def parts(self) -> frozenset[str]:
        """Its words, without regard to how they are written."""
        return frozenset(stem(plain(word.text)) for word in self.run)

    @property
    def text(self) -> str:
        """It, as it is read."""
        text = joined(self.run).rstrip(_MARKS)
        # What has a name of its own needs no article in a list.
        return f"the {text}" if self.has_article and text[:1].islower() else text


@dataclass(frozen=True, slots=True)
class Institutions:
    """The words of a language, made ready to look for institutions."""

    plan: Plan
    words: Words

    def of(self, said: Sequence[Line]) -> tuple[CameUp, ...]:
        """Return what came up and is not on the sheet, in the order it did."""
        groups: list[list[_Named]] = []
        prepared = (*self.plan.terms, self.plan.person, self.plan.about)
        known = [set(plain_words(text)) for text in prepared]
        for one in (found for line in said for found in self._in(line)):
            if any(one.parts <= words for words in known):
                continue
            same = [g for g in groups if any(_is_same(one, other) for other in g)]
            # "The institute" alone is the one that was named last.
            (same[-1] if same else _new(groups)).append(one)
        return tuple(_came_up(group) for group in groups if self._counts(group))

    def _counts(self, group: Sequence[_Named]) -> bool:
        return len(group) > 1 or len(group[0].run) > 1

    def _in(self, line: Line) -> list[_Named]:
        """Return what is named in a line."""
        found: list[_Named] = []
        end = 0
        for at, word in enumerate(line.words):
            noun = stem(plain(word.text))
            if at >= end and noun in self.words.institutions.nouns:
                first, last = self._first(line, at, end), self._last(line, at)
                if self._is_one(line, first, at, last):
                    run = line.words[first : last + 1]
                    has_article = self._before(line, first) in self.words.institutions.articles
                    found.append(_Named(line, noun, run, has_article))
                    end = last + 1
        return found

    def _first(self, line: Line, at: int, least: int) -> int:
        """Return where the words begin that tell which one it is."""
        first = at
        while first > max(least, at - LONGEST_BEFORE):
            before = line.words[first - 1]
            if before.text[-1:] in _MARKS or not self._tells(before):
                break
            first -= 1
        if any(word.text[:1].isupper() for word in line.words[first:at]):
            # Of its own name all words have capitals: "started Lambda School".
            while first < at and not line.words[first].text[:1].isupper():
                first += 1
        return first

    def _last(self, line: Line, at: int) -> int:
        """Return where it ends: behind "for patient safety", if that tells which one it is."""
        words, last = line.words, at
        if words[at].text[-1:] in _MARKS:
            return at
        has_capital = words[at].text[:1].isupper()
        for n in range(at + 1, min(at + 1 + LONGEST_BEHIND, len(words))):
            spelled = plain(words[n].text)
            if n == at + 1 and spelled not in self.words.institutions.joins:
                break
            is_small = has_capital and not words[n].text[:1].isupper()
            if self._tells(words[n]) and not is_small:
                last = n
            elif spelled not in (*self.words.institutions.joins, *self.words.institutions.articles):
                break
            if words[n].text[-1:] in _MARKS:
                break
        return last

    def _is_one(self, line: Line, first: int, at: int, last: int) -> bool:
        """Tell whether these words mean one of its kind that both know, or could look up."""
        words = self.words.institutions
        if first < at and line.words[at].text[:1].isupper():
            return True
        before = self._before(line, first)
        opens = first == 0 or line.words[first - 1].text[-1:] in _MARKS
        if first < at or last > at:
            return before in words.articles or (opens and first < at)
        return plain(line.words[at].text) in words.alone and before in words.articles

    def _before(self, line: Line, first: int) -> str:
        """Return the word right before, in the same clause."""
        if first == 0 or line.words[first - 1].text[-1:] in _MARKS:
            return ""
        return plain(line.words[first - 1].text)

    def _tells(self, word: Spoken) -> bool:
        """Tell whether a word says which one it is: "maritime", but not "big"."""
        spelled = plain(word.text)
        words = self.words.institutions
        is_light = spelled in self.words.light or spelled in self.words.promises.subjects
        is_joint = spelled in (*words.articles, *words.joins, *words.any_of)
        return spelled.replace("-", "").isalpha() and not (is_light or is_joint)


def _new(groups: list[list[_Named]]) -> list[_Named]:
    groups.append([])
    return groups[-1]


def _is_same(one: _Named, other: _Named) -> bool:
    return one.noun == other.noun and (one.parts <= other.parts or other.parts <= one.parts)


def _came_up(group: Sequence[_Named]) -> CameUp:
    longest = max(group, key=lambda one: len(one.run))
    mentions = tuple(
        Mention(
            one.line.channel, one.run[0].start_s, joined(one.run), one.line.seq, one.line.as_heard
        )
        for one in group
    )
    seqs = tuple(dict.fromkeys(mention.seq for mention in mentions))
    return CameUp(longest.text, "", mentions, seqs, is_prepared=False)
