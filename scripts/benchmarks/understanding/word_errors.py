"""Word errors as a recogniser makes them on a poor line, made up: seeded, at a given rate.

The method. Text becomes what a recogniser gives: small letters, no punctuation. Of its words,
`rate` are hit (the number of a line is rounded up or down by chance), by shares that are usual
for conversational speech: 65 % are replaced, 22 % lost, 13 % followed by a word nobody said.
A word is replaced by one of the six of the model's vocabulary that sound and look most like it,
by edits: half by its letters, half by a spelling in which what sounds alike is written alike
(vowels in a row are one, ph is f, soft c is s, silent letters are gone). What is put in is a
short common word. The same seed and text have the same errors, in any order of the lines.

What it does not do: join or split words, or prefer errors that make sense. A real recogniser
errs in runs and on names more than this does.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from random import Random

import numpy as np

from assistant.understanding.letters import words_alike

RATE = 0.15
REPLACED, LOST = 0.65, 0.22
"""The rest is put in."""
CANDIDATES = 6
COMMONEST = 12000
"""So many words of the vocabulary, which begins with the most frequent ones, may be heard."""
PUT_IN = ("a", "the", "and", "uh", "to", "it", "in", "so", "i", "of", "is", "that")

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SOUNDS = (
    (r"^kn", "n"), (r"^wr", "r"), (r"^wh", "w"), (r"mb$", "m"), (r"ght?", "t"), (r"ph", "f"),
    (r"ck|q", "k"), (r"c(?=[eiy])", "s"), (r"ch|sh|tch", "x"), (r"c", "k"), (r"z", "s"),
    (r"th", "t"), (r"d\b", "t"), (r"(?<=.)e$", ""), (r"[aeiouy]+", "a"), (r"(.)\1+", r"\1"),
)  # fmt: skip


def as_recognised(text: str) -> str:
    """Return text as a recogniser gives it: small letters, apostrophes, no other sign."""
    return " ".join(_WORD.findall(text.lower().replace("\u2019", "'")))


def with_word_errors(text: str, rate: float = RATE, seed: int = 1) -> str:
    """Return text as a recogniser on a poor line gives it; `rate` is a share of the words."""
    words = as_recognised(text).split()
    chance = Random(f"{seed} {rate} {text}")  # noqa: S311
    count = int(rate * len(words) + chance.random())
    hit = set(chance.sample(range(len(words)), min(count, len(words))))
    heard = (
        each
        for at, word in enumerate(words)
        for each in (_hit(word, chance) if at in hit else (word,))
    )
    # A line of which nothing is left was not heard at all.
    return " ".join(heard) or " ".join(words)


def misheard(word: str, seed: int = 1) -> str:
    """Return a word that sounds and looks like this one."""
    return Random(f"{seed} {word}").choice(alike(word.lower()))  # noqa: S311


@cache
def alike(word: str) -> tuple[str, ...]:
    """Return the known words most like this one, the nearest first; itself is none of them."""
    words, sounds = _vocabulary()
    nearness = (words_alike([word], words) + words_alike([_sound(word)], sounds))[0]
    nearest = map(int, np.argsort(-nearness, kind="stable")[: CANDIDATES + 1])
    return tuple(words[at] for at in nearest if words[at] != word)[:CANDIDATES]


def _hit(word: str, chance: Random) -> Iterator[str]:
    kind = chance.random()
    if kind < REPLACED:
        yield chance.choice(alike(word))
    elif kind >= REPLACED + LOST:
        yield word
        yield chance.choice(PUT_IN)


@cache
def _vocabulary() -> tuple[list[str], list[str]]:
    text = (files("assistant.understanding") / "vocab.txt").read_text(encoding="utf-8")
    known = [word for word in text.split("\n") if word.isascii() and word.isalpha()]
    words = [word for word in known if len(word) > 1 or word in ("a", "i")][:COMMONEST]
    return words, [_sound(word) for word in words]


def _sound(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = re.sub(pattern, sound, word)
    return word
