"""What somebody looks for, in words: single words, "phrases in quotes" and beginnings (merg*).

Pure. Law: whatever was typed becomes words to look for or one sentence that says what is wrong;
nothing of it is ever taken for a command of the archive's.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from assistant.errors import InputError
from assistant.textfile import quoted

MOST_WORDS = 16
LONGEST_LETTERS = 400
_QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033"), '"')
_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r'"([^"]*)"|([^\s"]+)')
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_OPERATORS = {"OR", "NOT", "NEAR"}


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: words that stand in a row, mostly a single one."""

    words: tuple[str, ...]
    is_beginning: bool = False
    """The last word may go on: `merg*`."""


@dataclass(frozen=True, slots=True)
class Query:
    """All of these are looked for."""

    terms: tuple[Term, ...]

    @property
    def has_beginning(self) -> bool:
        """Tell whether any word may go on."""
        return any(term.is_beginning for term in self.terms)


def read_query(typed: str) -> Query:
    """Read what was typed. Raises InputError."""
    text = unicodedata.normalize("NFC", typed).translate(_QUOTES)
    if len(text) > LONGEST_LETTERS:
        raise InputError(
            f"That is too long to look for: {len(text)} letters.", "Give a few words of it."
        )
    if text.count('"') % 2:
        raise InputError(
            f"The quotes in {quoted(typed)} are not closed.", 'A phrase stands in two: "first job".'
        )
    terms: list[Term] = []
    for found in _PIECE.finditer(text):
        phrase, word = found[1], found[2]
        if word == "AND":
            # All words are looked for anyway.
            continue
        if word in _OPERATORS:
            raise InputError(
                f"{word} can not be used: calls that have all the words are found.",
                "Write it in small letters to look for the word itself.",
            )
        term = _term(phrase if word is None else word, typed)
        if term is not None and term not in terms:
            terms.append(term)
    if not terms:
        raise InputError(f"There is no word to look for in {quoted(typed)}.")
    if sum(len(term.words) for term in terms) > MOST_WORDS:
        raise InputError(f"At most {MOST_WORDS} words are looked for at once.", "Leave some out.")
    return Query(tuple(terms))


def _term(piece: str, typed: str) -> Term | None:
    is_beginning = piece.endswith("*")
    bare = piece.rstrip("*")
    words = tuple(_WORD.findall(bare))
    if "*" in bare or (is_beginning and (not words or not bare[-1:].isalnum())):
        raise InputError(
            f"The * in {quoted(typed)} can only end a word.", "merg* finds merge, merger, merging."
        )
    # A piece of nothing but marks, such as a dash, looks for nothing.
    return Term(words, is_beginning) if words else None


def fold(text: str) -> str:
    """Return a text as it is compared: small letters without accents, one for each of its own."""
    folded = text.lower()
    if len(folded) != len(text):
        # A capital of Turkish becomes two letters.
        return "".join(map(_folded, text))
    if not folded.isascii():
        # By whole texts, and only what is to be changed: a call has some 25,000 letters.
        for letter in set(_FOREIGN.findall(folded)):
            plain = _folded(letter)
            folded = folded if plain == letter else folded.replace(letter, plain)
    return folded


@lru_cache(4096)
def _folded(letter: str) -> str:
    base, *marks = unicodedata.normalize("NFD", letter)
    plain = base if all(unicodedata.combining(mark) for mark in marks) else letter
    lower = plain.lower()
    return lower if len(lower) == 1 else plain


def pattern_of(term: Term) -> re.Pattern[str]:
    """Return what finds a term in a folded text; a phrase within one line of it."""
    first, *rest = (re.escape(fold(word)) for word in term.words)
    # What stands before is looked at last: a pattern that begins with letters is found faster.
    row = rf"{first}(?<![^\W_]{first})" + "".join(rf"(?:(?!\n)[\W_])+{word}" for word in rest)
    return re.compile(row if term.is_beginning else rf"{row}(?![^\W_])")
