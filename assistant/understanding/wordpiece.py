"""Text to the token numbers of BERT's uncased vocabulary, as MiniLM was trained on it.

Knows the vocabulary and the rules of BERT's own tokeniser: no accents, no capitals,
punctuation and Chinese characters stand alone, the longest known piece first. Law: the
same numbers as the reference tokeniser (tested beside it), where `[CLS]` and its like in a
text are text. Python may know a sign of a rare script that the reference's older Unicode
does not; one of the two has no piece for it then.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"
LONGEST_WORD_LETTERS = 100
"""A longer word is unknown, as in the reference."""
LATEST = 16
"""So many texts keep their numbers: those of one line."""
MOST_TOKENS = 128
"""A turn of about ninety words; of a longer text only the beginning is read."""

_CHINESE = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip


@lru_cache(maxsize=LATEST)
def token_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of a text's tokens, between those of its beginning and its end.

    Of the last few texts they are remembered: more than one asks for them.
    """
    known = _vocabulary()
    numbers = [known[BEGIN]]
    for word in _words(text):
        numbers += _pieces(word)
        if len(numbers) >= MOST_TOKENS - 1:
            break
    return (*numbers[: MOST_TOKENS - 1], known[END])


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, int]:
    lines = (files("assistant.understanding") / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return {token: number for number, token in enumerate(lines) if token}


def _words(text: str) -> Iterator[str]:
    """Yield words in small letters without accents, and each sign of punctuation alone."""
    word = ""
    for letter in unicodedata.normalize("NFD", "".join(map(_cleaned, text))):
        if unicodedata.category(letter) == "Mn":
            continue
        if letter.isspace() or _stands_alone(letter):
            if word:
                yield word
            word = ""
            if not letter.isspace():
                yield letter.lower()
        else:
            word += letter.lower()
    if word:
        yield word


def _cleaned(letter: str) -> str:
    """Return a space for any white space, nothing for what can not be seen."""
    if letter in "\t\n\r":
        return " "
    if letter in "\0\ufffd" or unicodedata.category(letter) in ("Cc", "Cf", "Co"):
        return ""
    if any(first <= ord(letter) <= last for first, last in _CHINESE):
        return f" {letter} "
    return letter


def _stands_alone(letter: str) -> bool:
    """Tell whether it is punctuation; like BERT, take every ASCII sign for such."""
    return (letter.isascii() and not letter.isalnum()) or unicodedata.category(letter)[0] == "P"


@lru_cache(maxsize=4096)
def _pieces(word: str) -> tuple[int, ...]:
    """Split a word into the longest pieces that are known; one unknown part spoils it all."""
    known = _vocabulary()
    if len(word) > LONGEST_WORD_LETTERS:
        return (known[UNKNOWN],)
    pieces: list[int] = []
    begin = 0
    while begin < len(word):
        mark = "##" if begin else ""
        ends = range(len(word), begin, -1)
        end = next((end for end in ends if mark + word[begin:end] in known), None)
        if end is None:
            return (known[UNKNOWN],)
        pieces.append(known[mark + word[begin:end]])
        begin = end
    return tuple(pieces)
