"""The heart of a call on a few lines: the best answers, what had weight, what the user marked.

Reads answers, marks, weighty lines and figures. Law: a line stands here once, in the order it was
said; a call with little in it has few or none.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Literal, TypeAlias

import msgspec

from assistant.notes.answers import AskedQuestion
from assistant.notes.learned import Figure, Recommendation
from assistant.notes.moments import Moment
from assistant.notes.talk import Quote, plain_words

MOST = 10
"""So many fit on a page beside the rest."""
FEWEST_WORDS = 6
"""A shorter line says little by itself."""

Why: TypeAlias = Literal["answer", "advice", "figure", "mark", "weight"]
_WORTH: Mapping[Why, float] = {
    "mark": 3.0,
    "answer": 2.0,
    "weight": 1.5,
    "advice": 1.2,
    "figure": 0.8,
}


class KeyPoint(msgspec.Struct, frozen=True):
    """One line of theirs, and why it stands here."""

    quote: Quote
    why: Why


def key_points(
    asked: Sequence[AskedQuestion],
    moments: Sequence[Moment],
    weighty: Sequence[Quote],
    echoed: Sequence[Quote],
    recommended: Sequence[Recommendation],
    figures: Sequence[Figure],
    hidden: Set[int] = frozenset(),
) -> tuple[KeyPoint, ...]:
    """Choose the lines a friend would put on one page; none of the entries in `hidden`."""
    worth: dict[tuple[int, ...], float] = {}
    points: dict[tuple[int, ...], KeyPoint] = {}

    def add(why: Why, quotes: Iterable[Quote], share: float = 1.0) -> None:
        for quote in quotes:
            if len(plain_words(quote.text)) < FEWEST_WORDS or not hidden.isdisjoint(quote.seqs):
                continue
            worth[quote.seqs] = worth.get(quote.seqs, 0.0) + _WORTH[why] * share
            points.setdefault(quote.seqs, KeyPoint(quote, why))

    # A name that was asked for again marks nothing of what was said before it.
    marks = (moment for moment in moments if moment.kind != "name")
    add("mark", [moment.context for moment in marks if moment.context])
    for question in asked:
        # The longer of two good lines tells more.
        best = sorted(question.best, key=lambda quote: -len(plain_words(quote.text)))
        add("answer", best[:1], 1.0 + 0.3 * question.must)
        add("answer", best[1:], 0.6)
    add("weight", echoed)
    add("weight", weighty)
    add("advice", [one.quote for one in recommended if one.kind == "advice"])
    add("figure", [figure.quote for figure in figures])
    chosen = sorted(points, key=lambda seqs: (-worth[seqs], points[seqs].quote.start_s))[:MOST]
    return tuple(sorted((points[seqs] for seqs in chosen), key=lambda point: point.quote.start_s))
