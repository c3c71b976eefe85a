"""Where the words of a sentence stand in the lines it cites.

Reads tokens. Law: pure. Words that come from one line come in the order of that line, and each
line is used once: so what belongs together there stays together.
"""

from collections.abc import Callable, Sequence

import msgspec

from assistant.polishing.tokens import Token

MOST_STARTS = 8
"""So many places of a word in a line are tried as the begin of what comes from it."""


class Run(msgspec.Struct, frozen=True):
    """Words of the sentence, one after the other, that stand in one line in the same order."""

    line: int
    """Which of the lines."""
    written: tuple[int, ...]
    """Their places in the sentence ..."""
    heard: tuple[int, ...]
    """... and in the line."""


def runs(
    sentence: Sequence[Token],
    content: Sequence[int],
    lines: Sequence[Sequence[Token]],
    holds: Callable[[Run], bool],
) -> tuple[Run, ...] | None:
    """Find lines in which the content of a sentence stands; None where there are none.

    `content` are the places of its words that must stand somewhere; `holds` tells whether a run
    says there what the sentence says.
    """

    def search(at: int, used: frozenset[int]) -> tuple[Run, ...] | None:
        if at == len(content):
            return ()
        for run in _from(sentence, content[at:], lines, used):
            end = at + len(run.written)
            if holds(run):
                rest = search(end, used | {run.line})
                if rest is not None:
                    return (run, *rest)
        return None

    return search(0, frozenset())


def in_no_line(
    sentence: Sequence[Token], content: Sequence[int], lines: Sequence[Sequence[Token]]
) -> list[int]:
    """Return the places of the words that stand in none of the lines."""
    heard = [token for line in lines for token in line]
    return [at for at in content if not any(sentence[at].tells(token) for token in heard)]


def _from(
    sentence: Sequence[Token],
    content: Sequence[int],
    lines: Sequence[Sequence[Token]],
    used: frozenset[int],
) -> list[Run]:
    """Return the longest runs of the next words, the longest first."""
    found: list[Run] = []
    for number, line in enumerate(lines):
        if number in used:
            continue
        first = sentence[content[0]]
        starts = [place for place, token in enumerate(line) if first.tells(token)]
        for start in starts[:MOST_STARTS]:
            heard = [start]
            for at in content[1:]:
                place = _next(sentence[at], line, heard[-1] + 1)
                if place is None:
                    break
                heard.append(place)
            found.append(Run(number, tuple(content[: len(heard)]), tuple(heard)))
    # Close together is more probably meant than far apart.
    return sorted(found, key=lambda run: (-len(run.written), run.heard[-1] - run.heard[0]))


def _next(word: Token, line: Sequence[Token], start: int) -> int | None:
    return next((at for at in range(start, len(line)) if word.tells(line[at])), None)
