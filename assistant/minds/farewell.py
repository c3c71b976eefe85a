"""They want to end the call.

Reads Heard of both sides, what Understood says of theirs (or of the one microphone for both), and
Extended; finds Farewell, with the minutes they named. Law: a sure phrase counts at any time, some
only at the end of a line. Any other sign takes its moment too, as people say such things about
their day: it is very likely and the agreed time comes to its end, or it names the few minutes they
have, or it is the second one close together, one of which is very likely before that time. What I
say is no sign; but where nearly all the time has passed, what they answer to my thanks for the
whole talk is one. While they greet, only few minutes count that are far from what was agreed, and
after a minute what says it plainly. Not more than once a minute.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from assistant.events import Channel, Entry, Extended, Farewell, Finding, Heard, Kinds, Understood
from assistant.minds.spoken import (
    Book,
    Utterances,
    Words,
    ends_with,
    find,
    phrases_of,
    starts_with,
    utterances_of,
    words_of,
)
from assistant.minds.waiting import Waiting
from assistant.plan import Plan

ARMED, ARMED_S = 0.5, 900.0
"""From this part of the agreed time on one likely sign is enough, if no more than so much is left:
of two hours the second is still long."""
NEARLY, NEARLY_S = 0.85, 300.0
"""From this part on, with no more left than that, thanks for the whole talk are a sign."""
SHORT_WORDS = 14
"""In a longer line one of the sure phrases may be told of: it waits for what it means."""
PAIR_S = 90.0
"""Two signs within this are enough at any time."""
EARLY = 0.25
"""Up to this part of the agreed time people greet and begin; who has "a few minutes" stays."""
PROMISED = 0.9
"""Words that so surely promise something end no talk, unless they say so or name minutes."""
GREETING_S, PLAINLY = 60.0, 0.9
"""But who has been talking for so long and says so plainly, in a short line, has to go: "look, I
have to get back to the ward"."""
MUCH_LESS = 0.5
"""Of the time that is left: so early, no more minutes than this are news."""
BACK_S, BACK_WORDS, BACK_FROM = 20.0, 8, 3
"""So soon after my thanks for the whole talk, in a line of no more words, and with one of the first
words they answer them."""
LATE_S = 10.0
"""Of words that came later than this, so much of the minutes they named has passed."""
APART_S = 60.0
SUPPORTED = 0.3
"""One of the phrases is a sign where the words as a whole are at least so much like one ..."""
SOON_MINUTES = 10.0
"""... and so is what names no more minutes than this; more is how long they have for the talk."""
MOST_WORDS_BETWEEN = 2
"""Between a number and its minutes: "five more minutes", "a couple of minutes"."""
LONGEST_MINUTES = 120.0


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that waits for what it means."""

    at_s: float
    end_s: float
    """When it was said; later than that it was heard."""
    words: Words


@dataclass(slots=True)
class Farewells:
    """The signs so far."""

    READS: ClassVar[Kinds] = (Extended, Heard, Understood)
    plan: Plan
    _signs: Book = field(init=False)
    _sure: Book = field(init=False)
    _ends: Book = field(init=False)
    _thanks: Book = field(init=False)
    _back: Book = field(init=False)
    _numbers: dict[str, float] = field(init=False)
    """A word -> the number it says."""
    _length_s: float = field(init=False)
    _utterances: Utterances = field(init=False)
    _waiting: Waiting[_Line] = field(default_factory=Waiting[_Line])
    _sign_s: float | None = None
    _is_sign_weak: bool = False
    _told_s: float | None = None
    _thanked_s: float | None = None
    """When I last thanked for the talk."""

    def __post_init__(self) -> None:
        phrases = self.plan.phrases
        self._sure = phrases_of(phrases.farewell_sure)
        self._ends = phrases_of(phrases.farewell_ends)
        self._thanks = phrases_of(phrases.farewell_thanks)
        self._back = phrases_of(phrases.farewell_back)
        self._signs = phrases_of((*phrases.farewell, *phrases.farewell_sure))
        self._numbers = {
            word: float(number)
            for number, words in phrases.numbers.items()
            if number.isdecimal()
            for word in words
        }
        self._length_s = self.plan.length_s
        self._utterances = utterances_of(phrases)

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        match entry.event:
            case Extended(by_s):
                self._length_s += by_s
            case Heard(echo=False) as heard if Channel.ME in (heard.channel, heard.probably):
                # "This was so helpful, who else should I talk to?" goes on.
                if self._utterances.is_question(heard.text):
                    self._thanked_s = None
                elif find(words_of(heard.text), self._thanks):
                    self._thanked_s = heard.end_s
            case Heard(echo=False) as heard:
                line = _Line(entry.at_s, min(heard.end_s, entry.at_s), words_of(heard.text))
                is_sure = find(line.words, self._sure) is not None
                if len(line.words) <= SHORT_WORDS and (is_sure or self._is_back(line)):
                    return self._find(line, entry.seq, is_enough=True)
                self._waiting.add(entry.seq, line)
            case Understood(heard_seq, farewell=score, promise=promise) if (
                heard_seq in self._waiting
            ):
                line = self._waiting.take(heard_seq)
                return self._weigh(line, heard_seq, score, promise)
            case _:
                pass
        return []

    def _weigh(self, line: _Line, seq: int, score: float, promise: float) -> list[Finding]:
        """Take what a line means: whether it is a sign, and whether that is enough."""
        dials = self.plan.dials
        is_sure = find(line.words, self._sure) or ends_with(line.words, self._ends)
        if score >= SUPPORTED and is_sure:
            return self._find(line, seq, is_enough=True)
        minutes = self._minutes(line.words)
        is_soon = minutes is not None and minutes <= SOON_MINUTES
        is_nearly = self._is_from(line.at_s, NEARLY, NEARLY_S)
        is_thanks = is_nearly and find(line.words, self._thanks) is not None
        is_phrase = score >= SUPPORTED and find(line.words, self._signs) is not None
        is_phrase = is_phrase or is_thanks
        if promise >= PROMISED and not is_phrase and minutes is None:
            # "I'll dig it out and send it by Thursday" sounds like parting, and is none.
            return []
        if not is_phrase and score < (dials.farewell_at if is_soon else dials.farewell_pair_at):
            return []
        is_likely = is_phrase or score >= dials.farewell_alone_at
        if line.at_s < EARLY * self._length_s:
            left_s = self._length_s - line.at_s
            is_exact = set(line.words).isdisjoint(self.plan.phrases.vague_numbers)
            is_news = is_exact and minutes is not None and minutes * 60.0 <= MUCH_LESS * left_s
            is_plain = score >= PLAINLY and minutes is None and len(line.words) <= SHORT_WORDS
            is_enough = (is_soon and is_news) or (is_plain and line.at_s >= GREETING_S)
            return self._find(line, seq, is_enough=True) if is_enough else []
        is_late = self._is_from(line.at_s, ARMED, ARMED_S)
        is_enough = is_soon or (is_late and is_likely)
        return self._find(line, seq, is_enough=is_enough, is_weak=not (is_late or is_likely))

    def _is_back(self, line: _Line) -> bool:
        """Whether these words answer my thanks for the whole talk, near its end."""
        is_nearly = self._is_from(line.at_s, NEARLY, NEARLY_S)
        first = min(len(line.words), BACK_FROM)
        begins = any(starts_with(line.words, self._back, at) for at in range(first))
        return is_nearly and begins and len(line.words) <= BACK_WORDS and self._is_thanked(line)

    def _is_thanked(self, line: _Line) -> bool:
        return self._thanked_s is not None and 0.0 < line.end_s - self._thanked_s <= BACK_S

    def _is_from(self, at_s: float, part: float, left_s: float) -> bool:
        return at_s >= max(part * self._length_s, self._length_s - left_s)

    def _find(
        self, line: _Line, seq: int, *, is_enough: bool, is_weak: bool = False
    ) -> list[Finding]:
        is_second = self._sign_s is not None and line.at_s - self._sign_s <= PAIR_S
        # Two weak ones are no more than talk of farewells.
        is_pair = is_second and not (is_weak and self._is_sign_weak)
        self._sign_s, self._is_sign_weak = line.at_s, is_weak
        if not is_enough and not is_pair:
            return []
        if self._told_s is not None and line.at_s - self._told_s < APART_S:
            return []
        # What was told of is the first of no other pair.
        self._told_s, self._sign_s = line.at_s, None
        minutes, late_s = self._minutes(line.words), line.at_s - line.end_s
        if minutes is not None and late_s >= LATE_S:
            minutes = max(0.0, round(minutes - late_s / 60.0, 2))
        return [Farewell(seq, minutes, thanked=self._is_thanked(line))]

    def _minutes(self, words: Words) -> float | None:
        """Return the minutes these words name."""
        phrases = self.plan.phrases
        for at in (i for i, word in enumerate(words) if word in phrases.minute_words):
            before = reversed(words[max(0, at - 1 - MOST_WORDS_BETWEEN) : at])
            minutes = next((m for word in before if (m := self._number(word)) is not None), None)
            if minutes is not None:
                return minutes
        return None

    def _number(self, word: str) -> float | None:
        if word.isdecimal() and len(word) <= len("120"):
            minutes = float(word)
            return minutes if minutes <= LONGEST_MINUTES else None
        return self._numbers.get(word)
