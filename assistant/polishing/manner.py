"""How something is told: denied, doubted, promised, only heard of, under a condition, or past.

Law: pure. What is so in the clause that was used is so in the sentence, and the other way round.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from assistant.polishing.lexicon import Lexicon
from assistant.polishing.statement import Fault, Part, Statement, phrases
from assistant.polishing.tokens import Token


def fault(statement: Statement, part: Part, lexicon: Lexicon) -> Fault | None:
    """Return what is told otherwise than it was said."""
    for places, clauses in part.clause_groups(statement):
        heard = [token for token in part.line.tokens if token.clause in clauses]
        written = [statement.tokens[at] for at in places]
        found = _in_clauses(written, heard, lexicon) or _wrong_time(
            statement, written, heard, lexicon
        )
        if found:
            return found
    return "left out" if _leaves_out(part, lexicon) else None


def _in_clauses(written: Sequence[Token], heard: Sequence[Token], lexicon: Lexicon) -> Fault | None:
    told = Counter(kind for kind, _ in phrases(written, lexicon.written))
    meant = Counter(kind for kind, _ in phrases(heard, lexicon.heard))
    if told["denial"] != meant["denial"]:
        return "denial"
    if bool(told["doubt"]) != bool(meant["doubt"]):
        return "doubt"
    if any(bool(told[mode]) != bool(meant[mode]) for mode in lexicon.modes):
        return "promise"
    return "hearsay" if meant["hearsay"] and not told["hearsay"] else None


def _leaves_out(part: Part, lexicon: Lexicon) -> bool:
    """Tell whether an "if", a "most", a number is gone from what was used."""
    line, clauses = part.line.tokens, part.clauses
    sentences = {line[at].sentence for at in part.heard}
    unused = [token for at, token in enumerate(line) if at not in part.heard]
    is_bound = any(
        (token.text in lexicon.conditions and token.sentence in sentences)
        or (token.text in lexicon.kept and token.clause in clauses)
        for token in unused
    )
    return is_bound or any(
        line[one].number is not None and one not in part.heard and other in part.heard
        for one, other in pairwise(part.line.content)
        if line[one].clause == line[other].clause
    )


def _wrong_time(
    statement: Statement, written: Sequence[Token], heard: Sequence[Token], lexicon: Lexicon
) -> Fault | None:
    bygone = frozenset(lexicon.bygone)
    told, meant = ({t.text for t in tokens} & bygone for tokens in (written, heard))
    if meant and not told and not any(token.is_past for token in written):
        return "past"
    # "She said it was trust" is how "it is trust" is told again.
    retold = any(statement.tokens[at].is_past for at in statement.frames)
    was = meant or any(token.is_past for token in heard)
    return "past" if told and not was and not retold else None
