"""Words as they are compared: what was said against the phrases of a language.

Recognisers write the same words with and without capitals, points and
apostrophes; here "That's it." and "thats it" are the same. Law: words against
words in one pass; no pattern that can run away on a long text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from assistant.plan import Phrases

Words: TypeAlias = tuple[str, ...]
Book: TypeAlias = Mapping[str, tuple[Words, ...]]
"""Phrases by their first word."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_WAIT_WORDS = 10
"""Who asks for a moment says why in so few words, and is gone."""


@lru_cache(maxsize=16)
def words_of(text: str) -> Words:
    """Return the words of a text, lower case, without points and apostrophes.

    Several minds ask it of the same text, one after the other.
    """
    return tuple(word for word, _ in placed_words(text))


def placed_words(text: str) -> list[tuple[str, int]]:
    """Return each word and where in the text it ends, so that what follows can be quoted."""
    return [
        (match.group().casefold().replace("'", "").replace("\u2019", ""), match.end())
        for match in _WORD.finditer(text)
    ]


def phrases_of(texts: Iterable[str]) -> Book:
    """Return phrases by their first word, the longest first: the longest that fits is meant."""
    return _book(tuple(texts))


@lru_cache(maxsize=128)
def _book(texts: tuple[str, ...]) -> Book:
    # A plan's phrases are the same for every mind that is made anew.
    book: dict[str, list[Words]] = {}
    for phrase in sorted({words for text in texts if (words := words_of(text))}):
        book.setdefault(phrase[0], []).append(phrase)
    return {first: tuple(sorted(all_, key=len, reverse=True)) for first, all_ in book.items()}


def starts_with(words: Words, book: Book, at: int = 0) -> int:
    """Return how many words the phrase that begins there has; 0 where there is none."""
    for phrase in book.get(words[at], ()) if at < len(words) else ():
        if words[at : at + len(phrase)] == phrase:
            return len(phrase)
    return 0


def ends_with(words: Words, book: Book) -> bool:
    """Tell whether one of the phrases ends these words."""
    return any(
        word in book and any(words[at:] == phrase for phrase in book[word])
        for at, word in enumerate(words)
    )


def find(words: Words, book: Book) -> tuple[int, int] | None:
    """Return where the first of the phrases to come up begins and ends, in words."""
    if book.keys().isdisjoint(words):
        # Most of what is said; this is asked of every line many times.
        return None
    for at, word in enumerate(words):
        if word in book and (length := starts_with(words, book, at)):
            return at, at + length
    return None


def without(words: Words, book: Book) -> Words:
    """Return the words that are left when every one of the phrases is taken out."""
    if book.keys().isdisjoint(words):
        return words
    left: list[str] = []
    at = 0
    while at < len(words):
        length = starts_with(words, book, at) if words[at] in book else 0
        if not length:
            left.append(words[at])
        at += length or 1
    return tuple(left)


def one_letter_apart(a: str, b: str) -> bool:
    """Tell whether one letter more, less or other makes the one word the other."""
    if abs(len(a) - len(b)) > 1:
        return False
    short, long = sorted((a, b), key=len)
    same = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), None)
    if same is None:
        return True
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]


_CLAUSE = re.compile(r"[,;:.]\s+")


@dataclass(slots=True)
class Utterances:
    """What kind of utterance a text is, before anybody asks what it means.

    Never changes, so all minds of a call share it; see `utterances_of`.
    """

    _filler: Book
    _ghost: Book
    _hesitation: Book
    _wait: Book
    _question: Book
    _sure_question: Book
    _use_name: Book
    _content: tuple[str, Words] = ("", ())
    """The last text whose content was asked for, and that: of every line several minds ask,
    one after the other. A pair, so that threads which share this see it whole."""
    _questions: tuple[str, bool] = ("", False)
    """The last text that was asked to be a question, and whether it is."""

    def content(self, text: str) -> Words:
        """Return the words that are no filler."""
        last = self._content
        if text == last[0]:
            return last[1]
        content = without(words_of(text), self._filler)
        self._content = text, content
        return content

    def is_empty(self, text: str) -> bool:
        """Tell whether this holds no floor: nothing, fillers only, or a ghost word."""
        content = self.content(text)
        return not content or starts_with(content, self._ghost) == len(content)

    def lead(self, words: Words) -> int:
        """Return how many words come before the first that is no filler and no hesitation."""
        at = 0
        while length := max(
            starts_with(words, self._filler, at), starts_with(words, self._hesitation, at)
        ):
            at += length
        return at

    def is_hesitating(self, text: str) -> bool:
        """Tell whether the speaker seems to go on in a moment."""
        return ends_with(words_of(text), self._hesitation)

    def is_waiting(self, text: str) -> bool:
        """Tell whether the speaker asks for a moment at the end of this: "hold on, the door"."""
        return find(words_of(text)[-_WAIT_WORDS:], self._wait) is not None

    def is_question(self, text: str) -> bool:
        """Tell whether this is shaped like a question, with or without its mark."""
        last = self._questions
        if text == last[0]:
            return last[1]
        is_question = "?" in text or self._begins_or_has_question(self.content(text))
        self._questions = text, is_question
        return is_question

    def has_question(self, text: str) -> bool:
        """Tell whether this is a question, or goes over into one: "a good size, and which part"."""
        _, *clauses = _CLAUSE.split(text)
        return self.is_question(text) or any(
            self.lead(words_of(clause)) and self.is_question(clause) for clause in clauses
        )

    def asks_for_name(self, text: str) -> bool:
        """Tell whether this asks for leave to say who sent one: "may I say that you sent me"."""
        return find(words_of(text), self._use_name) is not None

    def _begins_or_has_question(self, words: Words) -> bool:
        is_opened = starts_with(words, self._question) > 0
        return is_opened or find(words, self._sure_question) is not None


def utterances_of(phrases: Phrases) -> Utterances:
    """Return what kinds of utterances these phrases tell apart."""
    return _utterances(
        phrases.filler,
        phrases.ghost,
        phrases.hesitation,
        phrases.wait,
        phrases.question_starts,
        phrases.use_name,
    )


@lru_cache(maxsize=16)
def _utterances(
    filler: tuple[str, ...],
    ghost: tuple[str, ...],
    hesitation: tuple[str, ...],
    wait: tuple[str, ...],
    question_starts: tuple[str, ...],
    use_name: tuple[str, ...],
) -> Utterances:
    # One word ("what") comes up in any sentence; two or more ("could you") rarely do.
    long = [text for text in question_starts if len(words_of(text)) > 1]
    return Utterances(
        _filler=phrases_of(filler),
        _ghost=phrases_of(ghost),
        _hesitation=phrases_of(hesitation),
        _wait=phrases_of(wait),
        _question=phrases_of(question_starts),
        _sure_question=phrases_of(long),
        _use_name=phrases_of(use_name),
    )
