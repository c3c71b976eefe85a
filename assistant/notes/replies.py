"""What was said in reply to a question: how far it goes, which of it to quote, what it left open.

Reads the lines and how near each came to a question. An answer reaches from its question to the
next one the user asks, prepared or not; an echo of the user's ("under the bin?") does not end it,
and what they come to by the way is left out of it where the user calls them back ("the nights").
Law: whole sentences as they were said; what only greets, waits or says nothing is never quoted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import msgspec

from assistant.events import Channel, Drifted, Entry, Understood
from assistant.minds.spoken import (
    Book,
    Utterances,
    find,
    phrases_of,
    starts_with,
    utterances_of,
    words_of,
)
from assistant.notes.talk import Line, Quote, Spoken, joined, plain, quote, sentences
from assistant.notes.words import Words
from assistant.plan import Plan, Question

BEST_LINES = 3
"""So many quotes to a question at most."""
LONGEST_QUOTE = 40
"""Words."""
WHOLE = 10_000
"""A line that is not cut; in words."""
FEWEST_TELLING = 3
"""A quote has at least so many words that tell something, if any has."""
ECHO_WORDS = 4
"""A question of no more words, fillers apart, may only ask them to go on: "under the bin?" ..."""
ECHO_LINES = 3
"""... if a word of it was said in so many lines before ..."""
NEWS_WORDS = 2
"""... or fewer words of it tell something: "and why is that?"."""
SAME = 0.5
"""So like the question is what asks for more of its answer: a perhaps, by the dials."""
FULL_WORDS, PARTLY_WORDS = 10, 4
"""So many words that tell something make an answer a full one, or a part of one."""
MOST_TELLING = 12
"""More words than this make a line no better to quote."""
NEAR_COUNTS = 8.0
"""What it weighs that a line came near to the question, in words; its nearness is 0 to 1."""
FIRST_COUNTS = 5.0
"""People begin with the answer: what the first piece has over the others, in words; each one after
it has two words less."""
_TELLING_LETTERS = 4

Fullness: TypeAlias = Literal["full", "partly", "hardly", "none"]

STRAYS_AFTER_S = 15.0
"""An answer that leaves the themes of the sheet sooner is about what was asked all the same: whom
else to talk to, say."""


class Reply(msgspec.Struct, frozen=True):
    """What was said between a question and the next one."""

    lines: tuple[Line, ...]

    @property
    def telling(self) -> tuple[Line, ...]:
        """The lines that are more than a "mhm"."""
        return tuple(line for line in self.lines if not line.is_filler)


@dataclass(slots=True)
class Replies:
    """All that may be an answer in a call."""

    plan: Plan
    entries: Sequence[Entry]
    said: Sequence[Line]
    """The lines that may be quoted."""
    taken: Collection[int]
    """Lines of the user's that asked, or may have asked, a prepared question ..."""
    surely: Collection[int]
    """... and those of them that surely did: these need not have the form of a question."""
    words: Words
    tasks: Collection[int] = ()
    """Lines in which something is to be done."""
    asked_me: Collection[int] = ()
    """Lines in which they asked the user something."""
    byes_s: Sequence[float] = ()
    """When goodbyes were said."""
    tasks_s: Collection[float] = ()
    """When each of the sentences begins in which something is to be done."""
    leaves_s: Collection[float] = ()
    """The same of those in which they take their leave: they are never quoted."""
    _turns: Book = field(init=False)
    _next: frozenset[tuple[str, ...]] = field(init=False)
    _near: dict[int, dict[str, float]] = field(init=False)
    """Line -> question -> how near it came to it."""
    _likeness: dict[int, dict[str, float]] = field(init=False)
    """Line -> question -> how like that question it was."""
    _utterances: Utterances = field(init=False)
    _unknown: Book = field(init=False)
    _strayed_s: tuple[float, ...] = field(init=False)
    """Where the talk left the themes of the sheet."""

    def __post_init__(self) -> None:
        told = [entry.event for entry in self.entries if isinstance(entry.event, Understood)]
        self._near = {event.heard_seq: event.near for event in told}
        self._likeness = {event.heard_seq: event.likeness for event in told}
        self._utterances = utterances_of(self.plan.phrases)
        events = (entry.event for entry in self.entries)
        strayed_s = (e.since_s for e in events if isinstance(e, Drifted))
        self._strayed_s = tuple(strayed_s)
        self._turns = phrases_of(self.words.answers.turns)
        self._next = frozenset(words_of(phrase) for phrase in self.words.answers.asks_next)
        self._unknown = phrases_of(self.words.answers.unknown)

    def between(self, from_s: float, to_s: float, of: str = "", *, is_known: bool) -> Reply:
        """Return what was said in reply to the question `of`, asked until `from_s`.

        `to_s` is when the next prepared question came. Of a question that was only ticked it is
        not known what it was about (`is_known`): any question of the user's ends it.
        """
        strayed_s = (s for s in self._strayed_s if s > from_s + STRAYS_AFTER_S)
        to_s = min([to_s, *strayed_s, *(s for s in self.byes_s if s > from_s)])
        lines: list[Line] = []
        is_done = is_away = False
        for line in self.said:
            if not from_s < (line.start_s + line.end_s) / 2 or line.start_s >= to_s:
                continue
            if is_known and line.seq not in self.taken and self._calls_back(line, of):
                is_away = is_done = False
            elif self._asks_on(line, tuple(lines), of, is_known=is_known):
                break
            elif is_away or self._turns_away(line, lines, of):
                is_away = True
                continue
            if line.channel is not Channel.ME and not self._only_waits(line):
                lines.append(line)
            if is_done and line.channel is Channel.ME:
                break
            is_done = line.channel is Channel.THEM and self._is_done(line)
        return Reply(tuple(lines))

    def best(
        self, reply: Reply, question: Question, left_out: Collection[int]
    ) -> tuple[Quote, ...]:
        """Choose the lines that tell most, and return them in their order."""
        wanted = self._telling(" ".join((question.text, *question.aliases)).split())
        pieces = [
            (line, piece)
            for line in reply.telling
            for piece in (
                self._beside_tasks(line) if line.seq in left_out else _pieces(line, self.leaves_s)
            )
        ] or [(line, piece) for line in reply.telling for piece in _pieces(line, self.leaves_s)]
        scored = sorted(
            (
                (self._worth(line, piece, wanted, question.id, nth=n), -n)
                for n, (line, piece) in enumerate(pieces)
            ),
            reverse=True,
        )
        good = [-n for worth, n in scored if worth >= FEWEST_TELLING] or [-n for _, n in scored[:1]]
        return tuple(
            quote(pieces[n][0].channel, pieces[n][1], longest=LONGEST_QUOTE)
            for n in sorted(good[:BEST_LINES])
        )

    def _beside_tasks(self, line: Line) -> list[tuple[Spoken, ...]]:
        """Cut what else is said out of a line with a task; nothing where none begins in it."""
        begins = any(line.words[0].start_s <= at_s <= line.end_s for at_s in self.tasks_s)
        return _pieces(line, (*self.leaves_s, *self.tasks_s)) if begins else []

    def likeness(self, line: Line, question_id: str) -> float:
        """Return how like a question a line was, 0 to 1."""
        return self._likeness.get(line.seq, {}).get(question_id, 0.0)

    def likenesses(self, seq: int) -> Mapping[str, float]:
        """Return how like every question a line was; empty where it was not understood."""
        return self._likeness.get(seq, {})

    def nearness(self, seq: int) -> Mapping[str, float]:
        """Return how near a line came to every question, 0 to 1."""
        return self._near.get(seq, {})

    def telling_in(self, text: str) -> frozenset[str]:
        """Return the words of a text that tell something."""
        return frozenset(self._telling(text.split()))

    def asks_for_name(self, line: Line) -> bool:
        """Tell whether this only asks whether the user may say who sent them."""
        return self._utterances.asks_for_name(line.text)

    def is_question(self, line: Line) -> bool:
        """Tell whether a line has the form of a question, or one in it."""
        return "?" in line.text or self._utterances.is_question(line.text)

    def told(self, reply: Reply) -> int:
        """Count the words in a reply that tell something."""
        return sum(
            len(self._telling([word.text for word in line.words]))
            for line in reply.telling
            if not self._is_unknown(line)
        )

    def fullness(self, reply: Reply) -> Fullness:
        """Tell how much was said."""
        told = self.told(reply)
        if not reply.lines:
            return "none"
        if told >= FULL_WORDS:
            return "full"
        return "partly" if told >= PARTLY_WORDS else "hardly"

    def left_open(self, reply: Reply) -> tuple[Quote, ...]:
        """Return where they could not say."""
        return tuple(
            quote(line.channel, piece, LONGEST_QUOTE)
            for line in reply.telling
            for piece in sentences(line.words, pause_s=float("inf"))
            if find(words_of(" ".join(word.text for word in piece)), self._unknown)
        )

    def _is_unknown(self, line: Line) -> bool:
        return find(words_of(line.text), self._unknown) is not None

    def _asks_on(self, line: Line, reply: Sequence[Line], of: str, *, is_known: bool) -> bool:
        """Tell whether the user goes on to something else with this line.

        While little was said, another question of theirs only asks for more of the answer.
        """
        is_theirs = line.channel is Channel.THEM or line.probably is Channel.THEM
        if is_theirs or not self._utterances.is_question(line.text):
            return line.seq in self.surely and not is_theirs
        if of and (self.likeness(line, of) >= SAME or self._asks_how_to_go(line, of)):
            return False
        if not is_known or line.seq in self.taken:
            return True
        return self.told(Reply(tuple(reply))) >= FULL_WORDS and not self._is_echo(line, reply)

    def _asks_how_to_go(self, line: Line, of: str) -> bool:
        """Tell whether this asks how to go to those they named: it belongs to "whom else?"."""
        question = self.plan.question(of)
        return question is not None and question.referral and self.asks_for_name(line)

    def _only_waits(self, line: Line) -> bool:
        """Tell whether somebody asks for a moment with this, and tells nothing: "Hold on."."""
        is_short = len(self._telling(line.text.split())) < NEWS_WORDS
        return is_short and self._utterances.is_waiting(line.text)

    def _turns_away(self, line: Line, reply: Sequence[Line], of: str) -> bool:
        """Tell whether the talk leaves the answer with this line, once it was given.

        It does with "which reminds me", with what they ask the user, and with what one of them is
        to do; except where that is what was asked for.
        """
        # What was told is counted last: few lines turn away, and an answer may have thousands.
        return self._may_turn(line, of) and self.told(Reply(tuple(reply))) >= FULL_WORDS

    def _calls_back(self, line: Line, of: str) -> bool:
        """Tell whether the user only names what was asked, to have more of the answer."""
        question = self.plan.question(of)
        if line.channel is not Channel.ME or question is None:
            return False
        named, said = self._telling(line.text.split()), _stems(words_of(line.text))
        cue = _stems(words_of(question.cue)).difference(self.words.light)
        is_all = bool(cue) and cue <= said
        return is_all and _stems(named) <= _stems(words_of(f"{question.cue} {question.text}"))

    def _is_done(self, line: Line) -> bool:
        """Tell whether they ask for the next question: "It's different in every firm. Next."."""
        *_, last = sentences(line.words, pause_s=float("inf"))
        return words_of(joined(last)) in self._next

    def _may_turn(self, line: Line, of: str) -> bool:
        if line.seq in self.tasks:
            question = self.plan.question(of)
            return not (question and (question.closing or question.referral))
        if line.channel is Channel.ME or line.probably is Channel.ME:
            return False
        return line.seq in self.asked_me or starts_with(words_of(line.text), self._turns) > 0

    def _is_echo(self, line: Line, reply: Sequence[Line]) -> bool:
        if len(self._utterances.content(line.text)) > ECHO_WORDS:
            return False
        news = self._telling(line.text.split())
        said = self._telling([word.text for one in reply[-ECHO_LINES:] for word in one.words])
        return len(news) < NEWS_WORDS or not news.isdisjoint(said)

    def _worth(
        self,
        line: Line,
        piece: Sequence[Spoken],
        wanted: Collection[str],
        question_id: str,
        *,
        nth: int,
    ) -> float:
        """Count what tells something; a word of the question counts twice."""
        telling = self._telling([word.text for word in piece[:LONGEST_QUOTE]])
        if not telling:
            return 0.0
        near = self._near.get(line.seq, {}).get(question_id, 0.0)
        told = min(len(telling), MOST_TELLING) + len(telling & set(wanted))
        return told + NEAR_COUNTS * near + max(0.0, FIRST_COUNTS - 2 * nth)

    def _telling(self, written: Sequence[str]) -> set[str]:
        return {
            word
            for word in map(plain, written)
            if (len(word) >= _TELLING_LETTERS or any(letter.isdigit() for letter in word))
            and word not in self.words.light
        }


def _stems(words: Collection[str]) -> set[str]:
    """Return words so that one and many of a thing are the same; no more than that."""
    return {word.removesuffix("s") for word in words}


def _pieces(line: Line, but_s: Collection[float] = ()) -> list[tuple[Spoken, ...]]:
    """Cut a line into runs of whole sentences that are short enough to quote.

    Sentences in which one of these moments lies are left out.
    """
    pieces: list[tuple[Spoken, ...]] = []
    is_next = False
    for sentence in sentences(line.words, pause_s=float("inf")):
        was_next, is_next = is_next, True
        if any(sentence[0].start_s <= at_s < sentence[-1].end_s for at_s in but_s):
            is_next = False
            continue
        # What stood around a sentence that is left out was not said in one.
        if was_next and pieces and len(pieces[-1]) + len(sentence) <= LONGEST_QUOTE:
            pieces[-1] += sentence
        else:
            pieces.append(sentence)
    return pieces
