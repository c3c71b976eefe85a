"""The people who came up, those of the sheet and others, and the sheet's terms; and when.

Reads the lines and the names that were heard. Law: what the sheet names is known when it is spelled
nearly alike, a first name that is also a word only with the rest of the name; who is not on the
sheet is written as they were heard, or as they were spelled out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

import msgspec

from assistant.events import Channel
from assistant.notes.contacts import Contact
from assistant.notes.names import Named
from assistant.notes.referrals import is_same_name
from assistant.notes.talk import MARKS, Line, Spoken, joined, plain, plain_words
from assistant.notes.words import Words
from assistant.plan import Plan

LIKE = 0.86
"""Likeness of letters, 0 to 1, from which a name was meant."""
SHORTEST_FUZZY = 5
"""Letters; a shorter name must be spelled alike."""
SPELLED_S = 30.0
"""A name is spelled out so near to where it first came up."""
_SHORTEST_PART = 3


class Mention(msgspec.Struct, frozen=True):
    """Once that it came up."""

    channel: Channel
    start_s: float
    heard: str
    """The words as they stand in the line."""
    seq: int
    as_heard: str = ""
    """The whole line as the recogniser wrote it, where a name was put right in it."""


class CameUp(msgspec.Struct, frozen=True):
    """A person or a term of the sheet, and every time it came up."""

    name: str
    about: str
    mentions: tuple[Mention, ...]
    seqs: tuple[int, ...]
    role: str = ""
    """Who they are, in the words of the call."""
    spelled: str = ""
    """The name as it was spelled out, letter by letter."""
    is_prepared: bool = True
    """The sheet names them."""


class _Known(msgspec.Struct, frozen=True):
    """A spelling that is looked for."""

    spelled: str
    """Its letters in lower case, without spaces."""
    words: int
    has_capital: bool
    """Must be written with a capital in a line that has capitals: part of a name."""


def people(
    plan: Plan,
    said: Sequence[Line],
    words: Words,
    named: Sequence[Named],
    contacts: Sequence[Contact],
    bodies: Sequence[CameUp],
) -> tuple[CameUp, ...]:
    """Return the people that came up, in the order they did.

    `named` are the names that were heard, `contacts` hold the names that were spelled out. Who is
    one of the `bodies` is nobody: "at Strathmore Baird".
    """
    known = {
        (person.name, person.about): _names(person.name, words.names_with_other_meanings)
        for person in plan.people
        # Whom one talks with comes up all the time.
        if plain_words(person.name) != plain_words(plan.person.split(",")[0])
    }
    prepared = _came_up(known, said)
    others = _others(named, [*prepared, CameUp(plan.person.split(",")[0], "", (), ())], contacts)
    firms = {body.name for body in bodies}
    both = (*prepared, *(other for other in others if other.name not in firms))
    return tuple(sorted(both, key=lambda up: (up.mentions[0].start_s, up.name)))


def _others(
    named: Sequence[Named], known: Sequence[CameUp], contacts: Sequence[Contact]
) -> list[CameUp]:
    """Join the mentions of everybody who is not on the sheet."""
    groups: list[list[Named]] = []
    for one in named:
        if any(is_same_name(one.name, other.name) for other in known):
            continue
        same = next((g for g in groups if is_same_name(_longest(g).name, one.name)), None)
        if same is None:
            groups.append([one])
        else:
            same.append(one)
    # What is named once, with nothing beside it that says so, may be a place or a thing.
    return [_other(group, contacts) for group in groups if any(one.is_person for one in group)]


def _as_heard(line: Line, words: Sequence[Spoken]) -> str:
    """Return the words of a name, without a mark that was set here and not heard."""
    return joined(words).rstrip(MARKS) if line.is_bare else joined(words)


def _longest(group: Sequence[Named]) -> Named:
    """Return the mention with the whole name."""
    return max(group, key=lambda one: len(one.name.split()))


def _other(group: Sequence[Named], contacts: Sequence[Contact]) -> CameUp:
    title = next((one.title for one in group if one.title), "")
    name = " ".join(filter(None, (title, _longest(group).name)))
    mentions = tuple(
        Mention(
            one.line.channel,
            one.line.words[one.first].start_s,
            _as_heard(one.line, one.line.words[one.first : one.last + 1]),
            one.line.seq,
            one.line.as_heard,
        )
        for one in group
    )
    spelled = next(
        (
            contact.text
            for contact in contacts
            if contact.kind == "name" and abs(contact.start_s - mentions[0].start_s) <= SPELLED_S
        ),
        "",
    )
    role = next((one.role for one in group if one.role), "")
    seqs = tuple(dict.fromkeys(mention.seq for mention in mentions))
    return CameUp(name, "", mentions, seqs, role, spelled, is_prepared=False)


def terms(plan: Plan, said: Sequence[Line]) -> tuple[CameUp, ...]:
    """Return the terms that came up, in the order they did."""
    return _came_up({(term, ""): (_known(term),) for term in plan.terms}, said)


def _known(text: str, *, has_capital: bool = False) -> _Known:
    parts = plain_words(text)
    return _Known("".join(parts), len(parts), has_capital)


def _names(name: str, other_meanings: Iterable[str]) -> tuple[_Known, ...]:
    """Return what a person may be called: the whole name, the first, the last."""
    parts = [part for part in name.split() if not part.endswith(".")]
    alone = [parts[0], parts[-1]] if len(parts) > 1 else []
    single = [
        part
        for part in dict.fromkeys(alone)
        if len(plain(part)) >= _SHORTEST_PART and plain(part) not in other_meanings
    ]
    return (_known(name), *(_known(part, has_capital=True) for part in single))


def _came_up(
    known: Mapping[tuple[str, str], tuple[_Known, ...]], said: Sequence[Line]
) -> tuple[CameUp, ...]:
    found: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    likeness: dict[tuple[str, str], bool] = {}
    for line in said:
        # Compared without case and marks; written once for all that is looked for.
        letters = [plain(word.text).removesuffix("'s") for word in line.words]
        has_capitals = not line.is_bare and any(letter.isupper() for letter in line.text)
        for key, spellings in known.items():
            runs = (_run(line, letters, s, likeness, has_capitals) for s in spellings)
            if run := next(filter(None, runs), None):
                heard = _as_heard(line, run)
                mention = Mention(line.channel, run[0].start_s, heard, line.seq, line.as_heard)
                found[key].append(mention)
    came = [
        CameUp(name, about, tuple(mentions), tuple(mention.seq for mention in mentions))
        for (name, about), mentions in found.items()
    ]
    return tuple(sorted(came, key=lambda up: (up.mentions[0].start_s, up.name)))


def _run(
    line: Line,
    letters: Sequence[str],
    known: _Known,
    likeness: dict[tuple[str, str], bool],
    has_capitals: bool,
) -> tuple[Spoken, ...] | None:
    """Find the words that spell a name; recognisers split words: "big query"."""
    for size in (known.words, known.words + 1):
        for at in range(len(letters) - size + 1):
            pair = ("".join(letters[at : at + size]), known.spelled)
            if pair not in likeness:
                likeness[pair] = _is_like(*pair)
            run = line.words[at : at + size]
            must_have = known.has_capital and has_capitals
            if likeness[pair] and (run[0].text[:1].isupper() or not must_have):
                return run
    return None


def _is_like(letters: str, known: str) -> bool:
    if letters == known:
        return bool(letters)
    if len(known) < SHORTEST_FUZZY or letters[:1] != known[:1]:
        return False
    matcher = SequenceMatcher(None, letters, known, autojunk=False)
    return (
        matcher.real_quick_ratio() >= LIKE
        and matcher.quick_ratio() >= LIKE
        and matcher.ratio() >= LIKE
    )
