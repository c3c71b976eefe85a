"""Where a prepared question was asked.

Reads what was found of it, and the lines. Law: a question is asked where the words that are most
surely it were said and answered; a tick belongs to where that question was perhaps asked, else to
the user's last question before it; where the user says it was asked, there it was.
"""

from collections.abc import Iterable, Mapping, Sequence, Set

import msgspec

from assistant.events import Answered, Asked, Channel, Entry, MaybeAsked, Ticked, Understood
from assistant.minds.agenda import Agenda
from assistant.notes.causes import TICK_LOOKS_BACK_S
from assistant.notes.replies import Replies
from assistant.notes.talk import Line, plain_words
from assistant.plan import Plan, Question

LATE = 2 / 3
"""From this share of a call on it was time for the closing questions."""
SO_MANY_WORDS = 0.97
"""So like a closing question are words that ask it before that, too."""
SURELY = 0.9
"""So like a question are words that surely ask it, 0 to 1."""
ALL_BUT = 0.05
"""So little less like a question, a line that came first asked it."""
BETTER = 0.25
"""So much more like a question is another line, with its reply, that asked it."""
SURER = 0.1
"""So much more like it are words that ask it in place of the first ones."""
REPLIED = 0.4
"""By so much more like it is the reply to words that ask it in place of no less likely ones."""
EXACT = 0.99
"""So like a closing question are words that are all but it."""
HARDLY, LIKELY = 0.4, 0.5
"""So like it is a question that a good ear would still take for it ..."""
ANSWERS, NEAR = 0.6, 0.45
"""... if what is said next came so near to it and, where it is only hardly like it, is so like it
itself. These were chosen with labelled calls seen."""
BOTH, ALMOST = 1.05, 0.38
"""So like it are a likely question and what is said next, together, and so near comes the reply."""
SHORT_WORDS = 10
"""A line of no more words is about what it names."""


class Evidence(msgspec.Struct, frozen=True):
    """Where a question was asked."""

    question: Question
    entry: Entry
    line: Line | None
    """The line it was asked in; None when it was ticked and no line is known."""
    start_s: float
    window_s: float
    """From here on it is the answer."""
    is_told: bool = False
    """The user said that this line asked it."""


class Asking(msgspec.Struct, frozen=True):
    """A line of the user's, and what was said next."""

    line: Line
    entry: Entry
    """Where it was understood."""
    likeness: Mapping[str, float]
    """Question -> how like it the line is, 0 to 1."""
    is_question: bool
    """Whether it has the form of one."""
    told: frozenset[str]
    """The words of it that tell something."""
    reply: Mapping[str, float]
    """Question -> how like it the other side's next line is ..."""
    near: Mapping[str, float]
    """... and how near it came to it."""


def askings(entries: Sequence[Entry], said: Sequence[Line], replies: Replies) -> list[Asking]:
    """Return what the user said with the reply to each line, for those who know the whole call."""
    understood = {e.event.heard_seq: e for e in entries if isinstance(e.event, Understood)}
    found: list[Asking] = []
    for n, line in enumerate(said):
        entry = understood.get(line.seq)
        is_theirs = Channel.THEM in (line.channel, line.probably)
        if entry is None or is_theirs or replies.asks_for_name(line):
            continue
        later = said[n + 1 : n + 2]
        is_reply = bool(later) and later[0].channel is not line.channel
        reply = later[0].seq if is_reply else 0
        found.append(
            Asking(
                line,
                entry,
                replies.likenesses(line.seq),
                replies.is_question(line),
                replies.telling_in(line.text),
                replies.likenesses(reply),
                replies.nearness(reply),
            )
        )
    return found


def asked_after_all(
    plan: Plan,
    agenda: Agenda,
    hints: Mapping[str, Entry],
    told: Sequence[Asking],
    taken: Set[int],
    doubted: Mapping[str, float],
    replies: Replies,
    late_s: float,
) -> dict[str, Entry]:
    """Return the questions that were doubted while the call went on and are clear from its end.

    A closing question may have come early in a call that ended early; and what was hardly like a
    question was it all the same where the very next words answer that question.
    """
    found: dict[str, Entry] = {}
    for question in plan.questions:
        is_open = agenda.is_open(question.id) or question.id in doubted
        if not is_open or question.thanks:
            continue
        # Where it seemed to be asked before already, only words as like it ask it now.
        least = max(plan.dials.asked_at, doubted.get(question.id, 0.0))
        words = replies.telling_in(" ".join((question.text, *question.aliases)))
        asked = (
            one
            for one in told
            if one.line.seq not in taken
            # What the user said of it since stands.
            and one.line.seq > agenda.ticked_seq(question.id)
            and (
                (question.closing and _is_late(one, question.id, late_s, least))
                or _is_answered(one, question.id, words)
            )
        )
        if one := next(asked, None):
            entry = hints.get(question.id, one.entry)
            event = MaybeAsked((question.id,), one.line.seq)
            found[question.id] = msgspec.structs.replace(entry, event=event)
    return found


def doubted_after_all(
    plan: Plan, first: Mapping[str, Entry], said: Sequence[Line], late_s: float
) -> dict[str, float]:
    """Return the closing questions that were heard long before the close, in other words.

    Each with how like it those were. "May I bring you back to the hospital for a moment" is no
    wish to visit it.
    """
    found: dict[str, float] = {}
    for question_id, entry in first.items():
        question = plan.question(question_id)
        match entry.event:
            case Asked(heard_seq=seq, score=score) | Answered(heard_seq=seq, score=score) if (
                question and question.closing and not question.thanks and score < SO_MANY_WORDS
            ):
                line = line_of(seq, said)
                if line and line.start_s < late_s:
                    found[question_id] = score
            case _:
                pass
    return found


def late_from_s(said: Iterable[Line]) -> float:
    """Return from when on it was time for the closing questions."""
    return LATE * max((line.end_s for line in said), default=0.0)


def _is_late(one: Asking, question_id: str, late_s: float, least: float) -> bool:
    return one.line.start_s >= late_s and one.likeness.get(question_id, 0.0) >= least


def _is_answered(one: Asking, question_id: str, words: Set[str]) -> bool:
    """Tell whether what was said next answers that question more than any other."""
    both = one.likeness.get(question_id, 0.0) + one.reply.get(question_id, 0.0)
    leads = _leads(one.likeness, question_id, LIKELY) and _leads(one.reply, question_id, HARDLY)
    if one.is_question and leads and both >= BOTH and _leads(one.near, question_id, ALMOST):
        return True
    if not _leads(one.near, question_id, NEAR):
        return False
    if one.is_question and _leads(one.likeness, question_id, LIKELY):
        return True
    if not _leads(one.reply, question_id, ANSWERS):
        return False
    if one.is_question and _leads(one.likeness, question_id, HARDLY):
        return True
    # "And the hours, are they really from seven": its word, and little else.
    return bool(words & one.told) and len(one.line.words) <= SHORT_WORDS


def _leads(scores: Mapping[str, float], question_id: str, least: float) -> bool:
    score = scores.get(question_id, 0.0)
    return score >= least and score >= max(scores.values())


def evidence_of(
    question: Question,
    entry: Entry,
    said: Sequence[Line],
    plan: Plan,
    taken: Set[int],
    *,
    settled: int,
    ended: bool,
) -> Evidence:
    """Find where a question was asked; lines in `taken` are known to be other questions.

    `settled` is the line that perhaps asked it, where a tick says that it did; else 0. `ended`
    tells that the entry is one of after the call.
    """
    match entry.event:
        case Asked(heard_seq=seq) | Answered(heard_seq=seq) | MaybeAsked(heard_seq=seq):
            line = line_of(seq, said)
            start_s = line.start_s if line else entry.at_s
            end_s = line.end_s if line else start_s
            return Evidence(question, entry, line, start_s, end_s, is_told=ended)
        case Ticked() if settled and (line := line_of(settled, said)):
            return Evidence(question, entry, line, line.start_s, line.end_s, is_told=True)
        case _:
            # A tick of after the call says nothing of when it was asked.
            line = None if ended else _spoken_before(entry.at_s, said, plan)
            if line is not None and line.seq in taken:
                line = None
            window_s = line.end_s if line else entry.at_s
            return Evidence(question, entry, None, entry.at_s, window_s)


def asked_before(
    here: Evidence, perhaps: Sequence[Entry], said: Sequence[Line], replies: Replies
) -> Evidence:
    """Take an earlier line that had perhaps asked the question, and was all but as like it.

    Who asks "is there anybody you'd point me at?" and then "how would I get hold of her?" asked
    with the first; `perhaps` is what was found of the question while the call went on.
    """
    event, line = here.entry.event, here.line
    is_closing = here.question.closing and not here.question.referral
    if line is None or here.is_told or is_closing or not isinstance(event, Asked):
        return here
    least = event.score - ALL_BUT
    for entry in perhaps:
        match entry.event:
            case MaybeAsked(question_ids=(_,), heard_seq=seq) if (
                (first := line_of(seq, said))
                and first.start_s < here.start_s
                and replies.is_question(first)
                and replies.likeness(first, here.question.id) >= least
            ):
                return Evidence(here.question, here.entry, first, first.start_s, first.end_s)
            case _:
                pass
    return here


def better_replied(
    here: Evidence, said: Sequence[Line], replies: Replies, taken: Set[int]
) -> Evidence:
    """Take another line that was likely the question, where what was said next answers it better.

    "The total for the year, if it's no secret" is in its words like "what does it cost?"; what it
    costs they told behind "what's the damage?".
    """
    # Whom else to talk to is often asked again.
    is_open = not (here.is_told or here.question.closing)
    if here.line is None or not is_open or not isinstance(here.entry.event, Asked):
        return here
    key = here.question.id
    likeness = max(here.entry.event.score, replies.likeness(here.line, key))
    if likeness >= SURELY and replies.is_question(here.line):
        return here
    best, most = here, likeness + _reply_worth(here.line, key, said, replies) + BETTER
    for line in said:
        is_mine = Channel.THEM not in (line.channel, line.probably)
        is_free = line.seq not in taken and _leads(replies.likenesses(line.seq), key, LIKELY)
        if not (is_mine and is_free and replies.is_question(line)):
            continue
        worth = replies.likeness(line, key) + _reply_worth(line, key, said, replies)
        if worth >= most:
            best, most = Evidence(here.question, here.entry, line, line.start_s, line.end_s), worth
    return best


def _reply_worth(line: Line, question_id: str, said: Sequence[Line], replies: Replies) -> float:
    """Return how like a question, or how near to it, what was said next is."""
    after = next((other for other in said if other.start_s > line.start_s), None)
    if after is None or Channel.ME in (after.channel, after.probably):
        return 0.0
    near = replies.nearness(after.seq).get(question_id, 0.0)
    return max(near, replies.likeness(after, question_id))


def surely_asked(
    here: Evidence, said: Sequence[Line], replies: Replies, taken: Set[int]
) -> Evidence:
    """Take the line that surely asks a question and is answered, where the first one is doubtful.

    "I only want to understand how one gets there" may have counted as the question already. A
    closing question belongs to the close: a later line that is all but it asks it, in place of one
    that was less; whom else to talk to is often asked again, and stays where it was.
    """
    if here.line is None or here.is_told:
        return here
    event = here.entry.event
    score = event.score if isinstance(event, Asked | Answered) else 0.0
    first = max(score, replies.likeness(here.line, here.question.id))
    closing = here.question.closing and not here.question.referral
    if first >= SURELY and replies.is_question(here.line) and not (closing and first < EXACT):
        return here
    others = [
        Evidence(here.question, here.entry, line, line.start_s, line.end_s)
        for line in said
        if line.start_s > here.start_s
        and line.seq not in taken
        and Channel.THEM not in (line.channel, line.probably)
    ]
    best, likest = here, min(EXACT, first + SURER) if closing else first + SURER
    replied = _reply_likeness(here, said, replies)
    for one in others:
        line = one.line
        if line is None:
            continue
        # What is said next is about it, and was not the first time.
        is_replied = _reply_likeness(one, said, replies) >= replied + REPLIED
        least = min(likest, first) if is_replied and best is here else likest
        if replies.likeness(line, here.question.id) < least:
            continue
        reply = replies.between(one.window_s, float("inf"), here.question.id, is_known=True)
        if replies.told(reply) and replies.is_question(line):
            best, likest = one, replies.likeness(line, here.question.id)
    return best


def _reply_likeness(here: Evidence, said: Sequence[Line], replies: Replies) -> float:
    """Return how like the question the next line is, if the other one says it; 0 to 1."""
    after = next((line for line in said if line.start_s > here.start_s), None)
    is_reply = after is not None and here.line is not None
    if after is None or not is_reply or Channel.ME in (after.channel, after.probably):
        return 0.0
    return replies.likeness(after, here.question.id)


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
