"""A text as its words, each with what it may be compared by.

Reads a text and a lexicon. Law: pure; two words are the same word where they differ in number or
person alone, never where one is past and the other is not; numbers are equal by their value,
however they are written.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence, Set
from functools import cached_property

import msgspec

from assistant.polishing.lexicon import Lexicon

SHORTEST_STEM = 3
"""Letters that must be left when an ending is cut off."""

_PIECE = re.compile(
    r"\d+(?:[.,]\d+)*(?:st|nd|rd|th|k|m)?(?![^\W\d_])|[^\W_]+(?:['.&][^\W_]+)*|[%$€£]|[.,;:!?…]+"
)
_MARK = re.compile(r"[.,;:!?…]+")
_NUMBERS = r"#?\d+(?:\s*(?:,|;|and|-)\s*#?\d+)*"
_CITED = re.compile(
    rf"\s*(?:\[(?:entry|entries|lines?)?\s*{_NUMBERS}\s*\]|\((?:entry|entries|lines?)\s*{_NUMBERS}\))",
    re.IGNORECASE,
)
"""How models write the numbers of entries; a bare number in round brackets is none."""
_NUMBER_IN = re.compile(r"\d+")
_QUOTED = re.compile(r'"([^"]*)"')
_ALIKE = str.maketrans({
    "\u2019": "'", "\u2018": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": " ", "\u2011": " ", "\u2012": " ", "-": " ", "/": " ",
    "\u2013": " ; ", "\u2014": " ; ",
})  # fmt: skip
_THOUSANDS = {"k": 1000, "m": 1_000_000}
_CENTURIES = {19.0, 20.0}
_CENTURIES_FROM = 10
"""Nineteen ten is a year; "nineteen five" is two numbers."""


class Token(msgspec.Struct, frozen=True):
    """One word."""

    text: str
    """In lower case, contractions written out."""
    forms: frozenset[str]
    """What it may be the same as."""
    is_past: bool = False
    is_ing: bool = False
    number: float | None = None
    has_capital: bool = False
    clause: int = 0
    """Counts up where a mark or a word such as "but" begins a new one."""
    sentence: int = 0
    """Counts up at full stops."""
    is_asked: bool = False
    """Stands in a sentence that ends with a question mark."""

    def tells(self, heard: "Token") -> bool:
        """Tell whether it is the word that was heard, told again.

        "Works" may tell "work", and "talking" after a verb of telling may; but who "stopped
        working" does not work.
        """
        if self.number is not None or heard.number is not None:
            return self.number == heard.number
        if self.text == heard.text:
            return True
        if heard.is_ing or self.is_past != heard.is_past:
            return False
        return bool(self.forms & heard.forms)


class Reader:
    """Reads texts of one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Return the words of a text."""
        words = list(self._words(text.translate(_ALIKE)))
        found: list[Token] = []
        clause = sentence = at = 0
        while at < len(words):
            word, has_capital = words[at]
            if _MARK.fullmatch(word):
                clause += 1
                sentence += word.strip(",;:") != ""
                if "?" in word:
                    found = [_asked(token, sentence - 1) for token in found]
                at += 1
                continue
            if word in self._clause_ends:
                clause += 1
            number, length = self._number([w for w, _ in words], at)
            token = self._token(word, number, has_capital=has_capital)
            found.append(msgspec.structs.replace(token, clause=clause, sentence=sentence))
            at += length
        return tuple(found)

    @cached_property
    def _clause_ends(self) -> Set[str]:
        return frozenset(self.lexicon.clause_ends)

    def _words(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield words in lower case, contractions written out, and marks."""
        for found in _PIECE.finditer(text):
            raw = found[0]
            word = raw.lower()
            has_capital = raw[:1].isupper()
            if word in self.lexicon.contractions:
                parts = self.lexicon.contractions[word].split()
            else:
                parts = self._uncontracted(word)
            for n, part in enumerate(parts):
                yield part, has_capital and n == 0

    def _uncontracted(self, word: str) -> list[str]:
        ending = next((end for end in self.lexicon.contracted if word.endswith(end)), None)
        if ending and len(word) > len(ending):
            return [word[: -len(ending)], self.lexicon.contracted[ending]]
        if word.endswith("'s"):
            return [word[:-2], "'s"]
        return [word]

    def _number(self, words: Sequence[str], at: int) -> tuple[float | None, int]:
        """Return the number that begins at a word, None for none, and its length in words."""
        value, end = self._small(words, at)
        if value is None:
            return None, 1
        if value in _CENTURIES and not words[at][0].isdigit():
            # A year: nineteen ninety eight.
            rest, rest_end = self._small(words, end)
            if rest is not None and _CENTURIES_FROM <= rest < 100:
                return value * 100 + rest, rest_end - at
        while end < len(words) and words[end] in self.lexicon.scales:
            value, end = value * self.lexicon.scales[words[end]], end + 1
        return value, end - at

    def _small(self, words: Sequence[str], at: int) -> tuple[float | None, int]:
        """Return a number in digits, or one below a hundred in words, and where it ends."""
        word = words[at] if at < len(words) else "-"
        numbers = self.lexicon.numbers
        if word[0].isdigit():
            bare = word.rstrip("km").replace(",", "")
            with contextlib.suppress(ValueError):
                return float(bare) * _THOUSANDS.get(word[-1], 1), at + 1
            return None, at + 1
        if word not in numbers:
            return None, at + 1
        value = numbers[word]
        unit = numbers.get(words[at + 1], 0) if at + 1 < len(words) else 0
        if value >= 20 and 0 < unit < 10:
            return float(value + unit), at + 2
        return float(value), at + 1

    def _token(self, word: str, number: float | None, *, has_capital: bool) -> Token:
        lexicon = self.lexicon
        ordinal = lexicon.ordinals.get(word, word)
        plural = lexicon.irregular_plurals.get(ordinal)
        if word in lexicon.irregular:
            forms = frozenset((lexicon.irregular[word], word))
            return Token(word, forms, is_past=True, number=number, has_capital=has_capital)
        forms = frozenset((*self._stems(ordinal), *filter(None, (plural,))))
        past = lexicon.past_forms
        return Token(
            word,
            forms,
            is_past=word.endswith(past.endings) and word not in past.words,
            is_ing=bool(lexicon.running_ending) and word.endswith(lexicon.running_ending),
            number=number,
            has_capital=has_capital,
        )

    def _stems(self, word: str) -> set[str]:
        stems = {word}
        for ending, instead in self.lexicon.endings.items():
            stem = word.removesuffix(ending) + instead
            if not word.endswith(ending) or len(stem) < SHORTEST_STEM:
                continue
            stems.add(stem)
            if ending in self.lexicon.changing_endings:
                stems.add(stem + "e")
                if stem[-1] == stem[-2]:
                    stems.add(stem[:-1])
        return stems


def _asked(token: Token, sentence: int) -> Token:
    is_here = token.sentence == sentence
    return msgspec.structs.replace(token, is_asked=True) if is_here else token


def without_citations(text: str) -> tuple[str, tuple[int, ...]]:
    """Take "[41]" and "(lines 41, 43)" out of a text; return it, and the numbers."""
    numbers = [int(n) for found in _CITED.finditer(text) for n in _NUMBER_IN.findall(found[0])]
    return _CITED.sub("", text), tuple(dict.fromkeys(numbers))


def quotations(text: str) -> tuple[str, tuple[str, ...]]:
    """Take what stands in quotation marks out of a text; return it, and the quotations."""
    alike = text.translate({key: value for key, value in _ALIKE.items() if value == '"'})
    return _QUOTED.sub(" ; ", alike), tuple(_QUOTED.findall(alike))
