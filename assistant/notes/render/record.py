"""The notes as data: `notes.json`.

Law: the keys are the names of the fields of `Notes`, and stay; a new meaning is
a new key. `format` counts up when a key is taken away;
`docs/notes.schema.json` is what `schema` gives. Times end in `_s`:
seconds since the call began. `seqs` are lines of the journal.
"""

import msgspec

from assistant.notes.notes import Notes

FORMAT = 1
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ID = "urn:sottovoce:notes:1"


class Record(msgspec.Struct, frozen=True):
    """The whole file."""

    format: int
    notes: Notes


def to_json(notes: Notes) -> bytes:
    """Spell the notes."""
    return msgspec.json.format(msgspec.json.encode(Record(FORMAT, notes)), indent=1) + b"\n"


def from_json(text: bytes) -> Notes:
    """Read notes back. Raises ValueError."""
    return msgspec.json.decode(text, type=Record).notes


def schema() -> bytes:
    """Spell what the file looks like, as JSON Schema 2020-12, made from the types themselves.

    What each key means stands in docs/notes.md.
    """
    own = msgspec.json.schema(Record)
    for part in own["$defs"].values():
        part.pop("description", None)
    made = {"$schema": _DIALECT, "$id": _ID, **own}
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"
