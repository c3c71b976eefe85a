"""What a language model made of the notes, sentence by sentence: a value beside them.

Reads nothing; `assistant.polishing` makes it. Law: every sentence names the entries it stands on;
what is not here stands in the notes as it was said, so an empty one changes nothing. It fits one
state of a call's entries and no other.
"""

import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec

from assistant.events import Entry, to_line

FILE = "polished.json"
FORMAT = 1


class Sentence(msgspec.Struct, frozen=True):
    """One sentence that held."""

    text: str
    """Without the numbers of the entries."""
    start_s: float
    """When the first of what it stands on was said."""
    seqs: tuple[int, ...]


class PolishedAnswer(msgspec.Struct, frozen=True):
    """What was said to a question, in a sentence or two; stands beside the quotes."""

    question_id: str
    start_s: float
    """When it was asked, as in the notes: a question may be asked twice."""
    sentences: tuple[Sentence, ...]


class PolishedLetter(msgspec.Struct, frozen=True):
    """The three paragraphs of the letter; an empty one is written as without a model."""

    said: tuple[Sentence, ...] = ()
    """Something they said, to thank them for."""
    mine: tuple[Sentence, ...] = ()
    """What the user promised."""
    theirs: tuple[Sentence, ...] = ()
    """What they offered, and whom they named."""


class Polished(msgspec.Struct, frozen=True):
    """What a language model made of one call's notes."""

    format: int = FORMAT
    status: Literal["complete", "partial", "off"] = "off"
    """`complete`: everything that was asked for is here. `partial`: some of it, or nothing.
    `off`: no model was asked."""
    reason: str = ""
    """Why it is partial, in a sentence without a word of the call."""
    model: str = ""
    entries: str = ""
    """`mark_of` the entries it was made from."""
    overview: tuple[Sentence, ...] = ()
    answers: tuple[PolishedAnswer, ...] = ()
    letter: PolishedLetter = PolishedLetter()
    kept: int = 0
    dropped: dict[str, int] = {}
    """What was wrong with sentences that were dropped -> how many."""

    def answer(self, question_id: str, start_s: float) -> tuple[Sentence, ...]:
        """Return the sentences to a question that was asked then; none where there are none."""
        return next(
            (
                answer.sentences
                for answer in self.answers
                if (answer.question_id, answer.start_s) == (question_id, start_s)
            ),
            (),
        )


OFF = Polished()
"""No model was asked."""


def mark_of(entries: Iterable[Entry]) -> str:
    """Return what tells entries from any others: SHA-256 over their lines, in hex."""
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(to_line(entry) + b"\n")
    return digest.hexdigest()


def to_json(polished: Polished) -> bytes:
    """Spell it for `polished.json`."""
    return msgspec.json.format(msgspec.json.encode(polished), indent=1) + b"\n"


def fitting(text: bytes, entries: Iterable[Entry]) -> Polished:
    """Read `polished.json`; OFF where it can not be read or was made from other entries."""
    try:
        polished = msgspec.json.decode(text, type=Polished)
    except (ValueError, RecursionError):
        return OFF
    fits = polished.format == FORMAT and polished.entries == mark_of(entries)
    return polished if fits else OFF
