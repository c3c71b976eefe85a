"""Two hearings of the same speech: which one is likelier right.

Reads a Heard and the HeardAgain of its stretch. Law: from the facts alone, so that the same journal
always reads the same; a hearing that can not be right never stands in for one that can.

What an engine mishears is known from tests on read speech (`models/catalogue.toml`), and was
written down with the second hearing. That is a rate, not a line: so each line is looked at as well,
for what decoders do when they fail: they stop, say one phrase over and over, or say more than a
mouth can.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from assistant.events import Heard, HeardAgain
from assistant.notes.talk import plain_words

QUICKEST_WORDS_PER_S = 8.0
"""Hurried speech has 5 to 6."""
_FEW = 3
"""So many words more are no sign of anything: a short "yes" has 0.2 s."""
LOOP_TIMES = 3
"""Nobody says a phrase of three or more words so often in a row."""
SHORT_LOOP_TIMES = 5
"""The same of one or two words: "no, no, no, no" happens."""
_LONGEST_PHRASE = 10
LOST_SHARE = 0.5
"""A hearing with less than this share of the other's words has lost a part of the speech."""
TELLING_LOSS = 4
"""From so many words on."""
NEAR = 1.3
"""Rates of errors this near to each other, as a ratio, tell nothing of one call: Moonshine tiny and
Whisper tiny.en are a quarter apart on read speech and change places on the telephone."""
FEWEST_NEW = 2
"""So many words at least where nothing was heard before: of one, decoders make too much."""

Use = Literal["better", "first", "again"]
Doubt = Literal["empty", "loop", "too many words"]


def doubt(text: str, length_s: float) -> Doubt | None:
    """Tell why words can not be what was said in so many seconds; None where they can."""
    words = plain_words(text)
    if not words:
        return "empty"
    if len(words) > _FEW + QUICKEST_WORDS_PER_S * length_s:
        return "too many words"
    return "loop" if _is_loop(words) else None


def is_better(first: Heard | HeardAgain | None, again: HeardAgain) -> bool:
    """Tell whether a later hearing of a stretch is likelier right than what stood there."""
    if doubt(again.text, again.end_s - again.start_s):
        return False
    words = len(plain_words(again.text))
    if first is None:
        return words >= FEWEST_NEW
    if doubt(first.text, first.end_s - first.start_s):
        return True
    before = len(plain_words(first.text))
    if before >= TELLING_LOSS and words < LOST_SHARE * before:
        return False
    rate = again.word_errors
    known = first.word_errors if isinstance(first, HeardAgain) else again.first_word_errors
    # Where nobody knows, the user does: they asked for this engine.
    return rate is None or known is None or rate < known * NEAR


def chosen(first: Heard | None, again: Iterable[HeardAgain], use: Use) -> HeardAgain | None:
    """Return the hearing to read in place of the first one; None where that one stands."""
    best: Heard | HeardAgain | None = first
    for hearing in again:
        wins = plain_words(hearing.text) if use == "again" else is_better(best, hearing)
        if use != "first" and wins:
            best = hearing
    return best if isinstance(best, HeardAgain) else None


def as_heard(again: HeardAgain, first: Heard | None) -> Heard:
    """Return a second hearing as the line it stands for; whose voice it was stays."""
    told = Heard(
        again.channel,
        again.start_s,
        again.end_s,
        again.text,
        again.words,
        again.engine,
        as_heard=again.as_heard,
    )
    if first is None:
        return told
    return msgspec.structs.replace(
        told,
        echo=first.echo,
        loudness_db=first.loudness_db,
        probably=first.probably,
        certainty=first.certainty,
    )


def _is_loop(words: Sequence[str]) -> bool:
    for size in range(1, _LONGEST_PHRASE + 1):
        least = LOOP_TIMES if size >= LOOP_TIMES else SHORT_LOOP_TIMES
        # So many words in a row that each is the one `size` before it.
        needed, run = (least - 1) * size, 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            if run >= needed:
                return True
    return False
