"""What belongs together in a line, and stays together in a sentence.

Law: pure. A number stays with what it counts, "is" and "has" with what they say, a way with where
it leads; little is skipped, and no two clauses become one.
"""

from collections.abc import Sequence
from itertools import pairwise

from assistant.polishing.lexicon import Lexicon
from assistant.polishing.statement import Fault, Part, Statement
from assistant.polishing.tokens import Token

MOST_SKIPPED = 1
"""Words of a clause left out between two that are used: "seven very good people". More could be
another deed: "Acme knows Beta bought Gamma"."""
_NEAR = 2
"""So many words before another one may say which way it goes."""


def fault(statement: Statement, part: Part, lexicon: Lexicon) -> Fault | None:
    """Return what was put together otherwise than it was said."""
    return (
        _wrong_joint(statement, part)
        or _wrong_number(part)
        or _wrong_direction(statement, part, lexicon)
        or _wrong_auxiliary(statement, part, lexicon)
    )


def joins_badly(statement: Statement, part: Part, begin: int, lexicon: Lexicon) -> bool:
    """Tell whether a part hangs on the one before it, though it comes from another line.

    It must be a clause of its own: with somebody in it, or a verb of its own.
    """
    tokens = statement.tokens
    joint = tokens[begin : part.written[0]]
    if any(token.text in lexicon.links for token in joint):
        return False
    is_parted = tokens[begin - 1].clause != tokens[part.written[0]].clause
    helpers = {word for words in lexicon.auxiliaries.values() for word in words}
    stands_alone = any(m.at in part.region and m.is_subject for m in statement.mentions) or any(
        tokens[at].text in helpers for at in part.region
    )
    return not (is_parted and stands_alone)


def _wrong_joint(statement: Statement, part: Part) -> Fault | None:
    """Look for what was skipped, and for two clauses of a line that were made into one."""
    line = part.line.tokens
    for (one, other), (left, right) in zip(
        pairwise(part.written), pairwise(part.heard), strict=True
    ):
        skipped = sum(left < at < right for at in part.line.content)
        is_parted = statement.tokens[one].clause != statement.tokens[other].clause
        is_same_clause = line[left].clause == line[right].clause
        if skipped > (MOST_SKIPPED if is_same_clause else 0) and not is_parted:
            return "order"
    return None


def _wrong_number(part: Part) -> Fault | None:
    """Look for a number that counts something else than in the line."""
    line, places = part.line.tokens, part.heard
    for n, place in enumerate(places):
        if line[place].number is None:
            continue
        same = [at for at in part.line.content if line[at].clause == line[place].clause]
        after = [at for at in same if at > place]
        before = [at for at in same if at < place]
        if n + 1 < len(places) and after[:1] == [places[n + 1]]:
            continue
        if not after and (not before or (n and before[-1] == places[n - 1])):
            continue
        return "number"
    return None


def _wrong_direction(statement: Statement, part: Part, lexicon: Lexicon) -> Fault | None:
    """Look for "from" in place of "to", and for what was only wished to be done."""
    line = part.line.tokens
    for written, heard in zip(part.written, part.heard, strict=True):
        one = _direction(statement.tokens, written, lexicon)
        other = _direction(line, heard, lexicon)
        if one and other and one != other:
            return "order"
        is_wish = heard > 0 and line[heard - 1].text == lexicon.infinitive
        if is_wish and one != lexicon.infinitive and not statement.tokens[written].is_ing:
            # "Refused to join" is not "joins".
            return "order"
    return None


def _direction(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> str:
    near = reversed(range(max(0, at - _NEAR), at))
    return next((tokens[n].text for n in near if tokens[n].text in lexicon.directions), "")


def _wrong_auxiliary(statement: Statement, part: Part, lexicon: Lexicon) -> Fault | None:
    """Look for an "is" or "has" that does not stand there, or before another word."""
    line, clauses = part.line.tokens, part.clauses
    for words in lexicon.auxiliaries.values():
        there = [at for at, t in enumerate(line) if t.text in words and t.clause in clauses]
        follows = {min((c for c in part.line.content if c > at), default=-1) for at in there}
        for at in part.region:
            if statement.tokens[at].text not in words:
                continue
            later = [n for n, place in enumerate(part.written) if place > at]
            if not there or (later and part.heard[later[0]] not in follows):
                return "word"
    return None
