"""People as vCards, for any address book (RFC 2426, vCard 3.0, which all of them read).

The only door to vobject. Law: the same people give the same bytes, and a card keeps its UID, so
that a second import makes no double; an address is a card's own only where it is surely theirs.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Protocol, cast

import vobject  # pyright: ignore[reportMissingTypeStubs]

from assistant.across.acquaintances import Person, key_of
from assistant.textfile import clean

_KINDS = {"email": "email", "phone": "tel", "link": "url"}


class _Property(Protocol):
    """What of vobject we use to fill in; it has no types of its own."""

    value: object
    type_param: str


class _Card(Protocol):
    def add(self, name: str) -> _Property: ...
    def serialize(self) -> str: ...


def cards_of(everybody: Iterable[Person], note: Callable[[Person], str]) -> str:
    """Write a card for each; `note` says in words what is known of somebody."""
    return "".join(_card(person, clean(note(person))) for person in everybody)


def _card(person: Person, note: str) -> str:
    card = cast("_Card", vobject.vCard())
    name = clean(person.name)
    first, _, last = name.rpartition(" ")
    card.add("n").value = vobject.vcard.Name(family=last if first else "", given=first or last)
    card.add("fn").value = name
    digest = hashlib.sha256(key_of(person.name).encode()).hexdigest()[:32]
    card.add("uid").value = f"{digest}@sottovoce"
    if person.about:
        card.add("title").value = clean(person.about)
    for reach in person.reach:
        if reach.kind in _KINDS and reach.is_theirs and reach.is_sure:
            address = card.add(_KINDS[reach.kind])
            address.value = clean(reach.text)
            if reach.kind == "email":
                address.type_param = "INTERNET"
    if note:
        card.add("note").value = note
    return card.serialize()
