"""Addresses, links, numbers and spelled names that were said, and when.

Reads the lines. Law: what was heard stands beside what it is written as; the same one said
again by the same voice is one, with the second of the first time.
"""

import unicodedata
from collections.abc import Sequence

import msgspec

from assistant.events import Channel
from assistant.notes.talk import Line, passages, plain_words, seqs_of
from assistant.understanding.contact_words import ContactWords
from assistant.understanding.contacts import Contacts, Kind

_SHORTEST_PART = 3
"""Letters of a name that may be found again in an address."""


class Contact(msgspec.Struct, frozen=True):
    """An address, a link, a number or a spelled name."""

    kind: Kind
    text: str
    """As it is written: "dana.ruiz@acme.com"."""
    channel: Channel
    start_s: float
    heard: str
    """The words, as they were spoken."""
    is_sure: bool
    seqs: tuple[int, ...]


def is_address_of(contact: Contact, name: str) -> bool:
    """Tell whether an e-mail has a part of somebody's name before its sign, accents aside."""
    box = _folded(contact.text.partition("@")[0])
    parts = [part for part in plain_words(_folded(name)) if len(part) >= _SHORTEST_PART]
    return contact.kind == "email" and any(part in box for part in parts)


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def contacts(said: Sequence[Line], words: ContactWords) -> tuple[Contact, ...]:
    """Return what was said of them, in the order it came up."""
    ready = Contacts(words)
    found: dict[tuple[str, str, Channel], Contact] = {}
    for passage in passages(said):
        for one in ready.find([word.text for word in passage.words]):
            spoken = passage.words[one.first : one.last]
            contact = Contact(
                one.kind,
                one.text,
                passage.channel,
                spoken[0].start_s,
                one.heard,
                one.is_sure,
                seqs_of(spoken),
            )
            found.setdefault((one.kind, one.text, passage.channel), contact)
    return tuple(sorted(found.values(), key=lambda contact: (contact.start_s, contact.text)))
