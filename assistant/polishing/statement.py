"""A sentence and a line, read so that one can be held against the other.

Reads tokens, a lexicon, who is who. Law: values only. What "carries" something is every word but
those that need no evidence, that stand for somebody, or that say how it is meant.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec

from assistant.events import Channel
from assistant.polishing import parties
from assistant.polishing.lexicon import Lexicon
from assistant.polishing.parties import Cast, Mention, Stance
from assistant.polishing.tokens import Token

Fault: TypeAlias = Literal[
    "form",
    "uncited",
    "unknown entry",
    "quotation",
    "number",
    "name",
    "word",
    "order",
    "who",
    "denial",
    "doubt",
    "promise",
    "past",
    "left out",
    "hearsay",
    "empty",
    "again",
    "too many",
]
"""What is wrong with a sentence that is dropped."""


class Heard(msgspec.Struct, frozen=True):
    """One line a model was shown."""

    seq: int
    channel: Channel
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    content: tuple[int, ...]
    """The places of the words that carry something."""

    @property
    def speaker(self) -> frozenset[str]:
        """Who spoke it, as a party."""
        return frozenset((self.channel.value,))


class Statement(msgspec.Struct, frozen=True):
    """One sentence that was written."""

    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    content: tuple[int, ...]
    frames: tuple[int, ...]
    """The places of verbs such as "said", before which stands who spoke."""

    def teller(self, frame: int) -> Mention | None:
        """Return who is said to have spoken, where that stands right before the verb."""
        before = [m for m in self.mentions if m.at < frame and m.is_subject]
        if not before or any(before[-1].at < at < frame for at in self.content):
            return None
        return before[-1]


class Part(msgspec.Struct, frozen=True):
    """Words of a sentence that stand in one line, in its order."""

    line: Heard
    written: tuple[int, ...]
    """Their places in the sentence ..."""
    heard: tuple[int, ...]
    """... and in the line."""
    region: range
    """All of the sentence that they stand for."""

    @property
    def clauses(self) -> frozenset[int]:
        """The clauses of the line that are used."""
        return frozenset(self.line.tokens[at].clause for at in self.heard)

    def clause_groups(self, statement: Statement) -> list[tuple[list[int], frozenset[int]]]:
        """Return which clauses of the sentence, as places in it, stand for which of the line."""
        pairs = {
            (statement.tokens[one].clause, self.line.tokens[other].clause)
            for one, other in zip(self.written, self.heard, strict=True)
        }
        groups: list[tuple[set[int], set[int]]] = []
        for one, other in sorted(pairs):
            met = [group for group in groups if one in group[0] or other in group[1]]
            groups = [group for group in groups if group not in met]
            groups.append(
                (
                    {one}.union(*(group[0] for group in met)),
                    {other}.union(*(group[1] for group in met)),
                )
            )
        # A clause with nothing of the line in it goes with the next: "she thinks, ...".
        homes = {clause: n for n, (written, _) in enumerate(groups) for clause in written}
        places: list[list[int]] = [[] for _ in groups]
        for at in self.region:
            clause = statement.tokens[at].clause
            later = [known for known in homes if known >= clause]
            places[homes[min(later) if later else max(homes)]].append(at)
        return [(at, frozenset(heard)) for at, (_, heard) in zip(places, groups, strict=True)]


def heard(
    seq: int, channel: Channel, tokens: tuple[Token, ...], who: Cast, lexicon: Lexicon, before: str
) -> Heard:
    """Read a line; `before` is the person named last before it."""
    if not any(token.sentence or token.clause for token in tokens):
        tokens = _parted(tokens, lexicon, who)
    mentions = parties.in_line(tokens, channel, who, lexicon, before)
    content = _content(tokens, lexicon, lexicon.heard, who)
    telling = tuple(at for at in content if tokens[at].text not in lexicon.fillers)
    return Heard(seq, channel, tokens, mentions, telling)


def statement(
    tokens: tuple[Token, ...],
    stance: Stance,
    who: Cast,
    lexicon: Lexicon,
    lines: Sequence[Heard],
) -> Statement:
    """Read a sentence that cites these lines."""
    every = lexicon.frames.all
    telling = [at for at, token in enumerate(tokens) if token.text in every]
    # "My boss explained it" is no way of saying that the speaker did.
    said = [token for line in lines for token in line.tokens]
    own = {at for at in telling if any(tokens[at].tells(token) for token in said)}
    frames = tuple(at for at in telling if at not in own)
    content = {*_content(tokens, lexicon, lexicon.written, who), *own} - {*frames}
    mentions = parties.in_sentence(tokens, stance, who, lexicon)
    return Statement(tokens, mentions, tuple(sorted(content)), frames)


def phrases(
    tokens: Sequence[Token], table: Mapping[tuple[str, ...], str]
) -> list[tuple[str, range]]:
    """Find phrases, the longest first, each word in one only; return their kinds and places."""
    found: list[tuple[str, range]] = []
    taken: set[int] = set()
    words = {token.text for token in tokens}
    for phrase, kind in table.items():
        if phrase[0] not in words:
            continue
        size = len(phrase)
        for at in range(len(tokens) - size + 1):
            places = range(at, at + size)
            is_here = all(tokens[at + n].text == word for n, word in enumerate(phrase))
            if is_here and taken.isdisjoint(places):
                taken.update(places)
                found.append((kind, places))
    return found


def _parted(tokens: tuple[Token, ...], lexicon: Lexicon, who: Cast) -> tuple[Token, ...]:
    """Part a line that has no marks where its speaker begins anew: "that would be great i'll send".

    Not where that may hang on what was denied, doubted or only heard: "i don't believe i like it".
    """
    parted: list[Token] = []
    start = clause = 0
    for at, token in enumerate(tokens):
        so_far = tokens[start:at]
        if token.text in lexicon.starts and _content(so_far, lexicon, lexicon.heard, who):
            kinds = {kind for kind, _ in phrases(so_far, lexicon.heard)}
            if not kinds & {"denial", "doubt", "hearsay"}:
                start, clause = at, clause + 1
        parted.append(msgspec.structs.replace(token, clause=clause))
    return tuple(parted)


def _content(
    tokens: Sequence[Token], lexicon: Lexicon, table: Mapping[tuple[str, ...], str], who: Cast
) -> tuple[int, ...]:
    covered = {at for _, places in phrases(tokens, table) for at in places}
    light = lexicon.light | who.them
    return tuple(
        at for at, token in enumerate(tokens) if at not in covered and token.text not in light
    )
