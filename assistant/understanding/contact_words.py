"""The words a language has for addresses and numbers: what `[contacts]` of its `notes.toml` holds.

Law: values only; lower case.
"""

import msgspec


class ContactWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How e-mail addresses, links, phone numbers and spelled names are spoken."""

    at: tuple[str, ...] = ()
    dot: tuple[str, ...] = ()
    dash: tuple[str, ...] = ()
    underscore: tuple[str, ...] = ()
    plus: tuple[str, ...] = ()
    slash: tuple[str, ...] = ()
    one_word: tuple[str, ...] = ()
    """"all one word": the two words before are written together."""
    endings: tuple[str, ...] = ()
    """What domains end with: "com", "org"."""
    endings_with_other_meanings: tuple[str, ...] = ()
    """Those that count only in an e-mail address, before a slash or after "www": "me", "to"."""
    boxes: tuple[str, ...] = ()
    """What stands before the "at" of many addresses: "info", "careers"."""
    mail: tuple[str, ...] = ()
    """Who gives people their boxes: what stands before "at gmail dot com" is always one."""
    read_back: tuple[str, ...] = ()
    """What may follow an address that is read back: "got it"."""
    address_cues: tuple[str, ...] = ()
    """In the words before an address: "email", "write"."""
    no_box: tuple[str, ...] = ()
    """Never what stands before the "at": "look at acme dot com" is a link."""
    articles: tuple[str, ...] = ()
    """What follows is a thing, not a person: "the docs at acme dot com"."""
    no_label: tuple[str, ...] = ()
    """Never the name of a domain: "the dot com boom"."""
    label_after: tuple[str, ...] = ()
    """After these a domain may have two words: "his blog is mark writes dot net"."""
    digits: dict[str, int] = {}
    """"oh" = 0, "one" = 1."""
    teens: dict[str, int] = {}
    tens: dict[str, int] = {}
    repeats: dict[str, int] = {}
    """"double" = 2."""
    hundred: tuple[str, ...] = ()
    thousand: tuple[str, ...] = ()
    """After these a run of digits is a quantity: "five hundred thousand"."""
    phone_cues: tuple[str, ...] = ()
    spelled: tuple[str, ...] = ()
    """Before letters: "spelled", "spell it"."""
    spelled_after: tuple[str, ...] = ()
    """After letters: "is how you spell it"."""
    capital: tuple[str, ...] = ()
    letter_as: tuple[str, ...] = ()
    """Between a letter and its word: "d for delta"."""
    double_u: tuple[str, ...] = ()
    after_i: tuple[str, ...] = ()
    """After these an "i" that ends the letters is no letter: "r u i z i think"."""
