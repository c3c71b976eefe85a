"""Capitals for engines that write none: "i", days, the names of the sheet.

Law: only the case of letters changes, and only in a line that has no capital of its own.
"""

from collections.abc import Mapping

from assistant.notes.words import Words
from assistant.plan import Plan

_SHORTEST_NAME = 3


def capitals(plan: Plan, words: Words) -> dict[str, str]:
    """Return how words are written that have a capital, by their lower-case spelling."""
    always = {word: word[:1].upper() + word[1:] for word in words.spelling.capital}
    whole_names = [plan.person.split(",")[0], *(person.name for person in plan.people)]
    parts = [part.strip(".,;:()") for name in whole_names for part in name.split()]
    terms = [term for term in plan.terms if " " not in term]
    names = {
        name.lower(): name
        for name in (*parts, *terms)
        if len(name) >= _SHORTEST_NAME and name.lower() not in words.names_with_other_meanings
    }
    return always | names


def with_capitals(written: list[str], capitals: Mapping[str, str]) -> list[str]:
    """Write the words of one line with their capitals."""
    if any(letter.isupper() for word in written for letter in word):
        return written
    return [_capital(word, capitals) for word in written]


def _capital(word: str, capitals: Mapping[str, str]) -> str:
    # "dana's" and "dana," are Dana too.
    stem = word.rstrip(".,;:!?")
    owner = stem.removesuffix("'s")
    for known in (stem, owner):
        if known in capitals:
            return capitals[known] + word[len(known) :]
    return word
