"""How words sound, roughly: what a recogniser may write for what was said.

"Let me right that town" is "let me write that down" to the ear. Here a word
becomes a few signs, one for each sound that matters; signs that are easily
taken for one another are a small way apart. Law: words only, no dictionary, no
memory; the same words always sound the same. English spelling; for another
language it is a rougher measure, but still one.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_SPELT = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        ("^(?:kn|gn|pn)", "n"), ("^wr", "r"), ("^wh", "w"), ("^ps", "s"), ("mb$", "m"),
        ("^two$", "to"), ("augh|ough", "o"), ("igh", "i"), ("gh", ""), ("d?ge$", "J"),
        ("tch|ch", "C"), ("sh|[st]ion", "S"), ("th", "D"), ("ph", "f"), ("ck", "k"), ("qu", "kw"),
        ("x", "ks"), ("s?c(?=[eiy])", "s"), ("c", "k"), ("j", "J"), ("z", "s"),
        ("(?<=[a-zA-Z]{2})(?<![aeiouy])e$", ""),
        ("^y(?=[aeiou])", "Y"), ("(?<=[aeiou])[wh]", ""), ("h", ""), ("lk$", "k"),
    )
)  # fmt: skip
_VOWEL_LETTERS = re.compile("[aeiouy]+")
_VOWEL = {"a": "A", "e": "E", "i": "I", "y": "I", "o": "O", "u": "O"}
"""The first letter of a group says which it is, roughly."""
_DIGITS = {"1": "wOn", "2": "tO", "4": "fOr", "8": "At"}
_TWICE = re.compile(r"(.)\1+")
_VOWELS = frozenset("AEIO")
_SOFT = frozenset("rwYl")
"""Sounds that are easily lost or made up beside a vowel."""
_ALIKE = tuple(map(frozenset, ("tdD", "pb", "kg", "fv", "vb", "fD", "sSCJ", "nm", "rlw", "JD")))

VOWEL_OFF = 0.3
"""One vowel for another, in parts of a sound that is wholly other."""
VOWEL_LOST = 0.4
SOFT_LOST = 0.5
ALIKE_OFF = 0.4


@lru_cache(maxsize=4096)
def sound_of(word: str) -> str:
    """Return the sounds of one word of `spoken.words_of`."""
    if word in _DIGITS:
        return _DIGITS[word]
    for spelling, sound in _SPELT:
        word = spelling.sub(sound, word)
    word = _VOWEL_LETTERS.sub(lambda group: _VOWEL[group.group()[0]], word)
    return _TWICE.sub(r"\1", word)


def sounds_of(words: Iterable[str]) -> str:
    """Return the sounds of words in a row; where one ends is not to be heard."""
    return _TWICE.sub(r"\1", "".join(map(sound_of, words)))


@lru_cache(maxsize=4096)
def sounds_apart(said: str, meant: str, most: float) -> float:
    """Return how many sounds lie between the two; more than `most` is only said to be more."""
    meant_lost = [_lost(sound, meant[at - 1 : at] if at else "") for at, sound in enumerate(meant)]
    before = [0.0]
    for lost in meant_lost:
        before.append(before[-1] + lost)
    for at, heard in enumerate(said):
        heard_lost = _lost(heard, said[at - 1 : at] if at else "")
        row = [before[0] + heard_lost]
        for place, sound in enumerate(meant):
            row.append(
                min(
                    before[place] + _off(heard, sound),
                    before[place + 1] + heard_lost,
                    row[-1] + meant_lost[place],
                )
            )
        if min(row) > most:
            return min(row)
        before = row
    return before[-1]


def _lost(sound: str, after: str) -> float:
    if sound in _VOWELS:
        return VOWEL_LOST
    # Of "that town" but one t is to be heard.
    is_double = bool(after) and _off(after, sound) < 1.0
    return ALIKE_OFF if is_double else SOFT_LOST if sound in _SOFT else 1.0


@lru_cache(maxsize=1024)
def _off(heard: str, meant: str) -> float:
    if heard == meant:
        return 0.0
    pair = {heard, meant}
    if pair <= _VOWELS:
        return VOWEL_OFF
    return ALIKE_OFF if any(pair <= alike for alike in _ALIKE) else 1.0
