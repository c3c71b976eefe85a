"""What earlier calls with a person taught: the names and terms that the user put right in them.

Reads the folders of the calls, those with that person alone. Law: kept nowhere else, so what is
undone or purged is forgotten; what can not be read teaches nothing, and nothing is said of it.
"""

import re
from collections.abc import Collection
from pathlib import Path

from assistant.errors import SottovoceError
from assistant.events import NameChange
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder, all_folders
from assistant.notes.revised import corrections
from assistant.notes.talk import clean, plain_words
from assistant.textfile import slug

MOST = 30
"""So many names at most, the newest: a sheet is read by people."""
_LONGEST = 60
"""Characters; what is longer was no name."""


def names_put_right(calls: Path, person: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return names as the user corrected them in calls with that person, the oldest first.

    Those that are `known` already are left out. A call with somebody else costs nothing, one with
    them some 20 ms.
    """
    name = slug(person)
    if not name:
        return ()
    named = re.compile(rf"(?:^|-){re.escape(name)}(?:-\d+)?$")
    spelled: dict[str, str] = {}
    for folder in all_folders(calls):
        if named.search(folder.name):
            for was, text in _changes(folder, name):
                spelled.pop(_key(was), None)
                spelled[_key(text)] = text
    for other in known:
        spelled.pop(_key(other), None)
    return tuple(spelled.values())[-MOST:]


def _changes(folder: CallFolder, name: str) -> list[tuple[str, str]]:
    """Return what was put right in one call, if it was with that person."""
    try:
        if slug(folder.read_plan().person) != name:
            return []
        made = corrections(journal.read(folder.journal).entries)
    except SottovoceError:
        return []
    return [
        (c.change.was, clean(c.change.text))
        for c in made
        if c.is_active and isinstance(c.change, NameChange) and len(c.change.text) <= _LONGEST
    ]


def _key(name: str) -> str:
    return " ".join(plain_words(name))
