"""What a language model made of the notes, sentence by sentence: a value beside them.

Reads nothing; `assistant.polishing` makes it. Law: every sentence names the entries it stands on;
what is not here stands in the notes as it was said, so an empty one changes nothing. It fits one
state of a call's entries and no other.
"""

import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec

from assistant.events import AFTERWARDS, Entry, to_line
from assistant.notes.revised import promise_changes, revised

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


OFF = Polished()
"""No model was asked."""


def mark_of(entries: Iterable[Entry]) -> str:
    """Return what tells a call's entries from others that say something else: SHA-256, in hex.

    Of the entries as they are read, corrections and all. That a promise was kept since makes no
    other text of it; that it was none does.
    """
    entries = tuple(entries)
    digest = hashlib.sha256()
    for entry in revised(entries):
        if not isinstance(entry.event, AFTERWARDS):
            digest.update(to_line(entry) + b"\n")
    for change in promise_changes(entries):
        if change.state not in {"open", "done"}:
            digest.update(msgspec.json.encode(change) + b"\n")
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
