"""What was found in a line, and whether it stands when that line is read otherwise.

Reads findings and the line they stand on. Law: what was found because of who said it falls when
somebody else did; a spoken note follows its line, and keeps the words that no line bears out.
"""

from difflib import SequenceMatcher

from assistant.events import (
    Answered,
    Asked,
    Channel,
    Consent,
    Farewell,
    JobAsked,
    MarkHeard,
    MaybeAsked,
    Promised,
    Touched,
    Understood,
)
from assistant.notes.talk import plain_words

OF_A_LINE = (
    Understood,
    Asked,
    Touched,
    Answered,
    MaybeAsked,
    Farewell,
    JobAsked,
    Promised,
    Consent,
    MarkHeard,
)
"""What names the line it stands on in `heard_seq`."""
_OF_ME = Asked, MaybeAsked, JobAsked, MarkHeard
"""What was found because the user said it."""
_OF_THEM = Touched, Answered, Farewell
_SAME_MARK = 0.6
"""Likeness of letters from which the words before a spoken note are the same, heard otherwise."""


def fits(event: object, channel: Channel) -> bool:
    """Tell whether a finding can stand on a line of that voice."""
    is_of_me = isinstance(event, _OF_ME) or (isinstance(event, Consent) and event.state == "asked")
    is_of_them = isinstance(event, _OF_THEM) or (isinstance(event, Consent) and not is_of_me)
    return not ((is_of_me and channel == Channel.THEM) or (is_of_them and channel == Channel.ME))


def note_in(line: str, before: str, note: str) -> str:
    """Return the words of a spoken note in a line that is read otherwise now.

    They begin behind as many words as before, where those are still the same or nearly.
    """
    old, said = plain_words(before), plain_words(note)
    starts = (n for n in range(len(old)) if old[n : n + len(said)] == said)
    start = next(starts, None)
    if start is None:
        return note
    written = line.split()
    likeness = SequenceMatcher(
        None, "".join(old[:start]), "".join(plain_words(" ".join(written[:start])))
    ).ratio()
    if start and likeness < _SAME_MARK:
        return note
    return " ".join(written[start:]) or note
