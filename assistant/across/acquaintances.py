"""Everybody who came up in the calls: whom one talked with, who was named, who referred whom.

Reads the archive. Law: two names are one person only when they are spelled alike, case and accents
aside; an address belongs to somebody only where it says so.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from assistant.keeping import filing
from assistant.keeping.archive import Archive
from assistant.keeping.digest import Acquaintance, Reach
from assistant.keeping.filing import EVERYTHING, CallRow, Filters
from assistant.keeping.query import fold

_MARKS = re.compile(r"[^\w]+")


class Mention(msgspec.Struct, frozen=True):
    """Once that somebody came up in a call with somebody else."""

    call: str
    by: str
    """With whom that call was."""
    start_s: float
    why: str
    """What was said of them."""
    is_referral: bool
    may_use_name: str


class Talk(msgspec.Struct, frozen=True):
    """A call with them."""

    call: str
    day: str
    """ISO 8601; empty where nothing says."""


class Person(msgspec.Struct, frozen=True):
    """Somebody, over all calls."""

    name: str
    about: str
    talks: tuple[Talk, ...]
    """Oldest first; none with those who were only named."""
    mentions: tuple[Mention, ...]
    """Oldest first, referrals before the rest."""
    reach: tuple[Reach, ...]
    to_do: tuple[str, ...]
    """What the user is to do for them, the nearest day first ..."""
    to_come: tuple[str, ...]
    """... what they are to do ..."""
    unclear: tuple[str, ...]
    """... and what one of both is to do, where one microphone heard both."""

    @property
    def is_to_be_called(self) -> bool:
        """They are whom to talk to next, and nobody did yet."""
        return not self.talks and any(mention.is_referral for mention in self.mentions)

    @property
    def referred_by(self) -> tuple[str, ...]:
        """Who said to talk to them, each once."""
        return tuple(dict.fromkeys(m.by for m in self.mentions if m.is_referral and m.by))


class Branch(msgspec.Struct, frozen=True):
    """Somebody, and whom they referred to."""

    person: Person
    branches: tuple["Branch", ...]


@dataclass(slots=True)
class _Known:
    name: str = ""
    about: str = ""
    talks: list[Talk] = field(default_factory=list[Talk])
    mentions: list[Mention] = field(default_factory=list[Mention])
    reach: list[Reach] = field(default_factory=list[Reach])
    to_do: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    to_come: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    unclear: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def people(archive: Archive, filters: Filters = EVERYTHING) -> tuple[Person, ...]:
    """Return everybody, those one talked with last first, then those to be called, then the rest.

    Raises ArchiveLost, DiskError.
    """
    known: dict[str, _Known] = {}
    for call, one in filing.people(archive, filters):
        if not (key := key_of(one.name)):
            continue
        entry = known.setdefault(key, _Known())
        _take(entry, call, one)
    for call, task in filing.tasks(archive, filters, ("open",)):
        entry = known.get(key_of(call.person))
        if entry is not None and task.kind != "thanks":
            owed = {"me": entry.to_do, "them": entry.to_come, "unclear": entry.unclear}
            owed[task.owner].append((task.due or "9999", task.what))
    return _in_rank(map(_person, known.values()))


def tree(everybody: Sequence[Person]) -> tuple[Branch, ...]:
    """Return who referred whom; everybody once, below the first who named them."""
    by_key = {key_of(person.name): person for person in everybody}
    children: dict[str, list[Person]] = {}
    for person in everybody:
        first = next((k for by in person.referred_by if (k := key_of(by)) in by_key), None)
        if first is not None and first != key_of(person.name):
            children.setdefault(first, []).append(person)
    below = {key_of(child.name) for several in children.values() for child in several}
    seen: set[str] = set()

    def grown(person: Person) -> Branch:
        seen.add(key_of(person.name))
        mine = [c for c in children.get(key_of(person.name), ()) if key_of(c.name) not in seen]
        return Branch(person, tuple(grown(child) for child in mine))

    roots = [grown(person) for person in everybody if key_of(person.name) not in below]
    # Two who referred to each other hang on nobody else.
    return (*roots, *(grown(p) for p in everybody if key_of(p.name) not in seen))


def key_of(name: str) -> str:
    """Return a name as it is compared: its words in small letters, no marks and no accents."""
    return " ".join(_MARKS.sub(" ", fold(name.partition(",")[0])).split())


def _take(entry: _Known, call: CallRow, one: Acquaintance) -> None:
    # The newest spelling counts: sheets get better with time.
    entry.name = one.name.partition(",")[0].strip() or entry.name
    entry.about = one.about or one.name.partition(",")[2].strip() or entry.about
    entry.reach += [reach for reach in one.reach if reach not in entry.reach]
    if one.relation == "called":
        entry.talks.append(Talk(call.name, call.day))
        return
    entry.mentions.append(
        Mention(
            call.name,
            call.person.partition(",")[0].strip(),
            one.start_s,
            one.why,
            one.relation == "referred",
            one.may_use_name,
        )
    )


def _person(entry: _Known) -> Person:
    return Person(
        entry.name,
        entry.about,
        tuple(entry.talks),
        tuple(sorted(entry.mentions, key=lambda mention: not mention.is_referral)),
        tuple(entry.reach),
        _in_order(entry.to_do),
        _in_order(entry.to_come),
        _in_order(entry.unclear),
    )


def _in_order(owed: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(what for _, what in sorted(owed, key=lambda pair: pair[0]))


def _in_rank(everybody: Iterable[Person]) -> tuple[Person, ...]:
    ranked = sorted(everybody, key=lambda person: person.name)
    ranked.sort(key=lambda person: person.talks[-1].day if person.talks else "", reverse=True)
    ranked.sort(key=lambda person: 0 if person.talks else 1 if person.is_to_be_called else 2)
    return tuple(ranked)
