"""Who is meant: the user, the other side, somebody else, wherever words say it.

Reads tokens. Law: pure. "I" in a line is whoever spoke it and "you" the other one; in a sentence
about the call "you" is the user, in a letter "I" is. Who can not be told is never taken for
somebody certain.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

import msgspec

from assistant.events import Channel
from assistant.notes.talk import plain, plain_words
from assistant.plan import Plan
from assistant.polishing.lexicon import Lexicon
from assistant.polishing.tokens import Token

OTHER = "?"
"""Somebody else, nobody knows who."""
ME = Channel.ME.value
THEM = Channel.THEM.value
THING = "it"
"""No person at all."""
NOBODY_OF_US = "-"
"""What a sentence may not say: "we" in the mouth of a third."""

_SHORTEST_PART = 3


class Stance(Enum):
    """Whose words a sentence is in."""

    SUMMARY = "summary"
    """Told to the user: they are "you", the other side is named."""
    LETTER = "letter"
    """Written by the user to the other side: they are "I", the other side is "you"."""


class Mention(msgspec.Struct, frozen=True):
    """A word for somebody."""

    at: int
    """Which token."""
    parties: frozenset[str]
    """Who it may be: `me`, `them`, a person's name in lower case, OTHER, or THING."""
    is_belonging: bool = False
    is_object: bool = False

    @property
    def is_subject(self) -> bool:
        """Tell whether it may be the one who does something."""
        return not (self.is_belonging or self.is_object)


class Cast(msgspec.Struct, frozen=True):
    """Everybody with a name."""

    them: frozenset[str]
    """The words of the other side's name."""
    people: Mapping[str, str]
    """A person's whole name and each telling part of it -> the whole name; lower case."""

    def named(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Write the words of one person's name as one token, the whole name."""
        found: list[Token] = []
        for token in tokens:
            whole = self.people.get(token.text)
            if whole is None:
                found.append(token)
            elif not (found and found[-1].text == whole and found[-1].clause == token.clause):
                forms = frozenset((whole,))
                name = msgspec.structs.replace(token, text=whole, forms=forms, is_past=False)
                found.append(name)
        return tuple(found)


def cast(plan: Plan, others: Iterable[str], with_other_meanings: Iterable[str]) -> Cast:
    """Tell everybody's names; `others` are people that came up beside those of the sheet."""
    ambiguous = frozenset(with_other_meanings)
    whole = plain_words(plan.person.split(",")[0].replace("-", " "))
    parts: dict[str, set[str]] = {}
    for name in (*(person.name for person in plan.people), *others):
        words = plain_words(name.replace("-", " "))
        if not words or set(words) <= set(whole):
            continue
        for word in words:
            if len(word) >= _SHORTEST_PART and word not in ambiguous and word not in whole:
                parts.setdefault(word, set()).add(" ".join(words))
    # A name that two people share tells nothing.
    wholes = {part: _longest(names) for part, names in parts.items()}
    people = {part: next(iter(names)) for part, names in wholes.items() if len(names) == 1}
    return Cast(frozenset(word for word in map(plain, whole) if word not in ambiguous), people)


def _longest(names: set[str]) -> set[str]:
    """Return the names without those that are only a part of another one: "laura"."""
    return {n for n in names if not any(set(n.split()) < set(o.split()) for o in names)}


def in_line(
    tokens: Sequence[Token], channel: Channel, who: Cast, lexicon: Lexicon, before: str
) -> tuple[Mention, ...]:
    """Return who is meant in a line; `before` is the person named last before it, or OTHER."""
    other = {Channel.ME: THEM, Channel.THEM: ME}.get(channel, OTHER)
    speaker = channel.value if channel != Channel.UNCLEAR else OTHER
    return _mentions(
        tokens,
        {"first": speaker, "second": other, "third": before},
        who,
        lexicon,
        is_plural_us=True,
    )


def in_sentence(
    tokens: Sequence[Token], stance: Stance, who: Cast, lexicon: Lexicon
) -> tuple[Mention, ...]:
    """Return who is meant in a sentence that was written about the call."""
    if stance == Stance.SUMMARY:
        meant = {"first": NOBODY_OF_US, "second": ME, "third": ""}
    else:
        meant = {"first": ME, "second": THEM, "third": ""}
    return _mentions(tokens, meant, who, lexicon, is_plural_us=False)


def last_named(tokens: Sequence[Token], who: Cast, before: str) -> str:
    """Return the person named last, `before` if none is."""
    names = frozenset(who.people.values())
    return next((token.text for token in reversed(tokens) if token.text in names), before)


def may_be_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two mentions may mean the same one."""
    if one & other:
        return True
    us = {ME, THEM, NOBODY_OF_US, THING}
    # Somebody unknown may be any person, but none of the two who talk, and no thing.
    return (OTHER in one and not other <= us) or (OTHER in other and not one <= us)


def _mentions(
    tokens: Sequence[Token],
    meant: Mapping[str, str],
    who: Cast,
    lexicon: Lexicon,
    *,
    is_plural_us: bool,
) -> tuple[Mention, ...]:
    voices = lexicon.voices
    names = frozenset(who.people.values())
    last: frozenset[str] = frozenset((meant["third"] or OTHER,))
    found: list[Mention] = []
    if not meant["third"]:
        # "She" in a sentence that has named nobody yet.
        last = frozenset((THEM, OTHER)) if meant["second"] == ME else frozenset((OTHER,))
    for at, token in enumerate(tokens):
        text = token.text
        owns = at + 1 < len(tokens) and tokens[at + 1].text == "'s"
        if text in names or text in who.them:
            parties = frozenset((text if text in names else THEM,))
            last = parties
            found.append(Mention(at, parties, is_belonging=owns))
            continue
        if text in voices.plural and not is_plural_us:
            parties = frozenset((NOBODY_OF_US,))
        elif text in voices.first:
            parties = frozenset((meant["first"],))
        elif text in voices.second:
            parties = frozenset((meant["second"],))
        elif text in voices.third:
            parties = last
        elif text in voices.things:
            parties = frozenset((THING,))
        else:
            continue
        follows = tokens[at + 1].text if at + 1 < len(tokens) else ""
        # "Her list", but "showed her the list".
        is_object = text in voices.objects and (
            text not in voices.belonging or not follows or follows in lexicon.free
        )
        is_belonging = text in voices.belonging and not is_object
        found.append(Mention(at, parties, is_belonging, is_object))
    return tuple(found)
