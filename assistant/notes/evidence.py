"""Where a prepared question was asked.

Reads what was found of it, and the lines. Law: a question is asked where the words that are most
surely it were said and answered; a tick belongs to the user's last question before it.
"""

from collections.abc import Mapping, Sequence, Set

import msgspec

from assistant.events import Answered, Asked, Channel, Entry, MaybeAsked, Understood
from assistant.minds.agenda import Agenda
from assistant.notes.replies import Replies
from assistant.notes.talk import Line, plain_words
from assistant.plan import Plan, Question

LATE = 2 / 3
"""From this share of a call on it was time for the closing questions."""
SURELY = 0.9
"""So like a question are words that surely ask it, 0 to 1."""
SURER = 0.1
"""So much more like it are words that ask it in place of the first ones."""
TICK_LOOKS_BACK_S = 180.0
"""A tick belongs to the last question the user spoke within so long."""


class Evidence(msgspec.Struct, frozen=True):
    """Where a question was asked."""

    question: Question
    entry: Entry
    line: Line | None
    """The line it was asked in; None when it was ticked."""
    start_s: float
    window_s: float
    """From here on it is the answer."""


def asked_late(
    plan: Plan,
    agenda: Agenda,
    hints: Mapping[str, Entry],
    entries: Sequence[Entry],
    said: Sequence[Line],
) -> dict[str, Entry]:
    """Return the closing questions that were doubted as too early, in a call that ended early."""
    likeness = {
        e.event.heard_seq: e.event.likeness for e in entries if isinstance(e.event, Understood)
    }
    late_s = LATE * max((line.end_s for line in said), default=0.0)
    found: dict[str, Entry] = {}
    for question in plan.questions:
        entry = hints.get(question.id)
        if entry is None or not question.closing or agenda.standing(question.id) != "maybe":
            continue
        asking = (
            line
            for line in said
            if Channel.THEM not in (line.channel, line.probably)
            and line.start_s >= late_s
            and likeness.get(line.seq, {}).get(question.id, 0.0) >= plan.dials.asked_at
        )
        if line := next(asking, None):
            event = MaybeAsked((question.id,), line.seq)
            found[question.id] = msgspec.structs.replace(entry, event=event)
    return found


def evidence_of(
    question: Question,
    entry: Entry,
    said: Sequence[Line],
    plan: Plan,
    taken: Set[int],
    *,
    ended: bool,
) -> Evidence:
    """Find where a question was asked; lines in `taken` are known to be other questions."""
    match entry.event:
        case Asked(heard_seq=seq) | Answered(heard_seq=seq) | MaybeAsked(heard_seq=seq):
            line = line_of(seq, said)
            start_s = line.start_s if line else entry.at_s
            return Evidence(question, entry, line, start_s, line.end_s if line else start_s)
        case _:
            # A tick of after the call says nothing of when it was asked.
            line = None if ended else _spoken_before(entry.at_s, said, plan)
            if line is not None and line.seq in taken:
                line = None
            window_s = line.end_s if line else entry.at_s
            return Evidence(question, entry, None, entry.at_s, window_s)


def surely_asked(
    here: Evidence, said: Sequence[Line], replies: Replies, taken: Set[int]
) -> Evidence:
    """Take the line that surely asks a question and is answered, where the first one is doubtful.

    "I only want to understand how one gets there" may have counted as the question already.
    """
    if here.line is None:
        return here
    event = here.entry.event
    score = event.score if isinstance(event, Asked | Answered) else 0.0
    first = max(score, replies.likeness(here.line, here.question.id))
    if first >= SURELY and replies.is_question(here.line):
        return here
    others = [
        Evidence(here.question, here.entry, line, line.start_s, line.end_s)
        for line in said
        if line.start_s > here.start_s
        and line.seq not in taken
        and Channel.THEM not in (line.channel, line.probably)
    ]
    best, likest = here, first + SURER
    for one in others:
        line = one.line
        if line is None or replies.likeness(line, here.question.id) < likest:
            continue
        reply = replies.between(one.window_s, float("inf"), here.question.id, is_known=True)
        if replies.told(reply) and replies.is_question(line):
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


def line_of(seq: int, said: Sequence[Line]) -> Line | None:
    """Return the line of that number; None where it does not count as said."""
    return next((line for line in said if line.seq == seq), None)
