"""What they told besides the answers: figures, advice, things to read or join, what they asked.

Reads the lines. Law: whole sentences of theirs, never the user's own; what they tell of themselves
is no advice, and a question that nobody answered was none.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

import msgspec

from assistant.events import Channel
from assistant.minds.spoken import Book, find, phrases_of, starts_with, utterances_of, words_of
from assistant.minds.spoken import Words as Spelled
from assistant.notes.replies import LONGEST_QUOTE
from assistant.notes.talk import Line, Quote, Spoken, clean, joined, plain, quote, sentences
from assistant.notes.words import Words
from assistant.plan import Plan
from assistant.understanding.date_words import DateWords

REPLY_S = 8.0
"""Who was asked answers within so long."""
FEWEST_WORDS = 3
"""A question of fewer words only asks to go on."""
LEAST_NUMBER = 10
"""Smaller ones count only with a unit: "three people", not "the three of them"."""
HOURS = 12
"""Up to here a number after "at" is a time of the day."""
FEWEST_DIGITS = 7
"""So many digits in groups are a telephone number: "07700 900 418"."""
AROUND_WORDS = 4
"""So many words behind a number tell what it counts."""
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)")
ECHOED_WORDS = 2
"""Who says so many of the other's words again was struck by them."""
PRONOUN_REACH = 3
"""Advice that says "that" so early hangs on what was said before it."""
LEAST_ADVICE, LEAST_IMPERATIVE = 5, 3
"""Advice has so many words at least; what begins with what to do, openers apart, so many."""

Thing: TypeAlias = Literal["book", "course", "group", "event", "site", "advice"]
THINGS: tuple[Thing, ...] = ("book", "course", "group", "event", "site")


class Figure(msgspec.Struct, frozen=True):
    """A number that was told, and what it counts."""

    text: str
    quote: Quote


class Recommendation(msgspec.Struct, frozen=True):
    """Something to read, join, visit or do, as they said it."""

    kind: Thing
    what: str
    quote: Quote


class TheirQuestion(msgspec.Struct, frozen=True):
    """What they asked, and what the user said to it."""

    quote: Quote
    reply: Quote | None


@dataclass(slots=True)
class Learned:
    """The words of a language, made ready to be looked for in the lines."""

    said: Sequence[Line]
    words: Words
    plan: Plan
    mine: Collection[int] = ()
    """Lines that are the user's by what they say, such as a note to self, whoever was heard."""
    _numbers: frozenset[str] = field(init=False)
    _things: dict[Thing, Book] = field(init=False)
    _nouns: dict[Thing, frozenset[str]] = field(init=False)
    _topics: frozenset[str] = field(init=False)
    """The words of the sheet: what the call is about anyway."""
    _recommends: Book = field(init=False)
    _advice: Book = field(init=False)
    _called_advice: Book = field(init=False)
    _no_advice: Book = field(init=False)
    _reads: Book = field(init=False)
    _sayings: Book = field(init=False)
    _imperatives: Book = field(init=False)
    _no_imperatives: Book = field(init=False)
    _openers: frozenset[str] = field(init=False)
    _own_doing: Book = field(init=False)
    _weight: Book = field(init=False)
    _phatic: Book = field(init=False)
    _reported: Book = field(init=False)
    _polite: Book = field(init=False)
    _phatic_starts: Book = field(init=False)
    _you: Book = field(init=False)

    def __post_init__(self) -> None:
        learned = self.words.learned
        self._numbers = _number_words(self.words.dates)
        lists: dict[Thing, tuple[str, ...]] = {
            "book": learned.book, "course": learned.course, "group": learned.group,
            "event": learned.event, "site": learned.site,
        }  # fmt: skip
        self._things = {kind: phrases_of(texts) for kind, texts in lists.items()}
        self._nouns = {kind: frozenset(map(_bare, texts)) for kind, texts in lists.items()}
        prepared = (self.plan.about, *(question.text for question in self.plan.questions))
        self._topics = frozenset(word for text in prepared for word in words_of(text))
        self._recommends = phrases_of(learned.recommends)
        self._advice = phrases_of(learned.advice)
        self._called_advice = phrases_of(learned.called_advice)
        self._no_advice = phrases_of(learned.no_advice)
        self._reads = phrases_of(learned.reads)
        self._sayings = phrases_of(learned.sayings)
        self._imperatives = phrases_of(learned.imperatives)
        self._no_imperatives = phrases_of(learned.no_imperatives)
        self._openers = frozenset(self.words.promises.openers)
        self._own_doing = phrases_of(learned.own)
        self._weight = phrases_of(learned.weight)
        self._phatic = phrases_of(learned.phatic)
        self._reported = phrases_of(learned.reported)
        self._polite = phrases_of(learned.polite)
        self._phatic_starts = phrases_of(learned.phatic_starts)
        self._you = phrases_of(self.plan.phrases.sides.get("you", ()))

    def figures(self, left_out: Collection[int]) -> tuple[Figure, ...]:
        """Return the numbers they told; lines in `left_out` are about something else."""
        found: list[Figure] = []
        for line, sentence in self._theirs(left_out):
            counted = [
                text for first in self._runs(sentence) if (text := self._counted(sentence, first))
            ]
            # "Thirty-six!" says nothing of what there are so many.
            if counted and len(sentence) > len(counted):
                found.append(
                    Figure(", ".join(counted), quote(line.channel, sentence, LONGEST_QUOTE))
                )
        return tuple(found)

    def recommendations(
        self, advised_in: Collection[int], left_out: Collection[int], tasks_s: Collection[float]
    ) -> tuple[Recommendation, ...]:
        """Return what they recommended; lines in `advised_in` answer a question for advice.

        What is a task stands there; `tasks_s` is when each begins.
        """
        found: list[Recommendation] = []
        for line, sentence in self._theirs(left_out):
            spoken = words_of(" ".join(word.text for word in sentence))
            if kind := self._thing(spoken, is_asked=line.seq in advised_in):
                found.append(_recommended(kind, line, sentence))
            elif any(sentence[0].start_s <= at_s <= sentence[-1].end_s for at_s in tasks_s):
                continue
            elif sentence[-1].mark == "?" and self._is_imperative(spoken):
                # "Maybe don't, for that one?"
                continue
            elif self._is_advice(spoken, is_asked=line.seq in advised_in) or self._is_imperative(
                self._behind_condition(sentence)
            ):
                found.append(_recommended("advice", line, self._with_before(line, sentence)))
        return tuple(found)

    def weighty(self) -> tuple[Quote, ...]:
        """Return the lines to which they gave weight themselves.

        Where one microphone hears both, a question is the user's own.
        """
        utterances = utterances_of(self.plan.phrases)
        return tuple(
            quote(line.channel, sentence, LONGEST_QUOTE)
            for line, sentence in self._theirs(())
            if find(words_of(joined(sentence)), self._weight)
            and not (line.channel is Channel.UNCLEAR and utterances.has_question(joined(sentence)))
        )

    def echoed(self) -> tuple[Quote, ...]:
        """Return the lines of theirs whose words the user took up at once: they struck them."""
        found: list[Quote] = []
        full = [line for line in self.said if not line.is_filler]
        for line, after in pairwise(full):
            if line.channel is not Channel.THEM or after.channel is not Channel.ME:
                continue
            if len(self._telling(line) & self._telling(after)) >= ECHOED_WORDS:
                found.append(quote(line.channel, line.words, LONGEST_QUOTE))
        return tuple(found)

    def _telling(self, line: Line) -> set[str]:
        return {word for word in words_of(line.text) if len(word) >= 4} - {*self.words.light}

    def asked_me(self) -> tuple[TheirQuestion, ...]:
        """Return what they asked the user, and what was answered."""
        utterances = utterances_of(self.plan.phrases)
        found: list[TheirQuestion] = []
        for n, line in enumerate(self.said):
            if line.channel is not Channel.THEM or line.is_filler:
                continue
            asked = self._asking_sentence(line)
            text = joined(asked)
            spoken = words_of(text)
            if len(spoken) < FEWEST_WORDS or not utterances.is_question(text):
                continue
            # "Do that one, whatever you decide.": who writes marks, writes this one.
            is_told = not line.is_bare and text[-1:] in ".,!"
            # "And they would ask me, what does this say?"
            is_told = is_told or find(spoken, self._reported) is not None
            if is_told or self._is_phatic(spoken) or not self._is_whole(asked):
                continue
            reply = next((after for after in self.said[n + 1 :] if not after.is_filler), None)
            if reply is None or reply.channel is not Channel.ME:
                continue
            if reply.start_s - line.end_s > REPLY_S or self._asks_back(reply):
                continue
            answer = quote(reply.channel, reply.words, LONGEST_QUOTE)
            found.append(TheirQuestion(quote(line.channel, asked, LONGEST_QUOTE), answer))
        return tuple(found)

    def _asking_sentence(self, line: Line) -> tuple[Spoken, ...]:
        """Return the sentence of a line that may ask: the last, or one that asks leave to.

        A mere "The volunteers?" belongs to the question before it.
        """
        *before, last = sentences(line.words, pause_s=0.6)
        is_asking = last[-1].mark == "?"
        if is_asking and before and before[-1][-1].mark == "?" and not self._is_whole(last):
            return (*before[-1], *last)
        polite = (one for one in before if find(words_of(joined(one)), self._polite))
        return last if is_asking else next(polite, last)

    def _is_whole(self, asked: Sequence[Spoken]) -> bool:
        """Tell whether a question has the shape of one, or says "you"."""
        text = joined(asked)
        spoken = words_of(text)
        is_shaped = utterances_of(self.plan.phrases).is_question(text.replace("?", ""))
        return len(spoken) >= FEWEST_WORDS and (is_shaped or find(spoken, self._you) is not None)

    def _is_phatic(self, spoken: Spelled) -> bool:
        """Tell whether this asks nothing of the user: "can you hear me?"."""
        if starts_with(spoken, self._phatic) == len(spoken):
            return True
        return starts_with(self._opened(spoken), self._phatic_starts) > 0

    def _asks_back(self, reply: Line) -> bool:
        """Tell whether the user answers with a question; "Me? I was a cook." answers."""
        if reply.is_bare or not reply.words[-1].ends_sentence:
            return utterances_of(self.plan.phrases).is_question(reply.text)
        return reply.words[-1].mark == "?"

    def _theirs(self, left_out: Collection[int]) -> Iterator[tuple[Line, tuple[Spoken, ...]]]:
        for line in self.said:
            is_mine = line.channel is Channel.ME or line.probably is Channel.ME
            if is_mine or line.is_filler or line.seq in left_out or line.seq in self.mine:
                continue
            for sentence in sentences(line.words, pause_s=0.6):
                yield line, sentence

    def _runs(self, sentence: Sequence[Spoken]) -> Iterator[tuple[int, int]]:
        """Yield where numbers begin and end, in words."""
        at = 0
        while at < len(sentence):
            end = at
            while end < len(sentence) and self._is_number(plain(sentence[end].text)):
                end += 1
            if end > at:
                yield at, end
            at = max(end, at + 1)

    def _is_number(self, word: str) -> bool:
        if _DAY.fullmatch(word):
            return False
        # "Twenty-five" is written as one word.
        parts = word.split("-")
        return word[:1].isdigit() or all(part in self._numbers for part in parts)

    def _counted(self, sentence: Sequence[Spoken], run: tuple[int, int]) -> str:
        """Write a number with what it counts; nothing where it is small, or a time of the day."""
        first, end = run
        behind_in_turn = [plain(word.text) for word in sentence[end : end + AROUND_WORDS]]
        behind = {*behind_in_turn}
        before = plain(sentence[first - 1].text) if first else ""
        has_unit = bool(behind & set(self.words.learned.number_units))
        spelled = [plain(word.text) for word in sentence[first:end]]
        value = _value(spelled, self.words.dates)
        is_small = value is not None and value < LEAST_NUMBER
        is_hour = value is not None and value <= HOURS and before in self.words.learned.hour_cues
        # "Ten to midnight."
        is_clock = len(behind_in_turn) > 1 and behind_in_turn[1] in self.words.learned.clock
        digits = "".join(spelled)
        is_phone = digits.isdigit() and len(spelled) > 1 and len(digits) >= FEWEST_DIGITS
        if is_clock or is_phone or (not has_unit and (is_small or is_hour)):
            return ""
        return clean(joined(sentence[first : end + 2])).rstrip(".,;:!?")

    def _thing(self, spoken: Spelled, *, is_asked: bool) -> Thing | None:
        spoken = self._without_sayings(spoken)
        kinds: list[Thing] = [kind for kind in THINGS if find(spoken, self._things[kind])]
        if not kinds and starts_with(self._opened(spoken), self._reads):
            kinds = ["book"]
        kind = kinds[0] if kinds else None
        if kind is None or (not is_asked and set(spoken) & self._topics & self._nouns[kind]):
            # In a talk with a librarian a book is no recommendation.
            return None
        if find(spoken, self._own_doing):
            return None
        return kind if is_asked or find(spoken, self._recommends) else None

    def _is_advice(self, spoken: Spelled, *, is_asked: bool) -> bool:
        if self._is_imperative(spoken) or find(spoken, self._called_advice):
            return True
        if len(spoken) < LEAST_ADVICE or find(spoken, self._no_advice):
            return False
        if starts_with(spoken, self._advice):
            return True
        # Elsewhere than at its beginning such words stand in any story.
        return is_asked and find(spoken, self._advice) is not None

    def _opened(self, spoken: Spelled) -> Spelled:
        """Return a sentence without what only opens it: "so then"."""
        begins = next((n for n, word in enumerate(spoken) if word not in self._openers), 0)
        return spoken[begins:]

    def _with_before(self, line: Line, sentence: Sequence[Spoken]) -> Sequence[Spoken]:
        """Return advice with the sentence it hangs on: "You can go and sit with her. Use that."."""
        near = {plain(word.text) for word in sentence[:PRONOUN_REACH]}
        if near.isdisjoint(self.words.promises.pronouns):
            return sentence
        pieces = sentences(line.words, pause_s=0.6)
        before = [one for one in pieces if one[-1].end_s <= sentence[0].start_s]
        whole = (*before[-1], *sentence) if before else tuple(sentence)
        return whole if len(whole) <= LONGEST_QUOTE else sentence

    def _behind_condition(self, sentence: Sequence[Spoken]) -> Spelled:
        """Return what stands behind "if you can,"; nothing where it begins otherwise."""
        opened = self._opened(words_of(joined(sentence)))
        if not opened or opened[0] not in self.words.learned.conditions:
            return ()
        commas = (n for n, word in enumerate(sentence) if word.text[-1:] == ",")
        begins = next((n for n in commas if plain(sentence[n].text) not in self._openers), None)
        return () if begins is None else words_of(joined(sentence[begins + 1 :]))

    def _without_sayings(self, spoken: Spelled) -> Spelled:
        """Return it without what has the name of a thing in it and means none: "of course"."""
        kept: list[str] = []
        at = 0
        while at < len(spoken):
            length = starts_with(spoken, self._sayings, at)
            kept += [] if length else [spoken[at]]
            at += length or 1
        return tuple(kept)

    def _is_imperative(self, spoken: Spelled) -> bool:
        """Tell whether a sentence tells what to do: "then pay for people"."""
        opened = len(spoken) - len(self._opened(spoken))
        # "Look at the tearoom": what often only opens a sentence may be what to do.
        return any(
            starts_with(told, self._imperatives) and not starts_with(told, self._no_imperatives)
            for begins in range(opened + 1)
            if len(told := spoken[begins:]) >= LEAST_IMPERATIVE
        )


def _bare(text: str) -> str:
    return " ".join(words_of(text))


def _recommended(kind: Thing, line: Line, sentence: Sequence[Spoken]) -> Recommendation:
    told = quote(line.channel, sentence, LONGEST_QUOTE)
    return Recommendation(kind, told.text.rstrip("."), told)


def _number_words(words: DateWords) -> frozenset[str]:
    small = [text for text, value in words.numbers.items() if value > 1]
    large = ("hundred", "thousand", "million", "billion")
    return frozenset(word for text in (*small, *large) for word in text.split()) - {
        "couple",
        "of",
        "few",
        "a",
    }


def _value(spelled: Iterable[str], words: DateWords) -> int | None:
    """Return what a number of one word is; None where it has more, or is large anyway."""
    parts = list(spelled)
    if len(parts) != 1:
        return None
    return int(parts[0]) if parts[0].isdigit() else words.numbers.get(parts[0])
