"""One thing to do otherwise next time, and what in this call says so.

Reads what the other notes hold. Law: one suggestion at most, the one that would have changed most,
never without evidence; a call too short to tell has none. The sentence is in the template.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from assistant.notes.answers import AskedQuestion, NotAsked
from assistant.notes.courtesy import Courtesy, CourtesyKind
from assistant.notes.delivery import Delivery

LEAST_S = 180.0
"""A shorter call tells nothing about how one asks."""
MINE_AT_MOST = 0.45
"""Of the talk; who asks about another's work listens most of the time."""
MONOLOGUE_S = 90.0
UNUSED_S = 120.0
"""So much of the agreed time was left, with must-asks open."""
OVER_S = 120.0
MANY_INTERRUPTIONS = 4
FEW_QUESTIONS = 4

SuggestionKind: TypeAlias = Literal[
    "must-asks open",
    "whom else",
    "over time",
    "talk less",
    "long turn",
    "open questions",
    "interruptions",
    "thanks",
    "keep in touch",
]


class Suggestion(msgspec.Struct, frozen=True):
    """One suggestion for next time."""

    kind: SuggestionKind
    values: dict[str, str | int | float]
    """What the sentence fills in."""
    start_s: float
    """Where the evidence is."""
    seqs: tuple[int, ...]


def suggestion(
    asked: Sequence[AskedQuestion],
    not_asked: Sequence[NotAsked],
    courtesies: Sequence[Courtesy],
    delivery: Delivery,
    length_s: float,
    planned_s: float,
    last_seq: int,
) -> Suggestion | None:
    """Return what would have changed most, if anything."""
    if length_s < LEAST_S:
        return None
    done: Mapping[CourtesyKind, Courtesy] = {one.kind: one for one in courtesies}
    musts = [question for question in not_asked if question.must]
    at_end = (length_s, (last_seq,))

    def of(
        kind: SuggestionKind, at: tuple[float, tuple[int, ...]], **values: str | int | float
    ) -> Suggestion:
        return Suggestion(kind, values, *at)

    if musts and planned_s - length_s >= UNUSED_S:
        left_s = round(planned_s - length_s)
        return of("must-asks open", at_end, count=len(musts), left_s=left_s, question=musts[0].text)
    if "asked whom else" in done and not done["asked whom else"].was_done:
        return of("whom else", at_end)
    if length_s - planned_s >= OVER_S:
        return of("over time", at_end, over_s=round(length_s - planned_s))
    share = next((one.share for one in delivery.shares if one.channel.value == "me"), 0.0)
    longest = next((one for one in delivery.longest if one.channel.value == "me"), None)
    if share > MINE_AT_MOST and len(delivery.shares) > 1:
        at = (longest.start_s, longest.seqs) if longest else at_end
        return of("talk less", at, percent=round(share * 100))
    if longest and longest.length_s >= MONOLOGUE_S:
        return of("long turn", (longest.start_s, longest.seqs), length_s=round(longest.length_s))
    if (
        delivery.closed_questions > delivery.open_questions
        and delivery.closed_questions >= FEW_QUESTIONS
    ):
        where = delivery.closed_at[0]
        return of(
            "open questions",
            (where.start_s, where.seqs),
            closed=delivery.closed_questions,
            open=delivery.open_questions,
            example=where.text,
        )
    if len(delivery.interruptions) >= MANY_INTERRUPTIONS:
        first = delivery.interruptions[0]
        return of("interruptions", (first.start_s, first.seqs), count=len(delivery.interruptions))
    if "thanked" in done and not done["thanked"].was_done:
        return of("thanks", at_end)
    if "asked to keep in touch" in done and not done["asked to keep in touch"].was_done:
        return of("keep in touch", at_end)
    return None
