"""Sentence breaks for engines that write none: a stop at a pause, and a capital after it.

Reads words with their times. Law: no word is changed but in its first letter and by the mark behind
it, and none where the engine, or the user, wrote marks. A break too few reads better than a wrong
one: people pause within a sentence, too. So a short pause ends one only where the next word begins
one, and no pause does behind a word that no sentence ends with.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from assistant.notes.words import SpellingWords

SHORT_PAUSE_S = 0.25
"""Between words that go together there is hardly any silence; a stop consonant has 0.1 s."""
LONG_PAUSE_S = 1.0
"""Whoever was silent for so long begins anew, unless the word before holds them to it."""
FEWEST_WORDS = 3
"""A sentence inside somebody's talk has at least so many: "so" and "well" go with what follows."""
LONGEST_QUESTION = 30
"""What goes on for more words has long begun to tell something."""
_ASKED_WITHIN = 5
"""The verb of a question is among its first words: "what kind of work do you ..."."""
_STOPS = (".", "?", "!")
_MARKS = (*_STOPS, ":", ";", ",")


class Timed(msgspec.Struct, frozen=True):
    """A word as it was heard."""

    text: str
    start_s: float
    end_s: float
    is_bare: bool
    """Its engine writes no marks."""
    ends_line: bool = False
    """The recogniser ended an utterance behind it: there is a pause, whatever the times say."""


def with_breaks(talk: Sequence[Timed], words: SpellingWords) -> list[str]:
    """Write what one voice said in a row, with stops and capitals; a text for each word."""
    written = [word.text for word in talk]
    first = 0
    for at, word in enumerate(talk):
        if at == first and word.is_bare:
            written[at] = written[at][:1].upper() + written[at][1:]
        if word.text.endswith(_STOPS):
            first = at + 1
        elif word.is_bare and _ends(talk, first, at, words):
            sentence = [_stem(other.text) for other in talk[first : at + 1]]
            written[at] += "?" if _asks(sentence, words) else "."
            first = at + 1
    return written


def _ends(talk: Sequence[Timed], first: int, at: int, words: SpellingWords) -> bool:
    """Tell whether the sentence that began at `first` is over behind a word."""
    word = talk[at]
    if word.text.endswith(_MARKS) or _stem(word.text) in words.open_ends:
        return False
    if at + 1 == len(talk):
        return True
    if _stem(word.text) in words.loose_ends:
        return False
    after = talk[at + 1]
    pause_s = max(after.start_s - word.end_s, SHORT_PAUSE_S if word.ends_line else 0.0)
    if pause_s >= LONG_PAUSE_S:
        return True
    begins = _stem(after.text) in words.begins
    return begins and pause_s >= SHORT_PAUSE_S and at + 1 - first >= FEWEST_WORDS


def _asks(sentence: Sequence[str], words: SpellingWords) -> bool:
    """Tell whether a sentence asks: its verb stands before whom it is about."""
    if len(sentence) > LONGEST_QUESTION:
        return False
    begin = next((n for n, word in enumerate(sentence) if word not in words.leads), 0)
    told = sentence[begin:]
    for n, (word, after) in enumerate(pairwise(told)):
        if n > _ASKED_WITHIN or word in words.tells:
            break
        is_verb = word in words.asking_verbs or (n == 0 and word in words.short_askers)
        # Far from its asker a verb is one only before a pronoun: "where each item is a ...".
        if is_verb and after in (words.asked_of if n <= 1 else words.tells):
            return n == 0 or told[0] in words.askers
    return False


def _stem(word: str) -> str:
    return word.lower().replace("\u2019", "'")
