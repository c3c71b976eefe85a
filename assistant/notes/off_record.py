"""What they asked to keep off the record.

Reads the lines; finds where the other side asks not to be quoted, and what that covers: all they
said in that turn, before it and after it, since nobody can tell which, unless they say that it is
about what comes; of one microphone for both, what was said so near. Law: rather too much than too
little: what is covered stands in no letter, in no advice and not among the heart of a call, and an
answer is told by its other lines.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from assistant.events import Channel, Heard
from assistant.minds.spoken import (
    Utterances,
    Words,
    find,
    phrases_of,
    starts_with,
    without,
    words_of,
)
from assistant.notes.talk import Line, Quote, passages, quote, seqs_of
from assistant.notes.words import AnswerWords

NEAR_S = 30.0
"""So long before it, what they said may be meant ..."""
AHEAD_S = 60.0
"""A turn that begins so late is about something else, unless they say when it is over ..."""
LONGEST_S = 300.0
"""... which they do within so long."""
FEW_WORDS = 6
"""... with no more than so many words of mine between."""

TOLD_WORDS = 9
"""So many words before the wish, somebody in a story may begin to speak."""
APART_WORDS = 5
"""In a wish of two parts no more words stand between: "leave that couple out of your notes"."""
_SENTENCE = re.compile(r"(?<=[.?!])\s+")


class OffRecord(msgspec.Struct, frozen=True):
    """One such wish."""

    quote: Quote
    """The line that asks it."""
    seqs: tuple[int, ...]
    """All that it covers, that line among them."""


def off_record(
    said: Sequence[Line], words: AnswerWords, utterances: Utterances
) -> tuple[OffRecord, ...]:
    """Return the wishes in their order.

    "I'd leave my name out" is none where it answers "may I mention you to her?".
    """
    by_seq = {line.seq: line for line in said}
    answering = {
        line.seq
        for before, line in pairwise(said)
        if before.channel is not line.channel and utterances.asks_for_name(before.text)
    }
    found: list[OffRecord] = []
    open_s = _on_record_again_s(said, words)
    for passage in passages(said):
        seqs = seqs_of(passage.words)
        lines = [by_seq[seq] for seq in seqs]
        asking = [
            line
            for n, line in enumerate(lines)
            if line.seq not in answering
            and asks_off_record(line, words)
            and asks_off_record(line, words, before=" ".join(one.text for one in lines[:n]))
        ]
        if not asking:
            continue
        if passage.channel is Channel.UNCLEAR:
            # Both voices are in it.
            seqs = tuple(line.seq for line in lines if _apart_s(line, asking) <= NEAR_S)
        around: tuple[int, ...] = ()
        is_ahead = _is_led(asking[0], words.off_record_ahead, words.off_record_into, words)
        is_led = is_ahead or _is_led(asking[0], words.off_record_either, (), words)
        if is_ahead:
            # "Now this next thing": what they said before it stands.
            seqs = tuple(line.seq for line in lines if line.start_s >= asking[0].start_s)
        if is_led:
            around = _behind(said, lines[-1])
        elif asking[0].seq == seqs[0]:
            # Who asks it first of all means what went before as well.
            around = _before(said, asking[0])
        ends_s = min((at_s for at_s in open_s if at_s > asking[0].start_s), default=float("inf"))
        if is_led and ends_s - asking[0].start_s <= LONGEST_S:
            around += tuple(li.seq for li in said if asking[0].start_s < li.start_s < ends_s)
        covered = {seq for seq in (*around, *seqs) if by_seq[seq].start_s < ends_s}
        found.append(OffRecord(quote(passage.channel, asking[0].words), tuple(sorted(covered))))
    return tuple(found)


def asks_off_record(said: Heard | Line, words: AnswerWords, before: str = "") -> bool:
    """Tell whether a line of the other side asks it; `before` is what they said in that turn."""
    if Channel.ME in (said.channel, said.probably):
        return False
    # "Not off the record, but don't quote me by name": the second half asks it all the same.
    hedged = (f"{h} {d}" for h in words.off_record_hedged for d in words.off_record_hedges)
    spoken = without(words_of(said.text), phrases_of((*words.off_record_not, *hedged)))
    if find((*words_of(before), *spoken), phrases_of(words.off_record_refers)):
        # "She's on LinkedIn, but keep my name out of it": only their name is kept back.
        spoken = without(spoken, phrases_of(words.off_record_names))
    if _wish_in(spoken, words) is None:
        return False
    wishing = [p for p in _SENTENCE.split(said.text) if _wish_in(words_of(p), words) is not None]
    return not wishing or not all(_is_told(words_of(part), words) for part in wishing)


def _is_told(sentence: Words, words: AnswerWords) -> bool:
    """Tell whether somebody in a story said it: "he says turn that off, it's off the record"."""
    wish = _wish_in(sentence, words) or 0
    told = sentence[max(0, wish - TOLD_WORDS) : wish]
    return find(told, phrases_of(words.off_record_told)) is not None


def _wish_in(spoken: Words, words: AnswerWords) -> int | None:
    """Return at which word the wish begins; None where there is none."""
    if wish := find(spoken, phrases_of(words.off_record)):
        return wish[0]
    # "Would you leave that couple out of your notes?"
    for first, last in words.off_record_apart:
        begins, ends = phrases_of(first), phrases_of(last)
        for at in range(len(spoken)):
            length = starts_with(spoken, begins, at)
            behind = find(spoken[at + length :], ends) if length else None
            if behind and behind[0] <= APART_WORDS:
                return at
    return None


def _is_led(line: Line, leads: Sequence[str], into: Sequence[str], words: AnswerWords) -> bool:
    """Tell whether one of these stands before the wish: "now this next thing is off the record".

    Those of `into` stand right before it: "I want to go off the record".
    """
    spoken = words_of(line.text)
    wish = _wish_in(spoken, words)
    if wish is None:
        return False
    is_into = wish > 0 and spoken[wish - 1] in into
    return is_into or find(spoken[:wish], phrases_of(leads)) is not None


def _on_record_again_s(said: Sequence[Line], words: AnswerWords) -> list[float]:
    """Return when they say that one may write again."""
    ends = phrases_of(words.off_record_ends)
    theirs = (line for line in said if Channel.ME not in (line.channel, line.probably))
    return [line.start_s for line in theirs if find(words_of(line.text), ends)]


def _apart_s(line: Line, others: Sequence[Line]) -> float:
    return min(max(o.start_s - line.end_s, line.start_s - o.end_s, 0.0) for o in others)


def _before(said: Sequence[Line], line: Line) -> tuple[int, ...]:
    """Return their last turn before a line, if a mere word or two of mine stands between."""
    theirs = list(passages([one for one in said if one.start_s < line.start_s]))
    while theirs and theirs[-1].channel is Channel.ME and len(theirs[-1].words) <= FEW_WORDS:
        theirs.pop()
    if not theirs or theirs[-1].channel is not line.channel:
        return ()
    last = theirs[-1]
    return seqs_of(last.words) if line.start_s - last.end_s <= NEAR_S else ()


def _behind(said: Sequence[Line], line: Line) -> tuple[int, ...]:
    """Return their next turns, while a mere word or two of mine stands between: "Okay."."""
    found: tuple[int, ...] = ()
    last_s = line.end_s
    for turn in passages([one for one in said if one.start_s > line.start_s]):
        is_mine = turn.channel is not line.channel
        if is_mine and len(turn.words) > FEW_WORDS:
            break
        if turn.start_s - last_s > NEAR_S or turn.start_s - line.end_s > AHEAD_S:
            break
        found += () if is_mine else seqs_of(turn.words)
        last_s = turn.end_s
    return found
