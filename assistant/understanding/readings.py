"""The ways to read what was heard, when one asks which question it was.

A question may come in two lines, or at the end of a long turn: what was said is read as it
stands, with what the line before it left open, and from where its last questions begin. Law: at
most `MOST` readings of one line, and more than one part of it only while all are `MOST_WORDS`
words: each reading costs time, and each of its words some more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.events import Channel, Heard
from assistant.minds.spoken import (
    Book,
    Utterances,
    Words,
    phrases_of,
    starts_with,
    utterances_of,
    without,
    words_of,
)
from assistant.plan import Phrases, Question

MOST = 3
"""Ways to read one line: with the one text that the rest asks a vector for, four a line."""
MOST_WORDS = 64
"""A second part is read too while all that is read has no more words."""
JOIN_S = 1.5
"""Two utterances of one side that are less apart were one sentence ..."""
ENDED = (".", "?", "!")
"""... unless the recogniser, where it writes such marks, heard the first one end."""
BEGUN_WORDS = 12
"""So much of a sentence that began in the line before belongs to this one."""
SHORTEST_TAIL = 3
"""In words."""
SAME_QUESTION = 4
"""So many words after a question word, in one sentence, another asks the same: "what would you
say is"."""
TURNED = 6
"""In so many words the verb of a question has come: "which part of it do you"."""
LONGEST_WORDS = 40
"""Of a longer line only the end is read: the question comes last. The ear ends a line after some
32 words, and a vector costs 0.35 ms for each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read it."""

    text: str
    """As it was heard, or the words of a part of it."""
    words: Words
    """Without fillers."""
    is_shaped: bool
    """Whether it is shaped like a question."""
    is_part: bool = False
    """Whether it is only what follows a question word."""


@dataclass(slots=True)
class Readings:
    """The phrases of a language, made ready to find where a question begins."""

    phrases: Phrases
    _utterances: Utterances = field(init=False)
    _fillers: Book = field(init=False)
    _starts: Book = field(init=False)

    def __post_init__(self) -> None:
        self._utterances = utterances_of(self.phrases)
        self._fillers = phrases_of(self.phrases.filler)
        self._starts = phrases_of(self.phrases.question_starts)

    def of(self, heard: Heard, before: Sequence[Heard]) -> list[Reading]:
        """Return the ways to read a line; none where nothing but fillers was said."""
        texts = [heard.text]
        last = next(
            (h for h in reversed(before) if h.channel is heard.channel and not h.echo), None
        )
        is_one = last is not None and abs(heard.start_s - last.end_s) < JOIN_S
        if last is not None and is_one and (begun := _begun(last.text)):
            texts.append(f"{begun} {heard.text}")
        found: dict[Words, Reading] = {}
        for text in texts:
            self._add(found, text, is_shaped=self._utterances.is_question(text))
        if heard.channel is not Channel.THEM:
            # Where they come to speak of something is no matter; where I come to ask it is.
            # What comes before the end of a very long line is read too, by the heads.
            most = MOST - len(found) - bool(before_end(heard.text))
            left = MOST_WORDS - sum(len(words_of(each.text)) for each in found.values())
            for tail in self._tails(texts[-1], most, left):
                is_shaped = self._is_turned(tail)
                self._add(found, " ".join(tail), is_shaped=is_shaped, is_part=True)
        return list(found.values())

    def plain(self, text: str) -> Words:
        """Return the words of a text without its fillers."""
        words = words_of(text)
        return without(words, self._fillers) or words

    def _tails(self, text: str, most: int, most_words: int) -> list[Words]:
        """Return what follows where the last questions begin, the longest first.

        Of one that the recogniser heard end ("?") no more than itself: what comes after it, an
        apology or a reason, asks nothing. Those before the last only while there are `most_words`
        left.
        """
        sentences = [(words_of(sentence), sentence.endswith("?")) for sentence in _sentences(text)]
        longest = tuple(word for words, _ in sentences for word in words)[-LONGEST_WORDS:]
        of_word = [n for n, (words, _) in enumerate(sentences) for _ in words][-LONGEST_WORDS:]
        found: list[Words] = []
        for at in reversed(self._begins(longest, of_word)):
            own = of_word[at]
            ends = at + of_word[at:].count(own) if sentences[own][1] else len(longest)
            tail = longest[at:ends]
            if len(without(tail, self._fillers)) < SHORTEST_TAIL:
                continue
            most_words -= len(tail)
            if len(found) >= most or (found and most_words < 0):
                break
            found.insert(0, tail)
        return found

    def _begins(self, words: Words, sentence_of: Sequence[int]) -> list[int]:
        """Return where questions begin."""
        found: list[int] = []
        for at in range(len(words)):
            if not starts_with(words, self._starts, at):
                continue
            is_new = not found or sentence_of[at] != sentence_of[found[-1]]
            if is_new or at - found[-1] > SAME_QUESTION:
                found.append(at)
        return found

    def _is_turned(self, tail: Words) -> bool:
        """Tell "how do you" from "how a shop works": two question words are a question's."""
        if starts_with(tail, self._starts) > 1:
            return True
        return any(starts_with(tail, self._starts, at) for at in range(1, min(TURNED, len(tail))))

    def _add(
        self, found: dict[Words, Reading], text: str, *, is_shaped: bool, is_part: bool = False
    ) -> None:
        said = end_of(text)
        words = without(words_of(said), self._fillers)
        if words:
            found.setdefault(words, Reading(said, words, is_shaped, is_part))


def _sentences(text: str) -> list[str]:
    """Split where a mark ends a sentence and a capital begins another: not in "3.5" or "9 a.m."."""
    words = text.split()
    begins = [
        at
        for at in range(1, len(words))
        if words[at - 1].endswith(ENDED) and words[at][:1].isupper()
    ]
    return [
        " ".join(words[first:end])
        for first, end in zip([0, *begins], [*begins, len(words)], strict=True)
    ]


def _begun(text: str) -> str:
    """Return the sentence that a line leaves open, or the end of it; empty where it leaves none."""
    if text.rstrip().endswith(ENDED):
        return ""
    return " ".join(_sentences(text)[-1].split()[-BEGUN_WORDS:])


def end_of(text: str) -> str:
    """Return a text, or the end of one that is too long to be read whole."""
    words = words_of(text)
    return " ".join(words[-LONGEST_WORDS:]) if len(words) > LONGEST_WORDS else text


def before_end(text: str) -> str:
    """Return as much again of what comes before that end; empty where the text is read whole."""
    words = words_of(text)
    if len(words) <= LONGEST_WORDS:
        return ""
    return " ".join(words[-2 * LONGEST_WORDS :][:LONGEST_WORDS])


def with_thanks_heard(phrases: Phrases, questions: Sequence[Question]) -> Phrases:
    """Return the phrases in which the thanks that are prepared are no mere fillers."""
    fillers = phrases_of(phrases.filler)
    starts: set[Words] = set()
    for question in questions:
        for text in (question.text, *question.aliases) if question.thanks else ():
            words = words_of(text)
            starts.add(words[: starts_with(words, fillers)])
    kept = tuple(text for text in phrases.filler if words_of(text) not in starts)
    return Phrases(filler=kept, ghost=phrases.ghost, question_starts=phrases.question_starts)
