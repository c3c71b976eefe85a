"""A task in the making, and how it is written down.

Law: a task is written in the words it was spoken in, but for who is meant: "send me the list", said
by Dana, becomes "send Dana the list".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from assistant.events import Channel
from assistant.notes.acts import Act
from assistant.notes.talk import Quote, Spoken, clean, plain
from assistant.notes.task_words import PromiseWords
from assistant.understanding.dates import SpokenDate

Kind: TypeAlias = Literal["promise", "advice", "request"]


@dataclass(slots=True)
class Task:
    """A task in the making."""

    owner: Channel
    kind: Kind
    what: str
    quote: Quote
    seqs: list[int]
    due: SpokenDate | None
    said_by: Channel
    last_by: Channel
    """Who spoke of it last; who says "scratch that" takes back what they said themselves."""
    said_s: float
    sentence: int
    """The number of the last sentence that belongs to it."""
    is_agreed: bool
    is_wish: bool = False
    """Its owner asked whether they may: whoever says something short to that lets them."""
    is_gone: bool = False


def other_of(channel: Channel) -> Channel:
    """Return the other side; of nobody known, nobody known."""
    others = {Channel.ME: Channel.THEM, Channel.THEM: Channel.ME}
    return others.get(channel, Channel.UNCLEAR)


def written(
    clause: Sequence[Spoken], act: Act, channel: Channel, words: PromiseWords, name: str
) -> str:
    """Write the task as the user would: "send Dana the outline"."""
    called = name or words.nobody
    swaps: Mapping[str, str] = {}
    if act.kind == "asking":
        swaps = words.asked_me
    elif channel == Channel.ME:
        swaps = words.you
    elif act.kind in ("request", "advice"):
        swaps = words.me
    if not name and swaps:
        swaps = {**swaps, **words.whose}
    written: list[str] = []
    is_named = False
    for word, before in zip(clause, ("", *(plain(word.text) for word in clause)), strict=False):
        swap = None if before in words.kept_after else swaps.get(plain(word.text))
        if swap and before in words.subject_after and channel is Channel.ME:
            # "Before they fly", not "before Dana fly".
            swap = words.as_subject.get(plain(word.text), swap)
        if swap and is_named:
            # "Read Ruth their quotes", not "Ruth Ruth's".
            swap = words.again.get(plain(word.text), swap)
        is_named |= swap is not None and act.kind != "asking" and channel is Channel.ME
        written.append(swap.format(name=called) if swap else word.text)
    return clean(" ".join(written)).rstrip(".,;:!?")
