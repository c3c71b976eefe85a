"""Which questions were asked, and what was said to each.

Reads what the agenda reads, and the lines. Law: a question is asked here only
when something was heard or ticked; what was merely prepared stands under
`not_asked` and nowhere else. What is an answer is told by `replies`.
"""

from collections.abc import Sequence, Set
from typing import Literal

import msgspec

from assistant.events import (
    Answered,
    Asked,
    CallEnded,
    Channel,
    Entry,
    Farewell,
    MarkHeard,
    MaybeAsked,
    Ticked,
    Touched,
)
from assistant.minds.agenda import Agenda
from assistant.notes.replies import LONGEST_QUOTE, WHOLE, Fullness, Replies
from assistant.notes.spoken_of import SpokenOf
from assistant.notes.talk import Line, Quote, plain_words, quote
from assistant.notes.words import Words
from assistant.plan import Phrases, Plan, Question

SURELY = 0.9
"""So like a question are words that surely ask it, 0 to 1."""
SURER = 0.1
"""So much more like it are words that ask it in place of the first ones."""
TICK_LOOKS_BACK_S = 180.0
"""A tick belongs to the last question the user spoke within so long."""


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


class TouchedQuestion(msgspec.Struct, frozen=True):
    """They spoke to it, and nobody had asked."""

    question_id: str
    text: str
    must: bool
    quote: Quote
    seqs: tuple[int, ...]
    passage: tuple[Quote, ...] = ()
    """The whole stretch that speaks of it, line by line."""


class NotAsked(msgspec.Struct, frozen=True):
    """Prepared; it did not happen."""

    question_id: str
    text: str
    must: bool
    maybe: Quote | None
    """What may have been this question, if something may have been."""
    seqs: tuple[int, ...]


class Answers(msgspec.Struct, frozen=True):
    """How the prepared questions fared."""

    asked: tuple[AskedQuestion, ...]
    """In the order they were asked."""
    touched: tuple[TouchedQuestion, ...]
    not_asked: tuple[NotAsked, ...]
    """Must-asks first. A question that was touched is not here."""
    thanked: tuple[Quote, ...]
    """Where the user said the thanks of the sheet; they are no question."""


class _Evidence(msgspec.Struct, frozen=True):
    """Where a question was asked."""

    question: Question
    entry: Entry
    line: Line | None
    """The line it was asked in; None when it was ticked."""
    start_s: float
    window_s: float
    """From here on it is the answer."""


def answers(
    plan: Plan,
    entries: Sequence[Entry],
    said: Sequence[Line],
    words: Words,
    tasks: Set[int] = frozenset(),
) -> Answers:
    """Tell how the prepared questions fared; `entries` as `talk.kept` returns them.

    `tasks` are the lines that stand elsewhere as promises; they answer only a closing question.
    """
    agenda = Agenda(plan)
    first: dict[str, Entry] = {}
    hints: dict[str, Entry] = {}
    for entry in entries:
        agenda.take(entry)
        match entry.event:
            case Asked(question_id) | Answered(question_id) | Ticked(question_id):
                # The agenda knows who overrules whom; only the first cause is kept here.
                if agenda.is_open(question_id):
                    first.pop(question_id, None)
                else:
                    first.setdefault(question_id, entry)
            case Touched(question_id):
                hints.setdefault(question_id, entry)
            case MaybeAsked(question_ids):
                for question_id in question_ids:
                    hints.setdefault(question_id, entry)
            case _:
                pass
    taken = frozenset(
        entry.event.heard_seq for entry in entries if isinstance(entry.event, Asked | MaybeAsked)
    )
    ends = [entry.seq for entry in entries if isinstance(entry.event, CallEnded)]
    evidence = [
        _evidence(question, entry, said, plan, taken, ended=bool(ends) and entry.seq > ends[-1])
        for question_id, entry in first.items()
        if (question := plan.question(question_id))
    ]
    asides = {
        e.event.heard_seq for e in entries if isinstance(e.event, Farewell | MarkHeard | Asked)
    }
    quotable = [
        line for line in said if line.seq not in asides and not _is_goodbye(line, plan.phrases)
    ]
    thanks = {question.id for question in plan.questions if question.thanks}
    replies = Replies(plan, entries, quotable, taken, words)
    evidence = [_surely(one, said, plan, replies, taken) for one in evidence]
    evidence.sort(key=lambda e: (e.start_s, e.entry.seq))
    found = [_asked(e, evidence, replies, agenda, tasks) for e in evidence]
    asked = tuple(question for question in found if question.question_id not in thanks)
    thanked = (q.as_spoken for q in found if q.question_id in thanks and q.as_spoken)
    touched = tuple(_touched(plan, agenda, hints, said, SpokenOf(said, entries, words)))
    spoken_to = {question.question_id for question in (*asked, *touched)} | thanks
    rest = [q for q in plan.questions if q.id not in spoken_to]
    not_asked = tuple(_not_asked(q, agenda, hints, said) for q in rest)
    not_asked = tuple(sorted(not_asked, key=lambda question: not question.must))
    return Answers(asked, touched, not_asked, tuple(thanked))


def _is_goodbye(line: Line, phrases: Phrases) -> bool:
    """Tell whether a line is about ending the call; then it answers nothing."""
    text = f" {' '.join(plain_words(line.text))} "
    return any(f" {phrase} " in text for phrase in phrases.farewell)


def _evidence(
    question: Question,
    entry: Entry,
    said: Sequence[Line],
    plan: Plan,
    taken: Set[int],
    *,
    ended: bool,
) -> _Evidence:
    """Find where a question was asked; lines in `taken` are known to be other questions."""
    match entry.event:
        case Asked(heard_seq=seq) | Answered(heard_seq=seq):
            line = _line(seq, said)
            start_s = line.start_s if line else entry.at_s
            return _Evidence(question, entry, line, start_s, line.end_s if line else start_s)
        case _:
            # A tick of after the call says nothing of when it was asked.
            line = None if ended else _spoken_before(entry.at_s, said, plan)
            if line is not None and line.seq in taken:
                line = None
            window_s = line.end_s if line else entry.at_s
            return _Evidence(question, entry, None, entry.at_s, window_s)


def _surely(
    here: _Evidence, said: Sequence[Line], plan: Plan, replies: Replies, taken: Set[int]
) -> _Evidence:
    """Take the line that surely asks a question and is answered, where the first one is doubtful.

    "I only want to understand how one gets there" may have counted as the question already.
    """
    if here.line is None:
        return here
    event = here.entry.event
    score = event.score if isinstance(event, Asked | Answered) else 0.0
    first = max(score, replies.likeness(here.line, here.question.id))
    if first >= SURELY and _is_question(here.line, plan):
        return here
    others = [
        _Evidence(here.question, here.entry, line, line.start_s, line.end_s)
        for line in said
        if line.start_s > here.start_s
        and line.seq not in taken
        and Channel.THEM not in (line.channel, line.probably)
    ]
    best, likest = here, first + SURER
    for one, after in zip(others, (*others[1:], None), strict=False):
        line = one.line
        if line is None or replies.likeness(line, here.question.id) < likest:
            continue
        ends_s = float("inf") if after is None else after.start_s
        is_told = replies.told(replies.between(one.window_s, ends_s, is_known=True)) > 0
        if is_told and _is_question(line, plan):
            best, likest = one, replies.likeness(line, here.question.id)
    return best


def _spoken_before(at_s: float, said: Sequence[Line], plan: Plan) -> Line | None:
    """Find the question that a tick is about: the user's last one."""
    recent = [
        line
        for line in said
        if line.channel != Channel.THEM and at_s - TICK_LOOKS_BACK_S <= line.start_s <= at_s
    ]
    return next((line for line in reversed(recent) if _is_question(line, plan)), None)


def _is_question(line: Line, plan: Plan) -> bool:
    text = " ".join(plain_words(line.text))
    starts = tuple(f"{start} " for start in plan.phrases.question_starts)
    return line.text.endswith("?") or f"{text} ".startswith(starts)


def _asked(
    here: _Evidence,
    evidence: Sequence[_Evidence],
    replies: Replies,
    agenda: Agenda,
    tasks: Set[int],
) -> AskedQuestion:
    """Tell of one question."""
    ends_s = min((e.start_s for e in evidence if e.start_s > here.start_s), default=float("inf"))
    reply = replies.between(here.window_s, ends_s, here.question.id, is_known=here.line is not None)
    is_told_here = here.question.closing or here.question.referral
    left_out = frozenset[int]() if is_told_here else tasks
    event = here.entry.event
    seqs = (here.entry.seq,) if here.line is None else (here.line.seq, here.entry.seq)
    telling = reply.telling
    return AskedQuestion(
        question_id=here.question.id,
        text=here.question.text,
        must=here.question.must,
        start_s=here.start_s,
        found="ticked" if isinstance(event, Ticked) else "heard",
        score=event.score if isinstance(event, Asked | Answered) else None,
        is_answered=agenda.standing(here.question.id) == "answered",
        as_spoken=quote(here.line.channel, here.line.words) if here.line else None,
        best=replies.best(reply, here.question, left_out),
        was_reply=bool(reply.lines),
        answer_seqs=tuple(line.seq for line in telling),
        seqs=seqs,
        fullness=replies.fullness(reply),
        passage=tuple(quote(line.channel, line.words, WHOLE) for line in telling),
        left_open=replies.left_open(reply),
    )


def _touched(
    plan: Plan,
    agenda: Agenda,
    hints: dict[str, Entry],
    said: Sequence[Line],
    spoken_of: SpokenOf,
) -> list[TouchedQuestion]:
    found: list[TouchedQuestion] = []
    for question in plan.questions:
        entry = hints.get(question.id)
        # What I have not asked, nobody can speak to unasked; whom else to ask, they may.
        is_mine_alone = question.closing and not question.referral
        if (
            entry is None
            or question.thanks
            or is_mine_alone
            or agenda.standing(question.id) != "touched"
        ):
            continue
        if isinstance(entry.event, Touched) and (line := _line(entry.event.heard_seq, said)):
            around = spoken_of.passage(question)
            theirs = [li for li in around if li.channel is not Channel.ME and not li.is_filler]
            found.append(
                TouchedQuestion(
                    question.id,
                    question.text,
                    question.must,
                    quote(line.channel, line.words, LONGEST_QUOTE),
                    (line.seq, entry.seq),
                    # A stretch elsewhere speaks of something else.
                    tuple(
                        quote(li.channel, li.words, WHOLE)
                        for li in (theirs if line in theirs else [line])
                    ),
                )
            )
    return sorted(found, key=lambda touched: touched.quote.start_s)


def _not_asked(
    question: Question, agenda: Agenda, hints: dict[str, Entry], said: Sequence[Line]
) -> NotAsked:
    entry = hints.get(question.id)
    line = None
    if entry and isinstance(entry.event, MaybeAsked) and agenda.standing(question.id) == "maybe":
        line = _line(entry.event.heard_seq, said)
    maybe = quote(line.channel, line.words, LONGEST_QUOTE) if line else None
    seqs = (line.seq, entry.seq) if line and entry else ()
    return NotAsked(question.id, question.text, question.must, maybe, seqs)


def _line(seq: int, said: Sequence[Line]) -> Line | None:
    return next((line for line in said if line.seq == seq), None)
