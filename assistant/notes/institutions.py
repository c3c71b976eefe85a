"""The places and bodies that came up: schools, museums, chambers, departments; and when.

Reads the lines. Law: only what is called by what it is ("the institute", "county college") is
found, in the words it was heard in; what could be any of its kind ("a big hospital", "our school")
is none, and what is named by its kind alone must come up more than once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import msgspec

from assistant.notes.names import stem
from assistant.notes.people import CameUp, Mention
from assistant.notes.talk import MARKS, Line, Spoken, joined, plain, plain_words
from assistant.notes.words import InstitutionWords, Words
from assistant.plan import Plan
from assistant.understanding.commonness import RARE, rank

LONGEST_BEFORE = 3
"""So many words may stand before what it is: "the national portrait gallery" ..."""
LONGEST_BEHIND = 4
"""... and so many behind: "the department for patient safety"."""


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
        text = joined(self.run).rstrip(MARKS)
        # What has a name of its own needs no article in a list.
        return f"the {text}" if self.has_article and text[:1].islower() else text


@dataclass(frozen=True, slots=True)
class Institutions:
    """The words of a language, made ready to look for institutions."""

    plan: Plan
    words: Words

    @property
    def _heads(self) -> frozenset[str]:
        return _heads_of(self.words.institutions)

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
        is_placed = any(one.noun not in self._heads for one in group)
        return is_placed or len(group) > 1 or len(group[0].run) > 1

    def _in(self, line: Line) -> list[_Named]:
        """Return what is named in a line."""
        found: list[_Named] = []
        end, heads = 0, self._heads
        for at, word in enumerate(line.words):
            if at < end:
                continue
            noun = stem(plain(word.text))
            is_head = noun in heads
            first = self._first(line, at, end) if is_head else at
            last = self._last(line, at) if is_head else self._placed(line, at)
            if last < at or (is_head and not self._is_one(line, first, at, last)):
                continue
            has_article = self._before(line, first) in self.words.institutions.articles
            found.append(_Named(line, noun, line.words[first : last + 1], has_article))
            end = last + 1
        return found

    def _placed(self, line: Line, at: int) -> int:
        """Return the last word of a name with capitals behind "at"; `at` - 1 where there is none.

        What is behind that is a place to work or to learn; towns are "in" somewhere.
        """
        if line.is_bare or self._before(line, at) not in self.words.institutions.placed:
            return at - 1
        last = at - 1
        for n in range(at, min(at + LONGEST_BEFORE, len(line.words))):
            text = line.words[n].text
            if not (text[:1].isupper() and self._may_be(text)):
                break
            last = n
            if line.words[n].mark:
                break
        # A single word that is met elsewhere is a town, or a slip of the ear.
        is_alone = last == at and rank(plain(line.words[at].text)) < RARE
        return at - 1 if is_alone else last

    def _may_be(self, text: str) -> bool:
        """Tell whether a word with a capital may be a firm's name, and not somebody's or a day."""
        spelled = plain(text)
        names = self.words.names
        is_known = spelled in (*names.first, *names.no_name, *names.titles, *names.relations)
        is_own = stem(spelled) != spelled or spelled in self.words.spelling.capital
        return not is_known and not is_own and spelled.isalpha() and len(spelled) > 1

    def _first(self, line: Line, at: int, least: int) -> int:
        """Return where the words begin that tell which one it is."""
        first = at
        while first > max(least, at - LONGEST_BEFORE):
            before = line.words[first - 1]
            if before.mark or not self._tells(before):
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
        if words[at].mark:
            return at
        has_capital = words[at].text[:1].isupper()
        behind = words[at + 1 : at + 3]
        if len(behind) > 1 and plain(behind[0].text) in self.words.institutions.towns:
            # "The laboratory in Bologna"; "the agency in march" is a day.
            town = behind[1].text
            is_town = not line.is_bare and town[:1].isupper() and self._may_be(town)
            return at + 2 if is_town else at
        for n in range(at + 1, min(at + 1 + LONGEST_BEHIND, len(words))):
            spelled = plain(words[n].text)
            if n == at + 1 and spelled not in self.words.institutions.joins:
                break
            is_small = has_capital and not words[n].text[:1].isupper()
            if self._tells(words[n]) and not is_small:
                last = n
            elif spelled not in (*self.words.institutions.joins, *self.words.institutions.articles):
                break
            if words[n].mark:
                break
        return last

    def _is_one(self, line: Line, first: int, at: int, last: int) -> bool:
        """Tell whether these words mean one of its kind that both know, or could look up."""
        words = self.words.institutions
        if first < at and line.words[at].text[:1].isupper():
            return True
        before = self._before(line, first)
        if plain(line.words[at].text) not in words.nouns:
            # A firm is named in a line without capitals only where somebody is "at" it.
            return first < at and before in words.placed
        opens = first == 0 or line.words[first - 1].mark != ""
        if first < at or last > at:
            is_known = before in words.articles or (first < at and before in words.placed)
            return is_known or (opens and first < at)
        return plain(line.words[at].text) in words.alone and before in words.articles

    def _before(self, line: Line, first: int) -> str:
        """Return the word right before, in the same clause."""
        if first == 0 or line.words[first - 1].mark:
            return ""
        return plain(line.words[first - 1].text)

    def _tells(self, word: Spoken) -> bool:
        """Tell whether a word says which one it is: "maritime", but not "big"."""
        spelled = plain(word.text)
        words = self.words.institutions
        is_light = spelled in self.words.light or spelled in self.words.promises.subjects
        is_joint = spelled in (*words.articles, *words.joins, *words.any_of)
        return spelled.replace("-", "").isalpha() and not (is_light or is_joint)


@cache
def _heads_of(words: InstitutionWords) -> frozenset[str]:
    return frozenset((*words.nouns, *words.firms))


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
