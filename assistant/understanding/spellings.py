"""What of a sheet is looked for in a line, and the words of a line as they are written.

Reads the plan: its people, what they belong to, its terms. Law: pure; each spelling once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.plan import Plan
from assistant.understanding.commonness import ODD, rank

SHORTEST_NAME = 4
"""In letters: a shorter part of a name, or of an organisation's, is not looked for alone."""

_TOKEN = re.compile(r"^(?P<before>\W*)(?P<word>.*?)(?P<after>(?:['\u2019]s)?\W*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Known:
    """A spelling of the sheet."""

    spelled: str
    parts: tuple[str, ...]
    """Its words, in lower case."""
    letters: str
    """Its letters and figures, in lower case."""
    is_person: bool
    is_part: bool
    """One word of a longer name."""


@dataclass(frozen=True, slots=True)
class Token:
    """A written word: its marks, and the word itself in lower case."""

    before: str
    plain: str
    after: str
    is_title: bool


def spellings_of(plan: Plan) -> Iterable[Known]:
    """Yield what is looked for: the people with their names, what they belong to, the terms."""
    seen: set[str] = set()
    names = [plan.person.split(",")[0], *(person.name for person in plan.people)]
    abouts = [*plan.person.split(",")[1:], plan.about, *(person.about for person in plan.people)]
    organisations = [name for about in abouts for name in _capitals(about)]
    for spelled, is_person in (
        *((name, True) for name in names),
        *((term, False) for term in (*plan.terms, *organisations)),
    ):
        parts = tuple(token_of(part).plain for part in spelled.split())
        known = Known(
            " ".join(spelled.split()), parts, letters_of(spelled), is_person, is_part=False
        )
        if not known.letters or known.spelled.casefold() in seen:
            continue
        seen.add(known.spelled.casefold())
        yield known
        if is_person and len(parts) > 1:
            for part in (spelled.split()[0], spelled.split()[-1]):
                letters = letters_of(part)
                if len(letters) >= SHORTEST_NAME and letters not in seen:
                    seen.add(letters)
                    yield Known(part, (letters,), letters, is_person=True, is_part=True)


def _capitals(about: str) -> Iterable[str]:
    """Yield the names in "lead at Brightwell Labs": runs of words with a capital."""
    run: list[str] = []
    for at, word in enumerate((*about.split(), "")):
        bare = word.strip(".,;:()")
        if bare[:1].isupper() and not (at == 0 and rank(bare.lower()) < ODD):
            run.append(bare)
            continue
        if run and len(letters_of(" ".join(run))) >= SHORTEST_NAME:
            yield " ".join(run)
        run = []


def token_of(written: str) -> Token:
    """Return a written word without the marks around it, and those."""
    match = _TOKEN.match(written)
    if match is None:
        return Token("", written.casefold(), "", is_title=False)
    word = match["word"]
    return Token(match["before"], word.casefold(), match["after"], word[:1].isupper())


def letters_of(text: str) -> str:
    """Return the letters and figures of a text in lower case, without spaces."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())
