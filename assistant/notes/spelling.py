"""Capitals for engines that write none: "i", days, the names of the sheet.

Law: only the case of letters changes, and only in a line that the engine wrote without any.
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
    # "lead at Beta": a word inside that is written with a capital is a name too.
    abouts = [plan.about, *(person.about for person in plan.people)]
    parts += [word.strip(".,;:()") for about in abouts for word in about.split()[1:]]
    terms = [term for term in plan.terms if " " not in term]
    names = {
        name.lower(): name
        for name in (*parts, *terms)
        if len(name) >= _SHORTEST_NAME
        and name != name.lower()
        and name.lower() not in words.names_with_other_meanings
    }
    # A first name that is also a word has its capital only before the rest of the name.
    whole = {name.lower(): name for name in whole_names if " " in name and name != name.lower()}
    return always | names | whole


def with_capitals(written: list[str], capitals: Mapping[str, str]) -> list[str]:
    """Write the words of one line of such an engine with their capitals."""
    spelled = [_capital(word, capitals) for word in written]
    for at in range(len(written) - 1):
        first, last = written[at], _stem(written[at + 1])
        if known := capitals.get(f"{first} {last}"):
            spelled[at] = known.split(" ")[0]
    return spelled


def _capital(word: str, capitals: Mapping[str, str]) -> str:
    for known in (_bare(word), _stem(word)):
        if known in capitals:
            return capitals[known] + word[len(known) :]
    return word


def _bare(word: str) -> str:
    return word.rstrip(".,;:!?")


def _stem(word: str) -> str:
    """Return the name in "dana's" and "dana,"."""
    return _bare(word).removesuffix("'s")
