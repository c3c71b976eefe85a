"""One thing to do otherwise next time, and what in this call says so.

Reads what the other notes hold. Law: one suggestion at most, the one that would have changed most,
never without evidence; a call too short to tell has none. The sentence is in the template.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from assistant.events import Channel
from assistant.notes.courtesy import Courtesy
from assistant.notes.delivery import Delivery
from assistant.notes.header import Header
from assistant.notes.unasked import NotAsked

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
    "asked whom else",
    "over time",
    "talk less",
    "long turn",
    "open questions",
    "interruptions",
    "thanked",
    "asked to keep in touch",
]
Where: TypeAlias = tuple[float, tuple[int, ...]]
"""A time of the call, and the entries there."""
LAST: tuple[SuggestionKind, ...] = ("thanked", "asked to keep in touch")
"""Courtesies that are worth a word when nothing else is."""


class Suggestion(msgspec.Struct, frozen=True):
    """One suggestion for next time."""

    kind: SuggestionKind
    values: Mapping[str, str | int | float]
    """What the sentence fills in."""
    start_s: float
    """Where the evidence is."""
    seqs: tuple[int, ...]


def suggestion(
    not_asked: Sequence[NotAsked],
    courtesies: Sequence[Courtesy],
    delivery: Delivery,
    header: Header,
    last_seq: int,
    *,
    was_pointed: bool,
) -> Suggestion | None:
    """Return what would have changed most, if anything; `last_seq` is the call's last entry.

    Who was pointed to somebody (`was_pointed`) has no need to ask whom else to talk to.
    """
    if header.length_s < LEAST_S:
        return None
    left_undone = {one.kind for one in courtesies if not one.was_done}
    left_undone -= {"asked whom else"} if was_pointed else set()
    at_end = (header.length_s, (last_seq,))
    return (
        _of_time(not_asked, left_undone, header, at_end)
        or _of_manner(delivery, at_end)
        or next((Suggestion(kind, {}, *at_end) for kind in LAST if kind in left_undone), None)
    )


def _of_time(
    not_asked: Sequence[NotAsked], left_undone: Collection[str], header: Header, at_end: Where
) -> Suggestion | None:
    """Look at what the time was used for."""
    # What may have been asked is no evidence.
    musts = [question for question in not_asked if question.must and question.maybe is None]
    left_s = round(header.planned_s - header.length_s)
    if musts and left_s >= UNUSED_S:
        values = {"count": len(musts), "left_s": left_s, "question": musts[0].text}
        return Suggestion("must-asks open", values, *at_end)
    if "asked whom else" in left_undone:
        return Suggestion("asked whom else", {}, *at_end)
    return Suggestion("over time", {"over_s": -left_s}, *at_end) if -left_s >= OVER_S else None


def _of_manner(delivery: Delivery, at_end: Where) -> Suggestion | None:
    """Look at how the user asked and listened."""
    share = next((one.share for one in delivery.shares if one.channel is Channel.ME), 0.0)
    longest = next((one for one in delivery.longest if one.channel is Channel.ME), None)
    if share > MINE_AT_MOST and len(delivery.shares) > 1:
        at = (longest.start_s, longest.seqs) if longest else at_end
        return Suggestion("talk less", {"percent": round(share * 100)}, *at)
    if longest and longest.length_s >= MONOLOGUE_S:
        values = {"length_s": round(longest.length_s)}
        return Suggestion("long turn", values, longest.start_s, longest.seqs)
    closed, opened = delivery.closed_questions, delivery.open_questions
    if closed > opened and closed >= FEW_QUESTIONS:
        example = delivery.closed_at[0]
        asked = {"closed": closed, "open": opened, "example": example.text}
        return Suggestion("open questions", asked, example.start_s, example.seqs)
    if len(delivery.interruptions) >= MANY_INTERRUPTIONS:
        first = delivery.interruptions[0]
        times = {"count": len(delivery.interruptions)}
        return Suggestion("interruptions", times, first.start_s, first.seqs)
    return None
