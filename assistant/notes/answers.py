"""Which questions were asked, and what was said to each.

Reads what the agenda reads, and the lines. Law: a question is asked here only
when something was heard or ticked; what was merely prepared stands under
`not_asked` and nowhere else. What is an answer is told by `replies`.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Literal

import msgspec

from assistant.events import (
    Answered,
    Asked,
    CallEnded,
    Consent,
    Entry,
    Farewell,
    MarkHeard,
    MaybeAsked,
    Ticked,
)
from assistant.minds.agenda import Agenda
from assistant.minds.spoken import find, phrases_of, utterances_of, words_of
from assistant.notes.causes import Causes
from assistant.notes.evidence import (
    Evidence,
    asked_after_all,
    asked_before,
    askings,
    better_replied,
    doubted_after_all,
    evidence_of,
    late_from_s,
    surely_asked,
)
from assistant.notes.replies import WHOLE, Fullness, Replies
from assistant.notes.spoken_of import SpokenOf
from assistant.notes.talk import Line, Quote, joined, plain_words, quote, sentences
from assistant.notes.unasked import (
    NotAsked,
    TouchedQuestion,
    not_asked_questions,
    touched_questions,
)
from assistant.notes.words import Words
from assistant.plan import Phrases, Plan

FEWEST_MORE = 3
"""Before a goodbye so many words say something else."""


class AskedQuestion(msgspec.Struct, frozen=True):
    """A question that was asked, and what was said until the next one."""

    question_id: str
    text: str
    must: bool
    start_s: float
    found: Literal["heard", "ticked"]
    """By our hearing, or by the user."""
    score: float | None
    """How like the question the words were, 0 to 1; None when ticked."""
    is_answered: bool
    """At least partly, or the user said so."""
    as_spoken: Quote | None
    """The words it was asked in."""
    best: tuple[Quote, ...]
    """The most telling lines of the answer, in their order."""
    was_reply: bool
    """Whether anything at all was said in reply."""
    answer_seqs: tuple[int, ...]
    """Every entry of the answer."""
    seqs: tuple[int, ...]
    fullness: Fullness
    """How much was said to it."""
    passage: tuple[Quote, ...]
    """The whole answer, line by line: what stands behind `best`."""
    left_open: tuple[Quote, ...]
    """Where they could not say: "I'd have to look that up"."""


class Answers(msgspec.Struct, frozen=True):
    """How the prepared questions fared."""

    asked: tuple[AskedQuestion, ...]
    """In the order they were asked."""
    touched: tuple[TouchedQuestion, ...]
    not_asked: tuple[NotAsked, ...]
    """Must-asks first. A question that was touched is not here."""
    thanked: tuple[Quote, ...]
    """Where the user said the thanks of the sheet; they are no question."""


def answers(
    plan: Plan,
    entries: Sequence[Entry],
    said: Sequence[Line],
    words: Words,
    tasks: Set[int] = frozenset(),
    asked_me: Set[int] = frozenset(),
    tasks_s: Set[float] = frozenset(),
    off_record: Set[int] = frozenset(),
) -> Answers:
    """Tell how the prepared questions fared; `entries` as `talk.kept` returns them.

    `tasks` are the lines that stand elsewhere as promises, and `tasks_s` when each of them begins;
    they answer only a closing question. Lines that were said `off_record` are quoted where an
    answer has no others.
    """
    causes = Causes(Agenda(plan))
    for entry in entries:
        causes.take(entry)
    agenda, first = causes.agenda, causes.first
    surely = frozenset((*causes.asked_in.values(), *causes.settled.values()))
    asks_for_name = utterances_of(plan.phrases).asks_for_name
    other = {line.seq for line in said if asks_for_name(line.text)}
    other |= {e.event.heard_seq for e in entries if isinstance(e.event, Consent)}
    # The line that asked one of them was perhaps no other; nor do "may I mention you?" and "may I
    # take notes?" ask any.
    hints = {
        key: left[0]
        for key, found in causes.hints.items()
        if (left := [entry for entry in found if not _is_settled(entry, surely | other)])
    }
    # What asked a question that was taken back asked something all the same.
    taken = {e.event.heard_seq for e in entries if isinstance(e.event, MaybeAsked | Asked)}
    asides = {e.event.heard_seq for e in entries if isinstance(e.event, MarkHeard)} | surely
    ending = {e.event.heard_seq for e in entries if isinstance(e.event, Farewell)}
    byes = {
        line.seq: _goodbyes_s(line, plan.phrases)
        for line in said
        if line.seq in ending or _is_goodbye(line, plan.phrases)
    }
    quotable = [
        line
        for line in said
        if line.seq not in asides and (line.seq not in byes or _says_more(line, byes[line.seq]))
    ]
    thanks = {question.id for question in plan.questions if question.thanks}
    late_s = late_from_s(said)
    # Where they say goodbye no answer goes on.
    leaves = [li for li in said if li.start_s >= late_s and _is_goodbye(li, plan.phrases)]
    byes_s = [min(byes[li.seq], default=li.start_s) for li in leaves]
    replies = Replies(
        plan, entries, quotable, taken, surely, words, tasks, asked_me, byes_s, tasks_s,
        frozenset(at_s for each in byes.values() for at_s in each),
    )  # fmt: skip
    told = askings(entries, said, replies)
    # What the user ticked is not doubted.
    doubted = {
        question_id: score
        for question_id, score in doubted_after_all(plan, first, said, late_s).items()
        if not agenda.ticked_seq(question_id)
    }
    hints |= {key: _in_doubt(first.pop(key)) for key in doubted}
    ends = [entry.seq for entry in entries if isinstance(entry.event, CallEnded)]

    def evidence_for(causes_of: Mapping[str, Entry], surely: Set[int]) -> list[Evidence]:
        found: list[Evidence] = []
        for question_id, entry in causes_of.items():
            if (question := plan.question(question_id)) is None:
                continue
            is_late = bool(ends) and entry.seq > ends[-1]
            settled = causes.settled.get(question_id, 0)
            one = evidence_of(question, entry, said, plan, taken, settled=settled, ended=is_late)
            one = asked_before(one, causes.hints.get(question_id, ()), said, replies)
            one = better_replied(one, said, replies, surely)
            found.append(surely_asked(one, said, replies, surely))
        return found

    evidence = evidence_for(first, surely)
    # A line that turned out to ask something else may have asked what is still open.
    placed = {one.line.seq for one in evidence if one.line is not None}
    later = asked_after_all(plan, agenda, hints, told, placed, doubted, replies, late_s)
    evidence += evidence_for({k: v for k, v in later.items() if k not in first}, surely)
    evidence.sort(key=lambda e: (e.start_s, e.entry.seq))
    told_answered = {key for key, state in causes.ticked.items() if state == "answered"}
    found = [_asked(e, evidence, replies, told_answered, tasks, off_record) for e in evidence]
    asked = tuple(question for question in found if question.question_id not in thanks)
    thanked = (q.as_spoken for q in found if q.question_id in thanks and q.as_spoken)
    spoken_of = SpokenOf(said, entries, words)
    told_of = {question.question_id for question in asked}
    unasked = {key: entry for key, entry in hints.items() if key not in told_of}
    touched = touched_questions(agenda, unasked, said, spoken_of)
    spoken_to = told_of | {question.question_id for question in touched} | thanks
    rest = [q for q in plan.questions if q.id not in spoken_to]
    maybe = {q.id for q in rest if agenda.standing(q.id) == "maybe"} | doubted.keys()
    starts_s = [one.start_s for one in evidence]
    not_asked = not_asked_questions(rest, maybe, hints, said, replies, starts_s)
    return Answers(asked, touched, not_asked, tuple(thanked))


def _is_settled(entry: Entry, surely: Set[int]) -> bool:
    """Tell whether it is known by now which question this was."""
    return isinstance(entry.event, MaybeAsked) and entry.event.heard_seq in surely


def _in_doubt(entry: Entry) -> Entry:
    """Return that a question was asked as what it is to the reader: perhaps."""
    match entry.event:
        case Asked(question_id, seq) | Answered(question_id, seq):
            return msgspec.structs.replace(entry, event=MaybeAsked((question_id,), seq))
        case _:
            return entry


def _goodbyes_s(line: Line, phrases: Phrases) -> tuple[float, ...]:
    """Return when each sentence of a line begins in which they take their leave."""
    signs = phrases_of((*phrases.farewell, *phrases.farewell_sure))
    return tuple(
        sentence[0].start_s
        for sentence in sentences(line.words, pause_s=float("inf"))
        if find(words_of(joined(sentence)), signs)
    )


def _says_more(line: Line, goodbyes_s: Sequence[float]) -> bool:
    """Tell whether they say something else, too, before they take their leave in the line."""
    before = [word for word in line.words if word.start_s < min(goodbyes_s, default=0.0)]
    return len(before) >= FEWEST_MORE


def _is_goodbye(line: Line, phrases: Phrases) -> bool:
    """Tell whether a line is about ending the call; then it answers nothing."""
    text = f" {' '.join(plain_words(line.text))} "
    return any(f" {phrase} " in text for phrase in phrases.farewell)


def _asked(
    here: Evidence,
    evidence: Sequence[Evidence],
    replies: Replies,
    told_answered: Set[str],
    tasks: Set[int],
    off_record: Set[int],
) -> AskedQuestion:
    """Tell of one question; of those in `told_answered` the user says that they were answered."""
    ends_s = min((e.start_s for e in evidence if e.start_s > here.start_s), default=float("inf"))
    reply = replies.between(here.window_s, ends_s, here.question.id, is_known=here.line is not None)
    is_told_here = here.question.closing or here.question.referral
    left_out = off_record if is_told_here else tasks | off_record
    event = here.entry.event
    seqs = (here.entry.seq,) if here.line is None else (here.line.seq, here.entry.seq)
    telling, fullness = reply.telling, replies.fullness(reply)
    return AskedQuestion(
        question_id=here.question.id,
        text=here.question.text,
        must=here.question.must,
        start_s=here.start_s,
        found="ticked" if isinstance(event, Ticked) else "heard",
        score=event.score if isinstance(event, Asked | Answered) else None,
        is_answered=here.question.id in told_answered or fullness in ("full", "partly"),
        as_spoken=quote(here.line.channel, here.line.words) if here.line else None,
        best=replies.best(reply, here.question, left_out),
        was_reply=bool(reply.lines),
        answer_seqs=tuple(line.seq for line in telling),
        seqs=seqs,
        fullness=fullness,
        passage=tuple(quote(line.channel, line.words, WHOLE) for line in telling),
        left_open=replies.left_open(reply),
    )
