"""Which prepared questions were asked, touched and answered.

Reads Heard, Understood, Consent, Farewell and Ticked; finds Asked, MaybeAsked, Touched and
Answered, each once per question unless the user ticks it open again. Law: the
scores come as facts, here they only meet the plan's dials; echo counts for
nothing; what nobody asked is never more than touched, and what they probably
answered unasked is touched once more, marked so: the user ticks it or asks it.

An answer is their words from the question to the next prepared one: a
follow-up of mine belongs to the question it follows.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from assistant.events import (
    Answered,
    Asked,
    CallStarted,
    Channel,
    Consent,
    Entry,
    Farewell,
    Finding,
    Heard,
    Kinds,
    MaybeAsked,
    Ticked,
    Touched,
    Understood,
)
from assistant.minds.slip import is_slip
from assistant.minds.spoken import Utterances, utterances_of
from assistant.minds.waiting import Waiting
from assistant.plan import Plan

REMEMBERED = 64
"""So many utterances may wait for their meaning."""
MOST_DOUBTED = 3
"""A choice among more than this is no choice."""
LAST, POINTING = 3, 2
"""Of their last so many utterances so many must point to a question nobody asked."""
THANKS_FROM = 0.6
"""Closing thanks count from this share of the planned time on, or once they said a farewell."""
FAREWELL_FROM = 0.4
"""A line that sounds like a farewell is one from this share of the planned time on; a found one
always."""
GREETING_S, GREETING_SURE = 60.0, 0.8
"""So long people greet each other, and only words so like a question ask it; others may."""
REASONS_S, REASONS_SURE = 120.0, 0.99
"""So long they say who they are and why they call, and what has not the form of a question asks one
only where it is so like it."""
CLOSING_FROM = 0.6
"""Before this share of the planned time a closing question is asked ..."""
CLOSING_SURE = 0.8
"""... only in words so like it."""
NO_QUESTION_SURE = 0.75
"""So like a question is a line that asks it without the form of one."""
ELSE_SURE = 0.95
"""So sure must be that what asks something else ("may I say that you sent me") is a prepared
question."""
REPLY_S = 4.0
"""Who is asked something answers within so long."""
AGAIN = 0.05
"""A question that was asked already is this much less likely to be asked again."""


@dataclass(frozen=True, slots=True)
class _Said:
    channel: Channel
    is_question: bool
    is_empty: bool
    """Fillers only: says nothing about any question."""
    asks_else: bool
    """Asks what is on no sheet: to name who sent them, to take notes, for a job."""
    is_reply: bool
    """They asked something just before, and this asks nothing."""


@dataclass(slots=True)
class _Answer:
    """The question that waits for its answer, and the words so far."""

    question_id: str
    score: float
    words: int = 0


@dataclass(slots=True)
class Coverage:
    """What was found of every question."""

    READS: ClassVar[Kinds] = (CallStarted, Heard, Understood, Consent, Farewell, Ticked)
    plan: Plan
    _utterances: Utterances = field(init=False)
    _said: Waiting[_Said] = field(default_factory=lambda: Waiting[_Said](REMEMBERED))
    """What each line was."""
    _asked: set[str] = field(default_factory=set[str])
    _doubted: set[str] = field(default_factory=set[str])
    _touched: set[str] = field(default_factory=set[str])
    _told: set[str] = field(default_factory=set[str])
    """Probably answered, though nobody asked."""
    _answered: set[str] = field(default_factory=set[str])
    _pointed: tuple[str, ...] = ()
    """The questions that their last utterances pointed to, "" for none."""
    _answer: _Answer | None = None
    _started_s: float = -1.0
    """When the call began; before 0: nobody said."""
    _asked_me_s: float = float("-inf")
    """When their last question ended, if nothing else was said by them since."""
    _is_ending: bool = False
    """Whether they said a farewell."""
    _thanks: frozenset[str] = frozenset()
    _closing: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._thanks = frozenset(q.id for q in self.plan.questions if q.thanks)
        self._closing = frozenset(q.id for q in self.plan.questions if q.closing)
        self._utterances = utterances_of(self.plan.phrases)

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        match entry.event:
            case Heard(echo=False):
                return self._hear(entry.event, entry.seq)
            case CallStarted():
                self._started_s = entry.at_s
            case Understood(heard_seq, likeness, farewell) as understood if heard_seq in self._said:
                said = self._said.take(heard_seq)
                if is_slip(understood, self.plan.dials):
                    said = replace(said, asks_else=True)
                is_farewell = farewell >= self.plan.dials.farewell_at
                if (
                    said.channel is not Channel.ME
                    and is_farewell
                    and self._lasted(FAREWELL_FROM, entry.at_s)
                ):
                    self._is_ending = True
                if said.channel is Channel.THEM and is_farewell:
                    # "I have to get back to the ward" speaks to no question about the ward.
                    return []
                likeness = self._timely(likeness, entry.at_s, said)
                return self._weigh(said, heard_seq, likeness)
            case Consent(heard_seq, "asked") if heard_seq in self._said:
                said = self._said.take(heard_seq)
                self._said.add(heard_seq, replace(said, asks_else=True))
            case Farewell():
                self._is_ending = True
            case Ticked(question_id, state):
                self._tick(question_id, state)
            case _:
                pass
        return []

    def _timely(self, likeness: dict[str, float], now_s: float, said: _Said) -> dict[str, float]:
        """Doubt what is hardly asked so early, unless it is asked in so many words.

        The closing thanks are for the time to come then, whatever the words; a greeting is like
        many a question ("am I speaking with Niamh?"), and closing questions wait for the close.
        What they tell may speak to any question from the first minute on.
        """
        if self._is_ending or self._started_s < 0:
            return likeness
        has_thanks_time = self._lasted(THANKS_FROM, now_s)
        has_closing_time = self._lasted(CLOSING_FROM, now_s)
        lasted_s = now_s - self._started_s
        dials = self.plan.dials
        doubtful = (dials.maybe_at + dials.asked_at) / 2
        timely: dict[str, float] = {}
        unsure: list[str] = []
        for question_id, score in likeness.items():
            if question_id in self._thanks and not has_thanks_time:
                continue
            is_early = question_id in self._closing and not has_closing_time
            # "I'm doing a report on how archives decide" tells what the call is about.
            least = max(
                CLOSING_SURE if is_early else 0.0,
                GREETING_SURE if lasted_s < GREETING_S else 0.0,
                REASONS_SURE if lasted_s < REASONS_S and not said.is_question else 0.0,
            )
            if score < least and not _is_theirs(said):
                unsure.append(question_id)
            timely[question_id] = score
        # All by the same, so that the likeliest stays the likeliest.
        over = max((timely[i] - doubtful for i in unsure), default=0.0)
        return timely | {i: timely[i] - max(0.0, over) for i in unsure}

    def _lasted(self, share: float, now_s: float) -> bool:
        """Tell whether this share of the planned time is over, or nobody said when it began."""
        lasted_s = now_s - self._started_s
        return self._started_s < 0 or lasted_s >= self.plan.minutes * 60 * share

    def _tick(self, question_id: str, state: str) -> None:
        found = (self._asked, self._doubted, self._touched, self._told, self._answered)
        if self._answer and self._answer.question_id == question_id:
            self._answer = None
        for ids in found:
            ids.discard(question_id)
        if state != "open":
            self._asked.add(question_id)
        if state == "asked":
            self._answer = _Answer(question_id, 1.0)
        if state == "answered":
            self._answered.add(question_id)

    def _hear(self, heard: Heard, seq: int) -> list[Finding]:
        utterances, text = self._utterances, heard.text
        is_question = utterances.is_question(text)
        said = _Said(
            heard.channel,
            is_question,
            utterances.is_empty(text),
            utterances.asks_for_name(text),
            is_reply=not is_question and heard.start_s - self._asked_me_s <= REPLY_S,
        )
        self._said.add(seq, said)
        if heard.channel is Channel.THEM and not said.is_empty:
            self._asked_me_s = heard.end_s if is_question else float("-inf")
        answer = self._answer
        if answer is None or not _is_theirs(said):
            return []
        answer.words += len(self._utterances.content(heard.text))
        if answer.words < self.plan.dials.answer_words or answer.question_id in self._answered:
            return []
        self._answered.add(answer.question_id)
        return [Answered(answer.question_id, seq, answer.score)]

    def _weigh(self, said: _Said, seq: int, likeness: dict[str, float]) -> list[Finding]:
        scores = [
            (likeness[q.id] - AGAIN * (q.id in self._asked), q.id)
            for q in self.plan.questions
            if q.id in likeness
        ]
        # Sorted by score alone, so that of equals the sheet's first stays first.
        ranked = sorted(scores, key=lambda scored: -scored[0])
        if _is_theirs(said):
            return [] if said.is_empty else self._touch(ranked, seq)
        return self._ask(ranked, said, seq) if ranked else []

    def _touch(self, ranked: list[tuple[float, str]], seq: int) -> list[Finding]:
        dials = self.plan.dials
        score, question_id = ranked[0] if ranked else (0.0, "")
        points_to = question_id if score >= dials.pointed_at else ""
        self._pointed = (*self._pointed, points_to)[-LAST:]
        if not points_to or question_id in self._asked | self._told:
            return []
        is_told = self._pointed.count(question_id) >= POINTING
        if not is_told and (score < dials.touched_at or question_id in self._touched):
            return []
        self._touched.add(question_id)
        if is_told:
            self._told.add(question_id)
        return [Touched(question_id, seq, round(score, 3), probably_answered=is_told)]

    def _ask(self, ranked: list[tuple[float, str]], said: _Said, seq: int) -> list[Finding]:
        dials = self.plan.dials
        score, question_id = ranked[0]
        if question_id in self._asked or score < dials.maybe_at:
            return []
        near = [i for s, i in ranked if s >= dials.maybe_at and score - s < dials.asked_margin]
        doubted = (question_id, *(i for i in near if i not in {question_id, *self._asked}))
        least = dials.asked_at if said.is_question else max(dials.asked_at, NO_QUESTION_SURE)
        # "I advise, mostly contracts and policies" answers them, whatever it is like.
        least = max(least, ELSE_SURE) if said.asks_else or said.is_reply else least
        if score >= least and len(doubted) == 1:
            self._asked.add(question_id)
            self._answer = _Answer(question_id, round(score, 3))
            return [Asked(question_id, seq, round(score, 3))]
        if len(doubted) > MOST_DOUBTED or self._doubted.issuperset(doubted):
            return []
        self._doubted.update(doubted)
        return [MaybeAsked(doubted, seq)]


def _is_theirs(said: _Said) -> bool:
    """Tell who spoke; with one microphone for both, I am the one who asks."""
    if said.channel is Channel.UNCLEAR:
        return not said.is_question
    return said.channel is Channel.THEM
