"""Whether the user asked for leave to take notes or record, and what they answered.

Reads Heard and Consented; finds Consent: `asked` when the user's words ask for
leave, `given` or `refused` by what the other side says next, and `refused`
whenever they plainly want it stopped; "please don't write this down" does so
only while no leave was given, after it that is about this one thing. Law: a
"sure" that answers no such asking is nothing; where yes and no are both said the
no counts; what is unclear stays asked, since the user can always say it. The
phrases are the plan's, and a letter that a recogniser got wrong in one of their
longer words is forgiven.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import ClassVar

from assistant.events import Channel, Consent, Consented, Entry, Finding, Heard, Kinds
from assistant.minds.leave import Answer, Answers, Asks, Leaning
from assistant.minds.spoken import (
    Book,
    Utterances,
    Words,
    find,
    phrases_of,
    utterances_of,
    words_of,
)
from assistant.plan import Plan

ANSWER_S = 25.0
"""An answer begins so soon after the asking ended."""
JOIN_S = 4.0
"""Two utterances of the user so close together are one: "I'd record this ... is that okay"."""
OFFERED_S = 180.0
"""Leave is given unasked while the talk begins; later on it is a story."""
ON_WORDS = 10
"""A line of the user's of so many words goes on to something else."""
AGAIN_S = 15.0
"""Asked again within this, it is the same asking."""
OVERLAP_S = 1.0
"""An answer may begin before the asking ends."""
STOP_WITHIN = 6
"""Only among the first words "please stop recording" is a wish and no story."""
REMEMBERED_WORDS = 30
"""So many words of the utterance before may belong to an asking."""


@dataclass(frozen=True, slots=True)
class _Line:
    """An utterance that may matter: its words as the phrases spell them."""

    seq: int
    channel: Channel
    start_s: float
    end_s: float
    words: Words
    is_question: bool


@dataclass(slots=True)
class _Asking:
    """The asking that was heard, and what came of it."""

    end_s: float
    leaning: Leaning
    answer: Answer | None = None


@dataclass(slots=True)
class Consents:
    """The phrases, the last words of both sides, and the asking that waits for its answer."""

    READS: ClassVar[Kinds] = (Heard, Consented)
    plan: Plan
    _asks: Asks = field(init=False)
    _answers: Answers = field(init=False)
    _stop: Book = field(init=False)
    _stop_ungiven: Book = field(init=False)
    _utterances: Utterances = field(init=False)
    _mine: _Line | None = None
    """The user's utterance before this one."""
    _theirs: deque[_Line] = field(default_factory=lambda: deque[_Line](maxlen=4))
    """Their short answer may be understood before the user's long question."""
    _asking: _Asking | None = None
    _is_refused: bool = False
    """The last thing found of theirs was a no ..."""
    _is_given: bool = False
    """... or a yes: then "please don't write this down" is about this, and not about the call."""

    def __post_init__(self) -> None:
        lists = self.plan.phrases.consent
        self._asks, self._answers = Asks(lists), Answers(lists)
        self._stop = phrases_of(lists.get("stop", ()))
        self._is_given = self.plan.consent != "ask"
        self._stop_ungiven = phrases_of(
            (*lists.get("stop", ()), *lists.get("stop_unless_given", ()))
        )
        self._utterances = utterances_of(self.plan.phrases)

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        match entry.event:
            case Heard(echo=False) if self.plan.phrases.consent:
                return self._hear(entry.event, entry.seq)
            case Consented(answer):
                # What was asked is answered; a word that still comes must not undo it.
                self._asking, self._is_refused = None, answer == "refused"
                self._is_given = answer == "given"
                self._theirs.clear()
            case _:
                pass
        return []

    def _hear(self, heard: Heard, seq: int) -> list[Finding]:
        words = self._asks.spelled(words_of(heard.text))
        if not words:
            return []
        is_question = self._utterances.is_question(heard.text)
        line = _Line(seq, heard.channel, heard.start_s, heard.end_s, words, is_question)
        if line.channel is Channel.THEM:
            return self._hear_them(line)
        found = self._hear_me(line)
        if line.channel is Channel.UNCLEAR and not found:
            return self._hear_them(line)
        return found

    def _hear_me(self, line: _Line) -> list[Finding]:
        before = self._mine
        is_joined = before is not None and line.start_s - before.end_s <= JOIN_S
        earlier = before.words[-REMEMBERED_WORDS:] if before and is_joined else ()
        self._mine = line
        place = self._asks.find((*earlier, *line.words), len(earlier))
        if place is None:
            self._turn_to_other_things(line)
            return []
        end, leaning = place
        part = (end - len(earlier)) / len(line.words)
        end_s = line.start_s + part * (line.end_s - line.start_s)
        asking = self._asking
        if asking is not None and line.start_s - asking.end_s <= AGAIN_S:
            asking.end_s = max(asking.end_s, end_s)
            return []
        self._asking = _Asking(end_s, leaning)
        found: list[Finding] = [Consent(line.seq, "asked")]
        if line.channel is Channel.UNCLEAR:
            # One microphone for both: the answer may stand in the same utterance.
            found += self._answer(line.seq, line.words[end - len(earlier) :], is_question=False)
        for answer in tuple(self._theirs):
            found += self._take_answer(answer)
        return found

    def _turn_to_other_things(self, line: _Line) -> None:
        """Let an asking go when the user goes on to something else.

        That is a question, or a longer line that explains nothing of the notes, once the other side
        had the word and said neither yes nor no.
        """
        asking = self._asking
        if line.channel is not Channel.ME or asking is None:
            return
        had_word = any(their.start_s > asking.end_s - OVERLAP_S for their in self._theirs)
        is_open = asking.answer is None and had_word
        is_long = len(line.words) >= ON_WORDS and not self._asks.is_explained(line.words)
        goes_on = line.is_question or (is_open and is_long)
        if goes_on and line.start_s > asking.end_s and not self._asks.is_repeated(line.words):
            self._asking = None

    def _hear_them(self, line: _Line) -> list[Finding]:
        self._theirs.append(line)
        if found := self._take_answer(line):
            return found
        if self._is_offered(line):
            return self._say(line.seq, "given")
        place = find(line.words, self._stop if self._is_given else self._stop_ungiven)
        if place is None or place[0] >= STOP_WITHIN or self._is_refused:
            return []
        return self._say(line.seq, "refused")

    def _is_offered(self, line: _Line) -> bool:
        is_open = not (self._is_given or self._is_refused or self._asking)
        is_early = line.start_s <= OFFERED_S and not line.is_question
        # Where one microphone hears both, it may be the user who does not mind.
        is_open = is_open and line.channel is Channel.THEM
        return is_open and is_early and self._asks.is_offered(line.words)

    def _take_answer(self, line: _Line) -> list[Finding]:
        asking = self._asking
        if asking is None:
            return []
        is_after = line.start_s >= asking.end_s - OVERLAP_S and line.end_s >= asking.end_s
        if not is_after or line.start_s - asking.end_s > ANSWER_S:
            return []
        return self._answer(line.seq, line.words, is_question=line.is_question)

    def _answer(self, seq: int, words: Words, *, is_question: bool) -> list[Finding]:
        asking = self._asking
        if asking is None or asking.answer == "refused":
            return []
        answer = self._answers.judge(words, asking.leaning, is_question=is_question)
        # A yes stays unless a plain no follows; a bare "no" may be to anything then.
        if answer is None or answer == asking.answer:
            return []
        if asking.answer == "given" and not self._answers.is_plain_no(words):
            return []
        asking.answer = answer
        return self._say(seq, answer)

    def _say(self, seq: int, answer: Answer) -> list[Finding]:
        self._is_refused, self._is_given = answer == "refused", answer == "given"
        return [Consent(seq, answer)]
