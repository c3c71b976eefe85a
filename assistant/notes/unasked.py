"""Which questions nobody asked: what they spoke to all the same, and what was left.

Reads the agenda, why a question may have come up, and the lines. Law: what is only perhaps so is
shown as such, with the words it hangs on; nothing here ticks a question.
"""

from collections.abc import Iterator, Mapping, Sequence, Set

import msgspec

from assistant.events import Channel, Entry, MaybeAsked, Touched
from assistant.minds.agenda import Agenda
from assistant.minds.spoken import Utterances, utterances_of
from assistant.notes.evidence import line_of
from assistant.notes.replies import LONGEST_QUOTE, WHOLE, Replies
from assistant.notes.spoken_of import SpokenOf
from assistant.notes.talk import Line, Quote, quote
from assistant.plan import Question

MAYBE_LINES = 2
"""So many lines of a reply are quoted where it is not sure that the question was asked."""


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
    replied: tuple[Quote, ...] = ()
    """What was said next to that, once where it may have been several questions."""


def touched_questions(
    agenda: Agenda,
    hints: Mapping[str, Entry],
    said: Sequence[Line],
    spoken_of: SpokenOf,
) -> tuple[TouchedQuestion, ...]:
    """Return what they spoke to unasked, in its order; `hints` is why each may have come up."""
    utterances = utterances_of(agenda.plan.phrases)
    found: list[TouchedQuestion] = []
    for question in agenda.plan.questions:
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
        if isinstance(entry.event, Touched) and (line := line_of(entry.event.heard_seq, said)):
            around = spoken_of.passage(question)
            theirs = [li for li in around if _may_tell(li, utterances)]
            if utterances.has_question(line.text):
                if line.channel is Channel.UNCLEAR or not theirs:
                    # One microphone heard the question itself, or nobody told anything of it.
                    continue
                line = theirs[0]
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
    return tuple(sorted(found, key=lambda touched: touched.quote.start_s))


def not_asked_questions(
    rest: Sequence[Question],
    maybe: Set[str],
    hints: Mapping[str, Entry],
    said: Sequence[Line],
    replies: Replies,
    starts_s: Sequence[float],
) -> tuple[NotAsked, ...]:
    """Return what was neither asked nor touched, must-asks first.

    `maybe` may have been asked, `hints` holds the MaybeAsked or Touched of each; `starts_s` is when
    in the call others were asked.
    """
    utterances = utterances_of(replies.plan.phrases)
    found = [_not_asked(question, maybe, hints, said, utterances) for question in rest]
    found.sort(key=lambda question: not question.must)
    return tuple(_replied(found, starts_s, replies))


def _may_tell(line: Line, utterances: Utterances) -> bool:
    """Tell whether a line may be told by them: it is not the user's, and asks nothing."""
    is_mine = Channel.ME in (line.channel, line.probably)
    return not (is_mine or line.is_filler or utterances.has_question(line.text))


def _not_asked(
    question: Question,
    maybe: Set[str],
    hints: Mapping[str, Entry],
    said: Sequence[Line],
    utterances: Utterances,
) -> NotAsked:
    entry = hints.get(question.id)
    line = None
    if entry and isinstance(entry.event, MaybeAsked) and question.id in maybe:
        line = line_of(entry.event.heard_seq, said)
    elif entry and isinstance(entry.event, Touched):
        # Where one microphone hears both, what spoke to it may have been the question.
        near = line_of(entry.event.heard_seq, said)
        if near and near.channel is Channel.UNCLEAR and utterances.has_question(near.text):
            line = near
    heard = quote(line.channel, line.words, LONGEST_QUOTE) if line else None
    seqs = (line.seq, entry.seq) if line and entry else ()
    return NotAsked(question.id, question.text, question.must, heard, seqs)


def _replied(
    not_asked: Sequence[NotAsked], starts_s: Sequence[float], replies: Replies
) -> Iterator[NotAsked]:
    """Add what was said to what may have been a question."""
    told: set[int] = set()
    for one in not_asked:
        question = replies.plan.question(one.question_id)
        line = line_of(one.seqs[0], replies.said) if one.seqs else None
        if question is None or line is None or line.seq in told:
            yield one
            continue
        told.add(line.seq)
        ends_s = min((s for s in starts_s if s > line.start_s), default=float("inf"))
        reply = replies.between(line.end_s, ends_s, question.id, is_known=True)
        best = replies.best(reply, question, replies.tasks)
        yield msgspec.structs.replace(one, replied=best[:MAYBE_LINES])
