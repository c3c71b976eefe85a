"""A call's notes put into sentences by a language model, piece by piece, and only what holds.

Asks for one piece after the other and checks each sentence. Law: whatever comes back, or nothing,
the result is a value and no error; what was not answered, or did not hold, is missing in it, and
the notes say it as before.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec

from assistant.errors import ModelError
from assistant.events import Entry
from assistant.notes.notes import Notes, learn
from assistant.notes.polished import (
    Polished,
    PolishedAnswer,
    PolishedLetter,
    Sentence,
    mark_of,
)
from assistant.notes.revised import revised
from assistant.notes.talk import Line, kept, lines, plain_words
from assistant.notes.words import Words
from assistant.plan import Plan
from assistant.polishing.chat import Chat, Written
from assistant.polishing.claims import Check, Claim, Held
from assistant.polishing.client import BadAnswer, Unwanted
from assistant.polishing.lexicon import lexicon_of
from assistant.polishing.parties import Stance, cast
from assistant.polishing.prompt import Piece, pieces, questions
from assistant.polishing.statement import Fault
from assistant.wording import Wording

MOST_IN_VAIN = 3
"""After so many bad answers one after the other no more is asked."""
NOTHING_TO_TELL = "There is nothing in this call that a model could tell"
ONE_MICROPHONE = "One microphone heard both, so nobody knows for sure who said what"


class Step(msgspec.Struct, frozen=True):
    """What is waited for now."""

    number: int
    of: int
    piece: Piece


Tell: TypeAlias = Callable[[Step], None]


class _Piece(msgspec.Struct, frozen=True):
    """What came of one piece."""

    piece: Piece
    sentences: tuple[Sentence, ...]
    dropped: tuple[Fault, ...]
    why: str = ""
    """Why there is nothing of it."""


def polish(
    plan: Plan, entries: Sequence[Entry], words: Words, wording: Wording, chat: Chat, tell: Tell
) -> Polished:
    """Have a model write about a call, and keep what holds.

    Takes as long as the model does: a question for each answer and four more. Raises InputError
    where the language has no check, Refused where words may not go there.
    """
    lexicon = lexicon_of(wording)
    notes = learn(plan, entries, words)
    said = lines(plan, kept(plan, revised(entries)), words)
    asking = questions(notes, said, plan.phrases.question_starts)
    others = [up.name for up in notes.people] + [one.name for one in notes.referrals]
    check = Check(lexicon, cast(plan, others, words.names_with_other_meanings), said, asking)
    wanted = pieces(notes, said, lexicon)
    empty = Polished(status="partial", model=chat.model, entries=mark_of(entries))
    if not wanted:
        why = ONE_MICROPHONE if said and not _is_told_apart(said) else NOTHING_TO_TELL
        return msgspec.structs.replace(empty, reason=f"{why}.")
    done = _written(wanted, notes, wording, chat, check, tell)
    return _together(empty, done)


def _is_told_apart(said: Sequence[Line]) -> bool:
    return any(line.channel.value != "unclear" for line in said)


def _written(
    wanted: Sequence[Piece],
    notes: Notes,
    wording: Wording,
    chat: Chat,
    check: Check,
    tell: Tell,
) -> list[_Piece]:
    """Ask for every piece; what ends the asking is told of the pieces that are left."""
    done: list[_Piece] = []
    in_vain = 0
    for number, piece in enumerate(wanted, 1):
        tell(Step(number, len(wanted), piece))
        rules, question = _texts(piece, notes, wording)
        try:
            written = chat.sentences(rules, question)
        except BadAnswer as error:
            in_vain += 1
            done.append(_Piece(piece, (), (), str(error)))
            if in_vain == MOST_IN_VAIN:
                return done + [_Piece(left, (), (), str(error)) for left in wanted[number:]]
        except (ModelError, Unwanted) as error:
            return done + [_Piece(left, (), (), str(error)) for left in wanted[number - 1 :]]
        else:
            in_vain = 0
            done.append(_checked(piece, written, check))
    return done


def _texts(piece: Piece, notes: Notes, wording: Wording) -> tuple[str, str]:
    """Return the rules and the question that a model is given."""
    called = notes.header.called
    is_letter = piece.stance == Stance.LETTER
    rules = wording.render("polish.rules", letter=is_letter, called=called)
    question = wording.render(
        f"polish.{piece.kind}",
        called=called,
        question=piece.question,
        most=piece.most,
        lines=msgspec.to_builtins(piece.lines),
        left_out=piece.left_out,
        gap_at=piece.gap_at,
    )
    return rules.strip(), question.strip()


def _checked(piece: Piece, written: Sequence[Written], check: Check) -> _Piece:
    """Keep what holds; of that so many sentences as were asked for, each once."""
    starts_s = {line.seq: line.start_s for line in piece.lines}
    sentences: list[Sentence] = []
    faults: list[Fault] = []
    told: set[tuple[str, ...]] = set()
    for one in written:
        held = check.hold(Claim(one.text, one.entries), piece.stance, piece.seqs, piece.topic)
        if not isinstance(held, Held):
            faults.append(held)
            continue
        spelled = tuple(plain_words(held.text))
        if spelled in told or len(sentences) == piece.most:
            faults.append("again" if spelled in told else "too many")
            continue
        told.add(spelled)
        start_s = min(starts_s[seq] for seq in held.seqs)
        sentences.append(Sentence(held.text, start_s, held.seqs))
    return _Piece(piece, tuple(sentences), tuple(faults))


def _together(empty: Polished, done: Sequence[_Piece]) -> Polished:
    """Put the pieces together, and say what is missing and why."""
    of_kind = {it.piece.kind: it.sentences for it in done if it.piece.kind != "answer"}
    answers = tuple(
        PolishedAnswer(it.piece.question_id, it.sentences)
        for it in done
        if it.piece.kind == "answer" and it.sentences
    )
    missing = [it for it in done if not it.sentences]
    why = next((it.why for it in missing if it.why), "Nothing in the answer held.")
    reason = f"{len(missing)} of {len(done)} pieces stand as they were said. {why}"
    return msgspec.structs.replace(
        empty,
        status="partial" if missing else "complete",
        reason=reason if missing else "",
        overview=of_kind.get("overview", ()),
        answers=answers,
        letter=PolishedLetter(
            said=of_kind.get("said", ()),
            mine=of_kind.get("mine", ()),
            theirs=of_kind.get("theirs", ()),
        ),
        kept=sum(len(it.sentences) for it in done),
        dropped=dict(Counter(fault for it in done for fault in it.dropped)),
    )
