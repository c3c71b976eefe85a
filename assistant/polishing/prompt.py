"""What a model is shown: for each piece of writing the lines it needs, with the numbers of entries.

Reads the notes and the lines. Law: pure; only what the notes quote is shown, nothing that speaks to
a machine, nothing of which nobody knows who said it, and no more than fits a small model's memory;
what was left out for that is counted.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Literal

import msgspec

from assistant.events import Channel
from assistant.notes.answers import AskedQuestion
from assistant.notes.notes import Notes
from assistant.notes.talk import Line, Passage, Quote, clean, passages, plain_words
from assistant.polishing.lexicon import Lexicon
from assistant.polishing.parties import Stance

LONGEST_LETTERS = 6000
"""Of all lines of a piece: some 1,500 tokens, for many servers give a model 4,096 in all, and drop
the begin of what is longer without a word."""
LONGEST_LINE_LETTERS = 1200
"""A longer line is shown to here; what it says later can not be told."""
OVERVIEW_LINES = 2
"""So many of the best lines of each answer stand in for it."""

Kind = Literal["overview", "answer", "said", "mine", "theirs"]
"""What is to be written: the overview, the answer to one question, a paragraph of the letter."""


class Shown(msgspec.Struct, frozen=True):
    """One line, as it is shown."""

    seq: int
    channel: Channel
    start_s: float
    text: str


class Piece(msgspec.Struct, frozen=True):
    """One piece of writing that a model is asked for."""

    kind: Kind
    stance: Stance
    most: int
    """Sentences."""
    lines: tuple[Shown, ...]
    left_out: int = 0
    """Lines for which there was no room, between the begin and the end."""
    gap_at: int = 0
    """How many lines stand before that gap."""
    question: str = ""
    question_id: str = ""
    topic: tuple[int, ...] = ()
    """The entries in which it was asked."""

    @property
    def seqs(self) -> tuple[int, ...]:
        """The entries that may be cited."""
        return tuple(line.seq for line in self.lines)


def pieces(notes: Notes, said: Sequence[Line], lexicon: Lexicon) -> tuple[Piece, ...]:
    """Return what is to be written about a call, in the order it is asked for."""
    usable = {line.seq: line for line in said if line.channel != Channel.UNCLEAR}
    for seq in _to_machines(passages(said), lexicon) | notes.unquotable:
        usable.pop(seq, None)
    best = [quote for asked in notes.asked for quote in asked.best[:OVERVIEW_LINES]]
    points = [point.quote for point in notes.key_points]
    promised = [promise for promise in notes.promises if promise.state != "dropped"]
    theirs = [q for q in (*points, *best) if q.channel == Channel.THEM]
    mine = [p.quote for p in promised if p.quote.channel == p.owner == Channel.ME]
    offered = [p.quote for p in promised if p.quote.channel == Channel.THEM]
    offered += [referral.why for referral in notes.referrals]
    everything = [*points, *best, *(promise.quote for promise in promised)]
    tasks = frozenset(_seqs(promise.quote for promise in promised))
    wanted: list[tuple[Kind, Stance, int, Sequence[Quote]]] = [
        ("said", Stance.LETTER, 2, theirs),
        ("mine", Stance.LETTER, 2, mine),
        ("theirs", Stance.LETTER, 2, offered),
        ("overview", Stance.SUMMARY, 4, everything),
    ]
    found = [
        msgspec.structs.replace(
            _piece("answer", Stance.SUMMARY, 2, _of_answer(q, tasks), usable),
            question=clean(q.text),
            question_id=q.question_id,
            topic=_seqs(_one(q.as_spoken)),
        )
        for q in notes.asked
        if q.answer_seqs
    ]
    # Short ones first: of a server that is too slow for the last, they are there.
    found += [
        _piece(kind, stance, most, _seqs(quotes), usable) for kind, stance, most, quotes in wanted
    ]
    # The question alone says nothing that could be told.
    return tuple(piece for piece in found if set(piece.seqs) - set(piece.topic))


def questions(notes: Notes, said: Sequence[Line], starts: Iterable[str]) -> frozenset[int]:
    """Return the lines that ask: those of the sheet's questions, and what begins as one of mine."""
    begins = tuple(f"{start} " for start in starts)
    known = {seq for asked in notes.asked for seq in _seqs(_one(asked.as_spoken))}
    return frozenset(known) | {
        line.seq
        for line in said
        if line.channel != Channel.THEM
        and not any(mark in line.text for mark in ".?!")
        and f"{' '.join(plain_words(line.text))} ".startswith(begins)
    }


def _one(quote: Quote | None) -> tuple[Quote, ...]:
    return () if quote is None else (quote,)


def _of_answer(asked: AskedQuestion, tasks: Set[int]) -> tuple[int, ...]:
    """Return the entries of a question and its answer; a promise is one where nothing else is."""
    own = tuple(seq for seq in asked.answer_seqs if seq not in tasks)
    return (*_seqs(_one(asked.as_spoken)), *(own or asked.answer_seqs))


def _seqs(quotes: Iterable[Quote]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(seq for quote in quotes for seq in quote.seqs))


def _to_machines(said: Iterable[Passage], lexicon: Lexicon) -> Set[int]:
    """Return the entries of turns in which somebody speaks to a machine."""
    return {
        seq
        for passage in said
        if any(
            f" {phrase} " in f" {' '.join(plain_words(passage.text))} "
            for phrase in lexicon.to_machines
        )
        for seq in passage.seqs
    }


def _piece(
    kind: Kind, stance: Stance, most: int, seqs: Iterable[int], usable: Mapping[int, Line]
) -> Piece:
    lines = sorted(
        (usable[seq] for seq in set(seqs) if seq in usable and not usable[seq].is_filler),
        key=lambda line: (line.start_s, line.seq),
    )
    shown = [
        Shown(line.seq, line.channel, line.start_s, _short(clean(line.text))) for line in lines
    ]
    head, tail = _that_fit(shown)
    return Piece(kind, stance, most, (*head, *tail), len(shown) - len(head) - len(tail), len(head))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE_LETTERS else text[:LONGEST_LINE_LETTERS] + "..."


def _that_fit(shown: Sequence[Shown]) -> tuple[Sequence[Shown], Sequence[Shown]]:
    """Return the lines of the begin and of the end for which there is room."""
    if sum(len(line.text) for line in shown) <= LONGEST_LETTERS:
        return shown, ()
    head = _filled(shown, LONGEST_LETTERS // 2)
    tail = _filled(shown[: len(head) - 1 : -1], LONGEST_LETTERS // 2)
    return head, tail[::-1]


def _filled(shown: Sequence[Shown], letters: int) -> Sequence[Shown]:
    """Return as many of the first lines as have so many letters."""
    for n, line in enumerate(shown):
        letters -= len(line.text)
        if letters < 0:
            return shown[:n]
    return shown
